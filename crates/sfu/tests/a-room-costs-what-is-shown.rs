//! What a large room forwards and says follows what people see, not how many are in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::{Duration, Instant};

use common::{World, client::Client};
use protocol::{
    id::ParticipantId,
    media::{MediaEvent, Source},
};

const SECOND: Duration = Duration::from_secs(1);
const PEOPLE: usize = 30;
const TILES: usize = 9;
const SPEAKERS: usize = 3;

#[test]
fn thirty_people_with_nine_tiles_cost_a_quarter_of_forwarding_everything() {
    let mut world = World::fair();
    for number in 0..PEOPLE {
        let (client, offer) = Client::with_layers(world.now, u32::try_from(number).unwrap());
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
    for number in 0..PEOPLE {
        let tiles: Vec<(ParticipantId, Source, u16, u8)> =
            (1..=TILES).map(|tile| (world.clients[(number + tile) % PEOPLE].id, Source::Camera, 300, 1)).collect();
        let client = &mut world.clients[number];
        client.wish_sized(&tiles);
        // Everything is sent as if everything were wanted, except silence.
        client.layers.as_mut().unwrap().obeys = false;
        client.sends_audio = number < SPEAKERS;
        client.level = -20;
    }
    world.run(6 * SECOND);
    let (before, began) = (world.counters(), world.now);
    world.run(4 * SECOND);
    let after = world.counters();
    for (number, client) in world.clients.iter().enumerate() {
        let shown = client.players.values().filter_map(|player| player.shown.last());
        let good = shown.filter(|frame| frame.at >= began + 3 * SECOND && frame.layer == 1).count();
        assert_eq!(good, TILES, "tiles of {number} in the layer that their size asks for");
        for speaker in (0..SPEAKERS).filter(|speaker| *speaker != number) {
            let since = |seen: &&common::media::Seen| seen.at >= began;
            let heard = client.seen_of(u32::try_from(speaker).unwrap(), false);
            assert!(heard.iter().filter(since).count() >= 195, "{number} hears {speaker}");
        }
    }
    let forwarded = after.rtp_forwarded - before.rtp_forwarded;
    let everything = (after.rtp_in - before.rtp_in) * (PEOPLE as u64 - 1);
    // Without the two smaller layers, which somebody who forwards everything would not ask for.
    let sharpest: usize =
        world.clients.iter().map(|client| client.layers.as_ref().unwrap().sent_packets(2, began)).sum();
    let voices = SPEAKERS as u64 * 50 * 4;
    let one_layer = (sharpest as u64 + voices) * (PEOPLE as u64 - 1);
    println!(
        "forwarded {forwarded} packets; everything {everything} ({:.1} %), of one layer {one_layer} ({:.1} %)",
        forwarded as f64 / everything as f64 * 100.0,
        forwarded as f64 / one_layer as f64 * 100.0
    );
    assert!(one_layer < everything, "one layer is less than three");
    assert!(forwarded * 4 <= one_layer, "{forwarded} of {one_layer}");
}

/// Bytes that a client was told on its data channel since a moment, and in how many messages.
fn told(world: &World, client: usize, since: Instant) -> (usize, usize) {
    let said = world.clients[client].events.iter().filter(|(at, _)| *at >= since);
    said.fold((0, 0), |(bytes, messages), (_, event)| {
        (bytes + serde_json::to_string(event).unwrap().len(), messages + 1)
    })
}

#[test]
fn a_room_that_fills_tells_nobody_of_what_they_do_not_see() {
    let mut world = World::fair();
    let fill = |world: &mut World, until: usize| {
        while world.clients.len() < until {
            let joined = world.join(1);
            world.clients[joined].sends_video = joined == 0;
            world.clients[joined].sends_audio = joined < SPEAKERS;
            world.clients[joined].level = if joined == 0 { -20 } else { -80 };
            world.run_until(60 * SECOND, move |world| world.clients[joined].channel.is_some());
            let first = world.clients[0].id;
            world.clients[joined].wish(&[(first, Source::Camera)]);
            world.run(SECOND / 5);
        }
        world.run(SECOND);
    };
    fill(&mut world, 20);
    let since = world.now;
    let early = (0..20).map(|client| told(&world, client, world.start).0).max().unwrap();
    fill(&mut world, 100);
    for client in 0..20 {
        assert_eq!(told(&world, client, since), (0, 0), "nothing that {client} sees or hears changed");
    }
    let late = (80..100).map(|client| told(&world, client, world.start).0).max().unwrap();
    println!("a joiner is told {early} bytes among 20 people, {late} among 100");
    assert!(late <= early, "{late} bytes to a late joiner, {early} to an early one");

    // One more speaks: everybody is told that, and nothing else.
    let since = world.now;
    world.clients[1].level = -10;
    world.run(2 * SECOND);
    let said: Vec<(usize, usize)> = (0..100).map(|client| told(&world, client, since)).collect();
    let expected = MediaEvent::Speakers { participants: vec![world.clients[1].id, world.clients[0].id] };
    let bytes = serde_json::to_string(&expected).unwrap().len();
    println!("a change of who speaks: {bytes} bytes to each of 100");
    // They begin behind who spoke before, and then pass them.
    for (client, (told, messages)) in said.into_iter().enumerate() {
        assert!((1..=2).contains(&messages), "client {client} was told {messages} times");
        assert_eq!(told, bytes * messages, "client {client}");
    }
}
