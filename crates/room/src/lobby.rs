//! People who ask to come in and wait for a host: who they are, who may answer, and what everybody
//! is told of it.

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    limits,
    rest::Admission,
    signal::{Role, ServerMessage, WaitingPerson, close},
    text::DisplayName,
};
use sorted::{Changed, Rows, Set};

use crate::{
    Room,
    admission::Visitor,
    interface::{Connection, ConnectionId},
    presence::{KEPT_MS, MISSED_MS, RESTARTED_MS},
    records::{Member, Record, Waiting},
};

/// Whoever was let in and does not come in within this goes, in milliseconds.
pub const ADMITTED_MS: Millis = 60_000;

/// Those who wait.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Lobby {
    rows: Rows<ParticipantId, Waiting>,
    told: View,
    /// Hosts' sockets that have to learn who waits, whether or not that changed.
    owed_hosts: Set<ConnectionId>,
    /// Sockets of people who wait and have to learn whether a host is there.
    owed_waiting: Set<ConnectionId>,
}

/// What hosts and waiting people know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct View {
    waiting: Vec<WaitingPerson>,
    host_present: bool,
}

impl Lobby {
    /// Those who were stored. Everything that is stored was told.
    pub(crate) fn restore(stored: Vec<Waiting>, host_present: bool) -> Self {
        let rows = Rows::restore(stored.into_iter().map(|waiting| (waiting.person.id, waiting)));
        let mut lobby = Self { rows, ..Self::default() };
        lobby.told = lobby.view(host_present);
        lobby
    }

    /// Them, to read.
    pub(crate) fn find(&self, id: ParticipantId) -> Option<&Waiting> {
        self.rows.get(&id)
    }

    /// All, by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Waiting> {
        self.rows.iter().map(|(_, waiting)| waiting)
    }

    /// A host let them in, and they did not come yet.
    pub(crate) fn has_admitted(&self, id: ParticipantId) -> bool {
        self.find(id).is_some_and(|waiting| waiting.admitted)
    }

    /// They do not wait any more.
    pub(crate) fn remove(&mut self, id: ParticipantId) -> Option<Waiting> {
        self.rows.remove(&id)
    }

    /// Nobody waits any more, and their rows go with the meeting's.
    pub(crate) fn erase(&mut self) {
        *self = Self::default();
    }

    /// Whether there is nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// When the first of those who are missed goes.
    pub(crate) fn next_departure(&self) -> Option<Millis> {
        self.all().filter_map(|waiting| waiting.leaves_at).min()
    }

    /// These hosts learn who waits.
    pub(crate) fn owe_hosts(&mut self, sockets: Vec<ConnectionId>) {
        self.owed_hosts.extend(sockets);
    }

    /// The rows that changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> Vec<Record> {
        let changed = self.rows.take_changed().into_iter();
        changed.map(|Changed { key, after, .. }| after.map_or(Record::WaitingGone(key), Record::Waiting)).collect()
    }

    fn view(&self, host_present: bool) -> View {
        let mut waiting: Vec<_> =
            self.all().filter(|waiting| !waiting.admitted).map(|waiting| waiting.person.clone()).collect();
        waiting.sort_unstable_by_key(|person| (person.since, person.id));
        View { waiting, host_present }
    }

    /// When somebody who asks now asked: later than everybody else, for one order also when the clock
    /// stands still or goes back.
    fn asking_at(&self, now: Millis) -> Millis {
        let last = self.all().map(|waiting| waiting.person.since).max();
        last.map_or(now, |last| now.max(last.saturating_add(1)))
    }
}

impl Room {
    /// Somebody asks to come in, for the first time or again.
    pub(crate) fn ask(&mut self, now: Millis, from: &Connection, name: DisplayName) -> Result<(), ErrorCode> {
        let id = from.participant;
        if let Some(waiting) = self.lobby.rows.change(&id) {
            waiting.person.name = name;
        } else {
            if self.lobby.all().filter(|waiting| !waiting.admitted).count() >= limits::WAITING_PEOPLE {
                return Err(ErrorCode::RoomFull);
            }
            let proven = from.identity.as_ref().map(|identity| identity.email.clone());
            let verified = proven.is_some();
            let email = proven.or_else(|| from.email.clone());
            let person = WaitingPerson { id, name, email, verified, since: self.lobby.asking_at(now) };
            self.lobby.rows.insert(id, Waiting { person, admitted: false, leaves_at: None });
        }
        self.lobby.owed_waiting.extend(self.sockets.of(id));
        Ok(())
    }

    /// Somebody who waits may come in; nothing where nobody waits by that name any more.
    pub(crate) fn admit(&mut self, now: Millis, id: ParticipantId) {
        if self.lobby.find(id).is_none_or(|waiting| waiting.admitted) {
            return;
        }
        if let Some(waiting) = self.lobby.rows.change(&id) {
            waiting.admitted = true;
            waiting.leaves_at = Some(now.saturating_add(ADMITTED_MS));
            self.outbox.send(self.sockets.of(id), ServerMessage::Admitted);
        }
    }

    /// Somebody who was missed and is out may come in again, as if they had been let in. Hosts may anyway.
    pub(crate) fn keep_place(&mut self, now: Millis, member: Member) {
        if member.role == Role::Host || self.lobby.rows.len() >= limits::ROOM_PARTICIPANTS {
            return;
        }
        let Member { id, name, identity, .. } = member;
        let email = identity.map(|identity| identity.email);
        let verified = email.is_some();
        let person = WaitingPerson { id, name, email, verified, since: self.lobby.asking_at(now) };
        let leaves_at = Some(now.saturating_add(KEPT_MS));
        self.lobby.rows.insert(id, Waiting { person, admitted: true, leaves_at });
    }

    /// Everybody who waits may come in.
    pub(crate) fn admit_all(&mut self, now: Millis) {
        for id in self.lobby.all().map(|waiting| waiting.person.id).collect::<Vec<_>>() {
            self.admit(now, id);
        }
    }

    /// Somebody who waits is not let in; nothing where nobody waits by that name any more.
    pub(crate) fn deny(&mut self, id: ParticipantId) {
        if self.lobby.find(id).is_none() {
            return;
        }
        self.lobby.remove(id);
        let sockets = self.sockets.of(id);
        self.outbox.send(sockets.clone(), ServerMessage::Denied);
        for socket in sockets {
            self.sockets.remove(socket);
            self.outbox.close(socket, close::DENIED);
        }
    }

    /// The kind of the meeting, its waiting room, lock or guests changed: those who wait walk in, go on waiting, or are
    /// refused.
    pub(crate) fn reconsider_lobby(&mut self, now: Millis) {
        let decide = |waiting| {
            let visitor = Visitor::waiting(waiting);
            (waiting.person.id, self.door(visitor), self.keeps_out(visitor))
        };
        let decided: Vec<_> = self.lobby.all().map(decide).collect();
        for (id, door, is_kept_out) in decided {
            match door {
                Ok(Admission::Walk) if !is_kept_out => self.admit(now, id),
                Ok(_) => {}
                Err(_) => self.deny(id),
            }
        }
    }

    /// A person who waits has a socket again.
    pub(crate) fn found_waiting(&mut self, id: ParticipantId) {
        let Some(waiting) = self.lobby.find(id) else {
            return;
        };
        let sockets = self.sockets.of(id);
        if waiting.admitted {
            self.outbox.send(sockets, ServerMessage::Admitted);
        } else {
            self.lobby.owed_waiting.extend(sockets);
            if let Some(waiting) = self.lobby.rows.change(&id) {
                waiting.leaves_at = None;
            }
        }
    }

    /// A person who waits has no socket any more. Those who were let in have their time anyway.
    pub(crate) fn missed_waiting(&mut self, now: Millis, id: ParticipantId) {
        self.expect_waiting(id, now.saturating_add(MISSED_MS));
    }

    /// Those who should have been back, or in, by now are out.
    pub(crate) fn dismiss_waiting(&mut self, now: Millis) {
        let overdue = self.lobby.all().filter(|waiting| waiting.leaves_at.is_some_and(|at| at <= now));
        for id in overdue.map(|waiting| waiting.person.id).collect::<Vec<_>>() {
            self.lobby.remove(id);
            self.show_door(id);
        }
    }

    /// Compares those who wait with the sockets that are open after a restart.
    pub(crate) fn resume_lobby(&mut self, now: Millis) {
        let waiting = self.lobby.all().filter(|waiting| !waiting.admitted);
        let waiting: Vec<_> = waiting.map(|waiting| (waiting.person.id, waiting.leaves_at.is_some())).collect();
        for (id, missed) in waiting {
            match (missed, self.sockets.has(id)) {
                (false, false) => self.expect_waiting(id, now.saturating_add(RESTARTED_MS)),
                (true, true) => self.found_waiting(id),
                (false, true) | (true, false) => {}
            }
        }
    }

    /// Tells hosts who waits and those who wait whether a host is there, as far as they do not know.
    pub(crate) fn tell_lobby(&mut self) {
        let now = self.lobby.view(self.has_host());
        let told = std::mem::replace(&mut self.lobby.told, now.clone());
        let owed_hosts = std::mem::take(&mut self.lobby.owed_hosts);
        let owed_waiting = std::mem::take(&mut self.lobby.owed_waiting);
        let hosts = self.roster.members().filter(|member| member.role != Role::Participant);
        let mut to: Vec<_> = hosts.flat_map(|member| self.sockets.of(member.id)).collect();
        to.retain(|socket| told.waiting != now.waiting || owed_hosts.contains(socket));
        self.outbox.send(to, ServerMessage::Lobby { waiting: now.waiting.clone() });
        let mut to: Vec<_> = now.waiting.iter().flat_map(|person| self.sockets.of(person.id)).collect();
        to.retain(|socket| told.host_present != now.host_present || owed_waiting.contains(socket));
        self.outbox.send(to, ServerMessage::Waiting { host_present: now.host_present });
    }

    /// Somebody is in who could let others in.
    pub(crate) fn has_host(&self) -> bool {
        self.roster.members().any(|member| member.role != Role::Participant)
    }

    fn expect_waiting(&mut self, id: ParticipantId, until: Millis) {
        if self.lobby.find(id).is_some_and(|waiting| !waiting.admitted)
            && let Some(waiting) = self.lobby.rows.change(&id)
        {
            waiting.leaves_at = Some(until);
        }
    }
}
