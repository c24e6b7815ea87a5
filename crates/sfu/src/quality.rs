//! How good the network of one session is, from what its transport tells of it, with hysteresis: a mark
//! on somebody's tile that comes and goes with every lost packet tells nothing.

use std::time::{Duration, Instant};

use protocol::{
    id::ParticipantId,
    media::{WeakNetwork, WeakQuality},
};

/// A new value counts this much of what is known, as a divisor: about two seconds at 50 ms each.
const SMOOTHING: f32 = 40.0;
/// The network is better when it was better for this long.
const PROVEN: Duration = Duration::from_secs(5);
/// Those whom a session sees and hears are looked at this often.
const PERIOD: Duration = Duration::from_secs(1);

/// From these on a network is weak.
struct Limits {
    /// A share of the packets.
    loss: f32,
    /// Of a round trip.
    delay: Duration,
}

const FAIR: Limits = Limits { loss: 0.03, delay: Duration::from_millis(250) };
const POOR: Limits = Limits { loss: 0.1, delay: Duration::from_millis(500) };

/// What a transport tells of its network now; nothing where it does not know.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    /// The share of what its browser sent that was lost.
    pub(crate) loss_in: Option<f32>,
    /// The share of what was sent to it.
    pub(crate) loss_out: Option<f32>,
    pub(crate) round_trip: Option<Duration>,
    /// Whether a tile gets no picture because the network does not carry it.
    pub(crate) is_short: bool,
}

/// The network of one session.
#[derive(Debug, Default)]
pub(crate) struct Quality {
    loss_in: f32,
    loss_out: f32,
    level: Option<WeakQuality>,
    better_since: Option<Instant>,
    /// What its browser was told last.
    told: Vec<WeakNetwork>,
    due: Option<Instant>,
}

impl Quality {
    /// Notes what was measured; says whether others are to be told.
    pub(crate) fn measured(&mut self, now: Instant, measured: &Measured) -> bool {
        let smooth = |known: &mut f32, value: Option<f32>| {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                *known += (value.clamp(0.0, 1.0) - *known) / SMOOTHING;
            }
        };
        smooth(&mut self.loss_in, measured.loss_in);
        smooth(&mut self.loss_out, measured.loss_out);
        let loss = self.loss_in.max(self.loss_out);
        let delay = measured.round_trip.unwrap_or_default();
        let exceeds = |limits: &Limits| loss >= limits.loss || delay >= limits.delay;
        let level = if exceeds(&POOR) || measured.is_short {
            Some(WeakQuality::Poor)
        } else {
            exceeds(&FAIR).then_some(WeakQuality::Fair)
        };
        if level >= self.level {
            self.better_since = None;
        } else if now.saturating_duration_since(*self.better_since.get_or_insert(now)) < PROVEN {
            return false;
        }
        let changed = level != self.level;
        self.level = level;
        changed
    }

    /// How weak it is; nothing when it is good.
    pub(crate) fn level(&self) -> Option<WeakQuality> {
        self.level
    }

    /// The same, with whose it is.
    pub(crate) fn weak(&self, participant: ParticipantId) -> Option<WeakNetwork> {
        self.level.map(|quality| WeakNetwork { participant, quality })
    }

    /// Whether to look at the others anew.
    pub(crate) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.due.is_none_or(|due| due <= now);
        if is_due {
            self.due = Some(now + PERIOD);
        }
        is_due
    }

    /// What the browser is to be told, when that is another than before.
    pub(crate) fn tell(&mut self, weak: Vec<WeakNetwork>) -> Option<Vec<WeakNetwork>> {
        if weak == self.told {
            return None;
        }
        self.told.clone_from(&weak);
        Some(weak)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(50);

    /// Changes over so many steps, as (milliseconds, level).
    fn course(
        quality: &mut Quality,
        now: &mut Instant,
        steps: u32,
        measured: &Measured,
    ) -> Vec<(u128, Option<WeakQuality>)> {
        let began = *now;
        let mut changes = Vec::new();
        for _ in 0..steps {
            *now += STEP;
            if quality.measured(*now, measured) {
                changes.push(((*now - began).as_millis(), quality.level));
            }
        }
        changes
    }

    #[test]
    fn loss_that_lasts_is_told_and_a_lost_packet_is_not() {
        let (mut quality, mut now) = (Quality::default(), Instant::now());
        assert_eq!(course(&mut quality, &mut now, 6, &Measured { loss_in: Some(0.2), ..Measured::default() }), []);
        assert_eq!(course(&mut quality, &mut now, 150, &Measured { loss_in: Some(0.0), ..Measured::default() }), []);
        let worse = course(&mut quality, &mut now, 150, &Measured { loss_out: Some(0.15), ..Measured::default() });
        assert_eq!(
            worse.iter().map(|(_, level)| *level).collect::<Vec<_>>(),
            [Some(WeakQuality::Fair), Some(WeakQuality::Poor)]
        );
        assert!(worse.iter().all(|(at, _)| *at < 4_000), "{worse:?}");
    }

    #[test]
    fn it_is_good_again_once_it_was_for_a_while() {
        let (mut quality, mut now) = (Quality::default(), Instant::now());
        let slow = Measured { round_trip: Some(Duration::from_millis(300)), ..Measured::default() };
        assert_eq!(course(&mut quality, &mut now, 1, &slow), [(50, Some(WeakQuality::Fair))]);
        for _ in 0..5 {
            assert_eq!(course(&mut quality, &mut now, 90, &Measured::default()), [], "it wavers");
            assert_eq!(course(&mut quality, &mut now, 1, &slow), []);
        }
        assert_eq!(course(&mut quality, &mut now, 110, &Measured::default()), [(5_050, None)]);
    }

    #[test]
    fn what_was_told_is_not_told_again() {
        let mut quality = Quality::default();
        quality.measured(Instant::now(), &Measured { is_short: true, ..Measured::default() });
        let weak: Vec<_> = quality.weak(ParticipantId(uuid::Uuid::from_u128(1))).into_iter().collect();
        assert_eq!(quality.tell(weak.clone()), Some(weak.clone()));
        assert_eq!(quality.tell(weak), None);
        assert_eq!(quality.tell(Vec::new()), Some(Vec::new()));
    }
}
