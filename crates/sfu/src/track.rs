//! What a participant publishes: a track, its layers, and who gets them.

use std::time::Instant;

use protocol::media::{SlotTrack, Source, VideoCodec};
use slotmap::SlotMap;
use str0m::{
    media::{Mid, Rid},
    rtp::Ssrc,
};

use crate::{
    EngineId, RoomKey, SessionKey,
    common_codecs::{CommonCodecs, Viewers},
    ingress::Ingress,
    keyframe::Allowance,
    layer::Layer,
    loudness::{Level, Loudness},
    packet::MediaPacket,
    relay::{Relay, TrackState},
};

/// Layers of one track that are followed; browsers send at most three.
pub(crate) const LAYERS: usize = 3;

/// What a voice counts whose publisher does not say how loud it is, in dBov.
const UNTOLD_LEVEL: i8 = -65;

slotmap::new_key_type! {
    /// Names a track within the engine, and never another after it.
    pub(crate) struct TrackKey;
}

/// Every track that the engine knows.
pub(crate) type Tracks = SlotMap<TrackKey, Track>;

/// Names a layer of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayerKey {
    /// The track.
    pub(crate) track: TrackKey,
    /// The place in its list of layers.
    pub(crate) layer: usize,
}

/// Names a slot of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotKey {
    /// The subscriber's session.
    pub(crate) session: SessionKey,
    /// The place in its list of slots.
    pub(crate) index: usize,
}

/// Who sends a track to this engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Publisher {
    /// A browser.
    Session {
        /// Its session.
        session: SessionKey,
        /// The media section that it comes on.
        mid: Mid,
    },
    /// A linked engine, which has the browser.
    Engine {
        /// Which.
        peer: EngineId,
        /// What it calls the track.
        track: TrackKey,
    },
}

/// A track of a publisher.
#[derive(Debug)]
pub(crate) struct Track {
    /// The room that it is published in.
    pub(crate) room: RoomKey,
    /// Whose it is and what it carries.
    pub(crate) name: SlotTrack,
    /// Who sends it.
    pub(crate) publisher: Publisher,
    /// Whether it may be published; its packets are dropped else.
    pub(crate) granted: bool,
    /// The codecs that it may come in.
    pub(crate) codecs: CommonCodecs,
    /// Its encodings: those it was offered with, lowest first, else in the order they were first heard.
    pub(crate) layers: Vec<Layer>,
    /// Requests for keyframes that it may still be sent.
    pub(crate) allowance: Allowance,
    /// The slots that carry it.
    pub(crate) subscribers: Vec<SlotKey>,
    /// Whether a slot began to listen to another layer, or stopped, since each layer's list was made.
    pub(crate) is_stale: bool,
    /// The linked engines where somebody has it in a slot.
    pub(crate) relays: Vec<Relay>,
    /// Who has it in a slot here, as the engine knows that has its publisher.
    pub(crate) viewers_told: Viewers,
    /// How they know it to be.
    pub(crate) measured: Option<TrackState>,
    /// When to measure its layers for them.
    pub(crate) measure_due: Option<Instant>,
    /// How loud they know it to be.
    pub(crate) told_level: Option<Level>,
    /// How much of it is taken.
    pub(crate) ingress: Ingress,
    /// How loud it is, for audio.
    pub(crate) loudness: Loudness,
    /// When to look at what of it is seen.
    pub(crate) demands_due: Option<Instant>,
    /// The earliest time that the engine will look at it.
    pub(crate) scheduled: Option<Instant>,
}

impl Track {
    /// A track that may come in these codecs, in these layers.
    pub(crate) fn new(
        room: RoomKey,
        name: SlotTrack,
        publisher: Publisher,
        codecs: CommonCodecs,
        layers: Vec<Layer>,
        granted: bool,
    ) -> Self {
        let is_audio = name.source.is_audio();
        Self {
            room,
            name,
            publisher,
            granted,
            codecs,
            layers,
            allowance: Allowance::default(),
            subscribers: Vec::new(),
            is_stale: false,
            relays: Vec::new(),
            viewers_told: Viewers::default(),
            measured: None,
            measure_due: None,
            told_level: None,
            ingress: if is_audio { Ingress::SOUND } else { Ingress::PICTURE },
            loudness: Loudness::default(),
            demands_due: None,
            scheduled: None,
        }
    }

    /// Whether a browser sends it to this engine.
    pub(crate) fn is_from_session(&self) -> bool {
        matches!(self.publisher, Publisher::Session { .. })
    }

    /// Whether there are layers to choose from.
    pub(crate) fn is_layered(&self) -> bool {
        self.layers.len() > 1
    }

    /// The codec that it comes in, while something comes.
    pub(crate) fn codec(&self, now: Instant) -> Option<VideoCodec> {
        self.layers.iter().find_map(|layer| layer.codec(now))
    }

    /// Whether something of it comes, or would if somebody saw it.
    pub(crate) fn is_on(&self, now: Instant) -> bool {
        self.layers.iter().any(|layer| layer.is_available(now))
    }

    /// What it carries.
    pub(crate) fn source(&self) -> Source {
        self.name.source
    }

    /// When something is to be done without having heard from the publisher: a keyframe request is
    /// to be repeated, what of it is seen looked at, or its layers measured.
    pub(crate) fn due(&self) -> Option<Instant> {
        let retries = self.layers.iter().filter_map(|layer| layer.keyframes.retry_at(&self.allowance));
        retries.chain(self.demands_due).chain(self.measure_due).min()
    }

    /// Whether it may be heard.
    pub(crate) fn is_heard(&self) -> bool {
        self.granted && self.source().is_audio()
    }

    /// How loud a packet counts, in dBov, when it is heard. The sound of a screen has no level to go by:
    /// whatever comes of it is meant to be heard.
    pub(crate) fn level_of(&self, packet: &MediaPacket) -> Option<i8> {
        match self.source() {
            // Whoever does not say is heard before those who are silent, and never the speaker.
            Source::Microphone => Some(packet.audio_level().unwrap_or(UNTOLD_LEVEL)),
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
            self.relays.clear();
            self.told_level = None;
            self.layers.iter_mut().for_each(Layer::forget);
        }
        changed
    }

    /// The layer with this id, made when there is room for it.
    pub(crate) fn layer(&mut self, rid: Option<Rid>, stream: Ssrc) -> Option<usize> {
        if let Some(index) = self.layers.iter().position(|layer| layer.rid == rid) {
            self.layers.get_mut(index)?.stream.get_or_insert(stream);
            return Some(index);
        }
        if self.layers.len() >= LAYERS {
            return None;
        }
        let mut layer = Layer::new(rid);
        layer.stream = Some(stream);
        self.layers.push(layer);
        self.is_stale = true;
        Some(self.layers.len() - 1)
    }
}
