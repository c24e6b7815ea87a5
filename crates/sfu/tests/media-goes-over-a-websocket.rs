//! Somebody whose media comes and goes over a WebSocket, among people on WebRTC whose network loses packets.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use common::{ALL, World, media::Piece, network::Weather, room};
use protocol::{
    id::ParticipantId,
    media::{SlotTrack, Source},
    region::{SessionAnswer, SessionEventKind},
    signal::{MediaOffer, TrackOffer},
};
use sfu::{Input, Open, OpenError, TcpState, Urgency, piece::Head, websocket::Message};
use uuid::Uuid;

const PEER: ([u8; 4], u16) = ([203, 0, 113, 9], 40_000);
/// What the packets of whoever is on the WebSocket say of their publisher.
const SOCKET: u32 = 77;
const TICK: Duration = Duration::from_millis(20);

/// A browser on a WebSocket.
struct Socket {
    id: ParticipantId,
    answer: SessionAnswer,
    packets: u16,
    pictures: u16,
}

fn offer() -> MediaOffer {
    let mut sdp = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n".to_owned();
    for (mid, (kind, direction)) in
        [("audio", "sendonly"), ("video", "sendonly"), ("audio", "recvonly"), ("video", "recvonly")].iter().enumerate()
    {
        sdp += &format!("m={kind} 9 TCP/WSS x\r\na=mid:{mid}\r\na={direction}\r\n");
    }
    sdp += "m=application 9 TCP/WSS json\r\na=mid:9\r\n";
    let track = |mid: &str, source| TrackOffer { mid: mid.parse().unwrap(), source };
    MediaOffer { sdp: sdp.parse().unwrap(), tracks: vec![track("0", Source::Microphone), track("1", Source::Camera)] }
}

fn open(world: &mut World) -> Result<SessionAnswer, OpenError> {
    let participant = ParticipantId(Uuid::from_u128(99));
    world.open(Open { room: room(1), participant, epoch: 1, publish: ALL.to_vec(), offer: offer() })
}

impl Socket {
    fn join(world: &mut World) -> Self {
        let answer = open(world).unwrap();
        let socket = Self { id: ParticipantId(Uuid::from_u128(99)), answer, packets: 0, pictures: 0 };
        let ticket = socket.ticket();
        world.input(0, Input::Socket { peer: PEER.into(), ticket: &ticket });
        world.drain_engine();
        socket
    }

    fn ticket(&self) -> String {
        let text = self.answer.sdp.as_str();
        let line = text.lines().find_map(|line| line.strip_prefix("a=ticket:"));
        assert!(text.contains("a=ws-uri:ws://region.test/v1/media"), "{text}");
        line.unwrap().to_owned()
    }

    /// Sends sound and pictures for so long, each fifth tick's picture being one, a keyframe when asked.
    fn send(&mut self, world: &mut World, time: Duration) {
        for _ in 0..time.as_millis() / TICK.as_millis() {
            self.packets += 1;
            let voice = Piece {
                publisher: SOCKET,
                layer: 0,
                frame: u32::from(self.packets),
                keyframe: false,
                index: 0,
                count: 1,
            };
            self.message(world, true, (true, true), 0, self.packets, &voice.opus());
            if self.packets.is_multiple_of(2) {
                self.picture(world);
            }
            world.run(TICK);
        }
    }

    fn picture(&mut self, world: &mut World) {
        let asked = world.messages.iter().any(|(at, _, _, message)| {
            world.now - *at <= TICK * 2 && String::from_utf8_lossy(message).contains("keyframe")
        });
        self.pictures += 1;
        let keyframe = asked || self.pictures == 1;
        for index in 0..3 {
            let piece =
                Piece { publisher: SOCKET, layer: 0, frame: u32::from(self.pictures), keyframe, index, count: 3 };
            // Without the descriptor, which is RTP's.
            let data = piece.vp8(0, 700)[4..].to_vec();
            self.message(world, false, (index == 0, index == 2), 1, self.pictures, &data);
        }
    }

    fn message(&self, world: &mut World, is_audio: bool, ends: (bool, bool), section: u8, number: u16, payload: &[u8]) {
        let (is_first, is_last) = ends;
        let timestamp = u32::from(number) * if is_audio { 960 } else { 3600 };
        let head = Head {
            is_audio,
            is_first,
            is_last,
            is_keyframe: false,
            section,
            number,
            timestamp,
            level: 30,
            is_voice: true,
        };
        let message = [&head.bytes()[..], payload].concat();
        world.input(0, Input::Message { peer: PEER.into(), message: Message::Binary(&message) });
        world.drain_engine();
    }
}

/// What came for the WebSocket: packets of sound, and whole pictures as number and whether a keyframe.
fn came(world: &World) -> (usize, Vec<(u32, bool)>) {
    let (mut sounds, mut pictures, mut parts) = (0, Vec::new(), BTreeMap::<u16, Vec<u8>>::new());
    for (_, destination, urgency, message) in &world.messages {
        assert_eq!(*destination, SocketAddr::from(PEER));
        let head_bytes = match message[1] {
            126 => 4,
            _ => 2,
        };
        let Some((head, payload)) = Head::read(&message[head_bytes..]).filter(|_| message[0] == 0x82) else { continue };
        assert_eq!(*urgency, if head.is_audio { Urgency::Prompt } else { Urgency::Picture });
        if head.is_audio {
            sounds += 1;
            continue;
        }
        if head.is_first {
            parts.insert(head.number, Vec::new());
        }
        let data = parts.get_mut(&head.number).expect("a picture begins with its first piece");
        data.extend_from_slice(payload);
        if head.is_last {
            let piece = Piece::read(&[&[0x90, 0x80, 0x80, 0][..], data].concat()).unwrap();
            pictures.push((piece.frame, head.is_keyframe));
        }
    }
    (sounds, pictures)
}

#[test]
fn both_see_and_hear_each_other_on_a_network_that_loses_packets() {
    let mut world = World::new(3, Weather { loss: 0.05, ..Weather::FAIR });
    world.join_all(1, 1);
    let mut socket = Socket::join(&mut world);
    socket.send(&mut world, Duration::from_secs(20));
    let camera = SlotTrack { participant: socket.id, source: Source::Camera };
    assert!(world.clients[0].carries(camera.participant, camera.source).is_some(), "the other is told");
    let shown = world.clients[0].shown_of(SOCKET).len();
    assert!(shown > 440, "{shown} pictures of 500");
    let heard = world.clients[0].heard_of(SOCKET);
    assert!(heard > 900, "{heard} packets of 1000");

    let (sounds, pictures) = came(&world);
    assert!(sounds > 900, "{sounds} packets of 1000");
    assert!(pictures.len() > 500, "{} pictures of 600", pictures.len());
    assert!(pictures[0].1, "the first is a keyframe");
    for pair in pictures.windows(2) {
        assert!(pair[1].0 == pair[0].0 + 1 || pair[1].1, "{pair:?}: none is missing but before a keyframe");
    }
    let kinds: Vec<_> =
        world.events.iter().filter(|(_, event)| event.participant == socket.id).map(|(_, event)| event.kind).collect();
    assert_eq!(kinds, [SessionEventKind::Connected]);
}

#[test]
fn a_wrong_ticket_and_a_used_one_are_refused() {
    let mut world = World::fair();
    let socket = Socket::join(&mut world);
    let other = ([203, 0, 113, 10], 40_000).into();
    for ticket in ["", "0003", &socket.ticket()] {
        world.messages.clear();
        world.input(0, Input::Socket { peer: other, ticket });
        world.drain_engine();
        assert_eq!(world.disconnected.pop(), Some(other));
        assert_eq!(world.messages.pop().unwrap().3, [0x88, 2, 0x03, 0xf0], "close code 1008");
    }
    world.input(0, Input::Message { peer: other, message: Message::Binary(&[1]) });
    world.drain_engine();
    assert_eq!(world.disconnected.pop(), Some(other), "whoever is nobody");
    assert_eq!(world.counters().sessions, 1);
    assert_eq!(world.counters().sockets_refused, 3);
}

#[test]
fn pictures_stop_while_the_connection_is_full_and_begin_again_with_a_keyframe() {
    let mut world = World::fair();
    world.join_all(1, 1);
    let mut socket = Socket::join(&mut world);
    socket.send(&mut world, Duration::from_secs(3));
    let state = |world: &mut World, state| {
        world.input(0, Input::Tcp { peer: PEER.into(), is_socket: true, state });
        world.drain_engine();
    };
    state(&mut world, TcpState::Congested);
    world.messages.clear();
    socket.send(&mut world, Duration::from_secs(1));
    let (sounds, pictures) = came(&world);
    assert!(sounds > 40 && pictures.is_empty(), "{sounds} packets of sound, {} pictures", pictures.len());
    state(&mut world, TcpState::Clear);
    socket.send(&mut world, Duration::from_secs(3));
    let (_, pictures) = came(&world);
    assert!(pictures.len() > 5 && pictures[0].1, "{pictures:?}");
    for pair in pictures.windows(2) {
        assert!(pair[1].0 == pair[0].0 + 1 || pair[1].1, "{pair:?}: what was left out ends with a keyframe");
    }

    state(&mut world, TcpState::Closed);
    assert_eq!(world.counters().sessions, 1, "the session goes with its connection");
}

#[test]
fn garbage_changes_nothing() {
    let mut world = World::fair();
    world.join_all(1, 1);
    let mut socket = Socket::join(&mut world);
    socket.send(&mut world, Duration::from_secs(1));
    let mut noise = common::random::Random::new(5);
    for _ in 0..2_000 {
        let message: Vec<u8> = (0..noise.below(40)).map(|_| noise.below(256) as u8).collect();
        for message in [Message::Binary(&message), Message::Text(&message), Message::Ping(&message)] {
            world.input(0, Input::Message { peer: PEER.into(), message });
        }
        world.drain_engine();
    }
    // What was refused may have used up what one may send in a second.
    world.run(Duration::from_secs(2));
    let before = world.clients[0].heard_of(SOCKET);
    socket.send(&mut world, Duration::from_secs(1));
    assert!(world.clients[0].heard_of(SOCKET) > before + 40);
    assert_eq!(world.counters().sessions, 2);
}

#[test]
fn a_region_without_an_address_for_it_refuses_the_offer() {
    let config = sfu::Config { socket_url: None, ..common::config(5) };
    let mut world = World::fair();
    world.engine = sfu::Engine::new(world.now, config);
    assert!(matches!(open(&mut world), Err(OpenError::Offer(_))));
}
