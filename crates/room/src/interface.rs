//! What goes into a room and what comes out of it.

use protocol::{
    Millis,
    id::{InstanceId, ParticipantId, RegionName, RoomCode, RoomId},
    media::Source,
    region::{SessionAnswer, SessionEvent},
    rest::{RoomKind, RoomPhase},
    signal::{ChatMessage, MediaOffer, Presence, Role, ServerMessage},
    text::{DisplayName, Title},
};
use serde::{Deserialize, Serialize};

/// One socket of one person. Chosen by the driver at random; never reused within a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectionId(pub u64);

/// Degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Degrees north, −90 to 90.
    pub latitude: f64,
    /// Degrees east, −180 to 180.
    pub longitude: f64,
}

/// A socket and who is behind it. The driver keeps this with the socket, so that it survives
/// hibernation, and hands all of them to [`crate::Room::restore`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Which socket.
    pub id: ConnectionId,
    /// Who, from the seat token.
    pub participant: ParticipantId,
    /// The seat token was given out for the host secret.
    pub host: bool,
    /// Where the socket comes from, when that is known.
    pub location: Option<Coordinates>,
}

/// A live media region instance, as the fleet reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Which process.
    pub id: InstanceId,
    /// Which region.
    pub region: RegionName,
    /// Where.
    pub location: Coordinates,
    /// Where its control plane answers.
    pub control_url: String,
    /// Media sessions now.
    pub participants: u32,
    /// Media sessions that it takes.
    pub capacity: u32,
    /// Takes no new rooms.
    pub draining: bool,
}

/// A new meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRoom {
    /// The object's id.
    pub id: RoomId,
    /// The code people share.
    pub code: RoomCode,
    /// What it is about.
    pub title: Title,
    /// Who walks in.
    pub kind: RoomKind,
    /// SHA-256 of the host secret, when there is one.
    pub host_secret_hash: Option<[u8; 32]>,
}

/// Why a region did not answer with a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionFailure {
    /// It could not be reached, or answered with a fault of its own, or drains: try another.
    Unavailable,
    /// It refused the offer; another would too.
    Rejected(String),
}

/// One thing that happens to a room.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A socket with a good seat token opened.
    Connected(Connection),
    /// A text came on a socket, as it came. Binary messages arrive here as an empty text.
    Received {
        /// On which.
        connection: ConnectionId,
        /// At most [`protocol::limits::SOCKET_MESSAGE_BYTES`]; longer ones are refused here too.
        text: String,
    },
    /// A socket closed or failed. May never come.
    Disconnected(ConnectionId),
    /// The live instances. Without one of these, no session can be opened: the room asks with
    /// [`Output::NeedInstances`].
    Instances(Vec<Instance>),
    /// What came of [`Output::OpenSession`].
    Opened {
        /// Whose.
        participant: ParticipantId,
        /// Which session of theirs.
        epoch: u64,
        /// The answer.
        result: Result<SessionAnswer, RegionFailure>,
    },
    /// A region says what happened to a session. The driver has checked that it may speak for
    /// `instance`; whether the session is there is for the room to check.
    Happened {
        /// Who says it.
        instance: InstanceId,
        /// What.
        event: SessionEvent,
    },
    /// The deadline passed (or may have: early and late calls are harmless).
    Woken,
}

/// One thing that the driver carries out, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Store this, replacing what has the same key.
    Save(Record),
    /// Send one message to these sockets.
    Send {
        /// Sockets that are open, as far as the room knows.
        to: Vec<ConnectionId>,
        /// The message; serialise it once.
        message: ServerMessage,
    },
    /// Close a socket.
    Close {
        /// Which.
        connection: ConnectionId,
        /// One of [`protocol::signal::close`].
        code: u16,
        /// For a developer.
        reason: &'static str,
    },
    /// Ask the fleet and bring [`Input::Instances`], with an empty list when it is unreachable.
    NeedInstances,
    /// Call `POST /v1/sessions` with an `open` ticket and bring [`Input::Opened`].
    OpenSession(OpenSessionCall),
    /// Call `POST /v1/sessions/close` with a `close` ticket; nobody waits for the result.
    CloseSession {
        /// Where.
        placement: Placement,
        /// Whose.
        participant: ParticipantId,
        /// Up to which session of theirs.
        epoch: u64,
    },
}

/// A call to a region.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSessionCall {
    /// Where.
    pub placement: Placement,
    /// Whose.
    pub participant: ParticipantId,
    /// Which session of theirs.
    pub epoch: u64,
    /// What they may publish.
    pub publish: Vec<Source>,
    /// Their offer.
    pub offer: MediaOffer,
}

/// The instance that carries somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Which process.
    pub instance: InstanceId,
    /// Where its control plane answers.
    pub control_url: String,
}

/// What is stored: the driver keeps one row for each key, as JSON or in columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The meeting (one row).
    Meeting(Meeting),
    /// A person who is in (a row each, by id).
    Member(Member),
    /// That person is out: drop the row.
    MemberGone(ParticipantId),
    /// A chat message (a row each, by sequence). Rows below `sequence - CHAT_HISTORY` may be dropped.
    Chat(ChatMessage),
    /// The meeting is over: drop all members and chat; the meeting's row stays, so that its code
    /// answers `room_ended`.
    Erased,
    /// The meeting is long over: drop everything, also its row.
    Forgotten,
}

/// The meeting's own row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The object's id.
    pub id: RoomId,
    /// The code people share.
    pub code: RoomCode,
    /// What it is about.
    pub title: Title,
    /// Who walks in.
    pub kind: RoomKind,
    /// Where it is in its life.
    pub phase: RoomPhase,
    /// SHA-256 of the host secret, when there is one.
    pub host_secret_hash: Option<[u8; 32]>,
    /// When it was made.
    pub created_at: Millis,
    /// When the phase was entered.
    pub phase_since: Millis,
    /// Version of the state that clients hold.
    pub version: u64,
    /// The instance that carries the room, once someone was placed.
    pub placement: Option<Placement>,
    /// The room moved to another instance, and those who are still carried elsewhere are fetched then.
    pub regroup_at: Option<Millis>,
    /// The highest [`Member::epoch`] of anyone who went. The sessions of those who come later are
    /// numbered above it, because a region takes no number twice from a person who returns.
    pub epoch_floor: u64,
}

/// A person who is in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub id: ParticipantId,
    /// How others see them.
    pub name: DisplayName,
    /// What they may do.
    pub role: Role,
    /// Whether the microphone is on.
    pub microphone: bool,
    /// Whether the camera is on.
    pub camera: bool,
    /// When they came in.
    pub joined_at: Millis,
    /// Number of their last media session; grows with each.
    pub epoch: u64,
    /// The instance that carries them.
    pub placement: Option<Placement>,
    /// What the others were told about their socket.
    pub presence: Presence,
    /// Gone for good unless back, or heard from, by then.
    pub leaves_at: Option<Millis>,
}

/// All rows of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The meeting's row.
    pub meeting: Meeting,
    /// All members.
    pub members: Vec<Member>,
    /// The newest [`protocol::limits::CHAT_HISTORY`] messages, oldest first.
    pub chat: Vec<ChatMessage>,
}
