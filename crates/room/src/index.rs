//! What accounts must know of the meeting for their lists: the newest to each, until it arrived.

use mail::{EntryId, Verdict};
use protocol::{Millis, rest::Relation, text::EmailAddress};
use sorted::Set;

use crate::{
    Room,
    interface::Errand,
    records::{Guest, Meeting, Record},
};

/// What follows for lists from the current input besides what the rows show.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Index {
    /// It leaves these people's lists, whatever they are to the meeting.
    pub(crate) gone: Set<EmailAddress>,
    /// These are told nothing: there is no account any more.
    pub(crate) unmentioned: Set<EmailAddress>,
}

impl Room {
    /// Turns what changed into errands.
    pub(crate) fn update_index(&mut self, now: Millis) {
        let Index { mut gone, unmentioned } = std::mem::take(&mut self.index);
        let mut tell = Set::new();
        if self.saved.as_ref().is_none_or(|saved| is_listed_otherwise(saved, &self.meeting)) {
            tell.extend(self.meeting.owner.iter().map(|owner| owner.email.clone()));
            tell.extend(self.guests.all().map(|guest| guest.email.clone()));
        }
        for changed in self.guests.changed() {
            let relation = |guest: &Option<Guest>| guest.as_ref().and_then(Guest::relation);
            match (relation(&changed.before), relation(&changed.after)) {
                (before, Some(after)) if before != Some(after) => drop(tell.insert(changed.key)),
                (Some(_), None) => drop(gone.insert(changed.key)),
                _ => {}
            }
        }
        tell.retain(|email| !gone.contains(email) && !unmentioned.contains(email));
        gone.retain(|email| !unmentioned.contains(email));
        if tell.is_empty() && gone.is_empty() {
            return;
        }
        self.meeting.revision = self.meeting.revision.saturating_add(1);
        self.unsaved.meeting = true;
        let revision = self.meeting.revision;
        for email in tell {
            if let Some(relation) = self.relation_of_address(&email) {
                let details = Box::new(self.listed_for(relation));
                self.run(now, Errand::Tell { email, details, revision });
            }
        }
        for email in gone {
            self.run(now, Errand::Gone { email, revision });
        }
    }

    /// An errand was run, or was not.
    pub(crate) fn done(&mut self, now: Millis, id: EntryId, verdict: Verdict) {
        let settled = self.errands.settle(now, id, verdict);
        // The owner's account is gone, and went before it knew of this meeting.
        if verdict == Verdict::Refused
            && let Some((Errand::Tell { email, .. }, _)) = settled
            && self.meeting.owner.as_ref().is_some_and(|owner| owner.email == email)
        {
            self.destroy(now);
        }
    }

    /// The rows of errands that changed since the last call.
    pub(crate) fn take_unsaved_errands(&mut self) -> Vec<Record> {
        let changed = self.errands.take_changed().into_iter();
        changed.map(|(id, entry)| entry.map_or(Record::ErrandGone(id), Record::Errand)).collect()
    }

    fn run(&mut self, now: Millis, errand: Errand) {
        self.errands.drop_where(|older| older.email() == errand.email());
        let id = self.next_entry();
        self.errands.push(now, id, errand);
    }

    fn relation_of_address(&self, email: &EmailAddress) -> Option<Relation> {
        if self.meeting.owner.as_ref().is_some_and(|owner| owner.email == *email) {
            return Some(Relation::Owner);
        }
        self.guests.find(email).and_then(Guest::relation)
    }
}

impl Errand {
    /// Whose account it goes to.
    #[must_use]
    pub const fn email(&self) -> &EmailAddress {
        match self {
            Self::Tell { email, .. } | Self::Gone { email, .. } => email,
        }
    }
}

/// Whether a list shows the meeting in another way. How many are in is for those who watch.
fn is_listed_otherwise(before: &Meeting, after: &Meeting) -> bool {
    let host = |meeting: &Meeting| meeting.owner.as_ref().map(|owner| owner.name.clone());
    before.title != after.title
        || before.kind != after.kind
        || before.schedule != after.schedule
        || before.is_over() != after.is_over()
        || host(before) != host(after)
}
