//! How long a meeting lives: created → waiting ⇄ active → expired or destroyed, then a tombstone,
//! then nothing. It never ends while somebody is in, except by a host.

use protocol::{
    Millis,
    rest::RoomPhase,
    signal::{EndReason, ServerMessage, close},
};

use crate::{
    Room,
    interface::{Output, Record},
};

/// A meeting with nobody in expires after this, in milliseconds.
pub const EMPTY_MS: Millis = 24 * 60 * 60 * 1_000;
/// The code of a meeting that is over answers `room_ended` for this long, in milliseconds.
pub const REMEMBERED_MS: Millis = 30 * 24 * 60 * 60 * 1_000;

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
    pub(crate) const fn end_of_phase(&self) -> Option<Millis> {
        let lasts = match self.meeting.phase {
            RoomPhase::Active => return None,
            RoomPhase::Created | RoomPhase::Waiting => EMPTY_MS,
            RoomPhase::Expired | RoomPhase::Destroyed => REMEMBERED_MS,
        };
        if self.forgotten { None } else { Some(self.meeting.phase_since.saturating_add(lasts)) }
    }

    /// Lets time pass. Done before every input, so that an alarm that comes late changes nothing.
    pub(crate) fn age(&mut self, now: Millis) {
        if self.end_of_phase().is_none_or(|end| end > now) {
            return;
        }
        if self.over().is_none() {
            self.end(now, EndReason::Expired);
        } else {
            self.forgotten = true;
            self.unsaved.end = Some(Record::Forgotten);
        }
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
        self.sessions.abandon();
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
            if !self.roster.is_empty() || self.chat.next_sequence() > 1 {
                self.roster.erase();
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
