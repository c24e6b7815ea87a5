//! Who speaks and who is heard in a room, ranked by one of the engines that share it.

use std::time::Instant;

use protocol::id::RoomId;

use super::Engine;
use crate::{
    EngineId, RoomKey,
    loudness::Level,
    relay::{Message, Ranking},
    track::TrackKey,
};

impl Engine {
    /// Where this engine leads, looks at who speaks, and tells everybody when that changed.
    pub(super) fn update_speakers(&mut self, now: Instant, key: RoomKey) {
        if !self.leads(key) {
            return;
        }
        let Some(room) = self.rooms.get_mut(key) else { return };
        if room.update_speakers(&self.sessions, &self.tracks) {
            self.tell_speakers(now, key);
            self.tell_ranking(key);
        }
    }

    /// Looks at which sounds compete for slots, and where this engine leads at who is loudest; says whether
    /// others compete now.
    pub(super) fn update_loudest(&mut self, key: RoomKey) -> bool {
        let leads = self.leads(key);
        let Some(room) = self.rooms.get_mut(key) else { return false };
        let changed = room.update_loudest(&self.sessions, &self.tracks, leads);
        if changed.loudest {
            self.tell_ranking(key);
        }
        changed.competing
    }

    /// Tells everybody of a room here who speaks.
    pub(super) fn tell_speakers(&mut self, now: Instant, key: RoomKey) {
        let Some(room) = self.rooms.get(key) else { return };
        let speakers = room.speakers.clone();
        for member in room.members.clone() {
            let Some(session) = self.sessions.get_mut(member).filter(|session| !session.follows) else { continue };
            session.control.tell_speakers(speakers.clone());
            self.touch(member);
        }
        self.follow(now, key);
    }

    /// Tells linked engines how loud tracks of this one are, where that changed.
    pub(super) fn tell_levels(&mut self, room: RoomKey, tracks: &[TrackKey]) {
        let levels = self.levels(tracks, |level, told| !told.is_some_and(|told| level.is_like(&told)));
        if !levels.is_empty() {
            self.relay_to_room(room, &Message::Levels { levels });
        }
    }

    /// How loud those of these tracks are that are to be told of, for how loud they were told to be.
    pub(super) fn levels(
        &mut self,
        tracks: &[TrackKey],
        is_told: impl Fn(Level, Option<Level>) -> bool,
    ) -> Vec<(TrackKey, Level)> {
        let told = tracks.iter().filter_map(|key| {
            let track = self.tracks.get_mut(*key).filter(|track| track.is_heard())?;
            let level = track.loudness.tell();
            let is_told = is_told(level, track.told_level);
            if is_told {
                track.told_level = Some(level);
            }
            is_told.then_some((*key, level))
        });
        told.collect()
    }

    pub(super) fn levels_elsewhere(&mut self, now: Instant, peer: EngineId, levels: Vec<(TrackKey, Level)>) {
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
        self.update_speakers(now, room);
        if self.update_loudest(room) {
            self.assign_room(now, room);
        }
    }

    /// Another engine leads now, or this one does.
    pub(super) fn rank_anew(&mut self, now: Instant, room: RoomKey) {
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

    pub(super) fn ranked_elsewhere(&mut self, now: Instant, peer: EngineId, id: &RoomId, ranking: Ranking) {
        let Some(key) = self.room_keys.get(id).copied() else { return };
        let leads = self.leads(key);
        let Some(room) = self.rooms.get_mut(key) else { return };
        let is_leader = !leads && room.links.first().is_some_and(|link| link.peer == peer);
        // Who leads from now on goes on from the order there was.
        let is_news = leads && room.ranking() == Ranking::default();
        let Some(link) = room.link_mut(peer) else { return };
        let is_told_all = link.ranking.replace(ranking.clone()).is_none();
        if is_leader || is_news {
            self.adopt(now, key, ranking);
        }
        if is_told_all {
            self.take_in(now, key);
        }
    }

    /// What people publish elsewhere is known now.
    pub(super) fn take_in(&mut self, now: Instant, key: RoomKey) {
        self.update_speakers(now, key);
        self.update_loudest(key);
        self.assign_room(now, key);
    }

    fn adopt(&mut self, now: Instant, key: RoomKey, ranking: Ranking) {
        let Some(room) = self.rooms.get_mut(key) else { return };
        let changed = room.adopt(ranking);
        if changed.speakers {
            self.tell_speakers(now, key);
        }
        if changed.loudest {
            self.update_loudest(key);
            self.assign_room(now, key);
        }
    }
}
