//! What the meeting writes to those who are invited: the newest letter to each, until it went out.

use mail::{EntryId, Letter, Mail, MeetingLetter, Notice, Organizer, Verdict};
use protocol::{Millis, rest::Delivery, text::EmailAddress};

use crate::{Room, records::Record};

impl Room {
    /// Writes to somebody, in place of what they were not reached with so far.
    pub(crate) fn write(&mut self, now: Millis, to: &EmailAddress, notice: Notice) {
        let unread = self.mails.items().filter(|mail| mail.to == *to).any(|mail| is(mail, Notice::Invitation));
        // Nobody understands the change of a meeting that they never heard of.
        let notice = if unread && notice == Notice::Change { Notice::Invitation } else { notice };
        let Some(letter) = self.letter(now, notice) else {
            return;
        };
        self.mails.drop_where(|mail| mail.to == *to);
        let id = self.next_entry();
        self.mails.push(now, id, Mail { to: to.clone(), letter: Letter::Meeting(letter) });
        self.guests.set_delivery(to, Delivery::Sending);
    }

    /// A letter about the meeting as it is now; nothing where nobody invites.
    pub(crate) fn letter(&self, now: Millis, notice: Notice) -> Option<MeetingLetter> {
        let owner = self.meeting.owner.as_ref()?;
        Some(MeetingLetter {
            notice,
            room: self.meeting.id.clone(),
            sequence: self.meeting.sequence,
            title: self.meeting.title.clone(),
            link: format!("{}/m/{}", self.meeting.origin, self.meeting.code),
            schedule: self.meeting.schedule.clone(),
            organizer: Organizer { name: owner.name.clone(), email: owner.email.clone() },
            at: now,
        })
    }

    /// What is to be sent under this name, as long as that is wanted: another letter may have taken
    /// its place, or its reader may be gone.
    #[must_use]
    pub fn mail(&self, id: EntryId) -> Option<&Mail> {
        self.mails.find(id)
    }

    /// A mail went out, or did not.
    pub(crate) fn posted(&mut self, now: Millis, id: EntryId, verdict: Verdict) {
        if let Some((mail, delivered)) = self.mails.settle(now, id, verdict) {
            let delivery = if delivered { Delivery::Sent } else { Delivery::Failed };
            self.guests.set_delivery(&mail.to, delivery);
        }
    }

    /// The meeting is over: nobody is invited to it any more.
    pub(crate) fn withdraw_letters(&mut self) {
        let withdrawn = self.mails.items().filter(|mail| !is(mail, Notice::Cancellation));
        for to in withdrawn.map(|mail| mail.to.clone()).collect::<Vec<_>>() {
            self.guests.set_delivery(&to, Delivery::Failed);
        }
        self.mails.drop_where(|mail| !is(mail, Notice::Cancellation));
    }

    /// The rows of mails that changed since the last call.
    pub(crate) fn take_unsaved_mails(&mut self) -> Vec<Record> {
        let changed = self.mails.take_changed().into_iter();
        changed.map(|(id, entry)| entry.map_or(Record::MailGone(id), Record::Mail)).collect()
    }

    /// A name for a mail or an errand.
    pub(crate) fn next_entry(&mut self) -> EntryId {
        let id = self.meeting.next_entry;
        self.meeting.next_entry = id.saturating_add(1);
        self.unsaved.meeting = true;
        id
    }
}

fn is(mail: &Mail, notice: Notice) -> bool {
    matches!(&mail.letter, Letter::Meeting(letter) if letter.notice == notice)
}
