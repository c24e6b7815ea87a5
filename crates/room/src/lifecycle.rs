//! How long a meeting lives: created → waiting ⇄ active → expired or destroyed, then a tombstone,
//! then nothing. It never ends while somebody is in, except by a host. What is planned waits for its
//! time and as long after it as any other.

use protocol::{
    Millis, limits,
    rest::{RoomPhase, Schedule},
    signal::{EndReason, ServerMessage, close},
};

use crate::{
    Room,
    interface::Output,
    records::{Meeting, Moderation, Record},
};

/// A meeting with nobody in expires after this, in milliseconds.
pub const EMPTY_MS: Millis = 24 * 60 * 60 * 1_000;
/// The code of a meeting that is over answers `room_ended` for this long, in milliseconds.
pub const REMEMBERED_MS: Millis = 30 * 24 * 60 * 60 * 1_000;

/// When a meeting is planned to be over.
#[must_use]
pub const fn planned_end(schedule: &Schedule) -> Millis {
    schedule.starts_at.saturating_add(schedule.duration_minutes as Millis * 60_000)
}

/// Whether a meeting can be planned for this: not over already, not too far ahead, and of a length
/// within [`limits::DURATION_MINUTES`].
#[must_use]
pub const fn is_plausible(now: Millis, schedule: &Schedule) -> bool {
    let latest = now.saturating_add(limits::SCHEDULE_DAYS * 24 * 60 * 60 * 1_000);
    schedule.duration_minutes >= 1
        && schedule.duration_minutes <= limits::DURATION_MINUTES
        && schedule.starts_at <= latest
        && planned_end(schedule) > now
}

impl Meeting {
    /// Whether it is over.
    pub(crate) const fn is_over(&self) -> bool {
        matches!(self.phase, RoomPhase::Expired | RoomPhase::Destroyed)
    }
}

impl Room {
    /// Why the meeting is over, if it is.
    pub(crate) const fn over(&self) -> Option<EndReason> {
        match self.meeting.phase {
            RoomPhase::Created | RoomPhase::Waiting | RoomPhase::Active => None,
            RoomPhase::Expired => Some(EndReason::Expired),
            RoomPhase::Destroyed => Some(EndReason::EndedByHost),
        }
    }

    /// Whether it is over, or would be if somebody had looked.
    pub(crate) fn is_over_at(&self, now: Millis) -> bool {
        self.over().is_some() || self.end_of_phase().is_some_and(|end| end <= now)
    }

    /// When the phase ends unless something happens.
    pub(crate) fn end_of_phase(&self) -> Option<Millis> {
        let since = self.meeting.phase_since;
        match self.meeting.phase {
            _ if self.forgotten => None,
            RoomPhase::Active => None,
            RoomPhase::Created | RoomPhase::Waiting => {
                let planned = self.meeting.schedule.as_ref().map_or(0, planned_end);
                Some(planned.max(since).saturating_add(EMPTY_MS))
            }
            // The queues say when.
            RoomPhase::Expired | RoomPhase::Destroyed if self.nobody_is_concerned() && !self.is_quiet() => None,
            RoomPhase::Expired | RoomPhase::Destroyed => Some(since.saturating_add(REMEMBERED_MS)),
        }
    }

    /// Lets time pass. Done before every input, so that an alarm that comes late changes nothing.
    pub(crate) fn age(&mut self, now: Millis) {
        if self.end_of_phase().is_none_or(|end| end > now) {
            return;
        }
        if self.over().is_none() {
            self.end(now, EndReason::Expired);
        } else if self.nobody_is_concerned() {
            self.forgotten = true;
            self.unsaved.end = Some(Record::Forgotten);
        } else {
            // It leaves the lists first; the last rows go when everybody was told.
            self.strike_guests();
            self.index.gone.extend(self.meeting.owner.take().map(|owner| owner.email));
            self.unsaved.meeting = true;
        }
    }

    /// No list holds it.
    fn nobody_is_concerned(&self) -> bool {
        self.meeting.owner.is_none() && self.guests.is_empty()
    }

    /// Nothing has to reach anybody.
    fn is_quiet(&self) -> bool {
        self.mails.is_empty() && self.errands.is_empty()
    }

    /// The meeting is over: everybody is told and out, and what was said is erased.
    pub(crate) fn end(&mut self, now: Millis, reason: EndReason) {
        self.enter(
            now,
            match reason {
                EndReason::EndedByHost => RoomPhase::Destroyed,
                EndReason::Expired => RoomPhase::Expired,
            },
        );
        self.unsaved.end = Some(Record::Erased);
        self.unsaved.chat.clear();
        self.chat.erase();
        for member in self.roster.erase() {
            self.meeting.epoch_floor = self.meeting.epoch_floor.max(member.epoch);
            if let Some(placement) = member.placement {
                self.outbox.act(Output::CloseSession { placement, participant: member.id, epoch: member.epoch });
            }
        }
        *self.meeting.moderation = Moderation::default();
        self.meeting.streams.clear();
        self.sessions.abandon();
        self.lobby.erase();
        self.watchers.erase();
        self.withdraw_letters();
        let sockets = self.sockets.clear();
        self.outbox.send(sockets.clone(), ServerMessage::Ended { reason });
        for socket in sockets {
            self.outbox.close(socket, close::ENDED);
        }
    }

    /// Somebody is in.
    pub(crate) fn occupied(&mut self, now: Millis) {
        if self.meeting.phase != RoomPhase::Active {
            self.enter(now, RoomPhase::Active);
        }
    }

    /// Nobody is in: whoever comes next may be placed elsewhere.
    pub(crate) fn vacated(&mut self, now: Millis) {
        self.enter(now, RoomPhase::Waiting);
    }

    /// Mends what a driver that stored only a part may have left.
    pub(crate) fn resume_life(&mut self, now: Millis) {
        if let Some(reason) = self.over() {
            let is_erased = self.roster.is_empty() && self.lobby.is_empty() && self.watchers.is_empty();
            if !is_erased || self.chat.next_sequence() > 1 {
                self.roster.erase();
                self.lobby.erase();
                self.watchers.erase();
                self.chat.erase();
                self.unsaved.end = Some(Record::Erased);
            }
            let sockets = self.sockets.clear();
            self.outbox.send(sockets.clone(), ServerMessage::Ended { reason });
            for socket in sockets {
                self.outbox.close(socket, close::ENDED);
            }
        } else if !self.roster.is_empty() {
            self.occupied(now);
        } else if self.meeting.phase == RoomPhase::Active {
            self.vacated(now);
        }
    }

    fn enter(&mut self, now: Millis, phase: RoomPhase) {
        self.meeting.phase = phase;
        self.meeting.phase_since = now;
        if phase != RoomPhase::Active {
            self.meeting.placement = None;
            self.meeting.regroup_at = None;
        }
        self.unsaved.meeting = true;
    }
}
