//! How loud a track is, from the level that its packets carry (RFC 6464).

use std::time::{Duration, Instant};

/// How often loudness is looked at.
pub(crate) const PERIOD: Duration = Duration::from_millis(200);
/// Silence, in dBov.
const SILENCE: f32 = -127.0;
/// Somebody begins to speak above this, in dBov.
const SPEAKS_ABOVE: f32 = -45.0;
/// Somebody who spoke is quiet below this, in dBov.
const QUIET_BELOW: f32 = -60.0;
/// Quiet for this long ends speaking; pauses between words are shorter.
const PAUSE: Duration = Duration::from_millis(800);
/// What is louder counts no more where voices compete, in dBov: a level is what a publisher says of itself.
const LOUD_ENOUGH: f32 = -30.0;
/// Speech has pauses; what had none for this long is a noise, or a level that is not true.
const STEADY: Duration = Duration::from_secs(10);
/// What a noise counts less, in dB.
const NOISE: f32 = 30.0;
/// What a level must change by before other engines are told, in dB.
const LEVEL_STEP: f32 = 1.0;
/// How much of the last period counts against those before.
const WEIGHT: f32 = 0.5;

/// The loudness of one track.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loudness {
    sum: f32,
    packets: f32,
    level: f32,
    speaking: bool,
    heard: Option<Instant>,
    /// Since when it had no pause.
    steady_since: Option<Instant>,
    is_noise: bool,
}

impl Default for Loudness {
    fn default() -> Self {
        Self {
            sum: 0.0,
            packets: 0.0,
            level: SILENCE,
            speaking: false,
            heard: None,
            steady_since: None,
            is_noise: false,
        }
    }
}

/// How loud a track is found to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Level {
    /// Smoothed, in dBov.
    pub(crate) level: f32,
    pub(crate) is_speaking: bool,
    pub(crate) is_noise: bool,
}

impl Level {
    /// Whether nobody would be ranked otherwise for the difference.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let is_near = (self.level - other.level).abs() < LEVEL_STEP;
        is_near && (self.is_speaking, self.is_noise) == (other.is_speaking, other.is_noise)
    }
}

impl Loudness {
    /// What other engines are told.
    pub(crate) fn tell(&self) -> Level {
        Level { level: self.level, is_speaking: self.speaking, is_noise: self.is_noise }
    }

    /// The engine that has its publisher says how loud it is.
    pub(crate) fn told(&mut self, told: Level) {
        self.level = if told.level.is_finite() { told.level.clamp(SILENCE, 0.0) } else { SILENCE };
        self.speaking = told.is_speaking;
        self.is_noise = told.is_noise;
    }

    /// Notes the level of a packet, in dBov.
    pub(crate) fn note(&mut self, level: i8) {
        self.sum += f32::from(level.min(0));
        self.packets += 1.0;
    }

    /// A period ended.
    pub(crate) fn evaluate(&mut self, now: Instant) {
        // A track that sends nothing in silence (RFC 7587 §3.1.3) has no packets then.
        let mean = if self.packets > 0.0 { self.sum / self.packets } else { SILENCE };
        self.sum = 0.0;
        self.packets = 0.0;
        self.steady_since = (mean > SPEAKS_ABOVE).then_some(self.steady_since.unwrap_or(now));
        self.is_noise = self.steady_since.is_some_and(|since| now.saturating_duration_since(since) >= STEADY);
        self.level += (mean - self.level) * WEIGHT;
        if self.level > QUIET_BELOW {
            self.heard = Some(now);
        }
        self.speaking = if self.speaking {
            self.heard.is_some_and(|heard| now.saturating_duration_since(heard) < PAUSE)
        } else {
            self.level > SPEAKS_ABOVE
        };
    }

    /// Smoothed level in dBov.
    pub(crate) fn level(&self) -> f32 {
        self.level
    }

    /// What it counts where voices compete, in dBov.
    pub(crate) fn standing(&self) -> f32 {
        self.level.min(LOUD_ENOUGH) - if self.is_noise { NOISE } else { 0.0 }
    }

    /// Whether somebody speaks.
    pub(crate) fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// Whether it has come to rest, so that another look changes nothing that anyone sees.
    pub(crate) fn is_at_rest(&self) -> bool {
        !self.speaking && self.packets <= 0.0 && self.level < SILENCE + 1.0
    }
}

/// Puts candidates in order, loudest first, but lets one pass another only by `margin` dB. `order`
/// is who stood where before; who is new stands behind.
pub(crate) fn rank<K: PartialEq>(order: &[K], candidates: Vec<(K, f32)>, margin: f32) -> Vec<K> {
    let place = |key: &K| order.iter().position(|known| known == key).unwrap_or(usize::MAX);
    let mut standing: Vec<(usize, K, f32)> =
        candidates.into_iter().map(|(key, level)| (place(&key), key, level)).collect();
    standing.sort_by(|(place, _, level), (other_place, _, other_level)| {
        place.cmp(other_place).then(other_level.total_cmp(level))
    });
    // An insertion sort with a threshold: each passes only those it is clearly louder than.
    let mut ranked: Vec<(K, f32)> = Vec::with_capacity(standing.len());
    for (_, key, level) in standing {
        let at = ranked.iter().rposition(|(_, other)| level <= other + margin).map_or(0, |index| index + 1);
        ranked.insert(at, (key, level));
    }
    ranked.into_iter().map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(loudness: &mut Loudness, now: &mut Instant, periods: u32, level: Option<i8>) {
        for _ in 0..periods {
            *now += PERIOD;
            for level in level.into_iter().cycle().take(10) {
                loudness.note(level);
            }
            loudness.evaluate(*now);
        }
    }

    #[test]
    fn speaking_begins_quickly_and_survives_a_pause() {
        let (mut loudness, mut now) = (Loudness::default(), Instant::now());
        run(&mut loudness, &mut now, 5, Some(-70));
        assert!(!loudness.is_speaking());
        run(&mut loudness, &mut now, 2, Some(-25));
        assert!(loudness.is_speaking());
        run(&mut loudness, &mut now, 3, Some(-70));
        assert!(loudness.is_speaking());
        run(&mut loudness, &mut now, 5, None);
        assert!(!loudness.is_speaking());
        run(&mut loudness, &mut now, 20, None);
        assert!(loudness.is_at_rest());
    }

    #[test]
    fn only_a_clearly_louder_one_passes() {
        let order = vec!["a", "b", "c"];
        assert_eq!(rank(&order, vec![("a", -30.0), ("b", -28.0), ("c", -50.0)], 6.0), ["a", "b", "c"]);
        assert_eq!(rank(&order, vec![("a", -40.0), ("b", -28.0), ("c", -50.0)], 6.0), ["b", "a", "c"]);
        assert_eq!(rank(&order, vec![("c", -20.0), ("d", -10.0)], 6.0), ["d", "c"]);
    }
}
