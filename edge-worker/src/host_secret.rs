//! The secret that makes a guest the host of the meeting they made.
//!
//! The browser keeps it; the room stores only its SHA-256. It has 256 random bits, so that a plain
//! hash cannot be searched.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// Bytes of randomness.
const BYTES: usize = 32;

/// A new secret as it travels: 32 bytes in base64url (RFC 4648 §5) without padding.
///
/// # Errors
/// When the platform has no randomness.
pub fn generate() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The hash of a secret, or nothing where the text cannot be one.
#[must_use]
pub fn hash(secret: &str) -> Option<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(secret).ok().filter(|bytes| bytes.len() == BYTES)?;
    Some(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_hash_and_nothing_else_has() {
        let (one, other) = (generate().unwrap(), generate().unwrap());
        assert_ne!(one, other);
        assert_ne!(hash(&one), hash(&other));
        assert_eq!(hash(&one), hash(&one));
        assert_eq!(one.len(), 43);
        for bad in ["", "abc", &one[1..], &format!("{one}="), "*".repeat(43).as_str()] {
            assert_eq!(hash(bad), None, "{bad}");
        }
    }
}
