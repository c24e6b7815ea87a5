//! Keyframe requests of one layer: many subscribers want one, the publisher is asked once.

use std::time::{Duration, Instant};

/// How long a request stands before it is repeated; also the shortest time between two.
pub(crate) const REQUEST_WINDOW: Duration = Duration::from_millis(500);
/// How often a request is repeated to a publisher that sends nothing at all.
const UNHEARD_REPEATS: u32 = 20;

/// What to do with a wish for a keyframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// Ask the publisher.
    Send,
    /// A request under way will answer it, or the next one, when the window is over.
    Coalesced,
}

/// The owner of all keyframe requests to one layer.
#[derive(Debug, Default)]
pub(crate) struct KeyframeRequests {
    wanted: bool,
    sent: Option<Instant>,
    repeats: u32,
}

impl KeyframeRequests {
    /// Somebody needs a keyframe.
    pub(crate) fn want(&mut self, now: Instant) -> Request {
        self.wanted = true;
        self.repeats = 0;
        if self.sent.is_some_and(|sent| now.saturating_duration_since(sent) < REQUEST_WINDOW) {
            return Request::Coalesced;
        }
        self.sent = Some(now);
        Request::Send
    }

    /// Whether somebody waits for one.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// A keyframe began: every wish so far is answered.
    pub(crate) fn arrived(&mut self) {
        self.wanted = false;
    }

    /// When to ask again without having heard from the publisher.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        self.due_at().filter(|_| self.repeats < UNHEARD_REPEATS)
    }

    /// Whether to ask again now: a keyframe is wanted and the last request had its time.
    pub(crate) fn retry(&mut self, now: Instant) -> bool {
        let due = self.due_at().is_some_and(|at| at <= now);
        if due {
            self.sent = Some(now);
            self.repeats = self.repeats.saturating_add(1);
        }
        due
    }

    fn due_at(&self) -> Option<Instant> {
        self.sent.filter(|_| self.wanted).map(|sent| sent + REQUEST_WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_answers_everyone_within_the_window() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut requests = KeyframeRequests::default();
        assert_eq!(requests.want(at(0)), Request::Send);
        assert_eq!(requests.want(at(1)), Request::Coalesced);
        assert_eq!(requests.retry_at(), Some(at(500)));
        assert!(!requests.retry(at(499)));
        assert!(requests.retry(at(500)));
        assert!(!requests.retry(at(501)));
        requests.arrived();
        assert_eq!(requests.retry_at(), None);
        assert_eq!(requests.want(at(600)), Request::Coalesced);
        assert_eq!(requests.retry_at(), Some(at(1000)));
        assert_eq!(requests.want(at(1000)), Request::Send);
    }

    #[test]
    fn a_publisher_that_sends_nothing_is_not_asked_forever() {
        let mut now = Instant::now();
        let mut requests = KeyframeRequests::default();
        assert_eq!(requests.want(now), Request::Send);
        while let Some(at) = requests.retry_at() {
            now = at;
            assert!(requests.retry(now));
        }
        assert_eq!(requests.repeats, UNHEARD_REPEATS);
        assert!(requests.retry(now + REQUEST_WINDOW), "it is asked again when a packet comes");
    }
}
