//! The loop of one engine: datagrams, commands and deadlines in; datagrams, answers and events out.
//!
//! It owns its forwarder, its socket and its TCP connections alone. The packet path takes no lock and
//! awaits nothing, and crosses no channel but where a room spans engines: then what one turn has for
//! another engine goes over as one. It must never wait for anybody: what the socket, the queue of events
//! or another engine does not take at once is dropped and counted.

use std::{
    collections::HashMap,
    io,
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    region::{ProbeAnswer, SessionEvent, SessionEventKind},
};
use quinn_udp::{Transmit, UdpSocketState};
use sfu::{Input, Open, Output, RequestId};
use tokio::{
    io::Interest,
    net::UdpSocket,
    sync::{mpsc, oneshot},
    task::yield_now,
    time::{sleep, sleep_until},
};

use crate::tcp::{Newcomer, Peer};

use super::{
    Command, Departure, Forwarder, Grant, Opened, Refusal, Snapshot, Surroundings,
    connections::{Connections, Ready, Why},
    counters::Transport,
    inbox::Inbox,
    outbox::{Outbox, Wire},
    relays::{Batch, Links},
    unfinished::Unfinished,
};

/// Connections that are served before commands and deadlines get their turn again.
const CONNECTIONS_IN_A_ROW: usize = 32;
/// Batches read before commands and deadlines get their turn again.
const BATCHES_IN_A_ROW: usize = 8;
/// Batches from other engines that are taken before anything else gets its turn.
const RELAYS_IN_A_ROW: usize = 8;
/// How long to wait before an engine that took nothing is tried again.
const RELAY_PAUSE: Duration = Duration::from_millis(5);

/// One engine.
pub(super) struct Driver<F> {
    forwarder: F,
    socket: Socket,
    outbox: Outbox,
    connections: Connections,
    transport: Transport,
    number: usize,
    events: mpsc::Sender<SessionEvent>,
    departures: mpsc::UnboundedSender<Departure>,
    links: Links,
    relayed: mpsc::Receiver<Batch>,
    requests: HashMap<RequestId, Request>,
    probes: HashMap<RequestId, oneshot::Sender<ProbeAnswer>>,
    next_request: u64,
    sessions: Sessions,
    draining: bool,
    unfinished: Unfinished,
}

struct Socket {
    udp: UdpSocket,
    state: UdpSocketState,
}

struct Request {
    room: RoomId,
    participant: ParticipantId,
    epoch: u64,
    reply: oneshot::Sender<Opened>,
}

/// The highest open session of each participant, to know which rooms are here while draining.
type Sessions = HashMap<RoomId, HashMap<ParticipantId, u64>>;

impl<F: Forwarder> Driver<F> {
    /// A driver on this socket. Must be called inside the runtime that runs it.
    pub(super) fn new(forwarder: F, socket: std::net::UdpSocket, surroundings: Surroundings) -> io::Result<Self> {
        let Surroundings { number, events, departures, relays, .. } = surroundings;
        let state = UdpSocketState::new((&socket).into())?;
        let udp = UdpSocket::from_std(socket)?;
        Ok(Self {
            forwarder,
            socket: Socket { udp, state },
            outbox: Outbox::default(),
            connections: Connections::new(Instant::now()),
            transport: Transport::default(),
            number,
            events,
            departures,
            links: relays.links,
            relayed: relays.incoming,
            requests: HashMap::new(),
            probes: HashMap::new(),
            next_request: 0,
            sessions: Sessions::new(),
            draining: false,
            unfinished: Unfinished::default(),
        })
    }

    /// Runs until told to stop, or until nobody can tell it any more.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut inbox = Inbox::new();
        for peer in self.links.peers() {
            self.input(Instant::now(), Input::Link { own: self.links.own, peer });
        }
        loop {
            self.follow_connections();
            let is_behind = self.is_behind(Instant::now());
            let deadline = self.deadline().filter(|_| !is_behind);
            tokio::select! {
                ready = self.socket.udp.readable() => match ready {
                    Ok(()) => self.receive(&mut inbox),
                    Err(_) => self.transport.receive_errors += 1,
                },
                command = commands.recv() => match command {
                    Some(Command::Stop) | None => break,
                    Some(command) => self.command(command),
                },
                ready = self.connections.wait() => self.serve(ready),
                () = sleep_until(deadline.unwrap_or_else(Instant::now).into()), if deadline.is_some() => {
                    let now = Instant::now();
                    self.connections.sweep(now, &mut self.transport.tcp);
                    self.input(now, Input::Tick);
                }
                // Everybody else has their turn between two ticks, and the runtime looks at the sockets.
                () = yield_now(), if is_behind => {
                    let now = Instant::now();
                    self.connections.sweep(now, &mut self.transport.tcp);
                    self.input(now, Input::Tick);
                }
                Some(batch) = self.relayed.recv() => self.relayed(batch),
                () = sleep(RELAY_PAUSE), if self.links.is_waiting() => {}
            }
            self.flush();
            self.account();
            if let Err(hangs) = self.links.flush(&mut self.transport) {
                tracing::error!(engine = self.number, other = hangs.0.0, "another engine takes nothing any more");
                break;
            }
        }
        self.close_all();
    }

    /// Whether the forwarder has something to do now: one tick is not all of it where a room is large.
    fn is_behind(&self, now: Instant) -> bool {
        self.forwarder.next_deadline().is_some_and(|deadline| deadline <= now)
    }

    fn deadline(&self) -> Option<Instant> {
        if self.connections.has_news() {
            return Some(Instant::now());
        }
        [self.forwarder.next_deadline(), self.connections.due()].into_iter().flatten().min()
    }

    fn flush(&mut self) {
        self.outbox.flush(&self.socket, &mut self.transport);
        self.connections.flush(Instant::now(), &mut self.transport.tcp);
    }

    /// Tells the forwarder what became known of connections.
    fn follow_connections(&mut self) {
        let now = Instant::now();
        let mut is_news = false;
        // What comes of it may be news again; that has its turn after everybody else.
        let news: Vec<_> = std::iter::from_fn(|| self.connections.news()).collect();
        for (peer, state) in news {
            is_news = true;
            let Peer { address, is_socket } = peer;
            self.input(now, Input::Tcp { peer: address, is_socket, state });
        }
        if is_news {
            self.input(now, Input::Tick);
            self.flush();
        }
    }

    /// Connections can be read or written.
    fn serve(&mut self, ready: Ready) {
        let now = Instant::now();
        let mut next = Some(ready);
        let mut left = CONNECTIONS_IN_A_ROW;
        while let Some(ready) = next {
            if let Some(peer) = self.connections.serve(now, &ready, &mut self.transport.tcp) {
                self.take_in(now, peer);
            }
            left -= 1;
            next = if left > 0 { self.connections.another() } else { None };
        }
        self.input(now, Input::Tick);
    }

    /// Takes what came on a connection.
    fn take_in(&mut self, now: Instant, peer: Peer) {
        let Some(mut incoming) = self.connections.incoming(peer) else { return };
        let is_whole = loop {
            let input = match incoming.take(peer.address) {
                Ok(Some(input)) => input,
                Ok(None) => break true,
                Err(_) => break false,
            };
            self.input(now, input);
        };
        if is_whole {
            self.connections.give_back(peer, incoming);
        } else {
            self.connections.abort(peer, Why::Framing, &mut self.transport.tcp);
        }
    }

    fn connect(&mut self, newcomer: Newcomer) {
        let now = Instant::now();
        self.transport.tcp.opened += 1;
        // It fails for one that is gone already.
        let ticket = newcomer.ticket.clone();
        let Ok(peer) = self.connections.add(now, newcomer) else { return };
        // One that was there before under the same name is gone.
        self.follow_connections();
        if let Some(ticket) = &ticket {
            self.input(now, Input::Socket { peer: peer.address, ticket });
        }
        self.take_in(now, peer);
        if !self.connections.has(peer) {
            self.transport.tcp.strangers += 1;
        }
        self.input(now, Input::Tick);
    }

    fn receive(&mut self, inbox: &mut Inbox) {
        for _ in 0..BATCHES_IN_A_ROW {
            match inbox.fill(|buffers, metas| self.socket.receive(buffers, metas)) {
                Ok(()) => {
                    self.batch(Instant::now(), inbox);
                    self.outbox.flush(&self.socket, &mut self.transport);
                    self.account();
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.transport.receive_errors += 1;
                    return;
                }
            }
            if self.links.flush(&mut self.transport).is_err() {
                return;
            }
        }
    }

    fn account(&mut self) {
        self.unfinished.account(self.forwarder.progress(), &mut self.transport);
    }

    fn relayed(&mut self, first: Batch) {
        let mut next = Some(first);
        let mut taken = 0;
        while let Some(Batch { from, sent, messages }) = next {
            let now = Instant::now();
            let before = self.forwarder.progress();
            let packets = messages.iter().filter(|message| message.is_packet()).count();
            for message in messages {
                self.input(now, Input::Relayed { peer: from, message });
            }
            self.unfinished.relayed(before, self.forwarder.progress(), sent, packets);
            self.input(now, Input::Tick);
            self.outbox.flush(&self.socket, &mut self.transport);
            self.account();
            taken += 1;
            next = if taken < RELAYS_IN_A_ROW { self.relayed.try_recv().ok() } else { None };
        }
    }

    fn batch(&mut self, now: Instant, inbox: &Inbox) {
        let mut datagrams = 0;
        let before = self.forwarder.progress();
        for (source, contents) in inbox.datagrams() {
            datagrams += 1;
            self.input(now, Input::Datagram { source, contents });
        }
        self.unfinished.datagrams(before, self.forwarder.progress(), inbox.arrivals());
        self.transport.receives.record(u64::try_from(datagrams).unwrap_or(u64::MAX));
        self.transport.receive_buffers += u64::try_from(inbox.buffers()).unwrap_or(u64::MAX);
        // Other engines begin with it before the copies of this one are made. One that hangs is found out
        // the next time.
        let _ = self.links.flush(&mut self.transport);
        self.input(now, Input::Tick);
    }

    /// One mutation and everything that comes of it.
    fn input(&mut self, now: Instant, input: Input<'_>) {
        self.forwarder.handle(now, input);
        while let Some(output) = self.forwarder.poll_output() {
            match output {
                Output::Transmit { destination, contents } => {
                    self.outbox.push(destination, &contents, &self.socket, &mut self.transport);
                }
                Output::Frame { destination, is_message, urgency, contents } => {
                    let peer = Peer { address: destination, is_socket: is_message };
                    self.connections.push(now, peer, urgency, contents, &mut self.transport.tcp);
                }
                Output::Disconnect { peer: address, is_socket } => {
                    self.connections.disconnect(now, Peer { address, is_socket }, &mut self.transport.tcp);
                }
                Output::Opened(request, result) => self.opened(request, result),
                Output::Probing(request, answer) => {
                    // Who asked may have given up; then nobody makes checks with it.
                    let _ = self.probes.remove(&request).map(|reply| reply.send(answer));
                }
                Output::Event(event) => self.event(event),
                Output::Relay { peer, message } => self.links.push(peer, message, &mut self.transport),
            }
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Open { open, reply } => self.open(open, reply),
            Command::Probe { reply } => self.probe(reply),
            Command::Close { room, participant, epoch, reply } => {
                self.close(room, participant, epoch);
                // The caller may have given up; the session is closed all the same.
                let _ = reply.send(());
            }
            Command::Grant { grant, reply } => {
                self.grant(grant);
                let _ = reply.send(());
            }
            Command::Snapshot { reply } => {
                let _ = reply.send(Snapshot {
                    forwarder: self.forwarder.counters(),
                    transport: self.snapshot(),
                    most_segments: self.socket.most_segments(),
                });
            }
            Command::Connect(newcomer) => self.connect(newcomer),
            Command::Drain => self.draining = true,
            Command::Stop => {}
        }
    }

    fn snapshot(&self) -> Transport {
        let mut transport = self.transport;
        transport.tcp.connections = u64::try_from(self.connections.count()).unwrap_or(u64::MAX);
        transport
    }

    fn open(&mut self, open: Box<Open>, reply: oneshot::Sender<Opened>) {
        if self.draining && !self.sessions.contains_key(&open.room) {
            let _ = reply.send(Err(Refusal::Draining));
            return;
        }
        let id = self.request();
        let request = Request { room: open.room.clone(), participant: open.participant, epoch: open.epoch, reply };
        self.requests.insert(id, request);
        let now = Instant::now();
        self.input(now, Input::Open(id, open));
        self.input(now, Input::Tick);
    }

    fn probe(&mut self, reply: oneshot::Sender<ProbeAnswer>) {
        let id = self.request();
        self.probes.insert(id, reply);
        self.input(Instant::now(), Input::Probe(id));
    }

    fn request(&mut self) -> RequestId {
        self.next_request += 1;
        RequestId(self.next_request)
    }

    fn opened(&mut self, id: RequestId, result: Result<protocol::region::SessionAnswer, sfu::OpenError>) {
        let Some(request) = self.requests.remove(&id) else { return };
        if result.is_ok() {
            self.sessions.entry(request.room).or_default().insert(request.participant, request.epoch);
        }
        // A caller that gave up leaves a session that the forwarder ends for its silence.
        let _ = request.reply.send(result.map_err(Refusal::Forwarder));
    }

    fn close(&mut self, room: RoomId, participant: ParticipantId, epoch: u64) {
        self.forget(&room, participant, epoch);
        let now = Instant::now();
        self.input(now, Input::Close { room, participant, epoch });
        self.input(now, Input::Tick);
    }

    fn grant(&mut self, grant: Grant) {
        let Grant { room, participant, epoch, grant, publish } = grant;
        let now = Instant::now();
        self.input(now, Input::Grant { room, participant, epoch, grant, publish });
        self.input(now, Input::Tick);
    }

    fn event(&mut self, event: SessionEvent) {
        if event.kind == SessionEventKind::Closed {
            self.forget(&event.room, event.participant, event.epoch);
            let SessionEvent { room, participant, epoch, .. } = event.clone();
            // Nobody listens any more when the process is ending.
            let _ = self.departures.send(Departure { engine: self.number, room, participant, epoch });
        }
        if self.events.try_send(event).is_err() {
            self.transport.events_dropped += 1;
        }
    }

    fn forget(&mut self, room: &RoomId, participant: ParticipantId, epoch: u64) {
        let Some(participants) = self.sessions.get_mut(room) else { return };
        if participants.get(&participant).is_some_and(|open| *open <= epoch) {
            participants.remove(&participant);
        }
        if participants.is_empty() {
            self.sessions.remove(room);
        }
    }

    /// Tells everyone still here that it is over, so that they need not find out by silence.
    fn close_all(&mut self) {
        for (room, participants) in std::mem::take(&mut self.sessions) {
            for (participant, epoch) in participants {
                self.close(room.clone(), participant, epoch);
            }
        }
        self.flush();
    }
}

impl Socket {
    fn receive(&self, buffers: &mut [io::IoSliceMut<'_>], metas: &mut [quinn_udp::RecvMeta]) -> io::Result<usize> {
        self.udp.try_io(Interest::READABLE, || self.state.recv((&self.udp).into(), buffers, metas))
    }
}

impl Wire for Socket {
    fn most_segments(&self) -> usize {
        self.state.max_gso_segments()
    }

    fn send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        // Past the runtime's readiness on purpose: once cleared it would refuse everything until
        // the next turn, although the kernel makes room meanwhile.
        self.state.try_send((&self.udp).into(), transmit)
    }
}
