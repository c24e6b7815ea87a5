//! What a session may publish, changed while it lives.

use std::time::Instant;

use protocol::{
    id::{ParticipantId, RoomId},
    media::Source,
};

use super::Engine;

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
            self.update_speakers(now, room);
        }
    }
}
