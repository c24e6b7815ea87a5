//! Security headers of every answer of the API. Pages get theirs from the assets' `_headers`.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

/// Names and values, set on every answer.
pub const SECURITY: [(HeaderName, &str); 8] = [
    // An answer is data: nothing in it may run, load, frame or be framed.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    // Answers carry seats and secrets.
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), display-capture=()"),
];

/// The answer with all of [`SECURITY`]; a header that it has already stays, for the one page that is none
/// of the assets.
#[must_use]
pub fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
