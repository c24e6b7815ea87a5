//! JSON bodies: bounded in size and time, and refused with the name of the field that is wrong.

use std::{error::Error as _, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, header::CONTENT_TYPE},
};
use http_body_util::LengthLimitError;
use protocol::{
    error::{ErrorCode, Problem},
    limits::REGION_BODY_BYTES,
};
use serde::de::DeserializeOwned;

use super::problem::Refused;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// Characters of a parser's message that go back to the caller.
const MESSAGE_CHARS: usize = 200;

/// Reads a JSON body of at most [`REGION_BODY_BYTES`].
pub(crate) async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Refused> {
    if !says_json(headers) {
        return Err(Refused::new(ErrorCode::InvalidRequest, "the body must be application/json"));
    }
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, REGION_BODY_BYTES)).await;
    let bytes = read
        .map_err(|_| Refused::new(ErrorCode::InvalidRequest, "the body did not arrive in time"))?
        .map_err(|error| not_read(&error))?;
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| invalid(&error))?;
    deserializer.end().map_err(|_| Refused::new(ErrorCode::InvalidRequest, "something follows the JSON value"))?;
    Ok(value)
}

fn says_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn not_read(error: &axum::Error) -> Refused {
    if error.source().is_some_and(|source| source.is::<LengthLimitError>()) {
        return Refused::new(ErrorCode::TooLarge, format!("the body is larger than {REGION_BODY_BYTES} bytes"));
    }
    Refused::new(ErrorCode::InvalidRequest, "the body could not be read")
}

fn invalid(error: &serde_path_to_error::Error<serde_json::Error>) -> Refused {
    let message: String = error.inner().to_string().chars().take(MESSAGE_CHARS).collect();
    let problem = Problem::new(ErrorCode::InvalidRequest, "the body does not have the documented shape");
    Refused(problem.with_field(error.path().to_string(), message))
}
