//! What was handed to a transport and has not gone out yet.
//!
//! Where the network is measured, str0m releases one packet a turn and asks for another turn at once, to
//! find that nothing is left. A turn looks at every section of the session, so the last one would double
//! the cost of a packet; it can wait for the next packet, unless padding or repairs are on their way.

use std::time::{Duration, Instant};

use str0m::rtp::Ssrc;

/// How long after a packet that was not handed over there may be more of them: a probe of the network
/// is a few packets within 15 ms.
const FILLING: Duration = Duration::from_millis(50);
/// The longest that the turn which finds nothing left is put off.
const REST: Duration = Duration::from_millis(10);

/// Counts what goes in and out of a transport.
#[derive(Debug, Default)]
pub(crate) struct Outstanding {
    packets: u32,
    /// Until when padding and repairs may follow each other.
    fills: Option<Instant>,
    /// Whether the last turn released something.
    released: bool,
}

impl Outstanding {
    /// A packet was handed over.
    pub(crate) fn wrote(&mut self) {
        self.packets = self.packets.saturating_add(1);
    }

    /// A turn begins.
    pub(crate) fn turn(&mut self) {
        self.released = false;
    }

    /// A datagram went out; `is_own` says whether a stream is one that packets are handed over for.
    pub(crate) fn sent(&mut self, now: Instant, datagram: &[u8], is_own: impl FnOnce(Ssrc) -> bool) {
        let Some(stream) = crate::packet::stream(datagram) else { return };
        if is_own(stream.into()) {
            self.packets = self.packets.saturating_sub(1);
            self.released = true;
        } else {
            self.fills = Some(now + FILLING);
        }
    }

    /// The transport has nothing to do for now, so what did not go out never will.
    pub(crate) fn is_quiet(&mut self) {
        self.packets = 0;
    }

    /// Until when the turn that the transport asks for after each packet can wait.
    pub(crate) fn rests_until(&self, now: Instant) -> Option<Instant> {
        let fills = self.fills.is_some_and(|until| now < until);
        (self.released && self.packets == 0 && !fills).then(|| now + REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rtp(stream: u8) -> [u8; 12] {
        [0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, stream]
    }

    fn is_one(stream: Ssrc) -> bool {
        *stream == 1
    }

    #[test]
    fn rests_when_everything_went_out() {
        let now = Instant::now();
        let mut outstanding = Outstanding::default();
        outstanding.wrote();
        outstanding.wrote();
        outstanding.turn();
        assert_eq!(outstanding.rests_until(now), None, "nothing went out");
        outstanding.sent(now, &rtp(1), is_one);
        assert_eq!(outstanding.rests_until(now), None, "one is left");
        outstanding.turn();
        outstanding.sent(now, &rtp(1), is_one);
        assert_eq!(outstanding.rests_until(now), Some(now + REST));
        outstanding.turn();
        assert_eq!(outstanding.rests_until(now), None, "that turn was for something else");
    }

    #[test]
    fn does_not_rest_amid_padding_and_repairs() {
        let now = Instant::now();
        let mut outstanding = Outstanding::default();
        outstanding.sent(now, &rtp(2), is_one);
        outstanding.wrote();
        outstanding.turn();
        outstanding.sent(now, &rtp(1), is_one);
        assert_eq!(outstanding.rests_until(now), None);
        let later = now + FILLING;
        assert_eq!(outstanding.rests_until(later), Some(later + REST));
    }

    #[test]
    fn reports_are_not_packets() {
        let now = Instant::now();
        let mut outstanding = Outstanding::default();
        outstanding.wrote();
        outstanding.turn();
        let mut report = rtp(1);
        report[1] = 200;
        outstanding.sent(now, &report, is_one);
        assert_eq!(outstanding.rests_until(now), None);
        outstanding.is_quiet();
        outstanding.turn();
        outstanding.wrote();
        outstanding.sent(now, &rtp(1), is_one);
        assert!(outstanding.rests_until(now).is_some(), "what never went out is not waited for");
    }
}
