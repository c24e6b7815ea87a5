//! Rows by their key, and which of them are not as they were last saved.

use crate::Map;

/// The rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<K, V> {
    rows: Map<K, V>,
    /// What is stored under each key that was touched since.
    stored: Map<K, Option<V>>,
}

/// A row that was saved before, and as it is now; nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<K, V> {
    /// Which.
    pub key: K,
    /// As it is stored.
    pub before: Option<V>,
    /// As it is now.
    pub after: Option<V>,
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self { rows: Map::new(), stored: Map::new() }
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> Rows<K, V> {
    /// The rows that were stored.
    pub fn restore(rows: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { rows: rows.into_iter().collect(), stored: Map::new() }
    }

    /// One, to read.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// One, to change.
    pub fn change(&mut self, key: &K) -> Option<&mut V> {
        self.touch(key);
        self.rows.get_mut(key)
    }

    /// One more, or another in its place.
    pub fn insert(&mut self, key: K, row: V) {
        self.touch(&key);
        self.rows.insert(key, row);
    }

    /// One less.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.touch(key);
        self.rows.remove(key)
    }

    /// All, by their key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// The same without their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.rows.values()
    }

    /// The keys of those of which this holds.
    pub fn keys_where(&self, which: impl Fn(&V) -> bool) -> Vec<K> {
        self.rows.iter().filter(|(_, row)| which(row)).map(|(key, _)| key.clone()).collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// No row is left, and whoever stores them drops them all.
    pub fn erase(&mut self) {
        self.rows.clear();
        self.stored.clear();
    }

    /// What is not as it is stored.
    #[must_use]
    pub fn changed(&self) -> Vec<Changed<K, V>> {
        let changed = self.stored.iter().filter(|(key, before)| self.rows.get(key) != before.as_ref());
        changed
            .map(|(key, before)| Changed {
                key: key.clone(),
                before: before.clone(),
                after: self.rows.get(key).cloned(),
            })
            .collect()
    }

    /// The same, and everything counts as stored from now on.
    pub fn take_changed(&mut self) -> Vec<Changed<K, V>> {
        let changed = self.changed();
        self.stored.clear();
        changed
    }

    fn touch(&mut self, key: &K) {
        if !self.stored.contains_key(key) {
            self.stored.insert(key.clone(), self.rows.get(key).cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_and_changed_back_is_not_saved() {
        let mut rows = Rows::restore([(1, 'a'), (2, 'b')]);
        *rows.change(&1).unwrap() = 'c';
        rows.insert(1, 'a');
        rows.insert(3, 'd');
        rows.remove(&3);
        assert_eq!(rows.take_changed(), []);
        rows.remove(&2);
        rows.insert(4, 'e');
        let changed =
            [Changed { key: 2, before: Some('b'), after: None }, Changed { key: 4, before: None, after: Some('e') }];
        assert_eq!(rows.keys_where(|row| *row > 'a'), [4]);
        assert_eq!(rows.take_changed(), changed);
        assert_eq!(rows.take_changed(), []);
    }
}
