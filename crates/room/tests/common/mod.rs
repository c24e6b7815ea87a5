//! A driver in memory: carries out what a room asks, the way the Durable Object does, and holds
//! after every input what must hold after every input.
#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(unreachable_pub, reason = "a module shared by test programs is public to each of them")]

pub mod client;
pub mod model;

use std::collections::{BTreeMap, VecDeque};

use client::Client;
use protocol::{
    Millis,
    id::{ChatId, ParticipantId, RoomCode},
    limits,
    region::{SessionAnswer, SessionEvent, SessionEventKind},
    rest::RoomKind,
    signal::{ChatMessage, ServerMessage},
};
use room::{
    Connection, ConnectionId, Coordinates, Input, Instance, Meeting, Member, NewRoom, OpenSessionCall, Output,
    Placement, Record, Room, Stored,
};
use uuid::Uuid;

/// When every test begins.
pub const START: Millis = 1_800_000_000_000;

pub fn person(number: u8) -> ParticipantId {
    ParticipantId(Uuid::from_u128(0x1000 + u128::from(number)))
}

pub fn chat_id(number: u128) -> ChatId {
    ChatId(Uuid::from_u128(number))
}

pub fn new_room() -> NewRoom {
    NewRoom {
        id: "0123456789abcdef".repeat(4).parse().unwrap(),
        code: RoomCode::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        title: "Weekly".parse().unwrap(),
        kind: RoomKind::Public,
        host_secret_hash: Some([7; 32]),
    }
}

pub fn instance(id: &str, latitude: f64, longitude: f64) -> Instance {
    Instance {
        id: id.parse().unwrap(),
        region: "test".parse().unwrap(),
        location: Coordinates { latitude, longitude },
        control_url: format!("https://{id}.example"),
        participants: 0,
        capacity: 1_000,
        draining: false,
    }
}

pub fn answer() -> SessionAnswer {
    SessionAnswer { sdp: "v=0\r\n".parse().unwrap(), slots: Vec::new() }
}

pub fn join(name: &str) -> String {
    format!(
        r#"{{"type":"join","name":"{name}","microphone":true,"camera":true,"offer":{{"sdp":"v=0\r\n","tracks":[{{"mid":"0","source":"microphone"}}]}}}}"#
    )
}

pub fn media() -> String {
    r#"{"type":"media","offer":{"sdp":"v=0\r\n","tracks":[]}}"#.to_owned()
}

pub fn update(microphone: bool, camera: bool) -> String {
    format!(r#"{{"type":"update","microphone":{microphone},"camera":{camera}}}"#)
}

pub fn chat(id: u128, text: &str) -> String {
    format!(r#"{{"type":"chat","id":"{}","text":"{text}"}}"#, Uuid::from_u128(id))
}

pub fn simple(kind: &str) -> String {
    format!(r#"{{"type":"{kind}"}}"#)
}

/// The rows, as the driver keeps them.
#[derive(Debug, Clone, Default)]
pub struct Store {
    pub meeting: Option<Meeting>,
    pub members: BTreeMap<ParticipantId, Member>,
    pub chat: BTreeMap<u64, ChatMessage>,
    /// Rows written so far.
    pub writes: usize,
}

impl Store {
    fn save(&mut self, record: Record) {
        self.writes += 1;
        match record {
            Record::Meeting(meeting) => {
                assert_ne!(self.meeting.as_ref(), Some(&meeting), "the row did not change");
                self.meeting = Some(meeting);
            }
            Record::Member(member) => {
                let before = self.members.insert(member.id, member.clone());
                assert_ne!(before, Some(member), "the row did not change");
            }
            Record::MemberGone(id) => assert!(self.members.remove(&id).is_some(), "there was no row"),
            Record::Chat(message) => {
                let sequence = message.sequence;
                assert_eq!(self.chat.insert(sequence, message), None, "a message is never rewritten");
                self.chat = self.chat.split_off(&(sequence + 1).saturating_sub(limits::CHAT_HISTORY as u64));
            }
            Record::Erased => {
                self.members.clear();
                self.chat.clear();
            }
            Record::Forgotten => *self = Self { writes: self.writes, ..Self::default() },
        }
    }

    pub fn load(&self) -> Option<Stored> {
        let meeting = self.meeting.clone()?;
        Some(Stored {
            meeting,
            members: self.members.values().cloned().collect(),
            chat: self.chat.values().cloned().collect(),
        })
    }
}

/// What one input led to.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    pub sent: Vec<(ConnectionId, ServerMessage)>,
    pub closed: Vec<(ConnectionId, u16)>,
    pub opens: Vec<OpenSessionCall>,
    pub session_closes: Vec<(Placement, ParticipantId, u64)>,
    pub needs_instances: bool,
    pub saved: Vec<Record>,
}

impl Effects {
    /// What one socket was told.
    pub fn to(&self, id: ConnectionId) -> Vec<&ServerMessage> {
        self.sent.iter().filter(|(to, _)| *to == id).map(|(_, message)| message).collect()
    }

    /// The only call to a region.
    pub fn open(&self) -> &OpenSessionCall {
        assert_eq!(self.opens.len(), 1, "{:?}", self.opens);
        &self.opens[0]
    }
}

/// A room, its storage, its sockets and the browsers behind them.
pub struct Driver {
    pub now: Millis,
    pub room: Room,
    pub store: Store,
    pub open: BTreeMap<ConnectionId, Connection>,
    pub clients: BTreeMap<ConnectionId, Client>,
    next_connection: u64,
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl Driver {
    pub fn new() -> Self {
        let mut driver = Self {
            now: START,
            room: Room::create(START, new_room()),
            store: Store::default(),
            open: BTreeMap::new(),
            clients: BTreeMap::new(),
            next_connection: 1,
        };
        driver.carry_out();
        driver.check();
        driver
    }

    /// One input, carried out and checked.
    pub fn input(&mut self, input: Input) -> Effects {
        self.room.handle(self.now, input);
        let effects = self.carry_out();
        self.check();
        effects
    }

    /// The person opens a socket. Person 0 is a host.
    pub fn connect(&mut self, number: u8) -> (ConnectionId, Effects) {
        self.connect_from(number, None)
    }

    pub fn connect_from(&mut self, number: u8, location: Option<Coordinates>) -> (ConnectionId, Effects) {
        // Not in order of time, because a driver draws them at random.
        let id = ConnectionId(self.next_connection.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.next_connection += 1;
        let connection = Connection { id, participant: person(number), host: number == 0, location };
        self.open.insert(id, connection.clone());
        self.clients.insert(id, Client::default());
        (id, self.input(Input::Connected(connection)))
    }

    /// The person opens a socket and joins.
    pub fn enter(&mut self, number: u8) -> (ConnectionId, Effects) {
        let (id, _) = self.connect(number);
        let effects = self.say(id, &join(&format!("Person {number}")));
        (id, effects)
    }

    pub fn say(&mut self, connection: ConnectionId, text: &str) -> Effects {
        self.input(Input::Received { connection, text: text.to_owned() })
    }

    /// The socket closes, and the driver learns of it.
    pub fn close(&mut self, id: ConnectionId) -> Effects {
        self.open.remove(&id);
        self.input(Input::Disconnected(id))
    }

    pub fn wait(&mut self, milliseconds: Millis) {
        self.now += milliseconds;
    }

    /// Time passes until the room wants to be woken.
    pub fn wake(&mut self) -> Effects {
        self.now = self.now.max(self.room.next_deadline().expect("a deadline"));
        self.woken()
    }

    /// An alarm now, whether due or not.
    pub fn woken(&mut self) -> Effects {
        let effects = self.input(Input::Woken);
        assert!(self.room.next_deadline().is_none_or(|at| at > self.now), "an alarm would ring again at once");
        effects
    }

    pub fn instances(&mut self, instances: &[Instance]) -> Effects {
        self.input(Input::Instances(instances.to_vec()))
    }

    /// The region takes the call.
    pub fn accept(&mut self, call: &OpenSessionCall) -> Effects {
        self.input(Input::Opened { participant: call.participant, epoch: call.epoch, result: Ok(answer()) })
    }

    pub fn happened(&mut self, instance: &str, number: u8, epoch: u64, kind: SessionEventKind) -> Effects {
        let event = SessionEvent { room: new_room().id, participant: person(number), epoch, kind };
        self.input(Input::Happened { instance: instance.parse().unwrap(), event })
    }

    /// The object loses its memory; the sockets stay.
    pub fn lose_memory(&mut self) {
        let effects = self.restart(|_| true);
        assert!(effects.sent.is_empty() && effects.saved.is_empty(), "nothing was lost: {effects:?}");
    }

    /// The object starts again with the sockets that `survive`.
    pub fn restart(&mut self, survive: impl Fn(ConnectionId) -> bool) -> Effects {
        self.open.retain(|id, _| survive(*id));
        let Some(stored) = self.store.load() else {
            return Effects::default();
        };
        self.room = Room::restore(self.now, stored, self.open.values().cloned().collect());
        let effects = self.carry_out();
        self.check();
        effects
    }

    fn carry_out(&mut self) -> Effects {
        let mut effects = Effects::default();
        let mut told = false;
        let outputs: VecDeque<Output> = std::iter::from_fn(|| self.room.poll_output()).collect();
        for output in outputs {
            if let Output::Save(record) = output {
                assert!(!told, "everything is stored before anyone is told");
                effects.saved.push(record.clone());
                self.store.save(record);
                continue;
            }
            told = true;
            match output {
                Output::Save(_) => {}
                Output::Send { to, message } => {
                    assert!(!to.is_empty(), "a message to nobody");
                    for id in to {
                        assert!(self.open.contains_key(&id), "a message to a closed socket: {message:?}");
                        self.clients.entry(id).or_default().receive(&message);
                        effects.sent.push((id, message.clone()));
                    }
                }
                Output::Close { connection, code, reason } => {
                    assert!(!reason.is_empty() && reason.len() <= 123, "RFC 6455 §5.5.1");
                    assert!(self.open.remove(&connection).is_some(), "closed twice");
                    effects.closed.push((connection, code));
                }
                Output::NeedInstances => effects.needs_instances = true,
                Output::OpenSession(call) => effects.opens.push(call),
                Output::CloseSession { placement, participant, epoch } => {
                    effects.session_closes.push((placement, participant, epoch));
                }
            }
        }
        effects
    }

    /// Storage holds the room, a room made from it is the same, and every browser that is in sees it.
    fn check(&self) {
        let stored = self.store.load();
        assert_eq!(self.room.stored(), stored, "storage holds the room");
        let Some(stored) = stored else {
            assert_eq!(self.room.next_deadline(), None, "a forgotten room never wakes");
            return;
        };
        let mut again = Room::restore(self.now, stored.clone(), self.open.values().cloned().collect());
        assert_eq!(again.poll_output(), None, "nothing was lost, so there is nothing to tell");
        assert_eq!(again.stored().as_ref(), Some(&stored), "the same room");
        assert_eq!(again.next_deadline(), self.room.next_deadline(), "the same deadline");
        assert_eq!(again.details(), self.room.details(), "the same details");
        for (id, connection) in &self.open {
            if self.store.members.contains_key(&connection.participant) {
                self.clients[id].sees(&stored);
            }
        }
    }
}
