//! A receive slot of a subscriber: which track it carries and what its packets are called there.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::{
    id::Mid,
    media::{Slot as Announcement, SlotTrack, Source, VideoCodec},
};
use str0m::media::Pt;

use crate::{
    codec::{Encoding, PayloadTypes, VideoCodecs},
    connection::SendStream,
    numbering::{Numbered, Numbering},
    offer::SlotSection,
    outgoing::Outgoing,
    packet::MediaPacket,
    picture::Entry,
    track::TrackKey,
};

/// What did not arrive within this time does not any more.
const LONGEST_WAY: Duration = Duration::from_secs(5);
/// No browser misses what is under way for so short.
const SHORT_WAY: Duration = Duration::from_millis(100);

/// Which part of a track a slot shall carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// The place of the layer in its track.
    pub(crate) layer: usize,
    /// The highest temporal layer; higher than there are for all of them.
    pub(crate) temporal: u8,
}

impl Target {
    /// All of a track's only layer.
    pub(crate) const WHOLE: Self = Self { layer: 0, temporal: u8::MAX };
}

/// A receiving section of a subscriber's offer.
#[derive(Debug)]
pub(crate) struct Slot {
    /// The section.
    pub(crate) mid: Mid,
    /// Whether it takes sound, else pictures.
    pub(crate) is_audio: bool,
    /// The stream that we send on it.
    pub(crate) stream: SendStream,
    /// Whether something was sent on it.
    pub(crate) has_begun: bool,
    /// Whether it takes redundant audio.
    takes_redundancy: bool,
    /// The codecs of pictures that it takes.
    pub(crate) codecs: VideoCodecs,
    /// What it carries.
    assigned: Option<SlotTrack>,
    /// Where that comes from.
    track: Option<TrackKey>,
    /// Whether the subscriber was told of `assigned`. Nothing is sent before.
    announced: bool,
    numbering: Numbering,
    /// The layer that it shall carry; none while its track is paused here.
    target: Option<Target>,
    /// The layer that it does carry, until a keyframe of the other comes.
    current: Option<usize>,
    /// The codec that this came in last, which it may not take.
    codec: Option<VideoCodec>,
    /// The highest temporal layer that passes.
    ceiling: u8,
    /// The picture that was begun last, and whether it passes.
    picture: Option<(u16, bool)>,
    /// Until when what went out is on its way.
    arrives: Option<Instant>,
    /// When it was last told to carry another layer.
    aimed: Option<Instant>,
    /// When it was first told to carry one of what it carries.
    began: Option<Instant>,
}

impl Slot {
    pub(crate) fn new(section: SlotSection, stream: SendStream, codecs: VideoCodecs) -> Self {
        Self {
            mid: section.mid,
            is_audio: section.is_audio,
            stream,
            has_begun: false,
            takes_redundancy: section.redundancy,
            codecs,
            assigned: None,
            track: None,
            announced: true,
            numbering: Numbering::default(),
            target: None,
            current: None,
            codec: None,
            ceiling: u8::MAX,
            picture: None,
            arrives: None,
            aimed: None,
            began: None,
        }
    }

    /// What it carries.
    pub(crate) fn assigned(&self) -> Option<&SlotTrack> {
        self.assigned.as_ref()
    }

    /// Whether that is a screen.
    pub(crate) fn carries_screen(&self) -> bool {
        self.assigned.as_ref().is_some_and(|track| track.source == Source::Screen)
    }

    /// Where that comes from.
    pub(crate) fn track(&self) -> Option<TrackKey> {
        self.track
    }

    /// Carries something else from now on; says whether that changed anything.
    pub(crate) fn assign(&mut self, assigned: Option<SlotTrack>, track: Option<TrackKey>) -> bool {
        if self.assigned == assigned && self.track == track {
            return false;
        }
        if self.assigned != assigned {
            self.announced = false;
        }
        self.assigned = assigned;
        self.track = track;
        // Pictures wait until it is decided which layer there is room for.
        self.target = self.is_audio.then_some(Target::WHOLE);
        self.turn_to(self.target.map(|target| target.layer));
        (self.aimed, self.began) = (None, None);
        true
    }

    /// The same layer continues on another stream.
    pub(crate) fn restart(&mut self) {
        self.numbering.restart();
    }

    /// The layer that it shall carry.
    pub(crate) fn target(&self) -> Option<Target> {
        self.target
    }

    /// The layer that it does carry.
    pub(crate) fn current(&self) -> Option<usize> {
        self.current
    }

    /// When it was last told to carry another layer.
    pub(crate) fn aimed(&self) -> Option<Instant> {
        self.aimed
    }

    /// Since when something of what it carries was to be shown.
    pub(crate) fn began(&self) -> Option<Instant> {
        self.began
    }

    /// Shall carry this from now on, nothing for a pause; says whether that is another layer. What it
    /// carries goes on until the other begins with a keyframe, unless the link `must_stop` it.
    pub(crate) fn aim(&mut self, now: Instant, target: Option<Target>, must_stop: bool) -> bool {
        let layer = |target: Option<Target>| target.map(|target| target.layer);
        let changed = layer(self.target) != layer(target);
        self.target = target;
        let stops = target.is_none() || (must_stop && self.current != layer(target));
        if stops && self.current.is_some() {
            self.turn_to(None);
        }
        if changed {
            self.aimed = Some(now);
            self.began = self.began.or(self.aimed);
        }
        changed
    }

    /// Begins with this layer, whose keyframe is at hand, while it waits for the one that it shall carry.
    pub(crate) fn begin_with(&mut self, layer: usize) {
        self.turn_to(Some(layer));
    }

    /// Carries nothing until a keyframe of what it shall carry comes.
    pub(crate) fn stop(&mut self) {
        self.turn_to(None);
    }

    fn turn_to(&mut self, layer: Option<usize>) {
        self.current = layer;
        self.codec = None;
        self.picture = None;
        self.numbering.restart();
    }

    /// Whether packets of a layer concern it.
    pub(crate) fn listens_to(&self, layer: usize) -> bool {
        self.current == Some(layer) || self.target.is_some_and(|target| target.layer == layer)
    }

    /// The layer whose keyframe it waits for.
    pub(crate) fn awaited(&self) -> Option<usize> {
        let wanted = self.target.filter(|_| self.track.is_some())?.layer;
        (self.current != Some(wanted) || !self.numbering.has_begun()).then_some(wanted)
    }

    /// Whether packets in a codec can be sent on it; sound always can.
    pub(crate) fn takes(&self, codec: Option<VideoCodec>) -> bool {
        codec.is_none_or(|codec| self.codecs.contains(codec))
    }

    /// Whether the subscriber sees nothing new until a keyframe comes.
    pub(crate) fn is_dark(&self) -> bool {
        self.awaited().is_some() && (self.current.is_none() || !self.numbering.has_begun())
    }

    /// So many bytes went out, over a network that carries so many `bits` a second.
    pub(crate) fn sent(&mut self, now: Instant, bytes: usize, bits: u64) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let needed = Duration::from_micros(bytes.saturating_mul(8_000_000) / bits.max(1));
        let begins = self.arrives.map_or(now, |arrives| arrives.max(now));
        self.arrives = Some((begins + needed.min(LONGEST_WAY)).min(now + LONGEST_WAY));
    }

    /// Whether a picture may be incomplete because the rest of it is still on its way.
    pub(crate) fn is_under_way(&self, now: Instant) -> bool {
        self.arrives.is_some_and(|arrives| arrives > now + SHORT_WAY)
    }

    /// What the subscriber is told.
    pub(crate) fn announcement(&self) -> Announcement {
        Announcement { mid: self.mid.clone(), track: self.assigned.clone() }
    }

    /// Whether the subscriber does not know yet what it carries.
    pub(crate) fn is_unannounced(&self) -> bool {
        !self.announced
    }

    /// The subscriber was told.
    pub(crate) fn mark_announced(&mut self) {
        self.announced = true;
    }

    /// The packet of a layer as it goes out on this slot; nothing when it must not.
    pub(crate) fn outgoing(&mut self, packet: &MediaPacket, layer: usize, types: &PayloadTypes) -> Option<Outgoing> {
        if !self.announced || !self.passes(packet, layer) {
            return None;
        }
        let (payload_type, payload) = self.payload(packet, types)?;
        let Numbered { sequence, timestamp, patch } = self.numbering.number(packet)?;
        Some(Outgoing {
            payload_type,
            sequence,
            timestamp,
            arrived: packet.arrived,
            payload,
            marker: packet.marker,
            extensions: packet.extensions(),
            is_audio: self.is_audio,
            starts_keyframe: packet.picture.starts_keyframe,
            patch,
        })
    }

    fn passes(&mut self, packet: &MediaPacket, layer: usize) -> bool {
        if self.is_audio {
            return self.current == Some(layer);
        }
        let takes = self.takes(packet.codec());
        let starts = packet.picture.starts_keyframe && takes;
        if starts && self.awaited() == Some(layer) && self.current != Some(layer) {
            self.turn_to(Some(layer));
        }
        if self.current != Some(layer) {
            return false;
        }
        if self.codec != packet.codec() {
            // Its publisher turned to another codec: to a receiver that is another track.
            self.turn_to(Some(layer));
            self.codec = packet.codec();
        }
        if !takes || !(starts || self.numbering.has_begun()) {
            return false;
        }
        let passes = self.passes_temporal(packet, layer);
        if !passes {
            self.numbering.skip(packet);
        }
        passes
    }

    /// Whether the frame of a packet is of a temporal layer that is sent. The number of layers falls
    /// with any frame; it grows where a layer can be entered, and to all with a keyframe.
    fn passes_temporal(&mut self, packet: &MediaPacket, layer: usize) -> bool {
        let wanted = self.target.filter(|target| target.layer == layer).map_or(self.ceiling, |target| target.temporal);
        if packet.picture.starts_keyframe {
            self.ceiling = wanted;
        }
        let Some(temporal) = packet.picture.temporal else { return true };
        let picture = packet.picture.id;
        if let Some((_, passes)) = self.picture.filter(|(begun, _)| Some(*begun) == picture) {
            return passes;
        }
        self.ceiling = self.ceiling.min(wanted);
        let is_next = temporal.id <= wanted && Some(temporal.id) == self.ceiling.checked_add(1);
        if is_next && temporal.entry == Some(Entry::Here) {
            self.ceiling = temporal.id;
        }
        let passes = temporal.id <= self.ceiling;
        if passes && temporal.entry == Some(Entry::After) {
            self.ceiling = wanted;
        }
        self.picture = picture.map(|picture| (picture, passes));
        passes
    }

    fn payload(&self, packet: &MediaPacket, types: &PayloadTypes) -> Option<(Pt, Arc<[u8]>)> {
        let Encoding::Redundant(codec) = packet.encoding else {
            return Some((types.payload_type(packet.encoding)?, Arc::clone(&packet.payload)));
        };
        let redundant = types.payload_type(packet.encoding).filter(|_| self.takes_redundancy);
        let plain = types.payload_type(Encoding::Plain(codec))?;
        // The blocks name the codec by the publisher's number for it, so that must mean the same here.
        match redundant.filter(|_| packet.plain_payload_type == Some(plain)) {
            Some(redundant) => Some((redundant, Arc::clone(&packet.payload))),
            None => Some((plain, packet.primary()?)),
        }
    }
}
