//! Which meetings the person has: what rooms told last, bounded, and forgotten in time.

use std::cmp::Ordering;

use protocol::{
    Millis,
    account::{HomeEvent, Meetings},
    error::ErrorCode,
    id::RoomId,
    limits,
    rest::{Relation, RoomDetails, RoomPhase},
    text::EmailAddress,
};

use crate::{
    Account,
    interface::{Answer, Errand, Refusal, StoredMeeting},
};

/// Invitations that are kept for an address without an account; the oldest make room.
pub const INVITATIONS_KEPT: usize = 50;
/// How long such an invitation is kept after its meeting should begin, or was made.
pub const INVITATION_KEPT_MS: Millis = 30 * 24 * 3_600_000;
/// How long a meeting that is over stays in the list.
pub const PAST_KEPT_MS: Millis = 90 * 24 * 3_600_000;

impl Account {
    pub(crate) fn meeting(
        &mut self,
        now: Millis,
        email: &EmailAddress,
        details: RoomDetails,
        revision: u64,
    ) -> Result<Answer, Refusal> {
        let owns = details.relation == Some(Relation::Owner);
        if self.core.holder.is_none() && owns {
            return Err(ErrorCode::NotFound.into());
        }
        let room = details.id.clone();
        // This one is about to be told that the person is gone, and says how it was before.
        if self.errands.entries().any(|entry| *entry.item.room() == room) {
            return Ok(Answer::Done);
        }
        let known = self.meetings.get(&room);
        if known.is_some_and(|known| known.revision >= revision) {
            return Ok(Answer::Done);
        }
        let ended_at = is_over(&details).then_some(details.ended_at.unwrap_or(now));
        let details = RoomDetails { link: None, participants: 0, invitations: None, ended_at, ..details };
        let same_to_see = known.is_some_and(|known| known.details == details);
        let meeting = StoredMeeting { details, revision };
        if self.keeps(&meeting) && self.forgets_at(&meeting).is_none_or(|at| now < at) {
            let is_new = known.is_none();
            self.meetings.insert(room.clone(), meeting);
            self.list_changed |= !same_to_see;
            self.make_room(now, email, &room, is_new);
        } else {
            self.drop_meeting(&room);
        }
        Ok(Answer::Done)
    }

    pub(crate) fn meeting_gone(&mut self, room: &RoomId, revision: u64) -> Answer {
        if self.meetings.get(room).is_some_and(|known| known.revision <= revision) {
            self.drop_meeting(room);
        }
        Answer::Done
    }

    /// All of them, as they are now.
    pub(crate) fn list(&self) -> Meetings {
        let (mut upcoming, mut past) = (Vec::new(), Vec::new());
        for meeting in self.meetings.values() {
            let details = self.live.applied_to(&meeting.details);
            let list = if is_over(&details) { &mut past } else { &mut upcoming };
            // Inserted rather than sorted: a sort of each kind is 3 kB of the Worker.
            let place = list.partition_point(|other| before(other, &details).is_lt());
            list.insert(place, details);
        }
        Meetings { upcoming, past }
    }

    /// Home pages see the list when it is another.
    pub(crate) fn tell_list(&mut self) {
        if std::mem::take(&mut self.list_changed) && self.sockets.any() {
            let meetings = self.list();
            self.outbox.send(self.sockets.ids(), HomeEvent::Meetings { meetings });
        }
    }

    /// When a meeting leaves the index by itself.
    pub(crate) fn forgets_at(&self, meeting: &StoredMeeting) -> Option<Millis> {
        let details = &meeting.details;
        if is_over(details) {
            return Some(details.ended_at.unwrap_or(details.created_at).saturating_add(PAST_KEPT_MS));
        }
        let begins = details.starts_at.unwrap_or(details.created_at);
        self.core.holder.is_none().then(|| begins.saturating_add(INVITATION_KEPT_MS))
    }

    pub(crate) fn forget_meetings(&mut self, now: Millis) {
        let forgotten = self.meetings.keys_where(|meeting| self.forgets_at(meeting).is_some_and(|at| at <= now));
        for room in forgotten {
            self.drop_meeting(&room);
        }
    }

    /// Where nobody has signed up, only what they are invited to, and not once it is over.
    fn keeps(&self, meeting: &StoredMeeting) -> bool {
        let invited = matches!(meeting.details.relation, Some(Relation::Invited | Relation::Cohost));
        self.core.holder.is_some() || (invited && !is_over(&meeting.details))
    }

    fn drop_meeting(&mut self, room: &RoomId) {
        self.list_changed |= self.meetings.remove(room).is_some();
        self.live.forget(room);
    }

    /// How many meetings the person owns, of those of which this holds.
    pub(crate) fn owned_where(&self, which: impl Fn(&RoomDetails) -> bool) -> usize {
        let details = self.meetings.values().map(|meeting| &meeting.details);
        details.filter(|details| details.relation == Some(Relation::Owner) && which(details)).count()
    }

    /// What is too much leaves. Its room is told, because the person's deletion will not find it.
    fn make_room(&mut self, now: Millis, email: &EmailAddress, told: &RoomId, is_new: bool) {
        let most = if self.core.holder.is_some() { limits::MEETINGS } else { INVITATIONS_KEPT };
        while self.meetings.len() > most {
            let owned = self.owned_where(|_| true);
            let told = Told { room: told, is_new, many_owned: owned > most / 2 };
            let details = self.meetings.values().map(|meeting| &meeting.details);
            let least = details.filter_map(|details| Some((worth(details, &told)?, details)));
            let Some((_, details)) = least.min_by(|(a, _), (b, _)| a.cmp(b)) else { return };
            let (room, owned) = (details.id.clone(), details.relation == Some(Relation::Owner));
            self.drop_meeting(&room);
            let email = email.clone();
            self.errand(now, if owned { Errand::Destroy { room } } else { Errand::Unlist { room, email } });
        }
    }

    /// Tells a room that the person is deleted.
    pub(crate) fn leave(&mut self, now: Millis, room: RoomId, owned: bool, email: EmailAddress) {
        let account = self.id.clone();
        let errand = if owned { Errand::Destroy { room } } else { Errand::ForgetPerson { room, account, email } };
        self.errand(now, errand);
    }
}

/// Which meeting was told just now, and whether so many are owned that others find little place.
struct Told<'a> {
    room: &'a RoomId,
    is_new: bool,
    many_owned: bool,
}

/// What goes first where there are too many: what is over, then what others invited to, then where
/// the person was; the oldest of each. Nobody drives out what the person owns or has to see to as a
/// co-host: the former goes only where it is over and there is too much of it, the latter only where
/// a further one finds no place at all.
fn worth<'a>(details: &'a RoomDetails, told: &Told<'_>) -> Option<(u8, Option<Millis>, &'a RoomId)> {
    let over = is_over(details);
    let just_told = *told.room == details.id;
    let class = match details.relation {
        Some(Relation::Owner) if just_told => return None,
        Some(Relation::Owner) => over.then_some(if told.many_owned { 0 } else { 4 })?,
        _ if over => 0,
        Some(Relation::Invited) | None => 1,
        Some(Relation::Attended) => 2,
        Some(Relation::Cohost) => (just_told && told.is_new).then_some(3)?,
    };
    Some((class, if over { details.ended_at } else { Some(details.created_at) }, &details.id))
}

/// In which order two of one list are shown: what begins next first, and before it what has no
/// schedule, the newest of that first; of what is over, the last first.
fn before(a: &RoomDetails, b: &RoomDetails) -> Ordering {
    let ended = b.ended_at.cmp(&a.ended_at);
    let begins = if is_over(a) { ended } else { a.starts_at.cmp(&b.starts_at) };
    begins.then(b.created_at.cmp(&a.created_at)).then_with(|| a.id.as_str().cmp(b.id.as_str()))
}

/// Whether nobody can go to it any more.
pub(crate) fn is_over(details: &RoomDetails) -> bool {
    matches!(details.phase, RoomPhase::Expired | RoomPhase::Destroyed)
}

impl Errand {
    fn room(&self) -> &RoomId {
        match self {
            Self::Destroy { room } | Self::Unlist { room, .. } | Self::ForgetPerson { room, .. } => room,
        }
    }
}
