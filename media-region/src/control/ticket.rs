//! Tickets: who may do what here, signed by the edge (JWT, RFC 7519, `EdDSA` of RFC 8037).
//!
//! The region holds only the public key. A ticket is for one action on one instance and lives for a
//! minute; that none is used twice is the forwarder's to hold, by the epoch in it.

use std::{
    str::FromStr,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::http::{HeaderMap, header::AUTHORIZATION};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, errors::ErrorKind};
use protocol::{
    error::ErrorCode,
    id::{InstanceId, RegionName},
    limits::TICKET_SECONDS,
    region::{EDGE_AUDIENCE, EDGE_ISSUER, RegionClaims, TicketAction, TicketClaims},
};

/// Seconds by which the clocks of edge and region may differ.
const LEEWAY_SECONDS: u64 = 5;
/// Bytes of a ticket; ours have some 500.
const TICKET_BYTES: usize = 4096;

/// The public half of the key that the edge signs with.
#[derive(Debug, Clone)]
pub struct TicketKey(DecodingKey);

impl FromStr for TicketKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = "is not the base64url of a 32-byte Ed25519 public key";
        let key = DecodingKey::from_ed_components(text.trim()).map_err(|_| wrong)?;
        if key.try_get_as_bytes().map_or(0, <[u8]>::len) != 32 {
            return Err(wrong.into());
        }
        Ok(Self(key))
    }
}

impl TicketKey {
    /// Checks that the credential is the edge's, for this region, and has not ended.
    pub(crate) fn check_region_token(&self, region: &RegionName, token: &str) -> Result<(), String> {
        let mut validation = validation(EDGE_AUDIENCE);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        let claims = decode::<RegionClaims>(token, &self.0, &validation).map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => "is not signed by the key of --ticket-key (MERIDIAN_TICKET_KEY)".to_owned(),
            ErrorKind::ExpiredSignature => "has ended; make a new one".to_owned(),
            _ => format!("is not a region's credential ({error})"),
        })?;
        if claims.claims.sub != *region {
            return Err(format!("is for the region {}, not {region}", claims.claims.sub));
        }
        Ok(())
    }
}

/// Why a request was not let in. The display form goes to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TicketError {
    #[error("a ticket is needed: Authorization: Bearer")]
    Missing,
    #[error("the ticket is not valid")]
    Invalid,
    #[error("the ticket is for another instance")]
    Audience,
    #[error("the ticket has ended")]
    Expired,
    #[error("the ticket is from the future or lives too long")]
    Window,
    #[error("the ticket is for another action")]
    Action,
}

impl TicketError {
    pub(crate) fn code(self) -> ErrorCode {
        match self {
            Self::Action => ErrorCode::Forbidden,
            _ => ErrorCode::Unauthorized,
        }
    }

    /// For `/metrics`.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Invalid => "invalid",
            Self::Audience => "audience",
            Self::Expired => "expired",
            Self::Window => "window",
            Self::Action => "action",
        }
    }
}

/// Checks tickets for one instance.
#[derive(Debug)]
pub(crate) struct Tickets {
    key: DecodingKey,
    validation: Validation,
}

impl Tickets {
    pub(crate) fn new(key: TicketKey, instance: &InstanceId) -> Self {
        let mut validation = validation(instance.as_str());
        validation.set_required_spec_claims(&["iss", "aud", "exp"]);
        Self { key: key.0, validation }
    }

    /// The claims of the ticket in these headers, when it allows `action` here and now.
    pub(crate) fn check(&self, headers: &HeaderMap, action: TicketAction) -> Result<TicketClaims, TicketError> {
        let token = bearer(headers).ok_or(TicketError::Missing)?;
        if token.len() > TICKET_BYTES {
            return Err(TicketError::Invalid);
        }
        let claims =
            decode::<TicketClaims>(token, &self.key, &self.validation).map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TicketError::Expired,
                ErrorKind::InvalidAudience => TicketError::Audience,
                _ => TicketError::Invalid,
            })?;
        let claims = claims.claims;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let life = claims.exp.checked_sub(claims.iat);
        if claims.iat > now + LEEWAY_SECONDS || life.is_none_or(|life| life > TICKET_SECONDS) {
            return Err(TicketError::Window);
        }
        if claims.action != action {
            return Err(TicketError::Action);
        }
        Ok(claims)
    }
}

fn validation(audience: &str) -> Validation {
    // One algorithm, so that a token cannot choose how it is checked (RFC 8725 §3.1).
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = LEEWAY_SECONDS;
    validation.set_issuer(&[EDGE_ISSUER]);
    validation.set_audience(&[audience]);
    validation
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
