//! Settings and keys of a deployment, from the Worker's variables and secrets.
//!
//! A missing or malformed key is a fault of the deployment: it is named in the log, and the caller
//! sees `internal`.

use axum::http::Uri;
use worker::Env;

use crate::{
    access::AccessKey,
    account_call::AddressKey,
    origin,
    problem::Refusal,
    seat::SeatKey,
    ticket::{RegionVerifier, TicketKey},
    turn::Provider,
};

/// Whether people may make meetings without signing in.
#[must_use]
pub fn guest_meetings(env: &Env) -> bool {
    is_on(env, "GUEST_MEETINGS")
}

/// Whether this runs on a developer's machine.
#[must_use]
pub fn development(env: &Env) -> bool {
    is_on(env, "DEVELOPMENT")
}

/// The key of seat tokens.
///
/// # Errors
/// `internal`.
pub fn seat_key(env: &Env) -> Result<SeatKey, Refusal> {
    env.secret("SEAT_KEY")
        .ok()
        .and_then(|text| SeatKey::from_base64(&text.to_string()))
        .ok_or_else(|| Refusal::internal(&"the secret SEAT_KEY must be 32 bytes in base64"))
}

/// The key of access tokens.
///
/// # Errors
/// `internal`.
pub fn access_key(env: &Env) -> Result<AccessKey, Refusal> {
    env.secret("ACCESS_KEY")
        .ok()
        .and_then(|text| AccessKey::from_base64(&text.to_string()))
        .ok_or_else(|| Refusal::internal(&"the secret ACCESS_KEY must be 32 bytes in base64"))
}

/// The key that names the objects of addresses.
///
/// # Errors
/// `internal`.
pub fn address_key(env: &Env) -> Result<AddressKey, Refusal> {
    env.secret("ADDRESS_KEY")
        .ok()
        .and_then(|text| AddressKey::from_base64(&text.to_string()))
        .ok_or_else(|| Refusal::internal(&"the secret ADDRESS_KEY must be 32 bytes in base64"))
}

/// The key that tickets are signed with.
///
/// # Errors
/// `internal`.
pub fn ticket_key(env: &Env) -> Result<TicketKey, Refusal> {
    env.secret("TICKET_KEY").ok().and_then(|text| TicketKey::from_base64(&text.to_string())).ok_or_else(|| {
        Refusal::internal(&"the secret TICKET_KEY must be an Ed25519 private key, PKCS #8 DER in base64")
    })
}

/// The key that knows regions.
///
/// # Errors
/// `internal`.
pub fn region_verifier(env: &Env) -> Result<RegionVerifier, Refusal> {
    env.var("TICKET_PUBLIC_KEY")
        .ok()
        .and_then(|text| RegionVerifier::from_base64url(&text.to_string()))
        .ok_or_else(|| Refusal::internal(&"the variable TICKET_PUBLIC_KEY must be 32 bytes in base64url"))
}

/// This deployment's own origin, for links: `PUBLIC_ORIGIN`, and in development the one that the
/// request came to.
///
/// # Errors
/// `internal` where production does not know it: links must not lead where a request says it came from.
pub fn origin(env: &Env, target: &Uri) -> Result<String, Refusal> {
    variable(env, "PUBLIC_ORIGIN")
        .map(|origin| origin.trim_end_matches('/').to_owned())
        .or_else(|| development(env).then(|| origin::own(target)).flatten())
        .ok_or_else(|| Refusal::internal(&"the variable PUBLIC_ORIGIN must be set, such as https://meet.example"))
}

/// Which way mails take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// They are kept for a developer to read.
    Outbox,
    /// Resend's API with this key.
    Resend(String),
    /// The binding `EMAIL`.
    Cloudflare,
}

/// Which way mails take here; nothing where the choice is not one.
#[must_use]
pub fn mail_transport(env: &Env) -> Option<Transport> {
    let resend = || env.secret("RESEND_API_KEY").ok().map(|key| key.to_string()).filter(|key| !key.is_empty());
    match (variable(env, "MAIL").as_deref(), development(env)) {
        (Some("outbox") | None, true) => Some(Transport::Outbox),
        (Some("resend"), _) => resend().map(Transport::Resend),
        (Some("cloudflare"), _) => Some(Transport::Cloudflare),
        (None, false) => Some(resend().map_or(Transport::Cloudflare, Transport::Resend)),
        (Some(_), _) => None,
    }
}

/// Who mails come from, such as `Meridian <no-reply@meet.example>`.
#[must_use]
pub fn mail_from(env: &Env) -> Option<String> {
    variable(env, "MAIL_FROM")
}

/// Where Resend's API is.
#[must_use]
pub fn resend_url(env: &Env) -> String {
    variable(env, "RESEND_URL").unwrap_or_else(|| "https://api.resend.com".to_owned())
}

/// Where relays come from: servers that share `TURN_SECRET`, else Cloudflare's, where they are set up.
#[must_use]
pub fn turn_provider(env: &Env) -> Provider {
    let secret = |name: &str| env.secret(name).ok().map(|secret| secret.to_string()).filter(|it| !it.is_empty());
    if let (Some(urls), Some(secret)) = (variable(env, "TURN_URLS"), secret("TURN_SECRET")) {
        return Provider::SharedSecret { urls: urls.split_whitespace().map(str::to_owned).collect(), secret };
    }
    match (variable(env, "TURN_API"), variable(env, "TURN_KEY_ID"), secret("TURN_KEY_TOKEN")) {
        (Some(api), Some(key), Some(token)) => {
            Provider::Cloudflare { url: format!("{}/{key}", api.trim_end_matches('/')), token }
        }
        _ => Provider::None,
    }
}

/// A variable that is set and not empty.
#[must_use]
pub fn variable(env: &Env, name: &str) -> Option<String> {
    env.var(name).ok().map(|value| value.to_string().trim().to_owned()).filter(|value| !value.is_empty())
}

fn is_on(env: &Env, name: &str) -> bool {
    env.var(name).is_ok_and(|value| value.to_string() == "on")
}
