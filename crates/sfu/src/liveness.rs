//! Whether a browser is still there, by what comes from it.

use std::time::{Duration, Instant};

/// Without any datagram for this long a session is silent.
pub(crate) const SILENT_AFTER: Duration = Duration::from_secs(5);
/// Without any datagram for this long a session is over; also without a first connection.
pub(crate) const GONE_AFTER: Duration = Duration::from_secs(30);

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing came for [`SILENT_AFTER`].
    Silent,
    /// Nothing came for [`GONE_AFTER`], or it never connected.
    Gone,
}

/// When a session was last heard.
#[derive(Debug)]
pub(crate) struct Liveness {
    opened: Instant,
    heard: Instant,
    connected: bool,
    silent: bool,
}

impl Liveness {
    pub(crate) fn new(now: Instant) -> Self {
        Self { opened: now, heard: now, connected: false, silent: false }
    }

    /// A datagram came; says whether that ended a silence.
    pub(crate) fn hear(&mut self, now: Instant) -> bool {
        self.heard = now;
        std::mem::take(&mut self.silent)
    }

    /// Media can flow; says whether that is new.
    pub(crate) fn connect(&mut self) -> bool {
        !std::mem::replace(&mut self.connected, true)
    }

    /// Whether media can flow.
    pub(crate) fn is_connected(&self) -> bool {
        self.connected
    }

    /// Whether nothing came for [`SILENT_AFTER`].
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) >= SILENT_AFTER
    }

    /// When to look again.
    pub(crate) fn due(&self) -> Instant {
        let gone = self.heard + GONE_AFTER;
        match (self.connected, self.silent) {
            // Before it connects there is no flow that could have stopped.
            (false, _) => gone.min(self.opened + GONE_AFTER),
            (true, true) => gone,
            (true, false) => self.heard + SILENT_AFTER,
        }
    }

    /// What changed by the passing of time.
    pub(crate) fn check(&mut self, now: Instant) -> Option<Change> {
        let never_connected = !self.connected && now >= self.opened + GONE_AFTER;
        if never_connected || now >= self.heard + GONE_AFTER {
            return Some(Change::Gone);
        }
        if self.connected && !self.silent && self.is_silent(now) {
            self.silent = true;
            return Some(Change::Silent);
        }
        None
    }
}
