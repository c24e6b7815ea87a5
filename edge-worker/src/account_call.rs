//! Calls from the Worker and from rooms to the object of an account.
//!
//! The object of an address is named by a keyed hash, so that nobody who sees names or ids can find
//! out whose they are. An address must never be in a name, a path or a log.

use account::{Answer, Question};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use protocol::{error::ErrorCode, id::AccountId, text::EmailAddress};
use room::Coordinates;
use serde::Serialize;
use sha2::Sha256;
use worker::{Env, Headers, Method, ObjectNamespace, Response, Stub};

use crate::{outgoing, problem::Refusal, room_call, settings};

/// Header of a home page's socket's request that carries the [`protocol::id::SessionId`].
pub const SESSION_HEADER: &str = "x-meridian-session";

/// Whom to ask.
#[derive(Debug, Clone, Copy)]
pub enum Account<'a> {
    /// By id.
    Id(&'a AccountId),
    /// By address.
    Address(&'a EmailAddress),
    /// By address, by its own person: an object that is not there yet is made near them.
    Own(&'a EmailAddress, Option<Coordinates>),
}

/// Digits of a network's name.
const NETWORK_DIGITS: usize = 16;

/// Names the objects of addresses.
pub struct AddressKey(Hmac<Sha256>);

impl AddressKey {
    /// From 32 or more bytes in base64. `None` for anything else.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() >= 32)?;
        Hmac::new_from_slice(&bytes).ok().map(Self)
    }

    /// HMAC-SHA-256 of the address in hexadecimal.
    #[must_use]
    pub fn object_name(&self, address: &EmailAddress) -> String {
        self.name(address.as_str())
    }

    /// The same of a network, cut to what tells a person's networks apart. No address of a person begins
    /// like it.
    #[must_use]
    pub fn network_name(&self, network: &str) -> String {
        self.name(&format!(" {network}")).get(..NETWORK_DIGITS).unwrap_or_default().to_owned()
    }

    fn name(&self, text: &str) -> String {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
        let hash = self.0.clone().chain_update(text).finalize().into_bytes();
        hash.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// Asks an account.
///
/// # Errors
/// What the account refuses, with the seconds to wait; `not_found` for an id that is no account's;
/// `internal`.
pub async fn ask(env: &Env, account: Account<'_>, question: &Question) -> Result<Answer, Refusal> {
    let body = Some(question);
    let answer: Result<Answer, account::Refusal> =
        room_call::ask(&stub(env, account)?, Method::Post, "/ask", body).await?;
    answer.map_err(refusal)
}

/// Opens a home page's socket.
///
/// # Errors
/// `unauthorized` where the device is signed out; `internal`.
pub async fn open_socket(env: &Env, account: &AccountId, session: &impl Serialize) -> Result<Response, Refusal> {
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    headers.set(SESSION_HEADER, &serde_json::to_string(session).map_err(|error| Refusal::internal(&error))?)?;
    let request = outgoing::request(Method::Get, "https://object/connect", &headers, None)?;
    let answer = stub(env, Account::Id(account))?.fetch_with_request(request).await?;
    match answer.status_code() {
        101 => Ok(answer),
        401 => Err(refusal(account::Refusal { code: ErrorCode::Unauthorized, retry_after_ms: None })),
        _ => Err(Refusal::internal(&"no socket")),
    }
}

fn stub(env: &Env, account: Account<'_>) -> Result<Stub, Refusal> {
    let accounts: ObjectNamespace = env.durable_object("ACCOUNT")?;
    let (address, near) = match account {
        Account::Id(id) => {
            // Throws for what is not an id of this namespace.
            let id = accounts.id_from_string(id.as_str());
            return Ok(id.map_err(|_| Refusal::new(ErrorCode::NotFound, "There is no such account"))?.get_stub()?);
        }
        Account::Address(address) => (address, None),
        Account::Own(address, near) => (address, near),
    };
    let name = settings::address_key(env)?.object_name(address);
    room_call::near(&accounts.id_from_name(&name)?, near)
}

/// An account's refusal as the answer to a request.
fn refusal(refused: account::Refusal) -> Refusal {
    let title = match refused.code {
        ErrorCode::Unauthorized => "Sign in first, or again",
        ErrorCode::InvalidCredentials => "Address and password do not belong together",
        ErrorCode::EmailNotVerified => "Prove the address first, by the link that was mailed",
        ErrorCode::InvalidToken => "The link was used before, was replaced, or has expired",
        ErrorCode::RateLimited => "Too many tries; wait",
        ErrorCode::NotFound => "There is no such thing in this account",
        ErrorCode::Forbidden => "This account may not do that",
        _ => "The account does not take this",
    };
    let mut refusal = Refusal::new(refused.code, title);
    refusal.retry_after_seconds =
        refused.retry_after_ms.map(|wait| u32::try_from(wait.div_ceil(1_000)).unwrap_or(u32::MAX));
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_by_a_keyed_hash_of_the_address() {
        // As OpenSSL computes it.
        let key = AddressKey::from_base64(&STANDARD.encode([7; 32])).unwrap();
        let name = key.object_name(&"Ada@Example.org".parse().unwrap());
        assert_eq!(name, "0d178c15a364d3f7534ef6840d33a7f401ac9838bb694f06de064b211508c06b");
        let other = AddressKey::from_base64(&STANDARD.encode([8; 32])).unwrap();
        assert_ne!(other.object_name(&"ada@example.org".parse().unwrap()), name);
        assert!(AddressKey::from_base64(&STANDARD.encode([7; 31])).is_none());
    }

    #[test]
    fn a_refusal_carries_the_time_to_wait_in_whole_seconds() {
        let refused = account::Refusal { code: ErrorCode::RateLimited, retry_after_ms: Some(1_001) };
        let refusal = refusal(refused);
        assert_eq!((refusal.problem.status, refusal.retry_after_seconds), (429, Some(2)));
    }
}
