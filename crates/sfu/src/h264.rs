//! What the forwarder reads of an H.264 payload (RFC 6184 §5).
//!
//! Only where a decoder can start: at a sequence parameter set, which encoders of real-time video send
//! with every IDR picture, in the same packet as the picture parameter set or before it.

use crate::picture::Picture;

/// Types of NAL units and packets (§5.2).
const SEQUENCE_PARAMETERS: u8 = 7;
const DELIMITER: u8 = 9;
const SINGLE: std::ops::RangeInclusive<u8> = 1..=23;
const AGGREGATE: u8 = 24;
const FRAGMENT: u8 = 28;

/// What a payload says of its frame; nothing when it is none of packetization mode 1.
pub(crate) fn picture(payload: &[u8]) -> Option<Picture> {
    let (header, rest) = payload.split_first()?;
    let starts_keyframe = match header & 0x1f {
        SEQUENCE_PARAMETERS => true,
        // The type stands in the second byte, and a parameter set is never so long.
        FRAGMENT => rest.first().map(|_| false)?,
        AGGREGATE => aggregate_starts(rest)?,
        kind if SINGLE.contains(&kind) => false,
        _ => return None,
    };
    Some(Picture { starts_keyframe, ..Picture::default() })
}

/// Whether units in one packet (§5.7.1) begin with a sequence parameter set, apart from a delimiter.
fn aggregate_starts(mut units: &[u8]) -> Option<bool> {
    loop {
        let (length, rest) = units.split_first_chunk::<2>()?;
        let (unit, after) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        match unit.first()? & 0x1f {
            DELIMITER if !after.is_empty() => units = after,
            kind => return Some(kind == SEQUENCE_PARAMETERS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_can_start_at_a_sequence_parameter_set() {
        let starts = |payload: &[u8]| picture(payload).map(|picture| picture.starts_keyframe);
        assert_eq!(starts(&[0x67, 0x42, 0xe0, 0x1f]), Some(true), "alone");
        assert_eq!(starts(&[0x78, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x68, 0xce]), Some(true), "with the other set");
        assert_eq!(starts(&[0x78, 0, 2, 0x09, 0xf0, 0, 2, 0x67, 0x42]), Some(true), "behind a delimiter");
        assert_eq!(starts(&[0x78, 0, 2, 0x41, 0x9a, 0, 2, 0x67, 0x42]), Some(false), "behind a picture");
        assert_eq!(starts(&[0x65, 0x88]), Some(false), "a picture without its parameters");
        assert_eq!(starts(&[0x7c, 0x85, 0x88]), Some(false), "a fragment");
    }

    #[test]
    fn what_is_cut_short_or_of_another_mode_is_nothing() {
        for payload in
            [&[][..], &[0x7c], &[0x78], &[0x78, 0], &[0x78, 0, 5, 0x67], &[0x78, 0, 0], &[0x79, 1, 2], &[0x60, 1]]
        {
            assert_eq!(picture(payload), None, "{payload:?}");
        }
    }
}
