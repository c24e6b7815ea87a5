//! What linked engines tell each other of the rooms that they share.
//!
//! A room may have people on several engines. Each engine publishes to the others what its own people
//! send, and carries over to each of them the layers that somebody there listens to, once. What came
//! from a linked engine is never passed on to another: every two engines of a room are linked
//! themselves, so nothing goes around.
//!
//! A track is called what the engine calls it that has its publisher. Messages between two engines
//! arrive in the order they were sent. Packets may be lost; everything else must arrive, or the link
//! must be made anew, which tells everything again.

use std::sync::Arc;

use protocol::{
    id::{ParticipantId, RoomId},
    media::{SlotTrack, Source},
};
use str0m::rtp::Ssrc;

use crate::{
    keyframe::Need,
    loudness::Level,
    packet::MediaPacket,
    track::{LAYERS, TrackKey},
};

/// Names an engine among those that are linked. The lowest of a room says who speaks there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineId(pub u32);

/// What one engine tells another. Cheap to move: a packet is shared, never copied.
///
/// Closed, so that what it holds can be written to a network later.
#[derive(Debug, Clone)]
pub struct RelayMessage(pub(crate) Message);

impl RelayMessage {
    /// Whether it is a packet, which may be lost; everything else must arrive.
    #[must_use]
    pub const fn is_packet(&self) -> bool {
        matches!(self.0, Message::Packet { .. })
    }
}

/// Which layers of a track are meant.
pub(crate) type LayerSet = [bool; LAYERS];

#[derive(Debug, Clone)]
pub(crate) enum Message {
    /// The sender has people in this room. What it said of the room before is void; all that it has to
    /// say follows, unless it only asks for an `answer`.
    Present {
        room: RoomId,
        /// Whether the receiver shall say the same, if that is so.
        answer: bool,
    },
    /// The sender has nobody in this room any more.
    Absent { room: RoomId },
    /// What somebody publishes there: everything that they may, nothing once they are gone.
    Published { room: RoomId, participant: ParticipantId, tracks: Vec<PublishedTrack> },
    /// How the layers of a track are.
    Measured { track: TrackKey, layers: Vec<LayerState> },
    /// Carry these layers of a track over, and no others; each begins with a keyframe.
    Carry { track: TrackKey, layers: LayerSet, need: Need },
    /// Somebody waits for a keyframe.
    Keyframe { track: TrackKey, layer: usize, need: Need },
    /// How loud tracks are that changed.
    Levels { levels: Vec<(TrackKey, Level)> },
    /// Who speaks in a room, and whose voices are heard where there are many, loudest first.
    Ranking { room: RoomId, ranking: Ranking },
    /// A packet of a layer, and the stream that it came on.
    Packet { track: TrackKey, layer: usize, stream: Ssrc, packet: Arc<MediaPacket> },
}

/// A track that somebody publishes on another engine.
#[derive(Debug, Clone)]
pub(crate) struct PublishedTrack {
    pub(crate) key: TrackKey,
    pub(crate) source: Source,
    /// How many layers it has.
    pub(crate) layers: usize,
}

/// A layer as the engine sees it that has its publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayerState {
    /// Whether whoever wants it will get it.
    pub(crate) is_available: bool,
    /// Its height in pixels.
    pub(crate) height: u16,
    /// What it costs, in bits a second.
    pub(crate) cost: u64,
}

impl LayerState {
    /// Whether nobody would choose otherwise for the difference.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let is_near = self.cost.abs_diff(other.cost) <= other.cost / 5;
        is_near && (self.is_available, self.height) == (other.is_available, other.height)
    }
}

/// Who is heard and who speaks in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ranking {
    /// The voices that are heard where there are many, loudest first.
    pub(crate) loudest: Vec<SlotTrack>,
    /// Who speaks, loudest first.
    pub(crate) speakers: Vec<ParticipantId>,
}

/// Layers of one track that are carried over to a linked engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relay {
    pub(crate) peer: EngineId,
    pub(crate) layers: LayerSet,
}
