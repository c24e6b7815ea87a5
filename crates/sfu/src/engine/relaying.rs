//! Rooms that span engines: what this one tells the others, and what it takes from them.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    limits,
    media::{SlotTrack, Source, WeakQuality},
};
use str0m::rtp::Ssrc;

use super::Engine;
use crate::{
    Dropped, EngineId, Output, RelayMessage, RoomKey,
    common_codecs::{CommonCodecs, Viewers},
    keyframe::Need,
    layer::Layer,
    loudness::Level,
    packet::MediaPacket,
    relay::{LayerSet, LayerState, Message, PublishedTrack, Ranking, Relay, TrackState},
    room::RoomLink,
    session::Session,
    track::{LAYERS, LayerKey, Publisher, Track, TrackKey},
};

/// How often the layers of a track are measured for linked engines.
const MEASURING: Duration = Duration::from_millis(500);

/// A linked engine.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Its tracks, by what it calls them.
    tracks: HashMap<TrackKey, TrackKey>,
}

impl Engine {
    /// This engine, called `own`, is linked to another from now on; everything is told anew.
    pub(super) fn link(&mut self, now: Instant, own: EngineId, peer: EngineId) {
        self.unlink(now, peer);
        self.own = own;
        self.peers.insert(peer, Peer::default());
        let rooms: Vec<RoomId> = self.room_keys.keys().cloned().collect();
        for room in rooms {
            self.relay(peer, Message::Present { room, answer: true });
        }
    }

    /// An engine is linked no longer: what its people publish is gone.
    pub(super) fn unlink(&mut self, now: Instant, peer: EngineId) {
        let rooms: Vec<RoomKey> = self.rooms.keys().collect();
        for room in rooms {
            self.part(now, room, peer);
        }
        self.peers.remove(&peer);
    }

    /// A linked engine says something.
    pub(super) fn relayed(&mut self, now: Instant, peer: EngineId, message: Message) {
        if !self.peers.contains_key(&peer) {
            return;
        }
        match message {
            Message::Present { room, answer } => self.present(now, peer, &room, answer),
            Message::Absent { room } => {
                if let Some(room) = self.room_keys.get(&room).copied() {
                    self.part(now, room, peer);
                }
            }
            Message::Published { room, participant, tracks, network } => {
                self.published_elsewhere(now, peer, &room, participant, &tracks);
                self.network_elsewhere(peer, &room, participant, network);
            }
            Message::Network { room, participant, quality } => {
                self.network_elsewhere(peer, &room, participant, quality);
            }
            Message::Measured { track, state } => self.measured_elsewhere(now, peer, track, &state),
            Message::Carry { track, layers, viewers, need } => {
                self.carry_over(now, track, Relay { peer, layers, viewers }, need);
            }
            Message::Keyframe { track, layer, need } => {
                if self.is_shared(peer, track) {
                    self.want_keyframe(now, LayerKey { track, layer }, need);
                }
            }
            Message::Levels { levels } => self.levels_elsewhere(now, peer, levels),
            Message::Ranking { room, ranking } => self.ranked_elsewhere(now, peer, &room, ranking),
            Message::Packet { track, layer, stream, packet } => {
                self.packet_from_elsewhere(now, peer, LayerKey { track, layer }, stream, &packet);
            }
        }
    }

    fn relay(&mut self, peer: EngineId, message: Message) {
        self.outputs.push_back(Output::Relay { peer, message: RelayMessage(message) });
    }

    /// Tells every engine that has people in a room.
    fn relay_to_room(&mut self, room: RoomKey, message: &Message) {
        let Some(links) = self.rooms.get(room).map(|room| &room.links) else { return };
        for peer in links.iter().map(|link| link.peer).collect::<Vec<_>>() {
            self.relay(peer, message.clone());
        }
    }

    /// The first of a room came here.
    pub(super) fn announce_room(&mut self, room: &RoomId) {
        for peer in self.peers.keys().copied().collect::<Vec<_>>() {
            self.relay(peer, Message::Present { room: room.clone(), answer: true });
        }
    }

    /// The last of a room left.
    pub(super) fn withdraw_room(&mut self, room: &RoomId, links: Vec<RoomLink>) {
        for link in links {
            self.remove_tracks(link.peer, &link.tracks);
        }
        for peer in self.peers.keys().copied().collect::<Vec<_>>() {
            self.relay(peer, Message::Absent { room: room.clone() });
        }
    }

    /// A linked engine has people in a room.
    fn present(&mut self, now: Instant, peer: EngineId, id: &RoomId, answer: bool) {
        let Some(key) = self.room_keys.get(id).copied() else { return };
        let was_linked = self.part(now, key, peer);
        let Some(room) = self.rooms.get_mut(key) else { return };
        room.links.push(RoomLink::new(peer));
        room.links.sort_by_key(|link| link.peer);
        if answer || !was_linked {
            self.tell_all(key, id, peer);
        }
        let tracks = self.rooms.get(key).map(|room| room.own_tracks(&self.sessions)).unwrap_or_default();
        self.measure_soon(now, &tracks);
    }

    /// All that is to be said of a room.
    fn tell_all(&mut self, key: RoomKey, id: &RoomId, peer: EngineId) {
        self.relay(peer, Message::Present { room: id.clone(), answer: false });
        let Some(room) = self.rooms.get(key) else { return };
        let ranking = room.ranking();
        let sessions: Vec<&Session> = room.members.iter().filter_map(|member| self.sessions.get(*member)).collect();
        let published: Vec<Message> = sessions.iter().map(|session| self.published_by(id, session)).collect();
        let sounds = sessions.iter().flat_map(|session| &session.tracks);
        let sounds = sounds.filter_map(|key| Some((*key, self.tracks.get(*key).filter(|track| track.is_heard())?)));
        let levels: Vec<(TrackKey, Level)> = sounds.map(|(key, track)| (key, track.loudness.tell())).collect();
        for (track, level) in &levels {
            if let Some(track) = self.tracks.get_mut(*track) {
                track.told_level = Some(*level);
            }
        }
        for message in published {
            self.relay(peer, message);
        }
        self.relay(peer, Message::Levels { levels });
        self.relay(peer, Message::Ranking { room: id.clone(), ranking });
    }

    /// A linked engine has nobody in a room any more, or begins anew; says whether it had.
    fn part(&mut self, now: Instant, key: RoomKey, peer: EngineId) -> bool {
        let Some(room) = self.rooms.get_mut(key) else { return false };
        let Some(place) = room.links.iter().position(|link| link.peer == peer) else { return false };
        let link = room.links.remove(place);
        self.remove_tracks(peer, &link.tracks);
        for key in self.rooms.get(key).map(|room| room.own_tracks(&self.sessions)).unwrap_or_default() {
            if let Some(track) = self.tracks.get_mut(key) {
                track.relays.retain(|relay| relay.peer != peer);
            }
            self.listeners_changed(now, key);
        }
        self.assign_room(now, key);
        self.rank_anew(now, key);
        true
    }

    fn remove_tracks(&mut self, peer: EngineId, removed: &[TrackKey]) {
        for track in removed {
            self.tracks.remove(*track);
        }
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.tracks.retain(|_, track| !removed.contains(track));
        }
    }

    /// Tells linked engines what somebody here publishes now.
    pub(super) fn publish(&mut self, now: Instant, key: RoomKey, participant: ParticipantId) {
        let Some(room) = self.rooms.get(key).filter(|room| !room.links.is_empty()) else { return };
        let mut members = room.members.iter().filter_map(|member| self.sessions.get(*member));
        let session = members.find(|session| session.participant == participant);
        let message = session.map_or_else(
            || Message::Published { room: room.id.clone(), participant, tracks: Vec::new(), network: None },
            |session| self.published_by(&room.id, session),
        );
        let tracks = session.map(|session| session.tracks.clone()).unwrap_or_default();
        self.relay_to_room(key, &message);
        self.measure_soon(now, &tracks);
    }

    fn published_by(&self, id: &RoomId, session: &Session) -> Message {
        let granted = session.tracks.iter().filter_map(|key| {
            let track = self.tracks.get(*key).filter(|track| track.granted)?;
            let (source, codecs, layers) = (track.source(), track.codecs.allowed(), track.layers.len());
            Some(PublishedTrack { key: *key, source, codecs, layers })
        });
        Message::Published {
            room: id.clone(),
            participant: session.participant,
            tracks: granted.collect(),
            network: session.quality.level(),
        }
    }

    fn published_elsewhere(
        &mut self,
        now: Instant,
        peer: EngineId,
        id: &RoomId,
        participant: ParticipantId,
        published: &[PublishedTrack],
    ) {
        let Some(key) = self.room_keys.get(id).copied() else { return };
        let Some(theirs) = self.peers.get(&peer).map(|peer| &peer.tracks) else { return };
        let Some(link) = self.rooms.get(key).and_then(|room| room.link(peer)) else { return };
        let stays = |ours: &TrackKey| published.iter().any(|track| theirs.get(&track.key) == Some(ours));
        let is_by = |ours: &&TrackKey| self.tracks.get(**ours).is_some_and(|it| it.name.participant == participant);
        let gone: Vec<TrackKey> = link.tracks.iter().filter(is_by).filter(|ours| !stays(ours)).copied().collect();
        let is_new = |track: &&PublishedTrack| !theirs.contains_key(&track.key);
        let new: Vec<PublishedTrack> = published.iter().take(limits::TRACKS).filter(is_new).cloned().collect();
        self.remove_tracks(peer, &gone);
        let added: Vec<TrackKey> = new.iter().map(|track| self.add_track(key, peer, participant, track)).collect();
        if let Some(link) = self.rooms.get_mut(key).and_then(|room| room.link_mut(peer)) {
            link.tracks.retain(|track| !gone.contains(track));
            link.tracks.extend(added);
        }
        self.update_speakers(key);
        self.update_loudest(key);
        self.assign_room(now, key);
    }

    /// Tells linked engines how weak the network of somebody here is now.
    pub(super) fn tell_network_elsewhere(
        &mut self,
        key: RoomKey,
        participant: ParticipantId,
        quality: Option<WeakQuality>,
    ) {
        let Some(room) = self.rooms.get(key) else { return };
        let message = Message::Network { room: room.id.clone(), participant, quality };
        self.relay_to_room(key, &message);
    }

    fn network_elsewhere(
        &mut self,
        peer: EngineId,
        id: &RoomId,
        participant: ParticipantId,
        quality: Option<WeakQuality>,
    ) {
        let Some(room) = self.room_keys.get(id).and_then(|key| self.rooms.get_mut(*key)) else { return };
        let Some(link) = room.link_mut(peer) else { return };
        let is_theirs = |key: &TrackKey| self.tracks.get(*key).is_some_and(|it| it.name.participant == participant);
        // Who publishes nothing is seen and heard by nobody.
        match quality.filter(|_| link.tracks.iter().any(is_theirs)) {
            Some(quality) => link.weak.insert(participant, quality),
            None => link.weak.remove(&participant),
        };
    }

    fn add_track(
        &mut self,
        room: RoomKey,
        peer: EngineId,
        participant: ParticipantId,
        published: &PublishedTrack,
    ) -> TrackKey {
        let name = SlotTrack { participant, source: published.source };
        let publisher = Publisher::Engine { peer, track: published.key };
        // A layer without an id is known only once something came of it.
        let layers = (0..published.layers.clamp(1, LAYERS)).map(|_| Layer::elsewhere()).collect();
        let codecs = CommonCodecs::elsewhere(published.codecs);
        let key = self.tracks.insert(Track::new(room, name, publisher, codecs, layers, true));
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.tracks.insert(published.key, key);
        }
        key
    }

    /// Asks the engine that has the publisher of a track for the layers that somebody here listens to.
    pub(super) fn ask_to_carry(&mut self, now: Instant, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key) else { return };
        let Publisher::Engine { peer, track: theirs } = track.publisher else { return };
        let slots = track.subscribers.iter();
        let slots = slots.filter_map(|slot| self.sessions.get(slot.session)?.slots.get(slot.index));
        let viewers: Viewers = slots.map(|slot| slot.codecs).collect();
        let mut changed = track.viewers_told != viewers;
        track.viewers_told = viewers;
        let (mut layers, mut need): (LayerSet, _) = ([false; LAYERS], None);
        for (wanted, layer) in layers.iter_mut().zip(&mut track.layers) {
            *wanted = !layer.listeners.is_empty();
            if layer.demand(now, *wanted) {
                changed = true;
                if !*wanted {
                    layer.forget();
                }
                need = need.max(layer.keyframes.need());
            }
        }
        if changed {
            self.relay(peer, Message::Carry { track: theirs, layers, viewers, need });
        }
    }

    /// Asks the engine that has the publisher of a layer for a keyframe of it.
    pub(super) fn ask_elsewhere(&mut self, peer: EngineId, wanted: LayerKey, need: Need) {
        let LayerKey { track, layer } = wanted;
        self.relay(peer, Message::Keyframe { track, layer, need });
    }

    /// Whether a track of this engine is published in a room that another has people in.
    fn is_shared(&self, peer: EngineId, key: TrackKey) -> bool {
        let track = self.tracks.get(key).filter(|track| track.granted && track.is_from_session());
        let room = track.and_then(|track| self.rooms.get(track.room));
        room.is_some_and(|room| room.link(peer).is_some())
    }

    /// A linked engine wants a track carried over.
    fn carry_over(&mut self, now: Instant, key: TrackKey, relay: Relay, need: Option<Need>) {
        let Relay { peer, layers, viewers } = relay;
        if !self.is_shared(peer, key) {
            return;
        }
        let Some(track) = self.tracks.get_mut(key) else { return };
        let before = track.relays.iter().find(|relay| relay.peer == peer).map_or([false; LAYERS], |relay| relay.layers);
        track.relays.retain(|relay| relay.peer != peer);
        if layers.contains(&true) || !viewers.is_empty() {
            track.relays.push(relay);
        }
        let is_audio = track.source().is_audio();
        self.listeners_changed(now, key);
        let begun = layers.iter().zip(before).enumerate().filter(|(_, (wanted, before))| **wanted && !before);
        for (layer, _) in begun.filter(|_| !is_audio) {
            let from = LayerKey { track: key, layer };
            let found = self.tracks.get(key).and_then(|track| track.layers.get(layer));
            let Some(found) = found else { continue };
            let (start, stream) = (found.since_keyframe(now), found.stream);
            if let Some(need) = need.filter(|_| start.is_empty()) {
                self.want_keyframe(now, from, need);
            }
            for packet in start {
                self.relay_packet(peer, from, stream, &packet);
            }
        }
    }

    /// Carries a packet over to each engine where somebody listens to its layer; says whether to any.
    pub(super) fn relay_to_listeners(&mut self, from: LayerKey, packet: &Arc<MediaPacket>) -> bool {
        let Some(track) = self.tracks.get(from.track).filter(|track| !track.relays.is_empty()) else { return false };
        let stream = track.layers.get(from.layer).and_then(|layer| layer.stream);
        let listens = |relay: &&Relay| relay.layers.get(from.layer).is_some_and(|wanted| *wanted);
        let peers: Vec<EngineId> = track.relays.iter().filter(listens).map(|relay| relay.peer).collect();
        for peer in &peers {
            self.relay_packet(*peer, from, stream, packet);
        }
        !peers.is_empty()
    }

    fn relay_packet(&mut self, peer: EngineId, from: LayerKey, stream: Option<Ssrc>, packet: &Arc<MediaPacket>) {
        let Some(stream) = stream else { return };
        self.counters.relay_packets_out += 1;
        let LayerKey { track, layer } = from;
        self.relay(peer, Message::Packet { track, layer, stream, packet: Arc::clone(packet) });
    }

    fn packet_from_elsewhere(
        &mut self,
        now: Instant,
        peer: EngineId,
        theirs: LayerKey,
        stream: Ssrc,
        packet: &Arc<MediaPacket>,
    ) {
        self.counters.relay_packets_in += 1;
        let ours = self.peers.get(&peer).and_then(|peer| peer.tracks.get(&theirs.track)).copied();
        let Some(key) = ours.filter(|_| theirs.layer < LAYERS) else {
            return self.counters.dropped(Dropped::Unwanted);
        };
        let Some(track) = self.tracks.get_mut(key) else { return };
        while track.layers.len() <= theirs.layer {
            track.layers.push(Layer::elsewhere());
            track.is_stale = true;
        }
        let Some(layer) = track.layers.get_mut(theirs.layer) else { return };
        let is_another_stream = layer.stream != Some(stream);
        if is_another_stream {
            layer.reset(stream);
        }
        self.take(now, LayerKey { track: key, layer: theirs.layer }, is_another_stream, packet);
    }

    /// How loud the tracks of this engine are is told, where that changed.
    pub(super) fn tell_levels(&mut self, room: RoomKey, levels: Vec<(TrackKey, Level)>) {
        if !levels.is_empty() {
            self.relay_to_room(room, &Message::Levels { levels });
        }
    }

    fn levels_elsewhere(&mut self, now: Instant, peer: EngineId, levels: Vec<(TrackKey, Level)>) {
        let mut room = None;
        for (theirs, level) in levels {
            let ours = self.peers.get(&peer).and_then(|peer| peer.tracks.get(&theirs)).copied();
            let Some(track) = ours.and_then(|key| self.tracks.get_mut(key)) else { continue };
            track.loudness.told(level);
            room = Some(track.room);
        }
        if let Some(room) = room {
            self.expect_evaluation(now, room);
        }
    }

    /// Whether this engine says who speaks in a room: the lowest of those with people there does.
    pub(super) fn leads(&self, room: RoomKey) -> bool {
        self.rooms.get(room).is_none_or(|room| room.links.iter().all(|link| self.own < link.peer))
    }

    /// Where this engine leads: looks at who speaks and who is heard.
    fn rank(&mut self, now: Instant, room: RoomKey) {
        self.update_speakers(room);
        if self.update_loudest(room) {
            self.assign_room(now, room);
        }
    }

    /// Another engine leads now, or this one does.
    fn rank_anew(&mut self, now: Instant, room: RoomKey) {
        if self.leads(room) {
            self.rank(now, room);
            self.tell_ranking(room);
            return;
        }
        let links = self.rooms.get(room).map(|room| room.links.as_slice()).unwrap_or_default();
        if let Some(ranking) = links.first().and_then(|link| link.ranking.clone()) {
            self.adopt(now, room, ranking);
        }
    }

    /// Tells linked engines who speaks and who is heard.
    pub(super) fn tell_ranking(&mut self, room: RoomKey) {
        let message =
            self.rooms.get(room).map(|room| Message::Ranking { room: room.id.clone(), ranking: room.ranking() });
        if let Some(message) = message {
            self.relay_to_room(room, &message);
        }
    }

    fn ranked_elsewhere(&mut self, now: Instant, peer: EngineId, id: &RoomId, ranking: Ranking) {
        let Some(key) = self.room_keys.get(id).copied() else { return };
        let leads = self.leads(key);
        let Some(room) = self.rooms.get_mut(key) else { return };
        let is_leader = !leads && room.links.first().is_some_and(|link| link.peer == peer);
        // Who leads from now on goes on from the order there was.
        let is_news = leads && room.ranking() == Ranking::default();
        let Some(link) = room.link_mut(peer) else { return };
        link.ranking = Some(ranking.clone());
        if is_leader || is_news {
            self.adopt(now, key, ranking);
        }
    }

    fn adopt(&mut self, now: Instant, key: RoomKey, ranking: Ranking) {
        let Some(room) = self.rooms.get_mut(key) else { return };
        let changed = room.adopt(ranking);
        if changed.speakers {
            self.tell_speakers(key);
        }
        if changed.loudest {
            self.update_loudest(key);
            self.assign_room(now, key);
        }
    }

    /// The pictures among these tracks are measured for linked engines from now on.
    pub(super) fn measure_soon(&mut self, now: Instant, tracks: &[TrackKey]) {
        for key in tracks {
            let is_picture = |track: &&mut Track| track.granted && !track.source().is_audio();
            let Some(track) = self.tracks.get_mut(*key).filter(is_picture) else { continue };
            track.measured = None;
            track.measure_due = Some(now);
            self.schedule_track(*key);
        }
    }

    /// Measures the layers of a track for linked engines, when that is due.
    pub(super) fn measure(&mut self, now: Instant, key: TrackKey) {
        let is_due = |track: &&mut Track| track.measure_due.is_some_and(|due| due <= now);
        let Some(track) = self.tracks.get_mut(key).filter(is_due) else { return };
        let is_linked = self.rooms.get(track.room).is_some_and(|room| !room.links.is_empty());
        track.measure_due = (is_linked && track.granted).then_some(now + MEASURING);
        if track.measure_due.is_none() {
            return;
        }
        let is_screen = track.source() == Source::Screen;
        let measured = |(place, layer): (usize, &mut Layer)| LayerState {
            is_available: layer.is_available(now),
            height: layer.height(place),
            cost: if is_screen { layer.lasting_cost(now, u8::MAX) } else { layer.cost(now, place, u8::MAX) },
        };
        let layers = track.layers.iter_mut().enumerate().map(measured).collect();
        let state = TrackState { codecs: track.codecs.allowed(), layers };
        if track.measured.as_ref().is_some_and(|told| state.is_like(told)) {
            return;
        }
        track.measured = Some(state.clone());
        let room = track.room;
        self.relay_to_room(room, &Message::Measured { track: key, state });
    }

    fn measured_elsewhere(&mut self, now: Instant, peer: EngineId, theirs: TrackKey, measured: &TrackState) {
        let ours = self.peers.get(&peer).and_then(|peer| peer.tracks.get(&theirs)).copied();
        let Some(track) = ours.and_then(|key| self.tracks.get_mut(key)) else { return };
        for (layer, state) in track.layers.iter_mut().zip(&measured.layers) {
            layer.told(*state);
        }
        if track.codecs.told(now, measured.codecs) {
            let subscribers = track.subscribers.clone();
            self.divide_for(now, &subscribers);
        }
    }
}
