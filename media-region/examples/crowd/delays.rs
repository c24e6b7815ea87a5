//! How long packets took, as a distribution.

use std::{fmt, time::Duration};

/// Width of a step.
const STEP: Duration = Duration::from_micros(20);
/// Up to 200 ms apart; what is longer counts in the last.
const STEPS: usize = 10_000;

/// A histogram in steps of 20 microseconds.
pub(crate) struct Delays {
    counts: Vec<u64>,
    most: Duration,
}

impl Delays {
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; STEPS], most: Duration::ZERO }
    }

    pub(crate) fn note(&mut self, delay: Duration) {
        let step = usize::try_from(delay.as_nanos() / STEP.as_nanos()).unwrap_or(STEPS).min(STEPS - 1);
        if let Some(count) = self.counts.get_mut(step) {
            *count += 1;
        }
        self.most = self.most.max(delay);
    }

    /// What this part in a thousand stayed within, to the step.
    fn within(&self, part: u64) -> Duration {
        let wanted = (self.total() * part).div_ceil(1000);
        let mut seen = 0;
        let step = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        STEP * u32::try_from(step.unwrap_or(STEPS - 1) + 1).unwrap_or(u32::MAX)
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

impl fmt::Display for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |delay: Duration| delay.as_secs_f64() * 1e3;
        let (p50, p99, p999) = (ms(self.within(500)), ms(self.within(990)), ms(self.within(999)));
        let most = ms(self.most);
        write!(f, "p50 {p50:.2} ms, p99 {p99:.2} ms, p99.9 {p999:.2} ms, most {most:.2} ms ({} packets)", self.total())
    }
}
