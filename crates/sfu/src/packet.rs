//! A packet of a publisher, parsed once and shared by everyone it is forwarded to.

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use protocol::media::VideoCodec;
use str0m::{
    media::Pt,
    rtp::{ExtensionValues, RedDecoder, RtpPacket, Vp8Descriptor},
};

use crate::{
    codec::{Encoding, PayloadTypes},
    picture::Picture,
};

/// A received RTP packet, without what belongs to the publisher's own transport.
#[derive(Debug, Clone)]
pub(crate) struct MediaPacket {
    /// Extended sequence number of the publisher.
    pub(crate) sequence: u64,
    /// RTP time of the publisher.
    pub(crate) timestamp: u32,
    /// End of a frame, for video; start of a talk spurt, for audio.
    pub(crate) marker: bool,
    /// What the payload is.
    pub(crate) encoding: Encoding,
    /// The publisher's payload type for the codec itself, which is what redundant blocks name.
    pub(crate) plain_payload_type: Option<Pt>,
    /// The payload, shared and never changed.
    pub(crate) payload: Arc<[u8]>,
    /// When it came.
    pub(crate) arrived: Instant,
    /// The parsed payload descriptor, for VP8.
    pub(crate) descriptor: Option<Vp8Descriptor>,
    /// What it says of its frame, for pictures.
    pub(crate) picture: Picture,
    extensions: ExtensionValues,
    primary: OnceLock<Option<Arc<[u8]>>>,
}

impl MediaPacket {
    /// Takes a packet apart; nothing when its payload is not what its type says.
    pub(crate) fn new(packet: RtpPacket, types: &PayloadTypes) -> Option<Self> {
        let encoding = types.encoding(packet.header.payload_type)?;
        // Only what concerns the media; mid, rid and transport numbers belong to one hop.
        let extensions = ExtensionValues {
            audio_level: packet.header.ext_vals.audio_level,
            voice_activity: packet.header.ext_vals.voice_activity,
            video_orientation: packet.header.ext_vals.video_orientation,
            ..ExtensionValues::default()
        };
        let header = (*packet.seq_no, packet.header.timestamp, packet.header.marker);
        Self::made(encoding, types, header, packet.payload, packet.timestamp, extensions)
    }

    /// One that came another way: `header` is its number, time and marker.
    pub(crate) fn made(
        encoding: Encoding,
        types: &PayloadTypes,
        (sequence, timestamp, marker): (u64, u32, bool),
        payload: Arc<[u8]>,
        arrived: Instant,
        extensions: ExtensionValues,
    ) -> Option<Self> {
        let (picture, descriptor) = match encoding.codec().video() {
            Some(codec) => Picture::read(codec, &payload)?,
            None => (Picture::default(), None),
        };
        let plain_payload_type = types.payload_type(Encoding::Plain(encoding.codec()));
        let primary = OnceLock::new();
        Some(Self {
            sequence,
            timestamp,
            marker,
            encoding,
            plain_payload_type,
            payload,
            arrived,
            descriptor,
            picture,
            extensions,
            primary,
        })
    }

    /// The temporal layer of its frame; the base where there are none.
    pub(crate) fn temporal_layer(&self) -> u8 {
        self.picture.temporal.map_or(0, |temporal| temporal.id)
    }

    /// Its codec, for pictures.
    pub(crate) fn codec(&self) -> Option<VideoCodec> {
        self.encoding.codec().video()
    }

    /// Loudness in dBov, -127 to 0 (RFC 6464), when the publisher says.
    pub(crate) fn audio_level(&self) -> Option<i8> {
        self.extensions.audio_level
    }

    /// The header extensions that travel on.
    pub(crate) fn extensions(&self) -> ExtensionValues {
        self.extensions.clone()
    }

    /// The newest block of redundant audio alone, for a subscriber that takes no redundancy.
    pub(crate) fn primary(&self) -> Option<Arc<[u8]>> {
        self.primary.get_or_init(|| primary_block(&self.payload).map(Arc::from)).clone()
    }
}

/// The stream that a datagram is of, when it is an RTP packet (RFC 7983 §7, RFC 5761 §4).
pub(crate) fn stream(datagram: &[u8]) -> Option<u32> {
    let [first, second, ..] = datagram else { return None };
    let is_rtp = (128..192).contains(first) && !(192..224).contains(second);
    let stream = datagram.get(8..12).filter(|_| is_rtp)?;
    Some(u32::from_be_bytes(stream.try_into().ok()?))
}

/// The block of an RFC 2198 payload that is not redundant.
fn primary_block(payload: &[u8]) -> Option<&[u8]> {
    RedDecoder::decode(payload).ok()?.into_iter().find(|block| block.is_primary).map(|block| block.payload)
}

#[cfg(test)]
mod tests {
    use str0m::rtp::{RedEncoder, RedundantBlock};

    use super::*;

    #[test]
    fn the_primary_block_stands_after_the_redundant_ones() {
        let earlier = RedundantBlock { pt: 111, timestamp_offset: 960, payload: vec![1, 2] };
        let wrapped = RedEncoder::encode(111, &[3, 4, 5], &[earlier]);
        assert_eq!(primary_block(&wrapped), Some([3, 4, 5].as_slice()));
        assert_eq!(primary_block(&[0x80, 0, 0, 9, 0x6f, 1]), None);
    }
}
