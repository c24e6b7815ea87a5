//! What a message does.

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
            (Say::Join, None) => match self.door(person) {
                Err(code) => self.tell(id, error(code)),
                Ok(false) if !self.admitted(person) => self.asks(now, person),
                Ok(_) => self.join(now, person),
            },
            (Say::Leave, _) => {
                self.sockets.remove(at);
                self.tell(id, Told::Closed(close::LEFT));
                self.waiting.retain(|waiting| waiting.id != person);
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
            (Say::Chat(message), Some(at)) => {
                let kept = &self.said[self.said.len().saturating_sub(200)..];
                if !kept.iter().any(|line| (line.author, line.id) == (person, *message)) {
                    let Person { name, email, .. } = self.people[at].clone();
                    self.said.push(Line { author: person, id: *message, email, name });
                    self.version += 1;
                }
            }
            (Say::Sync, Some(_)) => self.welcome(person),
            (_, Some(at)) if self.people[at].role == Role::Participant => self.tell(id, error(ErrorCode::HostOnly)),
            (Say::Admit(whom), _) => self.admit(now, seat(*whom)),
            (Say::Deny(whom), _) => self.deny(seat(*whom)),
            (Say::End, _) => self.finish(now, RoomPhase::Destroyed),
        }
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
            microphone: true,
            camera: true,
            there: true,
            gone_at: None,
            epoch: self.floor + 1,
            email: email_of(id).map(str::to_owned),
        });
        self.welcome(id);
    }
}
