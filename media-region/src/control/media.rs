//! The door for media over a WebSocket: `GET /v1/media`, from browsers.
//!
//! Here it is only seen that a page of ours opens it and that it names an engine; whether its ticket is
//! good is the engine's to say, which gets the connection then.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            CONNECTION, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
            UPGRADE,
        },
    },
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use protocol::error::ErrorCode;
use sfu::websocket::Messages;
use sha1::{Digest as _, Sha1};
use tokio::net::TcpStream;

use super::{Region, problem::Refused};
use crate::tcp::{self, Incoming, Newcomer};

/// What browsers and this door speak.
const PROTOCOL: &str = "meridian.media.v1";
/// Before the ticket in the list of protocols, where no URL or log shows it.
const TICKET: &str = "meridian.ticket.";
/// Characters of a ticket at most; ours have 68.
const TICKET_CHARS: usize = 128;
/// Proves that a server understood the request (RFC 6455 §1.3).
const ACCEPT_SUFFIX: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

pub(super) async fn open(State(region): State<Arc<Region>>, mut request: Request) -> Result<Response, Refused> {
    let headers = request.headers();
    if !region.origins.allow(headers) {
        return Err(Refused::new(ErrorCode::OriginNotAllowed, "this page may not send media here"));
    }
    let accept = accept(headers).ok_or_else(|| Refused::new(ErrorCode::InvalidRequest, "a WebSocket is needed"))?;
    let ticket = ticket(headers).ok_or_else(|| Refused::new(ErrorCode::Unauthorized, "a ticket is needed"))?;
    let number = sfu::bearer(&ticket).filter(|number| region.engines.numbered(*number).is_some());
    let number = number.ok_or_else(|| Refused::new(ErrorCode::Unauthorized, "the ticket is not valid"))?;
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // One that breaks off before is the browser's to notice.
        if let Ok(upgraded) = upgrade.await {
            hand_over(&region, number, ticket, upgraded);
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

fn hand_over(region: &Region, engine: u16, ticket: String, upgraded: Upgraded) {
    let Ok(parts) = downcast::<TokioIo<TcpStream>>(upgraded) else { return };
    let (stream, came) = (parts.io.into_inner(), parts.read_buf);
    let Ok(peer) = stream.peer_addr() else { return };
    let place = match region.places.take(peer.ip()) {
        Ok(place) => place,
        Err(none) => return region.metrics.tcp_refused(none.label()),
    };
    if tcp::set_up(&stream).is_err() {
        return;
    }
    let Ok(stream) = stream.into_std() else { return };
    let mut messages = Messages::default();
    messages.push(&came);
    let incoming = Incoming::Messages(messages);
    let newcomer = Newcomer { stream, peer, incoming, ticket: Some(ticket), place };
    let taken = region.engines.numbered(engine).and_then(|engine| engine.connect(newcomer));
    if taken.is_none() {
        region.metrics.tcp_refused("engine");
    }
}

/// The answer to the key of a request that opens a WebSocket (RFC 6455 §4.2.1).
fn accept(headers: &HeaderMap) -> Option<HeaderValue> {
    let has = |name, value: &str| {
        let values = headers.get_all(name).iter().filter_map(|it: &HeaderValue| it.to_str().ok());
        values.flat_map(|it| it.split(',')).any(|it| it.trim().eq_ignore_ascii_case(value))
    };
    if !has(UPGRADE, "websocket") || !has(CONNECTION, "upgrade") || !has(SEC_WEBSOCKET_VERSION, "13") {
        return None;
    }
    let key = headers.get(SEC_WEBSOCKET_KEY)?.as_bytes();
    let hash = Sha1::new().chain_update(key).chain_update(ACCEPT_SUFFIX).finalize();
    HeaderValue::from_str(&STANDARD.encode(hash)).ok()
}

/// The ticket in the list of protocols, beside the one that is spoken.
fn ticket(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|it| it.to_str().ok());
    let offered: Vec<&str> = values.flat_map(|it| it.split(',')).map(str::trim).collect();
    let ticket = offered.iter().find_map(|it| it.strip_prefix(TICKET)).filter(|_| offered.contains(&PROTOCOL))?;
    (ticket.len() <= TICKET_CHARS).then(|| ticket.to_owned())
}

/// The pages that may open the door.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    /// These, as browsers write them (RFC 6454 §6.2).
    pub(crate) fn new(origins: Vec<String>) -> Self {
        Self(origins)
    }

    /// Whether the page that asks is one of them. Whoever is no page says none, and has a ticket or not.
    fn allow(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(ORIGIN).iter();
        let Some(origin) = values.next() else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        values.next().is_none() && self.0.iter().any(|allowed| allowed == origin)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what must hold")]

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_answer_to_the_key_is_that_of_the_standard() {
        let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let whole =
            [("upgrade", "websocket"), ("connection", "keep-alive, Upgrade"), ("sec-websocket-version", "13"), key];
        assert_eq!(accept(&headers(&whole)).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        for missing in 0..whole.len() {
            let mut lines = whole.to_vec();
            lines.remove(missing);
            assert_eq!(accept(&headers(&lines)), None);
        }
    }

    #[test]
    fn the_ticket_stands_beside_the_protocol() {
        let found = |list: &'static str| ticket(&headers(&[("sec-websocket-protocol", list)]));
        assert_eq!(found("meridian.media.v1, meridian.ticket.0001ab").as_deref(), Some("0001ab"));
        assert_eq!(found("meridian.ticket.0001ab"), None);
        assert_eq!(found("meridian.media.v1"), None);
    }

    #[test]
    fn only_our_pages_may_open_it() {
        let origins = Origins::new(vec!["https://meet.example".into()]);
        assert!(origins.allow(&headers(&[])));
        assert!(origins.allow(&headers(&[("origin", "https://meet.example")])));
        for other in ["https://meet.example.org", "http://meet.example", "null"] {
            assert!(!origins.allow(&headers(&[("origin", other)])), "{other}");
        }
    }
}
