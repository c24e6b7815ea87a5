//! Credentials for servers that share a secret with this deployment: coturn's `use-auth-secret`
//! (draft-uberti-behave-turn-rest).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use protocol::{id::ParticipantId, rest::IceServer};
use sha1::Sha1;

/// A server with credentials that are good until this second since the epoch.
#[must_use]
pub fn server(urls: Vec<String>, secret: &str, until: u64, participant: ParticipantId) -> IceServer {
    let username = format!("{until}:{}", participant.0);
    // HMAC takes keys of any length.
    let credential = Hmac::<Sha1>::new_from_slice(secret.as_bytes())
        .ok()
        .map(|signing| STANDARD.encode(signing.chain_update(&username).finalize().into_bytes()));
    IceServer { urls, username: Some(username), credential }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn credentials_are_those_of_the_scheme() {
        let made = server(vec!["turn:turn.example:3478".into()], "north", 1_700_000_000, ParticipantId(Uuid::nil()));
        assert_eq!(made.username.as_deref(), Some("1700000000:00000000-0000-0000-0000-000000000000"));
        // `printf 1700000000:0… | openssl dgst -sha1 -hmac north -binary | base64`
        assert_eq!(made.credential.as_deref(), Some("WLicnZche6KJWOPqFFjtz/SZGys="));
    }
}
