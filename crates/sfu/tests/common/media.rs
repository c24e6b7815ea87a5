//! What the browsers of a test send and see: frames that say whose they are.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use protocol::media::VideoCodec;

/// A decoder that waits this long for a missing packet asks for a keyframe.
const PATIENCE: Duration = Duration::from_millis(400);
/// It asks again after this, as Chromium does (`kMaxWaitForKeyFrame`).
const AGAIN: Duration = Duration::from_millis(200);

/// A piece of a frame, as carried in a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub publisher: u32,
    /// The place of its simulcast layer.
    pub layer: u8,
    pub frame: u32,
    pub keyframe: bool,
    pub index: u8,
    pub count: u8,
}

impl Piece {
    /// As a VP8 payload with a 15-bit picture id (RFC 7741 §4.2).
    pub fn vp8(self, picture: u16, length: usize) -> Vec<u8> {
        let start = if self.index == 0 { 0x10 } else { 0 };
        let [high, low] = (picture & 0x7fff).to_be_bytes();
        let mut payload = vec![0x80 | start, 0x80, 0x80 | high, low, u8::from(!self.keyframe)];
        payload.extend(self.body());
        payload.resize(length, 0xaa);
        payload
    }

    /// As a VP8 payload with picture and base layer numbers, temporal layer, whether that can be entered
    /// here, and a frame header (RFC 6386 §9.1) that says how high the picture is.
    pub fn vp8_layer(self, counters: (u16, u8), temporal: (u8, bool), height: u16, length: usize) -> Vec<u8> {
        let start = if self.index == 0 { 0x10 } else { 0 };
        let [high, low] = (counters.0 & 0x7fff).to_be_bytes();
        let layer = temporal.0 << 6 | u8::from(temporal.1) << 5;
        let mut payload = vec![0x80 | start, 0xe0, 0x80 | high, low, counters.1, layer];
        if self.keyframe && self.index == 0 {
            let ([width_low, width_high], [low, high]) = ((height / 9 * 16).to_le_bytes(), height.to_le_bytes());
            payload.extend([0x10, 0, 0, 0x9d, 0x01, 0x2a, width_low, width_high, low, high]);
        } else {
            payload.push(1);
        }
        payload.extend(self.body());
        payload.resize(length.max(payload.len()), 0xaa);
        payload
    }

    /// As a payload of a layer's frame in a codec, with its numbers, temporal layer and height where the
    /// codec has them.
    pub fn layer(self, codec: VideoCodec, counters: (u16, u8), temporal: (u8, bool), size: (u16, usize)) -> Vec<u8> {
        let ((picture, base), (height, length)) = (counters, size);
        let is_start = self.keyframe && self.index == 0;
        let mut payload = match codec {
            VideoCodec::Vp8 => return self.vp8_layer(counters, temporal, height, length),
            // RFC 9628 §4.2: with numbers, layers, and at a keyframe the size. Layers can be entered behind
            // every frame of the base layer.
            VideoCodec::Vp9 => {
                let flags = if self.index == 0 { 0x08 } else { 0 } | if self.keyframe { 0 } else { 0x40 };
                let [high, low] = (picture & 0x7fff).to_be_bytes();
                let layer = temporal.0 << 5 | u8::from(temporal.0 == 0) << 4;
                let mut payload = vec![0xa0 | flags | u8::from(is_start) << 1, 0x80 | high, low, layer, base];
                if is_start {
                    payload.push(0x10);
                    payload.extend((height / 9 * 16).to_be_bytes().into_iter().chain(height.to_be_bytes()));
                }
                payload
            }
            // A sequence header, or part of a frame.
            VideoCodec::Av1 if is_start => vec![0x18, 0x0a],
            VideoCodec::Av1 => vec![if self.index == 0 { 0x10 } else { 0x90 }, 0x32],
            // A sequence parameter set, or a slice.
            VideoCodec::H264 => vec![if is_start { 0x67 } else { 0x41 }],
        };
        payload.extend(self.body());
        payload.resize(length.max(payload.len()), 0xaa);
        payload
    }

    /// As an Opus payload.
    pub fn opus(self) -> Vec<u8> {
        let mut payload = self.body();
        payload.resize(80, 0xaa);
        payload
    }

    /// As the redundancy of the next voice packet: marked, since it stands before that.
    pub fn earlier(self) -> Vec<u8> {
        let mut payload = b"prior".to_vec();
        payload.extend(self.publisher.to_be_bytes());
        payload.extend(self.frame.to_be_bytes());
        payload.resize(60, 0xee);
        payload
    }

    /// Publisher and frame of the voice packet whose redundancy is in a payload.
    pub fn read_earlier(payload: &[u8]) -> Option<(u32, u32)> {
        let at = payload.windows(5).position(|window| window == b"prior")? + 5;
        let number = |at: usize| Some(u32::from_be_bytes(payload.get(at..at + 4)?.try_into().ok()?));
        Some((number(at)?, number(at + 4)?))
    }

    fn body(self) -> Vec<u8> {
        let mut body = b"frame".to_vec();
        body.extend(self.publisher.to_be_bytes());
        body.extend(self.frame.to_be_bytes());
        body.extend([u8::from(self.keyframe), self.index, self.count, self.layer]);
        body
    }

    /// The piece in a payload; none when it is not one of ours.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let at = payload.windows(5).position(|window| window == b"frame")? + 5;
        let body = payload.get(at..at + 12)?;
        Some(Self {
            publisher: u32::from_be_bytes(body[..4].try_into().unwrap()),
            frame: u32::from_be_bytes(body[4..8].try_into().unwrap()),
            keyframe: body[8] == 1,
            index: body[9],
            count: body[10],
            layer: body[11],
        })
    }
}

/// A packet as it arrived in a slot.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    pub at: Instant,
    pub sequence: u64,
    pub timestamp: u32,
    pub picture: Option<u16>,
    /// The number of the base layer's frame.
    pub base: Option<u8>,
    pub piece: Piece,
    pub level: Option<i8>,
    /// Whether it is numbered transport-wide: what goes past a transport is not.
    pub is_numbered: bool,
    /// When it came to the region, in seconds, by the reports of its stream (RFC 3550 §6.4.1).
    pub reported: Option<f64>,
    /// Bytes of the payload.
    pub length: usize,
    /// Its codec, for pictures.
    pub codec: Option<VideoCodec>,
}

/// Follows the frames of one slot as a decoder would: in order, from a keyframe on.
#[derive(Default)]
pub struct Decoder {
    pub seen: Vec<Seen>,
    /// Publisher, frame and when it could be shown.
    pub shown: Vec<(u32, u32, Instant)>,
    publisher: Option<u32>,
    pieces: BTreeMap<u32, Vec<bool>>,
    keyframes: BTreeMap<u32, bool>,
    last: Option<u32>,
    stuck_since: Option<Instant>,
    asked: Option<Instant>,
}

impl Decoder {
    pub fn take(&mut self, seen: Seen) {
        self.seen.push(seen);
        let piece = seen.piece;
        if self.publisher != Some(piece.publisher) {
            self.publisher = Some(piece.publisher);
            self.pieces.clear();
            self.keyframes.clear();
            self.last = None;
            self.stuck_since = None;
        }
        if self.last.is_some_and(|last| piece.frame <= last) {
            return;
        }
        let pieces = self.pieces.entry(piece.frame).or_insert_with(|| vec![false; usize::from(piece.count)]);
        pieces[usize::from(piece.index)] = true;
        self.keyframes.insert(piece.frame, piece.keyframe);
        self.show(seen.at);
    }

    fn show(&mut self, now: Instant) {
        loop {
            let complete = |frame: &u32| self.pieces.get(frame).is_some_and(|pieces| pieces.iter().all(|here| *here));
            let next = self.last.map(|last| last + 1).filter(complete);
            let keyframe = || self.keyframes.iter().filter(|(_, key)| **key).map(|(frame, _)| *frame).find(complete);
            let Some(frame) = next.or_else(keyframe) else { break };
            self.shown.push((self.publisher.unwrap(), frame, now));
            self.last = Some(frame);
            self.pieces = self.pieces.split_off(&(frame + 1));
            self.keyframes = self.keyframes.split_off(&(frame + 1));
            self.stuck_since = None;
        }
        if !self.pieces.is_empty() && self.stuck_since.is_none() {
            self.stuck_since = Some(now);
        }
    }

    /// When to look whether it is stuck.
    pub fn due(&self) -> Option<Instant> {
        let stuck = self.stuck_since? + PATIENCE;
        Some(self.asked.map_or(stuck, |asked| stuck.max(asked + AGAIN)))
    }

    /// Whether to ask for a keyframe now.
    pub fn gives_up(&mut self, now: Instant) -> bool {
        let due = self.due().is_some_and(|at| at <= now);
        if due {
            self.asked = Some(now);
        }
        due
    }
}
