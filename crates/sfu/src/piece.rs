//! A message of media on a WebSocket: a packet of sound, or a piece of an encoded picture.
//!
//! ```text
//!  0: kind (1 sound, 2 picture) | 0x20 first piece | 0x40 last piece | 0x80 keyframe
//!  1: section, as its `a=mid` in the description says
//!  2: number of the packet or the picture, big-endian, counting up
//!  4: RTP time, big-endian
//!  8: sound: level in -dBov (RFC 6464), 0x80 when a voice; picture: 0
//!  9: the payload: Opus (RFC 6716), or so much of a VP8 frame (RFC 6386)
//! ```
//!
//! Pictures go in pieces, so that a voice need not wait until a keyframe has passed.

/// Bytes before the payload.
pub const HEAD_BYTES: usize = 9;
/// Bytes of a payload. With what RTP adds it fits every path.
pub const PAYLOAD_BYTES: usize = 1100;

const SOUND: u8 = 1;
const PICTURE: u8 = 2;
const KIND: u8 = 0x0f;
const UNUSED: u8 = 0x10;
const FIRST: u8 = 0x20;
const LAST: u8 = 0x40;
const KEYFRAME: u8 = 0x80;
const VOICE: u8 = 0x80;

/// What a message carries besides its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Whether it is sound, else a picture.
    pub is_audio: bool,
    /// The first of a picture; so is every sound.
    pub is_first: bool,
    /// The last of a picture; so is every sound.
    pub is_last: bool,
    /// Whether the picture needs no other. What a browser says of it counts for nothing.
    pub is_keyframe: bool,
    /// The section.
    pub section: u8,
    /// Of the packet or the picture.
    pub number: u16,
    /// RTP time: 48 kHz for sound, 90 kHz for pictures.
    pub timestamp: u32,
    /// Loudness in -dBov, 0 to 127, and whether it is a voice.
    pub level: u8,
    /// See `level`.
    pub is_voice: bool,
}

impl Head {
    /// Takes a message apart; nothing when it is none.
    #[must_use]
    pub fn read(message: &[u8]) -> Option<(Self, &[u8])> {
        let (head, payload) = message.split_first_chunk::<HEAD_BYTES>()?;
        let [flags, section, number @ .., level] = head;
        let [n1, n2, t1, t2, t3, t4] = *number;
        let is_audio = match flags & KIND {
            SOUND => true,
            PICTURE => false,
            _ => return None,
        };
        let (is_first, is_last) = (flags & FIRST != 0, flags & LAST != 0);
        let is_whole = is_first && is_last;
        if flags & UNUSED != 0 || (is_audio && !is_whole) || payload.is_empty() || payload.len() > PAYLOAD_BYTES {
            return None;
        }
        let head = Self {
            is_audio,
            is_first,
            is_last,
            is_keyframe: flags & KEYFRAME != 0,
            section: *section,
            number: u16::from_be_bytes([n1, n2]),
            timestamp: u32::from_be_bytes([t1, t2, t3, t4]),
            level: level & !VOICE,
            is_voice: level & VOICE != 0,
        };
        Some((head, payload))
    }

    /// As it goes before its payload.
    #[must_use]
    pub fn bytes(&self) -> [u8; HEAD_BYTES] {
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let flags = flag(self.is_first, FIRST) | flag(self.is_last, LAST) | flag(self.is_keyframe, KEYFRAME);
        let [n1, n2] = self.number.to_be_bytes();
        let [t1, t2, t3, t4] = self.timestamp.to_be_bytes();
        let kind = if self.is_audio { SOUND } else { PICTURE };
        let level = (self.level & !VOICE) | flag(self.is_voice, VOICE);
        [kind | flags, self.section, n1, n2, t1, t2, t3, t4, level]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(message: Vec<u8>) {
            if let Some((head, payload)) = Head::read(&message) {
                prop_assert_eq!([&head.bytes()[..], payload].concat(), message);
            }
        }

        #[test]
        fn a_head_is_read_as_it_was_written(
            flags in any::<(bool, bool, bool, bool)>(),
            section: u8, number: u16, timestamp: u32, level in 0..128u8, is_voice: bool,
        ) {
            let (is_audio, first, last, is_keyframe) = flags;
            let (is_first, is_last) = (first || is_audio, last || is_audio);
            let head = Head { is_audio, is_first, is_last, is_keyframe, section, number, timestamp, level, is_voice };
            let message = [&head.bytes()[..], b"payload"].concat();
            prop_assert_eq!(Head::read(&message), Some((head, &b"payload"[..])));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let good = [0x61, 0, 0, 1, 0, 0, 0, 1, 0, 9];
        assert!(Head::read(&good).is_some());
        for (place, byte) in [(0, 0x63), (0, 0x60), (0, 0x71), (0, 0x21), (0, 0x41)] {
            let mut bad = good;
            bad[place] = byte;
            assert_eq!(Head::read(&bad), None, "{byte:#x}");
        }
        assert_eq!(Head::read(&good[..HEAD_BYTES]), None, "no payload");
        assert_eq!(Head::read(&[&good[..], &[0; PAYLOAD_BYTES]].concat()), None, "too long");
    }
}
