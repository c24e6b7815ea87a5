//! Packets reach only those of the same room who were to get them.

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
fn rooms_do_not_hear_or_see_each_other() {
    let mut world = World::fair();
    let (here, there) = (world.join_all(1, 2), world.join_all(2, 3));
    world.run(Duration::from_secs(3));
    for (mine, others) in [(&here, &there), (&there, &here)] {
        for me in mine {
            let client = &world.clients[*me];
            for friend in mine.iter().filter(|friend| *friend != me) {
                assert!(client.shown_of(*friend as u32).len() > 60);
                assert!(client.heard_of(*friend as u32) > 100);
            }
            for stranger in others {
                assert_eq!(client.shown_of(*stranger as u32), []);
                assert_eq!(client.heard_of(*stranger as u32), 0);
            }
        }
    }
    assert_eq!(world.counters().rooms, 2);
}

#[test]
fn only_wished_tiles_are_sent() {
    let mut world = World::fair();
    world.join_all(1, 4);
    world.run(Duration::from_secs(1));
    let (second, fourth) = (world.clients[1].id, world.clients[3].id);
    world.clients[0].wish(&[(second, Source::Camera), (fourth, Source::Screen)]);
    world.run(Duration::from_millis(500));
    let seen = |world: &World, publisher: u32| {
        let packets = world.clients[0].video.values().flat_map(|decoder| &decoder.seen);
        packets.filter(|seen| seen.piece.publisher == publisher).count()
    };
    let before = [1, 2, 3].map(|publisher| seen(&world, publisher));
    world.run(Duration::from_secs(2));
    let after = [1, 2, 3].map(|publisher| seen(&world, publisher));
    assert!(after[0] > before[0] + 100, "the wished tile goes on");
    assert_eq!(after[1..], before[1..], "the others stop");
    assert!(world.clients[0].heard_of(3) > 100, "everybody is heard all the same");
    assert_eq!(world.clients[0].carries(world.clients[2].id, Source::Camera), None);
    assert!(world.clients[1].shown_of(2).len() > 100, "the wishes of one are not those of another");
}

#[test]
fn what_may_not_be_published_goes_to_nobody() {
    let mut world = World::fair();
    let (silenced, offer) = Client::new(world.now, 0);
    world.join_as(1, silenced, offer, 1, &[Source::Camera]);
    world.join(1);
    world.run(Duration::from_secs(3));
    assert!(world.clients[1].shown_of(0).len() > 60);
    assert_eq!(world.clients[1].heard_of(0), 0);
    assert_eq!(world.clients[1].carries(world.clients[0].id, Source::Microphone), None);
    assert!(world.counters().rtp_dropped > 100, "it is received and dropped");
    assert!(world.clients[0].heard_of(1) > 100);
}
