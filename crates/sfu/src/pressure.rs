//! What a WebSocket carries, guessed from whether what it is sent has to wait: nobody reports on it.
//!
//! It is taken to carry a little more again and again until pictures wait too long, and then less than
//! what went out. Room that nothing was sent in counts only up to a part of what was.

use std::time::{Duration, Instant};

use crate::rate::Rate;

/// What is taken for granted at first, in bits a second.
pub(crate) const FIRST: u64 = 600_000;
/// Never less: sound, and the smallest picture now and then.
const LEAST: u64 = 60_000;
/// What is found without having sent as much.
const UNPROVEN: u64 = 1_000_000;
/// Besides so many times what was sent.
const PROVEN: u64 = 3;
const PERIOD: Duration = Duration::from_millis(200);
/// How much it rises in a period, in percent.
const RISE: u64 = 4;
/// What is left of what went out when that had to wait, in percent.
const FALL: u64 = 70;
/// After it fell it stays for this long.
const REST: Duration = Duration::from_secs(2);

/// The network behind one WebSocket.
#[derive(Debug)]
pub(crate) struct Pressure {
    estimate: u64,
    sent: Rate,
    fell: Option<Instant>,
    due: Instant,
}

impl Pressure {
    pub(crate) fn new(now: Instant) -> Self {
        Self { estimate: FIRST, sent: Rate::default(), fell: None, due: now }
    }

    /// So many bytes were sent.
    pub(crate) fn sent(&mut self, now: Instant, bytes: usize) {
        self.sent.note(now, 0, bytes);
    }

    /// Pictures waited too long.
    pub(crate) fn congested(&mut self, now: Instant) {
        let sent = self.sent.bits(now, 0).unwrap_or(self.estimate);
        self.estimate = (self.estimate.min(sent) / 100 * FALL).max(LEAST);
        self.fell = Some(now);
        self.due = now;
    }

    /// What it carries in bits a second, each time that it is looked at.
    pub(crate) fn check(&mut self, now: Instant, is_congested: bool) -> Option<u64> {
        if now < self.due {
            return None;
        }
        self.due = now + PERIOD;
        let rests = self.fell.is_some_and(|fell| now.saturating_duration_since(fell) < REST);
        if !is_congested && !rests {
            let sent = self.sent.bits(now, 0).unwrap_or(0);
            let most = sent.saturating_mul(PROVEN).max(UNPROVEN);
            let raised = self.estimate / 100 * (100 + RISE);
            // Found before, it stays found while less is wanted.
            self.estimate = raised.min(most).max(self.estimate);
        }
        Some(self.estimate)
    }

    pub(crate) fn due(&self) -> Instant {
        self.due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends at this rate for so long, and returns what is thought then.
    fn after(pressure: &mut Pressure, now: &mut Instant, seconds: u32, bits: usize) -> u64 {
        let mut estimate = 0;
        for _ in 0..seconds * 10 {
            *now += PERIOD / 2;
            pressure.sent(*now, bits / 80);
            estimate = pressure.check(*now, false).unwrap_or(estimate);
        }
        estimate
    }

    #[test]
    fn it_rises_with_what_is_sent_and_falls_below_what_had_to_wait() {
        let mut now = Instant::now();
        let mut pressure = Pressure::new(now);
        assert!(after(&mut pressure, &mut now, 10, 100_000) <= UNPROVEN, "little was sent");
        let found = after(&mut pressure, &mut now, 20, 900_000);
        assert!((2_000_000..3_000_000).contains(&found), "{found}");
        pressure.congested(now);
        let fallen = pressure.check(now, true).unwrap();
        assert!((500_000..700_000).contains(&fallen), "{fallen}");
        let rested = after(&mut pressure, &mut now, 1, 400_000);
        assert_eq!(rested, fallen, "and stays for a while");
        assert!(after(&mut pressure, &mut now, 5, 400_000) > fallen);
        for _ in 0..100 {
            pressure.congested(now);
        }
        assert_eq!(pressure.check(now, true), Some(LEAST));
    }
}
