//! What is known of the network to one subscriber, and when its tiles may get better.

use std::time::{Duration, Instant};

use crate::rate::Rate;

/// What is assumed of a new subscriber's network until it is measured, in bits a second.
pub(crate) const FIRST_ESTIMATE: u64 = 600_000;
/// How often the network is looked at.
pub(crate) const ESTIMATE_PERIOD: Duration = Duration::from_millis(150);
/// While more is wanted than there is, the transport is asked this often to look for it.
const ASKING: Duration = Duration::from_secs(2);
/// How often the division is looked at without a cause.
pub(crate) const PERIOD: Duration = Duration::from_millis(300);
/// After a layer was changed the tile keeps what it has for this long, unless the link forces it.
pub(crate) const SETTLING: Duration = Duration::from_secs(2);
/// What fell within this time of a rise was raised too early.
const TRIAL: Duration = Duration::from_secs(6);
/// After a rise that failed nothing rises for this long, and twice as long after each further one.
const FIRST_REST: Duration = Duration::from_secs(5);
/// The longest such rest.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Rises that last this long make earlier failures forgotten.
const PROVEN: Duration = Duration::from_secs(30);
/// How much of the sound's rate is kept free for it, in percent.
const SOUND_RESERVE: u64 = 110;

/// The network to one subscriber.
#[derive(Debug)]
pub(crate) struct Bandwidth {
    /// Bits a second; nothing where it is not measured.
    estimate: Option<u64>,
    sound: Rate,
    raised: Option<Instant>,
    failures: u32,
    rests_until: Option<Instant>,
    /// When to divide it next.
    pub(crate) due: Option<Instant>,
    /// What the transport was told last: the least to send, and what could be used.
    told: Option<(u64, u64)>,
    asked: Option<Instant>,
}

impl Bandwidth {
    pub(crate) fn new(is_measured: bool) -> Self {
        Self {
            estimate: is_measured.then_some(FIRST_ESTIMATE),
            sound: Rate::default(),
            raised: None,
            failures: 0,
            rests_until: None,
            due: None,
            told: None,
            asked: None,
        }
    }

    /// Whether it is measured at all.
    pub(crate) fn is_measured(&self) -> bool {
        self.estimate.is_some()
    }

    /// A new estimate, in bits a second; says whether it fell enough to look at the division at once.
    pub(crate) fn estimated(&mut self, bits: u64) -> bool {
        let before = self.estimate.replace(bits);
        before.is_some_and(|before| bits < before / 100 * 97)
    }

    /// Sound was sent to the subscriber.
    pub(crate) fn sounded(&mut self, now: Instant, bytes: usize) {
        self.sound.note(now, 0, bytes);
    }

    /// What the sound takes, in bits a second.
    pub(crate) fn sound(&mut self, now: Instant) -> u64 {
        self.sound.bits(now, 0).unwrap_or(0) / 100 * SOUND_RESERVE
    }

    /// What there is for pictures, in bits a second; no bound where it is not measured.
    pub(crate) fn budget(&mut self, now: Instant) -> u64 {
        let Some(estimate) = self.estimate else { return u64::MAX };
        estimate.saturating_sub(self.sound(now))
    }

    /// What to tell the transport, when that is another than before: the least to send and what could
    /// be used. A transport looks for more when more is wanted than before, so while the network is
    /// short it is asked for a little more and less in turns.
    pub(crate) fn ask(&mut self, now: Instant, least: u64, wanted: u64) -> Option<(u64, u64)> {
        let estimate = self.estimate?;
        let is_near = |one: u64, other: u64| one.abs_diff(other) <= other / 20;
        let asks_again = self.asked.is_none_or(|asked| now.saturating_duration_since(asked) >= ASKING);
        if estimate < wanted && asks_again {
            self.asked = Some(now);
            self.told = Some((least, wanted / 10 * 11));
            return self.told;
        }
        if self.told.is_some_and(|told| is_near(told.0, least) && is_near(told.1, wanted)) {
            return None;
        }
        self.told = Some((least, wanted));
        self.told
    }

    /// Whether anything may get better now.
    pub(crate) fn may_rise(&self, now: Instant) -> bool {
        self.rests_until.is_none_or(|until| until <= now)
    }

    /// Something got better.
    pub(crate) fn rose(&mut self, now: Instant) {
        self.raised = Some(now);
    }

    /// The link forced something to get worse.
    pub(crate) fn fell(&mut self, now: Instant) {
        let since_rise = self.raised.map(|raised| now.saturating_duration_since(raised));
        match since_rise {
            Some(since) if since < TRIAL => {
                let rest = (FIRST_REST * 2_u32.saturating_pow(self.failures.min(8))).min(LONGEST_REST);
                self.rests_until = Some(now + rest);
                self.failures = self.failures.saturating_add(1);
            }
            Some(since) if since > PROVEN => self.failures = 0,
            _ => {}
        }
        self.raised = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_that_fail_are_tried_less_and_less() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(true);
        let mut rests = Vec::new();
        for _ in 0..6 {
            bandwidth.rose(now);
            now += Duration::from_secs(1);
            bandwidth.fell(now);
            let began = now;
            while !bandwidth.may_rise(now) {
                now += Duration::from_millis(500);
            }
            rests.push((now - began).as_secs());
        }
        assert_eq!(rests, [5, 10, 20, 40, 60, 60]);
        bandwidth.rose(now);
        now += PROVEN * 2;
        bandwidth.fell(now);
        assert!(bandwidth.may_rise(now), "it had been carried for long");
        bandwidth.rose(now);
        bandwidth.fell(now);
        assert!(!bandwidth.may_rise(now + FIRST_REST / 2) && bandwidth.may_rise(now + FIRST_REST));
    }

    #[test]
    fn sound_is_paid_first() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(true);
        for _ in 0..200 {
            bandwidth.sounded(now, 100);
            now += Duration::from_millis(20);
        }
        bandwidth.estimated(140_000);
        let left = bandwidth.budget(now);
        assert!((95_000..97_000).contains(&left), "{left}");
        assert_eq!(Bandwidth::new(false).budget(now), u64::MAX);
    }
}
