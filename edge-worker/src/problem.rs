//! Problems as answers: `application/problem+json` (RFC 9457).

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::error::{ErrorCode, Problem};

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A request that ends here, with the problem that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What the caller reads.
    pub problem: Box<Problem>,
    /// Seconds after which trying again makes sense; becomes `Retry-After`.
    pub retry_after_seconds: Option<u32>,
}

impl Refusal {
    /// A refusal with one sentence for a developer.
    #[must_use]
    pub fn new(code: ErrorCode, title: impl Into<String>) -> Self {
        Problem::new(code, title).into()
    }

    /// A fault on our side. The detail goes to the log, not to the caller.
    #[must_use]
    pub fn internal(detail: &dyn std::fmt::Display) -> Self {
        worker::console_error!("internal: {detail}");
        Self::new(ErrorCode::Internal, "Something went wrong on our side")
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), retry_after_seconds: None }
    }
}

impl From<worker::Error> for Refusal {
    fn from(error: worker::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, &*self.problem);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A JSON answer.
#[must_use]
pub fn json<T: serde::Serialize>(status: StatusCode, value: &T) -> Response {
    answer(status, serde_json::to_string(value))
}

/// Apart from [`json`], so that there is only one of it for all types.
fn answer(status: StatusCode, text: serde_json::Result<String>) -> Response {
    let text = text.unwrap_or_else(|_| "{}".to_owned());
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_carries_its_status_type_and_waiting_time() {
        let mut refusal = Refusal::new(ErrorCode::RateLimited, "Slow down");
        refusal.retry_after_seconds = Some(60);
        let response = refusal.into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        assert_eq!(response.headers()[header::RETRY_AFTER], "60");
    }
}
