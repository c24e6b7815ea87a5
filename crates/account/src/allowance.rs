//! How much is done for one address, and by one account, in an hour.

use protocol::{Millis, error::ErrorCode};

use crate::interface::{Hourly, Refusal, Spent};

/// How long what was done counts.
pub const HOUR_MS: Millis = 3_600_000;
/// Sign-ups with an address, and verifications asked for again, in an hour; above it the answers are
/// the same, nothing is kept and no mail goes out.
pub const SIGN_UPS_PER_HOUR: u32 = 10;
/// Reset links to an address in an hour; above it the answers are the same and no mail goes out.
pub const RESETS_PER_HOUR: u32 = 10;
/// Mails in an hour that say that the account was changed.
pub const NOTICES_PER_HOUR: u32 = 10;
/// Letters to an address that others cause in an hour, one who writes much and many who write little alike.
pub const LETTERS_PER_HOUR: u32 = 60;
/// Meetings that one account makes in an hour.
pub const MEETINGS_PER_HOUR: u32 = 60;
/// Mails that one account causes to others in an hour.
pub const MAILS_PER_HOUR: u32 = 200;

impl Spent {
    /// Nothing counts any more once its hour is over.
    pub(crate) fn age(&mut self, now: Millis) {
        if self.own_ends_at().is_some_and(|at| at <= now) {
            (self.since, self.meetings, self.mails) = (0, 0, 0);
        }
        for counted in [&mut self.sign_ups, &mut self.resets, &mut self.notices, &mut self.letters] {
            if counted.ends_at().is_some_and(|at| at <= now) {
                *counted = Hourly::default();
            }
        }
    }

    /// When the next of what was done counts no more.
    pub(crate) fn ends_at(&self) -> Option<Millis> {
        let counted = [self.sign_ups, self.resets, self.notices, self.letters];
        counted.iter().filter_map(Hourly::ends_at).chain(self.own_ends_at()).min()
    }

    /// Counts meetings and mails to others, all or none of them.
    ///
    /// # Errors
    /// `rate_limited` with the time until the hour is over.
    pub(crate) fn spend(&mut self, now: Millis, meetings: u32, mails: u32) -> Result<(), Refusal> {
        let after = (self.meetings.saturating_add(meetings), self.mails.saturating_add(mails));
        if after.0 > MEETINGS_PER_HOUR || after.1 > MAILS_PER_HOUR {
            return Err(Refusal::after(self.own_ends_at().map_or(HOUR_MS, |at| at.saturating_sub(now))));
        }
        if (meetings, mails) != (0, 0) {
            if self.own_ends_at().is_none() {
                self.since = now;
            }
            (self.meetings, self.mails) = after;
        }
        Ok(())
    }

    /// Counts one letter from somebody else.
    ///
    /// # Errors
    /// `rate_limited` with the time until the hour is over.
    pub(crate) fn receive(&mut self, now: Millis) -> Result<(), Refusal> {
        if self.letters.once_more(now, LETTERS_PER_HOUR) {
            return Ok(());
        }
        let ends_at = self.letters.ends_at().unwrap_or(now);
        Err(Refusal::after(ends_at.saturating_sub(now)))
    }

    fn own_ends_at(&self) -> Option<Millis> {
        let something = (self.since, self.meetings, self.mails) != (0, 0, 0);
        something.then(|| self.since.saturating_add(HOUR_MS))
    }
}

impl Hourly {
    /// Once more; whether that is within the bound.
    pub(crate) fn once_more(&mut self, now: Millis, most: u32) -> bool {
        let fits = self.count < most;
        if fits {
            if self.count == 0 {
                self.since = now;
            }
            self.count = self.count.saturating_add(1);
        }
        fits
    }

    /// When nothing of it counts any more; nothing where nothing does.
    pub(crate) fn ends_at(&self) -> Option<Millis> {
        (self.count > 0).then(|| self.since.saturating_add(HOUR_MS))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_before_the_counts_were_apart_is_read_and_its_hour_ends() {
        let mut spent: Spent = serde_json::from_str(r#"{"since":5,"links":7,"meetings":0,"mails":0}"#).unwrap();
        assert_eq!(spent, Spent { since: 5, ..Spent::default() });
        assert_eq!(spent.ends_at(), Some(5 + HOUR_MS));
        spent.age(5 + HOUR_MS);
        assert_eq!(spent, Spent::default());
    }
}
