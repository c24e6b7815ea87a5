//! Outgoing numbers of one slot: continuous, whatever the slot carries.
//!
//! Sequence numbers, RTP times and VP8 picture ids go on where the previous track stopped. Within
//! one track the distances of the publisher are kept, so that what was lost on the way in stays a
//! hole that a late repair fits into; what is left out on purpose ([`Numbering::skip`]) leaves none.

use std::{collections::VecDeque, time::Instant};

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

use crate::packet::MediaPacket;

/// The first outgoing sequence number. A receiver starts at rollover 0 (RFC 3711 §3.3.1), so it
/// must be below 65536; above 0 there is room for reordering at the start.
const FIRST_SEQUENCE: u64 = 1;
/// The shortest step in RTP time between two tracks, as a part of a second.
const SHORTEST_STEP: u32 = 100;
/// Values of a 15-bit picture id (RFC 7741 §4.2).
const PICTURE_IDS: u16 = 1 << 15;
/// Runs of skipped packets that are remembered; a packet older than them is not sent any more.
const SKIPS: usize = 128;

/// What a packet is called on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) patch: Option<Vp8Patch>,
}

/// The numbering of one slot.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    last: Option<Last>,
    shift: Option<Shift>,
    skips: Skips,
}

/// The newest packet that went out.
#[derive(Debug, Clone, Copy)]
struct Last {
    sequence: u64,
    timestamp: u32,
    arrived: Instant,
    picture: PictureNumbers,
}

/// Distance between the numbers of the track now in the slot and the outgoing ones.
#[derive(Debug, Clone, Copy)]
struct Shift {
    /// The publisher's number where the track began in this slot; nothing before it goes out.
    from: u64,
    /// What `from` is called on the way out.
    to: u64,
    timestamp: u32,
    picture: PictureNumbers,
}

/// The counters in a VP8 payload descriptor, or distances between such counters. Each wraps in its
/// own width (RFC 7741 §4.2).
#[derive(Debug, Clone, Copy, Default)]
struct PictureNumbers {
    picture: u16,
    base_layer: u8,
    keyframe: u8,
}

impl Numbering {
    /// The next packet to go out is the first of another track.
    pub(crate) fn restart(&mut self) {
        self.shift = None;
        self.skips = Skips::default();
    }

    /// Whether a track has begun since the last [`Numbering::restart`].
    pub(crate) fn has_begun(&self) -> bool {
        self.shift.is_some()
    }

    /// Numbers for a packet; nothing when it is older than where its track began in this slot.
    pub(crate) fn number(&mut self, packet: &MediaPacket) -> Option<Numbered> {
        let shift = match self.shift {
            Some(shift) => shift,
            None => *self.shift.insert(self.begin(packet)),
        };
        let skipped = self.skips.before(packet.sequence)?;
        let distance = packet.sequence.checked_sub(shift.from)?.checked_sub(skipped.packets)?;
        let sequence = shift.to.checked_add(distance)?;
        self.skips.newest = self.skips.newest.max(packet.sequence);
        let timestamp = packet.timestamp.wrapping_add(shift.timestamp);
        // What has no counters to rewrite leaves them where they are.
        let mut picture = self.last.map(|last| last.picture).unwrap_or_default();
        if let Some(descriptor) = &packet.descriptor {
            picture = shift.picture.added_to(descriptor);
            picture.picture = picture.picture.wrapping_sub(skipped.pictures) % PICTURE_IDS;
        }
        if self.last.is_none_or(|last| last.sequence < sequence) {
            self.last = Some(Last { sequence, timestamp, arrived: packet.arrived, picture });
        }
        let patch = packet.descriptor.and_then(|descriptor| picture.patch(&descriptor));
        Some(Numbered { sequence, timestamp, patch })
    }

    /// This packet is left out on purpose, with the whole frame that it belongs to: the numbers of what
    /// follows close the gap. A late one leaves its hole, since what came after it went out already.
    pub(crate) fn skip(&mut self, packet: &MediaPacket) {
        if self.shift.is_some() && packet.sequence > self.skips.newest {
            self.skips.note(packet.sequence, packet.picture.id);
        }
    }

    fn begin(&self, packet: &MediaPacket) -> Shift {
        let from = packet.sequence;
        let Some(last) = self.last else {
            return Shift { from, to: FIRST_SEQUENCE, timestamp: 0, picture: PictureNumbers::default() };
        };
        let clock_rate = packet.encoding.codec().clock_rate();
        let passed = packet.arrived.saturating_duration_since(last.arrived);
        // Wraps as RTP time does (RFC 3550 §5.1).
        let ticks = passed.as_micros().wrapping_mul(u128::from(clock_rate)) / 1_000_000;
        let step = u32::try_from(ticks % (1 << 32)).unwrap_or(0).max(clock_rate / SHORTEST_STEP);
        let timestamp = last.timestamp.wrapping_add(step).wrapping_sub(packet.timestamp);
        let picture = packet.descriptor.map(|first| last.picture.distance_to_next(&first)).unwrap_or_default();
        Shift { from, to: last.sequence.saturating_add(1), timestamp, picture }
    }
}

/// What was left out since a track began.
#[derive(Debug, Default)]
struct Skips {
    /// Newest packet of the publisher, sent or skipped.
    newest: u64,
    /// Totals, each valid from a packet of the publisher on; oldest first.
    totals: VecDeque<(u64, Skipped)>,
    /// Totals of packets before this one are forgotten.
    forgotten: u64,
    picture: Option<u16>,
}

/// How much was left out.
#[derive(Debug, Clone, Copy, Default)]
struct Skipped {
    packets: u64,
    pictures: u16,
}

impl Skips {
    /// What was left out before a packet; nothing when that is not known any more.
    fn before(&self, sequence: u64) -> Option<Skipped> {
        let total = self.totals.iter().rev().find(|(from, _)| *from <= sequence).map(|(_, total)| *total);
        total.or_else(|| (sequence >= self.forgotten).then(Skipped::default))
    }

    fn note(&mut self, sequence: u64, picture: Option<u16>) {
        let mut total = self.totals.back().map(|(_, total)| *total).unwrap_or_default();
        total.packets += 1;
        if picture.is_some() && self.picture != picture {
            total.pictures = total.pictures.wrapping_add(1);
        }
        self.picture = picture;
        self.newest = sequence;
        // Nothing between two skipped packets in a row asks for the total between them.
        if self.totals.back().is_some_and(|(from, _)| *from == sequence) {
            self.totals.pop_back();
        }
        self.totals.push_back((sequence.saturating_add(1), total));
        if self.totals.len() > SKIPS {
            self.totals.pop_front();
            self.forgotten = self.totals.front().map_or(0, |(from, _)| *from);
        }
    }
}

impl PictureNumbers {
    fn distance_to_next(self, first: &Vp8Descriptor) -> Self {
        let next = self.picture.wrapping_add(1);
        Self {
            picture: next.wrapping_sub(first.picture_id().unwrap_or(0)) % PICTURE_IDS,
            base_layer: self.base_layer.wrapping_add(1).wrapping_sub(first.tl0_pic_idx().unwrap_or(0)),
            keyframe: self.keyframe.wrapping_add(1).wrapping_sub(first.key_idx().unwrap_or(0)),
        }
    }

    fn added_to(self, descriptor: &Vp8Descriptor) -> Self {
        Self {
            picture: descriptor.picture_id().unwrap_or(0).wrapping_add(self.picture) % PICTURE_IDS,
            base_layer: descriptor.tl0_pic_idx().unwrap_or(0).wrapping_add(self.base_layer),
            keyframe: descriptor.key_idx().unwrap_or(0).wrapping_add(self.keyframe),
        }
    }

    fn patch(self, descriptor: &Vp8Descriptor) -> Option<Vp8Patch> {
        let mut patch = descriptor.patch();
        if descriptor.tl0_pic_idx().is_some() {
            patch = patch.tl0_pic_idx(self.base_layer);
        }
        if descriptor.key_idx().is_some() {
            patch = patch.key_idx(self.keyframe & 0x1f);
        }
        if descriptor.picture_id().is_none() {
            return patch.build().ok();
        }
        // The short form of seven bits carries the low bits, as a counter of its own width does.
        patch.picture_id(self.picture).build().or_else(|_| patch.picture_id(self.picture & 0x7f).build()).ok()
    }
}
