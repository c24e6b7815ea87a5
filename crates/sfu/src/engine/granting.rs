//! What a session may publish, changed while it lives.

use std::time::Instant;

use protocol::{
    id::{ParticipantId, RoomId},
    media::Source,
};

use super::Engine;
use crate::RoomKey;

impl Engine {
    pub(super) fn grant(
        &mut self,
        now: Instant,
        room: &RoomId,
        participant: ParticipantId,
        epoch: u64,
        grant: u64,
        publish: &[Source],
    ) {
        let key = self.find(room, participant);
        let session = key.and_then(|key| self.sessions.get_mut(key)).filter(|found| found.epoch == epoch);
        let Some(session) = session.filter(|session| session.newest_grant < grant) else {
            self.counters.grants_ignored += 1;
            return;
        };
        self.counters.grants += 1;
        session.newest_grant = grant;
        let (room, mut changed) = (session.room, false);
        for key in &session.tracks {
            let Some(track) = self.tracks.get_mut(*key) else { continue };
            changed |= track.grant(publish.contains(&track.source()));
        }
        if changed {
            self.publish(now, room, participant);
            self.assign_room(now, room);
            self.update_speakers(room);
        }
    }

    /// Where this engine leads, looks at who speaks, and tells everybody when that changed.
    pub(super) fn update_speakers(&mut self, key: RoomKey) {
        if !self.leads(key) {
            return;
        }
        let Some(room) = self.rooms.get_mut(key) else { return };
        if room.update_speakers(&self.sessions, &self.tracks) {
            self.tell_speakers(key);
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
    pub(super) fn tell_speakers(&mut self, key: RoomKey) {
        let Some(room) = self.rooms.get(key) else { return };
        let speakers = room.speakers.clone();
        for member in room.members.clone() {
            if let Some(session) = self.sessions.get_mut(member) {
                session.control.tell_speakers(speakers.clone());
            }
            self.touch(member);
        }
    }
}
