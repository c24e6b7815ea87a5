//! How much is done for one address, and by one account, in an hour.

use protocol::{Millis, error::ErrorCode};

use crate::interface::{Refusal, Spent};

/// How long what was done counts.
pub const HOUR_MS: Millis = 3_600_000;
/// Mails to an address that anyone can cause, in an hour; above it the answers are the same and no mail goes out.
pub const LINKS_PER_HOUR: u32 = 10;
/// Mails to an address that say that its account was changed: they have room beyond
/// [`LINKS_PER_HOUR`], so that nobody silences them by causing the others.
pub const NOTICES_PER_HOUR: u32 = 2 * LINKS_PER_HOUR;
/// Meetings that one account makes in an hour.
pub const MEETINGS_PER_HOUR: u32 = 60;
/// Mails that one account causes to others in an hour.
pub const MAILS_PER_HOUR: u32 = 200;

impl Spent {
    /// Nothing counts any more once its hour is over.
    pub(crate) fn age(&mut self, now: Millis) {
        if *self != Self::default() && self.ends_at() <= now {
            *self = Self::default();
        }
    }

    /// When what was done counts no more.
    pub(crate) fn ends_at(&self) -> Millis {
        self.since.saturating_add(HOUR_MS)
    }

    /// One more mail to this address; whether it may go out.
    pub(crate) fn link(&mut self, now: Millis, most: u32) -> bool {
        let fits = self.links < most;
        if fits {
            self.begin(now);
            self.links = self.links.saturating_add(1);
        }
        fits
    }

    /// Counts meetings and mails to others, all or none of them.
    ///
    /// # Errors
    /// `rate_limited` with the time until the hour is over.
    pub(crate) fn spend(&mut self, now: Millis, meetings: u32, mails: u32) -> Result<(), Refusal> {
        let after = (self.meetings.saturating_add(meetings), self.mails.saturating_add(mails));
        if after.0 > MEETINGS_PER_HOUR || after.1 > MAILS_PER_HOUR {
            let ends_at = if *self == Self::default() { now.saturating_add(HOUR_MS) } else { self.ends_at() };
            return Err(Refusal::after(ends_at.saturating_sub(now)));
        }
        if (meetings, mails) != (0, 0) {
            self.begin(now);
            (self.meetings, self.mails) = after;
        }
        Ok(())
    }

    fn begin(&mut self, now: Millis) {
        if *self == Self::default() {
            self.since = now;
        }
    }
}

impl Refusal {
    /// A fault of our own.
    pub(crate) const INTERNAL: Self = Self::because(ErrorCode::Internal);

    /// No time would change that.
    pub(crate) const fn because(code: ErrorCode) -> Self {
        Self { code, retry_after_ms: None }
    }

    /// Too much; from then on it is not.
    pub(crate) const fn after(wait: Millis) -> Self {
        Self { code: ErrorCode::RateLimited, retry_after_ms: Some(wait) }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::because(code)
    }
}
