//! Whole calls in virtual time: an engine, str0m as the browsers, and a network between them.
//!
//! The network's delays and losses follow a seed. Keys, names and the order of hash maps do not:
//! a run is alike under the same seed, not equal, so tests hold for all of them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "each test uses a part of the harness, with small numbers of its own making"
)]

pub mod client;
pub mod layers;
pub mod media;
pub mod network;
pub mod random;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use protocol::{
    id::RoomId,
    media::Source,
    region::{SessionAnswer, SessionEvent, SessionEventKind},
    signal::MediaOffer,
};
use sfu::{Config, Counters, Engine, Input, Open, OpenError, Output, RequestId, TcpState};

use self::{
    client::Client,
    network::{Datagram, Network, Weather},
};

pub const ADVERTISED: ([u8; 4], u16) = ([192, 0, 2, 1], 7882);
pub const ADVERTISED_TCP: ([u8; 4], u16) = ([192, 0, 2, 1], 7881);
/// An engine's surroundings, with so many sessions.
pub fn config(capacity: usize) -> Config {
    Config { advertised: ADVERTISED.into(), advertised_tcp: Some(ADVERTISED_TCP.into()), number: 3, capacity }
}

pub const ALL: [Source; 4] = [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio];

/// A room by a number.
pub fn room(number: u64) -> RoomId {
    format!("{number:064x}").parse().unwrap()
}

pub struct World {
    pub now: Instant,
    pub start: Instant,
    pub engine: Engine,
    pub network: Network,
    pub clients: Vec<Client>,
    pub events: Vec<(Instant, SessionEvent)>,
    /// Datagrams that the engine sent, by destination.
    pub transmitted: Vec<(Instant, SocketAddr, usize)>,
    /// Real time spent in the engine.
    pub busy: Duration,
    /// Frames that the engine sent, by destination.
    pub transmitted_frames: Vec<(Instant, SocketAddr)>,
    /// TCP connections that the engine had no use for.
    pub disconnected: Vec<SocketAddr>,
    opened: Vec<Result<SessionAnswer, OpenError>>,
}

impl World {
    pub fn new(seed: u64, weather: Weather) -> Self {
        let now = Instant::now();
        let config = config(100);
        Self {
            now,
            start: now,
            engine: Engine::new(now, config),
            network: Network::new(seed, weather),
            clients: Vec::new(),
            events: Vec::new(),
            transmitted: Vec::new(),
            busy: Duration::ZERO,
            transmitted_frames: Vec::new(),
            disconnected: Vec::new(),
            opened: Vec::new(),
        }
    }

    pub fn fair() -> Self {
        Self::new(1, Weather::FAIR)
    }

    /// Somebody joins a room; their place in [`World::clients`].
    pub fn join(&mut self, room_number: u64) -> usize {
        let number = self.clients.len() as u32;
        let (client, offer) = Client::new(self.now, number);
        self.join_as(room_number, client, offer, 1, &ALL)
    }

    /// Somebody joins by TCP.
    pub fn join_by_tcp(&mut self, room_number: u64) -> usize {
        let number = self.clients.len() as u32;
        let (mut client, offer) = Client::new(self.now, number);
        client.by_tcp();
        self.join_as(room_number, client, offer, 1, &ALL)
    }

    /// The driver knows something of a connection.
    pub fn tcp(&mut self, peer: SocketAddr, state: TcpState) {
        self.engine.handle(self.now, Input::Tcp { peer, state });
        self.engine.handle(self.now, Input::Tick);
        self.drain_engine();
    }

    pub fn join_as(
        &mut self,
        room_number: u64,
        mut client: Client,
        offer: MediaOffer,
        epoch: u64,
        publish: &[Source],
    ) -> usize {
        let open = Open { room: room(room_number), participant: client.id, epoch, publish: publish.to_vec(), offer };
        let answer = self.open(open).unwrap();
        client.answered(&answer);
        self.clients.push(client);
        self.clients.len() - 1
    }

    pub fn open(&mut self, open: Open) -> Result<SessionAnswer, OpenError> {
        self.engine.handle(self.now, Input::Open(RequestId(7), Box::new(open)));
        self.engine.handle(self.now, Input::Tick);
        self.drain_engine();
        self.opened.pop().expect("an open is answered at once")
    }

    pub fn close(&mut self, room_number: u64, client: usize, epoch: u64) {
        let participant = self.clients[client].id;
        self.engine.handle(self.now, Input::Close { room: room(room_number), participant, epoch });
        self.engine.handle(self.now, Input::Tick);
        self.drain_engine();
    }

    pub fn grant(&mut self, room_number: u64, client: usize, epoch: u64, grant: u64, publish: &[Source]) {
        let (room, participant, publish) = (room(room_number), self.clients[client].id, publish.to_vec());
        self.engine.handle(self.now, Input::Grant { room, participant, epoch, grant, publish });
        self.engine.handle(self.now, Input::Tick);
        self.drain_engine();
    }

    /// Joins this many and waits until all are connected and can be talked to.
    pub fn join_all(&mut self, room_number: u64, count: usize) -> Vec<usize> {
        let joined: Vec<usize> = (0..count).map(|_| self.join(room_number)).collect();
        let all = joined.clone();
        // str0m repeats the first message of a data channel only after 3, 6 and 12 seconds.
        self.run_until(Duration::from_secs(60), move |world| {
            all.iter().all(|index| world.clients[*index].connected && world.clients[*index].channel.is_some())
        });
        joined
    }

    pub fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.step(end) {}
        self.now = end;
    }

    /// Runs until something holds; fails the test when it does not within this time.
    pub fn run_until(&mut self, time: Duration, holds: impl Fn(&Self) -> bool) {
        let end = self.now + time;
        while !holds(self) {
            assert!(self.step(end), "did not happen within {time:?}");
        }
    }

    /// Handles what comes next, all of that time; false when nothing comes before `end`.
    fn step(&mut self, end: Instant) -> bool {
        let clients = self.clients.iter().filter(|client| !client.closed).map(Client::due).min();
        let next = [clients, self.network.next(), self.engine.next_deadline()].into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= end) else { return false };
        self.now = self.now.max(next);
        let now = self.now;
        let mut out = Vec::new();
        while let Some(datagram) = self.network.take(now) {
            if datagram.destination == SocketAddr::from(ADVERTISED_TCP) {
                self.handle(Input::Frame { source: datagram.source, contents: &datagram.contents });
            } else if datagram.destination == SocketAddr::from(ADVERTISED) {
                self.handle(Input::Datagram { source: datagram.source, contents: &datagram.contents });
            } else if let Some(client) = self.clients.iter_mut().find(|client| client.address == datagram.destination) {
                client.receive(now, &datagram, &mut out);
            }
        }
        for client in &mut self.clients {
            if !client.closed && client.due() <= now {
                client.tick(now, &mut out);
            }
        }
        self.handle(Input::Tick);
        self.drain_engine();
        for datagram in out {
            self.network.send(now, datagram);
        }
        true
    }

    fn handle(&mut self, input: Input<'_>) {
        let began = Instant::now();
        self.engine.handle(self.now, input);
        self.busy += began.elapsed();
    }

    pub fn drain_engine(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Transmit { destination, contents } => {
                    self.transmitted.push((self.now, destination, contents.len()));
                    let datagram = Datagram { source: SocketAddr::from(ADVERTISED), destination, contents };
                    self.network.send(self.now, datagram);
                }
                Output::Frame { destination, contents, .. } => {
                    self.transmitted_frames.push((self.now, destination));
                    let datagram = Datagram { source: SocketAddr::from(ADVERTISED_TCP), destination, contents };
                    self.network.send(self.now, datagram);
                }
                Output::Disconnect(peer) => self.disconnected.push(peer),
                Output::Opened(request, outcome) => {
                    assert_eq!(request, RequestId(7));
                    self.opened.push(outcome);
                }
                Output::Event(event) => self.events.push((self.now, event)),
            }
        }
    }

    /// A datagram out of nowhere.
    pub fn inject(&mut self, source: SocketAddr, contents: &[u8]) {
        self.engine.handle(self.now, Input::Datagram { source, contents });
        self.engine.handle(self.now, Input::Tick);
        self.drain_engine();
    }

    pub fn counters(&self) -> Counters {
        self.engine.counters()
    }

    /// What the edge was told of a client.
    pub fn told_of(&self, client: usize) -> Vec<SessionEventKind> {
        let id = self.clients[client].id;
        self.events.iter().filter(|(_, event)| event.participant == id).map(|(_, event)| event.kind).collect()
    }
}
