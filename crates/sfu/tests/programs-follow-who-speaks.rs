//! Programs without a data channel publish like people, and are sent whoever speaks.

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
use protocol::{media::Source, region::SessionEventKind};

const SECOND: Duration = Duration::from_secs(1);

/// A program that watches, then people.
fn watched_by_a_program(people: usize) -> World {
    let mut world = World::fair();
    let (program, offer) = Client::program(world.now, 0, 1, 1);
    world.join_as(1, program, offer, 1, &[]);
    world.join_all(1, people);
    world
}

/// Whose frames came in a second from now on.
fn shown(world: &mut World) -> Vec<u32> {
    let people = world.clients.len() as u32;
    let count = |world: &World| (0..people).map(|of| world.clients[0].shown_of(of).len()).collect::<Vec<_>>();
    let before = count(world);
    world.run(SECOND);
    let after = count(world);
    (0..people).filter(|of| after[*of as usize] > before[*of as usize] + 10).collect()
}

#[test]
fn the_picture_follows_who_speaks_and_stays_while_they_do() {
    let mut world = watched_by_a_program(3);
    world.run(SECOND);
    assert_eq!(shown(&mut world), [1], "nobody speaks: whoever came first");
    world.clients[2].level = -20;
    world.run(SECOND);
    assert_eq!(shown(&mut world), [2]);
    world.clients[3].level = -10;
    world.run(SECOND);
    assert_eq!(shown(&mut world), [2], "somebody louder interrupts");
    world.clients[2].level = -70;
    world.run(SECOND * 2);
    assert_eq!(shown(&mut world), [3]);
    world.clients[3].level = -70;
    world.run(SECOND * 2);
    assert_eq!(shown(&mut world), [3], "nobody else speaks");
    assert_eq!(world.told_of(0), [SessionEventKind::Connected]);
}

#[test]
fn the_sound_is_the_loudest() {
    let mut world = watched_by_a_program(2);
    world.clients[2].level = -20;
    world.run(SECOND * 2);
    let before = world.clients[0].heard_of(2);
    world.run(SECOND);
    assert!(world.clients[0].heard_of(2) > before + 25);
}

#[test]
fn a_camera_that_is_off_is_not_followed() {
    let mut world = watched_by_a_program(2);
    world.clients[1].sends_video = false;
    world.run(SECOND * 6);
    assert_eq!(shown(&mut world), [2]);
}

#[test]
fn a_program_that_publishes_is_seen_and_heard() {
    let mut world = World::fair();
    world.join_all(1, 1);
    let (program, offer) = Client::program(world.now, 1, 0, 0);
    let program = world.join_as(1, program, offer, 1, &[Source::Microphone, Source::Camera]);
    world.run(SECOND * 3);
    assert!(world.clients[0].shown_of(program as u32).len() > 60);
    assert!(world.clients[0].heard_of(program as u32) > 100);
}
