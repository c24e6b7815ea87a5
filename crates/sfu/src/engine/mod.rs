//! The engine: every session of its rooms, advanced only when touched or due.

mod adapting;
mod assigning;
mod bridging;
mod congesting;
mod demanding;
mod forwarding;
mod granting;
mod judging;
mod linking;
mod opening;
mod publishing;
mod ranking;
mod receiving;
mod relaying;
mod sounding;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use protocol::{id::RoomId, media::CHANNEL, region::SessionEventKind};
use slotmap::SlotMap;
use str0m::{Event, IceConnectionState, net::Protocol};

use crate::{
    Config, Counters, EngineId, Input, Output, Progress, RelayMessage, RoomKey, SessionKey, Urgency,
    carrier::Channel,
    connection::{Identity, Step},
    epochs::Epochs,
    liveness,
    path::Path,
    probe::Probes,
    room::Room,
    session::Session,
    track::{TrackKey, Tracks},
};

use linking::Peer;

/// How far the clock of a transport may run ahead within one batch. Its pacer releases one packet
/// a turn and asks for the next turn a microsecond later; those turns belong to the same batch.
const AHEAD: Duration = Duration::from_micros(500);
/// The shortest time between two turns of a transport.
const TURN: Duration = Duration::from_micros(1);

/// Sessions that were touched and times of the schedule that one tick looks after at most, each. A packet
/// goes to hundreds, and those who joined together are due together: what comes meanwhile, sound above all,
/// must not wait for all of them.
const TURNS: usize = 16;

/// What the tick at work still looks after.
#[derive(Debug)]
struct Turns {
    touched: usize,
    scheduled: usize,
}

/// Media sessions of whole rooms on one port.
#[derive(Debug)]
pub struct Engine {
    config: Config,
    identity: Identity,
    now: Instant,
    sessions: SlotMap<SessionKey, Session>,
    tracks: Tracks,
    rooms: SlotMap<RoomKey, Room>,
    room_keys: HashMap<RoomId, RoomKey>,
    paths: HashMap<Path, SessionKey>,
    fragments: HashMap<String, SessionKey>,
    epochs: Epochs,
    probes: Probes,
    own: EngineId,
    peers: BTreeMap<EngineId, Peer>,
    /// Sessions that wait for their turn, each with its place among all that ever did.
    touched: VecDeque<(u64, SessionKey)>,
    touches: u64,
    schedule: BinaryHeap<Reverse<(Instant, Due)>>,
    outputs: VecDeque<Output>,
    /// The tick at work; none between ticks.
    turns: Option<Turns>,
    counters: Counters,
}

/// What a time in the schedule is for. An entry may be out of date: it is checked when it comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Session(SessionKey),
    Track(TrackKey),
    Room(RoomKey),
}

impl Engine {
    /// An engine without sessions.
    #[must_use]
    pub fn new(now: Instant, config: Config) -> Self {
        let identity = Identity::new(config.clone());
        Self {
            probes: Probes::new(now, identity.crypto()),
            identity,
            config,
            now,
            sessions: SlotMap::with_key(),
            tracks: SlotMap::with_key(),
            rooms: SlotMap::with_key(),
            room_keys: HashMap::new(),
            paths: HashMap::new(),
            fragments: HashMap::new(),
            epochs: Epochs::default(),
            own: EngineId(0),
            peers: BTreeMap::new(),
            touched: VecDeque::new(),
            touches: 0,
            schedule: BinaryHeap::new(),
            outputs: VecDeque::new(),
            turns: None,
            counters: Counters::default(),
        }
    }

    /// One mutation.
    pub fn handle(&mut self, now: Instant, input: Input<'_>) {
        // A clock that is a little behind must not make time run backwards.
        let now = now.max(self.now);
        self.now = now;
        match input {
            Input::Open(request, open) => {
                let outcome = self.open(now, &open);
                self.outputs.push_back(Output::Opened(request, outcome));
            }
            Input::Probe(request) => self.probe(now, request),
            Input::Close { room, participant, epoch } => self.close_up_to(now, &room, participant, epoch),
            Input::Grant { room, participant, epoch, grant, publish } => {
                self.grant(now, &room, participant, epoch, grant, &publish);
            }
            Input::Datagram { source, contents } => self.datagram(now, Path::udp(source), contents),
            Input::Frame { source, contents } => self.datagram(now, Path::tcp(source), contents),
            Input::Tcp { peer, is_socket: false, state } => self.tcp(now, Path::tcp(peer), state),
            Input::Tcp { peer, is_socket: true, state } => self.socket(now, Path::socket(peer), state),
            Input::Socket { peer, ticket } => self.attach(now, Path::socket(peer), ticket),
            Input::Message { peer, message } => self.message(now, Path::socket(peer), message),
            Input::Link { own, peer } => self.link(now, own, peer),
            Input::Unlink { peer } => self.unlink(now, peer),
            Input::Relayed { peer, message: RelayMessage(message) } => self.relayed(now, peer, message),
            Input::Tick => self.turns = Some(Turns { touched: TURNS, scheduled: TURNS }),
        }
    }

    /// What to carry out, oldest first; drain after every [`Engine::handle`]. A tick is worked off here,
    /// one session at a time, so that the first copy of a packet is on its way before the last is made.
    pub fn poll_output(&mut self) -> Option<Output> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                return Some(output);
            }
            if !self.step() {
                return None;
            }
        }
    }

    /// When the next [`Input::Tick`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        if !self.touched.is_empty() {
            return Some(self.now);
        }
        self.schedule.peek().map(|Reverse((at, _))| *at)
    }

    /// How far it is: of packets that wait for turns of sessions some may have gone out.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let waits = self.touched.front().map(|(place, _)| place.saturating_sub(1));
        Progress { begun: self.touches, done: waits.unwrap_or(self.touches) }
    }

    /// What it did so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters {
            sessions: u64::try_from(self.sessions.len()).unwrap_or(u64::MAX),
            rooms: u64::try_from(self.rooms.len()).unwrap_or(u64::MAX),
            room_links: self.rooms.values().map(|room| u64::try_from(room.links.len()).unwrap_or(u64::MAX)).sum(),
            ..self.counters
        }
    }

    /// One step of a tick; false when it is done.
    fn step(&mut self) -> bool {
        let (now, Some(turns)) = (self.now, &mut self.turns) else { return false };
        if let Some((_, key)) = (turns.touched > 0).then(|| self.touched.pop_front()).flatten() {
            turns.touched -= 1;
            if let Some(session) = self.sessions.get_mut(key) {
                session.touched = false;
                self.advance(now, key);
            }
            return true;
        }
        let is_due = self.schedule.peek().is_some_and(|Reverse((at, _))| *at <= now);
        if turns.scheduled == 0 || !is_due {
            self.turns = None;
            return false;
        }
        turns.scheduled -= 1;
        match self.schedule.pop() {
            Some(Reverse((at, Due::Session(key)))) => self.session_due(now, at, key),
            Some(Reverse((at, Due::Track(key)))) => self.track_due(now, at, key),
            Some(Reverse((at, Due::Room(key)))) => self.room_due(now, at, key),
            None => {}
        }
        true
    }

    fn session_due(&mut self, now: Instant, at: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key).filter(|session| session.scheduled == Some(at)) else { return };
        session.scheduled = None;
        if session.due() <= now {
            self.advance(now, key);
        } else {
            self.schedule(key);
        }
    }

    fn track_due(&mut self, now: Instant, at: Instant, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key).filter(|track| track.scheduled == Some(at)) else { return };
        track.scheduled = None;
        self.retry_keyframes(now, key);
        self.review_demands(now, key);
        self.measure(now, key);
        self.schedule_track(key);
    }

    /// A session waits for the end of the batch.
    fn touch(&mut self, key: SessionKey) {
        self.touches += 1;
        if let Some(session) = self.sessions.get_mut(key).filter(|session| !session.touched) {
            session.touched = true;
            self.touched.push_back((self.touches, key));
        }
    }

    /// Lets the time of one session pass, and sends what that releases.
    fn advance(&mut self, now: Instant, key: SessionKey) {
        self.check_liveness(now, key);
        self.divide_when_due(now, key);
        self.start_when_due(now, key);
        self.tell(now, key);
        let end = now + AHEAD;
        let mut at = now;
        loop {
            let Some(session) = self.sessions.get_mut(key) else { return };
            session.outstanding.turn();
            session.connection.advance(at);
            self.settle(at, key);
            let Some(session) = self.sessions.get_mut(key) else { return };
            if session.transport_due > end {
                session.outstanding.is_quiet();
                break;
            }
            let rest = session.outstanding.rests_until(at).filter(|_| session.connection.asks_after_packet());
            if let Some(until) = rest {
                session.transport_due = until;
                break;
            }
            at = session.transport_due.max(at + TURN);
            if at > end {
                session.transport_due = at;
                break;
            }
        }
        self.schedule(key);
    }

    /// Drains a session after a mutation.
    fn settle(&mut self, now: Instant, key: SessionKey) {
        while let Some(session) = self.sessions.get_mut(key) {
            match session.connection.poll(session.liveness.due()) {
                Step::Transmit(path, contents) => {
                    let slots = &session.slots;
                    let is_own = |stream| slots.iter().any(|slot| slot.stream.ssrc == stream);
                    session.outstanding.sent(now, &contents, is_own);
                    let (path, urgency) = (session.way(path, &contents), session.urgency(&contents));
                    self.transmit(path, urgency, contents);
                }
                Step::Message(path, urgency, contents) => self.transmit(path, urgency, contents),
                Step::Estimate(bits) => self.pressed(now, key, bits),
                Step::Broken(section) => self.keyframe_requested(now, key, section),
                Step::Event(event) => self.happened(now, key, *event),
                Step::Idle(at) => {
                    session.transport_due = at;
                    return;
                }
                Step::Over => self.end(now, key),
            }
        }
    }

    fn happened(&mut self, now: Instant, key: SessionKey, event: Event) {
        match event {
            Event::RtpPacket(packet) => self.forward(now, key, packet),
            Event::PeerStats(stats) => {
                self.count_repairs(key);
                self.estimated(now, key, &stats);
                self.judge_network(now, key, &stats);
            }
            Event::MediaEgressStats(stats) => {
                self.sessions.get_mut(key).into_iter().for_each(|session| session.repairs.asked_of_us(stats.nacks));
            }
            Event::MediaIngressStats(stats) => {
                self.sessions.get_mut(key).into_iter().for_each(|session| session.repairs.asked_by_us(stats.nacks));
            }
            Event::KeyframeRequest(request) => self.keyframe_requested(now, key, request.mid),
            Event::ChannelOpen(channel, label) if label == CHANNEL => self.channel_opened(key, Channel::Data(channel)),
            Event::ChannelData(data) => self.channel_said(now, key, Channel::Data(data.id), &data.data),
            Event::ChannelClose(channel) => self.channel_closed(key, Channel::Data(channel)),
            Event::Connected => self.connected(now, key),
            Event::Closed => self.end(now, key),
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => self.path_lost(now, key),
            Event::IceConnectionStateChange(state) if state.is_connected() => self.prepare(now, key),
            _ => {}
        }
    }

    /// The transport begins to tell anew how often packets were asked for again.
    fn count_repairs(&mut self, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let (received, sent) = session.repairs.round();
        self.counters.nacks_received += received;
        self.counters.nacks_sent += sent;
    }

    fn transmit(&mut self, path: Path, urgency: Urgency, contents: Vec<u8>) {
        let is_message = path.protocol == Protocol::Tls;
        let count = if is_message { &mut self.counters.messages_out } else { &mut self.counters.datagrams_out };
        *count += 1;
        self.counters.bytes_out += u64::try_from(contents.len()).unwrap_or(0);
        let destination = path.address;
        self.outputs.push_back(match path.protocol {
            Protocol::Tcp | Protocol::Tls => Output::Frame { destination, is_message, urgency, contents },
            _ => Output::Transmit { destination, contents },
        });
    }

    fn tell_edge(&mut self, key: SessionKey, kind: SessionEventKind) {
        let Some(session) = self.sessions.get(key) else { return };
        let Some(room) = self.rooms.get(session.room) else { return };
        self.outputs.push_back(Output::Event(session.event(&room.id, kind)));
    }

    fn check_liveness(&mut self, now: Instant, key: SessionKey) {
        match self.sessions.get_mut(key).and_then(|session| session.liveness.check(now)) {
            Some(liveness::Change::Silent) => self.tell_edge(key, SessionEventKind::Silent),
            Some(liveness::Change::Gone) => self.end(now, key),
            None => {}
        }
    }

    /// No candidate pair of a browser works any more (RFC 8445 §6.1.4.2). Before the first one works
    /// there is nothing to lose: a browser may take its time.
    fn path_lost(&mut self, now: Instant, key: SessionKey) {
        if self.sessions.get(key).is_some_and(|session| session.liveness.is_connected()) {
            self.end(now, key);
        }
    }

    /// Makes sure that a session is looked at when it is due.
    fn schedule(&mut self, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        let due = session.due();
        if session.scheduled.is_none_or(|scheduled| due < scheduled) {
            session.scheduled = Some(due);
            self.schedule.push(Reverse((due, Due::Session(key))));
        }
    }

    /// Makes sure that a track is looked at when it is due.
    fn schedule_track(&mut self, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key) else { return };
        let Some(due) = track.due() else { return };
        if track.scheduled.is_none_or(|scheduled| due < scheduled) {
            track.scheduled = Some(due);
            self.schedule.push(Reverse((due, Due::Track(key))));
        }
    }
}
