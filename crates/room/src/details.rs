//! The meeting as somebody outside it sees it: everybody what they may.

use mail::{MeetingLetter, Notice};
use protocol::{
    Millis,
    error::ErrorCode,
    rest::{Relation, RoomDetails, RoomKind, RoomPhase},
};

use crate::{Room, interface::Identity, records::Guest};

impl Room {
    /// The meeting for the API as somebody sees it, without its link (the driver knows the origin).
    /// `shows_code`: they have the code already.
    ///
    /// # Errors
    /// `room_not_found` when it was forgotten, and for strangers to a private or team meeting.
    pub fn details_for(&self, identity: Option<&Identity>, shows_code: bool) -> Result<RoomDetails, ErrorCode> {
        let relation = identity.and_then(|identity| self.relation(identity));
        let is_shown = shows_code || relation.is_some() || self.meeting.kind == RoomKind::Public;
        if self.forgotten || !is_shown {
            return Err(ErrorCode::RoomNotFound);
        }
        let leads = matches!(relation, Some(Relation::Owner | Relation::Cohost));
        let invitations = leads.then(|| self.guests.invited().map(Guest::invitation).collect());
        let code = (shows_code || relation.is_some()).then(|| self.meeting.code.clone());
        Ok(RoomDetails { code, relation, invitations, participants: self.people(), ..self.public_part() })
    }

    /// What a calendar file of the meeting is made of; nothing where it is not scheduled. Its `at` is
    /// the meeting's creation, because nobody decides anything now.
    ///
    /// # Errors
    /// `room_not_found` for strangers, `forbidden` for those who were merely in.
    pub fn calendar_letter(&self, identity: &Identity) -> Result<Option<MeetingLetter>, ErrorCode> {
        match self.relation(identity).ok_or(ErrorCode::RoomNotFound)? {
            Relation::Attended => Err(ErrorCode::Forbidden),
            _ if self.meeting.schedule.is_none() => Ok(None),
            _ => Ok(self.letter(self.meeting.created_at, Notice::Invitation)),
        }
    }

    /// As a list of meetings holds it: without what changes while people talk.
    pub(crate) fn listed_for(&self, relation: Relation) -> RoomDetails {
        let phase = match self.meeting.phase {
            RoomPhase::Active => RoomPhase::Waiting,
            phase => phase,
        };
        let code = Some(self.meeting.code.clone());
        RoomDetails { code, relation: Some(relation), phase, ..self.public_part() }
    }

    /// When it was over.
    fn ended_at(&self) -> Option<Millis> {
        self.over().map(|_| self.meeting.phase_since)
    }

    fn public_part(&self) -> RoomDetails {
        let schedule = self.meeting.schedule.as_ref();
        RoomDetails {
            id: self.meeting.id.clone(),
            code: None,
            link: None,
            title: self.meeting.title.clone(),
            kind: self.meeting.kind,
            phase: self.meeting.phase,
            participants: 0,
            created_at: self.meeting.created_at,
            starts_at: schedule.map(|schedule| schedule.starts_at),
            duration_minutes: schedule.map(|schedule| schedule.duration_minutes),
            time_zone: schedule.and_then(|schedule| schedule.time_zone.clone()),
            ended_at: self.ended_at(),
            host_name: self.meeting.owner.as_ref().map(|owner| owner.name.clone()),
            relation: None,
            invitations: None,
        }
    }
}
