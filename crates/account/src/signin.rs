//! Whether a password counts. Wrong ones are counted for every address alike, whether or not anybody
//! has it, and lock it for a growing time.

use protocol::{Millis, error::ErrorCode, id::SessionId};

use crate::{
    Account,
    interface::{Answer, Failures, Hidden, Random, Refusal},
    password::Match,
};

/// Wrong passwords after which no password is looked at for a time.
pub const LOCK_AFTER: u32 = 10;
/// How long the first lock lasts; each further wrong password doubles it.
pub const LOCK_LEAST_MS: Millis = 30_000;
/// How long a lock lasts at most.
pub const LOCK_MOST_MS: Millis = 3_600_000;
/// How long after the last wrong password all are forgotten.
pub const FAILURES_KEPT_MS: Millis = 24 * 3_600_000;

/// A password in exchange for another.
pub(crate) struct NewSecret {
    pub(crate) current: Option<Hidden>,
    pub(crate) password: Hidden,
}

impl Account {
    pub(crate) fn login(
        &mut self,
        now: Millis,
        random: &Random,
        password: &Hidden,
        device: String,
    ) -> Result<Answer, Refusal> {
        self.unlocked(now)?;
        let core = &self.core;
        let kept = core.holder.as_ref().and_then(|holder| holder.password_hash.clone());
        // Of several sign-ups only the newest is looked at, because every address costs two hashes.
        let waiting = core.pending.last().map(|pending| pending.password_hash.clone());
        let found = self.passwords.check(password, kept.as_deref())?;
        let waits = self.passwords.check(password, waiting.as_deref())? != Match::No;
        if found == Match::No {
            // Whoever signed up learns what they know already; it is neither counted nor are others forgotten.
            return Err(if waits { ErrorCode::EmailNotVerified.into() } else { self.wrong(now) });
        }
        self.core.failures = Failures::default();
        if found == Match::Outdated {
            let hash = self.passwords.hash(password, &random.salt())?;
            if let Some(holder) = &mut self.core.holder {
                holder.password_hash = Some(hash);
            }
        }
        self.sign_in(now, random, device)
    }

    pub(crate) fn change_password(
        &mut self,
        now: Millis,
        random: &Random,
        session: SessionId,
        new: NewSecret,
        origin: &str,
    ) -> Result<Answer, Refusal> {
        self.signed_in(session)?;
        let kept = self.core.holder.as_ref().and_then(|holder| holder.password_hash.clone());
        if let Some(kept) = kept {
            let current = new.current.ok_or(ErrorCode::InvalidCredentials)?;
            self.unlocked(now)?;
            if self.passwords.check(&current, Some(&kept))? == Match::No {
                return Err(self.wrong(now));
            }
            self.core.failures = Failures::default();
        }
        let hash = self.passwords.hash(&new.password, &random.salt())?;
        if let Some(holder) = &mut self.core.holder {
            holder.password_hash = Some(hash);
        }
        // A link that was mailed before may be in the hands that the change is meant to shut out.
        self.core.reset = None;
        let others = self.sessions.keys_where(|other| other.id != session);
        self.sign_out(&others);
        self.notice(now, "Your password was changed, and every other device was signed out.", origin);
        Ok(Answer::Done)
    }

    /// Whether a password is looked at: not where there were too many wrong ones.
    fn unlocked(&self, now: Millis) -> Result<(), Refusal> {
        let wait = self.core.failures.locked_until.saturating_sub(now);
        if wait > 0 { Err(Refusal::after(wait)) } else { Ok(()) }
    }

    /// Counts a wrong password.
    fn wrong(&mut self, now: Millis) -> Refusal {
        self.core.failures.one_more(now);
        ErrorCode::InvalidCredentials.into()
    }
}

impl Failures {
    fn one_more(&mut self, now: Millis) {
        self.count = self.count.saturating_add(1);
        self.last_at = now;
        if let Some(further) = self.count.checked_sub(LOCK_AFTER) {
            let doubled = LOCK_LEAST_MS.saturating_mul(1_u64.checked_shl(further).unwrap_or(u64::MAX));
            self.locked_until = now.saturating_add(doubled.min(LOCK_MOST_MS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_wrong_password_locks_and_each_further_one_twice_as_long_up_to_an_hour() {
        let mut failures = Failures::default();
        let locks = (1..=200).map(|_| {
            failures.one_more(1_000);
            failures.locked_until.saturating_sub(1_000)
        });
        let locks: Vec<_> = locks.collect();
        assert_eq!(locks[..9], [0; 9]);
        let expected = [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600].map(|seconds| seconds * 1_000);
        assert_eq!(locks[9..18], expected);
        assert!(locks[18..].iter().all(|lock| *lock == LOCK_MOST_MS));
    }
}
