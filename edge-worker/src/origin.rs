//! Which pages may speak to the API: our own, and none else.
//!
//! Programs that are no browser send no `Origin`; they hold no cookie of ours either, so there is
//! nothing that another page could make them misuse.

use axum::http::{HeaderMap, Uri, header};
use protocol::error::ErrorCode;

use crate::problem::Refusal;

/// Refuses a request that another origin's page makes.
///
/// # Errors
/// `origin_not_allowed`.
pub fn check(headers: &HeaderMap, target: &Uri) -> Result<(), Refusal> {
    let refused = || Refusal::new(ErrorCode::OriginNotAllowed, "This page may not use the API");
    let mut values = headers.get_all(header::ORIGIN).iter();
    let Some(given) = values.next() else { return Ok(()) };
    let given = given.to_str().map_err(|_| refused())?;
    if values.next().is_none() && Some(given) == own(target).as_deref() { Ok(()) } else { Err(refused()) }
}

/// The origin that a request was sent to (RFC 6454 §6.2), such as `https://meet.example`.
#[must_use]
pub fn own(target: &Uri) -> Option<String> {
    let scheme = target.scheme_str()?;
    let authority = target.authority()?;
    let (host, port) = (authority.host(), authority.port_u16());
    match (scheme, port) {
        ("http", Some(80)) | ("https", Some(443)) | (_, None) => Some(format!("{scheme}://{host}")),
        (_, Some(port)) => Some(format!("{scheme}://{host}:{port}")),
    }
}

/// The same as a WebSocket origin, such as `wss://meet.example`.
#[must_use]
pub fn own_socket(target: &Uri) -> Option<String> {
    // `http` becomes `ws`, `https` becomes `wss`.
    own(target).and_then(|origin| origin.strip_prefix("http").map(|rest| format!("ws{rest}")))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn checked(origins: &[&'static str], target: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(header::ORIGIN, HeaderValue::from_static(origin));
        }
        check(&headers, &Uri::from_static(target)).is_ok()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_call() {
        let api = "https://meet.example/api/rooms/join";
        assert!(checked(&[], api));
        assert!(checked(&["https://meet.example"], api));
        for stranger in [
            "https://evil.example",
            "http://meet.example",
            "https://meet.example:8443",
            "null",
            "",
            "https://meet.example.evil.example",
        ] {
            assert!(!checked(&[stranger], api), "{stranger}");
        }
        assert!(!checked(&["https://meet.example", "https://evil.example"], api));
        assert!(checked(&["http://localhost:8787"], "http://localhost:8787/api/health"));
    }

    #[test]
    fn default_ports_are_left_out() {
        assert_eq!(own(&Uri::from_static("https://meet.example:443/x")).as_deref(), Some("https://meet.example"));
        assert_eq!(own_socket(&Uri::from_static("http://localhost:8787/x")).as_deref(), Some("ws://localhost:8787"));
        assert_eq!(own_socket(&Uri::from_static("https://meet.example/x")).as_deref(), Some("wss://meet.example"));
    }
}
