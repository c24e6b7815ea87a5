//! What one input leads to, in the order that keeps it safe: everything is stored before anyone is
//! told of it.

use std::collections::VecDeque;

use protocol::signal::{ServerMessage, close};

use crate::{
    interface::{ConnectionId, Output},
    records::Record,
};

/// Outputs of the current input, and those that wait to be drained.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Outbox {
    actions: Vec<Output>,
    ready: VecDeque<Output>,
}

impl Outbox {
    /// Tells sockets something. Nothing when there are none.
    pub(crate) fn send(&mut self, to: Vec<ConnectionId>, message: ServerMessage) {
        if !to.is_empty() {
            self.actions.push(Output::Send { to, message });
        }
    }

    /// Closes a socket with one of [`close`].
    pub(crate) fn close(&mut self, connection: ConnectionId, code: u16) {
        let reason = match code {
            close::PROTOCOL => "the messages break the protocol",
            close::REPLACED => "the same seat opened a newer socket",
            close::ENDED => "the meeting is over",
            close::RATE => "too many messages",
            close::LEFT => "the person left",
            close::DENIED => "not let in",
            close::REMOVED => "put out by a host",
            _ => "closed",
        };
        self.actions.push(Output::Close { connection, code, reason });
    }

    /// Anything else that the world is asked to do.
    pub(crate) fn act(&mut self, output: Output) {
        self.actions.push(output);
    }

    /// The input is dealt with: `records` go out first, then the rest.
    pub(crate) fn commit(&mut self, records: impl IntoIterator<Item = Record>) {
        self.ready.extend(records.into_iter().map(Output::Save));
        self.ready.extend(self.actions.drain(..));
    }

    /// The oldest one.
    pub(crate) fn pop(&mut self) -> Option<Output> {
        self.ready.pop_front()
    }
}
