//! An emulated network: delay, jitter that reorders, and loss, under a seed.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use super::random::Random;

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

pub struct Network {
    pub weather: Weather,
    random: Random,
    sent: u64,
    under_way: BinaryHeap<Reverse<(Instant, u64, Datagram)>>,
}

impl Network {
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self { weather, random: Random::new(seed), sent: 0, under_way: BinaryHeap::new() }
    }

    pub fn send(&mut self, now: Instant, datagram: Datagram) {
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
