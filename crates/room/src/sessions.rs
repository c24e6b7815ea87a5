//! Which instance carries whom, and what came of the calls to it. Offers and calls on their way
//! live in memory only: a client whose answer does not come offers again.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{InstanceId, ParticipantId},
    limits,
    media::Source,
    region::SessionAnswer,
    signal::{MediaOffer, ServerMessage},
};
use sorted::Map;

use crate::{
    Room, inbound,
    interface::{Coordinates, Instance, OpenSessionCall, Output, Placement, RegionFailure},
    placement,
};

/// A list of instances is good for this long, in milliseconds.
pub const INSTANCES_FRESH_MS: Millis = 10_000;

/// After the room moved, people whose session still lives elsewhere are left there for this long, in
/// milliseconds: by then the browsers on an instance that died have come over by themselves.
pub const REGROUP_MS: Millis = (limits::REPORT_EXPIRY_SECONDS + limits::REPORT_SECONDS) * 1_000;

/// Media sessions on their way.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sessions {
    instances: Option<Listed>,
    asked_at: Option<Millis>,
    waiting: Map<ParticipantId, Attempt>,
    calls: Map<(ParticipantId, u64), Call>,
}

/// The instances that lived at some moment.
#[derive(Debug, Clone, PartialEq)]
struct Listed {
    at: Millis,
    instances: Vec<Instance>,
}

/// An offer that looks for an instance.
#[derive(Debug, Clone, PartialEq)]
struct Attempt {
    participant: ParticipantId,
    epoch: u64,
    offer: MediaOffer,
    /// Where it comes from, when that is known.
    location: Option<Coordinates>,
    /// The message that brought the offer.
    about: &'static str,
    /// The instance that could not take it.
    failed: Option<InstanceId>,
}

/// An offer at an instance.
#[derive(Debug, Clone, PartialEq)]
struct Call {
    attempt: Attempt,
    placement: Placement,
    publish: Vec<Source>,
}

impl Sessions {
    /// An offer that waits is not wanted any more.
    pub(crate) fn forget_offer(&mut self, participant: ParticipantId) {
        self.waiting.remove(&participant);
    }

    /// No offer that waits is wanted any more.
    pub(crate) fn abandon(&mut self) {
        self.waiting.clear();
    }

    fn fresh(&self, now: Millis) -> Option<&[Instance]> {
        let listed = self.instances.as_ref()?;
        (now.abs_diff(listed.at) <= INSTANCES_FRESH_MS).then_some(listed.instances.as_slice())
    }
}

impl Room {
    /// A member offers a media session in place of the one before.
    pub(crate) fn open_session(&mut self, now: Millis, person: ParticipantId, offer: MediaOffer, about: &'static str) {
        let location = self.sockets.of(person).iter().find_map(|id| self.sockets.find(*id)?.location);
        self.open_session_from(now, person, offer, location, about);
    }

    /// The same by somebody whose place is known.
    pub(crate) fn open_session_from(
        &mut self,
        now: Millis,
        person: ParticipantId,
        offer: MediaOffer,
        location: Option<Coordinates>,
        about: &'static str,
    ) {
        if let Some(member) = self.roster.change(person) {
            member.epoch = member.epoch.saturating_add(1);
            let epoch = member.epoch;
            self.place(now, Attempt { participant: person, epoch, offer, location, about, failed: None });
        }
    }

    /// The live instances are known.
    pub(crate) fn instances_known(&mut self, now: Millis, instances: Vec<Instance>) {
        self.sessions.instances = Some(Listed { at: now, instances });
        self.sessions.asked_at = None;
        for attempt in std::mem::take(&mut self.sessions.waiting).into_values() {
            self.place(now, attempt);
        }
    }

    /// A call to a region came back.
    pub(crate) fn opened(
        &mut self,
        now: Millis,
        person: ParticipantId,
        epoch: u64,
        result: Result<SessionAnswer, RegionFailure>,
    ) {
        let call = self.sessions.calls.remove(&(person, epoch));
        if self.roster.find(person).is_none_or(|member| member.epoch != epoch) {
            self.drop_outdated(person, epoch, result.is_ok(), call);
            return;
        }
        // After a loss of memory only the message is unknown that brought the offer.
        let about = call.as_ref().map_or("media", |call| call.attempt.about);
        match result {
            Ok(SessionAnswer { sdp, slots }) => {
                self.session_opened(person, epoch, call.map(|call| call.publish));
                if self.is_stream(person) {
                    self.outbox.act(Output::Streamed { stream: person, epoch, result: Ok(sdp) });
                    return;
                }
                self.outbox.send(self.sockets.of(person), ServerMessage::Answer { epoch, sdp, slots });
            }
            Err(RegionFailure::Rejected(reason)) => {
                self.fail(now, person, ErrorCode::OfferRejected, &inbound::shortened(&reason), about);
            }
            Err(RegionFailure::Unavailable) => match call {
                Some(Call { attempt, placement, .. }) if attempt.failed.is_none() => {
                    // The list named an instance that takes nobody: whoever replaces it may not be on it.
                    self.sessions.instances = None;
                    self.place(now, Attempt { failed: Some(placement.instance), ..attempt });
                }
                _ => self.unavailable(now, person, about),
            },
        }
    }

    /// Ends the sessions of those who stayed behind when the room moved, so that they come over: until
    /// regions are linked, people on two instances do not hear each other.
    pub(crate) fn regroup(&mut self, now: Millis) {
        if self.meeting.regroup_at.is_none_or(|at| at > now) {
            return;
        }
        self.meeting.regroup_at = None;
        self.unsaved.meeting = true;
        let Some(here) = self.meeting.placement.as_ref().map(|placement| placement.instance.clone()) else {
            return;
        };
        let apart = self.roster.members().filter(|member| member.is_carried_apart_from(&here));
        for participant in apart.map(|member| member.id).collect::<Vec<_>>() {
            if self.is_stream(participant) {
                // Nothing but the end of its session makes a program come anew.
                self.remove_member(now, participant);
            } else {
                self.close_session(participant);
            }
        }
    }

    /// Whether the answer of a region to somebody's last offer is still to come.
    #[must_use]
    pub fn is_opening(&self, person: ParticipantId) -> bool {
        let epoch = self.roster.find(person).map(|member| member.epoch);
        let calls = |epoch| self.sessions.calls.contains_key(&(person, epoch));
        epoch.is_some_and(|epoch| self.sessions.waiting.contains_key(&person) || calls(epoch))
    }

    /// No region carries this person any more.
    pub(crate) fn close_session(&mut self, participant: ParticipantId) {
        if let Some(member) = self.roster.change(participant)
            && let Some(placement) = member.placement.take()
        {
            member.session = None;
            let epoch = member.epoch;
            self.outbox.act(Output::CloseSession { placement, participant, epoch });
        }
    }

    fn place(&mut self, now: Millis, attempt: Attempt) {
        let Some(instances) = self.sessions.fresh(now) else {
            self.sessions.waiting.insert(attempt.participant, attempt);
            // The driver always answers; should it not, the next offer asks again.
            if self.sessions.asked_at.is_none_or(|at| now.abs_diff(at) > INSTANCES_FRESH_MS) {
                self.sessions.asked_at = Some(now);
                self.outbox.act(Output::NeedInstances);
            }
            return;
        };
        match self.placement_for(instances, &attempt) {
            Some(placement) => self.call(now, attempt, placement),
            None => self.unavailable(now, attempt.participant, attempt.about),
        }
    }

    /// Where the room is as long as that lives, so that everybody hears everybody; else the best
    /// for whoever asks.
    fn placement_for(&self, instances: &[Instance], attempt: &Attempt) -> Option<Placement> {
        let current =
            self.meeting.placement.as_ref().filter(|current| Some(&current.instance) != attempt.failed.as_ref());
        if let Some(current) = current {
            // An empty list says that the fleet is unreachable, not that every instance is dead.
            if instances.is_empty() {
                return Some(current.clone());
            }
            if let Some(instance) = instances.iter().find(|instance| instance.id == current.instance) {
                return Some(placement_at(instance));
            }
        }
        placement::choose(instances, attempt.location, attempt.failed.as_ref()).map(placement_at)
    }

    fn call(&mut self, now: Millis, attempt: Attempt, placement: Placement) {
        let Attempt { participant, epoch, .. } = attempt;
        let before = self.roster.find(participant).and_then(|member| member.placement.clone());
        if before.as_ref() != Some(&placement)
            && let Some(member) = self.roster.change(participant)
        {
            if before.as_ref().is_none_or(|before| before.instance != placement.instance) {
                member.session = None;
            }
            member.placement = Some(placement.clone());
        }
        if let Some(before) = before.filter(|before| before.instance != placement.instance) {
            self.outbox.act(Output::CloseSession { placement: before, participant, epoch });
        }
        if self.meeting.placement.as_ref() != Some(&placement) {
            self.meeting.placement = Some(placement.clone());
            if self.roster.members().any(|member| member.is_carried_apart_from(&placement.instance)) {
                self.meeting.regroup_at.get_or_insert(now.saturating_add(REGROUP_MS));
            }
            self.unsaved.meeting = true;
        }
        let permissions = self.meeting.moderation.permissions;
        let member = self.roster.find(participant);
        let publish: Vec<_> = member.into_iter().flat_map(|member| member.publishable(permissions)).collect();
        self.outbox.act(Output::OpenSession(OpenSessionCall {
            placement: placement.clone(),
            participant,
            epoch,
            publish: publish.clone(),
            offer: attempt.offer.clone(),
        }));
        self.sessions.calls.insert((participant, epoch), Call { attempt, placement, publish });
    }

    /// Nobody waits for what came back. A session that a region opened for somebody who is out, or
    /// who is carried elsewhere, is closed; a newer one at the same instance has replaced it.
    fn drop_outdated(&mut self, participant: ParticipantId, epoch: u64, is_open: bool, call: Option<Call>) {
        let Some(Call { placement, .. }) = call else {
            return;
        };
        let carried_by = self.roster.find(participant).and_then(|member| member.placement.as_ref());
        if is_open && carried_by.is_none_or(|carrier| carrier.instance != placement.instance) {
            self.outbox.act(Output::CloseSession { placement, participant, epoch });
        }
    }

    fn unavailable(&mut self, now: Millis, person: ParticipantId, about: &str) {
        self.fail(now, person, ErrorCode::RegionUnavailable, "no media region takes the call now", about);
    }

    fn fail(&mut self, now: Millis, person: ParticipantId, code: ErrorCode, message: &str, about: &str) {
        self.fail_stream(now, person, code, message);
        for socket in self.sockets.of(person) {
            self.refuse(socket, code, message, Some(about));
        }
    }
}

fn placement_at(instance: &Instance) -> Placement {
    Placement { instance: instance.id.clone(), control_url: instance.control_url.clone() }
}
