//! The edge as the region sees it: told what happened, never asked for anything.
//!
//! Calls go on when it is away; nothing here is waited for by an engine.

pub(crate) mod events;
pub(crate) mod report;

use std::time::Duration;

use reqwest::{Client, StatusCode, redirect::Policy};
use serde::Serialize;

use crate::config::RegionToken;

/// How long one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the edge did not take something.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EdgeError {
    /// It could not be asked.
    #[error("not reachable: {0}")]
    Unreachable(String),
    /// It said no.
    #[error("refused with status {0}")]
    Refused(StatusCode),
}

impl EdgeError {
    /// Whether the same request could be taken later.
    fn passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            // What the edge calls malformed stays so; all else (credentials under change, a proxy's
            // answer while the Worker is replaced, rate limits) passes.
            Self::Refused(status) => !matches!(
                *status,
                StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY
            ),
        }
    }
}

/// A client with this region's credential.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    client: Client,
    url: String,
    token: RegionToken,
}

impl Edge {
    /// A client of the edge at `url`.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read (only for `https`).
    pub(crate) fn new(url: &str, token: RegionToken) -> reqwest::Result<Self> {
        // A redirect would carry the credential elsewhere; a proxy for browsers is not for this.
        let mut builder = Client::builder().timeout(CALL_TIMEOUT).redirect(Policy::none()).no_proxy();
        if !url.starts_with("https:") {
            // Lets a machine without certificates talk to an edge on itself.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self { client: builder.build()?, url: url.to_owned(), token })
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<(), EdgeError> {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(self.token.expose()).json(body);
        let response = request.send().await.map_err(|error| EdgeError::Unreachable(root_cause(&error)))?;
        if response.status().is_success() { Ok(()) } else { Err(EdgeError::Refused(response.status())) }
    }
}

/// reqwest's own text is only "error sending request".
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
