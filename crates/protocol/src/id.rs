//! Identifiers. Each is a type of its own, so that none is taken for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::parsed::parsed;

/// The identifier does not have the documented form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a valid {0}")]
pub struct IdError(&'static str);

/// One person's place in one room; the same when they reconnect, another when they join anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "string"))]
#[serde(transparent)]
pub struct ParticipantId(pub Uuid);

/// A chat message, named by its author's client so that sending it twice shows it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "string"))]
#[serde(transparent)]
pub struct ChatId(pub Uuid);

/// One signed-in device of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "string"))]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

/// One ringing of one person by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "string"))]
#[serde(transparent)]
pub struct CallId(pub Uuid);

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $what:literal, $valid:expr) => {
        parsed! { $(#[$doc])* $name, IdError, |text| {
            let valid: fn(&str) -> bool = $valid;
            if valid(&text) { Ok(text) } else { Err(IdError($what)) }
        } }
    };
}

identifier! {
    /// A room, by the 64 hexadecimal digits of its object's id. Knowing it does not let anyone in.
    RoomId, "room id", |text| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
identifier! {
    /// An account, by the 64 hexadecimal digits of its object's id. It does not reveal the address.
    AccountId, "account id", |text| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
identifier! {
    /// What people share: `abc-defg-hjk`, ten letters of [`CODE_ALPHABET`] (about 43 bits).
    RoomCode, "meeting code", |text| {
        let bytes = text.as_bytes();
        bytes.len() == 12 && bytes.iter().enumerate().all(|(place, byte)| match place {
            3 | 8 => *byte == b'-',
            _ => CODE_ALPHABET.contains(byte),
        })
    }
}
identifier! {
    /// One process of a media region, such as `fra-3d8d9f2a`: 1 to 64 of `a-z 0-9 -`.
    InstanceId, "instance id", slug
}
identifier! {
    /// A media region, such as `fra` or `local`: 1 to 64 of `a-z 0-9 -`.
    RegionName, "region name", slug
}
identifier! {
    /// The `a=mid` of a media section (RFC 5888 §4): a token of 1 to 16 bytes.
    Mid, "media identification tag", |text| {
        (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    }
}
identifier! {
    /// The id of one encoding of a track (`a=rid`, RFC 8851 §10; RFC 8852 §3.1): 1 to 8 letters and
    /// digits, which is what the forwarder keeps of it.
    Rid, "encoding id", |text| (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Letters of a meeting code: none that is misread or misheard for another (no i, l, o, q, u, v).
pub const CODE_ALPHABET: &[u8; 20] = b"abcdefghjkmnprstwxyz";

fn slug(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl RoomCode {
    /// A code from ten random bytes. Bytes of 240 and above wrap, which favours no letter by more
    /// than 1 in 13; pass bytes below 240 where that matters.
    #[must_use]
    pub fn from_random(random: [u8; 10]) -> Self {
        let mut text = String::with_capacity(12);
        for (place, byte) in random.into_iter().enumerate() {
            if place == 3 || place == 7 {
                text.push('-');
            }
            let letter = CODE_ALPHABET.get(usize::from(byte) % CODE_ALPHABET.len()).copied().unwrap_or(b'a');
            text.push(char::from(letter));
        }
        Self(text)
    }

    /// The code in what a person pasted: a code with or without hyphens and in any case, or a link
    /// that ends in one.
    ///
    /// # Errors
    /// When there is no code in it.
    pub fn from_pasted(text: &str) -> Result<Self, IdError> {
        let path = text.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        let letters: String =
            last.chars().filter(|c| !matches!(c, '-' | ' ')).flat_map(char::to_lowercase).take(11).collect();
        match (letters.get(..3), letters.get(3..7), letters.get(7..)) {
            (Some(a), Some(b), Some(c)) => format!("{a}-{b}-{c}").parse(),
            _ => Err(IdError("meeting code")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_found_in_what_people_paste() {
        let code: RoomCode = "abc-defg-hjk".parse().unwrap();
        for pasted in [
            "abc-defg-hjk",
            " ABCDEFGHJK ",
            "https://meet.example/m/abc-defg-hjk?x=1",
            "/m/abc-defg-hjk/",
            "abc defg hjk",
        ] {
            assert_eq!(RoomCode::from_pasted(pasted), Ok(code.clone()), "{pasted}");
        }
        for bad in ["", "abc", "abc-defg-hjkk", "https://meet.example/", "äbc-defg-hjk"] {
            assert!(RoomCode::from_pasted(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_random_code_parses(random: [u8; 10]) {
            let code = RoomCode::from_random(random);
            prop_assert_eq!(code.as_str().parse::<RoomCode>().unwrap(), code);
        }

        #[test]
        fn no_pasted_text_panics(text in "\\PC*") {
            let _ = RoomCode::from_pasted(&text);
        }
    }
}
