//! How many of something fell where, for `/metrics`: cheap to count, and nothing is allocated.

/// Counts by upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histogram<const BOUNDS: usize> {
    bounds: &'static [u64; BOUNDS],
    at_most: [u64; BOUNDS],
    count: u64,
    sum: u64,
}

impl<const BOUNDS: usize> Histogram<BOUNDS> {
    /// An empty one with these upper bounds, each above the one before.
    #[must_use]
    pub const fn new(bounds: &'static [u64; BOUNDS]) -> Self {
        Self { bounds, at_most: [0; BOUNDS], count: 0, sum: 0 }
    }

    /// Counts a value.
    pub fn record(&mut self, value: u64) {
        self.record_all(value, 1);
    }

    /// Counts a value so many times.
    pub fn record_all(&mut self, value: u64, times: u64) {
        self.count = self.count.saturating_add(times);
        self.sum = self.sum.saturating_add(value.saturating_mul(times));
        let place = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.at_most.get_mut(place) {
            *count = count.saturating_add(times);
        }
    }

    /// How many values were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// All values together.
    #[must_use]
    pub const fn sum(&self) -> u64 {
        self.sum
    }

    /// Upper bounds, each with the values between it and the bound before; none for what is above all.
    pub fn buckets(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let above = self.count - self.at_most.iter().sum::<u64>();
        self.bounds.iter().map(|bound| Some(*bound)).zip(self.at_most).chain([(None, above)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_bucket() {
        let mut histogram = Histogram::new(&[1, 2, 4]);
        for value in [0, 1, 2, 3, 4, 5] {
            histogram.record(value);
        }
        histogram.record_all(100, 3);
        assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(Some(1), 2), (Some(2), 1), (Some(4), 2), (None, 4)]);
        assert_eq!((histogram.count(), histogram.sum()), (9, 315));
    }
}
