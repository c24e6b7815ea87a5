//! An emulated network: delay, jitter that reorders, and loss, under a seed.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::{ADVERTISED_TCP, random::Random};

#[derive(Debug, Clone, Copy)]
pub struct Weather {
    pub delay: Duration,
    /// Added to the delay, evenly between nothing and this.
    pub jitter: Duration,
    /// From 0 to 1.
    pub loss: f64,
}

impl Weather {
    pub const FAIR: Self = Self { delay: Duration::from_millis(20), jitter: Duration::ZERO, loss: 0.0 };
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Datagram {
    pub source: SocketAddr,
    pub destination: SocketAddr,
    pub contents: Vec<u8>,
}

impl Datagram {
    /// Whether it is a frame on a TCP connection.
    pub fn is_frame(&self) -> bool {
        [self.source, self.destination].contains(&ADVERTISED_TCP.into())
    }
}

/// One direction of somebody's access to the network: slower than the rest, with a queue before it.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Bits a second of datagrams with their headers.
    pub rate: u64,
    /// What would wait longer is dropped.
    pub queue: Duration,
    pub delay: Duration,
    /// Added to the delay; nothing overtakes.
    pub jitter: Duration,
    /// From 0 to 1.
    pub loss: f64,
    pub free: Option<Instant>,
    pub last: Option<Instant>,
    /// Bytes that it carried.
    pub carried: u64,
}

/// Bytes of IP and UDP headers.
const HEADERS: u64 = 28;

impl Link {
    pub fn new(rate: u64) -> Self {
        Self {
            rate,
            queue: Duration::from_millis(300),
            delay: Duration::from_millis(20),
            jitter: Duration::ZERO,
            loss: 0.0,
            free: None,
            last: None,
            carried: 0,
        }
    }

    /// When a datagram arrives that is sent now; nothing when it is dropped.
    fn pass(&mut self, now: Instant, bytes: usize, random: &mut Random) -> Option<Instant> {
        let begins = self.free.map_or(now, |free| free.max(now));
        let bytes = bytes as u64 + HEADERS;
        if begins - now > self.queue {
            return None;
        }
        let leaves = begins + Duration::from_secs_f64(bytes as f64 * 8.0 / self.rate as f64);
        self.free = Some(leaves);
        if random.unit() < self.loss {
            return None;
        }
        self.carried += bytes;
        let arrives = leaves + self.delay + self.jitter.mul_f64(random.unit());
        let arrives = self.last.map_or(arrives, |last| last.max(arrives));
        self.last = Some(arrives);
        Some(arrives)
    }
}

pub struct Network {
    pub weather: Weather,
    /// Links towards an address, which the weather does not touch.
    pub links: HashMap<SocketAddr, Link>,
    random: Random,
    sent: u64,
    under_way: BinaryHeap<Reverse<(Instant, u64, Datagram)>>,
}

impl Network {
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self { weather, links: HashMap::new(), random: Random::new(seed), sent: 0, under_way: BinaryHeap::new() }
    }

    pub fn send(&mut self, now: Instant, datagram: Datagram) {
        if let Some(link) = self.links.get_mut(&datagram.destination) {
            if let Some(arrives) = link.pass(now, datagram.contents.len(), &mut self.random) {
                self.sent += 1;
                self.under_way.push(Reverse((arrives, self.sent, datagram)));
            }
            return;
        }
        if self.random.unit() < self.weather.loss {
            return;
        }
        self.sent += 1;
        let arrives = now + self.weather.delay + self.weather.jitter.mul_f64(self.random.unit());
        self.under_way.push(Reverse((arrives, self.sent, datagram)));
    }

    /// Loses what is under way and meets a condition.
    pub fn lose(&mut self, lost: impl Fn(&Datagram) -> bool) {
        self.under_way.retain(|Reverse((_, _, datagram))| !lost(datagram));
    }

    pub fn next(&self) -> Option<Instant> {
        self.under_way.peek().map(|Reverse((at, ..))| *at)
    }

    pub fn take(&mut self, now: Instant) -> Option<Datagram> {
        if self.next()? > now {
            return None;
        }
        self.under_way.pop().map(|Reverse((_, _, datagram))| datagram)
    }
}
