//! Ordered maps and sets of a few hundred entries, as sorted vectors; and rows, which know what storage
//! has yet to learn of them.
//!
//! The standard library's are made for millions: each type of entry brings ten kilobytes of code,
//! which the Worker would ship thirty times. These bring a binary search. Inserting and removing move
//! what comes after, so they must never hold more than some thousands of entries.

mod map;
mod rows;
mod set;

pub use map::{Map, Slot};
pub use rows::{Changed, Rows};
pub use set::Set;
