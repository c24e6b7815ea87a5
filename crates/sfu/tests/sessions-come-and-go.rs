//! Session numbers, replacement, capacity, and what the edge is told.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client, room};
use protocol::{
    media::Source,
    region::SessionEventKind::{Back, Closed, Connected, Silent},
};
use sfu::{Engine, Open, OpenError};

#[test]
fn a_session_number_is_taken_once() {
    let mut world = World::fair();
    let join = |world: &mut World, epoch| {
        let (client, offer) = Client::new(world.now, 0);
        let open = Open { room: room(1), participant: client.id, epoch, publish: common::ALL.to_vec(), offer };
        world.open(open).map(|_| ())
    };
    assert_eq!(join(&mut world, 3), Ok(()));
    assert_eq!(join(&mut world, 3), Err(OpenError::Stale));
    assert_eq!(join(&mut world, 2), Err(OpenError::Stale));
    assert_eq!(join(&mut world, 4), Ok(()));
    assert_eq!(world.counters().sessions, 1, "the newer replaces the older");
    let (client, _) = Client::new(world.now, 0);
    world.engine.handle(world.now, sfu::Input::Close { room: room(1), participant: client.id, epoch: 3 });
    assert_eq!(world.counters().sessions, 1, "a close up to 3 does not reach 4");
    world.engine.handle(world.now, sfu::Input::Close { room: room(1), participant: client.id, epoch: 4 });
    assert_eq!(world.counters().sessions, 0);
    assert_eq!(world.counters().rooms, 0);
    assert_eq!(join(&mut world, 4), Err(OpenError::Stale), "also after it is over");
    assert_eq!(join(&mut world, 5), Ok(()));
}

#[test]
fn a_close_that_overtakes_its_open_still_closes() {
    let mut world = World::fair();
    let (client, offer) = Client::new(world.now, 0);
    world.engine.handle(world.now, sfu::Input::Close { room: room(1), participant: client.id, epoch: 2 });
    let mut open = Open { room: room(1), participant: client.id, epoch: 2, publish: Vec::new(), offer };
    assert_eq!(world.open(open.clone()).map(|_| ()), Err(OpenError::Stale));
    open.epoch = 3;
    assert_eq!(world.open(open).map(|_| ()), Ok(()));
}

#[test]
fn a_returning_person_keeps_their_place_in_the_slots_of_others() {
    let mut world = World::fair();
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    let id = world.clients[1].id;
    let slot = world.clients[0].carries(id, Source::Camera).unwrap().to_owned();
    let (mut again, offer) = Client::new(world.now, 9);
    again.id = id;
    world.join_as(1, again, offer, 2, &common::ALL);
    world.run(Duration::from_secs(3));
    assert_eq!(world.counters().sessions, 3);
    assert!(world.clients[1].closed, "the old session was told");
    assert_eq!(world.clients[0].carries(id, Source::Camera), Some(slot.as_str()));
    assert!(world.clients[0].shown_of(9).len() > 50);
    assert_eq!(world.told_of(1), [Connected, Closed, Connected]);
    let epochs: Vec<u64> =
        world.events.iter().filter(|(_, event)| event.participant == id).map(|(_, event)| event.epoch).collect();
    assert_eq!(epochs, [1, 1, 2]);
    let sequences: Vec<u64> = world.clients[0].video[&slot].seen.iter().map(|seen| seen.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "numbering goes on in the slot");
}

#[test]
fn a_full_engine_takes_nobody_else() {
    let mut world = World::fair();
    world.engine = Engine::new(world.now, common::config(2));
    world.join(1);
    world.join(2);
    let (client, offer) = Client::new(world.now, 5);
    let mut open = Open { room: room(1), participant: client.id, epoch: 1, publish: Vec::new(), offer: offer.clone() };
    assert_eq!(world.open(open.clone()).map(|_| ()), Err(OpenError::Full));
    open.participant = world.clients[0].id;
    open.epoch = 2;
    assert_eq!(world.open(open).map(|_| ()), Ok(()), "a replacement needs no place");
}

#[test]
fn silence_is_told_and_ends_a_session() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let address = world.clients[0].address;
    let cut = |world: &mut World, time: Duration| {
        let until = world.now + time;
        while world.now < until {
            world.run(Duration::from_millis(10));
            world.network.lose(|datagram| datagram.source == address || datagram.destination == address);
        }
    };
    cut(&mut world, Duration::from_secs(4));
    assert_eq!(world.told_of(0), [Connected]);
    cut(&mut world, Duration::from_secs(2));
    assert_eq!(world.told_of(0), [Connected, Silent]);
    world.run(Duration::from_secs(1));
    assert_eq!(world.told_of(0), [Connected, Silent, Back]);
    cut(&mut world, Duration::from_secs(31));
    let told = world.told_of(0);
    assert_eq!(told[3..], [Silent, Closed]);
    assert_eq!(world.counters().sessions, 1);
    assert_eq!(world.clients[1].carries(world.clients[0].id, Source::Camera), None, "the slot is free");
    assert_eq!(world.told_of(1), [Connected]);
}

#[test]
fn who_never_connects_is_let_go() {
    let mut world = World::fair();
    let (client, offer) = Client::new(world.now, 0);
    world.open(Open { room: room(1), participant: client.id, epoch: 1, publish: Vec::new(), offer }).unwrap();
    world.run(Duration::from_secs(29));
    assert_eq!(world.counters().sessions, 1);
    world.run(Duration::from_secs(2));
    assert_eq!(world.counters().sessions, 0);
    assert_eq!(world.events.len(), 1);
    assert_eq!(world.events[0].1.kind, Closed);
}

#[test]
fn a_browser_that_says_goodbye_is_gone_at_once() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    world.clients[0].rtc.close().unwrap();
    world.run(Duration::from_millis(500));
    assert_eq!(world.told_of(0), [Connected, Closed]);
    assert_eq!(world.counters().sessions, 1);
}
