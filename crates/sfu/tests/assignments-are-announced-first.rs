//! What a slot carries is said before its first packet, and nothing else about a session changes
//! when somebody comes or goes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::World;
use protocol::media::{MediaEvent, SlotTrack, Source};

#[test]
fn every_packet_is_of_the_track_that_its_slot_was_said_to_carry() {
    let mut world = World::fair();
    for _ in 0..5 {
        world.join_all(1, 1);
        world.run(Duration::from_millis(300));
    }
    world.close(1, 2, 1);
    world.run(Duration::from_secs(1));
    world.join_all(1, 1);
    let ids: Vec<_> = world.clients.iter().map(|client| client.id).collect();
    for (index, client) in world.clients.iter_mut().enumerate() {
        let wished: Vec<_> =
            (0..ids.len()).filter(|other| *other != index).map(|other| (ids[other], Source::Camera)).collect();
        if !client.closed {
            client.wish(&wished[index % 2..]);
        }
    }
    world.run(Duration::from_secs(2));
    for client in &world.clients {
        let mut checked = 0;
        for (mid, decoder) in &client.video {
            for seen in &decoder.seen {
                // The last word before the packet came; the answer's when there was none.
                let said =
                    client.history.iter().filter(|(at, _)| *at <= seen.at).fold(None, |_, (_, slots)| slots.get(mid));
                let expected = SlotTrack { participant: ids[seen.piece.publisher as usize], source: Source::Camera };
                assert_eq!(
                    said,
                    Some(&Some(expected)),
                    "{} in slot {mid} at {:?}",
                    client.number,
                    seen.at - world.start
                );
                checked += 1;
            }
        }
        assert!(checked > 100, "{checked} packets");
    }
}

#[test]
fn coming_and_going_changes_no_other_session() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(2));
    let sections = |world: &World| -> Vec<String> {
        let client = &world.clients[0];
        client
            .slots
            .keys()
            .map(|mid| format!("{:?}", client.rtc.media(str0m::media::Mid::from(mid.as_str())).unwrap().direction()))
            .collect()
    };
    let before = sections(&world);
    world.clients[0].events.clear();
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    world.close(1, 3, 1);
    world.run(Duration::from_secs(1));
    assert_eq!(sections(&world), before);
    assert!(world.clients[0].connected && !world.clients[0].closed);
    assert!(!world.clients[0].events.is_empty());
    for (_, event) in &world.clients[0].events {
        assert!(matches!(event, MediaEvent::Slots { .. }), "{event:?}");
    }
    let gone = world.clients[3].id;
    let still: BTreeMap<_, _> = world.clients[0]
        .slots
        .iter()
        .filter(|(_, track)| track.as_ref().is_some_and(|track| track.participant == gone))
        .collect();
    assert_eq!(still, BTreeMap::new(), "the slots of who left are free");
    let first = world.clients[1].id;
    assert!(world.clients[0].carries(first, Source::Camera).is_some(), "who stays keeps their slot");
}
