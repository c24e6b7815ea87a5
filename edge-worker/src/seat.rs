//! Seat tokens: who may open a room's socket, and as whom.
//!
//! A JWT (RFC 7519) signed with HMAC-SHA-256 by the edge for the edge. It is not stored anywhere:
//! a seat that is never used costs nothing. It must never travel in a URL.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use protocol::{
    id::{ParticipantId, RoomId, SessionId},
    limits::SEAT_SECONDS,
    region::EDGE_ISSUER,
    signal::{SEAT_SUBPROTOCOL_PREFIX, SUBPROTOCOL},
    text::EmailAddress,
};
use room::{Coordinates, Identity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{crypto, json};

/// `aud` of a seat token.
pub const AUDIENCE: &str = "room";

/// Claims of a seat token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeatClaims {
    /// [`EDGE_ISSUER`].
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// The one room it is for.
    pub room: RoomId,
    /// The person it makes its holder.
    pub sub: ParticipantId,
    /// Given out for the host secret.
    pub host: bool,
    /// Who was signed in when they took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// On which device. Only with `identity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    /// A guest's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// When it was signed, in seconds since the epoch.
    pub iat: u64,
    /// When it ends, in seconds since the epoch.
    pub exp: u64,
    /// Where the holder pretends to be; only in development, because a page cannot set headers on
    /// a socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Coordinates>,
}

/// Whom a seat is for.
#[derive(Debug, Clone, PartialEq)]
pub struct SeatFor {
    /// The one room it opens.
    pub room: RoomId,
    /// The person it makes its holder.
    pub participant: ParticipantId,
    /// The host secret was right.
    pub host: bool,
    /// Who is signed in, and on which device.
    pub identity: Option<(Identity, SessionId)>,
    /// What a guest gave as their address.
    pub email: Option<EmailAddress>,
    /// Where the holder pretends to be.
    pub location: Option<Coordinates>,
}

/// Why a seat does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeatError {
    /// Not a token of ours.
    #[error("The seat is not valid")]
    Invalid,
    /// Its time is over.
    #[error("The seat has expired; take a new one")]
    Expired,
    /// It opens another room.
    #[error("The seat is for another meeting")]
    OtherRoom,
}

/// The key that seats are signed with.
pub struct SeatKey {
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl SeatKey {
    /// From 32 or more bytes in base64. `None` for anything else.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        crypto::install();
        let bytes = STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() >= 32)?;
        Some(Self { signing: EncodingKey::from_secret(&bytes), verifying: DecodingKey::from_secret(&bytes) })
    }

    /// A seat token.
    ///
    /// # Errors
    /// Only for faults of the library.
    pub fn sign(&self, now_seconds: u64, seat: SeatFor) -> Result<String, jsonwebtoken::errors::Error> {
        let SeatFor { room, participant, host, identity, email, location } = seat;
        let (identity, sid) = identity.unzip();
        let claims = SeatClaims {
            iss: EDGE_ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            room,
            sub: participant,
            host,
            identity,
            sid,
            email,
            iat: now_seconds,
            exp: now_seconds.saturating_add(SEAT_SECONDS),
            location,
        };
        // As a value, so that the library's code is in the Worker once for all tokens.
        encode(&Header::new(Algorithm::HS256), &serde_json::to_value(claims)?, &self.signing)
    }

    /// The claims of a token that opens this room now.
    ///
    /// # Errors
    /// [`SeatError`].
    pub fn verify(&self, now_seconds: u64, room: &RoomId, token: &str) -> Result<SeatClaims, SeatError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[EDGE_ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Compared below with the caller's clock.
        validation.validate_exp = false;
        let claims = decode::<Value>(token, &self.verifying, &validation).map_err(|_| SeatError::Invalid)?.claims;
        let claims: SeatClaims = json::read(&claims).map_err(|_| SeatError::Invalid)?;
        if claims.exp <= now_seconds {
            Err(SeatError::Expired)
        } else if claims.room != *room {
            Err(SeatError::OtherRoom)
        } else {
            Ok(claims)
        }
    }
}

/// The seat token in a `Sec-WebSocket-Protocol` header, where that also offers our protocol.
#[must_use]
pub fn from_subprotocols(header: &str) -> Option<&str> {
    let mut offered = header.split(',').map(str::trim);
    let seat = offered.clone().find_map(|value| value.strip_prefix(SEAT_SUBPROTOCOL_PREFIX));
    seat.filter(|_| offered.any(|value| value == SUBPROTOCOL))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use uuid::Uuid;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    const DEVICE: SessionId = SessionId(Uuid::from_u128(9));

    fn key(byte: u8) -> SeatKey {
        SeatKey::from_base64(&STANDARD.encode([byte; 32])).unwrap()
    }

    fn room(digit: &str) -> RoomId {
        digit.repeat(64).parse().unwrap()
    }

    fn seat(host: bool) -> (ParticipantId, String) {
        let participant = ParticipantId(Uuid::from_u128(7));
        let identity = Identity {
            account: "c".repeat(64).parse().unwrap(),
            email: "ada@example.org".parse().unwrap(),
            name: "Ada Łukasz".parse().unwrap(),
        };
        let seat = SeatFor {
            room: room("a"),
            participant,
            host,
            identity: Some((identity, DEVICE)),
            email: None,
            location: None,
        };
        (participant, key(1).sign(NOW, seat).unwrap())
    }

    #[test]
    fn a_seat_opens_its_room_until_it_ends() {
        let (sub, token) = seat(true);
        let claims = key(1).verify(NOW + SEAT_SECONDS - 1, &room("a"), &token).unwrap();
        assert_eq!((claims.sub, claims.host), (sub, true));
        assert_eq!((claims.identity.unwrap().name.as_str(), claims.sid), ("Ada Łukasz", Some(DEVICE)));
        assert_eq!(key(1).verify(NOW + SEAT_SECONDS, &room("a"), &token), Err(SeatError::Expired));
        assert_eq!(key(1).verify(NOW, &room("b"), &token), Err(SeatError::OtherRoom));
        assert_eq!(key(2).verify(NOW, &room("a"), &token), Err(SeatError::Invalid));
    }

    #[test]
    fn a_token_without_our_signature_is_no_seat() {
        let (_, token) = seat(false);
        let claims = token.split('.').nth(1).unwrap();
        let unsigned = format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        let tampered = token.replace(
            claims,
            &URL_SAFE_NO_PAD.encode(
                String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap())
                    .unwrap()
                    .replace("\"host\":false", "\"host\":true"),
            ),
        );
        let signature = token.split('.').nth(2).unwrap();
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
        let other_algorithm = format!("{header}.{claims}.{signature}");
        for bad in [unsigned.as_str(), &tampered, &other_algorithm, "", ".", "..", "a.b.c", &token[..token.len() - 2]] {
            assert_eq!(key(1).verify(NOW, &room("a"), bad), Err(SeatError::Invalid), "{bad}");
        }
    }

    #[test]
    fn a_seat_is_found_among_subprotocols() {
        assert_eq!(from_subprotocols("meridian.v1, meridian.seat.abc.def"), Some("abc.def"));
        assert_eq!(from_subprotocols("meridian.seat.abc,meridian.v1"), Some("abc"));
        for bad in
            ["", "meridian.v1", "meridian.seat.abc", "meridian.v2, meridian.seat.abc", "meridian.v1 meridian.seat.abc"]
        {
            assert_eq!(from_subprotocols(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_short_key_is_no_key() {
        assert!(SeatKey::from_base64(&STANDARD.encode([1; 16])).is_none());
        assert!(SeatKey::from_base64("not base64").is_none());
    }
}
