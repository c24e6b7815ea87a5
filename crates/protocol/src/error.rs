//! Error codes and the problem document of RFC 9457.

use serde::{Deserialize, Serialize};
use sorted::Map;

/// Why something was refused. Stable: clients and integrators compare these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The request does not have the documented shape.
    InvalidRequest,
    /// Larger than the documented limit.
    TooLarge,
    /// No such path or method.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// A token is missing, malformed, expired or not for this.
    Unauthorized,
    /// The token is good and does not allow this.
    Forbidden,
    /// Address and password do not belong together.
    InvalidCredentials,
    /// The password is right; the address was never proven.
    EmailNotVerified,
    /// A verification or reset link was used before, replaced or has expired.
    InvalidToken,
    /// The page that opened the socket is not ours.
    OriginNotAllowed,
    /// No meeting has this code.
    RoomNotFound,
    /// The meeting has ended.
    RoomEnded,
    /// A host locked the meeting.
    RoomLocked,
    /// The meeting has as many people as fit.
    RoomFull,
    /// Only invited people may enter.
    NotInvited,
    /// A host removed this person for the rest of the meeting.
    Banned,
    /// Guests may not create meetings here.
    GuestMeetingsOff,
    /// The action needs a place in the meeting; join first.
    NotJoined,
    /// Already in the meeting with this seat.
    AlreadyJoined,
    /// Only a host may do this.
    HostOnly,
    /// Too many messages or requests; slow down.
    RateLimited,
    /// No media region can take the call now; try again.
    RegionUnavailable,
    /// The media region refused the session description.
    OfferRejected,
    /// A fault on our side.
    Internal,
}

impl ErrorCode {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::OfferRejected | Self::AlreadyJoined | Self::InvalidToken => 400,
            Self::Unauthorized | Self::InvalidCredentials => 401,
            Self::Forbidden
            | Self::EmailNotVerified
            | Self::OriginNotAllowed
            | Self::NotInvited
            | Self::Banned
            | Self::GuestMeetingsOff
            | Self::NotJoined
            | Self::HostOnly => 403,
            Self::NotFound | Self::RoomNotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::RoomFull => 409,
            Self::RoomEnded => 410,
            Self::TooLarge => 413,
            Self::RoomLocked => 423,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::RegionUnavailable => 503,
        }
    }
}

/// `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Problem {
    /// Always `about:blank`: [`Problem::code`] tells problems apart.
    #[serde(rename = "type")]
    pub kind: String,
    /// One sentence for a developer.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ErrorCode,
    /// What is wrong with each field, by field name; only for `invalid_request`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "std::collections::BTreeMap<String, String>"))]
    pub errors: Map<String, String>,
}

impl Problem {
    /// A problem without field errors.
    #[must_use]
    pub fn new(code: ErrorCode, title: impl Into<String>) -> Self {
        Self { kind: "about:blank".into(), title: title.into(), status: code.status(), code, errors: Map::new() }
    }

    /// The same problem, with one more field named.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.errors.insert(field.into(), message.into());
        self
    }
}
