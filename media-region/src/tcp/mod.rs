//! TCP connections from browsers whose network lets no UDP through (RFC 6544): one listener for all
//! engines, which hears who a connection is for and hands it over.

mod listener;
mod places;

use std::net::{SocketAddr, TcpStream};

use sfu::framing::Frames;

pub(crate) use listener::serve;
pub(crate) use places::{Place, Places};

/// A connection that has said who it is for.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The connection; it does not block.
    pub(crate) stream: TcpStream,
    /// Its other end.
    pub(crate) peer: SocketAddr,
    /// What came on it.
    pub(crate) frames: Frames,
    /// Held as long as it is open.
    pub(crate) place: Place,
}
