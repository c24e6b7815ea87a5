//! What is known of the network to one subscriber, and when its tiles may get better.

use std::time::{Duration, Instant};

use crate::{losses::Losses, rate::Rate};

/// What is assumed of a new subscriber's network until it is measured, in bits a second.
pub(crate) const FIRST_ESTIMATE: u64 = 300_000;
/// How often the network is looked at.
pub(crate) const ESTIMATE_PERIOD: Duration = Duration::from_millis(50);
/// While more is wanted than there is, the transport is asked this often to look for it, and half as
/// often after each time that it found nothing.
const ASKING: Duration = Duration::from_secs(3);
/// The longest time between two such questions.
const LONGEST_ASKING: Duration = Duration::from_secs(6);
/// An estimate that fell within this time is not asked about.
const CALM: Duration = Duration::from_secs(2);
/// An estimate that falls below this part of what it was collapses, in percent. It falls in steps, and
/// each shows a network that was still overfilled.
const COLLAPSE: u64 = 50;
/// How long what it was counts.
const MEMORY: Duration = Duration::from_millis(1500);
/// For this long after a collapse only a part of the estimate is used, so that queues empty.
const CAUTION: Duration = Duration::from_millis(1000);
/// What part, as a divisor.
const CAUTIOUS_PART: u64 = 8;
/// How often the division is looked at without a cause.
pub(crate) const PERIOD: Duration = Duration::from_millis(300);
/// After a layer was changed the tile keeps what it has for this long, unless the link forces it.
pub(crate) const SETTLING: Duration = Duration::from_secs(2);
/// How long a picture is new. It gets better sooner then.
pub(crate) const BEGINNING: Duration = Duration::from_secs(5);
/// After a layer of a new picture was changed it keeps that for this long.
pub(crate) const SETTLING_AT_FIRST: Duration = Duration::from_millis(400);
/// A picture that was paused comes back after this time at the earliest.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);
/// What is carried is kept on a network that loses packets by chance until the estimate is below this
/// part of it, in percent.
const KEPT_DOWN_TO: u64 = 40;
/// What begins after something got worse begins this much later: a queue that is full would lose part of
/// its keyframe, and what waits at its end arrives no sooner.
const DRAIN: Duration = Duration::from_millis(80);
/// For this long after something got worse an estimate is doubted while everything arrives.
const AFTERMATH: Duration = Duration::from_secs(8);
/// What fell within this time of a rise was raised too early.
const TRIAL: Duration = Duration::from_secs(3);
/// After a rise that failed nothing rises to there for this long, and twice as long after each further
/// one.
const FIRST_REST: Duration = Duration::from_secs(5);
/// The longest such rest.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Rises that last this long make earlier failures forgotten.
const PROVEN: Duration = Duration::from_secs(30);
/// Something better may make up this much of what the link seems to carry, in percent.
const RISES_UP_TO: u64 = 82;
/// The same on a network that loses packets by chance, for which it is estimated too low.
const LOSSY_RISES_UP_TO: u64 = 100;
/// And this much of what it failed to carry.
const BELOW_FAILED: u64 = 93;
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
    /// What was carried when a rise failed, and until when it counts.
    ceiling: Option<(u64, Instant)>,
    /// When the estimate fell last.
    fell: Option<Instant>,
    /// Whether it fell below what was sent, ever.
    is_tight: bool,
    /// When to divide it next.
    pub(crate) due: Option<Instant>,
    /// When to begin what replaces what got worse.
    pub(crate) starts_due: Option<Instant>,
    /// What the transport was told last: the least to send, and what could be used.
    told: Option<(u64, u64)>,
    asked: Option<(Instant, u64)>,
    /// How long to wait before the transport is asked again.
    patience: Duration,
    /// The highest estimate of late.
    high: Option<(u64, Instant)>,
    cautious_until: Option<Instant>,
    /// Since when what is shown does not fit, at its least.
    short_since: Option<Instant>,
    /// When the link forced something to get worse.
    reduced: Option<Instant>,
    /// What was sent when that was last looked at, in bits a second.
    sent: u64,
    pub(crate) losses: Losses,
}

impl Bandwidth {
    pub(crate) fn new(is_measured: bool) -> Self {
        Self {
            estimate: is_measured.then_some(FIRST_ESTIMATE),
            sound: Rate::default(),
            raised: None,
            failures: 0,
            ceiling: None,
            fell: None,
            is_tight: false,
            due: None,
            starts_due: None,
            told: None,
            asked: None,
            patience: ASKING,
            high: None,
            cautious_until: None,
            short_since: None,
            reduced: None,
            sent: 0,
            losses: Losses::default(),
        }
    }

    /// It is another network from now on.
    pub(crate) fn begin_anew(&mut self) {
        let sound = std::mem::take(&mut self.sound);
        *self = Self { sound, due: self.due, sent: self.sent, ..Self::new(self.is_measured()) };
    }

    /// Whether it is measured at all.
    pub(crate) fn is_measured(&self) -> bool {
        self.estimate.is_some()
    }

    /// A new estimate, in bits a second; says whether it fell enough to look at the division at once.
    pub(crate) fn estimated(&mut self, now: Instant, bits: u64) -> bool {
        let before = self.estimate.replace(bits);
        if self.high.is_none_or(|(high, at)| bits >= high || now.saturating_duration_since(at) > MEMORY) {
            self.high = Some((bits, now));
        }
        let falls = before.is_some_and(|before| bits < before / 100 * 97);
        // Above what is sent it is a guess, and wavers.
        if falls && bits < self.sent {
            self.fell = Some(now);
            self.is_tight = true;
        }
        falls
    }

    /// Whether it did not carry what was sent, at some time.
    pub(crate) fn is_tight(&self) -> bool {
        self.is_tight
    }

    /// What the network carries, in bits a second, as far as that is known.
    pub(crate) fn estimate(&self) -> u64 {
        self.estimate.unwrap_or(u64::MAX)
    }

    /// Sound was sent to the subscriber.
    pub(crate) fn sounded(&mut self, now: Instant, bytes: usize) {
        self.sound.note(now, 0, bytes);
    }

    /// What the sound takes, in bits a second.
    pub(crate) fn sound(&mut self, now: Instant) -> u64 {
        self.sound.bits(now, 0).unwrap_or(0) / 100 * SOUND_RESERVE
    }

    /// What there is for pictures, in bits a second, while so much is `carried` and it takes `least` to
    /// show all of them a little; no bound where it is not measured.
    pub(crate) fn budget(&mut self, now: Instant, carried: u64, least: u64) -> u64 {
        let Some(estimate) = self.estimate else { return u64::MAX };
        let sound = self.sound(now);
        self.sent = carried.saturating_add(sound);
        let left = estimate.saturating_sub(sound);
        let collapsed = self.high.is_some_and(|(high, _)| estimate < high / 100 * COLLAPSE);
        if collapsed
            && carried > left
            && !self.losses.are_chance(now)
            && self.cautious_until.is_none_or(|until| until <= now)
        {
            self.cautious_until = Some(now + CAUTION);
            self.high = Some((estimate, now));
            (self.asked, self.patience) = (None, ASKING);
        }
        let is_cautious = self.cautious_until.is_some_and(|until| now < until);
        if is_cautious { (left / CAUTIOUS_PART).max(least.min(left)) } else { left }
    }

    /// What to tell the transport, when that is another than before: the least to send and what could
    /// be used. A transport looks for more when more is wanted than before, so while the network is
    /// short it is asked for a little more and less in turns.
    pub(crate) fn ask(&mut self, now: Instant, least: u64, wanted: u64) -> Option<(u64, u64)> {
        let estimate = self.estimate?;
        let is_near = |one: u64, other: u64| one.abs_diff(other) <= other / 20;
        let waited = |(asked, _)| now.saturating_duration_since(asked) >= self.patience;
        let is_calm = self.losses.are_few() || self.fell.is_none_or(|fell| now.saturating_duration_since(fell) >= CALM);
        // Filling a network that was just overfilled keeps its queue full.
        let least = if is_calm { least } else { 0 };
        if estimate < wanted && is_calm && self.asked.is_none_or(waited) {
            let found_more = self.asked.is_none_or(|(_, before)| estimate > before / 10 * 11);
            self.patience = if found_more { ASKING } else { (self.patience * 2).min(LONGEST_ASKING) };
            self.asked = Some((now, estimate));
            self.told = Some((least, wanted / 10 * 11));
            return self.told;
        }
        if self.told.is_some_and(|told| is_near(told.0, least) && is_near(told.1, wanted)) {
            return None;
        }
        self.told = Some((least, wanted));
        self.told
    }

    /// What everything may cost with what gets better now, of this budget: some of it stays free, and
    /// after a rise that failed it stays below that.
    pub(crate) fn limit(&self, now: Instant, budget: u64) -> u64 {
        let limit =
            (budget / 100).saturating_mul(if self.losses.are_chance(now) { LOSSY_RISES_UP_TO } else { RISES_UP_TO });
        // What failed while the network was at its worst says nothing of one that carries twice as much.
        let ceiling = self.ceiling.filter(|(failed, until)| now < *until && limit < failed.saturating_mul(2));
        ceiling.map_or(limit, |(failed, _)| limit.min(failed / 100 * BELOW_FAILED))
    }

    /// What is carried may cost this much. An estimate falls with every loss; one that is chance takes
    /// nothing away.
    pub(crate) fn kept(&mut self, now: Instant, budget: u64, carried: u64) -> u64 {
        let is_enough = budget >= carried / 100 * KEPT_DOWN_TO;
        // Once less is sent an estimate goes on to fall for what was lost before.
        let has_fallen = self.reduced.is_some_and(|at| now.saturating_duration_since(at) < AFTERMATH);
        let is_carried = (is_enough && self.losses.are_chance(now)) || (has_fallen && self.losses.are_few());
        if is_carried { budget.max(carried) } else { budget }
    }

    /// For how long what is shown has not fitted.
    pub(crate) fn short_for(&self, now: Instant) -> Duration {
        self.short_since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }

    /// Notes whether what is shown does not fit.
    pub(crate) fn note_short(&mut self, now: Instant, is_short: bool) {
        self.short_since = is_short.then(|| self.short_since.unwrap_or(now));
    }

    /// Something got better.
    pub(crate) fn rose(&mut self, now: Instant) {
        self.raised = Some(now);
    }

    /// The link forced something to get worse while so much was `carried`.
    pub(crate) fn fell(&mut self, now: Instant, carried: u64) {
        let since_rise = self.raised.map(|raised| now.saturating_duration_since(raised));
        match since_rise {
            Some(since) if since < TRIAL => {
                let rest = (FIRST_REST * 2_u32.saturating_pow(self.failures.min(8))).min(LONGEST_REST);
                self.ceiling = Some((carried, now + rest));
                self.failures = self.failures.saturating_add(1);
            }
            Some(since) if since > PROVEN => self.failures = 0,
            _ => {}
        }
        self.raised = None;
        self.reduced = Some(now);
        self.is_tight = true;
        self.starts_due = Some(now + DRAIN);
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
            bandwidth.fell(now, 1_000_000);
            assert_eq!(bandwidth.limit(now, 1_000_000), 820_000, "what is less may rise");
            let began = now;
            while bandwidth.limit(now, 2_000_000) < 1_000_000 {
                now += Duration::from_millis(500);
            }
            rests.push((now - began).as_secs());
        }
        assert_eq!(rests, [5, 10, 20, 40, 60, 60]);
        bandwidth.rose(now);
        now += PROVEN * 2;
        bandwidth.fell(now, 1_000_000);
        assert_eq!(bandwidth.limit(now, 2_000_000), 1_640_000, "it had been carried for long");
        bandwidth.rose(now);
        bandwidth.fell(now, 1_000_000);
        assert_eq!(bandwidth.limit(now + FIRST_REST / 2, 2_000_000), 930_000);
        assert_eq!(bandwidth.limit(now + FIRST_REST / 2, 4_000_000), 3_280_000, "another network");
        assert_eq!(bandwidth.limit(now + FIRST_REST, 2_000_000), 1_640_000);
    }

    #[test]
    fn sound_is_paid_first() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(true);
        for _ in 0..200 {
            bandwidth.sounded(now, 100);
            now += Duration::from_millis(20);
        }
        bandwidth.estimated(now, 140_000);
        let left = bandwidth.budget(now, 0, 0);
        assert!((95_000..97_000).contains(&left), "{left}");
        assert_eq!(Bandwidth::new(false).budget(now, 0, 0), u64::MAX);
    }

    #[test]
    fn after_a_collapse_queues_are_given_time_to_empty() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(true);
        bandwidth.estimated(now, 4_000_000);
        now += Duration::from_millis(500);
        bandwidth.estimated(now, 1_900_000);
        assert_eq!(bandwidth.budget(now, 1_000_000, 0), 1_900_000, "it carries what is sent");
        assert_eq!(bandwidth.budget(now, 3_000_000, 0), 237_500);
        now += CAUTION / 2;
        bandwidth.estimated(now, 1_900_000);
        assert_eq!(bandwidth.budget(now, 500_000, 0), 237_500);
        assert_eq!(bandwidth.budget(now, 500_000, 600_000), 600_000, "nobody disappears for that");
        assert_eq!(bandwidth.budget(now + CAUTION, 500_000, 0), 1_900_000);
        // What falls slowly does not collapse.
        let mut bits = 4_000_000;
        for _ in 0..40 {
            now += Duration::from_millis(300);
            bits = bits / 100 * 95;
            bandwidth.estimated(now, bits);
        }
        assert_eq!(bandwidth.budget(now, 4_000_000, 0), bits);
    }

    #[test]
    fn a_guess_above_what_is_sent_may_waver_and_one_below_it_is_doubted_once_all_arrives() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(true);
        bandwidth.estimated(now, 1_000_000);
        assert_eq!(bandwidth.budget(now, 500_000, 0), 1_000_000);
        bandwidth.estimated(now, 900_000);
        assert_eq!(bandwidth.kept(now, 400_000, 500_000), 400_000, "nothing is known of it");
        bandwidth.fell(now, 500_000);
        bandwidth.losses.note(now, Some(0.2), None);
        assert_eq!(bandwidth.kept(now, 400_000, 500_000), 400_000, "it is overfilled");
        now += Duration::from_secs(1);
        bandwidth.losses.note(now, Some(0.0), None);
        assert_eq!(bandwidth.kept(now, 400_000, 500_000), 500_000, "all of it arrives");
        now += AFTERMATH;
        assert_eq!(bandwidth.kept(now, 400_000, 500_000), 400_000);
    }

    #[test]
    fn a_network_that_carries_no_more_is_asked_less_and_less() {
        let mut now = Instant::now();
        let begin = now;
        let mut bandwidth = Bandwidth::new(true);
        let mut asked = Vec::new();
        for _ in 0..200 {
            if bandwidth.ask(now, 0, 3_000_000).is_some_and(|(_, wanted)| wanted > 3_000_000) {
                asked.push((now - begin).as_secs());
            }
            now += Duration::from_millis(200);
        }
        assert_eq!(asked, [0, 3, 9, 15, 21, 27, 33, 39]);
        assert_eq!(bandwidth.ask(now, 0, 200_000), Some((0, 200_000)), "there is enough of that");
        assert_eq!(bandwidth.ask(now, 0, 201_000), None, "nothing new");
    }
}
