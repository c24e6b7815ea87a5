//! Answers that take as long whatever they are about.
//!
//! Whether an address has an account must not be told by how long an answer takes: it is held back
//! until a whole number of quanta has passed since the request came.

use std::time::Duration;

use protocol::Millis;
use worker::Delay;

use crate::clock;

/// Longer than a password hash and two calls to objects take.
const QUANTUM_MS: Millis = 300;

/// An answer that is held back.
#[derive(Debug, Clone, Copy)]
pub struct Padding {
    began: Millis,
}

impl Padding {
    /// The request came now.
    #[must_use]
    pub fn begin() -> Self {
        Self { began: clock::now() }
    }

    /// Waits until the answer may go.
    pub async fn end(self) {
        Delay::from(rest(clock::now().saturating_sub(self.began))).await;
    }
}

/// What is missing to a whole number of quanta, at least one.
fn rest(took: Millis) -> Duration {
    let quanta = took.div_ceil(QUANTUM_MS).max(1);
    Duration::from_millis(quanta.saturating_mul(QUANTUM_MS).saturating_sub(took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_takes_a_whole_number_of_quanta() {
        for took in [0, 1, 299, 300, 301, 599, 600, 12_345] {
            let whole = took + u64::try_from(rest(took).as_millis()).unwrap();
            assert!(whole >= QUANTUM_MS && whole % QUANTUM_MS == 0 && whole - took <= QUANTUM_MS, "{took}: {whole}");
        }
    }
}
