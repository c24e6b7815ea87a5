//! What time it is. The only place that asks, so that everything else can be tested at any time.

use protocol::Millis;

/// Milliseconds since the epoch. Inside a Worker the clock stands still between two awaits.
#[must_use]
pub fn now() -> Millis {
    worker::Date::now().as_millis()
}

/// The same in whole seconds, as tokens count.
#[must_use]
pub fn now_seconds() -> u64 {
    now() / 1000
}
