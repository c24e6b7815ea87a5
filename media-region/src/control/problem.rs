//! Refusals as `application/problem+json` (RFC 9457).

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use protocol::error::{ErrorCode, Problem};

use super::ticket::TicketError;
use crate::engine::Refusal;

/// A [`Problem`] on its way out.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Problem);

impl Refused {
    pub(crate) fn new(code: ErrorCode, title: impl Into<String>) -> Self {
        Self(Problem::new(code, title))
    }
}

impl From<TicketError> for Refused {
    fn from(error: TicketError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        use sfu::OpenError;
        let code = match &refusal {
            Refusal::Forwarder(OpenError::Offer(_)) => ErrorCode::OfferRejected,
            // The ticket was good once; now it, or a newer one, has been used.
            Refusal::Forwarder(OpenError::Stale) => ErrorCode::Forbidden,
            Refusal::Forwarder(OpenError::Full) | Refusal::Draining | Refusal::Unresponsive => {
                ErrorCode::RegionUnavailable
            }
        };
        Self::new(code, refusal.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
