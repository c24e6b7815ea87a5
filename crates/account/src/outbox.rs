//! What one input leads to, in the order that keeps it safe: everything is stored before anyone is
//! told of it.

use std::collections::VecDeque;

use protocol::account::HomeEvent;

use crate::interface::{ConnectionId, Output, Record};

/// Outputs of the current input, and those that wait to be drained.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outbox {
    actions: Vec<Output>,
    ready: VecDeque<Output>,
}

impl Outbox {
    /// Tells home pages something. Nothing when there are none.
    pub(crate) fn send(&mut self, to: Vec<ConnectionId>, event: HomeEvent) {
        if !to.is_empty() {
            self.actions.push(Output::Send { to, event });
        }
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
