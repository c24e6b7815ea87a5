//! Sessions whose media comes and goes over a WebSocket.

use std::{sync::Arc, time::Instant};

use protocol::region::SessionEventKind;
use str0m::net::Protocol;

use super::Engine;
use crate::{
    Dropped, Output, SessionKey, TcpState,
    carrier::Channel,
    path::Path,
    websocket::{Kind, Message, frame},
};

/// Close code for who has no ticket: policy violation (RFC 6455 §7.4.1).
const NO_TICKET: u16 = 1008;

impl Engine {
    /// A WebSocket was opened with this ticket.
    pub(super) fn attach(&mut self, now: Instant, path: Path, ticket: &str) {
        let found = self.fragments.get(ticket).copied();
        let bridge = found.and_then(|key| self.sessions.get_mut(key)).and_then(|session| session.connection.bridge());
        let is_attached = bridge.is_some_and(|bridge| bridge.attach(path));
        let Some(key) = found.filter(|_| is_attached) else {
            self.counters.sockets_refused += 1;
            self.outputs.push_back(Output::Frame {
                destination: path.address,
                is_message: true,
                urgency: crate::Urgency::Prompt,
                contents: frame(Kind::Close, &[&NO_TICKET.to_be_bytes()]),
            });
            return self.forget_path(path);
        };
        self.paths.insert(path, key);
        if let Some(session) = self.sessions.get_mut(key) {
            session.add_path(path);
            session.liveness.hear(now);
        }
        self.channel_opened(key, Channel::Socket);
        self.prepare(now, key);
        self.connected(now, key);
        self.divide_soon(now, key);
        self.touch(key);
    }

    /// A message came on a WebSocket.
    pub(super) fn message(&mut self, now: Instant, path: Path, message: Message<'_>) {
        self.counters.messages_in += 1;
        let Some(key) = self.paths.get(&path).copied() else { return self.forget_path(path) };
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.liveness.hear(now) {
            self.tell_edge(key, SessionEventKind::Back);
        }
        match message {
            Message::Binary(contents) => self.media(now, key, contents),
            Message::Text(text) => self.channel_said(now, key, Channel::Socket, text),
            Message::Ping(contents) => {
                if let Some(bridge) = self.sessions.get_mut(key).and_then(|session| session.connection.bridge()) {
                    bridge.pong(contents);
                }
                self.touch(key);
            }
            Message::Pong => {}
            Message::Close => self.end(now, key),
        }
        self.schedule(key);
    }

    fn media(&mut self, now: Instant, key: SessionKey, contents: &[u8]) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        if !session.takes_message(now, contents.len()) {
            self.counters.datagrams_limited += 1;
            return;
        }
        self.counters.rtp_in += 1;
        let types = &session.types;
        let received = session.connection.bridge().and_then(|bridge| bridge.receive(now, contents, types));
        let Some((stream, packet)) = received else { return self.counters.dropped(Dropped::Malformed) };
        let Some(origin) = session.origin(&mut self.tracks, stream) else {
            return self.counters.dropped(Dropped::Unknown);
        };
        if self.admits(now, origin.track, packet.payload.len()) {
            self.forward_packet(now, origin, Arc::new(packet));
        }
    }

    /// Something is known of a WebSocket.
    pub(super) fn socket(&mut self, now: Instant, path: Path, state: TcpState) {
        // Another one takes another session, which the browser asks for.
        match self.paths.get(&path).copied().filter(|_| state == TcpState::Closed) {
            Some(key) => {
                self.paths.remove(&path);
                if let Some(session) = self.sessions.get_mut(key) {
                    session.lose(path);
                }
                self.end(now, key);
            }
            None => self.tcp(now, path, state),
        }
    }

    /// A WebSocket seems to carry so many bits a second.
    pub(super) fn pressed(&mut self, now: Instant, key: SessionKey, bits: u64) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        self.counters.estimates.record(bits);
        if session.bandwidth.estimated(now, bits) {
            self.divide_soon(now, key);
        }
    }
}

/// Whether the driver has a connection for a path, which ends with it.
pub(super) fn is_connection(path: Path) -> bool {
    matches!(path.protocol, Protocol::Tcp | Protocol::Tls)
}
