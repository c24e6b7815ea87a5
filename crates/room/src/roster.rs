//! Who is in, and whose row changed since it was last saved.

use protocol::{
    Millis,
    id::{InstanceId, ParticipantId},
    signal::{Participant, Presence},
};
use sorted::{Map, Set};

use crate::records::{Member, Record};

/// The people in the room.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Roster {
    members: Map<ParticipantId, Member>,
    unsaved: Set<ParticipantId>,
}

impl Roster {
    /// The members that were stored.
    pub(crate) fn restore(stored: Vec<Member>) -> Self {
        let members = stored.into_iter().map(|member| (member.id, member)).collect();
        Self { members, unsaved: Set::new() }
    }

    /// Them, to read.
    pub(crate) fn find(&self, id: ParticipantId) -> Option<&Member> {
        self.members.get(&id)
    }

    /// Them, to change: their row will be saved.
    pub(crate) fn change(&mut self, id: ParticipantId) -> Option<&mut Member> {
        let member = self.members.get_mut(&id)?;
        self.unsaved.insert(id);
        Some(member)
    }

    /// Somebody is in from now on.
    pub(crate) fn insert(&mut self, member: Member) {
        self.unsaved.insert(member.id);
        self.members.insert(member.id, member);
    }

    /// Somebody is out.
    pub(crate) fn remove(&mut self, id: ParticipantId) -> Option<Member> {
        let member = self.members.remove(&id)?;
        self.unsaved.insert(id);
        Some(member)
    }

    /// Everybody is out, and their rows go with the meeting's.
    pub(crate) fn erase(&mut self) -> Vec<Member> {
        self.unsaved.clear();
        std::mem::take(&mut self.members).into_values().collect()
    }

    /// How many are in.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nobody is in.
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Everybody, by id.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Everybody, in the order they came.
    pub(crate) fn in_order(&self) -> Vec<&Member> {
        let mut members: Vec<_> = self.members.values().collect();
        members.sort_by_key(|member| (member.joined_at, member.id));
        members
    }

    /// When somebody who comes now came: later than everybody else, so that the order they came in
    /// can be told from the rows, also when the clock stood still or went back.
    pub(crate) fn joining_at(&self, now: Millis) -> Millis {
        let last = self.members.values().map(|member| member.joined_at).max();
        last.map_or(now, |last| now.max(last.saturating_add(1)))
    }

    /// When a hand that goes up now went up: later than every other.
    pub(crate) fn raising_at(&self, now: Millis) -> Millis {
        let last = self.members.values().filter_map(|member| member.hand_raised_at).max();
        last.map_or(now, |last| now.max(last.saturating_add(1)))
    }

    /// Who should have been back by now, earliest first.
    pub(crate) fn overdue(&self, now: Millis) -> Vec<ParticipantId> {
        let mut overdue: Vec<_> = self
            .members
            .values()
            .filter_map(|member| member.leaves_at.filter(|at| *at <= now).map(|at| (at, member.id)))
            .collect();
        overdue.sort_unstable();
        overdue.into_iter().map(|(_, id)| id).collect()
    }

    /// When the first of those who are missed goes for good.
    pub(crate) fn next_departure(&self) -> Option<Millis> {
        self.members.values().filter_map(|member| member.leaves_at).min()
    }

    /// The rows that changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> Vec<Record> {
        let unsaved = std::mem::take(&mut self.unsaved);
        unsaved
            .into_iter()
            .map(|id| match self.members.get(&id) {
                Some(member) => Record::Member(member.clone()),
                None => Record::MemberGone(id),
            })
            .collect()
    }
}

impl Member {
    /// As the others see them.
    #[must_use]
    pub fn participant(&self) -> Participant {
        Participant {
            id: self.id,
            name: self.name.clone(),
            role: self.role,
            microphone: self.microphone,
            camera: self.camera,
            screen: self.screen,
            hand_raised_at: self.hand_raised_at,
            presence: self.presence,
            joined_at: self.joined_at,
            stream: self.stream,
        }
    }

    /// Their session is at another instance than this one.
    pub(crate) fn is_carried_apart_from(&self, instance: &InstanceId) -> bool {
        self.placement.as_ref().is_some_and(|placement| placement.instance != *instance)
    }

    /// A region has their session and did not say that it hears nothing from them.
    pub(crate) fn is_heard(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.epoch == self.epoch && !session.silent)
    }

    /// The room waits for a sign of life on a socket that seems open.
    pub(crate) fn is_checked(&self) -> bool {
        self.presence == Presence::Connected && self.leaves_at.is_some()
    }
}
