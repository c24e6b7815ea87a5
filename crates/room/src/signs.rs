//! What people show without words: hands, which stay up in the order they were raised, and reactions,
//! which are kept nowhere.

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    signal::{Change, Reaction, ServerMessage},
};
use sorted::Map;

use crate::{
    Room,
    conversation::{NOT_JOINED, Refusal},
};

/// Reactions of one person within [`REACTION_WINDOW_MS`].
pub const REACTIONS: usize = 5;
/// In milliseconds.
pub const REACTION_WINDOW_MS: Millis = 5_000;

/// When people reacted last. In memory only; a room that lost its memory forgives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reactions {
    recent: Map<ParticipantId, Vec<Millis>>,
}

impl Reactions {
    /// They are out.
    pub(crate) fn forget(&mut self, person: ParticipantId) {
        self.recent.remove(&person);
    }

    /// Whether somebody may react once more now; it counts if so.
    fn allows(&mut self, now: Millis, person: ParticipantId) -> bool {
        let recent = self.recent.entry(person).or_default();
        // A clock that went back by long forgives too.
        recent.retain(|at| now.abs_diff(*at) < REACTION_WINDOW_MS);
        let allows = recent.len() < REACTIONS;
        if allows {
            recent.push(now);
        }
        allows
    }
}

impl Room {
    /// Somebody raises their hand, or takes it down. A hand that is up keeps its place.
    pub(crate) fn raise_hand(&mut self, now: Millis, person: ParticipantId, raised: bool) -> Result<(), Refusal> {
        let member = self.roster.find(person).ok_or(NOT_JOINED)?;
        if member.hand_raised_at.is_some() != raised {
            let at = self.roster.raising_at(now);
            self.set_hand(person, raised.then_some(at));
        }
        Ok(())
    }

    /// Takes a hand down; nothing where it is not up.
    pub(crate) fn lower_hand(&mut self, person: ParticipantId) {
        if self.roster.find(person).is_some_and(|member| member.hand_raised_at.is_some()) {
            self.set_hand(person, None);
        }
    }

    /// Somebody reacts.
    pub(crate) fn react(&mut self, now: Millis, participant: ParticipantId, reaction: Reaction) -> Result<(), Refusal> {
        let member = self.roster.find(participant).ok_or(NOT_JOINED)?;
        if !member.leads() && !self.meeting.moderation.permissions.react {
            return Err((ErrorCode::Forbidden, "the hosts turned reactions off"));
        }
        if !self.reactions.allows(now, participant) {
            return Err((ErrorCode::RateLimited, "too many reactions"));
        }
        let to = self.roster.members().flat_map(|member| self.sockets.of(member.id)).collect();
        self.outbox.send(to, ServerMessage::Reaction { participant, reaction });
        Ok(())
    }

    fn set_hand(&mut self, person: ParticipantId, raised_at: Option<Millis>) {
        if let Some(member) = self.roster.change(person) {
            member.hand_raised_at = raised_at;
            let participant = member.participant();
            self.announce(Change::Updated { participant }, None);
        }
    }
}
