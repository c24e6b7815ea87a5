//! A browser that keeps its picture of the room by following versions.

use protocol::{
    id::ParticipantId,
    limits,
    rest::RoomKind,
    signal::{Change, ChatMessage, MediaPath, Role, RoomState, ServerMessage, WaitingPerson},
};
use room::{Member, Moderation, Said, Stored};

#[derive(Debug, Clone, Default)]
pub struct Client {
    pub state: Option<RoomState>,
    /// Who waits, as a host was told last.
    pub lobby: Option<Vec<WaitingPerson>>,
    /// How media goes, as they were told last, and with whom.
    pub plan: Option<(u64, MediaPath, Option<ParticipantId>)>,
}

impl Client {
    pub fn receive(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::Welcome { state, .. } => self.state = Some(state.clone()),
            ServerMessage::Seated { .. } | ServerMessage::Ended { .. } => (self.state, self.plan) = (None, None),
            ServerMessage::Plan { plan, path, peer } => {
                assert!(self.state.is_some(), "only for people who are in");
                assert!(self.plan.is_none_or(|before| before.0 <= *plan), "plans are counted");
                self.plan = Some((*plan, *path, *peer));
            }
            ServerMessage::Description { plan, .. } => {
                assert!(self.plan.is_some_and(|told| told.0 == *plan && told.1 == MediaPath::Both), "their plan");
            }
            ServerMessage::Change { version, change } => {
                let state = self.state.as_mut().expect("a change to somebody who was never welcomed");
                assert_eq!(*version, state.version + 1, "a gap");
                state.version = *version;
                apply(state, change);
            }
            ServerMessage::Direct { message } => {
                let state = self.state.as_mut().expect("only for people who are in");
                hear(state, message);
            }
            ServerMessage::Answer { .. }
            | ServerMessage::Check
            | ServerMessage::Stopped { .. }
            | ServerMessage::Reaction { .. } => {
                assert!(self.state.is_some(), "only for people who are in");
            }
            ServerMessage::Lobby { waiting } => {
                assert!(self.state.is_some(), "only for people who are in");
                self.lobby = Some(waiting.clone());
            }
            ServerMessage::Waiting { .. } | ServerMessage::Admitted | ServerMessage::Denied => {
                assert!(self.state.is_none(), "not for people who are in");
            }
            ServerMessage::Error { .. } => {}
        }
    }

    /// The picture is the room.
    pub fn sees(&self, stored: &Stored, member: &Member) {
        let state = self.state.as_ref().expect("somebody who is in was welcomed");
        let mut members = stored.members.clone();
        members.sort_by_key(|member| member.joined_at);
        let participants: Vec<_> = members.iter().map(room::Member::participant).collect();
        assert_eq!(state.version, stored.meeting.version);
        assert_eq!(state.room.phase, stored.meeting.phase);
        assert_eq!(state.room.title, stored.meeting.title);
        assert_eq!(state.participants, participants, "the roster, in the order they came");
        assert_eq!(state.room.kind, stored.meeting.kind);
        let Moderation { locked, waiting_room, permissions, spotlight, .. } = *stored.meeting.moderation;
        assert_eq!((state.room.locked, state.room.permissions), (locked, permissions));
        assert_eq!(state.room.waiting_room, waiting_room || stored.meeting.kind == RoomKind::Private);
        assert_eq!(state.room.spotlight, spotlight);
        let chat: Vec<_> = stored.chat.iter().filter(|said| said.is_for(member.id)).filter_map(Said::message).collect();
        // Who may not read everything does not see how much the room still keeps.
        let oldest = stored.chat.first().map_or(0, |said| said.sequence);
        let kept: Vec<_> = state.chat.iter().filter(|message| message.sequence >= oldest).cloned().collect();
        assert_eq!(kept, chat, "the chat, in order, as far as it is theirs");
        let topology = &stored.meeting.topology;
        match topology.other(member.id).filter(|_| topology.path() != MediaPath::Region) {
            Some(peer) => {
                assert_eq!(self.plan, Some((topology.plan, topology.path(), Some(peer))), "who talks directly");
            }
            None => assert!(self.plan.is_none_or(|told| told.1 == MediaPath::Region && told.2.is_none())),
        }
        if member.role != Role::Participant {
            let mut waiting: Vec<_> =
                stored.waiting.iter().filter(|row| !row.admitted).map(|row| row.person.clone()).collect();
            waiting.sort_by_key(|person| person.since);
            assert_eq!(self.lobby.as_ref(), Some(&waiting), "a host sees who waits, in the order they came");
        }
    }
}

fn hear(state: &mut RoomState, message: &ChatMessage) {
    if let Some(last) = state.chat.last() {
        assert!(message.sequence > last.sequence, "the order of the chat");
    }
    state.chat.push(message.clone());
    if state.chat.len() > limits::CHAT_HISTORY {
        state.chat.remove(0);
    }
}

fn apply(state: &mut RoomState, change: &Change) {
    match change {
        Change::Joined { participant } => state.participants.push(participant.clone()),
        Change::Updated { participant } => {
            let known = state.participants.iter_mut().find(|known| known.id == participant.id);
            *known.expect("an update of somebody who is not in") = participant.clone();
        }
        Change::Left { participant } => {
            let before = state.participants.len();
            state.participants.retain(|known| known.id != *participant);
            assert_eq!(state.participants.len() + 1, before, "somebody left who was not in");
        }
        Change::Room { room } => state.room = room.clone(),
        Change::Said { message } => {
            assert_eq!(message.to, None, "to everyone");
            hear(state, message);
        }
        Change::Unsaid { sequence } => state.chat.retain(|message| message.sequence != *sequence),
    }
}
