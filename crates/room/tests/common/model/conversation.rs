//! What a message does.

use std::collections::BTreeSet;

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    rest::RoomPhase,
    signal::{Role, close},
};
use room::ConnectionId;

use super::{super::person as seat, Line, Model, Person, Say, Told, email_of, error, name_of};

impl Model {
    pub fn say(&mut self, now: Millis, id: ConnectionId, say: &Say) {
        let Some(at) = self.sockets.iter().position(|socket| socket.id == id) else { return };
        let person = self.sockets[at].person;
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
            (Say::Join, None) => match self.threshold(person) {
                Err(code) => self.tell(id, error(code)),
                Ok(false) => self.asks(now, person),
                Ok(true) => self.join(now, person),
            },
            (Say::Leave, _) => {
                self.sockets.remove(at);
                self.tell(id, Told::Closed(close::LEFT));
                self.waiting.retain(|waiting| waiting.id != person);
                self.out(now, person);
            }
            (_, None) => self.tell(id, error(ErrorCode::NotJoined)),
            (Say::Media, Some(at)) => {
                self.people[at].epoch += 1;
                self.leaves_direct(now, person);
            }
            (Say::Reached(true, false), Some(_)) => self.leaves_direct(now, person),
            (Say::Describe(_) | Say::Reached(..), Some(_)) => {}
            (Say::Update(microphone, camera, screen), Some(at)) => {
                if !self.update(at, (*microphone, *camera, *screen)) {
                    self.tell(id, error(ErrorCode::Forbidden));
                }
            }
            (Say::Chat(message, to), Some(at)) => {
                if let Err(code) = self.chat(at, *message, to.map(seat)) {
                    self.tell(id, error(code));
                }
            }
            (Say::Unsay(sequence), Some(at)) => {
                if let Err(code) = self.unsay(at, *sequence) {
                    self.tell(id, error(code));
                }
            }
            (Say::Hand(raised), Some(at)) => self.hand(now, at, *raised),
            (Say::React, Some(at)) => {
                if let Err(code) = self.react(now, at) {
                    self.tell(id, error(code));
                }
            }
            (Say::Sync, Some(_)) => self.welcome(person),
            (_, Some(at)) if self.people[at].role == Role::Participant => self.tell(id, error(ErrorCode::HostOnly)),
            (Say::Admit(whom), _) => self.admit(now, seat(*whom)),
            (Say::Deny(whom), _) => self.deny(seat(*whom)),
            (Say::AdmitAll, _) => {
                for waiting in self.waiting.clone() {
                    self.admit(now, waiting.id);
                }
            }
            (Say::End, _) => self.finish(now, RoomPhase::Destroyed),
            (_, Some(at)) => {
                if let Err(code) = self.moderate(now, at, say) {
                    self.tell(id, error(code));
                }
            }
        }
    }

    fn chat(&mut self, at: usize, id: u128, to: Option<ParticipantId>) -> Result<(), ErrorCode> {
        let Person { id: author, name, email, role, .. } = self.people[at].clone();
        let kept = &self.said[self.said.len().saturating_sub(200)..];
        if kept.iter().any(|line| (line.author, line.id) == (author, id)) {
            return Ok(());
        }
        let mut to_host = false;
        if let Some(to) = to {
            let reader = self.person(to).filter(|_| to != author).ok_or(ErrorCode::InvalidRequest)?;
            to_host = reader.role != Role::Participant;
        }
        if role == Role::Participant && !to_host && !self.rules.permissions.chat {
            return Err(ErrorCode::Forbidden);
        }
        self.said.push(Line { author, id, to, email, name, taken_back: false });
        match to {
            None => self.version += 1,
            Some(to) => {
                let sequence = self.said.len() as u64;
                for socket in [author, to].map(|reader| self.socket_of(reader)).into_iter().flatten() {
                    self.tell(socket, Told::Direct(sequence));
                }
            }
        }
        Ok(())
    }

    fn unsay(&mut self, at: usize, sequence: u64) -> Result<(), ErrorCode> {
        let (id, role) = (self.people[at].id, self.people[at].role);
        let forgotten = self.said.len().saturating_sub(200) as u64;
        let index = sequence.checked_sub(1).filter(|index| *index >= forgotten).ok_or(ErrorCode::InvalidRequest)?;
        let line = self.said.get_mut(usize::try_from(index).unwrap()).ok_or(ErrorCode::InvalidRequest)?;
        let is_theirs = line.author == id;
        if line.taken_back || line.to.is_some_and(|to| to != id && !is_theirs) {
            return Err(ErrorCode::InvalidRequest);
        }
        if !is_theirs && role == Role::Participant {
            return Err(ErrorCode::Forbidden);
        }
        line.taken_back = true;
        self.version += 1;
        Ok(())
    }

    fn join(&mut self, now: Millis, id: ParticipantId) {
        self.waiting.retain(|waiting| waiting.id != id);
        self.attend(id);
        if self.people.is_empty() {
            self.set_phase(now, RoomPhase::Active);
        }
        self.version += 1;
        self.people.push(Person {
            id,
            name: name_of(id),
            role: self.role(id),
            microphone: self.role(id) != Role::Participant || self.rules.permissions.unmute,
            camera: true,
            screen: false,
            hand: None,
            cohost: false,
            held: BTreeSet::new(),
            there: true,
            gone_at: None,
            epoch: self.floor + 1,
            email: email_of(id).map(str::to_owned),
        });
        self.welcome(id);
    }
}
