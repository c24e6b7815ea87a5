//! The rows of a room in memory; holds that each is written when it changed, and only then.

use std::collections::{BTreeMap, BTreeSet};

use mail::{Entry, EntryId, Mail};
use protocol::{
    id::{AccountId, ParticipantId},
    limits,
    text::EmailAddress,
};
use room::{Errand, Guest, Meeting, Member, Record, Said, Stored, Waiting};

/// The rows, as the driver keeps them.
#[derive(Debug, Clone, Default)]
pub struct Store {
    pub meeting: Option<Meeting>,
    pub members: BTreeMap<ParticipantId, Member>,
    pub chat: BTreeMap<u64, Said>,
    pub waiting: BTreeMap<ParticipantId, Waiting>,
    pub guests: BTreeMap<EmailAddress, Guest>,
    pub watchers: BTreeSet<AccountId>,
    pub mails: BTreeMap<EntryId, Entry<Mail>>,
    pub errands: BTreeMap<EntryId, Entry<Errand>>,
    /// Rows written so far.
    pub writes: usize,
}

impl Store {
    pub fn save(&mut self, record: Record) {
        self.writes += 1;
        match record {
            Record::Meeting(meeting) => {
                assert_ne!(self.meeting.as_ref(), Some(&meeting), "the row did not change");
                self.meeting = Some(meeting);
            }
            Record::Member(member) => {
                let before = self.members.insert(member.id, member.clone());
                assert_ne!(before, Some(member), "the row did not change");
            }
            Record::MemberGone(id) => assert!(self.members.remove(&id).is_some(), "there was no row"),
            Record::Chat(said) => {
                let sequence = said.sequence;
                let before = self.chat.insert(sequence, said.clone());
                assert_ne!(before.as_ref(), Some(&said), "the row did not change");
                if let Some(before) = before {
                    let renamed = Said { author_name: said.author_name.clone(), account: None, ..before.clone() };
                    let taken_back = Said { text: None, ..before };
                    assert!(renamed == said || taken_back == said, "a message is only taken back, or renamed");
                }
                self.chat = self.chat.split_off(&(sequence + 1).saturating_sub(limits::CHAT_HISTORY as u64));
            }
            Record::Waiting(waiting) => put(&mut self.waiting, waiting.person.id, waiting),
            Record::WaitingGone(id) => assert!(self.waiting.remove(&id).is_some(), "there was no row"),
            Record::Guest(guest) => put(&mut self.guests, guest.email.clone(), guest),
            Record::GuestGone(email) => assert!(self.guests.remove(&email).is_some(), "there was no row"),
            Record::Watcher(account) => assert!(self.watchers.insert(account), "the row is there"),
            Record::WatcherGone(account) => assert!(self.watchers.remove(&account), "there was no row"),
            Record::Mail(entry) => put(&mut self.mails, entry.id, entry),
            Record::MailGone(id) => assert!(self.mails.remove(&id).is_some(), "there was no row"),
            Record::Errand(entry) => put(&mut self.errands, entry.id, entry),
            Record::ErrandGone(id) => assert!(self.errands.remove(&id).is_some(), "there was no row"),
            Record::Erased => {
                self.members.clear();
                self.chat.clear();
                self.waiting.clear();
                self.watchers.clear();
            }
            Record::Forgotten => *self = Self { writes: self.writes, ..Self::default() },
        }
    }

    pub fn load(&self) -> Option<Stored> {
        let meeting = self.meeting.clone()?;
        Some(Stored {
            meeting,
            members: self.members.values().cloned().collect(),
            chat: self.chat.values().cloned().collect(),
            waiting: self.waiting.values().cloned().collect(),
            guests: self.guests.values().cloned().collect(),
            watchers: self.watchers.iter().cloned().collect(),
            mails: self.mails.values().cloned().collect(),
            errands: self.errands.values().cloned().collect(),
        })
    }
}

fn put<K: Ord, V: Clone + PartialEq + std::fmt::Debug>(rows: &mut BTreeMap<K, V>, key: K, row: V) {
    let before = rows.insert(key, row.clone());
    assert_ne!(before, Some(row), "the row did not change");
}
