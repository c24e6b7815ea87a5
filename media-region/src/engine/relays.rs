//! Relay links between the engines of this process: bounded channels that carry what one turn of an
//! engine has to say to another in one message.
//!
//! Packets that another engine does not take at once are dropped and counted. Everything else waits
//! for it in order, because a link that lost it would have to be made anew.

use std::{collections::VecDeque, time::Instant};

use sfu::{EngineId, RelayMessage};
use tokio::sync::mpsc::{self, error::TrySendError};

use super::counters::Transport;

/// Batches that wait for one engine.
const BATCHES: usize = 1024;
/// Messages in one batch.
const BATCH: usize = 32;
/// Messages other than packets that wait for an engine that does not take them. One so far behind hangs.
const BACKLOG: usize = 100_000;

/// What engines tell each other; [`RelayMessage`], except in tests of the links.
pub(crate) trait Message {
    /// Whether it is a packet, which may be lost.
    fn is_packet(&self) -> bool;
}

impl Message for RelayMessage {
    fn is_packet(&self) -> bool {
        self.is_packet()
    }
}

/// What one engine has to say to another at once.
#[derive(Debug)]
pub(crate) struct Batch<M = RelayMessage> {
    pub(super) from: EngineId,
    pub(super) sent: Instant,
    pub(super) messages: Vec<M>,
}

/// One engine's ends of its links to all others.
#[derive(Debug)]
pub(crate) struct Relays<M = RelayMessage> {
    pub(super) links: Links<M>,
    pub(super) incoming: mpsc::Receiver<Batch<M>>,
}

/// Links between so many engines; one for each of them, in their order.
pub(crate) fn mesh<M>(engines: usize) -> Vec<Relays<M>> {
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..engines).map(|_| mpsc::channel(BATCHES)).unzip();
    let name = |place: usize| EngineId(u32::try_from(place).unwrap_or(u32::MAX));
    let links = |own: usize| {
        let others = senders.iter().enumerate().filter(|(place, _)| *place != own);
        let link = |(place, to): (usize, &mpsc::Sender<Batch<M>>)| Link {
            peer: name(place),
            to: to.clone(),
            waiting: VecDeque::new(),
            kept: 0,
        };
        Links { own: name(own), links: others.map(link).collect() }
    };
    receivers.into_iter().enumerate().map(|(own, incoming)| Relays { links: links(own), incoming }).collect()
}

/// The sending ends.
#[derive(Debug)]
pub(super) struct Links<M = RelayMessage> {
    pub(super) own: EngineId,
    links: Vec<Link<M>>,
}

#[derive(Debug)]
struct Link<M> {
    peer: EngineId,
    to: mpsc::Sender<Batch<M>>,
    waiting: VecDeque<M>,
    /// How many of those that wait were too late already: no packet is among them.
    kept: usize,
}

/// Another engine is so far behind that it will not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hangs(pub(super) EngineId);

impl<M: Message> Links<M> {
    /// The engines at the other ends.
    pub(super) fn peers(&self) -> Vec<EngineId> {
        self.links.iter().map(|link| link.peer).collect()
    }

    /// Has something to say.
    pub(super) fn push(&mut self, peer: EngineId, message: M, transport: &mut Transport) {
        let Some(link) = self.links.iter_mut().find(|link| link.peer == peer) else { return };
        link.waiting.push_back(message);
        if link.waiting.len() - link.kept >= BATCH {
            link.flush(self.own, transport);
        }
    }

    /// Says what waits.
    ///
    /// # Errors
    /// When an engine did not take anything for so long that it must hang.
    pub(super) fn flush(&mut self, transport: &mut Transport) -> Result<(), Hangs> {
        for link in self.links.iter_mut().filter(|link| !link.waiting.is_empty()) {
            link.flush(self.own, transport);
            if link.waiting.len() > BACKLOG {
                return Err(Hangs(link.peer));
            }
        }
        Ok(())
    }

    /// Whether something is still to be said.
    pub(super) fn is_waiting(&self) -> bool {
        self.links.iter().any(|link| !link.waiting.is_empty())
    }
}

impl<M: Message> Link<M> {
    fn flush(&mut self, from: EngineId, transport: &mut Transport) {
        while !self.waiting.is_empty() {
            match self.to.try_reserve() {
                Ok(place) => {
                    let count = self.waiting.len().min(BATCH);
                    self.kept = self.kept.saturating_sub(count);
                    let messages = self.waiting.drain(..count).collect();
                    place.send(Batch { from, sent: Instant::now(), messages });
                }
                Err(TrySendError::Full(())) => {
                    let late = self.waiting.split_off(self.kept.min(self.waiting.len()));
                    let before = late.len();
                    let had = self.waiting.len();
                    self.waiting.extend(late.into_iter().filter(|message| !message.is_packet()));
                    self.kept = self.waiting.len();
                    let dropped = before - (self.kept - had);
                    transport.relay_packets_dropped += u64::try_from(dropped).unwrap_or(u64::MAX);
                    return;
                }
                Err(TrySendError::Closed(())) => {
                    // It ended, and the process ends with it.
                    (self.waiting, self.kept) = (VecDeque::new(), 0);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number; an odd one is a packet.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Number(usize);

    impl Message for Number {
        fn is_packet(&self) -> bool {
            self.0 % 2 == 1
        }
    }

    fn taken(incoming: &mut mpsc::Receiver<Batch<Number>>) -> Vec<usize> {
        let mut taken = Vec::new();
        while let Ok(batch) = incoming.try_recv() {
            assert_eq!(batch.from, EngineId(0));
            taken.extend(batch.messages.iter().map(|number| number.0));
        }
        taken
    }

    #[test]
    fn an_engine_that_is_behind_loses_packets_and_nothing_else() {
        let mut relays = mesh(3);
        let (mut behind, mut first) = (relays.remove(1), relays.remove(0));
        let mut transport = Transport::default();
        assert_eq!(first.links.peers(), [EngineId(1), EngineId(2)]);
        let room = BATCHES * BATCH;
        for number in 0..room + 1000 {
            first.links.push(EngineId(1), Number(number), &mut transport);
        }
        assert_eq!(first.links.flush(&mut transport), Ok(()));
        assert!(first.links.is_waiting());
        let mut all = taken(&mut behind.incoming);
        assert_eq!(all, (0..room).collect::<Vec<_>>());
        assert_eq!(first.links.flush(&mut transport), Ok(()));
        assert!(!first.links.is_waiting());
        all = taken(&mut behind.incoming);
        assert_eq!(all, (room..room + 1000).step_by(2).collect::<Vec<_>>(), "in order");
        assert_eq!(transport.relay_packets_dropped, 500);
        assert!(taken(&mut relays.remove(0).incoming).is_empty(), "others heard nothing");
    }

    #[test]
    fn an_engine_that_takes_nothing_any_more_is_found_out() {
        let mut relays = mesh(2);
        let _behind = relays.remove(1);
        let (mut first, mut transport) = (relays.remove(0), Transport::default());
        for number in 0..BATCHES * BATCH + BACKLOG {
            first.links.push(EngineId(1), Number(number * 2), &mut transport);
        }
        assert_eq!(first.links.flush(&mut transport), Ok(()));
        first.links.push(EngineId(1), Number(0), &mut transport);
        assert_eq!(first.links.flush(&mut transport), Err(Hangs(EngineId(1))));
        assert_eq!(transport.relay_packets_dropped, 0);
    }
}
