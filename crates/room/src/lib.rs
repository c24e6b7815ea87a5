//! A meeting room as a state machine: who is in, what they may do, what they say, how long it
//! lives and which media region carries it.
//!
//! It decides and does no I/O. The driver hands it one [`Input`] with [`Room::handle`], then drains
//! [`Room::poll_output`] and carries each [`Output`] out, then asks [`Room::next_deadline`] and sees
//! to it that [`Input::Woken`] comes no earlier than that. Time is an argument: milliseconds since
//! the epoch, because `std::time` panics on wasm32.
//!
//! The driver can lose this value at any moment. Whatever must survive is in [`Output::Save`] before
//! anyone is told of it, and [`Room::restore`] makes an equal room from what was saved and the
//! sockets that are still open.

mod interface;

pub use interface::{
    Connection, ConnectionId, Coordinates, Input, Instance, Meeting, Member, NewRoom,
    OpenSessionCall, Output, Placement, Record, RegionFailure, Stored,
};
use protocol::{Millis, error::ErrorCode, rest::RoomDetails};

/// A meeting room.
#[derive(Debug)]
pub struct Room {}

impl Room {
    /// A new meeting. Its first outputs save it.
    #[must_use]
    pub fn create(_now: Millis, _new: NewRoom) -> Self {
        Self {}
    }

    /// The room that was saved, with the sockets that are open now.
    #[must_use]
    pub fn restore(_now: Millis, _stored: Stored, _connections: Vec<Connection>) -> Self {
        Self {}
    }

    /// One mutation.
    pub fn handle(&mut self, _now: Millis, _input: Input) {}

    /// What to carry out, oldest first; drain after every [`Room::handle`], [`Room::create`] and [`Room::restore`].
    pub fn poll_output(&mut self) -> Option<Output> {
        None
    }

    /// When [`Input::Woken`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        None
    }

    /// Whether a seat may be given out now.
    ///
    /// # Errors
    /// `room_ended`, `room_full`; later `room_locked`, `not_invited`, `banned`.
    pub fn admits(&self, _now: Millis) -> Result<(), ErrorCode> {
        Ok(())
    }

    /// Whether this is the hash of the host secret (compared in constant time).
    #[must_use]
    pub fn is_host_secret(&self, _hash: &[u8; 32]) -> bool {
        false
    }

    /// The meeting for the API, without its link (the driver knows the origin).
    #[must_use]
    pub fn details(&self) -> Option<RoomDetails> {
        None
    }
}
