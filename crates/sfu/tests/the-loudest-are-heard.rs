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

#[test]
fn in_a_large_room_the_loudest_three_are_heard_by_everyone() {
    let mut world = World::fair();
    world.join_all(1, 12);
    for client in &mut world.clients {
        client.sends_video = false;
        client.level = -60;
    }
    for loud in [2, 5, 7] {
        world.clients[loud].level = -25;
    }
    world.run(Duration::from_secs(3));
    let heard = |world: &mut World, by: usize| -> Vec<usize> {
        let before: Vec<usize> = (0..12_u32).map(|of| world.clients[by].heard_of(of)).collect();
        world.run(Duration::from_secs(1));
        (0..12).filter(|of| world.clients[by].heard_of(*of as u32) > before[*of] + 10).collect()
    };
    assert_eq!(heard(&mut world, 0), [2, 5, 7]);
    assert_eq!(heard(&mut world, 2), [5, 7], "nobody hears themself");
    let forwarded = world.counters().rtp_forwarded;
    world.run(Duration::from_secs(1));
    let packets = world.counters().rtp_forwarded - forwarded;
    // Three voices of fifty packets a second, to all others.
    assert!((1550..1750).contains(&packets), "{packets} packets a second");
    // A little louder is not enough, much louder is, and at once.
    world.clients[9].level = -20;
    assert_eq!(heard(&mut world, 0), [2, 5, 7]);
    world.clients[9].level = -5;
    world.clients[5].level = -60;
    world.run(Duration::from_secs(1));
    assert_eq!(heard(&mut world, 0), [2, 7, 9]);
    // A small room hears everyone.
    for client in 8..12 {
        world.close(1, client, 1);
    }
    world.run(Duration::from_secs(1));
    assert_eq!(heard(&mut world, 0).len(), 4, "as many as there are slots");
}
