//! What a room should be, written down a second time as plainly as it can be: lists and loops, and
//! nothing of media beyond the number of each person's last session.

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    rest::RoomPhase,
    signal::{Presence, Role, close},
};
use room::{ConnectionId, Stored};

const DAY: Millis = 86_400_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: ParticipantId,
    pub name: String,
    pub host: bool,
    pub microphone: bool,
    pub camera: bool,
    pub there: bool,
    pub gone_at: Option<Millis>,
    pub epoch: u64,
}

#[derive(Debug, Clone)]
struct Socket {
    id: ConnectionId,
    person: ParticipantId,
    host: bool,
    mistakes: u32,
}

/// What somebody is told directly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Seated,
    Welcome,
    Error(String),
    Check,
    Ended,
    Answer(u64),
    Waiting(bool),
    Admitted,
    Denied,
    Lobby(usize),
    Closed(u16),
}

/// What a browser says.
#[derive(Debug, Clone)]
pub enum Say {
    Join,
    Media,
    Update(bool, bool),
    Chat(u128),
    Sync,
    Here,
    Leave,
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
    said: Vec<(ParticipantId, u128)>,
    sockets: Vec<Socket>,
    floor: u64,
    told: Vec<(ConnectionId, Told)>,
}

impl Model {
    pub fn new(now: Millis) -> Self {
        Self {
            phase: RoomPhase::Created,
            since: now,
            forgotten: false,
            version: 0,
            people: Vec::new(),
            said: Vec::new(),
            sockets: Vec::new(),
            floor: 0,
            told: Vec::new(),
        }
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
            RoomPhase::Created | RoomPhase::Waiting if now >= self.since + DAY => self.finish(now, RoomPhase::Expired),
            RoomPhase::Expired | RoomPhase::Destroyed if now >= self.since + 30 * DAY => self.forgotten = true,
            _ => {}
        }
    }

    fn finish(&mut self, now: Millis, phase: RoomPhase) {
        for socket in std::mem::take(&mut self.sockets) {
            self.tell(socket.id, Told::Ended);
            self.tell(socket.id, Told::Closed(close::ENDED));
        }
        self.people.clear();
        self.said.clear();
        self.set_phase(now, phase);
    }

    pub fn connect(&mut self, id: ConnectionId, person: ParticipantId, host: bool) {
        if self.over() {
            self.tell(id, Told::Ended);
            self.tell(id, Told::Closed(close::ENDED));
            return;
        }
        if let Some(older) = self.socket_of(person) {
            self.sockets.retain(|socket| socket.id != older);
            self.tell(older, Told::Closed(close::REPLACED));
        }
        self.sockets.push(Socket { id, person, host, mistakes: 0 });
        if self.person(person).is_some() {
            self.back(person);
            self.tell(id, Told::Welcome);
        } else {
            self.tell(id, Told::Seated);
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
            self.lost(socket.person, now + 10_000);
        }
    }

    pub fn restart(&mut self, now: Millis, survive: impl Fn(ConnectionId) -> bool) {
        self.sockets.retain(|socket| survive(socket.id));
        for socket in &mut self.sockets {
            socket.mistakes = 0;
        }
        for person in self.people.clone() {
            if person.there && self.socket_of(person.id).is_none() {
                self.lost(person.id, now + 20_000);
            }
        }
    }

    fn out(&mut self, now: Millis, id: ParticipantId) {
        if let Some(at) = self.people.iter().position(|person| person.id == id) {
            let person = self.people.remove(at);
            self.floor = self.floor.max(person.epoch);
            self.version += 1;
            if self.people.is_empty() {
                self.set_phase(now, RoomPhase::Waiting);
            }
        }
    }

    pub fn wake(&mut self, now: Millis) {
        for person in self.people.clone() {
            if person.gone_at.is_some_and(|at| at <= now) {
                self.out(now, person.id);
                if let Some(socket) = self.socket_of(person.id) {
                    self.tell(socket, Told::Seated);
                }
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
        }
    }

    /// It hears them.
    pub fn heard(&mut self, id: ParticipantId) {
        if let Some(person) = self.people.iter_mut().find(|person| person.id == id)
            && person.there
        {
            person.gone_at = None;
        }
    }

    pub fn answered(&mut self, id: ParticipantId, epoch: u64) {
        if self.person(id).is_some_and(|person| person.epoch == epoch)
            && let Some(socket) = self.socket_of(id)
        {
            self.tell(socket, Told::Answer(epoch));
        }
    }

    pub fn say(&mut self, now: Millis, id: ConnectionId, say: &Say) {
        let Some(at) = self.sockets.iter().position(|socket| socket.id == id) else { return };
        let Socket { person, host, .. } = self.sockets[at].clone();
        self.back(person);
        if let Say::Garbage(_) = say {
            self.sockets[at].mistakes += 1;
            self.tell(id, error(ErrorCode::InvalidRequest));
            if self.sockets[at].mistakes == 10 {
                self.tell(id, Told::Closed(close::PROTOCOL));
                self.disconnect(now, id);
            }
            return;
        }
        self.sockets[at].mistakes = 0;
        let joined = self.people.iter().position(|known| known.id == person);
        match (say, joined) {
            (Say::Garbage(_) | Say::Here, _) => {}
            (Say::Join, Some(_)) => self.tell(id, error(ErrorCode::AlreadyJoined)),
            (Say::Join, None) => {
                if self.people.is_empty() {
                    self.set_phase(now, RoomPhase::Active);
                }
                self.version += 1;
                let name = format!("P {}", person.0.as_u128());
                let epoch = self.floor + 1;
                let (microphone, camera) = (true, true);
                self.people.push(Person {
                    id: person,
                    name,
                    host,
                    microphone,
                    camera,
                    there: true,
                    gone_at: None,
                    epoch,
                });
                self.tell(id, Told::Welcome);
            }
            (Say::Leave, _) => {
                self.sockets.remove(at);
                self.tell(id, Told::Closed(close::LEFT));
                self.out(now, person);
            }
            (_, None) => self.tell(id, error(ErrorCode::NotJoined)),
            (Say::Media, Some(at)) => self.people[at].epoch += 1,
            (Say::Update(microphone, camera), Some(at)) => {
                let known = &mut self.people[at];
                if (known.microphone, known.camera) != (*microphone, *camera) {
                    (known.microphone, known.camera) = (*microphone, *camera);
                    self.version += 1;
                }
            }
            (Say::Chat(message), Some(_)) => {
                let kept = &self.said[self.said.len().saturating_sub(200)..];
                if !kept.contains(&(person, *message)) {
                    self.said.push((person, *message));
                    self.version += 1;
                }
            }
            (Say::Sync, Some(_)) => self.tell(id, Told::Welcome),
            (Say::End, Some(at)) if self.people[at].host => self.finish(now, RoomPhase::Destroyed),
            (Say::End, Some(_)) => self.tell(id, error(ErrorCode::HostOnly)),
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
                host: member.role == Role::Host,
                microphone: member.microphone,
                camera: member.camera,
                there: member.presence == Presence::Connected,
                gone_at: member.leaves_at,
                epoch: member.epoch,
            })
            .collect();
        assert_eq!(people, self.people);
        let from = self.said.len().saturating_sub(200);
        let said: Vec<_> = stored.chat.iter().map(|m| (m.sequence, m.author, m.id.0.as_u128())).collect();
        let expected: Vec<_> =
            (1..).zip(&self.said).skip(from).map(|(sequence, (author, id))| (sequence, *author, *id)).collect();
        assert_eq!(said, expected);
    }

    /// When the room should be woken.
    pub fn deadline(&self) -> Option<Millis> {
        let phase = match self.phase {
            RoomPhase::Active => None,
            RoomPhase::Created | RoomPhase::Waiting => Some(self.since + DAY),
            RoomPhase::Expired | RoomPhase::Destroyed => Some(self.since + 30 * DAY),
        };
        self.people.iter().filter_map(|person| person.gone_at).chain(phase).min()
    }
}

fn error(code: ErrorCode) -> Told {
    Told::Error(format!("{code:?}"))
}
