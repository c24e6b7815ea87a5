//! Values in their order, each once.

use std::borrow::Borrow;

use crate::map::Map;

/// An ordered set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set<T>(Map<T, ()>);

impl<T> Set<T> {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self(Map::new())
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.0.keys()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Keeps those of which this holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.0.retain(|value, ()| keep(value));
    }
}

impl<T: Ord> Set<T> {
    /// Whether it is in.
    #[must_use]
    pub fn contains<Q: Ord + ?Sized>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.contains_key(value)
    }

    /// Puts one in; whether it was not yet.
    pub fn insert(&mut self, value: T) -> bool {
        self.0.insert(value, ()).is_none()
    }

    /// Takes one out; whether it was in.
    pub fn remove<Q: Ord + ?Sized>(&mut self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.remove(value).is_some()
    }

    /// Those that are not in the other.
    pub fn difference<'sets>(&'sets self, other: &'sets Self) -> impl Iterator<Item = &'sets T> {
        self.iter().filter(|value| !other.contains(*value))
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut set = Self::new();
        set.extend(values);
        set
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        for value in values {
            self.insert(value);
        }
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(value, ())| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_once_and_in_order() {
        let mut set: Set<_> = [3, 1, 3, 2].into_iter().collect();
        assert!(!set.insert(1) && set.insert(5) && set.remove(&2) && !set.remove(&2));
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(set.difference(&[3].into_iter().collect()).copied().collect::<Vec<_>>(), [1, 5]);
        set.retain(|value| *value > 1);
        assert_eq!((set.len(), set.contains(&3), set.contains(&1)), (2, true, false));
        assert_eq!(set.into_iter().collect::<Vec<_>>(), [3, 5]);
    }
}
