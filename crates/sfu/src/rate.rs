//! How much of a stream comes, measured over the last seconds.

use std::time::{Duration, Instant};

use crate::picture::TEMPORAL_LAYERS;

/// Parts of the window; what is older than all of them no longer counts.
const PARTS: usize = 8;
/// The length of a part. Two seconds in all: a keyframe is a small part of what is measured.
const PART: Duration = Duration::from_millis(250);

/// Bytes in the last two seconds, by temporal layer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rate {
    parts: [[u64; TEMPORAL_LAYERS]; PARTS],
    /// The part that is being filled, and when it began.
    filling: Option<(usize, Instant)>,
    /// Parts that were filled, up to all but the open one.
    filled: u32,
}

impl Rate {
    /// Notes a packet.
    pub(crate) fn note(&mut self, now: Instant, temporal: u8, bytes: usize) {
        self.pass(now);
        let (at, _) = *self.filling.get_or_insert((0, now));
        let layer = usize::from(temporal).min(TEMPORAL_LAYERS - 1);
        if let Some(count) = self.parts.get_mut(at).and_then(|part| part.get_mut(layer)) {
            *count = count.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        }
    }

    /// Bits a second of the temporal layers up to this one; nothing until half a second was measured.
    pub(crate) fn bits(&mut self, now: Instant, temporal: u8) -> Option<u64> {
        self.pass(now);
        let (_, began) = self.filling?;
        let open = now.saturating_duration_since(began);
        let window = PART * self.filled + open;
        // Of less than half a second nothing can be said.
        if window < PART * 2 {
            return None;
        }
        let bytes: u64 = self.parts.iter().map(|part| part.iter().take(usize::from(temporal) + 1).sum::<u64>()).sum();
        let millis = u64::try_from(window.as_millis()).unwrap_or(u64::MAX).max(1);
        Some(bytes.saturating_mul(8_000) / millis)
    }

    /// Whether a keyframe counts no more in it than in the long run.
    pub(crate) fn is_settled(&self) -> bool {
        usize::try_from(self.filled).is_ok_and(|filled| filled + 1 >= PARTS)
    }

    /// The highest temporal layer of which something came lately.
    pub(crate) fn highest_temporal(&self) -> u8 {
        let highest = (0..TEMPORAL_LAYERS).rev().find(|layer| {
            let of = |part: &[u64; TEMPORAL_LAYERS]| part.get(*layer).is_some_and(|bytes| *bytes > 0);
            self.parts.iter().any(of)
        });
        highest.and_then(|layer| u8::try_from(layer).ok()).unwrap_or(0)
    }

    /// Begins new parts for the time that passed.
    fn pass(&mut self, now: Instant) {
        let Some((mut at, mut began)) = self.filling else { return };
        if now.saturating_duration_since(began) >= PART * u32::try_from(PARTS).unwrap_or(u32::MAX) {
            *self = Self::default();
            return;
        }
        while now.saturating_duration_since(began) >= PART {
            at = (at + 1) % PARTS;
            began += PART;
            self.filled = (self.filled + 1).min(u32::try_from(PARTS).unwrap_or(u32::MAX) - 1);
            if let Some(part) = self.parts.get_mut(at) {
                *part = [0; TEMPORAL_LAYERS];
            }
        }
        self.filling = Some((at, began));
    }
}

/// How long a mean remembers.
const LASTING: Duration = Duration::from_secs(10);

/// What of a stream comes in the long run: bits a second over some ten seconds, for what comes in bursts.
/// It fades while nothing comes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mean {
    layers: [f64; TEMPORAL_LAYERS],
    at: Option<Instant>,
}

impl Mean {
    /// Notes a packet.
    pub(crate) fn note(&mut self, now: Instant, temporal: u8, bytes: usize) {
        self.fade(now);
        let layer = usize::from(temporal).min(TEMPORAL_LAYERS - 1);
        if let Some(bits) = self.layers.get_mut(layer) {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            *bits += f64::from(bytes) * 8.0 / LASTING.as_secs_f64();
        }
    }

    /// Bits a second of the temporal layers up to this one.
    pub(crate) fn bits(&mut self, now: Instant, temporal: u8) -> u64 {
        self.fade(now);
        let sum: f64 = self.layers.iter().take(usize::from(temporal) + 1).sum();
        Duration::try_from_secs_f64(sum / 1e9)
            .map_or(u64::MAX, |bits| u64::try_from(bits.as_nanos()).unwrap_or(u64::MAX))
    }

    fn fade(&mut self, now: Instant) {
        let passed = self.at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        let left = (-passed.as_secs_f64() / LASTING.as_secs_f64()).exp();
        self.layers.iter_mut().for_each(|bits| *bits *= left);
        self.at = Some(now);
    }
}

/// The length of a part of what a peak is of; it counts this one and the one before.
const PEAK_PART: Duration = Duration::from_secs(4);

/// A peak of which nothing was measured for so long says nothing.
const PEAK_MEMORY: Duration = Duration::from_secs(30);

/// The most that was measured in the last four to eight seconds in which anything was.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peak {
    /// In this part, and in the one before.
    parts: (u64, u64),
    began: Option<Instant>,
    noted: Option<Instant>,
}

impl Peak {
    /// Notes a measurement, in bits a second.
    pub(crate) fn note(&mut self, now: Instant, bits: u64) {
        let began = *self.began.get_or_insert(now);
        if now.saturating_duration_since(began) >= PEAK_PART {
            (self.parts, self.began) = ((0, self.parts.0), Some(now));
        }
        self.parts.0 = self.parts.0.max(bits);
        self.noted = Some(now);
    }

    /// The most, in bits a second; nothing where that is not known.
    pub(crate) fn bits(&self, now: Instant) -> u64 {
        let is_known = self.noted.is_some_and(|noted| now.saturating_duration_since(noted) < PEAK_MEMORY);
        if is_known { self.parts.0.max(self.parts.1) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_is_measured_by_layer_and_forgotten_when_it_ends() {
        let (mut rate, mut now) = (Rate::default(), Instant::now());
        assert_eq!(rate.bits(now, 3), None);
        for packet in 0..400_u32 {
            rate.note(now, u8::from(packet % 2 == 1), 1000);
            now += Duration::from_millis(10);
        }
        let within = |found: Option<u64>, wanted: u64| {
            let found = found.unwrap();
            assert!(found.abs_diff(wanted) < wanted / 20, "{found} for {wanted}");
        };
        within(rate.bits(now, 0), 400_000);
        within(rate.bits(now, 3), 800_000);
        assert_eq!(rate.highest_temporal(), 1);
        assert_eq!(rate.bits(now + Duration::from_secs(3), 3), None);
    }

    #[test]
    fn a_burst_counts_little_in_the_long_run_and_fades() {
        let (mut mean, mut now) = (Mean::default(), Instant::now());
        mean.note(now, 0, 100_000);
        assert_eq!(mean.bits(now, 0), 80_000);
        assert!((29_000..30_000).contains(&mean.bits(now + LASTING, 2)));
        for packet in 0..6000_u32 {
            now += Duration::from_millis(10);
            mean.note(now, u8::from(packet % 2 == 1), 1000);
        }
        assert!((395_000..405_000).contains(&mean.bits(now, 0)), "{}", mean.bits(now, 0));
        assert!((790_000..810_000).contains(&mean.bits(now, 2)));
    }

    #[test]
    fn a_peak_counts_for_some_seconds() {
        let (mut peak, mut now) = (Peak::default(), Instant::now());
        assert_eq!(peak.bits(now), 0);
        peak.note(now, 700);
        now += PEAK_PART / 2;
        peak.note(now, 400);
        now += PEAK_PART;
        peak.note(now, 300);
        assert_eq!(peak.bits(now), 700);
        now += PEAK_PART;
        peak.note(now, 500);
        assert_eq!(peak.bits(now), 500);
        assert_eq!(peak.bits(now + PEAK_MEMORY), 0);
    }

    #[test]
    fn a_stream_that_has_just_begun_is_not_underestimated() {
        let (mut rate, mut now) = (Rate::default(), Instant::now());
        for _ in 0..60 {
            rate.note(now, 0, 1000);
            now += Duration::from_millis(10);
        }
        let found = rate.bits(now, 0).unwrap();
        assert!((760_000..840_000).contains(&found), "{found}");
    }
}
