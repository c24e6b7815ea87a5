//! A browser's network changes in the middle of a call: ICE begins anew, the session goes on.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

mod common;

use std::{net::SocketAddr, time::Duration};

use common::{World, client::Client};
use protocol::{media::Source, region::SessionEventKind::Connected};

const ELSEWHERE: ([u8; 4], u16) = ([172, 16, 0, 9], 6000);

#[test]
fn media_comes_to_the_new_address_at_once_and_nobody_is_told() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    // Nothing comes from or reaches the address of before.
    let before = world.clients[0].address;
    world.clients[0].restart(world.now, SocketAddr::from(ELSEWHERE));
    let moved = world.now;
    let is_sent_there = |world: &World| {
        let media =
            |(at, to, length): &(_, _, usize)| *at > moved && *to == SocketAddr::from(ELSEWHERE) && *length > 250;
        world.transmitted.iter().filter(|sent| media(sent)).count() > 10
    };
    world.run_until(Duration::from_millis(700), is_sent_there);
    world.run(Duration::from_secs(2));
    let late = world.transmitted.iter().filter(|(at, to, _)| *at > moved + Duration::from_secs(1) && *to == before);
    assert_eq!(late.count(), 0, "nothing goes to the address of before");
    assert_eq!(world.counters().ice_restarts, 1);
    assert_eq!(world.counters().sessions, 2);
    let asked = world.clients[1].keyframe_requests.iter().find(|at| **at > moved);
    assert!(asked.is_some_and(|at| *at < moved + Duration::from_millis(700)), "its pictures begin anew");
    assert_eq!(world.told_of(0), [Connected]);
    for (listener, publisher) in [(0, 1), (1, 0)] {
        let seen = world.clients[listener].shown_of(publisher).len();
        assert!(seen > 50, "{listener} sees {publisher}: {seen}");
    }
}

#[test]
fn a_network_may_change_back_and_forth() {
    let mut world = World::fair();
    world.join_all(1, 2);
    let home = world.clients[0].address;
    for address in [SocketAddr::from(ELSEWHERE), home, SocketAddr::from(ELSEWHERE), home] {
        let restarts = world.counters().ice_restarts;
        world.clients[0].restart(world.now, address);
        world.run_until(Duration::from_secs(4), |world| world.counters().ice_restarts > restarts);
        let moved = world.now;
        // str0m checks a way that it knows from before with its next keepalive only.
        world.run_until(Duration::from_secs(4), |world| {
            world.transmitted.iter().any(|(at, to, length)| *at > moved && *to == address && *length > 250)
        });
        world.run(Duration::from_millis(300));
    }
    assert_eq!(world.counters().ice_restarts, 4);
    assert_eq!(world.told_of(0), [Connected]);
}

#[test]
fn checks_of_before_do_not_undo_it_wherever_they_come_from() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.clients[0].keep_datagrams = true;
    world.run(Duration::from_secs(3));
    let checks: Vec<Vec<u8>> = world.clients[0]
        .sent_datagrams
        .iter()
        .filter(|datagram| sfu::stun::username(&datagram.contents).is_some())
        .map(|datagram| datagram.contents.clone())
        .collect();
    assert!(!checks.is_empty());
    world.clients[0].restart(world.now, SocketAddr::from(ELSEWHERE));
    world.run(Duration::from_secs(1));
    let unmatched = world.counters().datagrams_unmatched;
    for check in &checks {
        world.inject(SocketAddr::from(([203, 0, 113, 5], 1)), check);
        world.inject(SocketAddr::from(ELSEWHERE), check);
    }
    assert_eq!(world.counters().datagrams_unmatched - unmatched, 2 * u64::try_from(checks.len()).unwrap());
    assert_eq!(world.counters().ice_restarts, 1);
    let replayed = world.now;
    world.run(Duration::from_secs(1));
    assert!(
        world.transmitted.iter().all(|(at, to, _)| *at <= replayed || *to != SocketAddr::from(([203, 0, 113, 5], 1)))
    );
}

#[test]
fn who_does_not_know_the_password_restarts_nothing() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.clients[0].keep_datagrams = true;
    world.run(Duration::from_secs(3));
    let sent = &world.clients[0].sent_datagrams;
    let check =
        sent.iter().find(|datagram| sfu::stun::username(&datagram.contents).is_some()).unwrap().contents.clone();
    let remote = sfu::stun::username(&check).unwrap().remote.to_owned();
    let place = check.windows(remote.len()).position(|window| window == remote.as_bytes()).unwrap();
    let mut forged = check.clone();
    forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
    for source in [world.clients[0].address, SocketAddr::from(ELSEWHERE)] {
        world.inject(source, &forged);
    }
    assert_eq!(world.counters().ice_restarts, 0);
    world.run(Duration::from_secs(1));
    assert_eq!(world.told_of(0), [Connected]);
}

#[test]
fn the_new_network_is_measured_anew_and_shows_pictures_as_well_as_the_old_one_soon() {
    let mut world = World::fair();
    for number in 0..2 {
        let (client, offer) = Client::with_layers(world.now, number);
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
    let tile = (world.clients[1].id, Source::Camera, 720, 1);
    world.clients[0].wish_sized(&[tile]);
    world.run(Duration::from_secs(10));
    let home = world.clients[0].address;
    for address in [SocketAddr::from(ELSEWHERE), home, SocketAddr::from(([172, 16, 0, 9], 6001))] {
        // For two seconds nothing gets through, as until a browser notices.
        let before = world.clients[0].address;
        let until = world.now + Duration::from_secs(2);
        while world.now < until {
            world.run(Duration::from_millis(5));
            world.network.lose(|datagram| datagram.source == before || datagram.destination == before);
        }
        let restarts = world.counters().ice_restarts;
        world.clients[0].restart(world.now, address);
        world.run_until(Duration::from_secs(4), |world| world.counters().ice_restarts > restarts);
        let moved = world.now;
        let frames = |world: &World| {
            let players = world.clients[0].players.values().flat_map(|player| player.shown.clone());
            players.filter(|frame| frame.at > moved).collect::<Vec<_>>()
        };
        world.run_until(Duration::from_secs(6), |world| frames(world).len() > 5);
        world.run_until(Duration::from_secs(12), |world| frames(world).iter().any(|frame| frame.layer == 2));
    }
    assert_eq!(world.counters().ice_restarts, 3);
}

#[test]
fn who_comes_after_a_restart_is_seen_and_so_are_the_others() {
    let mut world = World::fair();
    let join = |world: &mut World| {
        let (client, offer) = Client::with_layers(world.now, world.clients.len().try_into().unwrap());
        world.join_as(1, client, offer, 1, &common::ALL);
        world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
        let tiles: Vec<_> = world.clients[1..].iter().map(|client| (client.id, Source::Camera, 360, 1)).collect();
        world.clients[0].wish_sized(&tiles);
        world.run(Duration::from_secs(5));
    };
    join(&mut world);
    join(&mut world);
    for address in [ELSEWHERE, ([172, 16, 0, 9], 6001)] {
        world.clients[0].restart(world.now, SocketAddr::from(address));
        world.run(Duration::from_secs(3));
    }
    join(&mut world);
    join(&mut world);
    for publisher in 1..4 {
        let from = world.now - Duration::from_secs(3);
        let players = world.clients[0].players.values().flat_map(|player| &player.shown);
        let frames = players.filter(|frame| frame.publisher == publisher && frame.at > from).count();
        assert!(frames > 60, "{frames} frames of {publisher}");
    }
}
