//! What time takes away, and when it does so next.

use protocol::Millis;

use crate::{
    Account,
    interface::{Core, Failures, Spent},
    sessions::SESSION_MS,
    signin::FAILURES_KEPT_MS,
};

impl Account {
    /// When [`crate::Input::Woken`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let core = &self.core;
        let forgiven = (core.failures.count > 0).then(|| core.failures.forgotten_at());
        // With an account, what was spent is looked at when something is spent again.
        let spent = if core.holder.is_none() { core.spent.ends_at() } else { None };
        let once = [forgiven, spent, self.mails.next_due(), self.errands.next_due()].into_iter().flatten();
        let tokens = core.pending.iter().map(|pending| &pending.token).chain(&core.reset).map(|token| token.expires_at);
        let calls = core.calls.iter().map(|ringing| ringing.call.until);
        let sessions = self.sessions.values().map(|session| session.used_at.saturating_add(SESSION_MS));
        let meetings = self.meetings.values().filter_map(|meeting| self.forgets_at(meeting));
        once.chain(tokens).chain(calls).chain(sessions).chain(meetings).min()
    }

    /// Whatever is over by now.
    pub(crate) fn age(&mut self, now: Millis) {
        self.core.spent.age(now);
        if self.core.failures.forgotten_at() <= now {
            self.core.failures = Failures::default();
        }
        self.core.pending.retain(|pending| now < pending.token.expires_at);
        self.core.reset.take_if(|token| token.expires_at <= now);
        // Whoever comes next is somebody else.
        self.tidy();
        let unused = self.sessions.keys_where(|session| session.used_at.saturating_add(SESSION_MS) <= now);
        self.sign_out(&unused);
        self.miss_calls(now);
        self.forget_meetings(now);
    }

    /// Drops what belongs to nobody any more.
    pub(crate) fn tidy(&mut self) {
        if self.core.holder.is_none() && self.core.pending.is_empty() {
            self.core.reset = None;
            self.core.email = None;
        }
    }

    /// Whether this is as if nobody had ever used the address.
    pub(crate) fn is_empty(&self) -> bool {
        let core = Core { next_entry: 0, ..self.core.clone() };
        core == Core::empty()
            && self.sessions.is_empty()
            && self.meetings.is_empty()
            && self.mails.is_empty()
            && self.errands.is_empty()
    }
}

impl Core {
    /// An address that nobody has used.
    pub(crate) fn empty() -> Self {
        Self {
            holder: None,
            pending: Vec::new(),
            reset: None,
            failures: Failures::default(),
            spent: Spent::default(),
            calls: Vec::new(),
            next_entry: 0,
            email: None,
        }
    }
}

impl Failures {
    /// When they are forgotten.
    fn forgotten_at(&self) -> Millis {
        self.last_at.saturating_add(FAILURES_KEPT_MS)
    }
}
