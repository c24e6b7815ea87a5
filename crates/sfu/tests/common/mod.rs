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
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use protocol::{
    id::RoomId,
    media::Source,
    region::{SessionAnswer, SessionEvent, SessionEventKind},
    signal::MediaOffer,
};
use sfu::{
    Config, Counters, Engine, EngineId, Input, Open, OpenError, Output, RelayMessage, RequestId, TcpState, Urgency,
};

use self::{
    client::Client,
    network::{Datagram, Network, Weather},
};

pub const ADVERTISED: ([u8; 4], u16) = ([192, 0, 2, 1], 7882);
pub const ADVERTISED_TCP: ([u8; 4], u16) = ([192, 0, 2, 1], 7881);
/// An engine's surroundings, with so many sessions.
pub fn config(capacity: usize) -> Config {
    Config {
        advertised: ADVERTISED.into(),
        advertised_tcp: Some(ADVERTISED_TCP.into()),
        socket_url: Some("ws://region.test/v1/media".into()),
        number: 3,
        capacity,
        large_room: sfu::LARGE_ROOM,
    }
}

pub const ALL: [Source; 4] = [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio];

/// The address of an engine.
pub fn advertised(engine: usize) -> SocketAddr {
    let (ip, port) = ADVERTISED;
    SocketAddr::from((ip, port + engine as u16))
}

/// A room by a number.
pub fn room(number: u64) -> RoomId {
    format!("{number:064x}").parse().unwrap()
}

/// How long what one engine tells another is under way.
const RELAY_DELAY: Duration = Duration::from_micros(300);

pub struct World {
    pub now: Instant,
    pub start: Instant,
    pub engine: Engine,
    /// Engines that are linked to the first and to each other.
    pub further: Vec<Engine>,
    /// Packets that went over each link, by the engines it leads from and to.
    pub crossed: BTreeMap<(usize, usize), u64>,
    /// Other messages that did.
    pub told: BTreeMap<(usize, usize), u64>,
    /// The links lose every packet.
    pub links_fail: bool,
    under_way: VecDeque<(Instant, usize, usize, RelayMessage)>,
    pub network: Network,
    pub clients: Vec<Client>,
    pub events: Vec<(Instant, SessionEvent)>,
    /// Datagrams that the engine sent, by destination.
    pub transmitted: Vec<(Instant, SocketAddr, usize)>,
    /// Real time spent in the engine.
    pub busy: Duration,
    /// Frames that the engine sent, by destination.
    pub transmitted_frames: Vec<(Instant, SocketAddr)>,
    /// Messages for WebSockets.
    pub messages: Vec<(Instant, SocketAddr, Urgency, Vec<u8>)>,
    /// TCP connections that the engine had no use for.
    pub disconnected: Vec<SocketAddr>,
    opened: Vec<Result<SessionAnswer, OpenError>>,
    /// The engine that takes who joins.
    opens_at: usize,
}

impl World {
    pub fn new(seed: u64, weather: Weather) -> Self {
        let now = Instant::now();
        let config = config(100);
        Self {
            now,
            start: now,
            engine: Engine::new(now, config),
            further: Vec::new(),
            crossed: BTreeMap::new(),
            told: BTreeMap::new(),
            links_fail: false,
            under_way: VecDeque::new(),
            network: Network::new(seed, weather),
            clients: Vec::new(),
            events: Vec::new(),
            transmitted: Vec::new(),
            busy: Duration::ZERO,
            transmitted_frames: Vec::new(),
            messages: Vec::new(),
            disconnected: Vec::new(),
            opened: Vec::new(),
            opens_at: 0,
        }
    }

    pub fn fair() -> Self {
        Self::new(1, Weather::FAIR)
    }

    /// Rooms of so many people are large, and their sound goes past transports.
    pub fn large_from(people: usize) -> Self {
        let mut world = Self::fair();
        world.engine = Engine::new(world.now, Config { large_room: people, ..config(100) });
        world
    }

    /// Engines that are linked, as many.
    pub fn linked(engines: usize) -> Self {
        let mut world = Self::fair();
        for number in 1..engines {
            let config = Config {
                advertised: advertised(number),
                advertised_tcp: None,
                socket_url: None,
                number: number as u16,
                capacity: 100,
                large_room: sfu::LARGE_ROOM,
            };
            world.further.push(Engine::new(world.now, config));
        }
        for (own, peer) in (0..engines).flat_map(|own| (0..engines).map(move |peer| (own, peer))) {
            if own != peer {
                world.input(own, Input::Link { own: EngineId(own as u32), peer: EngineId(peer as u32) });
            }
        }
        world.drain_engine();
        world
    }

    pub fn engine_at(&mut self, number: usize) -> &mut Engine {
        match number.checked_sub(1) {
            Some(further) => &mut self.further[further],
            None => &mut self.engine,
        }
    }

    pub fn input(&mut self, engine: usize, input: Input<'_>) {
        let now = self.now;
        self.engine_at(engine).handle(now, input);
        self.engine_at(engine).handle(now, Input::Tick);
    }

    /// Somebody joins a room on one of the engines.
    pub fn join_at(&mut self, engine: usize, room_number: u64, client: Client, offer: MediaOffer, epoch: u64) -> usize {
        self.opens_at = engine;
        let joined = self.join_as(room_number, client, offer, epoch, &ALL);
        self.opens_at = 0;
        joined
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
        self.engine.handle(self.now, Input::Tcp { peer, is_socket: false, state });
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
        self.input(self.opens_at, Input::Open(RequestId(7), Box::new(open)));
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
        let engines = self.further.iter().filter_map(Engine::next_deadline).min();
        let relays = self.under_way.front().map(|(at, ..)| *at);
        let next = [clients, self.network.next(), self.engine.next_deadline(), engines, relays];
        let next = next.into_iter().flatten().min();
        let Some(next) = next.filter(|next| *next <= end) else { return false };
        self.now = self.now.max(next);
        let now = self.now;
        let mut out = Vec::new();
        while let Some(datagram) = self.network.take(now) {
            if datagram.destination == SocketAddr::from(ADVERTISED_TCP) {
                self.handle(Input::Frame { source: datagram.source, contents: &datagram.contents });
            } else if datagram.destination == SocketAddr::from(ADVERTISED) {
                self.handle(Input::Datagram { source: datagram.source, contents: &datagram.contents });
            } else if let Some(number) =
                (1..=self.further.len()).find(|number| advertised(*number) == datagram.destination)
            {
                let input = Input::Datagram { source: datagram.source, contents: &datagram.contents };
                self.engine_at(number).handle(now, input);
            } else if let Some(client) = self.clients.iter_mut().find(|client| client.address == datagram.destination) {
                client.receive(now, &datagram, &mut out);
            }
        }
        for client in &mut self.clients {
            if !client.closed && client.due() <= now {
                client.tick(now, &mut out);
            }
        }
        while self.under_way.front().is_some_and(|(at, ..)| *at <= now) {
            let Some((_, from, to, message)) = self.under_way.pop_front() else { break };
            let input = Input::Relayed { peer: EngineId(from as u32), message };
            self.engine_at(to).handle(now, input);
        }
        self.handle(Input::Tick);
        for engine in &mut self.further {
            engine.handle(now, Input::Tick);
        }
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
        for engine in 0..=self.further.len() {
            self.drain(engine);
        }
    }

    fn drain(&mut self, engine: usize) {
        while let Some(output) = self.engine_at(engine).poll_output() {
            match output {
                Output::Relay { peer, message } => self.relay(engine, peer.0 as usize, message),
                Output::Transmit { destination, contents } => {
                    self.transmitted.push((self.now, destination, contents.len()));
                    let datagram = Datagram { source: advertised(engine), destination, contents };
                    self.network.send(self.now, datagram);
                }
                Output::Frame { destination, is_message: true, urgency, contents } => {
                    self.messages.push((self.now, destination, urgency, contents));
                }
                Output::Frame { destination, contents, .. } => {
                    self.transmitted_frames.push((self.now, destination));
                    let datagram = Datagram { source: SocketAddr::from(ADVERTISED_TCP), destination, contents };
                    self.network.send(self.now, datagram);
                }
                Output::Disconnect { peer, .. } => self.disconnected.push(peer),
                Output::Opened(request, outcome) => {
                    assert_eq!(request, RequestId(7));
                    self.opened.push(outcome);
                }
                Output::Probing(request, _) => panic!("nobody asked for {request:?}"),
                Output::Event(event) => self.events.push((self.now, event)),
            }
        }
    }

    fn relay(&mut self, from: usize, to: usize, message: RelayMessage) {
        let counts = if message.is_packet() { &mut self.crossed } else { &mut self.told };
        *counts.entry((from, to)).or_default() += 1;
        if !(self.links_fail && message.is_packet()) {
            self.under_way.push_back((self.now + RELAY_DELAY, from, to, message));
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
