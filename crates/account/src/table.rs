//! Rows of one kind by their key, and which of them storage does not know yet.
//!
//! Sorted lists rather than trees: there are at most some hundred rows, and a tree of each kind is
//! 5 kB of the Worker.

/// Rows in memory, as they are stored once the changes were taken.
#[derive(Debug, Clone)]
pub(crate) struct Table<K, V> {
    rows: Vec<(K, V)>,
    /// As storage has them: those that were touched since the changes were last taken.
    before: Vec<(K, Option<V>)>,
}

/// What storage has to learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change<K, V> {
    /// Replace what has the same key.
    Is(V),
    /// Drop it.
    Gone(K),
}

impl<K: Ord + Clone, V: Clone + PartialEq> Table<K, V> {
    /// What was stored.
    pub(crate) fn restore(stored: Vec<(K, V)>) -> Self {
        let mut table = Self { rows: Vec::new(), before: Vec::new() };
        for (key, row) in stored {
            table.put(key, row);
        }
        table
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let place = self.place(key).ok()?;
        self.rows.get(place).map(|(_, row)| row)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.rows.iter().map(|(_, row)| row)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        self.remove(&key);
        self.touch(&key, None);
        self.put(key, row);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        let (_, old) = self.rows.remove(place);
        self.touch(key, Some(&old));
        Some(old)
    }

    /// The keys of all rows of which this holds.
    pub(crate) fn keys_where(&self, which: impl Fn(&V) -> bool) -> Vec<K> {
        self.rows.iter().filter(|(_, row)| which(row)).map(|(key, _)| key.clone()).collect()
    }

    /// What changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Vec<Change<K, V>> {
        let mut changes = Vec::new();
        for (key, before) in std::mem::take(&mut self.before) {
            match (before, self.get(&key)) {
                (Some(before), Some(row)) if before == *row => {}
                (_, Some(row)) => changes.push(Change::Is(row.clone())),
                (Some(_), None) => changes.push(Change::Gone(key)),
                (None, None) => {}
            }
        }
        changes
    }

    fn put(&mut self, key: K, row: V) {
        let place = self.place(&key).unwrap_or_else(|place| place);
        self.rows.insert(place, (key, row));
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.rows.binary_search_by(|(other, _)| other.cmp(key))
    }

    fn touch(&mut self, key: &K, before: Option<&V>) {
        if !self.before.iter().any(|(other, _)| other == key) {
            self.before.push((key.clone(), before.cloned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_learns_what_became_of_each_row_and_nothing_else() {
        let mut table = Table::restore(vec![(3, "c"), (1, "a"), (2, "b")]);
        table.insert(1, "x");
        table.insert(1, "a");
        table.insert(2, "y");
        assert_eq!(table.remove(&3), Some("c"));
        table.insert(4, "d");
        table.insert(5, "e");
        assert_eq!(table.remove(&5), Some("e"));
        assert_eq!(table.remove(&6), None);
        assert_eq!(table.take_changes(), [Change::Is("y"), Change::Gone(3), Change::Is("d")]);
        assert_eq!(table.take_changes(), []);
        assert_eq!((table.len(), table.is_empty(), table.get(&4)), (3, false, Some(&"d")));
        assert_eq!(table.keys_where(|row| *row != "a"), [2, 4]);
    }
}
