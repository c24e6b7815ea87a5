//! Whether two people alone exchange media directly. A region carries them first and until media flows
//! directly in both directions; then their sessions there end. It carries them again when somebody
//! comes, when a host withholds anything, or when one of the two says that nothing comes any more:
//! they offer to it, and what they have goes on until it flows.

use protocol::{
    Millis,
    id::ParticipantId,
    signal::{MediaPath, Permissions, Presence, ServerMessage},
    text::Sdp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Room,
    conversation::{NOT_JOINED, Refusal},
    interface::ConnectionId,
    records::Member,
};

/// Two people are carried by a region for this long before a direct connection is tried, in
/// milliseconds: people come one after another.
pub const QUIET_MS: Millis = 3_000;
/// The same after they lost a direct connection or got none, in milliseconds.
pub const AGAIN_MS: Millis = 30_000;
/// Media flows directly within this, or it is not tried any longer, in milliseconds.
pub const TRIED_MS: Millis = 10_000;
/// After so many it is not tried again for these two.
pub const LOSSES: u64 = 3;

/// What goes directly, and what was learned of that. One flat row, which the Worker reads with the least code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Topology {
    /// Counts the connections that were tried, and those that were given up.
    pub plan: u64,
    /// The two who are alone and can, the lower id first; else nobody.
    pub people: Vec<ParticipantId>,
    /// A direct connection of theirs is tried, or was and holds.
    pub tried: bool,
    /// It holds.
    pub direct: bool,
    /// When a direct connection is tried, or was tried for long enough.
    pub due_at: Option<Millis>,
    /// The one of them whom media reaches already.
    pub reached: Option<ParticipantId>,
    /// The last two who lost or did not get a direct connection.
    pub parted: Vec<ParticipantId>,
    /// How often that was.
    pub losses: u64,
}

impl Topology {
    /// How media of the two goes.
    #[must_use]
    pub const fn path(&self) -> MediaPath {
        match (self.tried, self.direct) {
            (false, _) => MediaPath::Region,
            (true, false) => MediaPath::Both,
            (true, true) => MediaPath::Direct,
        }
    }

    /// Whom somebody of the two talks to.
    #[must_use]
    pub fn other(&self, person: ParticipantId) -> Option<ParticipantId> {
        match *self.people {
            [first, second] if first == person => Some(second),
            [first, second] if second == person => Some(first),
            _ => None,
        }
    }

    /// How often these two lost a direct connection.
    fn losses_of(&self, people: &[ParticipantId]) -> u64 {
        if self.parted == people { self.losses } else { 0 }
    }
}

impl Room {
    /// Media of this person goes directly.
    pub(crate) fn is_direct(&self, person: ParticipantId) -> bool {
        self.meeting.topology.direct && self.meeting.topology.other(person).is_some()
    }

    /// Brings the plan to who is in and what they may. Tells nothing when nothing changed.
    pub(crate) fn follow_topology(&mut self, now: Millis) {
        let able = self.able_two();
        let is_settled = self.roster.members().all(|member| member.leaves_at.is_none() && member.is_heard());
        let Topology { people, direct, .. } = &*self.meeting.topology;
        if !people.is_empty() {
            if able == *people && (*direct || is_settled) {
                return;
            }
            self.part(now);
        }
        let topology = &mut *self.meeting.topology;
        let losses = topology.losses_of(&able);
        if !able.is_empty() && is_settled && losses < LOSSES {
            topology.due_at = Some(now.saturating_add(if losses == 0 { QUIET_MS } else { AGAIN_MS }));
            topology.people = able;
            self.unsaved.meeting = true;
        }
    }

    /// A direct connection is tried, or was for long enough.
    pub(crate) fn try_directly(&mut self, now: Millis) {
        self.follow_topology(now);
        let topology = &mut *self.meeting.topology;
        if topology.due_at.is_none_or(|at| at > now) {
            return;
        }
        if topology.tried {
            self.lose(now);
            return;
        }
        (topology.tried, topology.due_at) = (true, Some(now.saturating_add(TRIED_MS)));
        topology.plan = topology.plan.saturating_add(1);
        let people = topology.people.clone();
        self.unsaved.meeting = true;
        self.tell_plan_to(&people);
    }

    /// One of the two describes their end.
    pub(crate) fn describe(&mut self, person: ParticipantId, plan: u64, sdp: Sdp) -> Result<(), Refusal> {
        self.roster.find(person).ok_or(NOT_JOINED)?;
        if let (Some(other), MediaPath::Both) = self.planned(person, plan) {
            self.outbox.send(self.sockets.of(other), ServerMessage::Description { plan, sdp });
        }
        Ok(())
    }

    /// Media of the other reaches somebody directly, or does not.
    pub(crate) fn reached(
        &mut self,
        now: Millis,
        person: ParticipantId,
        plan: u64,
        reached: bool,
    ) -> Result<(), Refusal> {
        self.roster.find(person).ok_or(NOT_JOINED)?;
        let (Some(other), path) = self.planned(person, plan) else {
            return Ok(());
        };
        match (path, reached) {
            (MediaPath::Both, true) if self.meeting.topology.reached == Some(other) => self.go_direct(),
            (MediaPath::Both, true) => {
                self.meeting.topology.reached = Some(person);
                self.unsaved.meeting = true;
            }
            (MediaPath::Both, false) => self.lose(now),
            (MediaPath::Direct, false) => self.leave_direct(now, person),
            (MediaPath::Direct, true) | (MediaPath::Region, _) => {}
        }
        Ok(())
    }

    /// Somebody wants a region, or hears nothing directly: if they were direct, both are not any more.
    pub(crate) fn leave_direct(&mut self, now: Millis, person: ParticipantId) {
        if let (Some(other), true) = (self.meeting.topology.other(person), self.meeting.topology.direct) {
            self.lose(now);
            // Whoever says it is there.
            self.unheard(now, other);
        }
    }

    /// Tells a person how their media goes, where that may be otherwise than at first.
    pub(crate) fn tell_plan(&mut self, person: ParticipantId, to: Vec<ConnectionId>) {
        let topology = &self.meeting.topology;
        let plan = topology.plan;
        if plan == 0 || self.roster.find(person).is_none_or(|member| !member.direct) {
            return;
        }
        let peer = topology.other(person).filter(|_| topology.tried);
        let path = if peer.is_some() { topology.path() } else { MediaPath::Region };
        self.outbox.send(to, ServerMessage::Plan { plan, path, peer });
    }

    /// The two who are alone, where both can and a region has nothing to withhold from either.
    fn able_two(&self) -> Vec<ParticipantId> {
        let Permissions { share, unmute, .. } = self.meeting.moderation.permissions;
        let is_free = |member: &Member| member.direct && member.held.is_empty();
        if self.roster.len() != 2 || !share || !unmute || !self.roster.members().all(is_free) {
            return Vec::new();
        }
        self.roster.members().map(|member| member.id).collect()
    }

    /// The other of the two, and how their media goes, where this is the plan.
    fn planned(&self, person: ParticipantId, plan: u64) -> (Option<ParticipantId>, MediaPath) {
        let topology = &self.meeting.topology;
        (topology.other(person).filter(|_| plan == topology.plan), topology.path())
    }

    /// Nothing of the two passes a region any more.
    fn go_direct(&mut self) {
        let topology = &mut *self.meeting.topology;
        (topology.direct, topology.due_at, topology.reached) = (true, None, None);
        let people = topology.people.clone();
        self.unsaved.meeting = true;
        self.tell_plan_to(&people);
        for participant in people {
            self.close_session(participant);
        }
    }

    /// Direct was not reached, or no longer is: remembered for these two.
    fn lose(&mut self, now: Millis) {
        let topology = &mut *self.meeting.topology;
        topology.losses = topology.losses_of(&topology.people).saturating_add(1);
        topology.parted.clone_from(&topology.people);
        self.part(now);
    }

    /// The region carries the two again, or goes on to.
    fn part(&mut self, now: Millis) {
        let topology = &mut *self.meeting.topology;
        let (people, path) = (std::mem::take(&mut topology.people), topology.path());
        (topology.tried, topology.direct, topology.due_at, topology.reached) = (false, false, None, None);
        self.unsaved.meeting = true;
        if path == MediaPath::Region {
            return;
        }
        topology.plan = topology.plan.saturating_add(1);
        self.tell_plan_to(&people);
        for person in people {
            // Nobody hears them in the other's place until they are back.
            let is_missed = |member: &Member| member.presence == Presence::Reconnecting;
            if path == MediaPath::Direct && self.roster.find(person).is_some_and(is_missed) {
                self.unheard(now, person);
            }
        }
    }

    fn tell_plan_to(&mut self, people: &[ParticipantId]) {
        for person in people {
            self.tell_plan(*person, self.sockets.of(*person));
        }
    }
}
