//! Rows of one kind by their key, and which of them storage does not know yet.

use std::collections::BTreeMap;

/// Rows in memory, as they are stored once the changes were taken.
#[derive(Debug, Clone)]
pub(crate) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    /// As storage has them: those that were touched since the changes were last taken.
    before: BTreeMap<K, Option<V>>,
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
    pub(crate) fn restore(rows: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { rows: rows.into_iter().collect(), before: BTreeMap::new() }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.rows.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn insert(&mut self, key: K, row: V) {
        let old = self.rows.insert(key.clone(), row);
        self.before.entry(key).or_insert(old);
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let old = self.rows.remove(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(old.clone()));
        Some(old)
    }

    /// The keys of all rows of which this holds.
    pub(crate) fn keys_where(&self, which: impl Fn(&V) -> bool) -> Vec<K> {
        self.rows.iter().filter(|(_, row)| which(row)).map(|(key, _)| key.clone()).collect()
    }

    /// What changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Vec<Change<K, V>> {
        let before = std::mem::take(&mut self.before);
        let changes = before.into_iter().filter_map(|(key, before)| match (before, self.rows.get(&key)) {
            (Some(before), Some(row)) if before == *row => None,
            (_, Some(row)) => Some(Change::Is(row.clone())),
            (Some(_), None) => Some(Change::Gone(key)),
            (None, None) => None,
        });
        changes.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_learns_what_became_of_each_row_and_nothing_else() {
        let mut table = Table::restore([(1, "a"), (2, "b"), (3, "c")]);
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
