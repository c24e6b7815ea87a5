//! The smallest call: two people join, connect, see and hear each other.

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
use protocol::{media::Source, region::SessionEventKind};

#[test]
fn two_people_see_and_hear_each_other() {
    let mut world = World::fair();
    world.join_all(1, 2);
    let connected = world.now;
    world.run(Duration::from_secs(5));
    for (me, other) in [(0, 1), (1, 0)] {
        let id = world.clients[other].id;
        let client = &world.clients[me];
        assert!(client.carries(id, Source::Camera).is_some(), "{me} knows the slot of {other}");
        let shown = client.shown_of(other as u32);
        assert!(shown.len() > 140, "{me} saw {} frames of {other}", shown.len());
        assert!(shown[0].1 - connected < Duration::from_millis(200), "{me} waited {:?}", shown[0].1 - connected);
        assert!(client.heard_of(other as u32) > 240, "{me} heard {}", client.heard_of(other as u32));
        assert!(client.shown_of(me as u32).is_empty(), "nobody sees themselves");
        assert_eq!(client.heard_of(me as u32), 0, "nobody hears themselves");
        assert_eq!(world.told_of(me), [SessionEventKind::Connected]);
    }
    assert_eq!(world.counters().sessions, 2);
    assert_eq!(world.counters().rooms, 1);
}
