//! Where a session is reached, and which engine it is in: what the transport below says of both.

use std::net::SocketAddr;

use str0m::net::Protocol;
use uuid::Uuid;

use crate::stun;

/// Digits of a fragment that name the engine.
pub(crate) const ENGINE_DIGITS: usize = 4;

/// The other end of a way to a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Path {
    /// UDP or TCP; `Tls` for a WebSocket, which is on another port than other connections.
    pub(crate) protocol: Protocol,
    /// Its address.
    pub(crate) address: SocketAddr,
}

impl Path {
    pub(crate) const fn udp(address: SocketAddr) -> Self {
        Self { protocol: Protocol::Udp, address }
    }

    pub(crate) const fn socket(address: SocketAddr) -> Self {
        Self { protocol: Protocol::Tls, address }
    }

    pub(crate) const fn tcp(address: SocketAddr) -> Self {
        Self { protocol: Protocol::Tcp, address }
    }
}

/// A new user fragment (RFC 8445 §5.3) of a session in this engine.
pub(crate) fn fragment(engine: u16) -> String {
    format!("{engine:04x}{}", Uuid::new_v4().simple())
}

/// The engine that the first frame of a TCP connection is for: it must be a STUN binding request, whose
/// username begins with a fragment of ours. It proves nothing; the engine checks the rest.
#[must_use]
pub fn addressee(frame: &[u8]) -> Option<u16> {
    bearer(stun::username(frame)?.local)
}

/// The engine that a ticket for a WebSocket is for; the engine checks the rest.
#[must_use]
pub fn bearer(fragment: &str) -> Option<u16> {
    let digits = fragment.get(..ENGINE_DIGITS)?;
    // `from_str_radix` would take a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_names_its_engine_and_is_one_of_ice() {
        let fragment = fragment(0x01ab);
        assert!(fragment.starts_with("01ab"));
        // RFC 8839 §5.4: 4 to 256 of these characters.
        assert!((4..=256).contains(&fragment.len()) && fragment.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
