//! Passwords and what is kept of them: Argon2id (RFC 9106) in PHC form. Whoever asks about a password
//! costs one hash, whether or not there is anything to compare it with.

use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};

use crate::interface::{Hidden, Refusal};

/// Bytes of a salt (RFC 9106 §3.1).
pub(crate) const SALT_BYTES: usize = 16;

/// Bytes of a hash.
const HASH_BYTES: usize = 32;
/// Argon2id of version 19, the only one that is written.
const PREFIX: &str = "$argon2id$v=19$";

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
        let kept = Kept { cost: self.cost, salt: *salt, hash: self.compute(self.cost, password, salt)? };
        Ok(kept.to_phc())
    }

    /// Compares a password with what is kept of one; costs the same where nothing is.
    pub(crate) fn check(&mut self, password: &Hidden, kept: Option<&str>) -> Result<Match, Refusal> {
        let Some(kept) = kept else {
            std::hint::black_box(self.compute(self.cost, password, &[0; SALT_BYTES])?);
            return Ok(Match::No);
        };
        let kept = Kept::from_phc(kept).ok_or(Refusal::INTERNAL)?;
        let computed = self.compute(kept.cost, password, &kept.salt)?;
        let difference = computed.iter().zip(kept.hash).fold(0, |difference, (a, b)| difference | (a ^ b));
        // Without this the compiler may stop at the first difference.
        Ok(match std::hint::black_box(difference) {
            0 if kept.cost == self.cost => Match::Yes,
            0 => Match::Outdated,
            _ => Match::No,
        })
    }

    fn compute(&mut self, cost: PasswordCost, password: &Hidden, salt: &[u8]) -> Result<[u8; HASH_BYTES], Refusal> {
        self.computed = self.computed.saturating_add(1);
        let PasswordCost { memory_kib, passes, lanes } = cost;
        let params = Params::new(memory_kib, passes, lanes, Some(HASH_BYTES)).map_err(|_| Refusal::INTERNAL)?;
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.expose().as_bytes(), salt, &mut hash)
            .map_err(|_| Refusal::INTERNAL)?;
        Ok(hash)
    }
}

/// A hash and what it takes to compute it again. The form is written and read here, because the
/// library's reader of all PHC strings is 11 kB of the Worker.
struct Kept {
    cost: PasswordCost,
    salt: [u8; SALT_BYTES],
    hash: [u8; HASH_BYTES],
}

impl Kept {
    fn to_phc(&self) -> String {
        let PasswordCost { memory_kib, passes, lanes } = self.cost;
        let (salt, hash) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(&self.hash));
        format!("{PREFIX}m={memory_kib},t={passes},p={lanes}${salt}${hash}")
    }

    fn from_phc(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(PREFIX)?.split('$');
        let mut costs = parts.next()?.split(',');
        let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse().ok();
        let cost = PasswordCost { memory_kib: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
        let (mut salt, mut hash) = ([0; SALT_BYTES], [0; HASH_BYTES]);
        let whole = Base64Unpadded::decode(parts.next()?, &mut salt).ok()?.len() == SALT_BYTES
            && Base64Unpadded::decode(parts.next()?, &mut hash).ok()?.len() == HASH_BYTES
            && parts.next().is_none();
        whole.then_some(Self { cost, salt, hash })
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};

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

    #[test]
    fn the_library_reads_what_is_kept_and_writes_what_is_read() {
        let kept = Passwords::new(CHEAP).hash(&hidden("correct horse"), &[7; SALT_BYTES]).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        assert!(argon2.verify_password(b"correct horse", &PasswordHash::new(&kept).unwrap()).is_ok());
        assert_eq!(argon2.hash_password_with_salt(b"correct horse", &[7; SALT_BYTES]).unwrap().to_string(), kept);
    }

    #[test]
    fn what_is_cut_short_or_of_another_kind_is_not_read() {
        let kept = Passwords::new(CHEAP).hash(&hidden("x"), &[7; SALT_BYTES]).unwrap();
        assert!(Kept::from_phc(&kept).is_some_and(|read| read.to_phc() == kept));
        for end in 0..kept.len() {
            assert!(Kept::from_phc(&kept[..end]).is_none(), "{}", &kept[..end]);
        }
        for other in [format!("{kept}$"), kept.replace("argon2id", "argon2i"), kept.replace("m=8", "m=x")] {
            assert!(Kept::from_phc(&other).is_none(), "{other}");
        }
    }
}
