//! Who walks in, who asks, who is refused, and as what they come: by the kind of the meeting and who
//! somebody is. Pure questions; nothing here changes the room.

use mail::MeetingLetter;
use protocol::{
    Millis,
    error::ErrorCode,
    limits,
    rest::{Admission, Relation, RoomDetails},
    signal::Role,
};

use crate::{Room, interface::Identity};

impl Room {
    /// How a seat would let its holder in now. `host_secret`: they showed the right one.
    ///
    /// # Errors
    /// `room_not_found` when it was forgotten, `room_ended`, `not_invited`, `room_full`.
    pub fn admission(
        &self,
        now: Millis,
        _identity: Option<&Identity>,
        _host_secret: bool,
    ) -> Result<Admission, ErrorCode> {
        if self.forgotten {
            Err(ErrorCode::RoomNotFound)
        } else if self.is_over_at(now) {
            Err(ErrorCode::RoomEnded)
        } else if self.roster.len() >= limits::ROOM_PARTICIPANTS {
            Err(ErrorCode::RoomFull)
        } else {
            Ok(Admission::Walk)
        }
    }

    /// What a signed-in person is to the meeting; nothing for strangers.
    #[must_use]
    pub fn relation(&self, identity: &Identity) -> Option<Relation> {
        let owner = self.meeting.owner.as_ref()?;
        (owner.account == identity.account).then_some(Relation::Owner)
    }

    /// The meeting for the API as somebody sees it, without its link (the driver knows the origin).
    /// `shows_code`: they have the code already.
    ///
    /// # Errors
    /// `room_not_found` when it was forgotten, and for strangers to a private or team meeting.
    pub fn details_for(&self, identity: Option<&Identity>, shows_code: bool) -> Result<RoomDetails, ErrorCode> {
        if self.forgotten {
            return Err(ErrorCode::RoomNotFound);
        }
        let relation = identity.and_then(|identity| self.relation(identity));
        let schedule = self.meeting.schedule.as_ref();
        Ok(RoomDetails {
            id: self.meeting.id.clone(),
            code: (shows_code || relation.is_some()).then(|| self.meeting.code.clone()),
            link: None,
            title: self.meeting.title.clone(),
            kind: self.meeting.kind,
            phase: self.meeting.phase,
            participants: self.people(),
            created_at: self.meeting.created_at,
            starts_at: schedule.map(|schedule| schedule.starts_at),
            duration_minutes: schedule.map(|schedule| schedule.duration_minutes),
            time_zone: schedule.and_then(|schedule| schedule.time_zone.clone()),
            ended_at: self.over().map(|_| self.meeting.phase_since),
            host_name: self.meeting.owner.as_ref().map(|owner| owner.name.clone()),
            relation,
            invitations: None,
        })
    }

    /// What a calendar file of the meeting is made of; nothing where it is not scheduled. Its `at` is
    /// for the driver to set.
    ///
    /// # Errors
    /// `room_not_found` for strangers, `forbidden` for those who were merely in.
    pub fn calendar_letter(&self, identity: &Identity) -> Result<Option<MeetingLetter>, ErrorCode> {
        self.relation(identity).ok_or(ErrorCode::RoomNotFound)?;
        Ok(None)
    }

    /// As what somebody comes in.
    pub(crate) fn role_of(&self, _identity: Option<&Identity>, host_secret: bool) -> Role {
        if host_secret { Role::Host } else { Role::Participant }
    }
}
