//! Relays for media (TURN, RFC 8656): who provides them, and credentials for one seat.
//!
//! A provider that is slow or fails costs a short wait while somebody looks at the preview, and nobody
//! their call: relays are the last of several ways.

pub mod answer;
mod cloudflare;
pub mod shared_secret;

use protocol::{id::ParticipantId, limits::ICE_SECONDS, rest::IceServers};
use worker::Env;

use crate::{clock, settings};

/// After a failure a browser asks again in so many seconds.
const AGAIN_SECONDS: u32 = 15;

/// Where relays come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// There are none.
    None,
    /// Servers that share a secret with this deployment, as coturn does.
    SharedSecret {
        /// Their URLs.
        urls: Vec<String>,
        /// What they share.
        secret: String,
    },
    /// Cloudflare's managed TURN.
    Cloudflare {
        /// Where its API is, with the key's id.
        url: String,
        /// The key's token.
        token: String,
    },
}

/// Relays with credentials for one person.
pub async fn relays(env: &Env, participant: ParticipantId) -> IceServers {
    let servers = match settings::turn_provider(env) {
        Provider::None => return IceServers { ice_servers: Vec::new(), ice_seconds: None },
        Provider::SharedSecret { urls, secret } => {
            let until = clock::now_seconds().saturating_add(ICE_SECONDS.into());
            Ok(vec![shared_secret::server(urls, &secret, until, participant)])
        }
        Provider::Cloudflare { url, token } => cloudflare::servers(&url, &token).await,
    };
    let ice_servers = servers.map(answer::usable).unwrap_or_else(|error| {
        worker::console_error!("turn: {error}");
        Vec::new()
    });
    // A call outlives its first credentials; new ones are there long before.
    let ice_seconds = Some(if ice_servers.is_empty() { AGAIN_SECONDS } else { ICE_SECONDS / 2 });
    IceServers { ice_servers, ice_seconds }
}
