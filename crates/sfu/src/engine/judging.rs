//! Whose network is not good, and who is told so: its owner, and those who see or hear them.

use std::time::Instant;

use protocol::media::{PauseReason, WeakNetwork};
use str0m::stats::PeerStats;

use super::Engine;
use crate::{SessionKey, quality::Measured, track::Publisher};

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
        if session.quality.measured(now, &measured) || session.quality.is_due(now) {
            self.tell_networks(key);
        }
    }

    fn tell_networks(&mut self, key: SessionKey) {
        let Some(session) = self.sessions.get(key) else { return };
        let carried = session.slots.iter().filter_map(|slot| self.tracks.get(slot.track()?));
        let publishers = carried.map(|track| match track.publisher {
            Publisher::Session { session, .. } => session,
        });
        let mut weak: Vec<WeakNetwork> = std::iter::once(key)
            .chain(publishers)
            .filter_map(|key| self.sessions.get(key))
            .filter_map(|session| session.quality.weak(session.participant))
            .collect();
        weak.sort_unstable_by_key(|one| one.participant);
        weak.dedup_by_key(|one| one.participant);
        let Some(session) = self.sessions.get_mut(key) else { return };
        if let Some(weak) = session.quality.tell(weak) {
            session.control.tell_networks(weak);
            self.touch(key);
        }
    }
}
