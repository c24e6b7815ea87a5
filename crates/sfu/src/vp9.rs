//! What the forwarder reads of a VP9 payload descriptor (RFC 9628 §4.2).
//!
//! Nothing of it is rewritten. Receivers follow the references that the descriptor names, so frames of
//! higher temporal layers may be missing, and a keyframe begins new counters.

use crate::picture::{Entry, Picture, Temporal};

/// References that one frame may name (§4.2: `P_DIFF`).
const REFERENCES: usize = 3;

/// Bits of the first byte.
#[derive(Debug, Clone, Copy)]
struct Flags(u8);

impl Flags {
    const PICTURE_ID: u8 = 0x80;
    const PREDICTED: u8 = 0x40;
    const LAYERS: u8 = 0x20;
    const FLEXIBLE: u8 = 0x10;
    const BEGINS: u8 = 0x08;
    const STRUCTURE: u8 = 0x02;

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// What a payload says of its frame; nothing when its descriptor is cut short.
pub(crate) fn picture(payload: &[u8]) -> Option<Picture> {
    let mut bytes = payload.iter().copied();
    let flags = Flags(bytes.next()?);
    let id = if flags.has(Flags::PICTURE_ID) { Some(picture_id(&mut bytes)?) } else { None };
    let layer = if flags.has(Flags::LAYERS) { Some(bytes.next()?) } else { None };
    if layer.is_some() && !flags.has(Flags::FLEXIBLE) {
        // The number of the base layer's frame.
        bytes.next()?;
    }
    if flags.has(Flags::FLEXIBLE) && flags.has(Flags::PREDICTED) {
        skip_references(&mut bytes)?;
    }
    let is_lowest = layer.is_none_or(|layer| layer >> 1 & 0x07 == 0);
    let starts_keyframe = is_lowest && flags.has(Flags::BEGINS) && !flags.has(Flags::PREDICTED);
    let height = if flags.has(Flags::STRUCTURE) { structure_height(&mut bytes)? } else { None };
    let temporal = layer.map(|layer| Temporal { id: layer >> 5, entry: (layer & 0x10 != 0).then_some(Entry::After) });
    // Without a number it is not known which packets are of one frame.
    let temporal = temporal.filter(|_| id.is_some());
    // A frame needs at least a byte of data.
    bytes.next()?;
    Some(Picture { starts_keyframe, height: height.filter(|_| starts_keyframe), id, temporal })
}

/// Of 7 bits, or 15 where the first says so.
fn picture_id(bytes: &mut impl Iterator<Item = u8>) -> Option<u16> {
    let first = bytes.next()?;
    let id = u16::from(first & 0x7f);
    if first & 0x80 == 0 { Some(id) } else { Some(id << 8 | u16::from(bytes.next()?)) }
}

fn skip_references(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    for _ in 0..REFERENCES {
        // N: another follows.
        if bytes.next()? & 0x01 == 0 {
            return Some(());
        }
    }
    None
}

/// The height of the highest spatial layer in a scalability structure, where it has sizes (§4.2.1).
/// Nothing outside when it is cut short.
fn structure_height(bytes: &mut impl Iterator<Item = u8>) -> Option<Option<u16>> {
    let head = bytes.next()?;
    let (layers, has_sizes, has_pictures) = (head >> 5, head & 0x10 != 0, head & 0x08 != 0);
    let mut height = None;
    for _ in 0..=layers {
        if has_sizes {
            let [_, _, high, low] = [bytes.next()?, bytes.next()?, bytes.next()?, bytes.next()?];
            height = Some(u16::from_be_bytes([high, low]));
        }
    }
    if has_pictures {
        for _ in 0..bytes.next()? {
            let references = bytes.next()? >> 2 & 0x03;
            for _ in 0..references {
                bytes.next()?;
            }
        }
    }
    Some(height)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I, L, B, E and V: the first packet of a keyframe of 640x360 with three temporal layers, as browsers
    /// send it.
    const KEYFRAME: [u8; 19] = [
        0xae, 0x92, 0x34, // picture id of 15 bits
        0x00, 0x07, // TID 0, SID 0; number of the base layer
        0x18, 0x02, 0x80, 0x01, 0x68, // structure: one spatial layer with size, and pictures
        0x04, 0x00, 0x54, 0x01, 0x34, 0x01, 0x54, 0x01, // four, of which three with one reference
        0x82,
    ];

    #[test]
    fn a_keyframe_says_how_high_it_is() {
        let temporal = Some(Temporal { id: 0, entry: None });
        let expected = Picture { starts_keyframe: true, height: Some(360), id: Some(0x1234), temporal };
        assert_eq!(picture(&KEYFRAME), Some(expected));
        for length in 0..KEYFRAME.len() {
            assert_eq!(picture(&KEYFRAME[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn a_frame_is_a_keyframe_where_it_begins_without_being_predicted() {
        let starts = |payload: &[u8]| picture(payload).unwrap().starts_keyframe;
        assert!(starts(&[0x88, 0x05, 0]));
        assert!(!starts(&[0xc8, 0x05, 0]), "predicted");
        assert!(!starts(&[0x80, 0x05, 0]), "not its first packet");
        assert!(!starts(&[0xa8, 0x05, 0x02, 1, 0]), "of a higher spatial layer");
        assert!(starts(&[0x08, 0]), "without a number");
    }

    #[test]
    fn the_temporal_layer_stands_behind_the_number() {
        let temporal = |payload: &[u8]| picture(payload).unwrap().temporal;
        assert_eq!(temporal(&[0xe8, 0x05, 0x50, 1, 0]), Some(Temporal { id: 2, entry: Some(Entry::After) }));
        assert_eq!(
            temporal(&[0xf8, 0x85, 0x06, 0x20, 0x03, 0x02, 0]),
            Some(Temporal { id: 1, entry: None }),
            "flexible"
        );
        assert_eq!(temporal(&[0xc8, 0x05, 0]), None, "no layers");
        assert_eq!(temporal(&[0x68, 0x50, 1, 0]), None, "no number to go by");
        assert_eq!(picture(&[0xf8, 0x05, 0x20, 0x03, 0x03, 0x03, 0x02, 0]), None, "more references than there are");
    }
}
