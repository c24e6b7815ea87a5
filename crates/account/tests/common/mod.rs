//! A driver in memory: carries out what an account asks, the way the Durable Object does, and holds
//! after every input what must hold after every input.
#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(unreachable_pub, reason = "a module shared by test programs is public to each of them")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

pub mod model;

use std::collections::BTreeMap;

use account::{
    Account, Answer, Connection, ConnectionId, Core, Errand, Hidden, Input, Output, PasswordCost, Question, Random,
    Record, Refusal, Stored, StoredMeeting, StoredSession,
};
use mail::{Entry, EntryId, Letter, Mail, Verdict};
use protocol::{
    Millis,
    account::{HomeEvent, IncomingCall, Meetings},
    error::ErrorCode,
    id::{AccountId, CallId, RoomCode, RoomId, SessionId},
    rest::{Relation, RoomDetails, RoomKind, RoomPhase},
    text::{EmailAddress, Password},
};
use uuid::Uuid;

/// When every test begins.
pub const START: Millis = 1_800_000_000_000;
pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60_000;
pub const HOUR: Millis = 3_600_000;
pub const DAY: Millis = 24 * HOUR;

pub const ORIGIN: &str = "https://meet.example";
pub const RIGHT: &str = "correct horse";
pub const WRONG: &str = "battery staple";

/// The least that Argon2 takes: what a hash costs is not what these tests are about.
pub const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };

pub fn account_id() -> AccountId {
    "0123456789abcdef".repeat(4).parse().unwrap()
}

pub fn email() -> EmailAddress {
    "ada@example.org".parse().unwrap()
}

pub fn password(text: &str) -> Hidden {
    text.parse::<Password>().unwrap().into()
}

pub fn room_id(number: u32) -> RoomId {
    format!("{number:064x}").parse().unwrap()
}

/// A meeting that the person is invited to, without schedule, made at [`START`].
pub fn meeting(number: u32) -> RoomDetails {
    RoomDetails {
        id: room_id(number),
        code: Some(RoomCode::from_random([1; 10])),
        link: None,
        title: format!("Meeting {number}").parse().unwrap(),
        kind: RoomKind::Private,
        phase: RoomPhase::Created,
        participants: 0,
        created_at: START,
        starts_at: None,
        duration_minutes: None,
        time_zone: None,
        ended_at: None,
        host_name: None,
        relation: Some(Relation::Invited),
        invitations: None,
    }
}

pub fn call() -> IncomingCall {
    IncomingCall {
        id: CallId(Uuid::nil()),
        name: "Grace".parse().unwrap(),
        email: "grace@example.org".parse().unwrap(),
        room: room_id(900),
        code: RoomCode::from_random([2; 10]),
        since: 0,
        until: 0,
    }
}

/// The rows, as the driver keeps them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Store {
    pub core: Option<Core>,
    pub sessions: BTreeMap<SessionId, StoredSession>,
    pub meetings: BTreeMap<RoomId, StoredMeeting>,
    pub mails: BTreeMap<EntryId, Entry<Mail>>,
    pub errands: BTreeMap<EntryId, Entry<Errand>>,
}

impl Store {
    pub fn save(&mut self, record: Record) {
        match record {
            Record::Core(core) => {
                let before = self.core.replace((*core).clone());
                assert_ne!(before, Some(*core), "the row did not change");
            }
            Record::Session(row) => changed(&mut self.sessions, row.id, row),
            Record::SessionGone(id) => gone(&mut self.sessions, &id),
            Record::Meeting(row) => changed(&mut self.meetings, row.details.id.clone(), row),
            Record::MeetingGone(id) => gone(&mut self.meetings, &id),
            Record::Mail(row) => changed(&mut self.mails, row.id, row),
            Record::MailGone(id) => gone(&mut self.mails, &id),
            Record::Errand(row) => changed(&mut self.errands, row.id, row),
            Record::ErrandGone(id) => gone(&mut self.errands, &id),
            Record::Forgotten => {
                assert_ne!(*self, Self::default(), "nothing was there to forget");
                *self = Self::default();
            }
        }
    }

    pub fn load(&self) -> Stored {
        Stored {
            core: self.core.clone(),
            sessions: self.sessions.values().cloned().collect(),
            meetings: self.meetings.values().cloned().collect(),
            mails: self.mails.values().cloned().collect(),
            errands: self.errands.values().cloned().collect(),
        }
    }
}

fn changed<K: Ord, V: Clone + PartialEq + std::fmt::Debug>(rows: &mut BTreeMap<K, V>, key: K, row: V) {
    assert_ne!(rows.insert(key, row.clone()), Some(row), "the row did not change");
}

fn gone<K: Ord, V>(rows: &mut BTreeMap<K, V>, key: &K) {
    assert!(rows.remove(key).is_some(), "there was no row");
}

/// What one input led to.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    pub answer: Option<Result<Answer, Refusal>>,
    pub posts: Vec<(EntryId, Mail)>,
    pub errands: Vec<(EntryId, Errand)>,
    pub watches: Vec<(RoomId, bool)>,
    pub sent: Vec<(ConnectionId, HomeEvent)>,
    pub closed: Vec<(ConnectionId, u16)>,
    pub saved: Vec<Record>,
    /// Passwords' hashes that it cost.
    pub hashes: u64,
}

impl Effects {
    /// What the question was answered with.
    #[track_caller]
    pub fn answer(&self) -> Answer {
        self.answer.clone().expect("no question was asked").unwrap()
    }

    /// Why it was refused.
    #[track_caller]
    pub fn refusal(&self) -> Refusal {
        self.answer.clone().expect("no question was asked").unwrap_err()
    }

    #[track_caller]
    pub fn code(&self) -> ErrorCode {
        self.refusal().code
    }

    /// How long the person has to wait.
    #[track_caller]
    pub fn wait(&self) -> Millis {
        let Refusal { code, retry_after_ms } = self.refusal();
        assert_eq!(code, ErrorCode::RateLimited);
        retry_after_ms.expect("says for how long")
    }

    #[track_caller]
    pub fn signed_in(&self) -> Device {
        match self.answer() {
            Answer::SignedIn { session, refresh_secret, .. } => Device { session, secret: refresh_secret },
            other => panic!("{other:?}"),
        }
    }

    /// The only mail.
    #[track_caller]
    pub fn letter(&self) -> &Letter {
        assert_eq!(self.posts.len(), 1, "{:?}", self.posts);
        &self.posts[0].1.letter
    }

    /// What one socket was told.
    pub fn to(&self, id: ConnectionId) -> Vec<&HomeEvent> {
        self.sent.iter().filter(|(to, _)| *to == id).map(|(_, event)| event).collect()
    }
}

/// A signed-in device and the secret in its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub session: SessionId,
    pub secret: String,
}

/// The secret in a mailed link.
#[track_caller]
pub fn secret_of(letter: &Letter) -> String {
    let link = match letter {
        Letter::Verification { link, .. } | Letter::Reset { link, .. } => link,
        other => panic!("{other:?} holds no secret"),
    };
    let (_, token) = link.split_once("#token=").expect("in the fragment");
    let (id, secret) = token.split_once('.').unwrap();
    assert_eq!(id, account_id().as_str());
    assert_eq!(secret.len(), 43, "256 bits");
    secret.to_owned()
}

/// An account, its storage and its sockets.
#[derive(Clone)]
pub struct Driver {
    pub now: Millis,
    pub account: Account,
    pub store: Store,
    pub open: BTreeMap<ConnectionId, Connection>,
    pub cost: PasswordCost,
    drawn: u64,
}

impl Default for Driver {
    fn default() -> Self {
        Self::new()
    }
}

impl Driver {
    /// An address that nobody has used.
    pub fn new() -> Self {
        let account = Account::new(account_id()).with_password_cost(CHEAP);
        let driver =
            Self { now: START, account, store: Store::default(), open: BTreeMap::new(), cost: CHEAP, drawn: 0 };
        driver.check();
        driver
    }

    /// Somebody signed up with the [`RIGHT`] password, and on one device in. No mail waits.
    pub fn signed_up() -> (Self, Device) {
        let mut driver = Self::new();
        let secret = secret_of(driver.register(RIGHT).letter());
        driver.deliver();
        assert_eq!(driver.verify(&secret).answer(), Answer::Address(email()));
        let device = driver.login(RIGHT).signed_in();
        driver.wait(HOUR);
        driver.wake();
        (driver, device)
    }

    /// Randomness that never comes again.
    pub fn random(&mut self) -> Random {
        let mut bytes = [0; 64];
        for chunk in bytes.chunks_mut(8) {
            self.drawn += 1;
            // Spread by an odd factor, because names in order would hide what depends on their order.
            chunk.copy_from_slice(&self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        }
        Random(bytes)
    }

    pub fn wait(&mut self, time: Millis) {
        self.now += time;
    }

    /// One input, carried out and checked.
    #[track_caller]
    pub fn input(&mut self, input: Input) -> Effects {
        let before = self.account.password_hashes();
        self.account.handle(self.now, input);
        let mut effects = self.carry_out();
        effects.hashes = self.account.password_hashes() - before;
        self.check();
        effects
    }

    #[track_caller]
    pub fn ask(&mut self, question: Question) -> Effects {
        // As it travels from the Worker to the object.
        let travelled = serde_json::from_str(&serde_json::to_string(&question).unwrap()).unwrap();
        assert_eq!(question, travelled);
        let random = self.random();
        let effects = self.input(Input::Asked { id: self.drawn, random, question });
        let answer = effects.answer.as_ref().expect("every question is answered in the same drain");
        if let Ok(answer) = answer {
            let travelled: Answer = serde_json::from_str(&serde_json::to_string(answer).unwrap()).unwrap();
            assert_eq!(*answer, travelled);
        }
        effects
    }

    #[track_caller]
    pub fn wake(&mut self) -> Effects {
        let effects = self.input(Input::Woken);
        assert!(self.account.next_deadline().is_none_or(|at| at > self.now), "waking leaves nothing to do now");
        effects
    }

    /// Sleeps until the next deadline.
    #[track_caller]
    pub fn sleep(&mut self) -> Effects {
        self.now = self.account.next_deadline().expect("there is one").max(self.now);
        self.wake()
    }

    /// Every mail and errand arrives.
    pub fn deliver(&mut self) {
        for id in self.store.mails.keys().copied().collect::<Vec<_>>() {
            self.input(Input::Posted { id, verdict: Verdict::Delivered });
        }
        for id in self.store.errands.keys().copied().collect::<Vec<_>>() {
            self.input(Input::Done { id, verdict: Verdict::Delivered });
        }
    }

    /// The object starts again with the sockets that are open.
    pub fn restart(&mut self) -> Effects {
        self.account = self.restored();
        let effects = self.carry_out();
        self.check();
        effects
    }

    /// It starts again, and no socket survived.
    pub fn restart_alone(&mut self) -> Effects {
        self.open.clear();
        self.restart()
    }

    pub fn restored(&self) -> Account {
        let open = self.open.values().copied().collect();
        Account::restore(self.now, account_id(), self.store.load(), open).with_password_cost(self.cost)
    }

    #[track_caller]
    pub fn register(&mut self, with: &str) -> Effects {
        let name = "Ada".parse().unwrap();
        self.ask(Question::Register { name, email: email(), password: password(with), origin: ORIGIN.into() })
    }

    #[track_caller]
    pub fn verify(&mut self, secret: &str) -> Effects {
        self.ask(Question::Verify { secret: secret.into() })
    }

    #[track_caller]
    pub fn resend(&mut self) -> Effects {
        self.ask(Question::Resend { email: email(), origin: ORIGIN.into() })
    }

    #[track_caller]
    pub fn login(&mut self, with: &str) -> Effects {
        self.ask(Question::Login { password: password(with), device: "Firefox on Linux".into() })
    }

    #[track_caller]
    pub fn forgot(&mut self) -> Effects {
        self.ask(Question::Forgot { email: email(), origin: ORIGIN.into() })
    }

    #[track_caller]
    pub fn reset(&mut self, secret: &str, with: &str) -> Effects {
        self.ask(Question::Reset { secret: secret.into(), password: password(with), origin: ORIGIN.into() })
    }

    #[track_caller]
    pub fn refresh(&mut self, device: &Device) -> Effects {
        self.ask(Question::Refresh { session: device.session, secret: device.secret.clone() })
    }

    #[track_caller]
    pub fn change_password(&mut self, device: &Device, current: Option<&str>, with: &str) -> Effects {
        self.ask(Question::ChangePassword {
            session: device.session,
            current: current.map(password),
            password: password(with),
            origin: ORIGIN.into(),
        })
    }

    #[track_caller]
    pub fn profile(&mut self, device: &Device) -> Effects {
        self.ask(Question::Profile { session: device.session })
    }

    #[track_caller]
    pub fn delete(&mut self, device: &Device) -> Effects {
        self.ask(Question::Delete { session: device.session })
    }

    #[track_caller]
    pub fn tell(&mut self, details: RoomDetails, revision: u64) -> Effects {
        self.ask(Question::Meeting { email: email(), details: Box::new(details), revision })
    }

    #[track_caller]
    pub fn meetings(&mut self, device: &Device) -> Meetings {
        match self.ask(Question::Meetings { session: device.session }).answer() {
            Answer::Meetings(meetings) => meetings,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub fn ring(&mut self) -> Effects {
        self.ask(Question::Ring { email: email(), call: call(), origin: ORIGIN.into() })
    }

    #[track_caller]
    pub fn receive(&mut self) -> Effects {
        self.ask(Question::Receive { email: email() })
    }

    /// A home page opens its socket.
    pub fn connect(&mut self, session: SessionId) -> (ConnectionId, Effects) {
        let Random(bytes) = self.random();
        let id = ConnectionId(u64::from_le_bytes(bytes[..8].try_into().unwrap()));
        let connection = Connection { id, session };
        self.open.insert(id, connection);
        (id, self.input(Input::Connected(connection)))
    }

    #[track_caller]
    pub fn disconnect(&mut self, id: ConnectionId) -> Effects {
        assert!(self.open.remove(&id).is_some());
        self.input(Input::Disconnected(id))
    }

    #[track_caller]
    pub fn say(&mut self, connection: ConnectionId, text: &str) -> Effects {
        self.input(Input::Received { connection, text: text.into() })
    }

    fn carry_out(&mut self) -> Effects {
        let outputs: Vec<_> = std::iter::from_fn(|| self.account.poll_output()).collect();
        self.apply(outputs)
    }

    /// Carries these out.
    pub fn apply(&mut self, outputs: Vec<Output>) -> Effects {
        let mut effects = Effects::default();
        let mut told = false;
        for output in outputs {
            if let Output::Save(record) = output {
                assert!(!told, "everything is stored before anyone is told");
                let travelled: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
                assert_eq!(record, travelled);
                effects.saved.push(record.clone());
                self.store.save(record);
                continue;
            }
            told = true;
            match output {
                Output::Save(_) => {}
                Output::Answer { answer, .. } => {
                    let wait = answer.as_ref().err().and_then(|refusal| refusal.retry_after_ms);
                    let limited = answer.as_ref().is_err_and(|refusal| refusal.code == ErrorCode::RateLimited);
                    assert_eq!(wait.is_some(), limited, "only who is too fast is told to wait");
                    assert_eq!(effects.answer.replace(answer), None, "answered twice");
                }
                Output::Post { id, mail } => {
                    assert!(self.store.mails.contains_key(&id), "a mail that would be lost");
                    effects.posts.push((id, mail));
                }
                Output::Errand { id, errand } => {
                    assert!(self.store.errands.contains_key(&id), "an errand that would be lost");
                    effects.errands.push((id, errand));
                }
                Output::Watch { room, watch } => effects.watches.push((room, watch)),
                Output::Send { to, event } => {
                    assert!(!to.is_empty(), "an event for nobody");
                    for id in to {
                        assert!(self.open.contains_key(&id), "an event to a closed socket: {event:?}");
                        effects.sent.push((id, event.clone()));
                    }
                }
                Output::Close { connection, code, reason } => {
                    assert!(!reason.is_empty() && reason.len() <= 123, "RFC 6455 §5.5.1");
                    assert!(self.open.remove(&connection).is_some(), "closed twice");
                    effects.closed.push((connection, code));
                }
            }
        }
        effects
    }

    /// Storage holds the account, and an account made from it is the same.
    #[track_caller]
    pub fn check(&self) {
        let stored = self.account.stored();
        assert_eq!(stored, self.store.load(), "storage holds the account");
        let mut again = self.restored();
        assert_eq!(again.poll_output(), None, "nothing was lost, so there is nothing to tell");
        assert_eq!(again.stored(), stored, "the same account");
        let (now, then) = (self.account.next_deadline(), again.next_deadline());
        if stored.mails.is_empty() && stored.errands.is_empty() {
            assert_eq!(now, then, "the same deadline");
        } else {
            // What was under way is handed out again at once.
            assert!(then.is_some_and(|then| now.is_some_and(|now| then <= now)));
        }
        self.check_core();
    }

    fn check_core(&self) {
        let Some(core) = &self.store.core else { return };
        assert!(core.pending.len() <= account::PENDING && core.calls.len() <= account::CALLS);
        assert_eq!(core.email.is_some(), core.holder.is_some() || !core.pending.is_empty(), "the address is needed");
        assert!(core.reset.is_none() || core.email.is_some(), "nobody to reset a password for");
        assert!(core.holder.is_some() || self.store.sessions.is_empty(), "no device without account");
        assert!(core.holder.is_some() || core.calls.is_empty(), "nobody to ring");
        assert!(core.spent.sign_ups.count <= account::SIGN_UPS_PER_HOUR);
        assert!(core.spent.resets.count <= account::RESETS_PER_HOUR);
        assert!(core.spent.notices.count <= account::NOTICES_PER_HOUR);
        assert!(core.spent.letters.count <= account::LETTERS_PER_HOUR);
    }
}
