//! The codecs and header extensions that a session negotiates: the one list of them.
//!
//! A codec that joins the list needs its line in [`configure`], its variant of [`Codec`] and of
//! [`VideoCodec`], and how to tell its keyframes apart in [`crate::picture`].

use protocol::media::VideoCodec;
use str0m::{
    Rtc, RtcConfig,
    format::{self, FormatParams},
    media::{Frequency, Media, Pt},
    rtp::{Extension, ExtensionMap},
};

/// Payload types and those of their repairs, where the other end does not name them.
const VP9_TYPES: (u8, u8) = (98, 99);
const H264_TYPES: (u8, u8) = (108, 109);
/// Constrained baseline, level 3.1: what every WebRTC endpoint that has H.264 has (RFC 7742 §6.2).
const H264_PROFILE: u32 = 0x42_e01f;

/// A codec that is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    /// RFC 7587.
    Opus,
    /// One of pictures.
    Video(VideoCodec),
}

impl Codec {
    /// RTP clock ticks in a second.
    pub(crate) const fn clock_rate(self) -> u32 {
        match self {
            Self::Opus => 48_000,
            Self::Video(_) => 90_000,
        }
    }

    /// Which codec of pictures it is.
    pub(crate) const fn video(self) -> Option<VideoCodec> {
        match self {
            Self::Opus => None,
            Self::Video(codec) => Some(codec),
        }
    }

    const fn of(codec: format::Codec) -> Option<Self> {
        Some(match codec {
            format::Codec::Opus => Self::Opus,
            format::Codec::Vp8 => Self::Video(VideoCodec::Vp8),
            format::Codec::H264 => Self::Video(VideoCodec::H264),
            format::Codec::Vp9 => Self::Video(VideoCodec::Vp9),
            format::Codec::Av1 => Self::Video(VideoCodec::Av1),
            _ => return None,
        })
    }
}

/// A set of codecs of pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct VideoCodecs(u8);

impl VideoCodecs {
    /// Lightest to encode first.
    pub(crate) const ALL: [VideoCodec; 4] = [VideoCodec::Vp8, VideoCodec::H264, VideoCodec::Vp9, VideoCodec::Av1];

    /// Those that a media section was negotiated with.
    pub(crate) fn negotiated(media: &Media, types: &PayloadTypes) -> Self {
        let codecs = media.remote_pts().iter().filter_map(|pt| types.encoding(*pt)?.codec().video());
        codecs.collect()
    }

    /// Whether it is one of them.
    pub(crate) const fn contains(self, codec: VideoCodec) -> bool {
        self.0 & Self::bit(codec) != 0
    }

    /// Those of both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All of them, lightest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = VideoCodec> {
        Self::ALL.into_iter().filter(move |codec| self.contains(*codec))
    }

    const fn bit(codec: VideoCodec) -> u8 {
        match codec {
            VideoCodec::Vp8 => 1,
            VideoCodec::H264 => 2,
            VideoCodec::Vp9 => 4,
            VideoCodec::Av1 => 8,
        }
    }
}

impl FromIterator<VideoCodec> for VideoCodecs {
    fn from_iter<T: IntoIterator<Item = VideoCodec>>(codecs: T) -> Self {
        Self(codecs.into_iter().fold(0, |set, codec| set | Self::bit(codec)))
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

/// Codecs and extensions of every session. A browser sends the first codec of the answer until it is
/// told of another, so the one that all have comes first.
pub(crate) fn configure(config: RtcConfig) -> RtcConfig {
    let mut extensions = ExtensionMap::empty();
    extensions.set(1, Extension::AudioLevel);
    extensions.set(2, Extension::AbsoluteSendTime);
    extensions.set(3, Extension::TransportSequenceNumber);
    extensions.set(4, Extension::RtpMid);
    extensions.set(10, Extension::RtpStreamId);
    extensions.set(11, Extension::RepairedRtpStreamId);
    extensions.set(13, Extension::VideoOrientation);
    let config = config.clear_codecs().enable_opus(true, true).enable_vp8(true);
    let mut config = config.enable_av1(true).set_extension_map(extensions);
    let codecs = config.codec_config();
    // One profile of each, so that a codec means the same to everybody.
    let (vp9, vp9_repairs) = (VP9_TYPES.0.into(), Some(VP9_TYPES.1.into()));
    let profile = FormatParams { profile_id: Some(0), ..FormatParams::default() };
    codecs.add_config(vp9, vp9_repairs, format::Codec::Vp9, Frequency::NINETY_KHZ, None, profile);
    codecs.add_h264(H264_TYPES.0.into(), Some(H264_TYPES.1.into()), true, H264_PROFILE);
    config
}

/// Payload types as one session negotiated them.
#[derive(Debug, Clone)]
pub(crate) struct PayloadTypes {
    known: Vec<(Pt, Encoding)>,
}

impl PayloadTypes {
    /// These, for who negotiated none.
    pub(crate) fn plain(types: &[(u8, Codec)]) -> Self {
        Self { known: types.iter().map(|(number, codec)| ((*number).into(), Encoding::Plain(*codec))).collect() }
    }

    pub(crate) fn negotiated(rtc: &Rtc) -> Self {
        let mut known = Vec::new();
        for params in rtc.codec_config().params() {
            let Some(codec) = Codec::of(params.spec().codec) else { continue };
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
