//! What the meeting is to people outside it: guests, letters, lists of meetings, open home pages.

use mail::{Letter, Notice};
use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    rest::{Delivery, Relation, RoomKind, RoomPhase, Schedule},
    signal::close,
};
use room::{Errand, NewRoom, Stored};

use super::{
    Model, OWNER, PEOPLE, Told,
    deliveries::{by_address, hand_out, sending, stored_form},
    email_of,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Guest {
    pub email: String,
    pub invited: bool,
    pub cohost: bool,
    pub attended: bool,
    pub delivery: Delivery,
}

/// An open home page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    email: String,
    kept: bool,
    gone: bool,
    under_way: bool,
    told: Option<(RoomPhase, u32)>,
}

/// A change of the meeting. Masks name addresses by their place among the people.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub title: Option<bool>,
    pub kind: Option<RoomKind>,
    pub starts_in: Option<i64>,
    pub invite: u8,
    pub uninvite: u8,
    pub cohosts: Option<u8>,
    pub end: bool,
}

/// A question. People are named by their number.
#[derive(Debug, Clone)]
pub enum Ask {
    Change(u8, Edit),
    Delete(u8),
    Destroy,
    Forget(u8),
    Watch(u8, bool),
}

/// The addresses that a mask names.
pub fn addresses(mask: u8) -> Vec<&'static str> {
    (0_u8..).zip(PEOPLE).filter(|(place, _)| mask >> place & 1 == 1).filter_map(|(_, email)| email).collect()
}

/// When a meeting begins whose edit says so.
pub fn starts_at(now: Millis, starts_in: i64) -> Millis {
    now.saturating_add_signed(starts_in)
}

impl Model {
    pub(super) fn founded(&mut self, now: Millis, new: &NewRoom) {
        let invite: Vec<_> = new.invite.iter().map(|invitee| invitee.email.as_str()).collect();
        let invited = self.invite(&invite);
        if new.letters {
            invited.iter().for_each(|email| self.write(now, email, Notice::Invitation));
        }
    }

    pub(super) fn guest(&self, email: &str) -> Option<&Guest> {
        self.guests.iter().find(|guest| guest.email == email)
    }

    pub(super) fn guest_mut(&mut self, email: &str) -> Option<&mut Guest> {
        self.guests.iter_mut().find(|guest| guest.email == email)
    }

    pub(super) fn attend(&mut self, id: ParticipantId) {
        let Some(email) = email_of(id).filter(|email| !self.owned || *email != OWNER) else { return };
        self.guest_or_new(email).attended = true;
    }

    pub(super) fn guest_or_new(&mut self, email: &str) -> &mut Guest {
        if self.guest(email).is_none() {
            let (email, delivery) = (email.to_owned(), Delivery::Sent);
            self.guests.push(Guest { email, invited: false, cohost: false, attended: false, delivery });
        }
        self.guest_mut(email).unwrap()
    }

    fn invite(&mut self, emails: &[&str]) -> Vec<String> {
        let mut newly = Vec::new();
        for email in emails.iter().filter(|email| **email != OWNER && self.owned).copied().collect::<Vec<_>>() {
            let guest = self.guest_or_new(email);
            if !guest.invited {
                (guest.invited, guest.delivery) = (true, Delivery::Sent);
                newly.push(email.to_owned());
            }
        }
        newly
    }

    pub(super) fn planned_end(&self) -> Millis {
        self.schedule.as_ref().map_or(0, |schedule| schedule.starts_at + u64::from(schedule.duration_minutes) * 60_000)
    }

    fn ahead(&self, now: Millis) -> bool {
        self.schedule.is_none() || self.planned_end() > now
    }

    pub(super) fn relation(&self, email: &str) -> Option<Relation> {
        let guest = self.guest(email);
        match guest {
            _ if self.owned && email == OWNER => Some(Relation::Owner),
            Some(guest) if guest.cohost => Some(Relation::Cohost),
            Some(guest) if guest.invited => Some(Relation::Invited),
            Some(_) => Some(Relation::Attended),
            None => None,
        }
    }

    pub fn ask(&mut self, now: Millis, ask: &Ask) -> Result<(), ErrorCode> {
        let email = |number: &u8| PEOPLE[usize::from(*number)].unwrap();
        match ask {
            Ask::Destroy | Ask::Forget(_) if self.forgotten => Ok(()),
            _ if self.forgotten => Err(ErrorCode::RoomNotFound),
            Ask::Change(by, edit) => self.edit(now, email(by), edit),
            Ask::Delete(by) => match self.relation(email(by)) {
                None => Err(ErrorCode::RoomNotFound),
                Some(Relation::Owner) => {
                    self.clear_away(now);
                    self.listed.gone.insert(OWNER.to_owned());
                    Ok(())
                }
                Some(_) => Err(ErrorCode::Forbidden),
            },
            Ask::Destroy => {
                self.destroy(now);
                Ok(())
            }
            Ask::Forget(person) => {
                self.forget(now, email(person));
                Ok(())
            }
            Ask::Watch(person, watch) => {
                self.watch(email(person), *watch);
                Ok(())
            }
        }
    }

    fn edit(&mut self, now: Millis, by: &str, edit: &Edit) -> Result<(), ErrorCode> {
        match self.relation(by) {
            None => return Err(ErrorCode::RoomNotFound),
            Some(Relation::Owner | Relation::Cohost) => {}
            Some(_) => return Err(ErrorCode::Forbidden),
        }
        if self.over() {
            return Err(ErrorCode::RoomEnded);
        }
        let schedule = match edit.starts_in {
            None => self.schedule.clone(),
            Some(starts_in) => {
                let before = self.schedule.clone();
                let duration_minutes = before.as_ref().map_or(60, |before| before.duration_minutes);
                let starts_at = starts_at(now, starts_in);
                let time_zone = before.and_then(|before| before.time_zone);
                Some(Schedule { starts_at, duration_minutes, time_zone })
            }
        };
        if let Some(Schedule { starts_at, duration_minutes, .. }) = &schedule
            && schedule != self.schedule
            && (starts_at + u64::from(*duration_minutes) * 60_000 <= now || *starts_at > now + 732 * 86_400_000)
        {
            return Err(ErrorCode::InvalidRequest);
        }
        if !self.owned && matches!(edit.kind, Some(RoomKind::Private | RoomKind::Team)) {
            return Err(ErrorCode::InvalidRequest);
        }
        let title = edit.title.map_or(self.title.clone(), |title| if title { "One" } else { "Two" }.to_owned());
        let news = title != self.title || schedule != self.schedule;
        let mut uninvited = Vec::new();
        for email in addresses(edit.uninvite) {
            if self.guest(email).is_some_and(|guest| guest.invited) {
                uninvited.push(email);
                let guest = self.guest_mut(email).unwrap();
                (guest.invited, guest.cohost) = (false, false);
                self.guests.retain(|guest| guest.invited || guest.attended);
            }
        }
        if news || !uninvited.is_empty() {
            self.sequence += 1;
        }
        if self.ahead(now) {
            uninvited.iter().for_each(|email| self.write(now, email, Notice::Cancellation));
        }
        let kind = edit.kind.unwrap_or(self.kind);
        if kind != self.kind || title != self.title {
            self.version += 1;
        }
        (self.title, self.kind, self.schedule) = (title, kind, schedule);
        let known: Vec<_> = self.guests.iter().filter(|guest| guest.invited).map(|guest| guest.email.clone()).collect();
        let mut invited = self.invite(&addresses(edit.invite));
        if let Some(cohosts) = edit.cohosts {
            invited.extend(self.invite(&addresses(cohosts)));
            for guest in &mut self.guests {
                let listed = addresses(cohosts).contains(&guest.email.as_str());
                guest.cohost = listed && (guest.invited || guest.cohost);
            }
        }
        if self.ahead(now) {
            known.iter().filter(|_| news).for_each(|email| self.write(now, email, Notice::Change));
            invited.iter().for_each(|email| self.write(now, email, Notice::Invitation));
        }
        self.decide_roles();
        self.decide_about_waiting(now);
        if edit.end {
            let begun = self.schedule.as_ref().is_none_or(|schedule| schedule.starts_at <= now);
            let met = !self.people.is_empty() || (self.phase == RoomPhase::Waiting && begun);
            if self.schedule.is_some() && !met && self.ahead(now) {
                self.cancel(now);
            }
            self.finish(now, RoomPhase::Destroyed);
        }
        Ok(())
    }

    fn cancel(&mut self, now: Millis) {
        self.sequence += 1;
        for guest in self.guests.clone().iter().filter(|guest| guest.invited) {
            self.write(now, &guest.email, Notice::Cancellation);
        }
    }

    fn clear_away(&mut self, now: Millis) {
        if !self.over() {
            if self.ahead(now) {
                self.cancel(now);
            }
            self.finish(now, RoomPhase::Destroyed);
        }
        self.guests.clear();
    }

    pub(super) fn destroy(&mut self, now: Millis) {
        self.clear_away(now);
        if self.owned {
            self.errands.retain(|errand| errand.to != OWNER);
        }
        self.owned = false;
        self.title = "Meeting".to_owned();
    }

    fn forget(&mut self, now: Millis, email: &str) {
        if self.owned && email == OWNER {
            self.destroy(now);
        }
        self.guests.retain(|guest| guest.email != email);
        self.rules.banned_emails.retain(|banned| banned != email);
        self.listed.unmentioned.insert(email.to_owned());
        self.mails.retain(|mail| mail.to != email);
        self.errands.retain(|errand| errand.to != email);
        self.watch(email, false);
        for socket in self.sockets.clone() {
            if email_of(socket.person) == Some(email) {
                self.sockets.retain(|known| known.id != socket.id);
                self.tell(socket.id, Told::Closed(close::ENDED));
            }
        }
        self.waiting.retain(|waiting| waiting.email.as_deref() != Some(email));
        for person in self.people.clone() {
            if person.email.as_deref() == Some(email) {
                self.out(now, person.id);
            }
        }
        let kept = self.said.len().saturating_sub(200);
        let mut theirs: Vec<_> =
            self.said[kept..].iter_mut().filter(|line| line.email.as_deref() == Some(email)).collect();
        if !theirs.is_empty() {
            theirs.iter_mut().for_each(|line| (line.email, line.name) = (None, "Deleted account".to_owned()));
            self.version += 1;
            for person in self.people.clone() {
                self.welcome(person.id);
            }
        }
    }

    pub(super) fn finish_outside(&mut self) {
        for mail in self.mails.clone().iter().filter(|mail| mail.what.0 != Notice::Cancellation) {
            if let Some(guest) = self.guest_mut(&mail.to) {
                guest.delivery = Delivery::Failed;
            }
        }
        self.mails.retain(|mail| mail.what.0 == Notice::Cancellation);
        self.pages.iter_mut().for_each(|page| page.kept = false);
    }

    /// The meeting was over for long.
    pub(super) fn dissolve(&mut self) {
        if self.owned || !self.guests.is_empty() {
            self.guests.clear();
            if std::mem::take(&mut self.owned) {
                self.listed.gone.insert(OWNER.to_owned());
            }
        } else {
            self.forgotten = self.mails.is_empty() && self.errands.is_empty();
        }
    }

    fn watch(&mut self, email: &str, watch: bool) {
        let over = self.over();
        let known = self.pages.iter_mut().find(|page| page.email == email);
        match (known, watch) {
            (Some(page), true) => (page.kept, page.gone, page.told) = (!over, false, None),
            (Some(page), false) => (page.kept, page.gone) = (false, true),
            (None, true) => self.pages.push(Page {
                email: email.to_owned(),
                kept: !over,
                gone: false,
                under_way: false,
                told: None,
            }),
            (None, false) => {}
        }
    }

    pub fn reported(&mut self, email: &str, watching: bool) {
        self.pages.iter_mut().filter(|page| page.email == email).for_each(|page| page.under_way = false);
        if !watching {
            self.watch(email, false);
        }
    }

    pub fn is_reporting(&self, email: &str) -> bool {
        self.pages.iter().any(|page| page.email == email && page.under_way)
    }

    pub(super) fn restart_outside(&mut self) {
        self.mails.iter_mut().for_each(|mail| mail.until = None);
        self.errands.iter_mut().for_each(|errand| errand.until = None);
        self.pages.retain(|page| page.kept);
        self.pages.iter_mut().for_each(|page| (page.under_way, page.told) = (false, None));
    }

    /// What follows from an input, once it is dealt with: mails and errands handed out, by their
    /// address, and reports.
    #[expect(clippy::type_complexity, reason = "three lists of what a driver is asked to do")]
    pub fn settle(&mut self, now: Millis) -> (Vec<String>, Vec<String>, Vec<(String, RoomPhase, u32)>) {
        if self.forgotten {
            return Default::default();
        }
        self.enforce();
        self.tell_about_waiting();
        self.update_lists(now);
        let state = (self.phase, u32::try_from(self.people.len()).unwrap());
        let mut reports = Vec::new();
        for page in self.pages.iter_mut().filter(|page| !page.gone && !page.under_way && page.told != Some(state)) {
            (page.under_way, page.told) = (true, Some(state));
            reports.push((page.email.clone(), state.0, state.1));
        }
        self.pages.retain(|page| page.under_way || (page.kept && !page.gone));
        reports.sort_by(|a, b| a.0.cmp(&b.0));
        (hand_out(&mut self.mails, now), hand_out(&mut self.errands, now), reports)
    }

    pub(super) fn outside_is(&self, stored: &Stored) {
        let meeting = &stored.meeting;
        assert_eq!(
            (meeting.title.to_string(), meeting.kind, &meeting.schedule),
            (self.title.clone(), self.kind, &self.schedule)
        );
        assert_eq!((meeting.owner.is_some(), meeting.sequence), (self.owned, self.sequence));
        assert_eq!(meeting.revision, self.revision);
        let mut guests = self.guests.clone();
        guests.sort_by(|a, b| a.email.cmp(&b.email));
        let rows: Vec<_> = stored
            .guests
            .iter()
            .map(|guest| Guest {
                email: guest.email.to_string(),
                invited: guest.invited,
                cohost: guest.cohost,
                attended: guest.attended,
                delivery: guest.delivery,
            })
            .collect();
        assert_eq!(rows, guests);
        let mails = stored.mails.iter().map(|entry| {
            let Letter::Meeting(letter) = &entry.item.letter else { panic!("{entry:?}") };
            sending(entry.item.to.as_str(), (letter.notice, letter.sequence), entry.failures, entry.due_at)
        });
        assert_eq!(by_address(mails), stored_form(&self.mails));
        let errands = stored.errands.iter().map(|entry| {
            let (what, revision) = match &entry.item {
                Errand::Tell { details, revision, .. } => (details.relation, revision),
                Errand::Gone { revision, .. } => (None, revision),
            };
            assert!(*revision <= self.revision);
            sending(entry.item.email().as_str(), what, entry.failures, entry.due_at)
        });
        assert_eq!(by_address(errands), stored_form(&self.errands));
        let mut pages: Vec<_> = self
            .pages
            .iter()
            .filter(|page| page.kept)
            .map(|page| super::super::identity(&page.email).account)
            .collect();
        pages.sort();
        assert_eq!(stored.watchers, pages);
    }
}
