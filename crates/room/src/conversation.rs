//! What a message from a browser does. The room decides who may; a message that is refused has no
//! effect.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{ChatId, ParticipantId},
    limits,
    media::Source,
    rest::Admission,
    signal::{Change, ClientMessage, EndReason, MediaOffer, PING, Permissions, Presence, Role, ServerMessage, close},
    text::{ChatText, DisplayName},
};

use crate::{
    Room,
    admission::Visitor,
    inbound,
    interface::{Connection, ConnectionId},
    publishing::together,
    rate::Verdict,
    records::{Member, Said},
};

/// A refusal of one message.
pub(crate) type Refusal = (ErrorCode, &'static str);

pub(crate) const NOT_JOINED: Refusal = (ErrorCode::NotJoined, "join first");

/// How somebody wants to come in.
struct Entrance {
    name: DisplayName,
    microphone: bool,
    camera: bool,
    direct: bool,
    offer: MediaOffer,
}

/// What somebody has on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct On {
    microphone: bool,
    camera: bool,
    screen: bool,
}

/// What somebody says, under their own name for it.
struct Words {
    id: ChatId,
    text: ChatText,
    to: Option<ParticipantId>,
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
            ClientMessage::Join { name, microphone, camera, direct, offer } => {
                let name = from.identity.as_ref().map(|identity| identity.name.clone()).or(name);
                let name = name.ok_or((ErrorCode::InvalidRequest, "a guest needs a name"))?;
                self.join(now, from, Entrance { name, microphone, camera, direct, offer })
            }
            ClientMessage::Media { offer } => {
                self.roster.find(person).ok_or(NOT_JOINED)?;
                self.leave_direct(now, person);
                self.open_session(now, person, offer, "media");
                Ok(())
            }
            ClientMessage::Describe { plan, sdp } => self.describe(person, plan, sdp),
            ClientMessage::Reached { plan, reached } => self.reached(now, person, plan, reached),
            ClientMessage::Update { microphone, camera, screen } => {
                self.update(person, On { microphone, camera, screen })
            }
            ClientMessage::Chat { id, text, to } => self.say(now, person, Words { id, text, to }),
            ClientMessage::Unsay { sequence } => self.unsay(person, sequence),
            ClientMessage::RaiseHand { raised } => self.raise_hand(now, person, raised),
            ClientMessage::React { reaction } => self.react(now, person, reaction),
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
            ClientMessage::AdmitAll => {
                self.leads(person)?;
                self.admit_all(now);
                Ok(())
            }
            ClientMessage::Stop { participant, source } => self.stop_for(person, participant, source),
            ClientMessage::Permit { permissions } => self.permit(person, permissions),
            ClientMessage::Lock { locked } => self.lock(now, person, locked),
            ClientMessage::WaitingRoom { on } => self.set_waiting_room(now, person, on),
            ClientMessage::Remove { participant } => self.put_out(now, person, participant),
            ClientMessage::SetCohost { participant, cohost } => self.set_cohost(person, participant, cohost),
            ClientMessage::LowerHand { participant } => self.lower(person, participant),
            ClientMessage::Spotlight { participant } => self.spotlight(person, participant),
            ClientMessage::End => {
                self.leads(person)?;
                self.end(now, EndReason::EndedByHost);
                Ok(())
            }
        }
    }

    fn join(&mut self, now: Millis, from: &Connection, entrance: Entrance) -> Result<(), Refusal> {
        let person = from.participant;
        if self.roster.find(person).is_some() {
            return Err((ErrorCode::AlreadyJoined, "already in the meeting with this seat"));
        }
        let refused = |code| (code, "the meeting does not admit this person now");
        let admission = self.admission(now, Some(person), from.identity.as_ref(), from.host).map_err(refused)?;
        if admission == Admission::Ask {
            return self.ask(now, from, entrance.name).map_err(refused);
        }
        let admitted = self.lobby.find(person).filter(|waiting| waiting.admitted);
        let admitted = admitted.map(|waiting| waiting.person.name.clone());
        self.lobby.remove(person);
        if let Some(identity) = &from.identity {
            self.remember_attendance(identity);
        }
        let role = self.role_of(Visitor::new(from.identity.as_ref(), from.host));
        let may_unmute = role != Role::Participant || self.meeting.moderation.permissions.unmute;
        let member = Member {
            id: person,
            // Whom a host let in comes in as whom the host saw.
            name: admitted.unwrap_or(entrance.name),
            role,
            microphone: entrance.microphone && may_unmute,
            camera: entrance.camera,
            screen: false,
            hand_raised_at: None,
            cohost: false,
            held: if may_unmute { Vec::new() } else { vec![Source::Microphone] },
            joined_at: self.roster.joining_at(now),
            identity: from.identity.clone(),
            direct: entrance.direct,
            stream: None,
            epoch: self.meeting.epoch_floor,
            session: None,
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

    fn update(&mut self, person: ParticipantId, on: On) -> Result<(), Refusal> {
        let member = self.roster.find(person).ok_or(NOT_JOINED)?;
        let before = On { microphone: member.microphone, camera: member.camera, screen: member.screen };
        if before == on {
            return Ok(());
        }
        let Permissions { unmute, share, .. } = self.meeting.moderation.permissions;
        let unmutes = on.microphone && !before.microphone;
        let shares = on.screen && !before.screen;
        if !member.leads() && ((unmutes && !unmute) || (shares && !share)) {
            // Their page may have shown it already.
            let participant = member.participant();
            self.announce(Change::Updated { participant }, None);
            return Err((ErrorCode::Forbidden, "the hosts do not permit this"));
        }
        if let Some(member) = self.roster.change(person) {
            (member.microphone, member.camera, member.screen) = (on.microphone, on.camera, on.screen);
            let started = [
                (Source::Microphone, unmutes),
                (Source::Camera, on.camera && !before.camera),
                (Source::Screen, shares),
            ];
            for (source, _) in started.into_iter().filter(|(_, is_new)| *is_new) {
                member.set_held(together(source), false);
            }
            let participant = member.participant();
            self.announce(Change::Updated { participant }, None);
        }
        Ok(())
    }

    fn say(&mut self, now: Millis, person: ParticipantId, words: Words) -> Result<(), Refusal> {
        let author = self.roster.find(person).ok_or(NOT_JOINED)?;
        let Words { id, text, to } = words;
        if self.chat.contains(person, id) {
            return Ok(());
        }
        let reader = match to {
            Some(to) => {
                let reader = self.roster.find(to).filter(|reader| reader.id != person);
                Some(reader.ok_or((ErrorCode::InvalidRequest, "nobody else of this id is in"))?)
            }
            None => None,
        };
        if !author.leads() && !reader.is_some_and(Member::leads) && !self.meeting.moderation.permissions.chat {
            return Err((ErrorCode::Forbidden, "only hosts may be written to now"));
        }
        let said = Said {
            sequence: self.chat.next_sequence(),
            id,
            author: person,
            author_name: author.name.clone(),
            text: Some(text),
            sent_at: now,
            to,
            account: author.identity.as_ref().map(|identity| identity.account.clone()),
        };
        let message = said.message();
        self.chat.push(said.clone());
        self.unsaved.chat.push(said);
        match (message, to) {
            (Some(message), None) => self.announce(Change::Said { message }, None),
            (Some(message), Some(to)) => {
                let sockets = [person, to].into_iter().flat_map(|reader| self.sockets.of(reader)).collect();
                self.outbox.send(sockets, ServerMessage::Direct { message });
            }
            (None, _) => {}
        }
        Ok(())
    }

    fn unsay(&mut self, person: ParticipantId, sequence: u64) -> Result<(), Refusal> {
        let leads = self.roster.find(person).ok_or(NOT_JOINED)?.leads();
        let said = self.chat.find(sequence, person);
        let said = said.ok_or((ErrorCode::InvalidRequest, "there is no such message"))?;
        if said.author != person && !leads {
            return Err((ErrorCode::Forbidden, "only hosts take back what others said"));
        }
        self.unsaved.chat.extend(self.chat.take_back(sequence));
        self.announce(Change::Unsaid { sequence }, None);
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
