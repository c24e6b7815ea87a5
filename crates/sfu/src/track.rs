//! What a participant publishes: a track, its layers, and who gets them.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::media::Source;
use str0m::{
    media::{Mid, Rid},
    rtp::Ssrc,
};

use crate::{SessionKey, keyframe::KeyframeRequests, loudness::Loudness, packet::MediaPacket};

/// Layers of one track that are followed; browsers send at most three.
pub(crate) const LAYERS: usize = 3;
/// How old a kept keyframe may be to start a newcomer with it.
const FRESH: Duration = Duration::from_millis(1000);
/// Packets kept from a fresh keyframe on.
const KEPT_FROM_KEYFRAME: usize = 256;
/// Packets kept otherwise: what may belong to a keyframe whose first packet is still on its way.
const KEPT: usize = 64;

/// Names a track of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TrackKey {
    /// The publisher's session.
    pub(crate) session: SessionKey,
    /// The place in its list of tracks.
    pub(crate) index: usize,
}

/// Names a slot of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotKey {
    /// The subscriber's session.
    pub(crate) session: SessionKey,
    /// The place in its list of slots.
    pub(crate) index: usize,
}

/// A track of a publisher.
#[derive(Debug)]
pub(crate) struct Track {
    /// What it carries.
    pub(crate) source: Source,
    /// Whether it may be published; its packets are dropped else.
    pub(crate) granted: bool,
    /// The media section that it comes on.
    pub(crate) mid: Mid,
    /// Its encodings, in the order they were first heard.
    pub(crate) layers: Vec<Layer>,
    /// The slots that carry it.
    pub(crate) subscribers: Vec<SlotKey>,
    /// How loud it is, for audio.
    pub(crate) loudness: Loudness,
}

impl Track {
    pub(crate) fn new(source: Source, mid: Mid, granted: bool) -> Self {
        Self { source, granted, mid, layers: Vec::new(), subscribers: Vec::new(), loudness: Loudness::default() }
    }

    /// Whether it may be heard.
    pub(crate) fn is_heard(&self) -> bool {
        self.granted && self.source.is_audio()
    }

    /// How loud a packet counts, in dBov, when it is heard. The sound of a screen has no level to go by:
    /// whatever comes of it is meant to be heard.
    pub(crate) fn level_of(&self, packet: &MediaPacket) -> Option<i8> {
        match self.source {
            Source::Microphone => packet.audio_level(),
            Source::ScreenAudio => Some(0),
            Source::Camera | Source::Screen => None,
        }
    }

    /// May be published from now on, or no longer; says whether that changed. What came before it was
    /// taken away is forgotten: it must not start anybody later.
    pub(crate) fn grant(&mut self, granted: bool) -> bool {
        let changed = self.granted != granted;
        self.granted = granted;
        if changed {
            self.loudness = Loudness::default();
            self.layers.iter_mut().for_each(Layer::forget);
        }
        changed
    }

    /// The layer with this id, made when there is room for it.
    pub(crate) fn layer(&mut self, rid: Option<Rid>, stream: Ssrc) -> Option<usize> {
        if let Some(index) = self.layers.iter().position(|layer| layer.rid == rid) {
            return Some(index);
        }
        if self.layers.len() >= LAYERS {
            return None;
        }
        self.layers.push(Layer::new(rid, stream));
        Some(self.layers.len() - 1)
    }

    /// The layer that a slot carries. All carry the first until layers are chosen per subscriber.
    pub(crate) fn chosen_layer(&mut self) -> Option<&mut Layer> {
        self.layers.first_mut()
    }
}

/// One encoding of a track.
#[derive(Debug)]
pub(crate) struct Layer {
    /// Its id (RFC 8851), when there are several.
    pub(crate) rid: Option<Rid>,
    /// The stream it comes on.
    pub(crate) stream: Ssrc,
    /// Who asks for its keyframes.
    pub(crate) keyframes: KeyframeRequests,
    recent: Recent,
}

impl Layer {
    fn new(rid: Option<Rid>, stream: Ssrc) -> Self {
        Self { rid, stream, keyframes: KeyframeRequests::default(), recent: Recent::default() }
    }

    /// Notes a packet that came.
    pub(crate) fn note(&mut self, packet: &Arc<MediaPacket>) {
        if packet.starts_keyframe {
            self.keyframes.arrived();
        }
        self.recent.note(packet);
    }

    /// Forgets what came, and that somebody waits for a keyframe.
    fn forget(&mut self) {
        self.keyframes.arrived();
        self.recent = Recent::default();
    }

    /// Forgets what came on the stream before.
    pub(crate) fn reset(&mut self, stream: Ssrc) {
        self.stream = stream;
        self.recent = Recent::default();
    }

    /// Everything since a fresh keyframe, in order of sequence numbers; empty when there is none.
    pub(crate) fn since_keyframe(&self, now: Instant) -> Vec<Arc<MediaPacket>> {
        self.recent.since_keyframe(now)
    }
}

/// The packets from the last keyframe on, while they are few and fresh.
///
/// They let a newcomer start at once, and they hold the rest of a keyframe whose first packet was
/// lost on the way in and came last.
#[derive(Debug, Default)]
struct Recent {
    packets: VecDeque<Arc<MediaPacket>>,
    /// The number of the packet that starts the keyframe, once it came.
    keyframe: Option<(u64, Instant)>,
    overflowed: bool,
}

impl Recent {
    fn note(&mut self, packet: &Arc<MediaPacket>) {
        if packet.starts_keyframe && self.keyframe.is_none_or(|(sequence, _)| sequence < packet.sequence) {
            self.keyframe = Some((packet.sequence, packet.arrived));
            self.packets.retain(|kept| kept.sequence > packet.sequence);
            self.overflowed = false;
        }
        self.packets.push_back(Arc::clone(packet));
        let most = if self.fresh_keyframe(packet.arrived).is_some() { KEPT_FROM_KEYFRAME } else { KEPT };
        while self.packets.len() > most {
            self.packets.pop_front();
            self.overflowed = true;
        }
    }

    fn fresh_keyframe(&self, now: Instant) -> Option<u64> {
        let (sequence, arrived) = self.keyframe.filter(|_| !self.overflowed)?;
        (now.saturating_duration_since(arrived) <= FRESH).then_some(sequence)
    }

    fn since_keyframe(&self, now: Instant) -> Vec<Arc<MediaPacket>> {
        let Some(first) = self.fresh_keyframe(now) else { return Vec::new() };
        let mut packets: Vec<_> = self.packets.iter().filter(|kept| kept.sequence >= first).cloned().collect();
        packets.sort_by_key(|packet| packet.sequence);
        packets
    }
}
