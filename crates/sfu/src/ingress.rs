//! How much is taken from one publisher: a bound on the work that it can make, and on what reaches
//! those who listen to it.

use std::time::{Duration, Instant};

/// The time in which what was used up is earned again.
const PERIOD: Duration = Duration::from_secs(1);

/// A bound on something that comes in: so much a second, and as much again at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ingress {
    a_second: Amount,
    left: Amount,
    since: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Amount {
    packets: u64,
    bytes: u64,
}

impl Ingress {
    /// Datagrams of a session of any kind: a camera in three layers, a screen, and what is said of
    /// dozens of tiles received are a fifth of it.
    pub(crate) const SESSION: Self = Self::new(4000, 4_000_000);
    /// Packets of a picture, all its layers together: 16 Mbit/s.
    pub(crate) const PICTURE: Self = Self::new(2000, 2_000_000);
    /// Packets of a sound: twice what browsers send, which is at most one each 10 ms and 510 kbit/s
    /// (RFC 7587 §6.1) with redundancy. Nothing divides the network between sounds.
    pub(crate) const SOUND: Self = Self::new(150, 128_000);

    /// Connectivity checks of all who have no session, for a whole engine: a browser makes some twenty.
    pub(crate) const PROBES: Self = Self::new(1000, 200_000);

    const fn new(packets: u64, bytes: u64) -> Self {
        let a_second = Amount { packets, bytes };
        Self { a_second, left: a_second, since: None }
    }

    /// Whether this many bytes more may come.
    pub(crate) fn takes(&mut self, now: Instant, bytes: usize) -> bool {
        let since = *self.since.get_or_insert(now);
        let passed = now.saturating_duration_since(since).min(PERIOD);
        let part = |whole: u64| whole.saturating_mul(u64::try_from(passed.as_micros()).unwrap_or(0)) / 1_000_000;
        let (packets, earned) = (part(self.a_second.packets), part(self.a_second.bytes));
        if packets > 0 {
            self.left.packets = self.left.packets.saturating_add(packets).min(self.a_second.packets);
            self.left.bytes = self.left.bytes.saturating_add(earned).min(self.a_second.bytes);
            self.since = Some(now);
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let takes = self.left.packets > 0 && self.left.bytes >= bytes;
        if takes {
            self.left.packets -= 1;
            self.left.bytes -= bytes;
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(ingress: &mut Ingress, from: Instant, packets_a_second: u64, bytes: usize) -> usize {
        let step = |packet| from + Duration::from_micros(1_000_000 * packet / packets_a_second);
        (0..10 * packets_a_second).filter(|packet| ingress.takes(step(*packet), bytes)).count()
    }

    #[test]
    fn what_is_usual_passes_and_a_flood_is_cut_to_the_bound() {
        let now = Instant::now();
        assert_eq!(taken(&mut Ingress::new(100, 100_000), now, 99, 100), 990);
        let flood = taken(&mut Ingress::new(100, 100_000), now, 10_000, 100);
        assert!((1050..=1110).contains(&flood), "{flood} packets in ten seconds, and as many as wait for one");
        let heavy = taken(&mut Ingress::new(100, 100_000), now, 90, 10_000);
        assert!((100..=112).contains(&heavy), "{heavy}");
    }
}
