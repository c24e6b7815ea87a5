//! What every request gets: an id that follows it through the logs, a line when it is done, a count.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;

use super::Region;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Characters of an id that is taken over from the caller.
const REQUEST_ID_CHARS: usize = 64;

pub(super) async fn observe(State(region): State<Arc<Region>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = accepted(request.headers()).unwrap_or_else(|| uuid::Uuid::new_v4().simple().to_string());
    let method = request.method().clone();
    // Never the path itself: anything could stand in it.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;

    let status = response.status().as_u16();
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if route.starts_with("/v1/") {
            tracing::info!(%method, route, status, milliseconds, "answered");
        } else {
            tracing::debug!(%method, route, status, milliseconds, "answered");
        }
    });
    region.metrics.request(route, status);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    response
}

/// The caller's id, when it is short and plain enough to stand in a log.
fn accepted(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=REQUEST_ID_CHARS).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_ids_are_taken_over() {
        let with = |id: &str| HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())]);
        assert_eq!(accepted(&with("a1B2-c3_d4.e5")).as_deref(), Some("a1B2-c3_d4.e5"));
        for bad in ["", "two words", "a\"b", &"x".repeat(65)] {
            assert_eq!(accepted(&with(bad)), None, "{bad}");
        }
        assert_eq!(accepted(&HeaderMap::new()), None);
    }
}
