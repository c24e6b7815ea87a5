//! One encoding of a track: what came of it lately, and who listens to it.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::media::VideoCodec;
use str0m::{media::Rid, rtp::Ssrc};

use crate::{
    keyframe::KeyframeRequests,
    packet::MediaPacket,
    rate::{Mean, Peak, Rate},
    relay::LayerState,
    track::SlotKey,
};

/// How old a kept keyframe may be to start a newcomer with it.
const FRESH: Duration = Duration::from_millis(1000);
/// Packets kept from a fresh keyframe on.
const KEPT_FROM_KEYFRAME: usize = 256;
/// Packets kept otherwise: what may belong to a keyframe whose first packet is still on its way.
const KEPT: usize = 64;
/// A layer of which nothing came for this long does not flow.
const SILENT: Duration = Duration::from_millis(1500);
/// Without a packet for this long the rate of a layer is not what it was.
const FADING: Duration = Duration::from_millis(300);
/// How long a publisher may take to send a layer again after it was asked to.
const RESUMING: Duration = Duration::from_secs(3);
/// A layer that did not come although it was asked for, while others of its track do, is not asked
/// for again for this long: the camera may be too small for it.
const ABSENT: Duration = Duration::from_secs(60);
/// What a layer is taken to cost before it was measured, in bits a second, by its place.
const USUAL_COSTS: [u64; 3] = [150_000, 500_000, 1_500_000];
/// How high a layer is taken to be before its first keyframe, in pixels, by its place.
const USUAL_HEIGHTS: [u16; 3] = [180, 360, 720];

/// One encoding of a track.
#[derive(Debug)]
pub(crate) struct Layer {
    /// Its id (RFC 8851), when there are several.
    pub(crate) rid: Option<Rid>,
    /// The stream it comes on, once something came.
    pub(crate) stream: Option<Ssrc>,
    /// Who asks for its keyframes.
    pub(crate) keyframes: KeyframeRequests,
    /// The slots that carry it or wait for it.
    pub(crate) listeners: Vec<SlotKey>,
    /// Whether its publisher was told that nobody wants it.
    pub(crate) is_stopped: bool,
    /// Since when nobody wants it.
    pub(crate) unwanted_since: Option<Instant>,
    /// How it is, as the engine says that has its publisher if that is another.
    elsewhere: Option<LayerState>,
    resumed: Option<Instant>,
    /// When it was found that it does not come.
    absent: Option<Instant>,
    heard: Option<Instant>,
    /// The codec that it comes in.
    codec: Option<VideoCodec>,
    /// Its newest packet.
    newest: u64,
    height: Option<u16>,
    rate: Rate,
    mean: Mean,
    last_cost: Option<u64>,
    peak: Peak,
    recent: Recent,
}

impl Layer {
    pub(crate) fn new(rid: Option<Rid>) -> Self {
        Self {
            rid,
            stream: None,
            keyframes: KeyframeRequests::default(),
            listeners: Vec::new(),
            is_stopped: false,
            unwanted_since: None,
            elsewhere: None,
            resumed: None,
            absent: None,
            heard: None,
            codec: None,
            newest: 0,
            height: None,
            rate: Rate::default(),
            mean: Mean::default(),
            last_cost: None,
            peak: Peak::default(),
            recent: Recent::default(),
        }
    }

    /// A layer whose publisher is on another engine, which does not carry it over yet.
    pub(crate) fn elsewhere() -> Self {
        Self { is_stopped: true, ..Self::new(None) }
    }

    /// The engine that has its publisher says how it is.
    pub(crate) fn told(&mut self, state: LayerState) {
        self.height = Some(state.height);
        self.elsewhere = Some(state);
    }

    /// Notes a packet that came; says whether it is of use. What comes late of the codec before is not:
    /// everybody has turned to the next.
    pub(crate) fn note(&mut self, packet: &Arc<MediaPacket>) -> bool {
        if self.codec != packet.codec() {
            if self.codec.is_some() && packet.sequence < self.newest {
                return false;
            }
            self.codec = packet.codec();
            self.recent = Recent::default();
        }
        self.newest = self.newest.max(packet.sequence);
        if packet.picture.starts_keyframe {
            self.keyframes.arrived();
            self.height = packet.picture.height.filter(|height| *height > 0).or(self.height);
        }
        self.heard = Some(packet.arrived);
        self.absent = None;
        self.rate.note(packet.arrived, packet.temporal_layer(), packet.payload.len());
        self.mean.note(packet.arrived, packet.temporal_layer(), packet.payload.len());
        self.recent.note(packet);
        true
    }

    /// The codec that it comes in, while something comes.
    pub(crate) fn codec(&self, now: Instant) -> Option<VideoCodec> {
        self.codec.filter(|_| self.heard.is_some_and(|heard| now.saturating_duration_since(heard) < SILENT))
    }

    /// Forgets what came, and that somebody waits for a keyframe.
    pub(crate) fn forget(&mut self) {
        self.keyframes.arrived();
        self.recent = Recent::default();
    }

    /// Forgets what came on the stream before.
    pub(crate) fn reset(&mut self, stream: Ssrc) {
        self.stream = Some(stream);
        self.newest = 0;
        self.recent = Recent::default();
    }

    /// Whether something came of it lately.
    pub(crate) fn flows(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| now.saturating_duration_since(heard) < SILENT)
    }

    /// Nothing came of it since it was wanted, although its track is sent.
    pub(crate) fn does_not_come(&mut self, now: Instant) {
        if !self.is_stopped && self.heard.is_none_or(|heard| self.resumed.is_some_and(|resumed| heard < resumed)) {
            self.absent = Some(now);
        }
    }

    /// Its publisher is told to send it or not; says whether that is new.
    pub(crate) fn demand(&mut self, now: Instant, wanted: bool) -> bool {
        let changed = self.is_stopped == wanted;
        if changed && wanted {
            self.resumed = Some(now);
        }
        self.is_stopped = !wanted;
        changed
    }

    /// Whether somebody who wants it will get it: it flows, or will once its publisher is told.
    pub(crate) fn is_available(&self, now: Instant) -> bool {
        let within = |at: Option<Instant>, time| at.is_some_and(|at| now.saturating_duration_since(at) < time);
        let can_come = self.elsewhere.is_none_or(|state| state.is_available) && !within(self.absent, ABSENT);
        (self.is_stopped && can_come) || self.flows(now) || within(self.resumed, RESUMING)
    }

    /// Its height in pixels; the usual one for its `place` until a keyframe says.
    pub(crate) fn height(&self, place: usize) -> u16 {
        self.height.or_else(|| USUAL_HEIGHTS.get(place).copied()).unwrap_or(u16::MAX)
    }

    /// What it costs with the temporal layers up to this one, in bits a second: as measured, else
    /// as it was measured last, else as usual.
    pub(crate) fn cost(&mut self, now: Instant, place: usize, temporal: u8) -> u64 {
        let measured = self.rate.bits(now, temporal);
        if let Some(state) = self.not_measured(now) {
            return state.cost(temporal);
        }
        // While it begins with a keyframe, and while it fades out, the rate is not what it will be.
        if self.is_flowing(now) && self.rate.is_settled() {
            let whole = self.rate.bits(now, u8::MAX).filter(|bits| *bits > 0);
            self.last_cost = whole.or(self.last_cost);
            self.peak.note(now, whole.unwrap_or(0));
        } else if let Some(cost) = self.last_cost {
            return cost;
        }
        let usual = || USUAL_COSTS.get(place).or(USUAL_COSTS.last()).copied().unwrap_or(u64::MAX);
        let measured = measured.filter(|bits| *bits > 0).or(self.last_cost);
        measured.map_or_else(usual, |bits| if self.rate.is_settled() { bits } else { bits.max(usual()) })
    }

    /// What all of it cost at most of late, in bits a second; nothing where that is not known here.
    pub(crate) fn peak(&self, now: Instant) -> u64 {
        if self.not_measured(now).is_some() { 0 } else { self.peak.bits(now) }
    }

    /// What it costs in the long run, in bits a second: a screen comes in bursts, which a slow link
    /// stretches.
    pub(crate) fn lasting_cost(&mut self, now: Instant, temporal: u8) -> u64 {
        self.elsewhere.map_or_else(|| self.mean.bits(now, temporal), |state| state.cost(temporal))
    }

    /// The highest temporal layer of which something came lately.
    pub(crate) fn highest_temporal(&self, now: Instant) -> u8 {
        self.not_measured(now).map_or_else(|| self.rate.highest_temporal(), LayerState::highest_temporal)
    }

    /// How it is elsewhere, while not enough of it comes here to measure.
    fn not_measured(&self, now: Instant) -> Option<LayerState> {
        let is_measured = self.is_flowing(now) && self.rate.is_settled();
        self.elsewhere.filter(|_| !is_measured)
    }

    /// Whether it neither fades out nor stopped.
    fn is_flowing(&self, now: Instant) -> bool {
        self.heard.is_some_and(|heard| now.saturating_duration_since(heard) < FADING)
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
        if packet.picture.starts_keyframe && self.keyframe.is_none_or(|(sequence, _)| sequence < packet.sequence) {
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
