//! Bad requests get a clear problem and have no effect; the process goes on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use std::time::Duration;

use common::{PATIENCE, Region, code, key, problem, sign, ticket};
use protocol::{
    error::ErrorCode,
    limits::{REGION_BODY_BYTES, SDP_BYTES},
    region::{ProbeAnswer, TicketAction},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

fn open_ticket() -> String {
    sign(&key(), &ticket(TicketAction::Open))
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let region = Region::alone().await;
    for path in ["/", "/v1", "/v1/sessions/", "/v1/sessions/%00", "/../etc/passwd"] {
        assert_eq!(code(region.get(path).await).await, ErrorCode::NotFound, "{path}");
    }
    for path in ["/v1/sessions", "/v1/sessions/close"] {
        assert_eq!(code(region.get(path).await).await, ErrorCode::MethodNotAllowed, "{path}");
    }
    assert_eq!(code(region.post("/healthz").send().await.unwrap()).await, ErrorCode::MethodNotAllowed);
    region.end().await;
}

#[tokio::test]
async fn bodies_that_are_not_an_offer_are_refused_with_the_field() {
    let region = Region::alone().await;
    let offer = |sdp: &str| serde_json::json!({"offer": {"sdp": sdp, "tracks": []}}).to_string();
    let media_lines = format!("v=0\r\n{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(1000));
    let track = serde_json::json!({"mid": "0", "source": "camera"});
    let many = serde_json::json!({"offer": {"sdp": "v=0\r\n", "tracks": vec![track; 5]}}).to_string();
    let cases = [
        ("nothing", String::new(), "."),
        ("half a value", "{\"offer\": {".into(), "offer"),
        ("another shape", "[1, 2]".into(), "."),
        ("no offer", "{}".into(), "."),
        ("too deep", "[".repeat(100_000), "."),
        ("not UTF-8", "\u{fffd}".into(), "."),
        ("no description", offer(""), "offer.sdp"),
        ("a thousand media sections", offer(&media_lines), "offer.sdp"),
        ("a description that is too long", offer(&format!("v=0{}", "a".repeat(SDP_BYTES))), "offer.sdp"),
        ("too many tracks", many, "offer.tracks"),
    ];
    for (what, body, field) in cases {
        let request = region.post("/v1/sessions").bearer_auth(open_ticket());
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        let problem = problem(response).await;
        assert_eq!(problem.code, ErrorCode::InvalidRequest, "{what}");
        let fields: Vec<_> = problem.errors.keys().map(String::as_str).collect();
        assert!(fields.iter().all(|name| name.starts_with(field)) || field == ".", "{what}: {fields:?}");
        assert!(problem.errors.values().all(|message| message.chars().count() <= 200), "{what}");
    }
    let trailing = format!("{} x", offer("v=0\r\n"));
    let request = region.post("/v1/sessions").bearer_auth(open_ticket());
    let response = request.header("content-type", "application/json").body(trailing).send().await.unwrap();
    assert_eq!(code(response).await, ErrorCode::InvalidRequest);
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}

#[tokio::test]
async fn a_body_must_say_that_it_is_json() {
    let region = Region::alone().await;
    for content_type in ["text/plain", "application/sdp", "application/jsonx", "multipart/form-data"] {
        let request = region.post("/v1/sessions").bearer_auth(open_ticket()).header("content-type", content_type);
        let response = request.body("{}").send().await.unwrap();
        assert_eq!(code(response).await, ErrorCode::InvalidRequest, "{content_type}");
    }
    region.end().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_or_not_it_says_its_length() {
    let region = Region::alone().await;
    let large = "x".repeat(REGION_BODY_BYTES + 1);
    let request = region.post("/v1/sessions").bearer_auth(open_ticket()).header("content-type", "application/json");
    assert_eq!(code(request.body(large).send().await.unwrap()).await, ErrorCode::TooLarge);

    let mut stream = TcpStream::connect(region.control).await.unwrap();
    let head = format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: region\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        open_ticket()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..5 {
        // The region may answer and close before everything is written.
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 512];
    let count = timeout(PATIENCE, stream.read(&mut answer)).await.unwrap().unwrap();
    assert!(answer[..count].starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&answer[..count]));
    region.end().await;
}

#[tokio::test]
async fn a_request_id_is_taken_over_or_made_and_given_back() {
    let region = Region::alone().await;
    let with = |id: &'static str| region.client.get(region.url("/healthz")).header("x-request-id", id).send();
    assert_eq!(with("join-4711").await.unwrap().headers()["x-request-id"], "join-4711");
    let made = with("two words").await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(made.len(), 32);
    let none = region.get("/nowhere").await;
    assert_eq!(none.headers()["x-request-id"].len(), 32);
    region.end().await;
}

#[tokio::test]
async fn garbage_on_the_media_port_is_met_with_silence() {
    let region = Region::alone().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.connect(region.media[0]).await.unwrap();
    // A fixed sequence of pseudo-random bytes (xorshift), so that a failure repeats.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut sent = 0;
    for length in [0, 1, 2, 12, 20, 28, 200, 1200, 1472, 9000, 65_000] {
        // First bytes of STUN, DTLS, RTP and RTCP (RFC 7983), and anything.
        for first in [0, 1, 20, 22, 63, 64, 128, 200, 255] {
            let mut bytes: Vec<u8> = (0..length).map(|_| random().to_le_bytes()[0]).collect();
            if let Some(byte) = bytes.first_mut() {
                *byte = first;
            }
            // Half of what begins like STUN has its magic cookie (RFC 8489 §5).
            if first < 2 && length >= 20 && random() % 2 == 0 {
                bytes[4..8].copy_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
            }
            socket.send(&bytes).await.unwrap();
            sent += u64::from(length > 0);
        }
    }
    timeout(PATIENCE, async { while region.metric("meridian_datagrams_unmatched_total").await < sent / 2 {} })
        .await
        .expect("the engine has seen the garbage");
    let mut buffer = [0; 2048];
    assert!(socket.try_recv(&mut buffer).is_err(), "nothing is sent back");
    assert_eq!(region.get("/healthz").await.status(), 200);
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}

#[tokio::test]
async fn slow_and_broken_connections_do_not_stop_others() {
    let region = Region::alone().await;
    let mut open = Vec::new();
    for bytes in ["", "GET", "POST /v1/sessions HTTP/1.1\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"] {
        let mut stream = TcpStream::connect(region.control).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        open.push(stream);
    }
    let health = timeout(Duration::from_secs(5), region.get("/healthz")).await.unwrap();
    let health: serde_json::Value = health.json().await.unwrap();
    assert_eq!((&health["instance"], &health["draining"]), (&common::INSTANCE.into(), &false.into()));
    region.end().await;
}

#[tokio::test]
async fn who_looks_for_a_way_is_given_all_that_lead_here_and_no_session() {
    let region = Region::alone().await;
    let probe = sign(&key(), &ticket(TicketAction::Probe));
    let response = region.post("/v1/probes").bearer_auth(&probe).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let ProbeAnswer { ufrag, password, candidates } = response.json().await.unwrap();
    assert!(ufrag.starts_with("0000p") && password.len() >= 22, "{ufrag}");
    for (transport, address) in [("udp", region.media[0]), ("tcp", region.tcp.unwrap())] {
        let place = format!("{} {}", address.ip(), address.port());
        assert!(candidates.iter().any(|one| one.contains(&place) && one.contains(transport)), "{candidates:?}");
    }
    let open = region.post("/v1/sessions").bearer_auth(&probe).send().await.unwrap();
    assert_eq!(code(open).await, ErrorCode::Forbidden, "nobody comes in with it");
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}
