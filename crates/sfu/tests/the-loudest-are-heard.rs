//! Who speaks is told, and where there are more voices than slots the loudest are heard.

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
use protocol::{id::ParticipantId, media::MediaEvent};

fn last_speakers(world: &World, client: usize) -> Option<Vec<ParticipantId>> {
    let events = world.clients[client].events.iter().rev();
    events.into_iter().find_map(|(_, event)| match event {
        MediaEvent::Speakers { participants } => Some(participants.clone()),
        _ => None,
    })
}

#[test]
fn who_speaks_is_told_when_it_changes() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(2));
    assert_eq!(last_speakers(&world, 0), None, "nobody spoke");
    world.clients[1].level = -20;
    let began = world.now;
    world.run_until(Duration::from_secs(2), |world| last_speakers(world, 0).is_some());
    assert!(world.now - began < Duration::from_millis(700), "told after {:?}", world.now - began);
    assert_eq!(last_speakers(&world, 0), Some(vec![world.clients[1].id]));
    world.run(Duration::from_secs(3));
    let told = |world: &World| {
        world.clients[0].events.iter().filter(|(_, event)| matches!(event, MediaEvent::Speakers { .. })).count()
    };
    assert_eq!(told(&world), 1, "only changes are told");
    world.clients[0].level = -10;
    world.run(Duration::from_secs(2));
    assert_eq!(last_speakers(&world, 0), Some(vec![world.clients[0].id, world.clients[1].id]));
    for client in &mut world.clients {
        client.sends_audio = false;
    }
    world.run(Duration::from_secs(3));
    assert_eq!(last_speakers(&world, 1), Some(vec![]));
}

#[test]
fn who_comes_later_is_told_who_speaks() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.clients[1].level = -20;
    world.run(Duration::from_secs(2));
    world.join_all(1, 1);
    world.run(Duration::from_secs(1));
    assert_eq!(last_speakers(&world, 2), Some(vec![world.clients[1].id]));
}

#[test]
fn with_more_voices_than_slots_the_loudest_are_heard() {
    let mut world = World::fair();
    let (listener, offer) = Client::with_slots(world.now, 0, 2, 1);
    world.join_as(1, listener, offer, 1, &common::ALL);
    world.join_all(1, 4);
    for client in &mut world.clients {
        client.sends_video = false;
    }
    world.clients[3].level = -20;
    world.clients[4].level = -30;
    world.run(Duration::from_secs(3));
    let heard = |world: &mut World| -> Vec<usize> {
        let before: Vec<usize> = (1..5).map(|of| world.clients[0].heard_of(of)).collect();
        world.run(Duration::from_secs(1));
        (1..5)
            .filter(|of| world.clients[0].heard_of(*of) > before[*of as usize - 1] + 25)
            .map(|of| of as usize)
            .collect()
    };
    assert_eq!(heard(&mut world), [3, 4]);
    // A little louder than those who are heard is not enough to push them out.
    world.clients[1].level = -25;
    assert_eq!(heard(&mut world), [3, 4]);
    world.clients[4].level = -80;
    world.run(Duration::from_secs(2));
    assert_eq!(heard(&mut world), [1, 3]);
    for seen in world.clients[0].audio.values() {
        assert!(seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1), "numbering is continuous");
        assert!(seen.iter().any(|seen| seen.level.is_some()), "the level travels on");
    }
}
