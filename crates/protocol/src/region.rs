//! Between edge and media region, over HTTPS.
//!
//! The edge calls a region with a ticket in `Authorization: Bearer`: a JWT (RFC 7519) signed with
//! Ed25519 (RFC 8037, `alg: EdDSA`), good for one action on one instance. Regions hold only the public key.
//!
//! | edge calls | ticket's action | body | answer |
//! |---|---|---|---|
//! | `POST /v1/sessions` | `open` | [`OpenSession`] | 201 [`SessionAnswer`] |
//! | `POST /v1/probes` | `probe` | none | 201 [`ProbeAnswer`] |
//! | `POST /v1/sessions/close` | `close` | none | 204, also when there was none |
//! | `POST /v1/sessions/grant` | `grant` | none | 204, also when there was none |
//!
//! A region calls the edge with its own credential in `Authorization: Bearer`: a JWT by the same
//! key with [`RegionClaims`].
//!
//! | region calls | body | answer |
//! |---|---|---|
//! | `POST /api/regions/report` | [`RegionReport`] | 204 |
//! | `POST /api/regions/events` | [`RegionEvents`] | 204 |
//!
//! Errors are [`crate::error::Problem`] in both directions.

use serde::{Deserialize, Serialize};

use crate::{
    id::{InstanceId, ParticipantId, RegionName, RoomId},
    media::{Slot, Source},
    signal::MediaOffer,
    text::Sdp,
};

/// `iss` of everything the edge signs.
pub const EDGE_ISSUER: &str = "meridian-edge";
/// `aud` of a region's credential.
pub const EDGE_AUDIENCE: &str = "meridian-edge";

/// What a ticket allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketAction {
    /// Open a media session.
    Open,
    /// Find out which ways lead to the region, before anybody joins.
    Probe,
    /// Close it.
    Close,
    /// Change what may be published in it, to what the ticket names.
    Grant,
}

/// Claims of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketClaims {
    /// [`EDGE_ISSUER`].
    pub iss: String,
    /// The one instance that may take it.
    pub aud: InstanceId,
    /// When it was signed, in seconds since the epoch.
    pub iat: u64,
    /// When it ends: at most [`crate::limits::TICKET_SECONDS`] later.
    pub exp: u64,
    /// What for.
    pub action: TicketAction,
    /// The room.
    pub room: RoomId,
    /// The participant.
    pub participant: ParticipantId,
    /// The participant's media session, counting up. A region takes each number once, and none
    /// below the highest it has seen of that participant.
    pub epoch: u64,
    /// What the participant may publish.
    pub publish: Vec<Source>,
    /// Counts the grants of this session, so that none is overtaken by an older one. 0 when opening.
    #[serde(default)]
    pub grant: u64,
}

/// Claims of a region's credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionClaims {
    /// [`EDGE_ISSUER`].
    pub iss: String,
    /// [`EDGE_AUDIENCE`].
    pub aud: String,
    /// The region that may report and speak for its instances.
    pub sub: RegionName,
    /// When it ends, in seconds since the epoch.
    pub exp: u64,
}

/// Body of `POST /v1/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {
    /// The browser's offer.
    pub offer: MediaOffer,
}

/// Its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionAnswer {
    /// For the browser.
    pub sdp: Sdp,
    /// What the slots carry at first.
    pub slots: Vec<Slot>,
}

/// Answer to `POST /v1/probes`: an ICE agent (RFC 8445) that answers connectivity checks for
/// [`crate::limits::PROBE_SECONDS`], and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ProbeAnswer {
    /// Its user fragment.
    pub ufrag: String,
    /// The password that checks are made with.
    pub password: String,
    /// Where it is, each as `RTCIceCandidate.candidate` (RFC 8839 §5.1).
    pub candidates: Vec<String>,
}

/// An instance says that it lives; every [`crate::limits::REPORT_SECONDS`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegionReport {
    /// Which process.
    pub instance: InstanceId,
    /// Where; the same as in its credential.
    pub region: RegionName,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// `https://…` or, in development, `http://127.0.0.1:7880`: where the edge reaches it.
    pub control_url: String,
    /// Build of the region.
    pub build: String,
    /// Media sessions now.
    pub participants: u32,
    /// Media sessions that it takes.
    pub capacity: u32,
    /// Takes no new rooms.
    pub draining: bool,
}

/// What happened to a media session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEventKind {
    /// Media flows.
    Connected,
    /// Nothing came from the browser for some seconds.
    Silent,
    /// Something came again after `silent`.
    Back,
    /// The session is over at the region.
    Closed,
}

/// One event of one media session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// The room.
    pub room: RoomId,
    /// The participant.
    pub participant: ParticipantId,
    /// The participant's media session.
    pub epoch: u64,
    /// What happened.
    pub kind: SessionEventKind,
}

/// Body of `POST /api/regions/events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionEvents {
    /// The instance that speaks.
    pub instance: InstanceId,
    /// At most 500, oldest first.
    pub events: Vec<SessionEvent>,
}
