//! The `control` data channel: what concerns media alone, so that the room can sleep.
//!
//! JSON texts on one reliable, ordered channel that the browser opens with its offer under the
//! label [`CHANNEL`].

use serde::{Deserialize, Serialize};

use crate::{
    error::ErrorCode,
    id::{Mid, ParticipantId, Rid},
};

/// Label of the channel.
pub const CHANNEL: &str = "control";

/// What a track carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Voice.
    Microphone,
    /// Picture of the person.
    Camera,
    /// Picture of a screen.
    Screen,
    /// Sound of a screen.
    ScreenAudio,
}

impl Source {
    /// Whether it is heard rather than seen.
    #[must_use]
    pub const fn is_audio(self) -> bool {
        matches!(self, Self::Microphone | Self::ScreenAudio)
    }
}

/// A video tile that a client shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Wish {
    /// Whose.
    pub participant: ParticipantId,
    /// Camera or screen.
    pub source: Source,
    /// Height of the tile in device pixels; more is not useful.
    pub height: u16,
    /// Higher is served first; equal ones by order.
    pub priority: u8,
}

/// What a slot carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Slot {
    /// The receiving section.
    pub mid: Mid,
    /// Whose track; nobody's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub track: Option<SlotTrack>,
}

/// The track in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SlotTrack {
    /// Whose.
    pub participant: ParticipantId,
    /// Which.
    pub source: Source,
}

/// A tile that gets no picture now. It keeps showing the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PausedTile {
    /// Whose.
    pub participant: ParticipantId,
    /// Camera or screen.
    pub source: Source,
    /// Why.
    pub reason: PauseReason,
}

/// Why a tile gets no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The network to this browser does not carry it besides what goes before it.
    Bandwidth,
    /// There are more tiles than slots.
    Slots,
    /// It comes in a codec that this browser did not offer to receive, and its publisher has no other
    /// that more people can see.
    Codec,
}

/// A codec of pictures, lightest to encode first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VideoCodec {
    /// RFC 7741.
    Vp8,
    /// RFC 6184: constrained baseline, packetization mode 1.
    H264,
    /// RFC 9628: profile 0.
    Vp9,
    /// RTP payload format for AV1, version 1.0: profile 0.
    Av1,
}

/// Somebody whose network is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WeakNetwork {
    /// Who.
    pub participant: ParticipantId,
    /// How weak it is.
    pub quality: WeakQuality,
}

/// How good a network is that is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WeakQuality {
    /// Noticed at times.
    Fair,
    /// Sound or pictures suffer.
    Poor,
}

/// What of a published track is seen by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Demand {
    /// Which track.
    pub source: Source,
    /// Whether anybody sees it; nothing of it need be sent else.
    pub wanted: bool,
    /// The encodings (RFC 8851) that are seen, for a track that was offered with several; the others
    /// need not be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Rid>,
    /// The codecs that everybody who sees it can decode, of those that its section was offered with,
    /// lightest first; any of them may be sent. Where there is no such codec, the one that most can
    /// decode. None for a track that was offered with a single one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codecs: Vec<VideoCodec>,
}

/// Browser to region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MediaRequest {
    /// The tiles on screen, all of them. Until the first of these the region chooses: everyone's
    /// camera in the order they came, as far as the slots reach.
    Wishes {
        /// At most [`crate::limits::WISHES`].
        tiles: Vec<Wish>,
    },
    /// What this section receives cannot be decoded until a keyframe comes. Said on a WebSocket; elsewhere
    /// RTCP says it (RFC 4585 §6.3.1).
    Keyframe {
        /// The receiving section.
        mid: Mid,
    },
    /// Is anybody there? Answered by [`MediaEvent::Pong`]. Said where nothing was heard on the channel for
    /// a while, and when the network may have changed.
    Ping,
}

/// Region to browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MediaEvent {
    /// These slots carry something else from now on. Slots not named stay as they were.
    Slots {
        /// The changed ones.
        slots: Vec<Slot>,
    },
    /// Who speaks now, loudest first. Sent when it changes.
    Speakers {
        /// Them.
        participants: Vec<ParticipantId>,
    },
    /// The tiles that get no picture now, all of them. Sent when that changes.
    Paused {
        /// Them; none when everything flows.
        tiles: Vec<PausedTile>,
    },
    /// Whose network is not good, of this browser's own and of those whom it sees or hears. Sent when that
    /// changes.
    Networks {
        /// All of them; none when everybody's is good.
        weak: Vec<WeakNetwork>,
    },
    /// What of the tracks that this browser sends is seen. Until the first of these everything is;
    /// tracks not named stay as they were. What is wanted again begins with a keyframe.
    Demands {
        /// The changed ones.
        tracks: Vec<Demand>,
    },
    /// Somebody who sees this track needs a keyframe of it. Said on a WebSocket; elsewhere RTCP says it.
    Keyframe {
        /// Which track.
        source: Source,
    },
    /// The answer to [`MediaRequest::Ping`]; several may be answered by one.
    Pong,
    /// The request before was refused and had no effect.
    Error {
        /// Why.
        code: ErrorCode,
        /// One sentence for a developer.
        message: String,
    },
}
