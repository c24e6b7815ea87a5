//! `/api/auth/*` and `/api/users/*`: who somebody is.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{AccountId, CallId, RoomCode, RoomId, SessionId},
    rest::{RoomDetails, RoomPhase},
    text::{Color, DisplayName, EmailAddress, Locale, NewPassword, Password, Picture, Token},
};

/// The subprotocol prefix that carries an access token to the socket of a home page.
pub const ACCESS_SUBPROTOCOL_PREFIX: &str = "meridian.access.";

/// Body of `POST /api/auth/register`. Answered by 201 and [`MailSent`], whether or not the address
/// has an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Register {
    /// How others will see the person.
    pub name: DisplayName,
    /// Where the verification link goes.
    pub email: EmailAddress,
    /// For signing in.
    pub password: NewPassword,
}

/// Answer of everything that may have sent a mail: `register` (201), `resend`, `forgot` (200).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MailSent {
    /// The address that was given, as it is kept.
    pub email: EmailAddress,
}

/// Body of `POST /api/auth/verify`. Answered by 200 and [`MailSent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Verify {
    /// From the link's fragment.
    pub token: Token,
}

/// Body of `POST /api/auth/resend` and `POST /api/auth/forgot`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MailWanted {
    /// Whose.
    pub email: EmailAddress,
}

/// Body of `POST /api/auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Login {
    /// Whose account.
    pub email: EmailAddress,
    /// Its password.
    pub password: Password,
}

/// Body of `POST /api/auth/reset`. Answered by 200 and [`MailSent`]; every session is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResetPassword {
    /// From the link's fragment.
    pub token: Token,
    /// The new password.
    pub password: NewPassword,
}

/// Answer of `POST /api/auth/login` and `POST /api/auth/refresh` (200). Both set the next refresh
/// token as a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SignedIn {
    /// JWT for `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds that it is good for.
    pub expires_in: u64,
    /// Who is signed in.
    pub user: User,
}

/// A sign-in provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// OpenID Connect.
    Google,
    /// OAuth 2.0 and GitHub's API.
    Github,
}

/// Answer of `GET /api/auth/oauth`: what the sign-in page can offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Providers {
    /// Those that are configured.
    pub providers: Vec<Provider>,
}

/// Body of `POST /api/auth/oauth/link`, by somebody who is signed in with their password: connects
/// the provider's account with theirs. Answered by 200 and [`User`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LinkProvider {
    /// From the fragment of the sign-in page that the provider's sign-in led to.
    pub token: Token,
}

/// An account as its owner sees it: answer of `GET` and `PUT /api/users/profile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct User {
    /// For the API.
    pub id: AccountId,
    /// How others see them.
    pub name: DisplayName,
    /// Proven.
    pub email: EmailAddress,
    /// Behind their initials.
    pub color: Color,
    /// Instead of their initials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub picture: Option<Picture>,
    /// The language they chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub locale: Option<Locale>,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    /// What else they sign in with.
    pub providers: Vec<Provider>,
    /// When they signed up.
    pub created_at: Millis,
}

/// Body of `PUT /api/users/profile`: what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChangeProfile {
    /// How others see the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<DisplayName>,
    /// Behind their initials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub color: Option<Color>,
    /// Instead of their initials; `null` takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub picture: Option<Option<Picture>>,
    /// The language they chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub locale: Option<Locale>,
}

/// Tells `null` from absence.
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Body of `PUT /api/users/password`. Answered by 204; every other session is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChangePassword {
    /// The password until now; not for an account that has none yet.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub current: Option<Password>,
    /// The password from now on.
    pub password: NewPassword,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Session {
    /// For `DELETE /api/users/sessions/{id}`.
    pub id: SessionId,
    /// Browser and system in words, such as "Firefox on Linux".
    pub device: String,
    /// When it signed in.
    pub created_at: Millis,
    /// When it last took a new access token.
    pub used_at: Millis,
    /// It is the one that asks.
    pub current: bool,
}

/// Answer of `GET /api/users/sessions`. `DELETE` of the same path revokes all but the one that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Sessions {
    /// The one used last comes first.
    pub sessions: Vec<Session>,
}

/// Answer of `GET /api/rooms`: meetings that the person owns, is invited to or was in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Meetings {
    /// Not over; the next one first, those without a schedule before it.
    pub upcoming: Vec<RoomDetails>,
    /// Over; the last one first.
    pub past: Vec<RoomDetails>,
}

/// Body of `POST /api/users/call`: rings somebody. Answered by 201 and
/// [`crate::rest::CreatedRoom`], the same whoever it is: nobody learns whether a stranger is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CallSomeone {
    /// Whom.
    pub email: EmailAddress,
}

/// Somebody rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IncomingCall {
    /// Which ringing.
    pub id: CallId,
    /// Who rings.
    pub name: DisplayName,
    /// Their proven address.
    pub email: EmailAddress,
    /// Where they wait.
    pub room: RoomId,
    /// The same for people.
    pub code: RoomCode,
    /// When it began.
    pub since: Millis,
    /// When it stops.
    pub until: Millis,
}

/// The account to a home page, over `GET /api/users/socket`, a WebSocket with the subprotocols
/// [`crate::signal::SUBPROTOCOL`] and [`ACCESS_SUBPROTOCOL_PREFIX`] followed by the access token.
/// `ping` is answered by `pong`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HomeEvent {
    /// Everything, on opening and whenever the list itself changed.
    Meetings {
        /// All of them.
        meetings: Meetings,
    },
    /// How one meeting is now.
    Live {
        /// Which.
        room: RoomId,
        /// Where it is in its life.
        phase: RoomPhase,
        /// How many are in.
        participants: u32,
    },
    /// Somebody rings.
    Ringing {
        /// Them.
        call: IncomingCall,
    },
    /// The ringing is over: answered on some device, declined, or it rang long enough.
    Rung {
        /// Which.
        call: CallId,
    },
}

/// A home page to its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HomeMessage {
    /// This device takes the call; the others stop ringing.
    Accept {
        /// Which.
        call: CallId,
    },
    /// No. The caller is not told: they see what they would see if nobody were there.
    Decline {
        /// Which.
        call: CallId,
    },
}

/// Why the account closed a home page's socket; other codes are faults after which a page returns.
pub mod close {
    /// The device is no longer signed in.
    pub const SIGNED_OUT: u16 = 4010;
}
