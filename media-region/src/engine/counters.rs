//! What an engine's socket did so far, for `/metrics`.

/// Counters of one engine's socket since its start.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Transport {
    /// Datagrams handed to the kernel in one call.
    pub(crate) sends: Batches,
    /// Datagrams taken from the kernel in one call, over all its buffers.
    pub(crate) receives: Batches,
    /// Buffers they came in; fewer than datagrams when the kernel joined some (GRO).
    pub(crate) receive_buffers: u64,
    /// Calls that failed to receive.
    pub(crate) receive_errors: u64,
    /// Datagrams dropped because the socket's buffer was full.
    pub(crate) datagrams_dropped: u64,
    /// Datagrams that the kernel refused to send for another reason.
    pub(crate) send_errors: u64,
    /// Runs of datagrams that were sent one by one because segmentation offload failed.
    pub(crate) segmentation_failures: u64,
    /// RTP packets for linked engines that did not take them at once.
    pub(crate) relay_packets_dropped: u64,
    /// Session events dropped because the queue to the edge was full.
    pub(crate) events_dropped: u64,
}

/// How many datagrams each call carried.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Batches {
    at_most: [u64; Batches::BOUNDS.len()],
    calls: u64,
    datagrams: u64,
}

impl Batches {
    const BOUNDS: [u16; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    /// Counts a call that carried this many.
    pub(crate) fn record(&mut self, datagrams: usize) {
        let datagrams = u64::try_from(datagrams).unwrap_or(u64::MAX);
        self.calls += 1;
        self.datagrams += datagrams;
        let place = Self::BOUNDS.iter().position(|bound| datagrams <= u64::from(*bound));
        if let Some(count) = place.and_then(|place| self.at_most.get_mut(place)) {
            *count += 1;
        }
    }

    /// Calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    /// Datagrams in all calls.
    pub(crate) fn datagrams(&self) -> u64 {
        self.datagrams
    }

    /// Upper bounds of datagrams in a call, each with the calls that fall between it and the bound
    /// before; the last is infinity.
    pub(crate) fn buckets(&self) -> Vec<(f64, u64)> {
        let above = self.calls - self.at_most.iter().sum::<u64>();
        let finite = Self::BOUNDS.iter().zip(self.at_most).map(|(bound, count)| (f64::from(*bound), count));
        finite.chain([(f64::INFINITY, above)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_in_one_bucket() {
        let mut batches = Batches::default();
        for datagrams in [1, 1, 2, 3, 64, 2048] {
            batches.record(datagrams);
        }
        assert_eq!((batches.calls(), batches.datagrams()), (6, 2119));
        let filled: Vec<_> = batches.buckets().into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(filled, [(1.0, 2), (2.0, 1), (4.0, 1), (64.0, 1), (f64::INFINITY, 1)]);
    }
}
