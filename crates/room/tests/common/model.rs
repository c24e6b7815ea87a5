//! What a room should be, written down a second time as plainly as it can be: lists and loops, and
//! nothing of media beyond the number of each person's last session.

mod conversation;
mod deliveries;
mod lobby;
mod moderation;
mod outside;

use std::collections::{BTreeMap, BTreeSet};

use mail::Notice;
use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    media::Source,
    rest::{RoomKind, RoomPhase, Schedule},
    signal::{Permissions, Presence, Role, close},
};
use room::{ConnectionId, NewRoom, Stored};

pub use self::{
    deliveries::Sending,
    lobby::Waiting,
    outside::{Ask, Edit, Guest, Page, addresses, starts_at},
};

const DAY: Millis = 86_400_000;

/// The people of a run: who is signed in behind each seat. The first shows the host secret.
pub const PEOPLE: [Option<&str>; 7] = [
    None,
    Some("olive@example.org"),
    Some("cora@example.org"),
    Some("ivan@else.net"),
    Some("sam@else.net"),
    None,
    None,
];

/// Who owns the room, where somebody does.
pub const OWNER: &str = "olive@example.org";

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: ParticipantId,
    pub name: String,
    pub role: Role,
    pub microphone: bool,
    pub camera: bool,
    pub screen: bool,
    pub hand: Option<Millis>,
    pub cohost: bool,
    pub held: BTreeSet<Source>,
    pub there: bool,
    pub gone_at: Option<Millis>,
    pub epoch: u64,
    pub email: Option<String>,
}

#[derive(Debug, Clone)]
struct Socket {
    id: ConnectionId,
    person: ParticipantId,
    mistakes: u32,
}

/// What was said: by whom, and under which account as long as that is there.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    author: ParticipantId,
    id: u128,
    to: Option<ParticipantId>,
    email: Option<String>,
    name: String,
    taken_back: bool,
}

/// What somebody is told directly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// And whether they walk in.
    Seated(bool),
    Welcome,
    Error(String),
    Check,
    Ended,
    Answer(u64),
    Waiting(bool),
    Admitted,
    Denied,
    Lobby(Vec<ParticipantId>),
    /// Its number.
    Direct(u64),
    Reaction(ParticipantId),
    Stopped(Source),
    Closed(u16),
}

/// What a browser says.
#[derive(Debug, Clone)]
pub enum Say {
    Join,
    Media,
    /// To the current plan, or to the one before.
    Describe(bool),
    Reached(bool, bool),
    Update(bool, bool, bool),
    /// To whom alone.
    Chat(u128, Option<u8>),
    Unsay(u64),
    Hand(bool),
    React,
    Sync,
    Here,
    Leave,
    Admit(u8),
    Deny(u8),
    AdmitAll,
    Stop(Option<u8>, Source),
    Permit(Permissions),
    Lock(bool),
    WaitingRoom(bool),
    Remove(u8),
    SetCohost(u8, bool),
    LowerHand(Option<u8>),
    Spotlight(Option<u8>),
    End,
    Garbage(String),
}

#[derive(Debug, Clone)]
pub struct Model {
    pub phase: RoomPhase,
    since: Millis,
    pub forgotten: bool,
    pub version: u64,
    pub people: Vec<Person>,
    said: Vec<Line>,
    sockets: Vec<Socket>,
    floor: u64,
    told: Vec<(ConnectionId, Told)>,
    title: String,
    kind: RoomKind,
    schedule: Option<Schedule>,
    owned: bool,
    guests: Vec<Guest>,
    waiting: Vec<Waiting>,
    pages: Vec<Page>,
    mails: Vec<Sending<(Notice, u32)>>,
    errands: Vec<Sending<Option<protocol::rest::Relation>>>,
    sequence: u32,
    revision: u64,
    rules: moderation::Rules,
    reacted: Vec<(ParticipantId, Millis)>,
    seen: lobby::Seen,
    /// Whom regions hear, as far as they said.
    pub hearable: BTreeSet<ParticipantId>,
    /// Who talks directly.
    pub direct: Option<(ParticipantId, ParticipantId)>,
    listed: deliveries::Listed,
}

impl Model {
    pub fn new(now: Millis, new: &NewRoom) -> Self {
        let mut model = Self {
            phase: RoomPhase::Created,
            since: now,
            forgotten: false,
            version: 0,
            people: Vec::new(),
            said: Vec::new(),
            sockets: Vec::new(),
            floor: 0,
            told: Vec::new(),
            title: new.title.to_string(),
            kind: new.kind,
            schedule: new.schedule.clone(),
            owned: new.owner.is_some(),
            guests: Vec::new(),
            waiting: Vec::new(),
            pages: Vec::new(),
            mails: Vec::new(),
            errands: Vec::new(),
            sequence: 0,
            revision: 0,
            rules: moderation::Rules::default(),
            reacted: Vec::new(),
            seen: lobby::Seen::default(),
            hearable: BTreeSet::new(),
            direct: None,
            listed: deliveries::Listed::default(),
        };
        model.founded(now, new);
        model
    }

    /// What was told since the last call, in no particular order.
    pub fn told(&mut self) -> Vec<(ConnectionId, Told)> {
        let mut told = std::mem::take(&mut self.told);
        told.sort();
        told
    }

    pub fn person(&self, id: ParticipantId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    fn over(&self) -> bool {
        matches!(self.phase, RoomPhase::Expired | RoomPhase::Destroyed)
    }

    fn tell(&mut self, id: ConnectionId, told: Told) {
        self.told.push((id, told));
    }

    fn socket_of(&self, id: ParticipantId) -> Option<ConnectionId> {
        self.sockets.iter().find(|socket| socket.person == id).map(|socket| socket.id)
    }

    fn set_phase(&mut self, now: Millis, phase: RoomPhase) {
        self.phase = phase;
        self.since = now;
    }

    pub fn time(&mut self, now: Millis) {
        match self.phase {
            RoomPhase::Created | RoomPhase::Waiting if now >= self.expires_at() => {
                self.finish(now, RoomPhase::Expired);
            }
            RoomPhase::Expired | RoomPhase::Destroyed if now >= self.since + 30 * DAY => self.dissolve(),
            _ => {}
        }
    }

    fn expires_at(&self) -> Millis {
        self.since.max(self.planned_end()) + DAY
    }

    fn finish(&mut self, now: Millis, phase: RoomPhase) {
        for socket in std::mem::take(&mut self.sockets) {
            self.tell(socket.id, Told::Ended);
            self.tell(socket.id, Told::Closed(close::ENDED));
        }
        self.people.clear();
        self.said.clear();
        self.waiting.clear();
        self.rules = moderation::Rules::default();
        self.set_phase(now, phase);
        self.finish_outside();
    }

    pub fn connect(&mut self, id: ConnectionId, person: ParticipantId) {
        if self.over() {
            self.tell(id, Told::Ended);
            self.tell(id, Told::Closed(close::ENDED));
            return;
        }
        if let Some(older) = self.socket_of(person) {
            self.sockets.retain(|socket| socket.id != older);
            self.tell(older, Told::Closed(close::REPLACED));
        }
        if let Err(code) = self.threshold(person) {
            self.tell(id, error(code));
            let reason = if code == ErrorCode::Banned { close::REMOVED } else { close::DENIED };
            self.tell(id, Told::Closed(reason));
            return;
        }
        self.sockets.push(Socket { id, person, mistakes: 0 });
        if self.person(person).is_some() {
            self.back(person);
            self.welcome(person);
        } else {
            self.seat(person);
            self.back_to_waiting(person);
        }
    }

    fn welcome(&mut self, id: ParticipantId) {
        if let Some(socket) = self.socket_of(id) {
            self.tell(socket, Told::Welcome);
            self.seen.owed.insert(socket);
        }
    }

    fn seat(&mut self, id: ParticipantId) {
        let walks = self.threshold(id) == Ok(true);
        if let Some(socket) = self.socket_of(id) {
            self.tell(socket, Told::Seated(walks));
        }
    }

    fn back(&mut self, id: ParticipantId) {
        if let Some(person) = self.people.iter_mut().find(|person| person.id == id) {
            if !person.there {
                self.version += 1;
            }
            person.there = true;
            person.gone_at = None;
        }
    }

    fn lost(&mut self, id: ParticipantId, until: Millis) {
        if let Some(person) = self.people.iter_mut().find(|person| person.id == id) {
            person.there = false;
            person.gone_at = Some(until);
            self.version += 1;
        }
    }

    pub fn disconnect(&mut self, now: Millis, id: ConnectionId) {
        if let Some(at) = self.sockets.iter().position(|socket| socket.id == id) {
            let socket = self.sockets.remove(at);
            self.lost(socket.person, now + if self.hearable.contains(&socket.person) { 300_000 } else { 10_000 });
            self.missing_from_waiting(socket.person, now + 10_000);
        }
    }

    pub fn restart(&mut self, now: Millis, survive: impl Fn(ConnectionId) -> bool) {
        self.sockets.retain(|socket| survive(socket.id));
        for socket in &mut self.sockets {
            socket.mistakes = 0;
        }
        for person in self.people.clone() {
            if person.there && self.socket_of(person.id).is_none() {
                self.lost(person.id, now + if self.hearable.contains(&person.id) { 300_000 } else { 20_000 });
            }
        }
        for waiting in self.waiting.clone() {
            if waiting.leaves_at.is_none() && self.socket_of(waiting.id).is_none() {
                self.missing_from_waiting(waiting.id, now + 20_000);
            }
        }
        self.reacted.clear();
        self.restart_outside();
    }

    fn out(&mut self, now: Millis, id: ParticipantId) {
        if let Some(at) = self.people.iter().position(|person| person.id == id) {
            let person = self.people.remove(at);
            self.floor = self.floor.max(person.epoch);
            self.version += 1;
            self.reacted.retain(|(known, _)| *known != id);
            if self.rules.spotlight == Some(id) {
                self.rules.spotlight = None;
                self.version += 1;
            }
            if self.people.is_empty() {
                self.set_phase(now, RoomPhase::Waiting);
            }
        }
    }

    pub fn wake(&mut self, now: Millis) {
        let mut missed = self.people.clone();
        missed.sort_by_key(|person| (person.gone_at, person.id));
        for person in missed {
            if person.gone_at.is_some_and(|at| at <= now) {
                self.out(now, person.id);
                self.keep_place(now, &person);
                self.seat(person.id);
            }
        }
        for waiting in self.waiting.clone() {
            if waiting.leaves_at.is_some_and(|at| at <= now) {
                self.waiting.retain(|known| known.id != waiting.id);
                self.seat(waiting.id);
            }
        }
    }

    /// The region that carries the person says that it does not hear them.
    pub fn unheard(&mut self, now: Millis, id: ParticipantId) {
        let socket = self.socket_of(id);
        let Some(person) = self.people.iter_mut().find(|person| person.id == id) else { return };
        if person.there && person.gone_at.is_none() {
            person.gone_at = Some(now + 5_000);
            self.told.extend(socket.map(|socket| (socket, Told::Check)));
        } else if !person.there {
            person.gone_at = person.gone_at.map(|at| at.min(now + 5_000));
        }
    }

    /// Somebody leaves the direct connection, if they had one.
    fn leaves_direct(&mut self, now: Millis, id: ParticipantId) {
        match self.direct {
            Some((first, second)) if first == id => self.unheard(now, second),
            Some((first, second)) if second == id => self.unheard(now, first),
            _ => {}
        }
    }

    /// The two have no direct connection any more.
    pub fn parted(&mut self, now: Millis) {
        for id in self.direct.take().into_iter().flat_map(|(first, second)| [first, second]) {
            if self.person(id).is_some_and(|person| !person.there) {
                self.unheard(now, id);
            }
        }
    }

    /// It hears them; `session`: and opened what it hears.
    pub fn heard(&mut self, now: Millis, id: ParticipantId, session: bool) {
        if let Some(person) = self.people.iter_mut().find(|person| person.id == id) {
            let until = now + if session { 300_000 } else { 10_000 };
            person.gone_at = (!person.there).then_some(until);
        }
    }

    pub fn answered(&mut self, id: ParticipantId, epoch: u64) {
        if self.person(id).is_some_and(|person| person.epoch == epoch)
            && let Some(socket) = self.socket_of(id)
        {
            self.tell(socket, Told::Answer(epoch));
        }
    }

    /// The room that is stored is this one.
    pub fn is(&self, stored: &Stored) {
        assert_eq!(stored.meeting.phase, self.phase);
        assert_eq!(stored.meeting.phase_since, self.since);
        assert_eq!(stored.meeting.version, self.version);
        let mut members = stored.members.clone();
        members.sort_by_key(|member| member.joined_at);
        let people: Vec<_> = members
            .iter()
            .map(|member| Person {
                id: member.id,
                name: member.name.to_string(),
                role: member.role,
                microphone: member.microphone,
                camera: member.camera,
                screen: member.screen,
                hand: member.hand_raised_at,
                cohost: member.cohost,
                held: member.held.iter().copied().collect(),
                there: member.presence == Presence::Connected,
                gone_at: member.leaves_at,
                epoch: member.epoch,
                email: member.identity.as_ref().map(|identity| identity.email.to_string()),
            })
            .collect();
        assert_eq!(people, self.people);
        let from = self.said.len().saturating_sub(200);
        let line = |said: &room::Said| Line {
            author: said.author,
            id: said.id.0.as_u128(),
            to: said.to,
            taken_back: said.text.is_none(),
            email: said.account.as_ref().and_then(|account| {
                PEOPLE.into_iter().flatten().find(|email| super::identity(email).account == *account).map(str::to_owned)
            }),
            name: said.author_name.to_string(),
        };
        let said: Vec<_> = stored.chat.iter().map(|said| (said.sequence, line(said))).collect();
        let expected: Vec<_> = (1..).zip(self.said.iter().cloned()).skip(from).collect();
        assert_eq!(said, expected);
        self.rules_are(stored);
        self.waiting_is(stored);
        self.outside_is(stored);
    }

    /// When the room should be woken.
    pub fn deadline(&self) -> Option<Millis> {
        let phase = match self.phase {
            RoomPhase::Active => None,
            RoomPhase::Created | RoomPhase::Waiting => Some(self.expires_at()),
            RoomPhase::Expired | RoomPhase::Destroyed if self.only_delivers() => None,
            RoomPhase::Expired | RoomPhase::Destroyed => Some(self.since + 30 * DAY),
        };
        let people = self.people.iter().filter_map(|person| person.gone_at);
        let waiting = self.waiting.iter().filter_map(|waiting| waiting.leaves_at);
        people.chain(waiting).chain(self.deliveries_due()).chain(phase).min()
    }
}

fn error(code: ErrorCode) -> Told {
    Told::Error(format!("{code:?}"))
}

fn number_of(id: ParticipantId) -> usize {
    (0..7).find(|number| super::person(*number) == id).map_or(0, usize::from)
}

/// Who is signed in behind a seat.
fn email_of(id: ParticipantId) -> Option<&'static str> {
    PEOPLE[number_of(id)]
}

fn name_of(id: ParticipantId) -> String {
    email_of(id).map_or_else(|| format!("P {}", id.0.as_u128()), |email| email.split('@').next().unwrap().to_owned())
}

type ByAddress<T> = BTreeMap<String, T>;
type Addresses = BTreeSet<String>;
