//! What the forwarder reads of a VP8 payload besides the counters that it rewrites.

use str0m::rtp::Vp8Descriptor;

use crate::picture::{Entry, Picture, Temporal};

/// What a keyframe's data begins with after its tag (RFC 6386 §9.1).
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];

/// What a payload says of its frame.
pub(crate) fn picture(payload: &[u8], descriptor: &Vp8Descriptor) -> Picture {
    let starts_keyframe = descriptor.starts_keyframe(payload);
    Picture {
        starts_keyframe,
        height: keyframe_height(payload).filter(|_| starts_keyframe),
        id: descriptor.picture_id(),
        temporal: temporal(payload),
    }
}

/// What a payload carries of its frame, behind the descriptor (RFC 7741 §4.2).
pub(crate) fn frame(payload: &[u8]) -> Option<&[u8]> {
    let begin = match optional_fields(payload) {
        // T or K: one byte more.
        Some((extension, at)) => at + usize::from(extension & 0x30 != 0),
        None => 1,
    };
    payload.get(begin..)
}

/// A payload that carries a piece of a frame: picture id in 15 bits, no layers.
pub(crate) fn payload(picture: u16, is_first: bool, piece: &[u8]) -> Vec<u8> {
    let [high, low] = picture.to_be_bytes();
    let required = if is_first { 0x90 } else { 0x80 };
    [&[required, 0x80, 0x80 | high, low], piece].concat()
}

/// The temporal layer that a payload names (RFC 7741 §4.2: `TID` and `Y`); nothing when its publisher
/// has none.
fn temporal(payload: &[u8]) -> Option<Temporal> {
    let (extension, at) = optional_fields(payload)?;
    // T: the byte behind picture id and base layer index names the layer.
    let byte = *payload.get(at).filter(|_| extension & 0x20 != 0)?;
    Some(Temporal { id: byte >> 6, entry: (byte & 0x20 != 0).then_some(Entry::Here) })
}

/// The height in pixels of the frame whose keyframe a payload starts (RFC 6386 §9.1).
fn keyframe_height(payload: &[u8]) -> Option<u16> {
    // Three bytes of tag, the start code, width and height of 14 bits each, lowest byte first.
    let [_, _, _, first, second, third, _, _, low, high] = *frame(payload)?.first_chunk::<10>()?;
    ([first, second, third] == START_CODE).then_some(u16::from_le_bytes([low, high]) & 0x3fff)
}

/// The extension byte of a descriptor, and where the field behind picture id and base layer index
/// begins; nothing when it has no extension.
fn optional_fields(payload: &[u8]) -> Option<(u8, usize)> {
    payload.first().filter(|required| **required & 0x80 != 0)?;
    let extension = *payload.get(1)?;
    let mut at = 2;
    if extension & 0x80 != 0 {
        at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
    }
    Some((extension, at + usize::from(extension & 0x40 != 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_temporal_layer_stands_behind_the_counters() {
        assert_eq!(temporal(&[0x90, 0xe0, 0x81, 0x02, 7, 0x60, 0]), Some(Temporal { id: 1, entry: Some(Entry::Here) }));
        assert_eq!(temporal(&[0x90, 0xa0, 0x05, 0x80, 0]), Some(Temporal { id: 2, entry: None }));
        assert_eq!(temporal(&[0x90, 0x80, 0x05, 0x80, 0]), None, "no layer is named");
        assert_eq!(temporal(&[0x10, 0x80, 0x05]), None, "no extension");
    }

    #[test]
    fn a_piece_of_a_frame_is_found_in_its_payload() {
        for (is_first, picture) in [(true, 0), (false, 0x7fff)] {
            let payload = payload(picture, is_first, b"piece");
            assert_eq!(frame(&payload), Some(&b"piece"[..]));
            assert_eq!(Vp8Descriptor::parse(&payload).unwrap().picture_id(), Some(picture));
        }
        assert_eq!(frame(&[0x90, 0xe0, 0x81, 0x02, 7, 0x60, 1]), Some(&[1][..]));
        assert_eq!(frame(&[0x10, 1, 2]), Some(&[1, 2][..]));
    }

    #[test]
    fn a_keyframe_says_how_high_it_is() {
        let frame = [0x10, 2, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x41];
        for descriptor in [&[0x10][..], &[0x90, 0xe0, 0x81, 0x02, 7, 0x60], &[0x90, 0x80, 0x05]] {
            let payload = [descriptor, &frame].concat();
            assert_eq!(keyframe_height(&payload), Some(0x168), "{descriptor:?}");
            assert_eq!(keyframe_height(&payload[..payload.len() - 1]), None);
        }
        assert_eq!(keyframe_height(&[0x10, 2, 0, 0, 0x9d, 0x02, 0x2a, 0, 0, 0, 0]), None);
    }
}
