//! Keyframe requests: many subscribers want one, the publisher is asked once.
//!
//! Each layer has one owner of its requests, and the layers of a track share an allowance: a
//! keyframe costs the publisher's link as much as a second of video.

use std::time::{Duration, Instant};

/// How long a request stands before it is repeated; also the shortest time between two.
pub(crate) const REQUEST_WINDOW: Duration = Duration::from_millis(500);
/// How often a request is repeated to a publisher that sends nothing at all.
const UNHEARD_REPEATS: u32 = 20;
/// The time in which a track earns one request.
const REQUEST_PERIOD: Duration = Duration::from_millis(1300);
/// Requests that a track may save up.
const SAVED_REQUESTS: i32 = 2;
/// Urgent requests that it may make before it earned them.
const BORROWED_REQUESTS: i32 = 2;

/// What to do with a wish for a keyframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// Ask the publisher.
    Send,
    /// A request under way will answer it, or the next one, when it may be sent.
    Coalesced,
}

/// What a keyframe is wanted for, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Need {
    /// A picture that is seen shall get better: asked while nobody needs the allowance more.
    #[default]
    Better,
    /// Somebody sees nothing yet, or lost what they saw.
    Usual,
    /// A link that carries no more than a lower layer stands still until its keyframe comes.
    Urgent,
}

impl Need {
    /// Requests that must be left for it.
    const fn least(self) -> i32 {
        match self {
            Self::Better => SAVED_REQUESTS,
            Self::Usual => 1,
            Self::Urgent => 1 - BORROWED_REQUESTS,
        }
    }
}

/// The requests that the layers of one track may still make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Below nothing after what was urgent; that is earned back before anything else is asked.
    left: i32,
    since: Option<Instant>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { left: SAVED_REQUESTS, since: None }
    }
}

impl Allowance {
    fn spend(&mut self, now: Instant, need: Need) -> bool {
        let since = *self.since.get_or_insert(now);
        let earned = now.saturating_duration_since(since).as_nanos() / REQUEST_PERIOD.as_nanos();
        let earned = i32::try_from(earned).unwrap_or(i32::MAX);
        self.left = self.left.saturating_add(earned);
        self.since = Some(since + REQUEST_PERIOD * earned.unsigned_abs().min(UNHEARD_REPEATS));
        if self.left >= SAVED_REQUESTS {
            // What is earned beyond that is lost.
            (self.left, self.since) = (SAVED_REQUESTS, Some(now));
        }
        let allowed = self.left >= need.least();
        self.left -= i32::from(allowed);
        allowed
    }

    /// When the next request of this need may be made.
    fn next(&self, need: Need) -> Option<Instant> {
        let missing = u32::try_from(need.least().max(1) - self.left).ok().filter(|missing| *missing > 0)?;
        self.since.map(|since| since + REQUEST_PERIOD * missing)
    }
}

/// The owner of all keyframe requests to one layer.
#[derive(Debug, Default)]
pub(crate) struct KeyframeRequests {
    wanted: bool,
    need: Need,
    sent: Option<Instant>,
    repeats: u32,
    /// A request was sent and no keyframe came since.
    unanswered: bool,
    /// It was repeated for nothing: what is lost on its way costs no keyframe, which is believed once.
    repeated: bool,
}

impl KeyframeRequests {
    /// Somebody needs a keyframe.
    pub(crate) fn want(&mut self, now: Instant, need: Need, allowance: &mut Allowance) -> Request {
        self.wanted = true;
        self.need = self.need.max(need);
        self.repeats = 0;
        self.ask(now, allowance)
    }

    /// What it is wanted for, if somebody waits for one.
    pub(crate) fn need(&self) -> Option<Need> {
        self.wanted.then_some(self.need)
    }

    /// Whether somebody waits for one.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// A keyframe began: every wish so far is answered.
    pub(crate) fn arrived(&mut self) {
        self.wanted = false;
        self.need = Need::Better;
        (self.unanswered, self.repeated) = (false, false);
    }

    /// When to ask again without having heard from the publisher.
    pub(crate) fn retry_at(&self, allowance: &Allowance) -> Option<Instant> {
        self.due_at(allowance).filter(|_| self.repeats < UNHEARD_REPEATS)
    }

    /// Whether to ask again now: a keyframe is wanted and the last request had its time.
    pub(crate) fn retry(&mut self, now: Instant, allowance: &mut Allowance) -> bool {
        let sent = self.wanted && self.ask(now, allowance) == Request::Send;
        self.repeats = self.repeats.saturating_add(u32::from(sent));
        sent
    }

    fn ask(&mut self, now: Instant, allowance: &mut Allowance) -> Request {
        let stands = self.sent.is_some_and(|sent| now.saturating_duration_since(sent) < REQUEST_WINDOW);
        let free = self.is_free();
        if stands || !(free || allowance.spend(now, self.need)) {
            return Request::Coalesced;
        }
        (self.unanswered, self.repeated) = (true, free || self.repeated);
        self.sent = Some(now);
        Request::Send
    }

    fn due_at(&self, allowance: &Allowance) -> Option<Instant> {
        let window = self.sent.map(|sent| sent + REQUEST_WINDOW);
        let allowed = allowance.next(self.need).filter(|_| !self.is_free());
        // Wanted and never sent: it waits for the allowance alone.
        window.max(allowed).filter(|_| self.wanted)
    }

    fn is_free(&self) -> bool {
        self.unanswered && !self.repeated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Need = Need::Usual;

    #[test]
    fn one_request_answers_everyone_within_the_window() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let (mut requests, mut allowance) = (KeyframeRequests::default(), Allowance::default());
        assert_eq!(requests.want(at(0), USUAL, &mut allowance), Request::Send);
        assert_eq!(requests.want(at(1), USUAL, &mut allowance), Request::Coalesced);
        assert_eq!(requests.retry_at(&allowance), Some(at(500)));
        assert!(!requests.retry(at(499), &mut allowance));
        assert!(requests.retry(at(500), &mut allowance));
        assert!(!requests.retry(at(501), &mut allowance));
        requests.arrived();
        assert_eq!(requests.retry_at(&allowance), None);
    }

    #[test]
    fn the_layers_of_a_track_are_asked_once_a_second_in_the_long_run() {
        let mut now = Instant::now();
        let mut allowance = Allowance::default();
        let mut layers = [KeyframeRequests::default(), KeyframeRequests::default()];
        let mut sent = 0;
        for _ in 0..995 {
            for requests in &mut layers {
                sent += u32::from(requests.want(now, USUAL, &mut allowance) == Request::Send);
                requests.arrived();
            }
            now += Duration::from_millis(10);
        }
        assert!((9..=10).contains(&sent), "{sent} in ten seconds");
        let [first, _] = &mut layers;
        assert_eq!(first.want(now, USUAL, &mut allowance), Request::Coalesced);
        let due = first.retry_at(&allowance).unwrap();
        assert!(due <= now + REQUEST_PERIOD);
        assert!(first.retry(due, &mut allowance));
    }

    #[test]
    fn what_is_urgent_borrows_from_what_comes_later() {
        let now = Instant::now();
        let (mut requests, mut other) = (KeyframeRequests::default(), KeyframeRequests::default());
        let mut allowance = Allowance::default();
        while other.want(now, USUAL, &mut allowance) == Request::Send {
            other = KeyframeRequests::default();
        }
        assert_eq!(requests.want(now, USUAL, &mut allowance), Request::Coalesced);
        assert_eq!(requests.want(now, Need::Urgent, &mut allowance), Request::Send);
        assert_eq!(requests.want(now, Need::Urgent, &mut allowance), Request::Coalesced);
        // It is earned back before anything else is asked.
        let repeated = now + REQUEST_WINDOW;
        assert!(requests.retry(repeated, &mut allowance), "nothing came of it: once more, for nothing");
        assert_eq!(requests.retry_at(&allowance), Some(now + REQUEST_PERIOD * 2));
        assert_eq!(other.want(now + REQUEST_PERIOD, USUAL, &mut allowance), Request::Coalesced);
        assert_eq!(other.want(now + REQUEST_PERIOD * 2, USUAL, &mut allowance), Request::Send);
    }

    #[test]
    fn what_is_lost_on_its_way_is_repeated_for_nothing_once() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let (mut requests, mut allowance) = (KeyframeRequests::default(), Allowance::default());
        for asked in [0, 500] {
            assert_eq!(requests.want(at(asked), USUAL, &mut allowance), Request::Send);
            requests.arrived();
        }
        assert_eq!(requests.want(at(1000), USUAL, &mut allowance), Request::Coalesced, "nothing is left");
        assert_eq!(requests.retry_at(&allowance), Some(at(1300)));
        assert!(requests.retry(at(1300), &mut allowance));
        assert_eq!(requests.retry_at(&allowance), Some(at(1800)));
        assert_eq!(requests.want(at(1700), USUAL, &mut allowance), Request::Coalesced);
        assert!(requests.retry(at(1800), &mut allowance));
        assert_eq!(requests.retry_at(&allowance), Some(at(2600)), "it costs something again");
        assert!(requests.retry(at(2600), &mut allowance));
        assert_eq!(requests.retry_at(&allowance), Some(at(3900)), "without a keyframe nothing is for nothing");
        requests.arrived();
        assert_eq!(requests.want(at(3899), USUAL, &mut allowance), Request::Coalesced, "none for a keyframe that came");
    }

    #[test]
    fn a_publisher_that_sends_nothing_is_not_asked_forever() {
        let mut now = Instant::now();
        let (mut requests, mut allowance) = (KeyframeRequests::default(), Allowance::default());
        assert_eq!(requests.want(now, USUAL, &mut allowance), Request::Send);
        while let Some(at) = requests.retry_at(&allowance) {
            now = at;
            assert!(requests.retry(now, &mut allowance));
        }
        assert_eq!(requests.repeats, UNHEARD_REPEATS);
        assert!(requests.retry(now + REQUEST_PERIOD, &mut allowance), "it is asked again when a packet comes");
    }
}
