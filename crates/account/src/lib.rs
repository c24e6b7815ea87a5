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

pub use interface::{
    Answer, Connection, ConnectionId, Core, Errand, Failures, Hidden, Holder, Input, MailedToken, Output, Pending,
    Question, QuestionId, Random, Record, Refusal, Ringing, Spent, Stored, StoredMeeting, StoredSession,
};

/// Sign-ups of one address that wait for their link; a newer one drives the oldest out.
pub const PENDING: usize = 3;
/// People who ring one person at the same time; further ones get the mail at once.
pub const CALLS: usize = 3;
