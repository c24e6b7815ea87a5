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
    media::{SlotTrack, Source, WeakQuality},
};
use str0m::rtp::Ssrc;

use crate::{
    codec::VideoCodecs,
    common_codecs::Viewers,
    keyframe::Need,
    loudness::Level,
    packet::MediaPacket,
    picture::TEMPORAL_LAYERS,
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
    /// say follows, up to the ranking, unless it only asks for an `answer`.
    Present {
        room: RoomId,
        /// Whether the receiver shall say the same, if that is so.
        answer: bool,
    },
    /// The sender has nobody in this room any more.
    Absent { room: RoomId },
    /// What somebody publishes there: everything that they may, nothing once they are gone; and how weak
    /// their network is.
    Published { room: RoomId, participant: ParticipantId, tracks: Vec<PublishedTrack>, network: Option<WeakQuality> },
    /// How weak the network of somebody is who publishes there; nothing when it is good.
    Network { room: RoomId, participant: ParticipantId, quality: Option<WeakQuality> },
    /// How a track is.
    Measured { track: TrackKey, state: TrackState },
    /// Carry these layers of a track over, and no others, for those who have it in a slot. What was
    /// not carried before begins with a keyframe: one just seen, else one asked for if there is a need.
    Carry { track: TrackKey, layers: LayerSet, viewers: Viewers, need: Option<Need> },
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
    pub(crate) state: TrackState,
}

/// A track as the engine sees it that has its publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrackState {
    /// The codecs that it may come in.
    pub(crate) codecs: VideoCodecs,
    pub(crate) layers: Vec<LayerState>,
}

impl TrackState {
    /// Whether nobody would choose otherwise for the difference.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let is_same = (self.codecs, self.layers.len()) == (other.codecs, other.layers.len());
        is_same && self.layers.iter().zip(&other.layers).all(|(layer, other)| layer.is_like(*other))
    }
}

/// A layer as the engine sees it that has its publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayerState {
    /// Whether whoever wants it will get it.
    pub(crate) is_available: bool,
    /// Its height in pixels.
    pub(crate) height: u16,
    /// What it costs with the temporal layers up to each, in bits a second; a screen in the long run.
    pub(crate) costs: [u64; TEMPORAL_LAYERS],
}

impl LayerState {
    /// What it costs with the temporal layers up to this one, in bits a second.
    pub(crate) fn cost(self, temporal: u8) -> u64 {
        self.costs.get(usize::from(temporal)).or(self.costs.last()).copied().unwrap_or(0)
    }

    /// The highest temporal layer that adds to what it costs.
    pub(crate) fn highest_temporal(self) -> u8 {
        let highest = self.costs.iter().position(|cost| *cost == self.cost(u8::MAX));
        highest.and_then(|layer| u8::try_from(layer).ok()).unwrap_or(0)
    }

    fn is_like(self, other: Self) -> bool {
        let is_near = self.cost(u8::MAX).abs_diff(other.cost(u8::MAX)) <= other.cost(u8::MAX) / 5;
        let rest = |state: Self| (state.is_available, state.height, state.highest_temporal());
        is_near && rest(self) == rest(other)
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

/// A linked engine where somebody has a track in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relay {
    pub(crate) peer: EngineId,
    /// The layers that are carried over to it.
    pub(crate) layers: LayerSet,
    /// Those who have the track in a slot there.
    pub(crate) viewers: Viewers,
}
