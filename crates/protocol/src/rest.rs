//! `/api/*`: JSON bodies between anyone and the edge.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{InstanceId, ParticipantId, RegionName, RoomCode, RoomId},
    moment::Moment,
    region::ProbeAnswer,
    text::{DisplayName, EmailAddress, TimeZone, Title},
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
    /// When it begins; an instant meeting when absent. At most
    /// [`crate::limits::SCHEDULE_DAYS`] ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub starts_at: Option<Moment>,
    /// 1 to [`crate::limits::DURATION_MINUTES`]; 60 when absent. Only with `starts_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub duration_minutes: Option<u32>,
    /// The zone that the organiser thinks in; UTC when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub time_zone: Option<TimeZone>,
    /// Who is invited by mail; at most [`crate::limits::INVITATIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<EmailAddress>>", optional))]
    pub invite: Vec<EmailAddress>,
    /// Who else leads the meeting, by proven address; they are invited too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<EmailAddress>>", optional))]
    pub cohosts: Vec<EmailAddress>,
}

/// Body of `PATCH /api/rooms/{id}`, for hosts: what is absent stays as it is. Answered by 200 and
/// [`RoomDetails`]. Who is invited is told of a new title or time by mail.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChangeRoom {
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub title: Option<Title>,
    /// Who walks in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub kind: Option<RoomKind>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub starts_at: Option<Moment>,
    /// As in [`CreateRoom`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub duration_minutes: Option<u32>,
    /// As in [`CreateRoom`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub time_zone: Option<TimeZone>,
    /// More people to invite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<EmailAddress>>", optional))]
    pub invite: Vec<EmailAddress>,
    /// People whose invitation is taken back; they get a cancellation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<EmailAddress>>", optional))]
    pub uninvite: Vec<EmailAddress>,
    /// All co-hosts from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub cohosts: Option<Vec<EmailAddress>>,
    /// `true` ends the meeting for everyone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<bool>", optional))]
    pub end: bool,
}

/// When a meeting is planned for, and the zone that its organiser thinks in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// When it begins.
    pub starts_at: Millis,
    /// How long it takes, 1 to [`crate::limits::DURATION_MINUTES`].
    pub duration_minutes: u32,
    /// Where the organiser thinks it; UTC when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
}

/// What somebody is to a meeting before they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Made it.
    Owner,
    /// Leads it too.
    Cohost,
    /// Has an invitation.
    Invited,
    /// Was in.
    Attended,
}

/// Whether an invitation's mail went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It is tried, again after failures.
    Sending,
    /// The mail service took it.
    Sent,
    /// Given up.
    Failed,
}

/// Somebody who is invited, as the hosts see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Invitation {
    /// Whom.
    pub email: EmailAddress,
    /// Leads the meeting too.
    pub cohost: bool,
    /// Where the last mail about it is.
    pub delivery: Delivery,
}

/// How a seat lets its holder in, as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// At once.
    Walk,
    /// After a host admits them.
    Ask,
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
    /// When it is planned for; absent for an instant meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub starts_at: Option<Millis>,
    /// How long it is planned to take; with `starts_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub duration_minutes: Option<u32>,
    /// The zone that its organiser thinks in; UTC when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub time_zone: Option<TimeZone>,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub ended_at: Option<Millis>,
    /// Who made it, where that was somebody with an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub host_name: Option<DisplayName>,
    /// What the person who asks is to it; absent for strangers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub relation: Option<Relation>,
    /// Who is invited; only for hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub invitations: Option<Vec<Invitation>>,
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
    /// A guest's name; may follow with the message `join`. Signed-in people have their own.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<DisplayName>,
    /// A guest's address, when given: shown to the hosts whom they ask, and proves nothing.
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
    /// Whether its holder walks in.
    pub admission: Admission,
    /// `wss://…/api/rooms/{id}/signal`.
    pub signal_url: String,
    /// For `RTCPeerConnection`.
    pub ice_servers: Vec<IceServer>,
    /// Seconds after which to ask for others (`POST /api/rooms/{id}/ice`); absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub ice_seconds: Option<u32>,
    /// Names the network that the person is in, so that their browser knows it again: a keyed hash of the
    /// first bits of their address (24 of IPv4, 48 of IPv6). Absent where the address is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub network: Option<String>,
}

/// Answer to `POST /api/rooms/{id}/ice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct IceServers {
    /// For `RTCPeerConnection.setConfiguration`, in place of those before.
    pub ice_servers: Vec<IceServer>,
    /// Seconds after which to ask again; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub ice_seconds: Option<u32>,
}

/// Answer to `POST /api/rooms/{id}/probe`: where a browser finds out how media would get through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Probe {
    /// The region that would carry it, or one near to that.
    pub region: RegionName,
    /// What answers there.
    pub answer: ProbeAnswer,
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

/// What a program does in a meeting that comes by WHIP (RFC 9725) or WHEP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// Is seen and heard (WHIP).
    Publish,
    /// Sees and hears (WHEP).
    Watch,
}

/// Body of `POST /api/rooms/{id}/streams`, for hosts. Answered by 201 and [`StreamAccess`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MakeStream {
    /// What for.
    pub kind: StreamKind,
    /// How people in the meeting see whoever comes with it.
    pub name: DisplayName,
    /// How long it is good for, 60 to [`crate::limits::STREAM_SECONDS`]; that long when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub seconds: Option<u32>,
}

/// A token that one program at a time may publish or watch with, without the token itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Stream {
    /// Who comes with it: their id in the meeting too.
    pub id: ParticipantId,
    /// What for.
    pub kind: StreamKind,
    /// Their name in the meeting.
    pub name: DisplayName,
    /// When it ends, and whoever came with it goes.
    pub expires_at: Millis,
}

/// A new token. It is told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StreamAccess {
    /// What it is for.
    pub stream: Stream,
    /// The endpoint: `https://…/api/rooms/{id}/whip` or `…/whep`.
    pub url: String,
    /// For `Authorization: Bearer` there.
    pub token: String,
}

/// Answer to `GET /api/rooms/{id}/streams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Streams {
    /// The tokens that are good now, oldest first; at most [`crate::limits::STREAMS`].
    pub streams: Vec<Stream>,
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
