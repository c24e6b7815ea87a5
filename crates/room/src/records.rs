//! What a room stores: the rows that it is made from again.

use mail::{EntryId, Mail};
use protocol::{
    Millis,
    id::{AccountId, ChatId, ParticipantId, RoomCode, RoomId},
    media::Source,
    rest::{Delivery, RoomKind, RoomPhase, Schedule, Stream, StreamKind},
    signal::{ChatMessage, Permissions, Presence, Role, WaitingPerson},
    text::{ChatText, DisplayName, EmailAddress, Title},
};
use serde::{Deserialize, Serialize};

use crate::{
    interface::{Errand, Identity, Placement},
    topology::Topology,
};

/// What is stored: the driver keeps one row for each key, as JSON or in columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The meeting (one row).
    Meeting(Meeting),
    /// A person who is in (a row each, by id).
    Member(Member),
    /// That person is out: drop the row.
    MemberGone(ParticipantId),
    /// Somebody who asked to come in (a row each, by id).
    Waiting(Waiting),
    /// They are in, or went, or were denied: drop the row.
    WaitingGone(ParticipantId),
    /// Somebody who belongs to the meeting by their address (a row each, by address).
    Guest(Guest),
    /// They no longer do.
    GuestGone(EmailAddress),
    /// A home page that wants to know (a row each, by account).
    Watcher(AccountId),
    /// It no longer does.
    WatcherGone(AccountId),
    /// A mail that has to go out (a row each, by id).
    Mail(mail::Entry<Mail>),
    /// It went out, or was given up.
    MailGone(EntryId),
    /// An errand that has to be run (a row each, by id).
    Errand(mail::Entry<Errand>),
    /// It was run.
    ErrandGone(EntryId),
    /// A chat message (a row each, by sequence). Rows below `sequence - CHAT_HISTORY` may be dropped.
    Chat(Said),
    /// The meeting is over: drop all members, those who wait, watchers and chat; the meeting's row
    /// stays, so that its code answers `room_ended`, and so do its guests, mails and errands.
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
    /// Who made it.
    #[serde(default)]
    pub owner: Option<Identity>,
    /// When it is planned for.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// Counts the changes of title and time and what is called off, for calendars.
    #[serde(default)]
    pub sequence: u32,
    /// Counts what accounts were told.
    #[serde(default)]
    pub revision: u64,
    /// The next name of a mail or an errand.
    #[serde(default)]
    pub next_entry: EntryId,
    /// For links in letters.
    #[serde(default)]
    pub origin: String,
    /// What its hosts decided while it went on.
    #[serde(default)]
    pub moderation: Box<Moderation>,
    /// What goes directly from browser to browser.
    #[serde(default)]
    pub topology: Box<Topology>,
    /// The tokens that were given to programs, oldest first; at most [`protocol::limits::STREAMS`].
    #[serde(default)]
    pub streams: Vec<Stream>,
}

/// What the hosts of a meeting decided while it went on. Nothing of it outlives the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Moderation {
    /// Nobody new comes in.
    #[serde(default)]
    pub locked: bool,
    /// Those who would walk in (but the invited) must ask. Where the kind says so already, this is
    /// what holds after another kind.
    #[serde(default)]
    pub waiting_room: bool,
    /// What participants may do.
    #[serde(default)]
    pub permissions: Permissions,
    /// Whom everybody sees large.
    #[serde(default)]
    pub spotlight: Option<ParticipantId>,
    /// Signed-in people who were removed; at most [`crate::BANS`], the oldest goes first.
    #[serde(default)]
    pub banned_accounts: Vec<AccountId>,
    /// Seats of other people who were removed; likewise.
    #[serde(default)]
    pub banned_seats: Vec<ParticipantId>,
}

/// A chat message and the account of its author, which is not for the others to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Counts up by one from 1 in each room.
    pub sequence: u64,
    /// The author's own name for it.
    pub id: ChatId,
    /// Who said it.
    pub author: ParticipantId,
    /// What they were called then.
    pub author_name: DisplayName,
    /// What they said; nothing where it was taken back.
    #[serde(default)]
    pub text: Option<ChatText>,
    /// When the room got it.
    pub sent_at: Millis,
    /// To whom alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<ParticipantId>,
    /// Who was signed in behind them, so that their name can be taken away with their account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl Said {
    /// As those see it who may read it; nothing where it was taken back.
    #[must_use]
    pub fn message(&self) -> Option<ChatMessage> {
        Some(ChatMessage {
            sequence: self.sequence,
            id: self.id,
            author: self.author,
            author_name: self.author_name.clone(),
            text: self.text.clone()?,
            sent_at: self.sent_at,
            to: self.to,
        })
    }

    /// Whether somebody may read it: everybody what was said to everyone, and only the two of them
    /// what one said to the other.
    #[must_use]
    pub fn is_for(&self, person: ParticipantId) -> bool {
        self.to.is_none_or(|to| to == person || self.author == person)
    }
}

/// Somebody who asked to come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// As the hosts see them.
    pub person: WaitingPerson,
    /// A host let them in; they may `join`.
    pub admitted: bool,
    /// They are out unless back by then, where their socket was lost, or in by then, where they were
    /// admitted.
    pub leaves_at: Option<Millis>,
}

/// Somebody who belongs to the meeting by their address: invited, or was in while signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// Who.
    pub email: EmailAddress,
    /// Walks in where invited people do.
    pub invited: bool,
    /// Leads the meeting too.
    pub cohost: bool,
    /// Was in.
    pub attended: bool,
    /// Where the last mail about it is.
    pub delivery: Delivery,
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
    /// Whether they share a screen.
    #[serde(default)]
    pub screen: bool,
    /// When they raised their hand, if it is up. No two hands went up at once.
    #[serde(default)]
    pub hand_raised_at: Option<Millis>,
    /// A host made them a co-host. Only of guests: of signed-in people their address says it.
    #[serde(default)]
    pub cohost: bool,
    /// What a host turned off and they did not turn on again, each once and in order.
    #[serde(default)]
    pub held: Vec<Source>,
    /// When they came in.
    pub joined_at: Millis,
    /// Who is signed in behind them.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Their browser can exchange media with another directly.
    #[serde(default)]
    pub direct: bool,
    /// A program without a socket, which is there as long as its media session.
    #[serde(default)]
    pub stream: Option<StreamKind>,
    /// Number of their last media session; grows with each.
    pub epoch: u64,
    /// The last one that a region opened for them where they are carried.
    #[serde(default)]
    pub session: Option<OpenedSession>,
    /// The instance that carries them.
    pub placement: Option<Placement>,
    /// What the others were told about their socket.
    pub presence: Presence,
    /// Gone for good unless back, or heard from, by then.
    pub leaves_at: Option<Millis>,
}

/// A media session that a region opened, and what may be published in it, as far as the region was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedSession {
    /// Its number.
    pub epoch: u64,
    /// Counts what was said since of what may be published.
    pub grant: u64,
    /// What may be published.
    pub publish: Vec<Source>,
    /// The region hears nothing from the browser, or said that it is over.
    #[serde(default)]
    pub silent: bool,
}

/// All rows of a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The meeting's row.
    pub meeting: Meeting,
    /// All members.
    pub members: Vec<Member>,
    /// The newest [`protocol::limits::CHAT_HISTORY`] messages, oldest first.
    pub chat: Vec<Said>,
    /// Everybody who waits.
    pub waiting: Vec<Waiting>,
    /// Everybody who belongs to it by their address.
    pub guests: Vec<Guest>,
    /// Home pages that want to know.
    pub watchers: Vec<AccountId>,
    /// Mails that have to go out.
    pub mails: Vec<mail::Entry<Mail>>,
    /// Errands that have to be run.
    pub errands: Vec<mail::Entry<Errand>>,
}
