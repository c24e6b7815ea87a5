//! What the forwarder reads of the payload of a picture, whatever its codec. Nothing is decoded, and
//! each payload is looked at once.

use protocol::media::VideoCodec;
use str0m::rtp::Vp8Descriptor;

use crate::{av1, h264, vp8, vp9};

/// Temporal layers that are told apart; higher ones count as the highest.
pub(crate) const TEMPORAL_LAYERS: usize = 4;

/// What a payload says of its frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Whether a decoder can start here.
    pub(crate) starts_keyframe: bool,
    /// The height in pixels, where a packet that starts a keyframe says it.
    pub(crate) height: Option<u16>,
    /// The number that all packets of the frame share.
    pub(crate) id: Option<u16>,
    /// Where it stands among temporal layers, when its publisher has some and they can be left out.
    pub(crate) temporal: Option<Temporal>,
}

/// Where a frame stands among the temporal layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Temporal {
    /// 0 for the base layer.
    pub(crate) id: u8,
    /// What can be begun with it.
    pub(crate) entry: Option<Entry>,
}

/// Where higher temporal layers can be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// At this frame its own layer: it leans on the base layer alone (RFC 7741 §4.2, `Y`).
    Here,
    /// After this frame all that are higher than its own (RFC 9628 §4.2, `U`).
    After,
}

impl Picture {
    /// Reads a payload, and the counters that are rewritten in it; nothing when it is not what its type
    /// says.
    pub(crate) fn read(codec: VideoCodec, payload: &[u8]) -> Option<(Self, Option<Vp8Descriptor>)> {
        match codec {
            VideoCodec::Vp8 => {
                let descriptor = Vp8Descriptor::parse(payload).ok()?;
                Some((vp8::picture(payload, &descriptor), Some(descriptor)))
            }
            VideoCodec::Vp9 => Some((vp9::picture(payload)?, None)),
            VideoCodec::Av1 => Some((av1::picture(payload)?, None)),
            VideoCodec::H264 => Some((h264::picture(payload)?, None)),
        }
    }
}

/// Whether a decoder can start with the payload of an RTP packet of that codec.
#[must_use]
pub fn starts_keyframe(codec: VideoCodec, payload: &[u8]) -> bool {
    Picture::read(codec, payload).is_some_and(|(picture, _)| picture.starts_keyframe)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_payload_panics(payload: Vec<u8>) {
            for codec in [VideoCodec::Vp8, VideoCodec::H264, VideoCodec::Vp9, VideoCodec::Av1] {
                let _ = Picture::read(codec, &payload);
            }
        }
    }
}
