//! Who walks in, who waits, and what hosts and those who wait are told.

use std::collections::BTreeSet;

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    rest::RoomKind,
    signal::{Role, close},
};
use room::{ConnectionId, Stored};

use super::{Model, OWNER, Person, Told, email_of, name_of, number_of};

#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    pub id: ParticipantId,
    pub name: String,
    pub email: Option<String>,
    pub admitted: bool,
    pub leaves_at: Option<Millis>,
}

/// What hosts and those who wait know, and whose sockets have to be told anyway.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    waiting: Vec<ParticipantId>,
    host: bool,
    pub owed: BTreeSet<ConnectionId>,
}

impl Model {
    /// Whether somebody walks in (or has to ask), or is refused.
    pub(super) fn door(&self, id: ParticipantId) -> Result<bool, ErrorCode> {
        let guest = email_of(id).and_then(|email| self.guest(email));
        let invited = guest.is_some_and(|guest| guest.invited);
        let colleague = self.owned && email_of(id).is_some_and(|email| email.ends_with("@example.org"));
        match self.kind {
            _ if invited || self.role(id) != Role::Participant => Ok(true),
            RoomKind::Team if !colleague => Err(ErrorCode::NotInvited),
            RoomKind::Private => Ok(false),
            RoomKind::Public | RoomKind::Team => Ok(!self.rules.waiting_room),
        }
    }

    /// The same, with who was removed, who is in or was let in already, and the lock.
    pub(super) fn threshold(&self, id: ParticipantId) -> Result<bool, ErrorCode> {
        if self.banned(id) {
            return Err(ErrorCode::Banned);
        }
        if self.person(id).is_some() || self.admitted(id) {
            return Ok(true);
        }
        let walks = self.door(id)?;
        let waits = self.waiting.iter().any(|waiting| waiting.id == id);
        if self.rules.locked && !waits && self.role(id) == Role::Participant {
            return Err(ErrorCode::RoomLocked);
        }
        Ok(walks)
    }

    pub(super) fn role(&self, id: ParticipantId) -> Role {
        let email = email_of(id);
        if number_of(id) == 0 || (self.owned && email == Some(OWNER)) {
            Role::Host
        } else if email.and_then(|email| self.guest(email)).is_some_and(|guest| guest.cohost) {
            Role::Cohost
        } else {
            Role::Participant
        }
    }

    pub(super) fn admitted(&self, id: ParticipantId) -> bool {
        self.waiting.iter().any(|waiting| waiting.id == id && waiting.admitted)
    }

    pub(super) fn asks(&mut self, _now: Millis, id: ParticipantId) {
        if !self.waiting.iter().any(|waiting| waiting.id == id) {
            let (name, email) = (name_of(id), email_of(id).map(str::to_owned));
            self.waiting.push(Waiting { id, name, email, admitted: false, leaves_at: None });
        }
        self.seen.owed.extend(self.socket_of(id));
    }

    pub(super) fn admit(&mut self, now: Millis, id: ParticipantId) {
        let socket = self.socket_of(id);
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.id == id && !waiting.admitted) {
            waiting.admitted = true;
            waiting.leaves_at = Some(now + 60_000);
            self.told.extend(socket.map(|socket| (socket, Told::Admitted)));
        }
    }

    /// Who was missed and is out may come back.
    pub(super) fn keep_place(&mut self, now: Millis, person: &Person) {
        if person.role == Role::Host {
            return;
        }
        let (id, name, email) = (person.id, person.name.clone(), person.email.clone());
        self.waiting.push(Waiting { id, name, email, admitted: true, leaves_at: Some(now + 900_000) });
    }

    pub(super) fn deny(&mut self, id: ParticipantId) {
        if !self.waiting.iter().any(|waiting| waiting.id == id) {
            return;
        }
        self.waiting.retain(|waiting| waiting.id != id);
        if let Some(socket) = self.socket_of(id) {
            self.sockets.retain(|known| known.id != socket);
            self.tell(socket, Told::Denied);
            self.tell(socket, Told::Closed(close::DENIED));
        }
    }

    pub(super) fn decide_about_waiting(&mut self, now: Millis) {
        for Waiting { id, .. } in self.waiting.clone() {
            match self.door(id) {
                Ok(true) if !self.rules.locked || self.role(id) != Role::Participant => self.admit(now, id),
                Ok(_) => {}
                Err(_) => self.deny(id),
            }
        }
    }

    pub(super) fn back_to_waiting(&mut self, id: ParticipantId) {
        let Some(socket) = self.socket_of(id) else { return };
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.id == id) {
            if waiting.admitted {
                self.told.push((socket, Told::Admitted));
            } else {
                waiting.leaves_at = None;
                self.seen.owed.insert(socket);
            }
        }
    }

    pub(super) fn missing_from_waiting(&mut self, id: ParticipantId, until: Millis) {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.id == id && !waiting.admitted) {
            waiting.leaves_at = Some(until);
        }
    }

    pub(super) fn tell_about_waiting(&mut self) {
        let visible: Vec<_> =
            self.waiting.iter().filter(|waiting| !waiting.admitted).map(|waiting| waiting.id).collect();
        let host = self.people.iter().any(|person| person.role != Role::Participant);
        let before = std::mem::take(&mut self.seen);
        for person in self.people.clone() {
            if let Some(socket) = self.socket_of(person.id)
                && person.role != Role::Participant
                && (before.waiting != visible || before.owed.contains(&socket))
            {
                self.tell(socket, Told::Lobby(visible.clone()));
            }
        }
        for id in &visible {
            if let Some(socket) = self.socket_of(*id)
                && (before.host != host || before.owed.contains(&socket))
            {
                self.tell(socket, Told::Waiting(host));
            }
        }
        self.seen = Seen { waiting: visible, host, owed: BTreeSet::new() };
    }

    pub(super) fn waiting_is(&self, stored: &Stored) {
        let mut rows = stored.waiting.clone();
        rows.sort_by_key(|row| row.person.since);
        let waiting: Vec<_> = rows
            .into_iter()
            .map(|row| {
                assert_eq!(row.person.verified, row.person.email.is_some());
                Waiting {
                    id: row.person.id,
                    name: row.person.name.to_string(),
                    email: row.person.email.map(|email| email.to_string()),
                    admitted: row.admitted,
                    leaves_at: row.leaves_at,
                }
            })
            .collect();
        assert_eq!(waiting, self.waiting);
    }
}
