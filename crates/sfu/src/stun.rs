//! Reads who a STUN message is for, so that a datagram from an unknown address finds its session.
//!
//! Bounded and without allocation: it looks at no more than the datagram and trusts nothing in it.
//! It proves nothing either; the message's integrity is checked by whoever acts on it.

/// Bytes of a STUN header (RFC 8489 §5).
const HEADER_BYTES: usize = 20;
/// The magic cookie (RFC 8489 §5).
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// The type of a binding request (RFC 8489 §5).
const BINDING_REQUEST: u16 = 0x0001;
/// The type of the USERNAME attribute (RFC 8489 §14.3).
const USERNAME: u16 = 0x0006;
/// Bytes that a USERNAME may have (RFC 8489 §14.3 says fewer than 509).
const USERNAME_BYTES: usize = 508;

/// The two halves of the USERNAME in an ICE connectivity check (RFC 8445 §7.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Username<'a> {
    /// The fragment of the agent that receives the check: ours.
    pub local: &'a str,
    /// The fragment of the agent that sent it.
    pub remote: &'a str,
}

/// The username of a STUN binding request; nothing for any other datagram, malformed ones included.
#[must_use]
pub fn username(datagram: &[u8]) -> Option<Username<'_>> {
    let (header, attributes) = datagram.split_at_checked(HEADER_BYTES)?;
    let [kind_high, kind_low, length_high, length_low, cookie @ ..] = header else { return None };
    let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
    let is_binding_request = u16::from_be_bytes([*kind_high, *kind_low]) == BINDING_REQUEST;
    if !is_binding_request || !cookie.starts_with(&MAGIC_COOKIE) || length != attributes.len() {
        return None;
    }
    let value = first_attribute(attributes, USERNAME)?;
    if value.len() > USERNAME_BYTES {
        return None;
    }
    let (local, remote) = std::str::from_utf8(value).ok()?.split_once(':')?;
    (!local.is_empty() && !remote.is_empty()).then_some(Username { local, remote })
}

/// Whether a datagram is STUN by its first byte (RFC 7983 §7).
pub(crate) fn is_stun(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|first| *first < 4)
}

fn first_attribute(mut rest: &[u8], wanted: u16) -> Option<&[u8]> {
    // Every turn consumes at least the four bytes of an attribute's header.
    loop {
        let (header, after) = rest.split_at_checked(4)?;
        let [kind_high, kind_low, length_high, length_low] = header else { return None };
        let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
        let value = after.get(..length)?;
        if u16::from_be_bytes([*kind_high, *kind_low]) == wanted {
            return Some(value);
        }
        rest = after.get(length.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn request(attributes: &[u8]) -> Vec<u8> {
        let mut bytes = BINDING_REQUEST.to_be_bytes().to_vec();
        bytes.extend(u16::try_from(attributes.len()).unwrap().to_be_bytes());
        bytes.extend(MAGIC_COOKIE);
        bytes.extend([7; 12]);
        bytes.extend(attributes);
        bytes
    }

    #[test]
    fn the_username_is_found_behind_other_attributes() {
        let attributes = [attribute(0x8022, b"odd"), attribute(USERNAME, b"ours:theirs")].concat();
        let found = Username { local: "ours", remote: "theirs" };
        assert_eq!(username(&request(&attributes)), Some(found));
    }

    #[test]
    fn what_is_not_a_complete_binding_request_has_no_username() {
        let whole = request(&attribute(USERNAME, b"ours:theirs"));
        for end in 0..whole.len() {
            assert_eq!(username(&whole[..end]), None, "cut at {end}");
        }
        let mut response = whole.clone();
        response[0] = 1;
        assert_eq!(username(&response), None);
        let mut other_protocol = whole;
        other_protocol[4] = 0;
        assert_eq!(username(&other_protocol), None);
        for bad in [&b"ours"[..], b":theirs", b"ours:", b"\xff:x", &[b'a'; 600]] {
            assert_eq!(username(&request(&attribute(USERNAME, bad))), None);
        }
    }

    proptest! {
        #[test]
        fn no_datagram_panics(datagram: Vec<u8>) {
            let _ = username(&datagram);
        }

        #[test]
        fn no_attributes_panic(attributes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = username(&request(&attributes));
        }
    }
}
