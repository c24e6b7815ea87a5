//! What came, and of which copies may yet be made: how long it took is known when they are.

use std::{
    collections::VecDeque,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use sfu::Progress;

use super::counters::Transport;

/// Batches that are remembered; of those before them it is counted how long they took until now.
const BATCHES: usize = 1024;

/// Batches in the order they came.
#[derive(Debug, Default)]
pub(super) struct Unfinished {
    batches: VecDeque<(u64, Came)>,
}

#[derive(Debug)]
enum Came {
    /// When each media packet came, by the kernel's clock of day.
    Datagrams(Vec<Duration>),
    /// When another engine sent so many packets.
    Relayed(Instant, usize),
}

/// What is to be done before a batch is, which was handed over between these two.
fn mark(before: Progress, after: Progress) -> u64 {
    if before.begun == after.begun { 0 } else { after.begun }
}

impl Unfinished {
    /// Datagrams were handed over.
    pub(super) fn datagrams(&mut self, before: Progress, after: Progress, arrivals: impl Iterator<Item = Duration>) {
        let arrivals: Vec<Duration> = arrivals.collect();
        if !arrivals.is_empty() {
            self.batches.push_back((mark(before, after), Came::Datagrams(arrivals)));
        }
    }

    /// What another engine sent was handed over.
    pub(super) fn relayed(&mut self, before: Progress, after: Progress, sent: Instant, packets: usize) {
        self.batches.push_back((mark(before, after), Came::Relayed(sent, packets)));
    }

    /// Counts how long those took of which everything was handed to the socket.
    pub(super) fn account(&mut self, progress: Progress, transport: &mut Transport) {
        let mut kept = VecDeque::new();
        while let Some((mark, came)) = self.batches.pop_front() {
            if mark <= progress.done || self.batches.len() >= BATCHES {
                count(came, transport);
            } else {
                kept.push_back((mark, came));
            }
        }
        self.batches = kept;
    }
}

fn count(came: Came, transport: &mut Transport) {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    match came {
        Came::Datagrams(arrivals) => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            // The clock of day may be set meanwhile.
            arrivals.into_iter().for_each(|at| transport.forwarding.record(micros(now.saturating_sub(at))));
        }
        Came::Relayed(sent, packets) => {
            let took = micros(sent.elapsed());
            (0..packets).for_each(|_| transport.relaying.record(took));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_counts_when_what_it_began_is_done() {
        let (mut unfinished, mut transport) = (Unfinished::default(), Transport::default());
        let at = |begun, done| Progress { begun, done };
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        unfinished.datagrams(at(5, 5), at(9, 5), [now(), now()].into_iter());
        unfinished.datagrams(at(9, 5), at(9, 5), [now()].into_iter());
        unfinished.relayed(at(9, 5), at(10, 5), Instant::now(), 3);
        unfinished.account(at(10, 8), &mut transport);
        assert_eq!((transport.forwarding.count(), transport.relaying.count()), (1, 0), "it began nothing");
        unfinished.account(at(10, 9), &mut transport);
        assert_eq!((transport.forwarding.count(), transport.relaying.count()), (3, 0));
        unfinished.account(at(12, 10), &mut transport);
        assert_eq!((transport.forwarding.count(), transport.relaying.count()), (3, 3));
    }

    #[test]
    fn what_is_never_done_is_not_remembered_for_ever() {
        let (mut unfinished, mut transport) = (Unfinished::default(), Transport::default());
        let at = |begun| Progress { begun, done: 0 };
        for batch in 0..BATCHES + 10 {
            let begun = u64::try_from(batch).unwrap();
            unfinished.relayed(at(begun), at(begun + 1), Instant::now(), 1);
        }
        unfinished.account(at(0), &mut transport);
        assert_eq!((unfinished.batches.len(), transport.relaying.count()), (BATCHES, 10));
    }
}
