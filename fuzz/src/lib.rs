//! What each fuzz target does with bytes from outside. `fuzz_targets/` hands these to libFuzzer; the
//! tests of this crate run the same functions over seeds and mutations of them, on any compiler.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Instant,
};

use account::Account;
use protocol::{
    account::{
        CallSomeone, ChangePassword, ChangeProfile, HomeMessage, LinkProvider, Login, MailWanted, Register,
        ResetPassword, Verify,
    },
    id::{ParticipantId, RoomCode, RoomId, SessionId},
    limits::{ICE_SERVERS, ICE_TEXT_BYTES},
    media::{MediaRequest, Source, VideoCodec},
    moment::Moment,
    region::{OpenSession, RegionEvents, RegionReport},
    rest::{ChangeRoom, CreateRoom, MakeStream, RoomKind, StreamKind, TakeSeat},
    signal::{ClientMessage, MediaOffer, TrackOffer},
    text::Sdp,
};
use room::{Connection, ConnectionId, Input, NewRoom, Room};
use uuid::Uuid;

/// A function that takes any bytes and neither panics nor runs for long.
pub type Target = fn(&[u8]);

/// All of them, by the name of their file in `fuzz_targets/`.
pub const TARGETS: [(&str, Target); 14] = [
    ("socket_message", socket_message),
    ("home_message", home_message),
    ("rest_body", rest_body),
    ("meeting_code", meeting_code),
    ("seat_token", seat_token),
    ("moment", moment),
    ("region_body", region_body),
    ("offer", offer),
    ("stream_offer", stream_offer),
    ("datagram", datagram),
    ("tcp_stream", tcp_stream),
    ("payload", payload),
    ("websocket_stream", websocket_stream),
    ("turn_answer", turn_answer),
];

const PARTICIPANT: ParticipantId = ParticipantId(Uuid::from_u128(7));

/// Texts on a room's socket, one per line, from somebody who is a host.
pub fn socket_message(bytes: &[u8]) {
    let Some(mut room) = a_room() else { return };
    let connection = ConnectionId(1);
    let mut now = 1_000;
    room.handle(
        now,
        Input::Connected(Connection {
            id: connection,
            participant: PARTICIPANT,
            host: true,
            identity: None,
            email: None,
            location: None,
        }),
    );
    for line in bytes.split(|byte| *byte == b'\n').take(64) {
        now += 100;
        let text = String::from_utf8_lossy(line).into_owned();
        let read = serde_json::from_str(&text).ok().and_then(|document| ClientMessage::read(&document).ok());
        if let Some(message) = read {
            // What was understood can be said again and means the same.
            let again = serde_json::to_string(&message).map(|text| serde_json::from_str::<ClientMessage>(&text));
            assert!(again.is_ok_and(|again| again.is_ok_and(|again| again == message)), "a message changed on its way");
        }
        room.handle(now, Input::Received { connection, text });
        while room.poll_output().is_some() {}
    }
}

/// Texts on a home page's socket, one per line.
pub fn home_message(bytes: &[u8]) {
    let Ok(id) = "0".repeat(64).parse() else { return };
    let mut account = Account::new(id);
    let connection = account::ConnectionId(1);
    let session = SessionId(Uuid::from_u128(9));
    account.handle(1_000, account::Input::Connected(account::Connection { id: connection, session }));
    for (number, line) in (0_u64..).zip(bytes.split(|byte| *byte == b'\n').take(64)) {
        let text = String::from_utf8_lossy(line).into_owned();
        if let Ok(message) = serde_json::from_str::<HomeMessage>(&text) {
            let again = serde_json::to_string(&message).map(|text| serde_json::from_str::<HomeMessage>(&text));
            assert!(again.is_ok_and(|again| again.is_ok_and(|again| again == message)), "a message changed on its way");
        }
        account.handle(1_000 + number * 100, account::Input::Received { connection, text });
        while account.poll_output().is_some() {}
    }
}

/// Bodies of the REST API.
pub fn rest_body(bytes: &[u8]) {
    let _ = serde_json::from_slice::<CreateRoom>(bytes);
    let _ = serde_json::from_slice::<ChangeRoom>(bytes);
    let _ = serde_json::from_slice::<TakeSeat>(bytes);
    let _ = serde_json::from_slice::<MakeStream>(bytes);
    let _ = serde_json::from_slice::<Register>(bytes);
    let _ = serde_json::from_slice::<Login>(bytes);
    let _ = serde_json::from_slice::<Verify>(bytes);
    let _ = serde_json::from_slice::<MailWanted>(bytes);
    let _ = serde_json::from_slice::<ResetPassword>(bytes);
    let _ = serde_json::from_slice::<LinkProvider>(bytes);
    let _ = serde_json::from_slice::<ChangeProfile>(bytes);
    let _ = serde_json::from_slice::<ChangePassword>(bytes);
    let _ = serde_json::from_slice::<CallSomeone>(bytes);
}

/// Dates and times as people and programs write them.
pub fn moment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(moment) = Moment::from_rfc3339(&text) {
        let civil = moment.civil();
        assert!((1..=12).contains(&civil.month) && (1..=31).contains(&civil.day), "a day that is not on the calendar");
    }
}

/// What people paste as a code or link.
pub fn meeting_code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(code) = RoomCode::from_pasted(&text) {
        assert_eq!(code.as_str().parse::<RoomCode>().as_ref(), Ok(&code), "a code that is not one");
    }
}

/// What a browser offers as a seat.
pub fn seat_token(bytes: &[u8]) {
    let header = String::from_utf8_lossy(bytes);
    let seat = edge_worker::seat::from_subprotocols(&header).unwrap_or(&header);
    // 32 bytes that no seed was signed with.
    let key = edge_worker::seat::SeatKey::from_base64("8J+QpvCfkKbwn5Cm8J+QpvCfkKbwn5Cm8J+QpvCfkKY=");
    if let (Some(key), Some(room)) = (key, room_id()) {
        assert!(key.verify(1_700_000_001, &room, seat).is_err(), "a forged seat counts");
    }
}

/// Bodies between edge and region, and on the data channel.
pub fn region_body(bytes: &[u8]) {
    let _ = serde_json::from_slice::<OpenSession>(bytes);
    let _ = serde_json::from_slice::<RegionReport>(bytes);
    let _ = serde_json::from_slice::<RegionEvents>(bytes);
    let _ = serde_json::from_slice::<MediaRequest>(bytes);
}

/// Session descriptions, offered to an engine.
pub fn offer(bytes: &[u8]) {
    let Ok(sdp) = String::from_utf8_lossy(bytes).parse::<Sdp>() else { return };
    let Some((mut engine, now)) = an_engine() else { return };
    open(&mut engine, now, sdp);
}

/// What programs offer by WHIP and WHEP, on its way to an engine.
pub fn stream_offer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for kind in [StreamKind::Publish, StreamKind::Watch] {
        let Ok(offer) = room::stream_offer(kind, &text) else { continue };
        assert!(offer.sdp.as_str().lines().all(|line| line != "a=sendrecv"), "it goes one way");
        assert_eq!(offer.tracks.is_empty(), kind == StreamKind::Watch, "it publishes or watches");
        let Some((mut engine, now)) = an_engine() else { return };
        open_offer(&mut engine, now, offer);
    }
}

/// Datagrams (each led by its length in two bytes) to an engine that carries somebody.
pub fn datagram(bytes: &[u8]) {
    let Some((mut engine, now)) = an_engine() else { return };
    let browser = include_str!("../seeds/offer/browser.sdp").parse::<Sdp>();
    assert!(browser.is_ok_and(|sdp| open(&mut engine, now, sdp)), "a browser's offer was refused");
    let source = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
    let mut rest = bytes;
    while let Some(([high, low], after)) = rest.split_first_chunk::<2>().map(|(head, after)| (*head, after)) {
        let length = usize::from(u16::from_be_bytes([high, low])).min(after.len());
        let (contents, next) = after.split_at(length);
        let _ = sfu::stun::username(contents);
        engine.handle(now, sfu::Input::Datagram { source, contents });
        rest = next;
    }
    engine.handle(now, sfu::Input::Tick);
    while engine.poll_output().is_some() {}
}

/// What a provider of relays answers.
pub fn turn_answer(bytes: &[u8]) {
    let Ok(answer) = serde_json::from_slice(bytes) else { return };
    let servers = edge_worker::turn::answer::usable(edge_worker::turn::answer::servers(&answer));
    assert!(servers.len() <= ICE_SERVERS, "too many servers");
    for server in servers {
        assert!((1..=ICE_SERVERS).contains(&server.urls.len()), "too many addresses");
        let is_relay = |url: &String| url.starts_with("turn:") || url.starts_with("turns:");
        let is_complete = server.username.is_some() && server.credential.is_some();
        assert!(is_complete || !server.urls.iter().any(is_relay), "a browser would not take it");
        assert!(server.urls.iter().all(|url| url.len() <= ICE_TEXT_BYTES && !url.ends_with(":53")), "a bad address");
    }
}

/// What comes on a TCP connection, in pieces as long as its first byte says, to an engine that carries
/// somebody.
pub fn tcp_stream(bytes: &[u8]) {
    let Some((mut engine, now)) = an_engine() else { return };
    let browser = include_str!("../seeds/offer/browser.sdp").parse::<Sdp>();
    assert!(browser.is_ok_and(|sdp| open(&mut engine, now, sdp)), "a browser's offer was refused");
    let Some((length, stream)) = bytes.split_first() else { return };
    let source = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
    let mut frames = sfu::framing::Frames::default();
    for piece in stream.chunks(usize::from(*length).max(1)) {
        frames.push(piece);
        loop {
            match frames.take() {
                Ok(Some(contents)) => {
                    let _ = sfu::addressee(contents);
                    assert!((1..=sfu::framing::FRAME_BYTES).contains(&contents.len()), "a frame out of bounds");
                    engine.handle(now, sfu::Input::Frame { source, contents });
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
        assert!(frames.waiting() < 2 + sfu::framing::FRAME_BYTES, "more waits than a frame");
        engine.handle(now, sfu::Input::Tick);
        while engine.poll_output().is_some() {}
    }
    engine.handle(now, sfu::Input::Tcp { peer: source, is_socket: false, state: sfu::TcpState::Closed });
    while engine.poll_output().is_some() {}
}

/// What comes on a WebSocket that carries media; the first byte says in pieces of how many bytes.
pub fn websocket_stream(bytes: &[u8]) {
    let Some((mut engine, now)) = an_engine() else { return };
    let offer = include_str!("../seeds/offer/websocket.sdp").parse::<Sdp>();
    let Some(ticket) = offer.ok().and_then(|sdp| opened(&mut engine, now, sdp)) else {
        unreachable!("a browser's offer was refused")
    };
    let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
    engine.handle(now, sfu::Input::Socket { peer, ticket: &ticket });
    while engine.poll_output().is_some() {}
    let Some((length, stream)) = bytes.split_first() else { return };
    let mut messages = sfu::websocket::Messages::default();
    for piece in stream.chunks(usize::from(*length).max(1)) {
        messages.push(piece);
        loop {
            match messages.take() {
                Ok(Some(message)) => {
                    if let sfu::websocket::Message::Binary(contents) = message
                        && let Some((head, payload)) = sfu::piece::Head::read(contents)
                    {
                        assert_eq!([&head.bytes()[..], payload].concat(), contents, "a message changed on its way");
                    }
                    engine.handle(now, sfu::Input::Message { peer, message });
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
        assert!(messages.waiting() < 3 * sfu::websocket::MESSAGE_BYTES, "more waits than two messages");
        engine.handle(now, sfu::Input::Tick);
        while engine.poll_output().is_some() {}
    }
}

/// The ticket for the WebSocket that the engine answered an offer with.
fn opened(engine: &mut sfu::Engine, now: Instant, sdp: Sdp) -> Option<String> {
    let room = room_id()?;
    let track = |mid: &str, source| Some(TrackOffer { mid: mid.parse().ok()?, source });
    let tracks = vec![track("0", Source::Microphone)?, track("1", Source::Camera)?];
    let publish = vec![Source::Microphone, Source::Camera];
    let open = sfu::Open { room, participant: PARTICIPANT, epoch: 1, publish, offer: MediaOffer { sdp, tracks } };
    engine.handle(now, sfu::Input::Open(sfu::RequestId(1), Box::new(open)));
    let outputs = std::iter::from_fn(|| engine.poll_output());
    outputs.into_iter().find_map(|output| match output {
        sfu::Output::Opened(_, Ok(answer)) => {
            answer.sdp.as_str().lines().find_map(|line| line.strip_prefix("a=ticket:")).map(str::to_owned)
        }
        _ => None,
    })
}

/// The payload of an RTP packet, as one of each codec of pictures.
pub fn payload(bytes: &[u8]) {
    for codec in [VideoCodec::Vp8, VideoCodec::H264, VideoCodec::Vp9, VideoCodec::Av1] {
        let starts = sfu::starts_keyframe(codec, bytes);
        assert!(!starts || !bytes.is_empty(), "nothing starts a picture");
    }
}

/// Whether the engine took the offer.
fn open(engine: &mut sfu::Engine, now: Instant, sdp: Sdp) -> bool {
    let tracks = [("0", Source::Microphone), ("1", Source::Camera)]
        .into_iter()
        .filter_map(|(mid, source)| Some(TrackOffer { mid: mid.parse().ok()?, source }))
        .collect();
    open_offer(engine, now, MediaOffer { sdp, tracks })
}

fn open_offer(engine: &mut sfu::Engine, now: Instant, offer: MediaOffer) -> bool {
    let Some(room) = room_id() else { return false };
    let open = sfu::Open {
        room,
        participant: PARTICIPANT,
        epoch: 1,
        publish: vec![Source::Microphone, Source::Camera],
        offer,
    };
    engine.handle(now, sfu::Input::Open(sfu::RequestId(1), Box::new(open)));
    let mut is_open = false;
    while let Some(output) = engine.poll_output() {
        is_open |= matches!(output, sfu::Output::Opened(_, Ok(_)));
    }
    is_open
}

fn an_engine() -> Option<(sfu::Engine, Instant)> {
    let now = Instant::now();
    let advertised = SocketAddr::from((Ipv4Addr::LOCALHOST, 7882));
    Some((
        sfu::Engine::new(
            now,
            sfu::Config {
                advertised,
                advertised_tcp: Some(advertised),
                socket_url: Some("ws://127.0.0.1/".into()),
                number: 0,
                capacity: 10,
                large_room: sfu::LARGE_ROOM,
            },
        ),
        now,
    ))
}

fn a_room() -> Option<Room> {
    let mut room = Room::create(
        0,
        NewRoom {
            id: room_id()?,
            code: RoomCode::from_random([1; 10]),
            title: "Fuzz".parse().ok()?,
            kind: RoomKind::Public,
            host_secret_hash: None,
            owner: None,
            schedule: None,
            invite: Vec::new(),
            letters: true,
            origin: "https://meet.example".into(),
        },
    );
    while room.poll_output().is_some() {}
    Some(room)
}

fn room_id() -> Option<RoomId> {
    "0".repeat(64).parse().ok()
}
