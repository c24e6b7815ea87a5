//! One e-mail address as a state machine: sign-up, proof of the address, sign-in with lock-out,
//! sessions, reset, profile, deletion, the index of own meetings, and who rings.
//!
//! It decides and does no I/O. The driver hands it one [`Input`] with [`Account::handle`], then drains
//! [`Account::poll_output`] and carries each [`Output`] out, then asks [`Account::next_deadline`].
//! Time is an argument, in milliseconds since the epoch; randomness comes with each question.
//!
//! No answer tells whether an address has an account: unknown addresses cost the same hash, count
//! the same failures and are locked the same way.

mod interface;
mod outbox;

pub use interface::{
    Answer, Connection, ConnectionId, Core, Errand, Failures, Hidden, Holder, Input, MailedToken, Output, Pending,
    Question, QuestionId, Random, Record, Refusal, Ringing, Spent, Stored, StoredMeeting, StoredSession,
};

use mail::Queue;
use outbox::Outbox;
use protocol::{Millis, error::ErrorCode, id::AccountId};

/// Sign-ups of one address that wait for their link; a newer one drives the oldest out.
pub const PENDING: usize = 3;
/// People who ring one person at the same time; further ones get the mail at once.
pub const CALLS: usize = 3;

/// An e-mail address and what belongs to it.
#[derive(Debug, Clone)]
pub struct Account {
    id: AccountId,
    stored: Stored,
    mails: Queue<mail::Mail>,
    errands: Queue<Errand>,
    outbox: Outbox,
}

impl Account {
    /// An address that nobody has used yet. Stores nothing.
    #[must_use]
    pub fn new(id: AccountId) -> Self {
        Self {
            id,
            stored: Stored::default(),
            mails: Queue::default(),
            errands: Queue::default(),
            outbox: Outbox::default(),
        }
    }

    /// The account that was saved, with the sockets that are open now.
    #[must_use]
    pub fn restore(_now: Millis, id: AccountId, stored: Stored, _connections: Vec<Connection>) -> Self {
        Self { stored, ..Self::new(id) }
    }

    /// One mutation.
    pub fn handle(&mut self, _now: Millis, input: Input) {
        if let Input::Asked { id, .. } = input {
            let answer = Err(Refusal { code: ErrorCode::Internal, retry_after_ms: None });
            self.outbox.act(Output::Answer { id, answer });
        }
        self.outbox.commit([]);
    }

    /// What to carry out, oldest first; drain after every [`Account::handle`] and [`Account::restore`].
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.pop()
    }

    /// When [`Input::Woken`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        [self.mails.next_due(), self.errands.next_due()].into_iter().flatten().min()
    }

    /// What storage holds once every [`Output::Save`] was carried out.
    #[must_use]
    pub fn stored(&self) -> Stored {
        self.stored.clone()
    }
}
