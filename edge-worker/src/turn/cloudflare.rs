//! Credentials from Cloudflare's managed TURN.

use std::time::Duration;

use protocol::{limits::ICE_SECONDS, rest::IceServer};
use worker::{Error, Headers, Method, Result};

use super::answer;
use crate::outgoing;

/// Somebody may be waiting for their seat.
const TIMEOUT: Duration = Duration::from_millis(700);
/// Far more than an answer has.
const ANSWER_BYTES: usize = 16 * 1024;

pub(super) async fn servers(url: &str, token: &str) -> Result<Vec<IceServer>> {
    let headers = Headers::new();
    headers.set("authorization", &format!("Bearer {token}"))?;
    headers.set("content-type", "application/json")?;
    let url = format!("{url}/credentials/generate-ice-servers");
    let body = Some(format!("{{\"ttl\":{ICE_SECONDS}}}"));
    let (status, bytes) = outgoing::exchange(Method::Post, &url, headers, body, TIMEOUT, ANSWER_BYTES).await?;
    if !(200..300).contains(&status) {
        return Err(Error::RustError(format!("the provider answered {status}")));
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(answer::servers(&serde_json::from_str(&text)?))
}
