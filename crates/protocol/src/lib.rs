//! What browsers, the edge and the media regions say to each other.
//!
//! Wire types and nothing else: shapes, their bounds and their validation. A value that exists is
//! valid (names are trimmed and short, identifiers are well formed), because every type from
//! outside is parsed through its constructor. No I/O, no clock, no decisions.
//!
//! | module | between |
//! |---|---|
//! | [`rest`] | anyone and the edge, `/api/rooms/*` |
//! | [`account`] | anyone and the edge, `/api/auth/*`, `/api/users/*` |
//! | [`signal`] | browser and room, over the room's WebSocket |
//! | [`media`] | browser and media region, over the `control` data channel |
//! | [`region`] | edge and media region, over HTTPS |
//!
//! The TypeScript declarations in `web/src/protocol.ts` are generated from these types by
//! `cargo xtask codegen`; a test holds them current.

pub mod account;
pub mod error;
pub mod id;
pub mod json;
pub mod limits;
pub mod media;
pub mod moment;
mod parsed;
pub mod region;
pub mod rest;
pub mod signal;
pub mod text;

#[cfg(feature = "typescript")]
pub mod typescript;

/// Milliseconds since the Unix epoch.
pub type Millis = u64;
