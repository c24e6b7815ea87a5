//! What is asked of the meeting from outside its sockets: each question has one answer, and one that
//! is refused has no effect.

use mail::Notice;
use protocol::{
    Millis,
    error::ErrorCode,
    id::AccountId,
    limits,
    rest::{ChangeRoom, Relation, RoomKind, RoomPhase, Schedule},
    signal::{Change, EndReason, close},
    text::{DisplayName, EmailAddress, Title},
};
use sorted::Set;

use crate::{
    Room,
    admission::has_own_domain,
    interface::{Answer, Identity, Invitee, Output, Question, QuestionId},
    lifecycle::{is_plausible, planned_end},
};

/// Minutes that a meeting is planned to take where nobody said.
pub const DURATION_MINUTES: u32 = 60;

/// Whether a change of a meeting with this title and plan is written to everybody who is invited.
#[must_use]
pub fn is_news(title: &Title, schedule: Option<&Schedule>, change: &ChangeRoom) -> bool {
    let starts_at = change.starts_at.map(|moment| moment.0);
    let is_moved = match schedule {
        None => starts_at.is_some(),
        Some(now) => {
            starts_at.is_some_and(|new| new != now.starts_at)
                || change.duration_minutes.is_some_and(|new| new != now.duration_minutes)
                || (change.time_zone.is_some() && change.time_zone != now.time_zone)
        }
    };
    is_moved || change.title.as_ref().is_some_and(|new| new != title)
}

/// What the chat calls somebody whose account is deleted.
const DELETED_ACCOUNT: &str = "Deleted account";
/// What a meeting is about whose owner's account is deleted.
const DESTROYED: &str = "Meeting";

impl Room {
    /// Somebody asks something.
    pub(crate) fn asked(&mut self, now: Millis, id: QuestionId, question: Question) {
        let answer = match question {
            // Nothing is left of them here.
            Question::Destroy | Question::Unlist { .. } | Question::ForgetPerson { .. } if self.forgotten => {
                Ok(Answer::Done)
            }
            _ if self.forgotten => Err(ErrorCode::RoomNotFound),
            Question::Change { by, change } => self.change(now, &by, *change),
            Question::Delete { by } => self.delete(now, &by),
            Question::Destroy => {
                self.destroy(now);
                Ok(Answer::Done)
            }
            Question::Unlist { email } => {
                self.unlist(&email);
                Ok(Answer::Done)
            }
            Question::ForgetPerson { account, email } => {
                self.forget_person(now, &account, &email);
                Ok(Answer::Done)
            }
            Question::Watch { account, watch } => self.watch(account, watch).map(|()| Answer::Done),
            Question::MakeStream { by, stream } => self.make_stream(now, &by, stream),
            Question::Streams { by } => self.streams(now, &by),
            Question::DropStream { by, stream } => self.drop_stream(now, &by, stream),
            Question::OpenStream { stream, kind, offer, location } => {
                self.open_stream(now, stream, kind, *offer, location)
            }
            Question::StreamSession { stream, epoch, ends } => self.stream_session(now, stream, epoch, ends),
        };
        self.outbox.act(Output::Answer { id, answer });
    }

    fn change(&mut self, now: Millis, by: &Identity, change: ChangeRoom) -> Result<Answer, ErrorCode> {
        match self.relation(by).ok_or(ErrorCode::RoomNotFound)? {
            Relation::Owner | Relation::Cohost => {}
            Relation::Invited | Relation::Attended => return Err(ErrorCode::Forbidden),
        }
        if self.over().is_some() {
            return Err(ErrorCode::RoomEnded);
        }
        let is_news = is_news(&self.meeting.title, self.meeting.schedule.as_ref(), &change);
        let schedule = self.schedule_after(now, &change)?;
        self.check_kind(change.kind)?;
        self.check_invitations(&change)?;

        let uninvited: Vec<_> = change.uninvite.into_iter().filter(|email| self.guests.uninvite(email)).collect();
        let title = change.title.unwrap_or_else(|| self.meeting.title.clone());
        if is_news || !uninvited.is_empty() {
            self.meeting.sequence = self.meeting.sequence.saturating_add(1);
            self.unsaved.meeting = true;
        }
        if self.is_ahead(now) {
            for email in &uninvited {
                self.write(now, email, Notice::Cancellation);
            }
        }
        let kind = change.kind.unwrap_or(self.meeting.kind);
        let is_seen = title != self.meeting.title || kind != self.meeting.kind;
        (self.meeting.title, self.meeting.kind, self.meeting.schedule) = (title, kind, schedule);
        if is_seen {
            self.announce(Change::Room { room: self.summary() }, None);
        }
        let known: Vec<_> = self.guests.invited().map(|guest| guest.email.clone()).collect();
        let invited = self.change_guests(&change.invite, change.cohosts);
        if self.is_ahead(now) {
            for email in known.iter().filter(|_| is_news) {
                self.write(now, email, Notice::Change);
            }
            for email in &invited {
                self.write(now, email, Notice::Invitation);
            }
        }
        self.reconsider_roles();
        self.reconsider_lobby(now);
        if change.end {
            self.call_off(now);
            self.end(now, EndReason::EndedByHost);
        }
        // Whoever took themselves off the list still sees what they changed.
        self.details_for(Some(by), true).map(|details| Answer::Details(Box::new(details)))
    }

    /// Invites people and says who leads the meeting too. Answers who is invited that was not.
    fn change_guests(&mut self, invite: &[EmailAddress], cohosts: Option<Vec<EmailAddress>>) -> Vec<EmailAddress> {
        let guest = |email: &EmailAddress| Invitee { email: email.clone(), cohost: false };
        let mut invited = self.invite(&invite.iter().map(guest).collect::<Vec<_>>());
        let Some(cohosts) = cohosts else {
            return invited;
        };
        let before = self.guests.all().filter(|guest| guest.cohost).map(|guest| guest.email.clone());
        for email in before.filter(|email| !cohosts.contains(email)).collect::<Vec<_>>() {
            self.guests.set_cohost(&email, false);
        }
        let leader = |email: &EmailAddress| Invitee { email: email.clone(), cohost: true };
        invited.extend(self.invite(&cohosts.iter().map(leader).collect::<Vec<_>>()));
        invited
    }

    fn schedule_after(&self, now: Millis, change: &ChangeRoom) -> Result<Option<Schedule>, ErrorCode> {
        let before = self.meeting.schedule.as_ref();
        let Some(starts_at) = change.starts_at.map(|moment| moment.0).or(before.map(|before| before.starts_at)) else {
            let is_meant = change.duration_minutes.is_some() || change.time_zone.is_some();
            return if is_meant { Err(ErrorCode::InvalidRequest) } else { Ok(None) };
        };
        let duration = change.duration_minutes.or(before.map(|before| before.duration_minutes));
        let time_zone = change.time_zone.clone().or_else(|| before.and_then(|before| before.time_zone.clone()));
        let duration_minutes = duration.unwrap_or(DURATION_MINUTES);
        let after = Schedule { starts_at, duration_minutes, time_zone };
        if Some(&after) == before || is_plausible(now, &after) {
            Ok(Some(after))
        } else {
            Err(ErrorCode::InvalidRequest)
        }
    }

    fn check_kind(&self, kind: Option<RoomKind>) -> Result<(), ErrorCode> {
        let has_team = self.meeting.owner.as_ref().is_some_and(|owner| has_own_domain(&owner.email));
        match kind {
            Some(RoomKind::Team) if !has_team => Err(ErrorCode::InvalidRequest),
            Some(RoomKind::Private) if self.meeting.owner.is_none() => Err(ErrorCode::InvalidRequest),
            _ => Ok(()),
        }
    }

    /// Whether everybody fits who would be invited.
    fn check_invitations(&self, change: &ChangeRoom) -> Result<(), ErrorCode> {
        let owner = self.meeting.owner.as_ref().map(|owner| &owner.email);
        let remaining =
            self.guests.invited().map(|guest| &guest.email).filter(|email| !change.uninvite.contains(email));
        let named = change.invite.iter().chain(change.cohosts.iter().flatten());
        let invited: Set<_> = remaining.chain(named).filter(|email| Some(*email) != owner).collect();
        if invited.len() <= limits::INVITATIONS { Ok(()) } else { Err(ErrorCode::InvalidRequest) }
    }

    fn delete(&mut self, now: Millis, by: &Identity) -> Result<Answer, ErrorCode> {
        match self.relation(by).ok_or(ErrorCode::RoomNotFound)? {
            Relation::Owner => {}
            _ => return Err(ErrorCode::Forbidden),
        }
        self.clear_away(now);
        self.index.gone.extend(self.meeting.owner.iter().map(|owner| owner.email.clone()));
        Ok(Answer::Done)
    }

    /// The owner's account is deleted. Only cancellations under way still name them, until they are
    /// sent: calendars take none from a stranger.
    pub(crate) fn destroy(&mut self, now: Millis) {
        self.clear_away(now);
        let owner = self.meeting.owner.take();
        self.errands.drop_where(|errand| owner.as_ref().is_some_and(|owner| owner.email == *errand.email()));
        if let Ok(title) = DESTROYED.parse::<Title>() {
            self.meeting.title = title;
        }
        self.unsaved.meeting = true;
    }

    /// Ends it, calls off what was to come, and takes it out of everybody's list but the owner's.
    fn clear_away(&mut self, now: Millis) {
        if self.over().is_none() {
            if self.is_ahead(now) {
                self.cancel(now);
            }
            self.end(now, EndReason::EndedByHost);
        }
        self.strike_guests();
    }

    /// Nobody belongs to the meeting by their address any more.
    pub(crate) fn strike_guests(&mut self) {
        for email in self.guests.all().map(|guest| guest.email.clone()).collect::<Vec<_>>() {
            self.guests.strike(&email);
        }
    }

    /// A meeting that is ended before it took place does not take place.
    fn call_off(&mut self, now: Millis) {
        let Some(schedule) = &self.meeting.schedule else {
            return;
        };
        let took_place = match self.meeting.phase {
            RoomPhase::Created => false,
            RoomPhase::Waiting => schedule.starts_at <= now,
            RoomPhase::Active | RoomPhase::Expired | RoomPhase::Destroyed => true,
        };
        if !took_place && planned_end(schedule) > now {
            self.cancel(now);
        }
    }

    fn cancel(&mut self, now: Millis) {
        self.meeting.sequence = self.meeting.sequence.saturating_add(1);
        self.unsaved.meeting = true;
        for email in self.guests.invited().map(|guest| guest.email.clone()).collect::<Vec<_>>() {
            self.write(now, &email, Notice::Cancellation);
        }
    }

    /// Whether it is worth writing about it: it is not planned for a time that has passed.
    fn is_ahead(&self, now: Millis) -> bool {
        self.meeting.schedule.as_ref().is_none_or(|schedule| planned_end(schedule) > now)
    }

    /// A person's account is deleted.
    fn unlist(&mut self, email: &EmailAddress) {
        let is_theirs =
            |member: &crate::Member| member.identity.as_ref().is_some_and(|identity| identity.email == *email);
        if !self.roster.members().any(is_theirs) {
            self.guests.strike(email);
            self.index.unmentioned.insert(email.clone());
            self.mails.drop_where(|mail| mail.to == *email);
            self.errands.drop_where(|errand| errand.email() == email);
        }
    }

    fn forget_person(&mut self, now: Millis, account: &AccountId, email: &EmailAddress) {
        if self.meeting.owner.as_ref().is_some_and(|owner| owner.account == *account) {
            self.destroy(now);
        }
        self.guests.strike(email);
        self.unban(account);
        self.index.unmentioned.insert(email.clone());
        self.mails.drop_where(|mail| mail.to == *email);
        self.errands.drop_where(|errand| errand.email() == email);
        self.watchers.remove(account);
        let is_theirs = |identity: &Option<Identity>| identity.as_ref().is_some_and(|known| known.account == *account);
        for connection in
            self.sockets.all().filter(|connection| is_theirs(&connection.identity)).cloned().collect::<Vec<_>>()
        {
            self.sockets.remove(connection.id);
            self.outbox.close(connection.id, close::ENDED);
            self.lobby.remove(connection.participant);
        }
        let waiting = self.lobby.all().map(|waiting| &waiting.person);
        let waiting = waiting.filter(|person| person.verified && person.email.as_ref() == Some(email));
        for id in waiting.map(|person| person.id).collect::<Vec<_>>() {
            self.lobby.remove(id);
        }
        let members = self.roster.members().filter(|member| is_theirs(&member.identity));
        for id in members.map(|member| member.id).collect::<Vec<_>>() {
            self.remove_member(now, id);
        }
        self.forget_words(account);
    }

    /// What they said stays, without their name.
    fn forget_words(&mut self, account: &AccountId) {
        let Ok(name) = DELETED_ACCOUNT.parse::<DisplayName>() else {
            return;
        };
        let renamed = self.chat.rename(account, &name);
        if renamed.is_empty() {
            return;
        }
        self.unsaved.chat.extend(renamed);
        // No change tells of this; it is rare enough to tell everything.
        self.meeting.version = self.meeting.version.saturating_add(1);
        self.unsaved.meeting = true;
        for member in self.roster.members().map(|member| member.id).collect::<Vec<_>>() {
            self.welcome(member, self.sockets.of(member));
        }
    }
}
