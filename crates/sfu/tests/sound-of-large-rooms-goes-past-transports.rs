//! In a large room sound goes past the transports of those who hear it, and nobody can tell: it is
//! encrypted under their keys, numbered without a gap, and in step with pictures.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use common::{World, client::Client, media::Seen, network::Link};
use protocol::media::Source;

/// Whether all sound that came to a client went past its transport, or all through it; nothing for both.
fn went_past(world: &World, client: usize) -> Option<bool> {
    let ways: BTreeSet<bool> = world.clients[client].audio.values().flatten().map(|seen| !seen.is_numbered).collect();
    ways.first().copied().filter(|_| ways.len() == 1)
}

/// What came in each slot is one stream without gaps, whoever was in it.
fn is_continuous(world: &World, client: usize) -> bool {
    world.clients[client].audio.values().all(|seen| {
        let follows = |pair: &[Seen]| {
            let later = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
            pair[1].sequence == pair[0].sequence + 1 && later > 0 && later < 1 << 31
        };
        seen.first().is_some_and(|first| first.sequence == 1) && seen.windows(2).all(follows)
    })
}

#[test]
fn everybody_hears_everybody_else() {
    let mut world = World::large_from(3);
    world.join_all(1, 4);
    let began = world.now;
    world.run(Duration::from_secs(5));
    for listener in 0..4 {
        assert_eq!(went_past(&world, listener), Some(true), "{listener}");
        assert!(is_continuous(&world, listener), "{listener}");
        for speaker in (0..4_u32).filter(|speaker| *speaker as usize != listener) {
            let heard = world.clients[listener].seen_of(speaker, false);
            let heard: Vec<_> = heard.iter().filter(|seen| seen.at > began).collect();
            assert!((240..=260).contains(&heard.len()), "{listener} heard {} packets of {speaker}", heard.len());
            assert!(heard.iter().all(|seen| seen.level == Some(-70)), "the level travels on");
            assert!(world.clients[listener].shown_of(speaker).len() > 130, "pictures go on as ever");
        }
        assert_eq!(world.clients[listener].heard_of(listener as u32), 0);
    }
}

#[test]
fn redundancy_and_pauses_are_passed_on() {
    let mut world = World::large_from(0);
    world.join_all(1, 2);
    world.clients[0].redundant = true;
    world.run(Duration::from_secs(2));
    assert_eq!(went_past(&world, 1), Some(true));
    assert!(world.clients[1].redundant_heard > 90);
    world.clients[0].sends_audio = false;
    world.run(Duration::from_secs(2));
    let before = world.clients[1].heard_of(0);
    world.clients[0].sends_audio = true;
    world.run(Duration::from_secs(1));
    assert!(world.clients[1].heard_of(0) >= before + 45);
    assert!(is_continuous(&world, 1));
}

#[test]
fn voices_change_within_one_stream() {
    let mut world = World::large_from(10);
    world.join_all(1, 12);
    for client in &mut world.clients {
        client.sends_video = false;
        client.level = -60;
    }
    for loud in [[2, 5, 7], [1, 3, 4], [2, 8, 9]] {
        for (number, client) in world.clients.iter_mut().enumerate() {
            client.level = if loud.contains(&number) { -20 } else { -75 };
        }
        world.run(Duration::from_secs(3));
        let before: Vec<usize> = (0..12).map(|of| world.clients[0].heard_of(of)).collect();
        world.run(Duration::from_secs(1));
        let heard = (0..12).filter(|of| world.clients[0].heard_of(*of as u32) > before[*of] + 40);
        assert_eq!(heard.collect::<Vec<_>>(), loud);
    }
    for client in 0..12 {
        assert_eq!(went_past(&world, client), Some(true), "{client}");
        assert!(is_continuous(&world, client), "{client}");
    }
}

#[test]
fn a_session_keeps_the_way_that_it_began_with() {
    let mut world = World::large_from(3);
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    world.join_all(1, 2);
    world.run(Duration::from_secs(2));
    let ways = |world: &World| (0..4).map(|client| went_past(world, client)).collect::<Vec<_>>();
    let (through, past) = (Some(false), Some(true));
    assert_eq!(ways(&world), [through, through, past, past]);
    // The room is small again.
    world.close(1, 3, 1);
    world.close(1, 1, 1);
    let before = world.clients[2].heard_of(0);
    world.run(Duration::from_secs(1));
    assert!(world.clients[2].heard_of(0) >= before + 45);
    assert_eq!(ways(&world), [through, through, past, past]);
    for client in 0..4 {
        assert!(is_continuous(&world, client), "{client}");
    }
}

#[test]
fn it_goes_to_those_alone_for_whom_it_is() {
    let mut world = World::large_from(0);
    let (here, there) = (world.join_all(1, 2), world.join_all(2, 3));
    let began = world.now;
    world.run(Duration::from_secs(3));
    for (mine, others) in [(&here, &there), (&there, &here)] {
        for me in mine {
            assert_eq!(went_past(&world, *me), Some(true));
            for friend in mine.iter().filter(|friend| *friend != me) {
                assert!(world.clients[*me].heard_of(*friend as u32) > 100);
            }
            for stranger in others {
                assert_eq!(world.clients[*me].heard_of(*stranger as u32), 0);
            }
        }
    }
    let known: BTreeSet<SocketAddr> = world.clients.iter().map(|client| client.address).collect();
    assert!(world.transmitted.iter().filter(|(at, ..)| *at > began).all(|(_, to, _)| known.contains(to)));
    // What a host stops is heard no more.
    world.grant(1, 0, 1, 1, &[]);
    world.run(Duration::from_millis(100));
    let before = world.clients[1].heard_of(0);
    world.run(Duration::from_secs(1));
    assert_eq!(world.clients[1].heard_of(0), before);
}

#[test]
fn sound_and_pictures_are_in_step() {
    let mut world = World::large_from(0);
    world.join_all(1, 2);
    world.run(Duration::from_secs(12));
    let client = &world.clients[1];
    let apart = |seen: &Seen| Some(seen.reported? - (seen.at - world.start).as_secs_f64());
    let of = |video: bool| -> Vec<f64> { client.seen_of(0, video).iter().rev().take(100).filter_map(apart).collect() };
    let (sound, pictures) = (of(false), of(true));
    assert!(sound.len() == 100 && pictures.len() == 100, "both are reported");
    let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
    let apart = mean(&sound) - mean(&pictures);
    assert!(apart.abs() < 0.015, "{:.1} ms apart", apart * 1e3);
}

#[test]
fn it_follows_a_browser_to_another_address() {
    let mut world = World::large_from(0);
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let elsewhere = SocketAddr::from(([172, 16, 0, 9], 6000));
    world.clients[0].restart(world.now, elsewhere);
    world.run(Duration::from_secs(2));
    let before = world.clients[0].heard_of(1);
    world.run(Duration::from_secs(1));
    assert!(world.clients[0].heard_of(1) >= before + 45, "after ICE began anew");
    // A translator changes its mind.
    world.clients[0].move_to(SocketAddr::from(([172, 16, 0, 9], 7000)));
    world.run(Duration::from_secs(8));
    let before = world.clients[0].heard_of(1);
    world.run(Duration::from_secs(1));
    assert!(world.clients[0].heard_of(1) >= before + 45, "behind another address");
    assert_eq!(went_past(&world, 0), Some(true));
}

#[test]
fn it_goes_over_tcp_too() {
    let mut world = World::large_from(0);
    world.join(1);
    world.join_by_tcp(1);
    world.run_until(Duration::from_secs(20), |world| world.clients.iter().all(|client| client.connected));
    world.run(Duration::from_secs(3));
    assert_eq!(went_past(&world, 1), Some(true));
    assert!(world.clients[1].heard_of(0) > 130 && is_continuous(&world, 1));
}

/// Of a thousand packets of each of two voices, how many come over a network of so many bits a second
/// while two pictures are wished that it does not carry.
fn heard_over(bits: u64, large_from: usize) -> usize {
    let mut world = World::large_from(large_from);
    for number in 0..3 {
        let (client, offer) = Client::with_layers(world.now, number);
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
    let tiles = [0, 1].map(|of: usize| (world.clients[of].id, Source::Camera, 720, 1));
    world.clients[2].wish_sized(&tiles);
    world.run(Duration::from_secs(5));
    let address = world.clients[2].address;
    world.network.links.insert(address, Link::new(bits));
    world.run(Duration::from_secs(10));
    let heard = |world: &World| world.clients[2].heard_of(0).min(world.clients[2].heard_of(1));
    let before = heard(&world);
    world.run(Duration::from_secs(20));
    assert!(is_continuous_or_lost(&world, 2), "numbers go on where it changes its way");
    heard(&world) - before
}

/// The same as [`is_continuous`], where the network lost something.
fn is_continuous_or_lost(world: &World, client: usize) -> bool {
    world.clients[client].audio.values().all(|seen| {
        let rises = |pair: &[Seen]| {
            let (packets, time) =
                (pair[1].sequence - pair[0].sequence, pair[1].timestamp.wrapping_sub(pair[0].timestamp));
            time == 960 * packets as u32
        };
        seen.windows(2).all(rises)
    })
}

#[test]
fn a_tight_network_is_measured_with_all_that_it_carries() {
    for bits in [160_000, 300_000] {
        let (past, through) = (heard_over(bits, 0), heard_over(bits, 30));
        println!("of 1000 packets over {bits} bit/s: {past} where it went past the transport first, else {through}");
        assert!(past > 900 && through > 900, "{past} and {through}");
    }
}
