//! `/api/*`: JSON bodies between anyone and the edge.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{InstanceId, RegionName, RoomCode, RoomId},
    text::{DisplayName, EmailAddress, Title},
};

/// Who walks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Anyone with the link.
    #[default]
    Public,
    /// Invited, signed-in people; others ask.
    Private,
    /// Signed-in people of the host's domain, and invited ones.
    Team,
}

/// Where a meeting is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomPhase {
    /// Made, nobody was in yet.
    Created,
    /// Somebody was in; nobody is now.
    Waiting,
    /// Somebody is in.
    Active,
    /// Nobody came back within the time-out.
    Expired,
    /// A host ended or deleted it.
    Destroyed,
}

/// Body of `POST /api/rooms/create`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CreateRoom {
    /// What the meeting is about; "Meeting" when absent.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub title: Option<Title>,
    /// Public when absent.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(as = "Option<RoomKind>", optional))]
    pub kind: RoomKind,
}

/// A meeting as its creator and its participants see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RoomDetails {
    /// For the API.
    pub id: RoomId,
    /// For people. Absent for those who have only the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub code: Option<RoomCode>,
    /// `https://…/m/{code}`. Absent for those who have only the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub link: Option<String>,
    /// What it is about.
    pub title: Title,
    /// Who walks in.
    pub kind: RoomKind,
    /// Where it is in its life.
    pub phase: RoomPhase,
    /// People in it now.
    pub participants: u32,
    /// When it was made.
    pub created_at: Millis,
}

/// Answer to `POST /api/rooms/create` (201).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CreatedRoom {
    /// The meeting.
    pub room: RoomDetails,
    /// Makes whoever shows it on joining a host; only for meetings made without signing in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub host_secret: Option<String>,
}

/// Body of `POST /api/rooms/join`: takes a seat, which lets nobody see the person yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TakeSeat {
    /// A code or a link that ends in one.
    pub code: String,
    /// A guest's name; may follow with the message `join`.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<DisplayName>,
    /// A guest's address, when given.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<EmailAddress>,
    /// From [`CreatedRoom::host_secret`].
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub host_secret: Option<String>,
}

/// Answer to `POST /api/rooms/join`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Seat {
    /// Opens the room's socket (see [`crate::signal::subprotocol`]), again after every loss.
    pub seat: String,
    /// The meeting.
    pub room: RoomDetails,
    /// `wss://…/api/rooms/{id}/signal`.
    pub signal_url: String,
    /// For `RTCPeerConnection`.
    pub ice_servers: Vec<IceServer>,
}

/// `RTCIceServer` (W3C WebRTC §4.2.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IceServer {
    /// `stun:` and `turn:` URLs.
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub credential: Option<String>,
}

/// Answer to `GET /api/health`: 200 when calls can be made, else 503 with the same body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Health {
    /// A region is alive and takes calls.
    pub ready: bool,
    /// Build of the edge.
    pub build: String,
    /// The region instances it knows.
    pub regions: Vec<RegionHealth>,
}

/// One instance in [`Health`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RegionHealth {
    /// Which process.
    pub instance: InstanceId,
    /// Where.
    pub region: RegionName,
    /// Answered its control port to the edge just now.
    pub reachable: bool,
    /// Takes no new rooms.
    pub draining: bool,
    /// Participants connected, from its last report.
    pub participants: u32,
    /// Since its last report.
    pub report_age_ms: Millis,
}
