//! Settings and keys of a deployment, from the Worker's variables and secrets.
//!
//! A missing or malformed key is a fault of the deployment: it is named in the log, and the caller
//! sees `internal`.

use worker::Env;

use crate::{
    access::AccessKey,
    account_call::AddressKey,
    problem::Refusal,
    seat::SeatKey,
    ticket::{RegionVerifier, TicketKey},
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

fn is_on(env: &Env, name: &str) -> bool {
    env.var(name).is_ok_and(|value| value.to_string() == "on")
}
