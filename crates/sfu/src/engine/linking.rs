//! Rooms that span engines: which engines share which room, and all that is said when they begin to.

use std::{collections::HashMap, time::Instant};

use protocol::id::RoomId;

use super::Engine;
use crate::{
    EngineId, Output, RelayMessage, RoomKey,
    relay::{Message, Relay},
    room::RoomLink,
    track::{LayerKey, TrackKey},
};

/// A linked engine.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Its tracks, by what it calls them.
    pub(super) tracks: HashMap<TrackKey, TrackKey>,
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

    pub(super) fn relay(&mut self, peer: EngineId, message: Message) {
        self.outputs.push_back(Output::Relay { peer, message: RelayMessage(message) });
    }

    /// Tells every engine that has people in a room.
    pub(super) fn relay_to_room(&mut self, room: RoomKey, message: &Message) {
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
            self.tell_all(now, key, id, peer);
        }
    }

    /// All that is to be said of a room.
    fn tell_all(&mut self, now: Instant, key: RoomKey, id: &RoomId, peer: EngineId) {
        self.relay(peer, Message::Present { room: id.clone(), answer: false });
        let Some(room) = self.rooms.get(key) else { return };
        let ranking = room.ranking();
        let (members, tracks) = (room.members.clone(), room.own_tracks(&self.sessions));
        for message in members.into_iter().filter_map(|member| self.published_by(now, member)).collect::<Vec<_>>() {
            self.relay(peer, message);
        }
        let levels = self.levels(&tracks, |_, _| true);
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

    pub(super) fn remove_tracks(&mut self, peer: EngineId, removed: &[TrackKey]) {
        for track in removed {
            self.tracks.remove(*track);
        }
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.tracks.retain(|_, track| !removed.contains(track));
        }
    }
}
