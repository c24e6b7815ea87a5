//! Whether a network loses packets by chance, as radio does, or because a queue overflows.
//!
//! A queue that overflows is noticed, less is sent, and it empties; until then what arrives is late.
//! What goes on for seconds, is about as much all the time and delays nothing is chance, and sending
//! less would not mend it.

use std::time::{Duration, Instant};

/// From this part of the packets on a network loses many.
const MANY: f32 = 0.02;
/// A network that loses many for this long loses them by chance.
const LASTING: Duration = Duration::from_secs(4);
/// Losses may be this many times what is usual, and [`MANY`] more.
const UNUSUAL: f32 = 1.6;
/// How much one measurement counts in what is usual.
const WEIGHT: f32 = 0.02;
/// Round trips may be this much longer than the shortest.
const LATE: Duration = Duration::from_millis(100);
/// How long the shortest counts; then the network is another.
const MEMORY: Duration = Duration::from_secs(30);

/// The losses towards a subscriber.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    /// When next to nothing was lost last.
    clean_at: Option<Instant>,
    last: f32,
    usual: f32,
    shortest: Option<(Duration, Instant)>,
    round_trip: Option<Duration>,
}

impl Losses {
    /// A measurement: which part of the packets of the last second did not arrive, and how long a round
    /// trip took, where that is known.
    pub(crate) fn note(&mut self, now: Instant, lost: Option<f32>, round_trip: Option<Duration>) {
        self.last = lost.unwrap_or(0.0);
        self.usual += (self.last - self.usual) * WEIGHT;
        if self.last < MANY {
            self.clean_at = Some(now);
        }
        let Some(round_trip) = round_trip else { return };
        self.round_trip = Some(round_trip);
        let is_old = |at| now.saturating_duration_since(at) > MEMORY;
        if self.shortest.is_none_or(|(shortest, at)| round_trip <= shortest || is_old(at)) {
            self.shortest = Some((round_trip, now));
        }
    }

    /// Whether what is lost now is lost by chance.
    pub(crate) fn are_chance(&self, now: Instant) -> bool {
        let lasts = self.clean_at.is_some_and(|at| now.saturating_duration_since(at) >= LASTING);
        lasts && self.last >= MANY && !self.is_late() && self.last <= self.usual * UNUSUAL + MANY
    }

    /// Whether next to everything arrives, and in time.
    pub(crate) fn are_few(&self) -> bool {
        self.last < MANY && !self.is_late()
    }

    fn is_late(&self) -> bool {
        self.round_trip.zip(self.shortest).is_some_and(|(last, (shortest, _))| last > shortest + LATE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(100);
    const ROUND_TRIP: Duration = Duration::from_millis(50);

    fn after(seconds: u32, lost: f32, losses: &mut Losses, now: &mut Instant) {
        for _ in 0..seconds * 10 {
            *now += STEP;
            losses.note(*now, Some(lost), Some(ROUND_TRIP));
        }
    }

    #[test]
    fn what_goes_on_is_chance() {
        let (mut losses, mut now) = (Losses::default(), Instant::now());
        after(5, 0.0, &mut losses, &mut now);
        assert!(!losses.are_chance(now));
        after(3, 0.1, &mut losses, &mut now);
        assert!(!losses.are_chance(now), "a queue may overflow for that long");
        after(7, 0.1, &mut losses, &mut now);
        assert!(losses.are_chance(now));
        after(1, 0.0, &mut losses, &mut now);
        assert!(!losses.are_chance(now), "it is another network");
    }

    #[test]
    fn what_is_unusual_or_late_is_not() {
        let (mut losses, mut now) = (Losses::default(), Instant::now());
        after(1, 0.0, &mut losses, &mut now);
        after(20, 0.1, &mut losses, &mut now);
        assert!(losses.are_chance(now));
        losses.note(now, Some(0.3), Some(ROUND_TRIP));
        assert!(!losses.are_chance(now));
        losses.note(now, Some(0.1), Some(ROUND_TRIP + LATE * 2));
        assert!(!losses.are_chance(now));
        losses.note(now, Some(0.1), Some(ROUND_TRIP));
        assert!(losses.are_chance(now));
    }
}
