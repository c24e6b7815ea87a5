//! Whatever a slot carries, its packets count on: sequence numbers, RTP times and picture ids.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client};
use protocol::media::Source;

#[test]
fn numbers_continue_across_switches_of_a_slot() {
    let mut world = World::fair();
    let (watcher, offer) = Client::with_slots(world.now, 0, 4, 1);
    world.join_as(1, watcher, offer, 1, &common::ALL);
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    for turn in 0..9 {
        let wished = world.clients[1 + turn % 3].id;
        world.clients[0].wish(&[(wished, Source::Camera)]);
        world.run(Duration::from_millis(700));
    }
    let decoders: Vec<_> = world.clients[0].video.values().collect();
    assert_eq!(decoders.len(), 1, "there is one slot");
    let seen = &decoders[0].seen;
    assert!(seen.len() > 300);
    assert!(seen[0].sequence < 65_536, "a receiver starts at rollover 0");
    let mut switches = 0;
    for pair in seen.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1);
        let same_frame = before.piece.publisher == after.piece.publisher && before.piece.frame == after.piece.frame;
        let step = after.timestamp.wrapping_sub(before.timestamp);
        let picture = after.picture.unwrap().wrapping_sub(before.picture.unwrap()) & 0x7fff;
        assert_eq!(picture, u16::from(!same_frame), "{before:?} {after:?}");
        assert!(if same_frame { step == 0 } else { (1..90_000).contains(&step) }, "{before:?} {after:?}");
        if before.piece.publisher != after.piece.publisher {
            switches += 1;
            assert!(after.piece.keyframe && after.piece.index == 0, "a switch begins on a keyframe: {after:?}");
        }
    }
    assert!(switches >= 8, "{switches} switches");
}
