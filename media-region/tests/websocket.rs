//! Media over a WebSocket: the door of a real region, and what it does with those who misuse it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use std::time::Duration;

use common::{PATIENCE, Region, key, sign, ticket};
use protocol::{
    media::Source,
    region::{OpenSession, SessionAnswer, TicketAction},
    signal::{MediaOffer, TrackOffer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const EDGE: &str = "http://127.0.0.1:9";

/// Opens a session for a WebSocket, and returns the ticket.
async fn session(region: &Region) -> String {
    let sdp = "v=0\r\nm=audio 9 TCP/WSS opus\r\na=mid:0\r\na=sendonly\r\nm=audio 9 TCP/WSS opus\r\na=mid:1\r\n\
               a=recvonly\r\nm=application 9 TCP/WSS json\r\na=mid:2\r\n";
    let tracks = vec![TrackOffer { mid: "0".parse().unwrap(), source: Source::Microphone }];
    let offer = MediaOffer { sdp: sdp.parse().unwrap(), tracks };
    let bearer = sign(&key(), &ticket(TicketAction::Open));
    let answer = region.post("/v1/sessions").bearer_auth(bearer).json(&OpenSession { offer }).send().await.unwrap();
    let SessionAnswer { sdp, .. } = answer.json().await.unwrap();
    sdp.as_str().lines().find_map(|line| line.strip_prefix("a=ticket:")).unwrap().to_owned()
}

/// Asks for a WebSocket; the connection, and what was answered.
async fn ask(region: &Region, protocols: &str, origin: Option<&str>) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(region.control).await.unwrap();
    let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
    let request = format!(
        "GET /v1/media HTTP/1.1\r\nHost: region\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{origin}\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: {protocols}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    (stream, String::from_utf8(head).unwrap())
}

async fn open(region: &Region, ticket: &str) -> TcpStream {
    let (stream, head) = ask(region, &format!("meridian.media.v1, meridian.ticket.{ticket}"), Some(EDGE)).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.to_lowercase().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
    stream
}

/// A frame as a browser sends it, with a mask of zeros.
fn sent(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first, 0x80 | u8::try_from(payload.len()).unwrap(), 0, 0, 0, 0][..], payload].concat()
}

async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A connection that was reset is closed too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the region closes it");
    bytes
}

async fn until_closed(region: &Region, reason: &str, most: Duration) {
    let counted = async {
        while region.labelled("meridian_tcp_closed_total", &[("reason", reason)]).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(most, counted).await.unwrap_or_else(|_| panic!("not closed as {reason}"));
}

#[tokio::test]
async fn whoever_has_the_ticket_is_answered() {
    let region = Region::start(EDGE, &["--engines", "2"]).await;
    let ticket = session(&region).await;
    let mut stream = open(&region, &ticket).await;
    stream.write_all(&sent(0x81, br#"{"type":"ping"}"#)).await.unwrap();
    let mut answer = [0; 17];
    timeout(PATIENCE, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"\x81\x0f{\"type\":\"pong\"}");
    assert_eq!(region.metric("meridian_tcp_connections").await, 1);

    // The ticket was used.
    let mut another = open(&region, &ticket).await;
    assert_eq!(rest(&mut another).await, [0x88, 2, 0x03, 0xf0]);
    region.end().await;
}

#[tokio::test]
async fn other_pages_and_those_without_a_ticket_are_refused_at_the_door() {
    let region = Region::start(EDGE, &["--engines", "1"]).await;
    let ticket = session(&region).await;
    let both = format!("meridian.media.v1, meridian.ticket.{ticket}");
    for (protocols, origin, status) in [
        (both.as_str(), Some("https://elsewhere.example"), "403"),
        ("meridian.media.v1", None, "401"),
        ("meridian.media.v1, meridian.ticket.ffff00", None, "401"),
        ("meridian.media.v1, meridian.ticket.nonsense", None, "401"),
    ] {
        let (_, head) = ask(&region, protocols, origin).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert!(head.contains("application/problem+json"), "{head}");
    }
    let plain = region.get("/v1/media").await;
    assert_eq!(plain.status(), 400);
    let mut wrong = open(&region, "0000deadbeef").await;
    assert_eq!(rest(&mut wrong).await, [0x88, 2, 0x03, 0xf0]);
    assert_eq!(region.metric("meridian_sockets_refused_total").await, 1);
    region.end().await;
}

#[tokio::test]
async fn whoever_sends_no_frames_is_closed_and_nobody_else() {
    let region = Region::start(EDGE, &["--engines", "1"]).await;
    let ticket = session(&region).await;
    let mut stream = open(&region, &ticket).await;
    for garbage in [&[1, 2, 3][..], &[0; 60], b"\x01\x00\x00\x01\x00\x00\x00\x01\x00no opus"] {
        stream.write_all(&sent(0x82, garbage)).await.unwrap();
    }
    stream.write_all(&[0x82, 1, 7]).await.unwrap();
    rest(&mut stream).await;
    until_closed(&region, "framing", PATIENCE).await;
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}

#[tokio::test]
async fn whoever_does_not_read_or_says_nothing_is_dropped() {
    let region = Region::start(EDGE, &["--engines", "1"]).await;
    let ticket = session(&region).await;
    let mut stream = open(&region, &ticket).await;
    let flood = sent(0x89, &[7; 120]).repeat(1000);
    let writing = tokio::spawn(async move {
        // Until the region closes it.
        while stream.write_all(&flood).await.is_ok() {}
    });
    until_closed(&region, "slow", Duration::from_secs(60)).await;
    timeout(PATIENCE, writing).await.unwrap().unwrap();
    region.end().await;

    let region = Region::start(EDGE, &["--engines", "1"]).await;
    let ticket = session(&region).await;
    let _half_open = open(&region, &ticket).await;
    until_closed(&region, "silent", Duration::from_secs(30)).await;
    region.end().await;
}
