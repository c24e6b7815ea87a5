//! A receive slot of a subscriber: which track it carries and what its packets are called there.

use std::sync::Arc;

use protocol::{
    id::Mid,
    media::{Slot as Announcement, SlotTrack},
};
use str0m::{
    media::Pt,
    rtp::{RtpWrite, SeqNo, Ssrc},
};

use crate::{
    codec::{Encoding, PayloadTypes},
    numbering::{Numbered, Numbering},
    packet::MediaPacket,
    track::TrackKey,
};

/// A receiving section of a subscriber's offer.
#[derive(Debug)]
pub(crate) struct Slot {
    /// The section.
    pub(crate) mid: Mid,
    /// Whether it takes sound, else pictures.
    pub(crate) is_audio: bool,
    /// The stream that we send on it.
    pub(crate) stream: Ssrc,
    /// Whether it takes redundant audio.
    takes_redundancy: bool,
    /// What it carries.
    assigned: Option<SlotTrack>,
    /// Where that comes from.
    track: Option<TrackKey>,
    /// Whether the subscriber was told of `assigned`. Nothing is sent before.
    announced: bool,
    numbering: Numbering,
}

impl Slot {
    pub(crate) fn new(mid: Mid, is_audio: bool, stream: Ssrc, takes_redundancy: bool) -> Self {
        Self {
            mid,
            is_audio,
            stream,
            takes_redundancy,
            assigned: None,
            track: None,
            announced: true,
            numbering: Numbering::default(),
        }
    }

    /// What it carries.
    pub(crate) fn assigned(&self) -> Option<&SlotTrack> {
        self.assigned.as_ref()
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
        self.numbering.restart();
        true
    }

    /// The same track continues on another stream.
    pub(crate) fn restart(&mut self) {
        self.numbering.restart();
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

    /// Whether it waits for the start of its track.
    pub(crate) fn is_waiting(&self) -> bool {
        self.track.is_some() && !self.numbering.has_begun()
    }

    /// The packet as it goes out on this slot; nothing when it must not.
    pub(crate) fn outgoing(&mut self, packet: &MediaPacket, types: &PayloadTypes) -> Option<RtpWrite> {
        let starts = self.is_audio || packet.starts_keyframe || !self.is_waiting();
        if !self.announced || !starts {
            return None;
        }
        let (payload_type, payload) = self.payload(packet, types)?;
        let Numbered { sequence, timestamp, patch } = self.numbering.number(packet)?;
        let write = RtpWrite::new(payload_type, SeqNo::from(sequence), timestamp, packet.arrived, payload)
            .marker(packet.marker)
            .ext_vals(packet.extensions())
            .nackable(!self.is_audio);
        Some(match patch {
            Some(patch) => write.vp8_patch(patch),
            None => write,
        })
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
