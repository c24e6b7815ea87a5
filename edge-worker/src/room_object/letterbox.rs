//! Letters that wait for the one before: a meeting with a hundred invitations must not open a hundred
//! connections at once, and mail services count. Names only: what a name stands for, and whether it is
//! wanted still, is for the core to say when its turn comes.

use std::collections::VecDeque;

use mail::{EntryId, Verdict};

/// How many wait before those that nobody wants any more are looked for.
const MANY: usize = 2 * protocol::limits::INVITATIONS;

/// The letters of one meeting.
#[derive(Debug, Default)]
pub(super) struct Letterbox {
    waiting: VecDeque<EntryId>,
    sending: Option<EntryId>,
    /// Those whose reader's account was asked whether it takes another letter: it counts them.
    granted: Vec<EntryId>,
    is_emptied: bool,
}

impl Letterbox {
    /// Another letter; one that is in already stays one. Whether somebody must begin to empty the box.
    pub(super) fn put(&mut self, id: EntryId, is_wanted: impl Fn(EntryId) -> bool) -> bool {
        if self.waiting.len() >= MANY || self.granted.len() >= MANY {
            self.waiting.retain(|id| is_wanted(*id));
            self.granted.retain(|id| is_wanted(*id));
        }
        if self.sending != Some(id) && !self.waiting.contains(&id) {
            self.waiting.push_back(id);
        }
        !std::mem::replace(&mut self.is_emptied, true)
    }

    /// The next letter that is wanted. After `None` somebody must begin again.
    pub(super) fn next<T>(&mut self, wanted: impl Fn(EntryId) -> Option<T>) -> Option<(EntryId, T)> {
        while let Some(id) = self.waiting.pop_front() {
            if let Some(letter) = wanted(id) {
                self.sending = Some(id);
                return Some((id, letter));
            }
        }
        self.is_emptied = false;
        None
    }

    /// Whether its reader's account took it, this time or before.
    pub(super) fn is_granted(&self, id: EntryId) -> bool {
        self.granted.contains(&id)
    }

    /// Its reader's account takes it.
    pub(super) fn grant(&mut self, id: EntryId) {
        self.granted.push(id);
    }

    /// The last one is sent, or is not, and may come again.
    pub(super) fn sent(&mut self, verdict: Verdict) {
        let sent = self.sending.take();
        if verdict != Verdict::Failed {
            self.granted.retain(|id| Some(*id) != sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_out_one_after_the_other_each_once() {
        let mut letterbox = Letterbox::default();
        assert!(letterbox.put(1, |_| true));
        assert!(!letterbox.put(2, |_| true));
        assert_eq!(letterbox.next(Some), Some((1, 1)));
        for again in [1, 2, 3] {
            assert!(!letterbox.put(again, |_| true));
        }
        letterbox.grant(1);
        letterbox.sent(Verdict::Failed);
        assert!(letterbox.is_granted(1), "nobody is asked twice for one letter");
        assert_eq!(letterbox.next(Some), Some((2, 2)));
        letterbox.sent(Verdict::Delivered);
        assert_eq!(letterbox.next(Some), Some((3, 3)));
        letterbox.sent(Verdict::Delivered);
        assert_eq!(letterbox.next(Some), None);
        assert!(letterbox.put(1, |_| true), "it failed and is handed out again");
        assert_eq!(letterbox.next(Some), Some((1, 1)));
        letterbox.sent(Verdict::Delivered);
        assert!(!letterbox.is_granted(1));
    }

    #[test]
    fn what_was_replaced_while_it_waited_is_not_sent() {
        let mut letterbox = Letterbox::default();
        for id in 0..4 {
            letterbox.put(id, |_| true);
        }
        assert_eq!(letterbox.next(|id| (id >= 2).then_some(id)), Some((2, 2)));
        letterbox.sent(Verdict::Delivered);
        assert_eq!(letterbox.next(|_| None::<()>), None);
        assert!(letterbox.put(7, |_| true));
    }

    #[test]
    fn a_slow_mail_service_does_not_fill_it() {
        let mut letterbox = Letterbox::default();
        for id in 0..100_000 {
            // Each replaces the one before.
            letterbox.put(id, |other| other == id);
            letterbox.grant(id);
        }
        assert!(letterbox.waiting.len() <= MANY && letterbox.granted.len() <= MANY);
    }
}
