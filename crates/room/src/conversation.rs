//! What a message from a browser does. The room decides who may; a message that is refused has no
//! effect.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{ChatId, ParticipantId},
    limits,
    rest::Admission,
    signal::{Change, ClientMessage, EndReason, MediaOffer, PING, Presence, Role, ServerMessage, close},
    text::{ChatText, DisplayName},
};

use crate::{
    Room,
    admission::Visitor,
    inbound,
    interface::{Connection, ConnectionId},
    rate::Verdict,
    records::{Member, Said},
};

/// A refusal of one message.
type Refusal = (ErrorCode, &'static str);

const NOT_JOINED: Refusal = (ErrorCode::NotJoined, "join first");

/// How somebody wants to come in.
struct Entrance {
    name: DisplayName,
    microphone: bool,
    camera: bool,
    offer: MediaOffer,
}

impl Room {
    /// A text came on a socket.
    pub(crate) fn received(&mut self, now: Millis, id: ConnectionId, text: &str) {
        let Some(connection) = self.sockets.find(id).cloned() else {
            return;
        };
        self.found(connection.participant);
        if !self.within_rate(now, id, 1, None) || text == PING {
            return;
        }
        let message = match inbound::parse(text) {
            Ok(message) => message,
            Err(inbound::Malformed { code, explanation, about }) => {
                self.refuse(id, code, &explanation, about.as_deref());
                if self.sockets.conduct(id).is_some_and(|conduct| conduct.mistake() == Verdict::Close) {
                    self.turn_out(now, id, close::PROTOCOL);
                }
                return;
            }
        };
        if let Some(conduct) = self.sockets.conduct(id) {
            conduct.no_mistake();
        }
        let about = inbound::type_of(&message);
        if self.within_rate(now, id, inbound::surcharge(&message), Some(about))
            && let Err((code, explanation)) = self.obey(now, &connection, message)
        {
            self.refuse(id, code, explanation, Some(about));
        }
    }

    /// Tells a socket that its message had no effect.
    pub(crate) fn refuse(&mut self, to: ConnectionId, code: ErrorCode, message: &str, about: Option<&str>) {
        let error = ServerMessage::Error { code, message: message.to_owned(), about: about.map(str::to_owned) };
        self.outbox.send(vec![to], error);
    }

    fn within_rate(&mut self, now: Millis, id: ConnectionId, cost: u64, about: Option<&str>) -> bool {
        match self.sockets.conduct(id).map(|conduct| conduct.charge(now, cost)) {
            Some(Verdict::Pass) => return true,
            Some(Verdict::Refuse) => self.refuse(id, ErrorCode::RateLimited, "too many messages", about),
            Some(Verdict::Close) => self.turn_out(now, id, close::RATE),
            None => {}
        }
        false
    }

    fn turn_out(&mut self, now: Millis, id: ConnectionId, code: u16) {
        self.outbox.close(id, code);
        self.disconnected(now, id);
    }

    fn obey(&mut self, now: Millis, from: &Connection, message: ClientMessage) -> Result<(), Refusal> {
        let person = from.participant;
        match message {
            ClientMessage::Join { name, microphone, camera, offer } => {
                let name = from.identity.as_ref().map(|identity| identity.name.clone()).or(name);
                let name = name.ok_or((ErrorCode::InvalidRequest, "a guest needs a name"))?;
                self.join(now, from, Entrance { name, microphone, camera, offer })
            }
            ClientMessage::Media { offer } => {
                self.roster.find(person).ok_or(NOT_JOINED)?;
                self.open_session(now, person, offer, "media");
                Ok(())
            }
            ClientMessage::Update { microphone, camera } => self.update(person, microphone, camera),
            ClientMessage::Chat { id, text } => self.say(now, person, id, text),
            ClientMessage::Sync => {
                self.roster.find(person).ok_or(NOT_JOINED)?;
                self.welcome(person, vec![from.id]);
                Ok(())
            }
            // Hearing it was enough.
            ClientMessage::Here => Ok(()),
            ClientMessage::Leave => {
                self.leave(now, person);
                Ok(())
            }
            ClientMessage::Admit { participant } => {
                self.leads(person)?;
                self.admit(now, participant);
                Ok(())
            }
            ClientMessage::Deny { participant } => {
                self.leads(person)?;
                self.deny(participant);
                Ok(())
            }
            ClientMessage::End => {
                self.leads(person)?;
                self.end(now, EndReason::EndedByHost);
                Ok(())
            }
        }
    }

    /// Whether somebody is in and leads the meeting.
    fn leads(&self, person: ParticipantId) -> Result<(), Refusal> {
        match self.roster.find(person).ok_or(NOT_JOINED)?.role {
            Role::Host | Role::Cohost => Ok(()),
            Role::Participant => Err((ErrorCode::HostOnly, "only a host may do this")),
        }
    }

    fn join(&mut self, now: Millis, from: &Connection, entrance: Entrance) -> Result<(), Refusal> {
        let person = from.participant;
        if self.roster.find(person).is_some() {
            return Err((ErrorCode::AlreadyJoined, "already in the meeting with this seat"));
        }
        let refused = |code| (code, "the meeting does not admit this person now");
        let admission = self.admission(now, from.identity.as_ref(), from.host).map_err(refused)?;
        let admitted = self.lobby.find(person).filter(|waiting| waiting.admitted);
        let admitted = admitted.map(|waiting| waiting.person.name.clone());
        if admission == Admission::Ask && admitted.is_none() {
            return self.ask(now, from, entrance.name).map_err(refused);
        }
        self.lobby.remove(person);
        if let Some(identity) = &from.identity {
            self.remember_attendance(identity);
        }
        let member = Member {
            id: person,
            // Whom a host let in comes in as whom the host saw.
            name: admitted.unwrap_or(entrance.name),
            role: self.role_of(Visitor::new(from.identity.as_ref(), from.host)),
            microphone: entrance.microphone,
            camera: entrance.camera,
            joined_at: self.roster.joining_at(now),
            identity: from.identity.clone(),
            epoch: self.meeting.epoch_floor,
            placement: None,
            presence: Presence::Connected,
            leaves_at: None,
        };
        let participant = member.participant();
        self.roster.insert(member);
        self.occupied(now);
        self.announce(Change::Joined { participant }, Some(person));
        self.welcome(person, self.sockets.of(person));
        self.open_session(now, person, entrance.offer, "join");
        Ok(())
    }

    fn update(&mut self, person: ParticipantId, microphone: bool, camera: bool) -> Result<(), Refusal> {
        let member = self.roster.find(person).ok_or(NOT_JOINED)?;
        if (member.microphone, member.camera) == (microphone, camera) {
            return Ok(());
        }
        if let Some(member) = self.roster.change(person) {
            member.microphone = microphone;
            member.camera = camera;
            let participant = member.participant();
            self.announce(Change::Updated { participant }, None);
        }
        Ok(())
    }

    fn say(&mut self, now: Millis, person: ParticipantId, id: ChatId, text: ChatText) -> Result<(), Refusal> {
        let author = self.roster.find(person).ok_or(NOT_JOINED)?;
        if self.chat.contains(person, id) {
            return Ok(());
        }
        let said = Said {
            sequence: self.chat.next_sequence(),
            id,
            author: person,
            author_name: author.name.clone(),
            text,
            sent_at: now,
            account: author.identity.as_ref().map(|identity| identity.account.clone()),
        };
        let message = said.message();
        self.chat.push(said.clone());
        self.unsaved.chat.push(said);
        self.announce(Change::Said { message }, None);
        Ok(())
    }

    fn leave(&mut self, now: Millis, person: ParticipantId) {
        for socket in self.sockets.of(person) {
            self.sockets.remove(socket);
            self.outbox.close(socket, close::LEFT);
        }
        self.lobby.remove(person);
        self.remove_member(now, person);
    }
}

const _: () = assert!(limits::CHAT_HISTORY > 0, "the next sequence number is counted from the last kept message");
