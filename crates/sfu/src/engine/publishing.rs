//! Rooms that span engines: what people publish here is told to the others, and what they publish there
//! stands in the room like its own.

use std::time::{Duration, Instant};

use protocol::{
    id::{ParticipantId, RoomId},
    limits,
    media::{SlotTrack, Source, WeakQuality},
};

use super::Engine;
use crate::{
    EngineId, RoomKey, SessionKey,
    common_codecs::CommonCodecs,
    layer::Layer,
    picture::TEMPORAL_LAYERS,
    relay::{LayerState, Message, PublishedTrack, TrackState},
    room::RoomLink,
    track::{LAYERS, Publisher, Track, TrackKey},
};

/// How often the tracks of people here are measured for linked engines.
const MEASURING: Duration = Duration::from_millis(500);
/// The temporal layers of a track, the highest standing for all.
const TEMPORALS: [u8; TEMPORAL_LAYERS] = [0, 1, 2, u8::MAX];

impl Engine {
    /// Tells linked engines what somebody here publishes now.
    pub(super) fn publish(&mut self, now: Instant, key: RoomKey, participant: ParticipantId) {
        let Some(room) = self.rooms.get(key).filter(|room| !room.links.is_empty()) else { return };
        let room = room.id.clone();
        let session = self.find(&room, participant);
        let message = session.and_then(|session| self.published_by(now, session));
        let nothing = || Message::Published { room, participant, tracks: Vec::new(), network: None };
        self.relay_to_room(key, &message.unwrap_or_else(nothing));
    }

    /// What one session publishes, which is measured from now on.
    pub(super) fn published_by(&mut self, now: Instant, key: SessionKey) -> Option<Message> {
        let session = self.sessions.get(key)?;
        let (room, participant) = (self.rooms.get(session.room)?.id.clone(), session.participant);
        let (keys, network) = (session.tracks.clone(), session.quality.level());
        self.measure_soon(now, &keys);
        let granted = keys.into_iter().filter_map(|key| {
            let track = self.tracks.get_mut(key).filter(|track| track.granted)?;
            Some(PublishedTrack { key, source: track.source(), state: state(now, track) })
        });
        Some(Message::Published { room, participant, tracks: granted.collect(), network })
    }

    pub(super) fn published_elsewhere(
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
        let is_told_all = self.rooms.get(key).and_then(|room| room.link(peer)).is_some_and(RoomLink::is_told_all);
        if is_told_all {
            self.take_in(now, key);
        }
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
        let places = published.state.layers.len().clamp(1, LAYERS);
        let mut layers: Vec<Layer> = (0..places).map(|_| Layer::elsewhere()).collect();
        for (layer, state) in layers.iter_mut().zip(&published.state.layers) {
            layer.told(*state);
        }
        let codecs = CommonCodecs::elsewhere(published.state.codecs);
        let key = self.tracks.insert(Track::new(room, name, publisher, codecs, layers, true));
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.tracks.insert(published.key, key);
        }
        key
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

    pub(super) fn network_elsewhere(
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
        let state = state(now, track);
        if track.measured.as_ref().is_some_and(|told| state.is_like(told)) {
            return;
        }
        track.measured = Some(state.clone());
        let room = track.room;
        self.relay_to_room(room, &Message::Measured { track: key, state });
    }

    pub(super) fn measured_elsewhere(&mut self, now: Instant, peer: EngineId, theirs: TrackKey, measured: &TrackState) {
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

/// How a track is, for linked engines.
fn state(now: Instant, track: &mut Track) -> TrackState {
    let (is_audio, is_screen) = (track.source().is_audio(), track.source() == Source::Screen);
    let measured = |(place, layer): (usize, &mut Layer)| {
        let cost = |temporal| {
            if is_screen { layer.lasting_cost(now, temporal) } else { layer.cost(now, place, temporal) }
        };
        let costs = TEMPORALS.map(cost);
        LayerState { is_available: layer.is_available(now), height: layer.height(place), costs }
    };
    let layers = track.layers.iter_mut().filter(|_| !is_audio).enumerate().map(measured).collect();
    TrackState { codecs: track.codecs.allowed(), layers }
}
