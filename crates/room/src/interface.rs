//! What goes into a room and what comes out of it.

use mail::{EntryId, Mail, Verdict};
use protocol::{
    error::ErrorCode,
    id::{AccountId, InstanceId, ParticipantId, RegionName, RoomCode, RoomId},
    media::Source,
    region::{SessionAnswer, SessionEvent},
    rest::{ChangeRoom, RoomDetails, RoomKind, RoomPhase, Schedule, Stream, StreamKind},
    signal::{MediaOffer, ServerMessage},
    text::{DisplayName, EmailAddress, Sdp, Title},
};
use serde::{Deserialize, Serialize};

use crate::records::Record;

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
    /// Who is signed in behind it, from the seat token.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// The address that a guest gave; it proves nothing.
    #[serde(default)]
    pub email: Option<EmailAddress>,
    /// Where the socket comes from, when that is known.
    pub location: Option<Coordinates>,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Their account.
    pub account: AccountId,
    /// Its proven address.
    pub email: EmailAddress,
    /// Its name.
    pub name: DisplayName,
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
    /// Who makes it; nobody where a guest does.
    pub owner: Option<Identity>,
    /// When it is planned for.
    pub schedule: Option<Schedule>,
    /// Who is invited, and whether they lead it too. At most [`protocol::limits::INVITATIONS`].
    pub invite: Vec<Invitee>,
    /// Invited people get a mail. Not where they are rung instead.
    pub letters: bool,
    /// This deployment's own origin, for links in letters, such as `https://meet.example`.
    pub origin: String,
}

/// Somebody to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// Whom.
    pub email: EmailAddress,
    /// Leads the meeting too.
    pub cohost: bool,
}

/// Which question; chosen by the driver, to find who waits for the answer.
pub type QuestionId = u64;

/// What somebody asks of a meeting from outside its sockets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Change it. Owner and co-hosts only (`room_not_found` for strangers, `forbidden` for the
    /// invited; `room_ended` when it is over). Answers [`Answer::Details`].
    Change {
        /// Who asks.
        by: Identity,
        /// What changes.
        change: Box<ChangeRoom>,
    },
    /// Delete it: it ends, invitations for a time to come are cancelled, and it leaves everybody's
    /// index. Owner only. Answers [`Answer::Done`].
    Delete {
        /// Who asks.
        by: Identity,
    },
    /// Its owner's account is deleted: as `Delete`, and title, names and addresses are wiped.
    Destroy,
    /// A person's index has no place for this meeting: their invitation goes, without a letter, unless
    /// they are in.
    Unlist {
        /// Their address.
        email: EmailAddress,
    },
    /// A person's account is deleted: they are out, and their invitation, name (also in the chat) and
    /// address are wiped.
    ForgetPerson {
        /// Who they were.
        account: AccountId,
        /// Their address.
        email: EmailAddress,
    },
    /// A home page wants to know how it is, now and whenever that changes, or no longer. Answers
    /// [`Answer::Done`]; the state comes as [`Output::Report`].
    Watch {
        /// Whose.
        account: AccountId,
        /// Begin, or stop.
        watch: bool,
    },
    /// A token is given to a program. Who leads the meeting only (`forbidden`); `room_full` when there
    /// are [`protocol::limits::STREAMS`]. Answers [`Answer::Done`].
    MakeStream {
        /// Who asks.
        by: Asker,
        /// What the token is for.
        stream: Stream,
    },
    /// The tokens that are good now, for those who may make them. Answers [`Answer::Streams`].
    Streams {
        /// Who asks.
        by: Asker,
    },
    /// A token is taken back, and whoever came with it goes (`not_found` where there is none). Answers
    /// [`Answer::Done`].
    DropStream {
        /// Who asks.
        by: Asker,
        /// Which.
        stream: ParticipantId,
    },
    /// A program comes with its token, or comes again in place of the session before (`unauthorized`
    /// where that is not good any more). Answers [`Answer::Streaming`], and the region's answer follows as
    /// [`Output::Streamed`], or never where [`crate::Room::is_opening`] says that nothing is on its way.
    OpenStream {
        /// Its token.
        stream: ParticipantId,
        /// What the token must be for.
        kind: StreamKind,
        /// What it offers, as [`crate::stream_offer`] made it.
        offer: Box<MediaOffer>,
        /// Where it seems to be.
        location: Option<Coordinates>,
    },
    /// Whether a session of a program is there (`not_found` where it is not), and if it is to end, its
    /// end. Answers [`Answer::Done`].
    StreamSession {
        /// Its token.
        stream: ParticipantId,
        /// Which session.
        epoch: u64,
        /// It goes.
        ends: bool,
    },
}

/// Who asks for what only those may have who lead the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// Who they are in the meeting, from their seat.
    pub participant: Option<ParticipantId>,
    /// They showed the host secret when they took it.
    pub host: bool,
    /// Who is signed in.
    pub identity: Option<Identity>,
}

/// What a meeting answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Nothing to say.
    Done,
    /// The meeting, as the person who asked sees it; without link.
    Details(Box<RoomDetails>),
    /// The tokens of programs.
    Streams(Vec<Stream>),
    /// A program's media session of this number is on its way.
    Streaming(u64),
}

/// What an account must be told, at least once. The same to owner, invited people and attendees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// How the meeting is now, for that person's index.
    Tell {
        /// Whom.
        email: EmailAddress,
        /// As they see it: with their `relation` and the code, without link, participants and
        /// invitations.
        details: Box<RoomDetails>,
        /// Grows with every change that is told.
        revision: u64,
    },
    /// It leaves that person's index.
    Gone {
        /// Whom.
        email: EmailAddress,
        /// As above.
        revision: u64,
    },
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
    /// Somebody asks something. Answered by exactly one [`Output::Answer`] in the same drain.
    Asked {
        /// Which question.
        id: QuestionId,
        /// It.
        question: Question,
    },
    /// What came of [`Output::Post`].
    Posted {
        /// Which.
        id: EntryId,
        /// The result.
        verdict: Verdict,
    },
    /// What came of [`Output::Errand`].
    Done {
        /// Which.
        id: EntryId,
        /// The result.
        verdict: Verdict,
    },
    /// What came of [`Output::Report`].
    Reported {
        /// Whose home page.
        account: AccountId,
        /// It is still open. Also `false` when the account could not be reached.
        watching: bool,
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
    /// Call `POST /v1/sessions/grant` with a `grant` ticket: what this session may publish from now on.
    /// Tried again by the driver while the region cannot be reached and the ticket is good.
    Grant {
        /// Where.
        placement: Placement,
        /// Whose.
        participant: ParticipantId,
        /// Which session of theirs.
        epoch: u64,
        /// Counts up within the session.
        grant: u64,
        /// What may be published; everything else is dropped at the region.
        publish: Vec<Source>,
    },
    /// What came of [`Question::OpenStream`].
    Streamed {
        /// Whose.
        stream: ParticipantId,
        /// Which session.
        epoch: u64,
        /// The region's answer, or why there is none, and a sentence for a developer.
        result: Result<Sdp, (ErrorCode, String)>,
    },
    /// The answer to a question.
    Answer {
        /// Which.
        id: QuestionId,
        /// It.
        answer: Result<Answer, ErrorCode>,
    },
    /// Send a mail and bring [`Input::Posted`]. May be handed out again after a restart. Whoever does
    /// not send it at once asks [`crate::Room::mail`] before.
    Post {
        /// Its name, for idempotency too.
        id: EntryId,
        /// It.
        mail: Mail,
    },
    /// Tell an account something and bring [`Input::Done`]. May be handed out again after a restart.
    Errand {
        /// Its name.
        id: EntryId,
        /// It.
        errand: Errand,
    },
    /// Tell a home page how the meeting is and bring [`Input::Reported`]. Never a second one to the
    /// same account before that came: changes in between are told by the next one.
    Report {
        /// Whose home page.
        account: AccountId,
        /// Where the meeting is in its life.
        phase: RoomPhase,
        /// How many are in.
        participants: u32,
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
