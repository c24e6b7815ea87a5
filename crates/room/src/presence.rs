//! Who is there, who is missed and who is gone. A lost close event never leaves a ghost for long:
//! the region's silence makes the room ask, and no answer is an answer.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{InstanceId, ParticipantId},
    limits,
    region::{SessionEvent, SessionEventKind},
    rest::Admission,
    signal::{Change, Presence, Role, ServerMessage, close},
};

use crate::{
    Room,
    interface::{Connection, ConnectionId, Output},
    records::Member,
};

/// How long a person whose socket was lost is expected back, in milliseconds.
pub const MISSED_MS: Millis = 10_000;
/// The same while the region hears them: their media goes on, whatever keeps their socket away.
pub const HEARD_MS: Millis = 5 * 60_000;
/// How long who was missed and is out comes back as somebody who was let in: past the lock and the
/// waiting room, as after the sleep of a laptop. In milliseconds.
pub const KEPT_MS: Millis = 15 * 60_000;
/// How long a person whom the region does not hear has to answer, in milliseconds.
pub const CHECKED_MS: Millis = 5_000;
/// How long people are expected back whose sockets were lost together with the room, in milliseconds.
pub const RESTARTED_MS: Millis = 20_000;
/// People with a socket, in the meeting or before it.
pub const SEATED_PEOPLE: usize = 2 * limits::ROOM_PARTICIPANTS;

/// Names that a person sees before joining.
const NAMES_BEFORE_JOINING: usize = 10;

impl Room {
    /// A person opened a socket, for the first time or again.
    pub(crate) fn connected(&mut self, now: Millis, connection: Connection) {
        let (id, person) = (connection.id, connection.participant);
        if let Some(reason) = self.over() {
            self.outbox.send(vec![id], ServerMessage::Ended { reason });
            self.outbox.close(id, close::ENDED);
            return;
        }
        let is_member = self.roster.find(person).is_some();
        if !is_member && !self.sockets.has(person) && self.sockets.people() >= SEATED_PEOPLE {
            self.refuse(id, ErrorCode::RateLimited, "too many people wait before the meeting", None);
            self.outbox.close(id, close::RATE);
            return;
        }
        for older in self.sockets.of(person) {
            if older != id {
                self.sockets.remove(older);
                self.outbox.close(older, close::REPLACED);
            }
        }
        if let Err(code) = self.threshold(Some(person), connection.identity.as_ref(), connection.host) {
            self.refuse(id, code, "the meeting is for others now", None);
            self.outbox.close(id, if code == ErrorCode::Banned { close::REMOVED } else { close::DENIED });
            return;
        }
        self.sockets.insert(now, connection);
        if is_member {
            self.found(person);
            self.welcome(person, vec![id]);
        } else {
            self.show_door(person);
            self.found_waiting(person);
        }
    }

    /// A socket is no more.
    pub(crate) fn disconnected(&mut self, now: Millis, id: ConnectionId) {
        if let Some(connection) = self.sockets.remove(id)
            && !self.sockets.has(connection.participant)
        {
            self.missed(now, connection.participant, MISSED_MS);
            self.missed_waiting(now, connection.participant);
        }
    }

    /// A sign of life came from a person who has a socket.
    pub(crate) fn found(&mut self, person: ParticipantId) {
        if self.roster.find(person).is_some_and(|member| member.leaves_at.is_some()) {
            self.set_presence(person, Presence::Connected, None);
        }
    }

    /// A region says something about a session.
    pub(crate) fn happened(&mut self, now: Millis, instance: &InstanceId, event: &SessionEvent) {
        let person = event.participant;
        let Some(member) = self.roster.find(person) else {
            return;
        };
        let carries = member.placement.as_ref().is_some_and(|placement| placement.instance == *instance);
        if !carries || event.epoch != member.epoch || event.room != self.meeting.id {
            return;
        }
        if member.stream.is_some() {
            return self.stream_happened(now, person, event.kind);
        }
        match event.kind {
            SessionEventKind::Connected | SessionEventKind::Back => {
                let (is_checked, is_missed) = (member.is_checked(), member.presence == Presence::Reconnecting);
                self.note_silence(person, false);
                if is_checked {
                    self.set_presence(person, Presence::Connected, None);
                } else if is_missed {
                    self.missed(now, person, MISSED_MS);
                }
            }
            SessionEventKind::Silent | SessionEventKind::Closed => {
                self.note_silence(person, true);
                self.unheard(now, person);
            }
        }
    }

    /// Nothing of a person's media comes.
    pub(crate) fn unheard(&mut self, now: Millis, person: ParticipantId) {
        let until = now.saturating_add(CHECKED_MS);
        let Some(member) = self.roster.find(person) else {
            return;
        };
        match (member.presence, member.leaves_at) {
            (Presence::Connected, None) => {
                self.set_presence(person, Presence::Connected, Some(until));
                self.outbox.send(self.sockets.of(person), ServerMessage::Check);
            }
            // Neither socket nor media: nothing is left that they could be there by.
            (Presence::Reconnecting, Some(at)) if until < at => {
                self.set_presence(person, Presence::Reconnecting, Some(until));
            }
            _ => {}
        }
    }

    /// What the region last said of the person's session.
    pub(crate) fn note_silence(&mut self, person: ParticipantId, silent: bool) {
        let is_new = |member: &Member| member.session.as_ref().is_some_and(|session| session.silent != silent);
        if self.roster.find(person).is_some_and(is_new)
            && let Some(session) = self.roster.change(person).and_then(|member| member.session.as_mut())
        {
            session.silent = silent;
        }
    }

    /// Those who should have been back by now are out.
    pub(crate) fn dismiss_overdue(&mut self, now: Millis) {
        for person in self.roster.overdue(now) {
            if let Some(member) = self.roster.find(person).cloned() {
                self.remove_member(now, person);
                if member.stream.is_none() {
                    self.keep_place(now, member);
                }
            }
            // Whoever is there after all sees that they are out, and may join again.
            self.show_door(person);
        }
    }

    /// Somebody is out.
    pub(crate) fn remove_member(&mut self, now: Millis, person: ParticipantId) {
        let Some(member) = self.roster.remove(person) else {
            return;
        };
        self.meeting.epoch_floor = self.meeting.epoch_floor.max(member.epoch);
        self.sessions.forget_offer(person);
        self.reactions.forget(person);
        if let Some(placement) = member.placement {
            self.outbox.act(Output::CloseSession { placement, participant: person, epoch: member.epoch });
        }
        if self.roster.is_empty() {
            self.vacated(now);
        }
        if self.meeting.moderation.spotlight == Some(person) {
            self.moderate(|moderation| moderation.spotlight = None);
        }
        self.announce(Change::Left { participant: person }, None);
    }

    /// Compares what the others were told with the sockets that are open after a restart.
    pub(crate) fn resume_presence(&mut self, now: Millis) {
        let members: Vec<_> = self.roster.members().map(|member| (member.id, member.presence)).collect();
        for (person, presence) in members {
            // A program has no socket to lose.
            if self.is_stream(person) {
                continue;
            }
            match (presence, self.sockets.has(person)) {
                (Presence::Connected, false) => self.missed(now, person, RESTARTED_MS),
                (Presence::Reconnecting, true) => {
                    self.found(person);
                    self.welcome(person, self.sockets.of(person));
                }
                (Presence::Connected, true) | (Presence::Reconnecting, false) => {}
            }
        }
    }

    /// Everything, for those who are in.
    pub(crate) fn welcome(&mut self, you: ParticipantId, to: Vec<ConnectionId>) {
        if self.roster.find(you).is_some_and(|member| member.role != Role::Participant) {
            self.lobby.owe_hosts(to.clone());
        }
        let state = self.state(you);
        self.outbox.send(to.clone(), ServerMessage::Welcome { you, state });
        self.tell_plan(you, to);
    }

    /// Shows a person the meeting who has a seat and is not in.
    pub(crate) fn show_door(&mut self, person: ParticipantId) {
        let to = self.sockets.of(person);
        let Some(connection) = to.first().and_then(|id| self.sockets.find(*id)) else {
            return;
        };
        let admission = self.threshold(Some(person), connection.identity.as_ref(), connection.host);
        // Whoever is refused by now learns it on joining.
        let admission = admission.unwrap_or(Admission::Ask);
        let first = self.roster.in_order().into_iter().take(NAMES_BEFORE_JOINING);
        let names = first.map(|member| member.name.clone()).collect();
        let (room, participants) = (self.summary(), self.people());
        self.outbox.send(to, ServerMessage::Seated { room, names, participants, admission });
    }

    /// A person's socket is lost; they are expected back for at least this long, in milliseconds.
    fn missed(&mut self, now: Millis, person: ParticipantId, at_least: Millis) {
        let is_heard = self.is_direct(person) || self.roster.find(person).is_some_and(Member::is_heard);
        let until = now.saturating_add(if is_heard { HEARD_MS } else { at_least });
        self.set_presence(person, Presence::Reconnecting, Some(until));
    }

    pub(crate) fn set_presence(&mut self, person: ParticipantId, presence: Presence, leaves_at: Option<Millis>) {
        let Some(member) = self.roster.change(person) else {
            return;
        };
        member.leaves_at = leaves_at;
        if member.presence != presence {
            member.presence = presence;
            let participant = member.participant();
            self.announce(Change::Updated { participant }, Some(person));
        }
    }
}
