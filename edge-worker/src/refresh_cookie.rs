//! The cookie that keeps a device signed in: `{AccountId}.{SessionId}.{secret}`.
//!
//! No page can read it (HttpOnly), no other site can make a browser send it (SameSite=Strict), and
//! browsers send it to `/api/auth` only. It must never be in a body or a log.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use protocol::{
    id::{AccountId, SessionId},
    limits::SESSION_DAYS,
};
use uuid::Uuid;

/// Its name.
pub const NAME: &str = "meridian_refresh";

/// What the cookie holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshCookie {
    /// Whose device.
    pub account: AccountId,
    /// Which.
    pub session: SessionId,
    /// 32 bytes in base64url without padding; only the newest counts.
    pub secret: String,
}

impl RefreshCookie {
    /// The cookie of a request; nothing where it is missing or malformed.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(value(headers, NAME)?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (account, rest) = text.split_once('.')?;
        let (session, secret) = rest.split_once('.')?;
        is_secret(secret).then_some(())?;
        let (account, session) = (account.parse().ok()?, SessionId(Uuid::parse_str(session).ok()?));
        Some(Self { account, session, secret: secret.to_owned() })
    }

    /// Has the browser keep it.
    pub fn set(&self, response: &mut Response) {
        let value = format!("{}.{}.{}", self.account, self.session.0, self.secret);
        add(response, NAME, &value, "/api/auth", "Strict", SESSION_DAYS.saturating_mul(24 * 60 * 60));
    }
}

/// Has the browser forget it.
pub fn clear(response: &mut Response) {
    add(response, NAME, "", "/api/auth", "Strict", 0);
}

/// Whether a text can be one of our secrets: 32 bytes in base64url without padding.
#[must_use]
pub fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The first cookie of that name (RFC 6265 §5.4).
#[must_use]
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.find_map(|pairs| {
        pairs
            .split(';')
            .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
    })
}

/// Adds a cookie that pages cannot read.
pub fn add(response: &mut Response, name: &str, value: &str, path: &str, same_site: &str, seconds: u64) {
    let cookie = format!("{name}={value}; HttpOnly; Secure; SameSite={same_site}; Path={path}; Max-Age={seconds}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn cookie() -> RefreshCookie {
        RefreshCookie {
            account: "a".repeat(64).parse().unwrap(),
            session: SessionId(Uuid::from_u128(7)),
            secret: "s".repeat(43),
        }
    }

    fn sent(cookies: &[&str]) -> Option<RefreshCookie> {
        let mut headers = HeaderMap::new();
        for value in cookies {
            headers.append(header::COOKIE, HeaderValue::from_str(value).unwrap());
        }
        RefreshCookie::of(&headers)
    }

    #[test]
    fn a_browser_returns_what_was_set() {
        let mut response = Response::new(Body::empty());
        cookie().set(&mut response);
        let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let (pair, attributes) = set.split_once("; ").unwrap();
        assert_eq!(attributes, "HttpOnly; Secure; SameSite=Strict; Path=/api/auth; Max-Age=2592000");
        assert_eq!(sent(&[pair]), Some(cookie()));
        assert_eq!(sent(&["theme=dark", &format!("a=b; {pair};c=d")]), Some(cookie()));
    }

    #[test]
    fn what_is_malformed_is_no_cookie() {
        let (account, session, secret) = ("a".repeat(64), Uuid::from_u128(7), "s".repeat(43));
        for value in [
            String::new(),
            format!("{account}.{session}"),
            format!("{account}.{session}."),
            format!("{account}.{session}.{secret}."),
            format!("{account}.{session}.{secret}s"),
            format!("{account}.nobody.{secret}"),
            format!("b.{session}.{secret}"),
            format!("{account}.{session}.{}", "*".repeat(43)),
        ] {
            assert_eq!(sent(&[&format!("{NAME}={value}")]), None, "{value}");
        }
        assert_eq!(sent(&[]), None);
        assert_eq!(sent(&[NAME]), None);
        assert_eq!(sent(&[&format!("x{NAME}={account}.{session}.{secret}")]), None);
    }
}
