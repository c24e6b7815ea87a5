//! How long packets are kept for repair (RFC 4585 §6.2.1).
//!
//! What is missed is asked for again with each round trip. On a near network half a second is time for many
//! tries; on a far one it is not, and there packets are kept for longer, which takes four times the memory.
//! A change forgets what is kept, so it is made while nothing is missing.

use std::time::{Duration, Instant};

/// Where little is known of the network, or it is far. What is older is repaired by a keyframe sooner.
const LONG: Duration = Duration::from_secs(2);
/// Where it is near.
const SHORT: Duration = Duration::from_millis(500);
/// A round trip of a near network.
const NEAR: Duration = Duration::from_millis(80);
/// One of a far network; in between all stays as it is.
const FAR: Duration = Duration::from_millis(120);
/// With a longer round trip what is asked for is gone already, whatever else is lost with it.
const USELESS: Duration = Duration::from_millis(250);
/// Once nothing was lost for this long nothing is missing.
const CALM: Duration = Duration::from_secs(1);

/// How long packets to one browser are kept.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    is_short: bool,
    /// Since when all measurements speak for a change.
    since: Option<Instant>,
}

impl Keeping {
    /// How long. What is `paced`, pages of screens, is under way for seconds on slow networks.
    pub(crate) fn age(&self, paced: bool) -> Duration {
        if self.is_short && !paced { SHORT } else { LONG }
    }

    /// A measurement: the part of the packets of the last second that was lost, and the time of a round trip.
    /// Says whether packets are kept for another time from now on.
    pub(crate) fn note(&mut self, now: Instant, lost: Option<f32>, round_trip: Option<Duration>) -> bool {
        let is_clean = lost.is_some_and(|lost| lost <= 0.0);
        let speaks_for_change = match round_trip {
            Some(round_trip) if self.is_short => round_trip > USELESS || (is_clean && round_trip > FAR),
            Some(round_trip) => is_clean && round_trip <= NEAR,
            None => false,
        };
        if !speaks_for_change {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        let changes = now.saturating_duration_since(since) >= CALM;
        if changes {
            *self = Self { is_short: !self.is_short, since: None };
        }
        changes
    }

    /// The network is another, of which nothing is known. Says whether packets are kept for another time.
    pub(crate) fn begin_anew(&mut self) -> bool {
        std::mem::take(self).is_short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(50);
    const CLEAN: Option<f32> = Some(0.0);

    /// Measures the same for a while; returns how often something changed.
    fn after(keeping: &mut Keeping, now: &mut Instant, steps: u32, lost: Option<f32>, millis: u64) -> usize {
        let round_trip = Some(Duration::from_millis(millis));
        let changed = (0..steps).filter(|_| {
            *now += STEP;
            keeping.note(*now, lost, round_trip)
        });
        changed.count()
    }

    #[test]
    fn it_is_short_on_a_near_network_and_changes_only_while_nothing_is_lost() {
        let (mut keeping, mut now) = (Keeping::default(), Instant::now());
        assert_eq!((after(&mut keeping, &mut now, 15, CLEAN, 40), keeping.age(false)), (0, LONG), "it is too early");
        assert_eq!(after(&mut keeping, &mut now, 1, Some(0.01), 40), 0);
        assert_eq!((after(&mut keeping, &mut now, 30, CLEAN, 40), keeping.age(false)), (1, SHORT));
        assert_eq!(keeping.age(true), LONG);
        // Where something is lost it stays, unless that can no longer be repaired.
        assert_eq!((after(&mut keeping, &mut now, 60, Some(0.2), 200), keeping.age(false)), (0, SHORT));
        assert_eq!((after(&mut keeping, &mut now, 60, CLEAN, 100), keeping.age(false)), (0, SHORT));
        assert_eq!((after(&mut keeping, &mut now, 60, CLEAN, 200), keeping.age(false)), (1, LONG));
        assert_eq!((after(&mut keeping, &mut now, 60, CLEAN, 100), keeping.age(false)), (0, LONG));
        assert_eq!((after(&mut keeping, &mut now, 60, CLEAN, 40), keeping.age(false)), (1, SHORT));
        assert_eq!((after(&mut keeping, &mut now, 60, Some(0.2), 300), keeping.age(false)), (1, LONG));
        assert_eq!((after(&mut keeping, &mut now, 60, CLEAN, 40), keeping.age(false)), (1, SHORT));
        assert!(keeping.begin_anew());
        assert_eq!(keeping.age(false), LONG);
        assert!(!keeping.begin_anew());
    }

    #[test]
    fn what_wavers_changes_nothing() {
        let (mut keeping, mut now) = (Keeping::default(), Instant::now());
        for millis in [40, 200].repeat(10) {
            assert_eq!(after(&mut keeping, &mut now, 12, CLEAN, millis), 0);
        }
        assert_eq!(after(&mut keeping, &mut now, 30, CLEAN, 40), 1);
        for millis in [200, 40].repeat(10) {
            assert_eq!(after(&mut keeping, &mut now, 12, CLEAN, millis), 0);
        }
    }

    #[test]
    fn where_nothing_is_measured_it_is_long() {
        let (mut keeping, mut now) = (Keeping::default(), Instant::now());
        assert_eq!((after(&mut keeping, &mut now, 60, None, 10), keeping.age(false)), (0, LONG));
        assert!(!keeping.note(now, CLEAN, None));
    }
}
