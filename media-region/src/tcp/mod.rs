//! TCP connections from browsers whose network lets no UDP through: those of ICE (RFC 6544), which one
//! listener takes for all engines and hands over once it heard who they are for, and WebSockets, which the
//! control plane takes (`control::media`).

mod incoming;
mod listener;
mod places;

use std::net::{SocketAddr, TcpStream};

pub(crate) use incoming::Incoming;
pub(crate) use listener::{serve, set_up};
pub(crate) use places::{Place, Places};

/// The other end of a connection. The kinds are on different ports, so the same address may have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Peer {
    /// Its address.
    pub(crate) address: SocketAddr,
    /// Whether it is a WebSocket.
    pub(crate) is_socket: bool,
}

/// A connection that has said who it is for.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The connection; it does not block.
    pub(crate) stream: TcpStream,
    /// Its other end.
    pub(crate) peer: SocketAddr,
    /// What came on it.
    pub(crate) incoming: Incoming,
    /// What a WebSocket presented; nothing for other connections.
    pub(crate) ticket: Option<String>,
    /// Held as long as it is open.
    pub(crate) place: Place,
}

impl Newcomer {
    pub(crate) fn peer(&self) -> Peer {
        Peer { address: self.peer, is_socket: self.ticket.is_some() }
    }
}
