//! A driver in memory: carries out what a room asks, the way the Durable Object does, and holds
//! after every input what must hold after every input.
#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(unreachable_pub, reason = "a module shared by test programs is public to each of them")]

pub mod client;
pub mod model;
pub mod steps;
pub mod store;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use client::Client;
use mail::{EntryId, Mail, Verdict};
use protocol::{
    Millis,
    error::ErrorCode,
    id::AccountId,
    id::{ChatId, ParticipantId, RoomCode},
    limits,
    media::Source,
    region::{SessionAnswer, SessionEvent, SessionEventKind},
    rest::{RoomKind, RoomPhase},
    signal::{ChatMessage, Permissions, Role, ServerMessage},
};
use room::{
    Answer, Connection, ConnectionId, Coordinates, Errand, Identity, Input, Instance, Invitee, Member, NewRoom,
    OpenSessionCall, Output, Placement, Question, Record, Room, Stored,
};
use store::Store;
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
        owner: None,
        schedule: None,
        invite: Vec::new(),
        letters: true,
        origin: "https://meet.example".into(),
    }
}

/// A signed-in person, by the first letters of their address.
pub fn identity(email: &str) -> Identity {
    let local = email.split('@').next().unwrap();
    let id: String = local
        .bytes()
        .flat_map(|byte| [byte / 16, byte % 16])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect();
    Identity {
        account: format!("{id:0<64}").parse().unwrap(),
        email: email.parse().unwrap(),
        name: local.parse().unwrap(),
    }
}

/// A meeting of Olive's, at `example.org`.
pub fn owned(kind: RoomKind) -> NewRoom {
    NewRoom { kind, owner: Some(identity("olive@example.org")), host_secret_hash: None, ..new_room() }
}

pub fn invitee(email: &str, cohost: bool) -> Invitee {
    Invitee { email: email.parse().unwrap(), cohost }
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

/// By a browser that can talk to another directly.
pub fn join_able(name: &str) -> String {
    join(name).replacen(r#""camera""#, r#""direct":true,"camera""#, 1)
}

pub fn reached(plan: u64, reached: bool) -> String {
    format!(r#"{{"type":"reached","plan":{plan},"reached":{reached}}}"#)
}

pub fn describe(plan: u64) -> String {
    format!(r#"{{"type":"describe","plan":{plan},"sdp":"v=0\r\n"}}"#)
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

/// To one person alone.
pub fn direct(id: u128, text: &str, to: u8) -> String {
    format!(r#"{{"type":"chat","id":"{}","text":"{text}","to":"{}"}}"#, Uuid::from_u128(id), person(to).0)
}

/// A message that names somebody, or nobody, and what else is in it.
pub fn about(kind: &str, whom: Option<u8>, more: &str) -> String {
    let whom = whom.map(|whom| format!(r#","participant":"{}""#, person(whom).0)).unwrap_or_default();
    format!(r#"{{"type":"{kind}"{whom}{more}}}"#)
}

pub fn permit(share: bool, chat: bool, react: bool, unmute: bool) -> String {
    format!(r#"{{"type":"permit","permissions":{{"share":{share},"chat":{chat},"react":{react},"unmute":{unmute}}}}}"#)
}

pub fn sharing(microphone: bool, camera: bool, screen: bool) -> String {
    format!(r#"{{"type":"update","microphone":{microphone},"camera":{camera},"screen":{screen}}}"#)
}

pub fn simple(kind: &str) -> String {
    format!(r#"{{"type":"{kind}"}}"#)
}

/// What one input led to.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    pub sent: Vec<(ConnectionId, ServerMessage)>,
    pub closed: Vec<(ConnectionId, u16)>,
    pub opens: Vec<OpenSessionCall>,
    pub session_closes: Vec<(Placement, ParticipantId, u64)>,
    pub needs_instances: bool,
    pub grants: Vec<(ParticipantId, Vec<Source>)>,
    pub answers: Vec<Result<Answer, ErrorCode>>,
    /// What programs were answered: whose, and the code of a refusal.
    pub streamed: Vec<(ParticipantId, Option<ErrorCode>)>,
    pub posts: Vec<(EntryId, Mail)>,
    pub errands: Vec<(EntryId, Errand)>,
    pub reports: Vec<(AccountId, RoomPhase, u32)>,
    pub saved: Vec<Record>,
}

impl Effects {
    /// What one socket was told.
    pub fn to(&self, id: ConnectionId) -> Vec<&ServerMessage> {
        self.sent.iter().filter(|(to, _)| *to == id).map(|(_, message)| message).collect()
    }

    /// Why one socket's message was refused.
    pub fn refused(&self, id: ConnectionId) -> Option<ErrorCode> {
        self.to(id).into_iter().find_map(|message| match message {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        })
    }

    /// The only call to a region.
    pub fn open(&self) -> &OpenSessionCall {
        assert_eq!(self.opens.len(), 1, "{:?}", self.opens);
        &self.opens[0]
    }
}

/// A session at a region, and what may be published in it.
#[derive(Debug, Clone)]
pub struct Session {
    pub participant: ParticipantId,
    pub placement: Placement,
    pub epoch: u64,
    pub grant: u64,
    pub publish: Vec<Source>,
}

/// A room, its storage, its sockets and the browsers behind them.
pub struct Driver {
    pub now: Millis,
    pub room: Room,
    pub store: Store,
    pub open: BTreeMap<ConnectionId, Connection>,
    pub clients: BTreeMap<ConnectionId, Client>,
    /// Home pages with a report on its way.
    pub reporting: BTreeSet<AccountId>,
    /// The sessions whose answer a browser got, as the regions know them.
    pub regions: BTreeMap<ParticipantId, Session>,
    calls: BTreeMap<(ParticipantId, u64), OpenSessionCall>,
    next_connection: u64,
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl Driver {
    pub fn new() -> Self {
        Self::with(new_room()).0
    }

    /// A room, and what making it led to.
    pub fn with(new: NewRoom) -> (Self, Effects) {
        let mut driver = Self {
            now: START,
            room: Room::create(START, new),
            store: Store::default(),
            open: BTreeMap::new(),
            clients: BTreeMap::new(),
            reporting: BTreeSet::new(),
            regions: BTreeMap::new(),
            calls: BTreeMap::new(),
            next_connection: 1,
        };
        let effects = driver.carry_out();
        driver.check();
        (driver, effects)
    }

    /// One input, carried out and checked.
    pub fn input(&mut self, input: Input) -> Effects {
        if let Input::Opened { participant, epoch, result: Ok(_) } = &input {
            self.opened(*participant, *epoch);
        }
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
        self.connect_as(number, None, location)
    }

    /// A signed-in person opens a socket.
    pub fn connect_signed_in(&mut self, number: u8, email: &str) -> (ConnectionId, Effects) {
        self.connect_as(number, Some(identity(email)), None)
    }

    /// A signed-in person opens a socket and joins.
    pub fn enter_signed_in(&mut self, number: u8, email: &str) -> (ConnectionId, Effects) {
        let (id, _) = self.connect_signed_in(number, email);
        let effects = self.say(id, &join("Somebody else"));
        (id, effects)
    }

    pub fn connect_as(
        &mut self,
        number: u8,
        identity: Option<Identity>,
        location: Option<Coordinates>,
    ) -> (ConnectionId, Effects) {
        // Not in order of time, because a driver draws them at random.
        let id = ConnectionId(self.next_connection.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.next_connection += 1;
        let host = number == 0 && identity.is_none();
        let connection = Connection { id, participant: person(number), host, identity, email: None, location };
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

    /// The person joins, and a region carries them.
    pub fn enter_carried(&mut self, number: u8) -> (ConnectionId, Effects) {
        let (id, effects) = self.enter(number);
        let effects = if effects.needs_instances { self.instances(&[instance("fra", 50.1, 8.7)]) } else { effects };
        let call = effects.open().clone();
        self.accept(&call);
        (id, effects)
    }

    /// Somebody who is in, as they are stored.
    pub fn member(&self, number: u8) -> &Member {
        &self.store.members[&person(number)]
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

    /// Somebody asks something; there is one answer.
    pub fn ask(&mut self, question: Question) -> (Result<Answer, ErrorCode>, Effects) {
        let mut effects = self.input(Input::Asked { id: 7, question });
        assert_eq!(effects.answers.len(), 1, "one answer");
        (effects.answers.remove(0), effects)
    }

    /// Somebody changes the meeting, as JSON.
    pub fn change(&mut self, by: &str, change: &str) -> (Result<Answer, ErrorCode>, Effects) {
        let change = serde_json::from_str(change).unwrap();
        self.ask(Question::Change { by: identity(by), change })
    }

    /// Every errand and mail that is handed out arrives.
    pub fn deliver(&mut self, effects: &Effects) -> Vec<Record> {
        let mut saved = Vec::new();
        for (id, _) in &effects.posts {
            saved.extend(self.input(Input::Posted { id: *id, verdict: Verdict::Delivered }).saved);
        }
        for (id, _) in &effects.errands {
            saved.extend(self.input(Input::Done { id: *id, verdict: Verdict::Delivered }).saved);
        }
        saved
    }

    /// A report arrived.
    pub fn reported(&mut self, email: &str, watching: bool) -> Effects {
        let account = identity(email).account;
        self.reporting.remove(&account);
        self.input(Input::Reported { account, watching })
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
    pub fn lose_memory(&mut self) -> Effects {
        let effects = self.restart(|_| true);
        assert!(effects.sent.is_empty() && effects.saved.is_empty(), "nothing was lost: {effects:?}");
        effects
    }

    /// The object starts again with the sockets that `survive`.
    pub fn restart(&mut self, survive: impl Fn(ConnectionId) -> bool) -> Effects {
        self.open.retain(|id, _| survive(*id));
        let Some(stored) = self.store.load() else {
            return Effects::default();
        };
        self.room = Room::restore(self.now, stored, self.open.values().cloned().collect());
        self.reporting.clear();
        let effects = self.carry_out();
        self.check();
        effects
    }

    /// A region opened a session. Where the room waits for a newer one, nobody gets the answer.
    fn opened(&mut self, participant: ParticipantId, epoch: u64) {
        if let Some(call) = self.calls.remove(&(participant, epoch))
            && let Some(member) = self.store.members.get(&participant)
            && (member.epoch, member.placement.as_ref()) == (epoch, Some(&call.placement))
        {
            let OpenSessionCall { placement, publish, .. } = call;
            self.regions.insert(participant, Session { participant, placement, epoch, grant: 0, publish });
        }
    }

    /// What one person said to another is told to nobody else.
    fn is_theirs_to_read(&self, id: ConnectionId, message: &ServerMessage) {
        let reader = self.open[&id].participant;
        let is_theirs = |said: &ChatMessage| said.to.is_none_or(|to| to == reader || said.author == reader);
        match message {
            ServerMessage::Direct { message } => assert!(message.to.is_some() && is_theirs(message), "not theirs"),
            ServerMessage::Welcome { you, state } => {
                assert_eq!(*you, reader);
                assert!(state.chat.iter().all(is_theirs), "not theirs");
            }
            _ => {}
        }
    }

    /// What each session may publish: nothing that is held, and screens only where that is permitted.
    fn regions_know(&self, stored: &Stored) {
        for session in self.regions.values() {
            let member = &self.store.members[&session.participant];
            let may_share = member.role != Role::Participant || stored.meeting.moderation.permissions.share;
            let sources = [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio];
            let publish: Vec<_> = sources
                .into_iter()
                .filter(|source| !member.held.contains(source))
                .filter(|source| may_share || matches!(source, Source::Microphone | Source::Camera))
                .collect();
            assert_eq!(session.publish, publish, "the region knows what may be published");
        }
        for member in stored.members.iter().filter(|member| member.role == Role::Participant) {
            let permissions = stored.meeting.moderation.permissions;
            assert!(permissions.share || !member.screen);
            assert!(permissions.unmute || member.microphone || member.held.contains(&Source::Microphone));
        }
    }

    /// Who talks directly is alone, can, is withheld nothing, and is carried by no region.
    fn topology_holds(&self, stored: &Stored) {
        let topology = &stored.meeting.topology;
        assert!(topology.tried || !topology.direct);
        if topology.people.is_empty() {
            assert!(!topology.tried && topology.due_at.is_none() && topology.reached.is_none());
            return;
        }
        let people: Vec<_> = stored.members.iter().map(|member| member.id).collect();
        assert_eq!((&people, people.len()), (&topology.people, 2), "two people alone");
        let Permissions { share, unmute, .. } = stored.meeting.moderation.permissions;
        assert!(share && unmute);
        for member in &stored.members {
            assert!(member.direct && member.held.is_empty());
            if topology.direct {
                assert!(member.placement.is_none() && !self.regions.contains_key(&member.id), "no region carries them");
            } else {
                assert!(member.session.as_ref().is_some_and(|session| !session.silent), "a region carries them");
            }
        }
        assert_eq!(topology.due_at.is_none(), topology.direct);
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
                        self.is_theirs_to_read(id, &message);
                        self.clients.entry(id).or_default().receive(&message);
                        effects.sent.push((id, message.clone()));
                    }
                }
                Output::Close { connection, code, reason } => {
                    assert!(!reason.is_empty() && reason.len() <= 123, "RFC 6455 §5.5.1");
                    assert!(self.open.remove(&connection).is_some(), "closed twice");
                    effects.closed.push((connection, code));
                }
                Output::Answer { id, answer } => {
                    assert_eq!(id, 7);
                    effects.answers.push(answer);
                }
                Output::Streamed { stream, result, .. } => {
                    effects.streamed.push((stream, result.err().map(|(code, _)| code)));
                }
                Output::Post { id, mail } => {
                    assert!(self.store.mails.contains_key(&id), "stored before it is sent");
                    effects.posts.push((id, mail));
                }
                Output::Errand { id, errand } => {
                    assert!(self.store.errands.contains_key(&id), "stored before it is run");
                    effects.errands.push((id, errand));
                }
                Output::Report { account, phase, participants } => {
                    assert!(self.reporting.insert(account.clone()), "one at a time");
                    effects.reports.push((account, phase, participants));
                }
                Output::NeedInstances => effects.needs_instances = true,
                Output::OpenSession(call) => {
                    self.calls.insert((call.participant, call.epoch), call.clone());
                    effects.opens.push(call);
                }
                Output::CloseSession { placement, participant, epoch } => {
                    self.regions.retain(|_, session| {
                        let instance = &session.placement.instance;
                        (session.participant, instance) != (participant, &placement.instance) || session.epoch > epoch
                    });
                    effects.session_closes.push((placement, participant, epoch));
                }
                Output::Grant { placement, participant, epoch, grant, publish } => {
                    let session = self.regions.get_mut(&participant).expect("a grant for a session that is open");
                    assert_eq!(
                        (session.epoch, &session.placement),
                        (epoch, &placement),
                        "for the session that is open"
                    );
                    assert!(grant > session.grant, "an older grant does not overtake");
                    assert!(session.publish != publish || session.grant == 0, "nothing new");
                    (session.grant, session.publish) = (grant, publish.clone());
                    effects.grants.push((participant, publish));
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
        let told: Vec<_> = std::iter::from_fn(|| again.poll_output())
            .filter(|output| !matches!(output, Output::Post { .. } | Output::Errand { .. } | Output::Report { .. }))
            .collect();
        assert_eq!(told, [], "nothing was lost, so there is nothing to tell");
        assert_eq!(again.stored().as_ref(), Some(&stored), "the same room");
        if stored.mails.is_empty() && stored.errands.is_empty() {
            assert_eq!(again.next_deadline(), self.room.next_deadline(), "the same deadline");
        }
        assert_eq!(again.details_for(None, true), self.room.details_for(None, true), "the same details");
        assert!(stored.guests.iter().filter(|guest| guest.invited).count() <= limits::INVITATIONS);
        assert!(stored.waiting.len() <= limits::WAITING_PEOPLE);
        self.regions_know(&stored);
        self.topology_holds(&stored);
        for waiting in &stored.waiting {
            assert!(!self.store.members.contains_key(&waiting.person.id), "nobody waits who is in");
        }
        for (id, connection) in &self.open {
            if let Some(member) = self.store.members.get(&connection.participant) {
                self.clients[id].sees(&stored, member);
            }
        }
    }
}
