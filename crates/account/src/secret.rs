//! Secrets and names out of the randomness that comes with a question, and what is kept of secrets.

use base64ct::{Base64UrlUnpadded, Encoding};
use protocol::{
    Millis,
    id::{AccountId, CallId, SessionId},
};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::{
    interface::{MailedToken, Random},
    password::SALT_BYTES,
};

// Three parts, none of which a question uses twice: a salt, a secret and a name.
impl Random {
    /// For a password's hash.
    pub(crate) fn salt(&self) -> [u8; SALT_BYTES] {
        self.part::<SALT_BYTES>(0)
    }

    /// 256 bits in base64url without padding (RFC 4648 §5).
    pub(crate) fn secret(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.part::<32>(16))
    }

    pub(crate) fn session(&self) -> SessionId {
        SessionId(self.uuid())
    }

    pub(crate) fn call(&self) -> CallId {
        CallId(self.uuid())
    }

    fn uuid(&self) -> Uuid {
        Builder::from_random_bytes(self.part::<16>(48)).into_uuid()
    }

    fn part<const N: usize>(&self, from: usize) -> [u8; N] {
        let mut part = [0; N];
        for (to, byte) in part.iter_mut().zip(self.0.iter().skip(from)) {
            *to = *byte;
        }
        part
    }
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether this is the hash of that secret, in a time that does not tell how much of it is.
pub(crate) fn matches(kept: &[u8; 32], secret: &str) -> bool {
    let difference = kept.iter().zip(hash(secret)).fold(0, |difference, (a, b)| difference | (a ^ b));
    // Without this the compiler may stop at the first difference.
    std::hint::black_box(difference) == 0
}

impl MailedToken {
    /// What is kept of a token that is mailed now.
    pub(crate) fn new(secret: &str, expires_at: Millis) -> Self {
        Self { hash: hash(secret), expires_at }
    }

    /// Whether this secret is its own and still counts.
    pub(crate) fn is(&self, now: Millis, secret: &str) -> bool {
        now < self.expires_at && matches(&self.hash, secret)
    }
}

/// A page that takes a token from its fragment, which browsers send to no server.
pub(crate) fn link(origin: &str, page: &str, id: &AccountId, secret: &str) -> String {
    format!("{origin}/{page}#token={id}.{secret}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_questions_randomness_have_nothing_in_common() {
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(0..).for_each(|(to, from)| *to = from);
        let random = Random(bytes);
        assert_eq!(random.salt(), std::array::from_fn(|at| u8::try_from(at).unwrap()));
        assert_eq!(Base64UrlUnpadded::decode_vec(&random.secret()).unwrap(), (16..48).collect::<Vec<u8>>());
        assert_eq!(random.session().0.as_bytes()[15], 63);
        assert_eq!(random.session().0.get_version_num(), 4);
    }

    #[test]
    fn a_token_counts_until_it_expires_and_only_for_its_secret() {
        let token = MailedToken::new("secret", 10);
        assert!(token.is(9, "secret") && !token.is(10, "secret") && !token.is(9, "Secret") && !token.is(9, ""));
    }

    #[test]
    fn a_token_travels_in_the_fragment() {
        let id: AccountId = "0".repeat(64).parse().unwrap();
        assert_eq!(
            link("https://meet.example", "verify", &id, "abc"),
            format!("https://meet.example/verify#token={id}.abc")
        );
    }
}
