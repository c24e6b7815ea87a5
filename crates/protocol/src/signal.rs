//! The room's WebSocket: what concerns the meeting.
//!
//! JSON texts, one message each, told apart by `type`. The seat token travels as a subprotocol
//! ([`subprotocol`]), because a URL ends up in logs. The room answers `ping` with `pong` without
//! waking up.
//!
//! A client is sent [`ServerMessage::Seated`] when its seat is new, and [`ServerMessage::Welcome`]
//! with the full state on joining and on every return. Then each change carries the version it
//! leads to; a client that sees a gap sends [`ClientMessage::Sync`].

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, Error as _},
};
use serde_json::Value;

use crate::{
    Millis,
    error::ErrorCode,
    id::{ChatId, Mid, ParticipantId},
    json::{self, Fault},
    media::{Slot, Source},
    rest::{Admission, RoomKind, RoomPhase, StreamKind},
    text::{ChatText, DisplayName, EmailAddress, Sdp, Title},
};

/// The subprotocol that both ends speak.
pub const SUBPROTOCOL: &str = "meridian.v1";
/// What stands before the seat token in the second offered subprotocol.
pub const SEAT_SUBPROTOCOL_PREFIX: &str = "meridian.seat.";
/// The text that keeps a socket alive.
pub const PING: &str = "ping";
/// Its answer.
pub const PONG: &str = "pong";

/// `Sec-WebSocket-Protocol` values that open a socket with this seat token.
#[must_use]
pub fn subprotocol(seat: &str) -> [String; 2] {
    [SUBPROTOCOL.to_owned(), format!("{SEAT_SUBPROTOCOL_PREFIX}{seat}")]
}

/// Why the room closed a socket (RFC 6455 §7.4.2, private range). A client returns after any other code.
pub mod close {
    /// A message broke the protocol.
    pub const PROTOCOL: u16 = 4000;
    /// The same seat opened a newer socket.
    pub const REPLACED: u16 = 4001;
    /// The meeting is over, or this person's part in it.
    pub const ENDED: u16 = 4002;
    /// Too many messages.
    pub const RATE: u16 = 4003;
    /// The person left.
    pub const LEFT: u16 = 4004;
    /// A host did not let the person in.
    pub const DENIED: u16 = 4005;
    /// A host removed the person.
    pub const REMOVED: u16 = 4006;
}

/// A track of the client's offer and what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TrackOffer {
    /// The media section it is sent on.
    pub mid: Mid,
    /// What it carries.
    pub source: Source,
}

/// A client's offer for one media session. Sections that receive only are slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MediaOffer {
    /// The offer.
    pub sdp: Sdp,
    /// What the sending sections carry; at most [`crate::limits::TRACKS`].
    pub tracks: Vec<TrackOffer>,
}

/// Browser to room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Walk in, or ask to. Answered by `welcome`, then `answer`; or by `waiting`, and then this is
    /// to be said again after `admitted`.
    Join {
        /// How others see the person; needed from guests, ignored for signed-in people.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(optional))]
        name: Option<DisplayName>,
        /// Whether the microphone is on.
        microphone: bool,
        /// Whether the camera is on.
        camera: bool,
        /// Can exchange media with another browser directly, see [`ServerMessage::Plan`].
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(as = "Option<bool>", optional))]
        direct: bool,
        /// The first media session.
        offer: MediaOffer,
    },
    /// A new media session in place of the last, after that was lost. Answered by `answer`.
    Media {
        /// Its offer.
        offer: MediaOffer,
    },
    /// This browser's description of the direct connection that a plan asks for, with all its candidates.
    /// Told to the other of the two as [`ServerMessage::Description`]; dropped when the plan is no longer good.
    Describe {
        /// The plan.
        plan: u64,
        /// The offer of the one whose id is lower, or the other's answer.
        sdp: Sdp,
    },
    /// Media comes on the direct connection of a plan, or does not (any more).
    Reached {
        /// The plan.
        plan: u64,
        /// Whether it does.
        reached: bool,
    },
    /// What the person switched on or off.
    Update {
        /// Whether the microphone is on.
        microphone: bool,
        /// Whether the camera is on.
        camera: bool,
        /// Whether a screen is shared.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(as = "Option<bool>", optional))]
        screen: bool,
    },
    /// Say something to everyone, or to one person. Saying the same id again changes nothing.
    Chat {
        /// Chosen by the client.
        id: ChatId,
        /// The text.
        text: ChatText,
        /// To whom alone; to everyone when absent.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(optional))]
        to: Option<ParticipantId>,
    },
    /// Take back what somebody said. Hosts, and authors their own.
    Unsay {
        /// Which message.
        sequence: u64,
    },
    /// Ask to speak, or no longer.
    RaiseHand {
        /// Whether the hand is up.
        raised: bool,
    },
    /// Show a reaction to everyone for a moment.
    React {
        /// Which.
        reaction: Reaction,
    },
    /// Ask for the full state. Answered by `welcome`.
    Sync,
    /// Still here: the answer to [`ServerMessage::Check`].
    Here,
    /// Go, for good.
    Leave,
    /// Let somebody in who waits. Hosts only.
    Admit {
        /// Whom.
        participant: ParticipantId,
    },
    /// Do not let somebody in who waits. Hosts only.
    Deny {
        /// Whom.
        participant: ParticipantId,
    },
    /// Let everybody in who waits. Hosts only.
    AdmitAll,
    /// Turn off what somebody sends; the region stops it. They may turn it on again themselves where
    /// [`Permissions`] say so. Hosts only, and not on the host.
    Stop {
        /// Whose; everybody's but the hosts' when absent.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(optional))]
        participant: Option<ParticipantId>,
        /// What. `screen` takes the sound of the screen with it.
        source: Source,
    },
    /// What participants may do from now on. Hosts only.
    Permit {
        /// All of it.
        permissions: Permissions,
    },
    /// Nobody new comes in, or people do again. Hosts only.
    Lock {
        /// Whether the meeting is locked.
        locked: bool,
    },
    /// Whether those who would walk in (but the invited) must ask. Hosts only.
    WaitingRoom {
        /// Whether it is on.
        on: bool,
    },
    /// Put somebody out; they do not come back before the meeting ends. Hosts only, and not the host.
    Remove {
        /// Whom.
        participant: ParticipantId,
    },
    /// Make somebody a co-host, or no longer. Hosts only, and not the host.
    SetCohost {
        /// Whom.
        participant: ParticipantId,
        /// Whether they lead too.
        cohost: bool,
    },
    /// Take a raised hand down; everybody's when absent. Hosts only.
    LowerHand {
        /// Whose.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(optional))]
        participant: Option<ParticipantId>,
    },
    /// Show somebody large to everyone, or nobody. Hosts only.
    Spotlight {
        /// Whom.
        #[serde(default)]
        #[cfg_attr(feature = "typescript", ts(optional))]
        participant: Option<ParticipantId>,
    },
    /// End the meeting for everyone. Hosts only.
    End,
}

impl ClientMessage {
    /// Reads a message. The same as its `Deserialize`, which has to keep everything aside until it has
    /// seen the `type`: code that the Worker would ship for each kind of message.
    ///
    /// # Errors
    /// What is missing or wrong, and where.
    pub fn read(document: &Value) -> Result<Self, Fault> {
        let kind: String = field(document, "type")?;
        let participant = || field(document, "participant");
        Ok(match kind.as_str() {
            "join" => Self::Join {
                name: field(document, "name")?,
                microphone: field(document, "microphone")?,
                camera: field(document, "camera")?,
                direct: field::<Option<_>>(document, "direct")?.unwrap_or_default(),
                offer: field(document, "offer")?,
            },
            "media" => Self::Media { offer: field(document, "offer")? },
            "describe" => Self::Describe { plan: field(document, "plan")?, sdp: field(document, "sdp")? },
            "reached" => Self::Reached { plan: field(document, "plan")?, reached: field(document, "reached")? },
            "update" => Self::Update {
                microphone: field(document, "microphone")?,
                camera: field(document, "camera")?,
                screen: field::<Option<_>>(document, "screen")?.unwrap_or_default(),
            },
            "chat" => {
                Self::Chat { id: field(document, "id")?, text: field(document, "text")?, to: field(document, "to")? }
            }
            "unsay" => Self::Unsay { sequence: field(document, "sequence")? },
            "raise_hand" => Self::RaiseHand { raised: field(document, "raised")? },
            "react" => Self::React { reaction: field(document, "reaction")? },
            "sync" => Self::Sync,
            "here" => Self::Here,
            "leave" => Self::Leave,
            "admit" => Self::Admit { participant: participant()? },
            "deny" => Self::Deny { participant: participant()? },
            "admit_all" => Self::AdmitAll,
            "stop" => Self::Stop { participant: field(document, "participant")?, source: field(document, "source")? },
            "permit" => Self::Permit { permissions: field(document, "permissions")? },
            "lock" => Self::Lock { locked: field(document, "locked")? },
            "waiting_room" => Self::WaitingRoom { on: field(document, "on")? },
            "remove" => Self::Remove { participant: participant()? },
            "set_cohost" => Self::SetCohost { participant: participant()?, cohost: field(document, "cohost")? },
            "lower_hand" => Self::LowerHand { participant: field(document, "participant")? },
            "spotlight" => Self::Spotlight { participant: field(document, "participant")? },
            "end" => Self::End,
            _ => return Err(Fault::custom("unknown type of message")),
        })
    }
}

/// A field of an object; `null` stands for one that is absent.
fn field<T: DeserializeOwned>(document: &Value, name: &'static str) -> Result<T, Fault> {
    let value = document.get(name).unwrap_or(&Value::Null);
    if value.is_null() {
        return json::read(value).map_err(|_| Fault::missing_field(name));
    }
    json::read(value).map_err(|fault| fault.within(name))
}

/// A reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// 👍
    ThumbsUp,
    /// 👏
    Clap,
    /// ❤️
    Heart,
    /// 😂
    Laugh,
    /// 😮
    Wow,
    /// 😢
    Sad,
    /// 🎉
    Party,
    /// 👎
    ThumbsDown,
}

/// What participants may do who do not lead the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Permissions {
    /// Share a screen.
    pub share: bool,
    /// Write to the chat.
    pub chat: bool,
    /// React.
    pub react: bool,
    /// Turn their own microphone on.
    pub unmute: bool,
}

impl Default for Permissions {
    /// Everything.
    fn default() -> Self {
        Self { share: true, chat: true, react: true, unmute: true }
    }
}

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes part.
    Participant,
    /// Leads the meeting together with its host.
    Cohost,
    /// Leads the meeting.
    Host,
}

/// Whether a person's socket is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is.
    Connected,
    /// It was lost; the person is expected back within seconds.
    Reconnecting,
}

/// A person in the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Participant {
    /// Stable while the person is in.
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
    /// When they raised their hand, if it is up; hands are in that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub hand_raised_at: Option<Millis>,
    /// Whether they are there.
    pub presence: Presence,
    /// When they came in.
    pub joined_at: Millis,
    /// A program that came by WHIP or WHEP; absent for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub stream: Option<StreamKind>,
}

/// Somebody who waits to be let in, as the hosts see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WaitingPerson {
    /// For `admit` and `deny`.
    pub id: ParticipantId,
    /// What they call themselves.
    pub name: DisplayName,
    /// Their address, where they have or gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<EmailAddress>,
    /// The address is proven: they are signed in.
    pub verified: bool,
    /// When they asked.
    pub since: Millis,
}

/// A chat message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ChatMessage {
    /// Counts up by one from 1 in each room; the order for everybody.
    pub sequence: u64,
    /// The author's own name for it.
    pub id: ChatId,
    /// Who said it.
    pub author: ParticipantId,
    /// What they were called then (they may have left).
    pub author_name: DisplayName,
    /// What they said.
    pub text: ChatText,
    /// When the room got it.
    pub sent_at: Millis,
    /// To whom alone; to everyone when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub to: Option<ParticipantId>,
}

/// The meeting itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RoomSummary {
    /// What it is about.
    pub title: Title,
    /// Who walks in.
    pub kind: RoomKind,
    /// Where it is in its life.
    pub phase: RoomPhase,
    /// Nobody new comes in.
    #[serde(default)]
    pub locked: bool,
    /// Those who would walk in (but the invited) must ask.
    #[serde(default)]
    pub waiting_room: bool,
    /// What participants may do.
    #[serde(default)]
    pub permissions: Permissions,
    /// Whom a host shows large to everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub spotlight: Option<ParticipantId>,
}

/// Everything a participant knows of the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RoomState {
    /// Grows by one with every [`Change`].
    pub version: u64,
    /// The meeting.
    pub room: RoomSummary,
    /// Who is in, in the order they came.
    pub participants: Vec<Participant>,
    /// The last [`crate::limits::CHAT_HISTORY`] messages, oldest first.
    pub chat: Vec<ChatMessage>,
}

/// One step from a version of [`RoomState`] to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Somebody came.
    Joined {
        /// Them.
        participant: Participant,
    },
    /// Something about somebody changed.
    Updated {
        /// Them, as they are now.
        participant: Participant,
    },
    /// Somebody went.
    Left {
        /// Them.
        participant: ParticipantId,
    },
    /// Something about the meeting changed.
    Room {
        /// The meeting, as it is now.
        room: RoomSummary,
    },
    /// Somebody said something to everyone.
    Said {
        /// It.
        message: ChatMessage,
    },
    /// What somebody said was taken back.
    Unsaid {
        /// Which message.
        sequence: u64,
    },
}

/// Why a meeting is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// A host ended it.
    EndedByHost,
    /// Nobody came back within the time-out.
    Expired,
}

/// How a person's media goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MediaPath {
    /// Through a media region.
    Region,
    /// Through a region while a direct connection is tried.
    Both,
    /// From browser to browser; no region is needed.
    Direct,
}

/// Room to browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// The seat is good; the person is not in yet.
    Seated {
        /// The meeting.
        room: RoomSummary,
        /// Who is in now (their names, in the order they came; at most ten).
        names: Vec<DisplayName>,
        /// How many are in now.
        participants: u32,
        /// Whether the person walks in.
        admission: Admission,
    },
    /// The person asked, and waits for a host.
    Waiting {
        /// Whether a host is in who could answer.
        host_present: bool,
    },
    /// A host let the person in: say `join` again.
    Admitted,
    /// A host did not let the person in; the socket closes.
    Denied,
    /// To hosts: everybody who waits now, on joining and whenever it changes.
    Lobby {
        /// In the order they asked.
        waiting: Vec<WaitingPerson>,
    },
    /// The person is in; this is everything.
    Welcome {
        /// Who they are in `state`.
        you: ParticipantId,
        /// The room.
        state: RoomState,
    },
    /// The region's answer to the last `join` or `media`.
    Answer {
        /// Which media session of this person, counting from 1.
        epoch: u64,
        /// The answer.
        sdp: Sdp,
        /// What the slots carry at first; later on the data channel.
        slots: Vec<Slot>,
    },
    /// How media goes from now on. Whatever carries it now does so until what is to carry it flows.
    Plan {
        /// Grows with each direct connection that is tried, and with each that is given up.
        plan: u64,
        /// The path.
        path: MediaPath,
        /// Who is at the other end of a direct connection.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        peer: Option<ParticipantId>,
    },
    /// The other's description of the direct connection of a plan.
    Description {
        /// The plan.
        plan: u64,
        /// It.
        sdp: Sdp,
    },
    /// Somebody said something to this person alone, or this person to them. Not versioned: a full
    /// state has it too.
    Direct {
        /// It; its `sequence` counts with all others.
        message: ChatMessage,
    },
    /// Somebody reacts. Shown for a moment and kept nowhere.
    Reaction {
        /// Who.
        participant: ParticipantId,
        /// How.
        reaction: Reaction,
    },
    /// A host turned off what this person sends.
    Stopped {
        /// What.
        source: Source,
    },
    /// The room is at `version` now.
    Change {
        /// One more than before.
        version: u64,
        /// What changed.
        change: Change,
    },
    /// The message before was refused and had no effect.
    Error {
        /// Why.
        code: ErrorCode,
        /// One sentence for a developer.
        message: String,
        /// The `type` of the message it answers, where that could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        about: Option<String>,
    },
    /// The region hears nothing from this person; they are out within seconds unless they say `here`.
    Check,
    /// The meeting is over; the socket closes.
    Ended {
        /// Why.
        reason: EndReason,
    },
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn every_message() -> Vec<ClientMessage> {
        let participant = ParticipantId(Uuid::from_u128(7));
        let offer = MediaOffer {
            sdp: "v=0\r\n".parse().unwrap(),
            tracks: vec![TrackOffer { mid: "0".parse().unwrap(), source: Source::Camera }],
        };
        let permissions = Permissions { unmute: false, ..Permissions::default() };
        let chat = |to| ClientMessage::Chat { id: ChatId(Uuid::from_u128(1)), text: "hi".parse().unwrap(), to };
        vec![
            ClientMessage::Join {
                name: Some("Ada".parse().unwrap()),
                microphone: true,
                camera: false,
                direct: true,
                offer: offer.clone(),
            },
            ClientMessage::Join { name: None, microphone: true, camera: false, direct: false, offer: offer.clone() },
            ClientMessage::Media { offer },
            ClientMessage::Describe { plan: 3, sdp: "v=0\r\n".parse().unwrap() },
            ClientMessage::Reached { plan: 3, reached: true },
            ClientMessage::Update { microphone: true, camera: false, screen: true },
            chat(None),
            chat(Some(participant)),
            ClientMessage::Unsay { sequence: 9 },
            ClientMessage::RaiseHand { raised: true },
            ClientMessage::React { reaction: Reaction::Party },
            ClientMessage::Sync,
            ClientMessage::Here,
            ClientMessage::Leave,
            ClientMessage::Admit { participant },
            ClientMessage::Deny { participant },
            ClientMessage::AdmitAll,
            ClientMessage::Stop { participant: None, source: Source::Screen },
            ClientMessage::Stop { participant: Some(participant), source: Source::Microphone },
            ClientMessage::Permit { permissions },
            ClientMessage::Lock { locked: true },
            ClientMessage::WaitingRoom { on: true },
            ClientMessage::Remove { participant },
            ClientMessage::SetCohost { participant, cohost: true },
            ClientMessage::LowerHand { participant: None },
            ClientMessage::Spotlight { participant: Some(participant) },
            ClientMessage::End,
        ]
    }

    #[test]
    fn a_message_is_read_as_it_was_written() {
        for message in every_message() {
            let document = serde_json::to_value(&message).unwrap();
            assert_eq!(ClientMessage::read(&document), Ok(message.clone()));
            // Without any one of its fields both ways of reading agree.
            for name in document.as_object().unwrap().keys() {
                let mut less = document.clone();
                less.as_object_mut().unwrap().remove(name);
                let derived = serde_json::from_value::<ClientMessage>(less.clone());
                assert_eq!(ClientMessage::read(&less).ok(), derived.ok(), "{less}");
            }
        }
        // All kinds are above.
        let kinds: std::collections::BTreeSet<_> =
            every_message().iter().map(std::mem::discriminant).map(|kind| format!("{kind:?}")).collect();
        assert_eq!(kinds.len(), 24);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let read = |text: &str| ClientMessage::read(&serde_json::from_str(text).unwrap()).unwrap_err().to_string();
        assert_eq!(read("{}"), "missing field `type`");
        assert_eq!(read("[]"), "missing field `type`");
        assert_eq!(read(r#"{"type":"dance"}"#), "unknown type of message");
        assert_eq!(read(r#"{"type":"lock"}"#), "missing field `locked`");
        assert!(read(r#"{"type":"chat","id":"x","text":"hi"}"#).starts_with("id: "));
        assert!(read(r#"{"type":"media","offer":{"sdp":"x","tracks":[]}}"#).starts_with("offer.sdp: "));
    }
}
