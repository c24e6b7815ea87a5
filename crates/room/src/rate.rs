//! How much one socket may say: a token bucket and a count of what it got wrong. In memory only;
//! a room that lost its memory forgives.

use protocol::Millis;

/// Messages that a socket may send each second for long.
pub const MESSAGES_PER_SECOND: u64 = 20;
/// Messages that a quiet socket may send at once.
pub const MESSAGE_BURST: u64 = 60;
/// Refusals for speed, without a quiet moment between, before the socket is closed.
pub const REFUSALS_BEFORE_CLOSE: u32 = 60;
/// Malformed messages in a row before the socket is closed.
pub const MISTAKES_BEFORE_CLOSE: u32 = 10;

/// Tokens are counted in thousandths, so that one millisecond adds a whole number of them.
const TOKEN: u64 = 1_000;

/// What became of a message that asked to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Act on it.
    Pass,
    /// Say that it was too much.
    Refuse,
    /// Close the socket.
    Close,
}

/// The conduct of one socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conduct {
    level: u64,
    filled_at: Millis,
    refusals: u32,
    mistakes: u32,
}

impl Conduct {
    /// A socket that has said nothing yet.
    pub(crate) const fn new(now: Millis) -> Self {
        Self { level: MESSAGE_BURST * TOKEN, filled_at: now, refusals: 0, mistakes: 0 }
    }

    /// Takes `cost` messages' worth.
    pub(crate) fn charge(&mut self, now: Millis, cost: u64) -> Verdict {
        let elapsed = now.saturating_sub(self.filled_at);
        self.filled_at = now;
        let full = MESSAGE_BURST * TOKEN;
        self.level = elapsed.saturating_mul(MESSAGES_PER_SECOND).saturating_add(self.level).min(full);
        if self.level == full {
            self.refusals = 0;
        }
        match self.level.checked_sub(cost.saturating_mul(TOKEN)) {
            Some(left) => {
                self.level = left;
                Verdict::Pass
            }
            None => {
                self.refusals = self.refusals.saturating_add(1);
                if self.refusals > REFUSALS_BEFORE_CLOSE { Verdict::Close } else { Verdict::Refuse }
            }
        }
    }

    /// A message could not be read.
    pub(crate) fn mistake(&mut self) -> Verdict {
        self.mistakes = self.mistakes.saturating_add(1);
        if self.mistakes >= MISTAKES_BEFORE_CLOSE { Verdict::Close } else { Verdict::Refuse }
    }

    /// A message could be read.
    pub(crate) const fn no_mistake(&mut self) {
        self.mistakes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_steady_rate() {
        let mut conduct = Conduct::new(0);
        for _ in 0..MESSAGE_BURST {
            assert_eq!(conduct.charge(0, 1), Verdict::Pass);
        }
        assert_eq!(conduct.charge(0, 1), Verdict::Refuse);
        let passed = (1..=10_000).filter(|now| conduct.charge(*now, 1) == Verdict::Pass).count();
        // The socket keeps shouting, so it is only the tokens that count here.
        assert_eq!(passed, 200);
    }

    #[test]
    fn shouting_on_closes_and_a_quiet_moment_forgives() {
        let mut conduct = Conduct::new(0);
        for _ in 0..MESSAGE_BURST {
            conduct.charge(0, 1);
        }
        for _ in 0..REFUSALS_BEFORE_CLOSE {
            assert_eq!(conduct.charge(0, 1), Verdict::Refuse);
        }
        assert_eq!(conduct.clone().charge(0, 1), Verdict::Close);
        assert_eq!(conduct.charge(3_000, 1), Verdict::Pass);
        assert_eq!(conduct.refusals, 0);
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
        let mut conduct = Conduct::new(1_000);
        assert_eq!(conduct.charge(0, MESSAGE_BURST), Verdict::Pass);
        assert_eq!(conduct.charge(0, 1), Verdict::Refuse);
        assert_eq!(conduct.charge(Millis::MAX, 1), Verdict::Pass);
    }

    #[test]
    fn only_mistakes_in_a_row_close() {
        let mut conduct = Conduct::new(0);
        for _ in 1..MISTAKES_BEFORE_CLOSE {
            assert_eq!(conduct.mistake(), Verdict::Refuse);
        }
        conduct.no_mistake();
        for _ in 1..MISTAKES_BEFORE_CLOSE {
            assert_eq!(conduct.mistake(), Verdict::Refuse);
        }
        assert_eq!(conduct.mistake(), Verdict::Close);
    }
}
