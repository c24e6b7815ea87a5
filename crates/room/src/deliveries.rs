//! A [`Queue`] and which of its entries are not as they were last saved.

use mail::{Entry, EntryId, Queue, Settled, Verdict};
use protocol::Millis;
use sorted::Set;

/// What has to reach somebody else.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Deliveries<T> {
    queue: Queue<T>,
    stored: Set<EntryId>,
    touched: Set<EntryId>,
}

impl<T> Default for Deliveries<T> {
    fn default() -> Self {
        Self { queue: Queue::default(), stored: Set::new(), touched: Set::new() }
    }
}

impl<T: Clone> Deliveries<T> {
    /// The entries that were stored.
    pub(crate) fn restore(entries: Vec<Entry<T>>) -> Self {
        let stored = entries.iter().map(|entry| entry.id).collect();
        Self { queue: Queue::restore(entries), stored, touched: Set::new() }
    }

    /// Something to deliver at once.
    pub(crate) fn push(&mut self, now: Millis, id: EntryId, item: T) {
        self.queue.push(now, id, item);
        self.touched.insert(id);
    }

    /// What to deliver now, oldest first; under way from now on.
    pub(crate) fn take_due(&mut self, now: Millis) -> Vec<Entry<T>> {
        self.queue.take_due(now)
    }

    /// What came of a delivery. Answers the item and whether it arrived, once that is decided.
    pub(crate) fn settle(&mut self, now: Millis, id: EntryId, verdict: Verdict) -> Option<(T, bool)> {
        let settled = self.queue.settle(now, id, verdict)?;
        self.touched.insert(id);
        match settled {
            Settled::Over { item, delivered } => Some((item, delivered)),
            Settled::Later(_) => None,
        }
    }

    /// These are not wanted any more.
    pub(crate) fn drop_where(&mut self, which: impl FnMut(&T) -> bool) {
        self.touched.extend(self.queue.remove_where(which));
    }

    /// What has to be delivered under this name.
    pub(crate) fn find(&self, id: EntryId) -> Option<&T> {
        self.queue.entries().find(|entry| entry.id == id).map(|entry| &entry.item)
    }

    /// Everything that has to be delivered, oldest first.
    pub(crate) fn items(&self) -> impl Iterator<Item = &T> {
        self.queue.entries().map(|entry| &entry.item)
    }

    /// The same as it is stored.
    pub(crate) fn entries(&self) -> Vec<Entry<T>> {
        self.queue.entries().cloned().collect()
    }

    /// When something is due.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        self.queue.next_due()
    }

    /// Whether nothing has to be delivered.
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The rows that changed since the last call; nothing in place of an entry that is over.
    pub(crate) fn take_changed(&mut self) -> Vec<(EntryId, Option<Entry<T>>)> {
        let touched = std::mem::take(&mut self.touched);
        let mut changed = Vec::new();
        for entry in self.queue.entries().filter(|entry| touched.contains(&entry.id)) {
            self.stored.insert(entry.id);
            changed.push((entry.id, Some(entry.clone())));
        }
        let live: Set<_> = changed.iter().map(|(id, _)| *id).collect();
        for id in touched.difference(&live) {
            // What came and went in between was never stored.
            if self.stored.remove(id) {
                changed.push((*id, None));
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_stored_is_dropped() {
        let mut deliveries = Deliveries::default();
        deliveries.push(0, 1, 'a');
        deliveries.push(0, 2, 'b');
        deliveries.drop_where(|item| *item == 'a');
        let ids = |changed: Vec<(EntryId, Option<Entry<char>>)>| -> Vec<_> {
            changed.into_iter().map(|(id, entry)| (id, entry.is_some())).collect()
        };
        assert_eq!(ids(deliveries.take_changed()), [(2, true)]);
        assert_eq!(ids(deliveries.take_changed()), []);
        assert_eq!(deliveries.settle(0, 2, Verdict::Delivered), Some(('b', true)));
        assert_eq!(ids(deliveries.take_changed()), [(2, false)]);
    }
}
