//! The codecs and header extensions that a session negotiates: the one list of them.
//!
//! A codec that joins the list needs three things: its line in [`configure`], its variant of
//! [`Codec`], and how to tell its keyframes apart in [`crate::packet`].

use str0m::{
    Rtc, RtcConfig, format,
    media::Pt,
    rtp::{Extension, ExtensionMap},
};

/// A codec that is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    /// RFC 7587.
    Opus,
    /// RFC 7741.
    Vp8,
}

impl Codec {
    const ALL: [Self; 2] = [Self::Opus, Self::Vp8];

    /// RTP clock ticks in a second.
    pub(crate) const fn clock_rate(self) -> u32 {
        match self {
            Self::Opus => 48_000,
            Self::Vp8 => 90_000,
        }
    }

    const fn is(self, codec: format::Codec) -> bool {
        matches!((self, codec), (Self::Opus, format::Codec::Opus) | (Self::Vp8, format::Codec::Vp8))
    }
}

/// What the payload of a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// The codec's own payload.
    Plain(Codec),
    /// The codec's payloads wrapped as redundant audio (RFC 2198).
    Redundant(Codec),
}

impl Encoding {
    pub(crate) const fn codec(self) -> Codec {
        match self {
            Self::Plain(codec) | Self::Redundant(codec) => codec,
        }
    }
}

/// Codecs and extensions of every session.
pub(crate) fn configure(config: RtcConfig) -> RtcConfig {
    let mut extensions = ExtensionMap::empty();
    extensions.set(1, Extension::AudioLevel);
    extensions.set(2, Extension::AbsoluteSendTime);
    extensions.set(3, Extension::TransportSequenceNumber);
    extensions.set(4, Extension::RtpMid);
    extensions.set(10, Extension::RtpStreamId);
    extensions.set(11, Extension::RepairedRtpStreamId);
    extensions.set(13, Extension::VideoOrientation);
    config.clear_codecs().enable_opus(true, true).enable_vp8(true).set_extension_map(extensions)
}

/// Payload types as one session negotiated them.
#[derive(Debug, Clone)]
pub(crate) struct PayloadTypes {
    known: Vec<(Pt, Encoding)>,
}

impl PayloadTypes {
    pub(crate) fn negotiated(rtc: &Rtc) -> Self {
        let mut known = Vec::new();
        for params in rtc.codec_config().params() {
            let Some(codec) = Codec::ALL.into_iter().find(|codec| codec.is(params.spec().codec)) else { continue };
            known.push((params.pt(), Encoding::Plain(codec)));
            known.extend(params.red().map(|red| (red, Encoding::Redundant(codec))));
        }
        Self { known }
    }

    /// How a packet with this payload type is encoded.
    pub(crate) fn encoding(&self, payload_type: Pt) -> Option<Encoding> {
        self.known.iter().find(|(pt, _)| *pt == payload_type).map(|(_, encoding)| *encoding)
    }

    /// The payload type for this encoding.
    pub(crate) fn payload_type(&self, encoding: Encoding) -> Option<Pt> {
        self.known.iter().find(|(_, known)| *known == encoding).map(|(pt, _)| *pt)
    }
}
