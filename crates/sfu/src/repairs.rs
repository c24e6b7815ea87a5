//! How often packets were asked for again (NACK, RFC 4585 §6.2.1), from a transport that tells sums by
//! stream, over and over.

/// Messages since the session began, and what was counted of them.
#[derive(Debug, Default)]
pub(crate) struct Repairs {
    received: Sum,
    sent: Sum,
}

#[derive(Debug, Default)]
struct Sum {
    telling: u64,
    counted: u64,
}

impl Repairs {
    /// Messages that came for one of the streams that we send.
    pub(crate) fn asked_of_us(&mut self, messages: u64) {
        self.received.telling = self.received.telling.saturating_add(messages);
    }

    /// Messages that we sent for one of the streams that come.
    pub(crate) fn asked_by_us(&mut self, messages: u64) {
        self.sent.telling = self.sent.telling.saturating_add(messages);
    }

    /// All streams were told once; what is new of them, received and sent.
    pub(crate) fn round(&mut self) -> (u64, u64) {
        (self.received.round(), self.sent.round())
    }
}

impl Sum {
    fn round(&mut self) -> u64 {
        let told = std::mem::take(&mut self.telling);
        // A stream that ended takes its sum with it.
        let new = told.saturating_sub(self.counted);
        self.counted = told;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_counted_once() {
        let mut repairs = Repairs::default();
        for (streams, new) in [([1, 2], 3), ([1, 2], 0), ([2, 5], 4), ([0, 5], 0), ([1, 5], 1)] {
            streams.into_iter().for_each(|messages| repairs.asked_of_us(messages));
            repairs.asked_by_us(streams[0]);
            assert_eq!(repairs.round().0, new, "{streams:?}");
        }
    }
}
