//! The sockets of home pages: which device each belongs to, and how it behaves. In memory only.

use protocol::{Millis, id::SessionId};

use crate::interface::{Connection, ConnectionId};

/// Home pages open at the same time; a further one is turned away.
pub const SOCKETS: usize = 50;
/// Messages that a socket may send in [`CONDUCT_MS`].
pub const MESSAGES: u32 = 20;
/// How long messages are counted together.
pub const CONDUCT_MS: Millis = 10_000;
/// Messages that cannot be read before the socket is closed.
pub const MISTAKES_BEFORE_CLOSE: u32 = 5;

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Act on it.
    Pass,
    /// Nothing.
    Ignore,
    /// Close the socket.
    Close,
}

#[derive(Debug, Clone)]
struct Socket {
    id: ConnectionId,
    session: SessionId,
    counted_since: Millis,
    messages: u32,
    mistakes: u32,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sockets(Vec<Socket>);

impl Sockets {
    /// One more. Not where there are [`SOCKETS`] already.
    pub(crate) fn open(&mut self, now: Millis, connection: Connection) -> bool {
        if self.0.len() >= SOCKETS {
            return false;
        }
        let Connection { id, session } = connection;
        self.0.push(Socket { id, session, counted_since: now, messages: 0, mistakes: 0 });
        true
    }

    /// One less.
    pub(crate) fn close(&mut self, id: ConnectionId) {
        self.0.retain(|socket| socket.id != id);
    }

    /// All sockets.
    pub(crate) fn ids(&self) -> Vec<ConnectionId> {
        self.0.iter().map(|socket| socket.id).collect()
    }

    /// Takes out those of the devices of which this holds.
    pub(crate) fn take_of(&mut self, which: impl Fn(SessionId) -> bool) -> Vec<ConnectionId> {
        let mut ids = Vec::new();
        self.0.retain(|socket| {
            let taken = which(socket.session);
            if taken {
                ids.push(socket.id);
            }
            !taken
        });
        ids
    }

    /// Whether a home page is open.
    pub(crate) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Counts a message.
    pub(crate) fn heard(&mut self, now: Millis, id: ConnectionId) -> Verdict {
        let Some(socket) = self.find(id) else { return Verdict::Ignore };
        if now.abs_diff(socket.counted_since) >= CONDUCT_MS {
            (socket.counted_since, socket.messages) = (now, 0);
        }
        socket.messages = socket.messages.saturating_add(1);
        if socket.messages > MESSAGES { Verdict::Close } else { Verdict::Pass }
    }

    /// Counts one that could not be read.
    pub(crate) fn mistaken(&mut self, id: ConnectionId) -> Verdict {
        let Some(socket) = self.find(id) else { return Verdict::Ignore };
        socket.mistakes = socket.mistakes.saturating_add(1);
        if socket.mistakes >= MISTAKES_BEFORE_CLOSE { Verdict::Close } else { Verdict::Ignore }
    }

    fn find(&mut self, id: ConnectionId) -> Option<&mut Socket> {
        self.0.iter_mut().find(|socket| socket.id == id)
    }
}
