//! Passwords and what is kept of them: Argon2id (RFC 9106) in PHC form. Whoever asks about a password
//! costs one hash, whether or not there is anything to compare it with.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::interface::{Hidden, Refusal};

/// Bytes of a salt (RFC 9106 §3.1).
pub(crate) const SALT_BYTES: usize = 16;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes, which one thread computes one after the other.
    pub lanes: u32,
}

impl PasswordCost {
    /// The least that the OWASP Password Storage Cheat Sheet asks of Argon2id.
    pub const PRODUCTION: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };
}

/// Whether a password is the one that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// It is not, or none is kept.
    No,
    /// It is.
    Yes,
    /// It is, and what is kept cost something else than today's.
    Outdated,
}

/// Computes hashes, and counts them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passwords {
    cost: PasswordCost,
    computed: u64,
}

impl Passwords {
    /// With this cost from now on.
    pub(crate) const fn new(cost: PasswordCost) -> Self {
        Self { cost, computed: 0 }
    }

    /// Hashes computed so far.
    pub(crate) const fn computed(&self) -> u64 {
        self.computed
    }

    /// What is kept of a new password.
    pub(crate) fn hash(&mut self, password: &Hidden, salt: &[u8; SALT_BYTES]) -> Result<String, Refusal> {
        let argon2 = self.argon2()?;
        self.computed = self.computed.saturating_add(1);
        let hash = argon2.hash_password_with_salt(password.expose().as_bytes(), salt);
        hash.map(|hash| hash.to_string()).map_err(|_| Refusal::INTERNAL)
    }

    /// Compares a password with what is kept of one; costs the same where nothing is.
    pub(crate) fn check(&mut self, password: &Hidden, kept: Option<&str>) -> Result<Match, Refusal> {
        let Some(kept) = kept else {
            std::hint::black_box(self.hash(password, &[0; SALT_BYTES])?);
            return Ok(Match::No);
        };
        let kept = PasswordHash::new(kept).map_err(|_| Refusal::INTERNAL)?;
        let argon2 = self.argon2()?;
        self.computed = self.computed.saturating_add(1);
        if argon2.verify_password(password.expose().as_bytes(), &kept).is_err() {
            return Ok(Match::No);
        }
        let cost = Params::try_from(&kept).map_err(|_| Refusal::INTERNAL)?;
        let today = argon2.params();
        let same = (cost.m_cost(), cost.t_cost(), cost.p_cost()) == (today.m_cost(), today.t_cost(), today.p_cost());
        Ok(if same { Match::Yes } else { Match::Outdated })
    }

    fn argon2(&self) -> Result<Argon2<'static>, Refusal> {
        let PasswordCost { memory_kib, passes, lanes } = self.cost;
        let params = Params::new(memory_kib, passes, lanes, None).map_err(|_| Refusal::INTERNAL)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };

    fn hidden(text: &str) -> Hidden {
        text.parse::<protocol::text::Password>().unwrap().into()
    }

    #[test]
    fn the_hash_says_what_it_cost() {
        let mut passwords = Passwords::new(PasswordCost::PRODUCTION);
        let kept = passwords.hash(&hidden("correct horse"), &[7; SALT_BYTES]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_eq!(passwords.check(&hidden("correct horse"), Some(&kept)), Ok(Match::Yes));
        assert_eq!(passwords.check(&hidden("correct horsf"), Some(&kept)), Ok(Match::No));
        assert_eq!(passwords.computed(), 3);
    }

    #[test]
    fn a_hash_of_another_cost_still_counts_and_is_outdated() {
        let kept = Passwords::new(CHEAP).hash(&hidden("correct horse"), &[7; SALT_BYTES]).unwrap();
        let mut passwords = Passwords::new(PasswordCost { passes: 2, ..CHEAP });
        assert_eq!(passwords.check(&hidden("correct horse"), Some(&kept)), Ok(Match::Outdated));
        assert_eq!(passwords.check(&hidden("wrong"), Some(&kept)), Ok(Match::No));
    }

    #[test]
    fn nothing_kept_costs_a_hash_and_matches_nothing() {
        let mut passwords = Passwords::new(CHEAP);
        assert_eq!(passwords.check(&hidden("anything"), None), Ok(Match::No));
        assert_eq!(passwords.computed(), 1);
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        let mut passwords = Passwords::new(CHEAP);
        assert_eq!(passwords.check(&hidden("anything"), Some("plain")), Err(Refusal::INTERNAL));
    }

    #[test]
    fn the_salt_makes_the_same_password_another_hash() {
        let mut passwords = Passwords::new(CHEAP);
        let first = passwords.hash(&hidden("x"), &[1; SALT_BYTES]);
        assert_eq!(first, passwords.hash(&hidden("x"), &[1; SALT_BYTES]));
        assert_ne!(first, passwords.hash(&hidden("x"), &[2; SALT_BYTES]));
    }
}
