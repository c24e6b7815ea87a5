//! HMAC-SHA-1 (RFC 2104, RFC 3174), which servers that share a secret want: 1 kB of the Worker where the
//! libraries are 4. Tests hold it to them. For nothing else: SHA-1 is broken wherever collisions matter.

/// Bytes of a block.
const BLOCK: usize = 64;
/// Bytes of a digest.
const DIGEST: usize = 20;

/// The code that authenticates a message.
#[must_use]
pub(super) fn authenticate(key: &[u8], message: &[u8]) -> [u8; DIGEST] {
    let hashed = digest(&[key]);
    let key: &[u8] = if key.len() > BLOCK { &hashed } else { key };
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    digest(&[&padded(0x5c), &digest(&[&padded(0x36), message])])
}

fn digest(parts: &[&[u8]]) -> [u8; DIGEST] {
    let mut message = parts.concat();
    let bits = u64::try_from(message.len()).unwrap_or(0).wrapping_mul(8);
    message.push(0x80);
    while message.len() % BLOCK != BLOCK - 8 {
        message.push(0);
    }
    message.extend(bits.to_be_bytes());
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in message.chunks(BLOCK) {
        compress(&mut state, block);
    }
    let mut digest = [0; DIGEST];
    for (place, word) in digest.chunks_mut(4).zip(state) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

fn compress(state: &mut [u32; 5], block: &[u8]) {
    let bytes = |word: &[u8]| word.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    // The last sixteen words, oldest first.
    let mut words = [0; 16];
    words.iter_mut().zip(block.chunks(4)).for_each(|(word, four)| *word = bytes(four));
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for round in 0..80 {
        let word = words[0];
        let (mixed, constant) = match round {
            0..20 => ((b & c) | (!b & d), 0x5a82_7999),
            20..40 => (b ^ c ^ d, 0x6ed9_eba1),
            40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc_u32),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
        (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
        let following = (words[13] ^ words[8] ^ words[2] ^ word).rotate_left(1);
        words.rotate_left(1);
        words[15] = following;
    }
    for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
        *sum = sum.wrapping_add(word);
    }
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, Mac as _};
    use sha1::Sha1;

    use super::*;

    #[test]
    fn it_is_what_the_libraries_make() {
        for key in [0, 1, 20, 63, 64, 65, 200] {
            for message in (0..200).step_by(3) {
                let (key, message) = (vec![0xa7; key], (0..message).collect::<Vec<u8>>());
                let theirs = Hmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(&message).finalize();
                assert_eq!(authenticate(&key, &message)[..], theirs.into_bytes()[..]);
            }
        }
    }
}
