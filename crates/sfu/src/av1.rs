//! What the forwarder reads of an AV1 payload (RTP payload format for AV1 §4.4).
//!
//! Only where a decoder can start. Temporal layers are named reliably by the dependency descriptor
//! alone, which is not negotiated, so all of them are carried.

use crate::picture::Picture;

/// The aggregation header: the first element goes on from the packet before.
const CONTINUES: u8 = 0x80;
/// The packet is the first of a coded video sequence, which begins with a keyframe.
const BEGINS_SEQUENCE: u8 = 0x08;

/// What a payload says of its frame; nothing when it has no data, or contradicts itself.
pub(crate) fn picture(payload: &[u8]) -> Option<Picture> {
    let [header, _, ..] = payload else { return None };
    let starts_keyframe = header & BEGINS_SEQUENCE != 0;
    if starts_keyframe && header & CONTINUES != 0 {
        return None;
    }
    Some(Picture { starts_keyframe, ..Picture::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_can_start_where_a_sequence_begins() {
        let starts = |payload: &[u8]| picture(payload).map(|picture| picture.starts_keyframe);
        assert_eq!(starts(&[0x18, 0x0a, 0x0b]), Some(true), "W 1, N, and a sequence header");
        assert_eq!(starts(&[0x10, 0x32, 0x0b]), Some(false));
        assert_eq!(starts(&[0x90, 0x32, 0x0b]), Some(false), "goes on from the packet before");
        assert_eq!(starts(&[0x98, 0x0a, 0x0b]), None, "a sequence does not begin in the middle of an element");
        assert_eq!(starts(&[0x18]), None);
        assert_eq!(starts(&[]), None);
    }
}
