//! The negotiated SRTP profile is AES-GCM: its tag has 16 bytes (RFC 7714 §12), that of the
//! older profiles 10 (RFC 3711 §5.2).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::World;

const GCM_TAG_BYTES: usize = 16;

#[test]
fn media_is_encrypted_with_aes_gcm() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.clients[0].keep_datagrams = true;
    world.clients[0].plain_lengths.clear();
    world.run(Duration::from_secs(1));
    let client = &world.clients[0];
    // RTP by its first byte and payload type (RFC 7983 §7, RFC 5761 §4).
    let is_rtp = |bytes: &[u8]| (128..192).contains(&bytes[0]) && !(64..96).contains(&(bytes[1] & 0x7f));
    let lengths: Vec<usize> = client
        .sent_datagrams
        .iter()
        .filter(|datagram| is_rtp(&datagram.contents))
        .map(|datagram| datagram.contents.len())
        .collect();
    assert!(lengths.len() > 50);
    let expected: Vec<usize> = client.plain_lengths.iter().map(|plain| plain + GCM_TAG_BYTES).collect();
    assert_eq!(lengths, expected);
}
