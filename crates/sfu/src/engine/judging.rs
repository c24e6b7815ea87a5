//! Whose network is not good, and who is told so: its owner, and those who see or hear them.

use std::time::Instant;

use protocol::media::{PauseReason, WeakNetwork};
use str0m::stats::PeerStats;

use super::Engine;
use crate::{
    SessionKey,
    quality::Measured,
    track::{Publisher, Track},
};

impl Engine {
    /// The transport of a session told how its network does.
    pub(super) fn judge_network(&mut self, now: Instant, key: SessionKey, stats: &PeerStats) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let measured = Measured {
            loss_in: stats.ingress_loss_fraction,
            loss_out: stats.egress_loss_fraction,
            round_trip: stats.rtt,
            is_short: session.paused.iter().any(|tile| tile.reason == PauseReason::Bandwidth),
        };
        let changed = session.quality.measured(now, &measured);
        if changed {
            let (room, participant, quality) = (session.room, session.participant, session.quality.level());
            self.tell_network_elsewhere(room, participant, quality);
        }
        let is_due = self.sessions.get_mut(key).is_some_and(|session| session.quality.is_due(now));
        if changed || is_due {
            self.tell_networks(key);
        }
    }

    /// How weak the network is of who sends a track; nothing when it is good.
    fn network_of(&self, track: &Track) -> Option<WeakNetwork> {
        match track.publisher {
            Publisher::Session { session, .. } => {
                let session = self.sessions.get(session)?;
                session.quality.weak(session.participant)
            }
            Publisher::Engine { peer, .. } => {
                let participant = track.name.participant;
                let quality = *self.rooms.get(track.room)?.link(peer)?.weak.get(&participant)?;
                Some(WeakNetwork { participant, quality })
            }
        }
    }

    fn tell_networks(&mut self, key: SessionKey) {
        let Some(session) = self.sessions.get(key) else { return };
        let carried = session.slots.iter().filter_map(|slot| self.tracks.get(slot.track()?));
        let own = session.quality.weak(session.participant);
        let others = carried.filter_map(|track| self.network_of(track));
        let mut weak: Vec<WeakNetwork> = own.into_iter().chain(others).collect();
        weak.sort_unstable_by_key(|one| one.participant);
        weak.dedup_by_key(|one| one.participant);
        let Some(session) = self.sessions.get_mut(key) else { return };
        if let Some(weak) = session.quality.tell(weak) {
            session.control.tell_networks(weak);
            self.touch(key);
        }
    }
}
