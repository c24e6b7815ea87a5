//! What Meridian writes to people: letters as values, their texts, calendar files, and a queue that
//! loses nothing between a decision and its delivery.
//!
//! It decides and does no I/O. A core keeps a [`Queue`] among its rows; the driver renders a
//! [`Letter`] with [`render`] when it sends it, and brings back what came of that. Letters may hold
//! links with secrets in their fragment: they are stored only until they are sent, and never logged.
//!
//! | module | subject |
//! |---|---|
//! | [`letter`] | what is written, to whom |
//! | [`rendering`] | subject, text, HTML |
//! | [`calendar`] | iCalendar (RFC 5545, RFC 5546) |
//! | [`queue`] | at least once, with growing delays, until given up |

pub mod calendar;
pub mod letter;
pub mod queue;
pub mod rendering;

pub use calendar::{Method, calendar};
pub use letter::{Letter, Mail, MeetingLetter, Notice, Organizer};
pub use queue::{Entry, EntryId, LEASE_MS, Queue, RETRY_DELAYS_MS, Settled, Verdict};
pub use rendering::{Attachment, LocalTime, Rendered, push_escaped, render};
