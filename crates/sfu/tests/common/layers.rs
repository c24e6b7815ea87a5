//! A camera that sends three layers, as browsers send them: each with its own stream, keyframes and
//! counters, and three temporal layers in each.

use std::time::{Duration, Instant};

use protocol::media::{Demand, VideoCodec};
use str0m::{
    Rtc,
    format::Codec,
    media::{Mid, Rid, Simulcast, SimulcastLayer},
    rtp::RtpWrite,
};

use super::{client::FRAME, media::Piece, random::Random};

/// Names, heights and bits a second of the layers, lowest first.
pub const LAYERS: [(&str, u16, u64); 3] = [("q", 180, 150_000), ("h", 360, 500_000), ("f", 720, 1_500_000)];
/// Temporal layers of four frames in a row, and whether their layer can be entered there.
const PATTERN: [(u8, bool); 4] = [(0, false), (2, true), (1, true), (2, false)];
/// Weight of a frame of each temporal layer; those of four frames in a row make four.
const WEIGHTS: [f64; 3] = [1.6, 0.8, 0.8];
/// A keyframe is as large as this many ordinary frames.
const KEYFRAME_WEIGHT: f64 = 4.0;
/// Bytes of payload in a packet, at most.
const PACKET: usize = 1100;

pub struct Layers {
    senders: Vec<Sender>,
    random: Random,
    /// Whether it stops what nobody wants.
    pub obeys: bool,
    /// The newest demand, and when it came.
    pub demands: Vec<(Instant, Demand)>,
    /// Bytes of payload sent on each layer.
    pub sent_bytes: [u64; 3],
    /// What it can encode, the one it likes best first.
    pub codecs: Vec<VideoCodec>,
    /// What it encodes in.
    pub codec: VideoCodec,
    /// When each packet was sent, and on which layer.
    sent: Vec<(Instant, u8)>,
}

struct Sender {
    rid: Rid,
    place: u8,
    height: u16,
    bits: u64,
    active: bool,
    keyframe_due: bool,
    sequence: u64,
    picture: u16,
    base: u8,
    /// Frames since the keyframe.
    count: usize,
}

impl Layers {
    pub fn new(number: u32, codecs: &[VideoCodec]) -> Self {
        let sender = |(place, (name, height, bits)): (usize, &(&str, u16, u64))| Sender {
            rid: Rid::from(*name),
            place: place as u8,
            height: *height,
            bits: *bits,
            active: true,
            keyframe_due: true,
            sequence: 1000 * (place as u64 + 1),
            picture: 3000 * (place as u16 + 1),
            base: 50 * place as u8,
            count: 0,
        };
        Self {
            senders: LAYERS.iter().enumerate().map(sender).collect(),
            random: Random::new(u64::from(number) + 77),
            obeys: true,
            demands: Vec::new(),
            sent_bytes: [0; 3],
            codec: lightest(codecs),
            codecs: codecs.to_vec(),
            sent: Vec::new(),
        }
    }

    /// Packets sent on a layer since a moment.
    pub fn sent_packets(&self, place: u8, since: Instant) -> usize {
        self.sent.iter().filter(|(at, on)| *at >= since && *on == place).count()
    }

    pub fn simulcast() -> Simulcast {
        let mut simulcast = Simulcast::new();
        for (name, ..) in LAYERS {
            simulcast.add_send_layer(SimulcastLayer::new(name));
        }
        simulcast
    }

    pub fn request(&mut self, rid: Option<Rid>) {
        for sender in self.senders.iter_mut().filter(|sender| Some(sender.rid) == rid) {
            sender.keyframe_due = true;
        }
    }

    /// A layer stops by itself, as when the publisher's own link has no room for it.
    pub fn set_active(&mut self, place: usize, active: bool) {
        let sender = &mut self.senders[place];
        sender.keyframe_due |= active && !sender.active;
        sender.active = active;
    }

    pub fn demanded(&mut self, now: Instant, demand: &Demand) {
        self.demands.push((now, demand.clone()));
        let liked = self.codecs.iter().find(|codec| demand.codecs.contains(codec));
        if let Some(codec) = liked.filter(|codec| self.obeys && **codec != self.codec) {
            self.codec = *codec;
            self.senders.iter_mut().for_each(|sender| sender.keyframe_due = true);
        }
        for (place, (name, ..)) in LAYERS.iter().enumerate() {
            if self.obeys {
                self.set_active(place, demand.layers.iter().any(|wanted| wanted.as_str() == *name));
            }
        }
    }

    pub fn send(&mut self, now: Instant, rtc: &mut Rtc, mid: Mid, publisher: u32, frame: u32, timestamp: u32) {
        let codec = self.codec;
        let pt = rtc.codec_config().find(|params| video_codec(params.spec().codec) == Some(codec)).unwrap().pt();
        for sender in self.senders.iter_mut().filter(|sender| sender.active) {
            let keyframe = std::mem::take(&mut sender.keyframe_due);
            if keyframe {
                sender.count = 0;
            }
            let (temporal, sync) = PATTERN[sender.count % PATTERN.len()];
            sender.count += 1;
            sender.picture = sender.picture.wrapping_add(1) & 0x7fff;
            sender.base = sender.base.wrapping_add(u8::from(temporal == 0));
            let weight = if keyframe { KEYFRAME_WEIGHT } else { WEIGHTS[usize::from(temporal)] };
            let mean = sender.bits as f64 * FRAME.as_secs_f64() / 8.0;
            let bytes = (mean * weight * (0.9 + 0.2 * self.random.unit())) as usize;
            let count = bytes.div_ceil(PACKET).max(1);
            for index in 0..count {
                let piece =
                    Piece { publisher, layer: sender.place, frame, keyframe, index: index as u8, count: count as u8 };
                let counters = (sender.picture, sender.base);
                let payload =
                    piece.layer(codec, counters, (temporal, sync && !keyframe), (sender.height, bytes / count));
                self.sent_bytes[usize::from(sender.place)] += payload.len() as u64;
                self.sent.push((now, sender.place));
                sender.sequence += 1;
                let write = RtpWrite::new(pt, sender.sequence.into(), timestamp, now, payload)
                    .marker(index + 1 == count)
                    .nackable(true);
                rtc.direct_api().stream_tx_by_mid(mid, Some(sender.rid)).unwrap().write_rtp(write);
            }
        }
    }
}

/// A browser's word for a codec.
pub fn video_codec(codec: Codec) -> Option<VideoCodec> {
    Some(match codec {
        Codec::Vp8 => VideoCodec::Vp8,
        Codec::H264 => VideoCodec::H264,
        Codec::Vp9 => VideoCodec::Vp9,
        Codec::Av1 => VideoCodec::Av1,
        _ => return None,
    })
}

/// What a browser begins with: the first of the answer.
fn lightest(codecs: &[VideoCodec]) -> VideoCodec {
    *codecs.iter().min().unwrap()
}

/// A frame that was shown.
#[derive(Debug, Clone, Copy)]
pub struct ShownFrame {
    pub publisher: u32,
    pub layer: u8,
    pub frame: u32,
    pub at: Instant,
}

/// How long a player waits for a missing packet before it asks for a keyframe.
const PATIENCE: Duration = Duration::from_millis(400);
/// It asks again after this, as Chromium does (`kMaxWaitForKeyFrame`).
const AGAIN: Duration = Duration::from_millis(200);

/// Follows the frames of one slot by their outgoing sequence numbers alone, as a browser does.
#[derive(Default)]
pub struct Player {
    pub shown: Vec<ShownFrame>,
    /// Packets by sequence number that wait for their frame.
    waiting: std::collections::BTreeMap<u64, Piece>,
    /// The number after the last frame that was shown.
    next: Option<u64>,
    stuck_since: Option<Instant>,
    asked: Option<Instant>,
}

impl Player {
    pub fn take(&mut self, now: Instant, sequence: u64, piece: Piece) {
        if self.next.is_some_and(|next| sequence < next) {
            return;
        }
        self.waiting.insert(sequence, piece);
        while let Some((first, piece)) = self.showable() {
            self.next = Some(first + u64::from(piece.count));
            self.waiting = self.waiting.split_off(&(first + u64::from(piece.count)));
            self.shown.push(ShownFrame { publisher: piece.publisher, layer: piece.layer, frame: piece.frame, at: now });
            self.stuck_since = None;
        }
        if !self.waiting.is_empty() && self.stuck_since.is_none() {
            self.stuck_since = Some(now);
        }
    }

    /// The next frame in order, else the first keyframe; whole.
    fn showable(&self) -> Option<(u64, Piece)> {
        let whole = |first: u64, piece: &Piece| {
            (0..piece.count).all(|index| {
                let found = self.waiting.get(&(first + u64::from(index)));
                found.is_some_and(|it| (it.index, it.frame, it.layer) == (index, piece.frame, piece.layer))
            })
        };
        let starts = self.waiting.iter().filter(|(_, piece)| piece.index == 0);
        let mut starts = starts.filter(|(first, piece)| piece.keyframe || self.next == Some(**first));
        starts.find(|(first, piece)| whole(**first, piece)).map(|(first, piece)| (*first, *piece))
    }

    pub fn due(&self) -> Option<Instant> {
        let stuck = self.stuck_since? + PATIENCE;
        Some(self.asked.map_or(stuck, |asked| stuck.max(asked + AGAIN)))
    }

    pub fn gives_up(&mut self, now: Instant) -> bool {
        let due = self.due().is_some_and(|at| at <= now);
        if due {
            self.asked = Some(now);
        }
        due
    }
}
