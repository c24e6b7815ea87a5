//! A queue that loses nothing: an entry is stored with the decision it belongs to, handed out until
//! its delivery is confirmed, and handed out again after failures, later each time.

use protocol::Millis;
use serde::{Deserialize, Serialize};

/// Which entry; never used twice within a queue.
pub type EntryId = u64;

/// How long after each failure an entry is tried again; after the last it is given up.
pub const RETRY_DELAYS_MS: [Millis; 7] =
    [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000];

/// An entry, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<T> {
    /// Its name.
    pub id: EntryId,
    /// What is to be delivered.
    pub item: T,
    /// Failures so far.
    pub failures: u32,
    /// Not before.
    pub due_at: Millis,
}

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It may work later.
    Failed,
    /// It will never work: an address that the service refuses.
    Refused,
}

/// How long a delivery may take; one that was not confirmed by then is handed out again. It also wakes
/// whoever lost their memory with a delivery under way.
pub const LEASE_MS: Millis = 60_000;

/// What becomes of an entry after a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled<T> {
    /// It is over; drop its row.
    Over {
        /// What was to be delivered.
        item: T,
        /// Whether it was.
        delivered: bool,
    },
    /// It is tried again; store it.
    Later(Entry<T>),
}

/// The entries that have to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue<T> {
    /// Oldest first: names grow.
    waiting: Vec<Waiting<T>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting<T> {
    entry: Entry<T>,
    /// Known in memory only: whoever is restored hands out again.
    under_way_until: Option<Millis>,
}

impl<T> Waiting<T> {
    fn due_at(&self) -> Millis {
        self.under_way_until.unwrap_or(self.entry.due_at)
    }
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: Vec::new() }
    }
}

impl<T: Clone> Queue<T> {
    /// The entries that were stored, oldest first.
    #[must_use]
    pub fn restore(entries: Vec<Entry<T>>) -> Self {
        Self { waiting: entries.into_iter().map(|entry| Waiting { entry, under_way_until: None }).collect() }
    }

    /// Something to deliver at once. Store the entry.
    pub fn push(&mut self, now: Millis, id: EntryId, item: T) -> Entry<T> {
        let entry = Entry { id, item, failures: 0, due_at: now };
        self.waiting.retain(|waiting| waiting.entry.id != id);
        self.waiting.push(Waiting { entry: entry.clone(), under_way_until: None });
        entry
    }

    /// What to deliver now, oldest first. Each is under way for [`LEASE_MS`] from now on.
    pub fn take_due(&mut self, now: Millis) -> Vec<Entry<T>> {
        let due = self.waiting.iter_mut().filter(|waiting| waiting.due_at() <= now);
        due.map(|waiting| {
            waiting.under_way_until = Some(now.saturating_add(LEASE_MS));
            waiting.entry.clone()
        })
        .collect()
    }

    /// What came of a delivery; nothing for an entry that is over already.
    pub fn settle(&mut self, now: Millis, id: EntryId, verdict: Verdict) -> Option<Settled<T>> {
        let place = self.waiting.iter().position(|waiting| waiting.entry.id == id)?;
        let waiting = self.waiting.get_mut(place)?;
        let failures = usize::try_from(waiting.entry.failures).unwrap_or(usize::MAX);
        if verdict == Verdict::Failed
            && let Some(delay) = RETRY_DELAYS_MS.get(failures)
        {
            waiting.entry.failures = waiting.entry.failures.saturating_add(1);
            waiting.entry.due_at = now.saturating_add(*delay);
            waiting.under_way_until = None;
            return Some(Settled::Later(waiting.entry.clone()));
        }
        let Waiting { entry, .. } = self.waiting.remove(place);
        Some(Settled::Over { item: entry.item, delivered: verdict == Verdict::Delivered })
    }

    /// Takes entries out undelivered; drop their rows.
    pub fn remove_where(&mut self, mut which: impl FnMut(&T) -> bool) -> Vec<EntryId> {
        let mut removed = Vec::new();
        self.waiting.retain(|waiting| {
            let goes = which(&waiting.entry.item);
            if goes {
                removed.push(waiting.entry.id);
            }
            !goes
        });
        removed
    }

    /// When something is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Millis> {
        self.waiting.iter().map(Waiting::due_at).min()
    }

    /// All entries as they are stored, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<T>> {
        self.waiting.iter().map(|waiting| &waiting.entry)
    }

    /// Whether nothing has to be delivered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_confirmed_is_handed_out_again() {
        let mut queue = Queue::default();
        let stored = queue.push(5, 1, "a");
        assert_eq!(queue.take_due(5), std::slice::from_ref(&stored));
        assert!(queue.take_due(6).is_empty());
        assert_eq!(queue.next_due(), Some(5 + LEASE_MS));
        assert_eq!(queue.take_due(5 + LEASE_MS).len(), 1);
        let mut restored = Queue::restore(vec![stored]);
        assert_eq!(restored.take_due(7).len(), 1);
    }

    #[test]
    fn failures_are_tried_again_later_each_time_and_given_up_at_last() {
        let mut queue = Queue::default();
        queue.push(0, 1, "a");
        let mut now = 0;
        for delay in RETRY_DELAYS_MS {
            assert_eq!(queue.take_due(now).len(), 1);
            let Some(Settled::Later(entry)) = queue.settle(now, 1, Verdict::Failed) else { panic!("given up") };
            assert_eq!(entry.due_at, now + delay);
            assert!(queue.take_due(now + delay - 1).is_empty());
            now += delay;
        }
        assert_eq!(queue.settle(now, 1, Verdict::Failed), Some(Settled::Over { item: "a", delivered: false }));
        assert!(queue.is_empty() && queue.settle(now, 1, Verdict::Delivered).is_none());
    }

    #[test]
    fn what_arrived_or_was_refused_is_over() {
        let mut queue = Queue::default();
        queue.push(0, 1, "a");
        queue.push(0, 2, "b");
        assert_eq!(queue.settle(1, 1, Verdict::Delivered), Some(Settled::Over { item: "a", delivered: true }));
        assert_eq!(queue.settle(1, 2, Verdict::Refused), Some(Settled::Over { item: "b", delivered: false }));
        queue.push(2, 3, "c");
        assert_eq!(queue.remove_where(|item| *item == "c"), [3]);
        assert!(queue.next_due().is_none());
    }
}
