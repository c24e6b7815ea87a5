//! A camera in three layers: each subscriber gets what its tile can show, and what nobody shows is
//! not sent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::{Duration, Instant};

use common::{
    World,
    client::Client,
    layers::{LAYERS, ShownFrame},
};
use protocol::{
    id::ParticipantId,
    media::{MediaEvent, PauseReason, Source},
};

const SECOND: Duration = Duration::from_secs(1);

fn join_layered(world: &mut World, count: usize) {
    for _ in 0..count {
        let number = world.clients.len() as u32;
        let (client, offer) = Client::with_layers(world.now, number);
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
}

fn wish(world: &mut World, client: usize, tiles: &[(usize, u16)]) {
    let tile = |(of, height): &(usize, u16)| (world.clients[*of].id, Source::Camera, *height, 1);
    let tiles: Vec<(ParticipantId, Source, u16, u8)> = tiles.iter().map(tile).collect();
    world.clients[client].wish_sized(&tiles);
}

fn shown(world: &World, client: usize, of: usize) -> Vec<ShownFrame> {
    let frames = world.clients[client].players.values().flat_map(|player| &player.shown);
    let mut frames: Vec<_> = frames.filter(|frame| frame.publisher == of as u32).copied().collect();
    frames.sort_by_key(|frame| frame.at);
    frames
}

/// The layer of the newest frame of somebody that is shown.
fn layer(world: &World, client: usize, of: usize) -> Option<u8> {
    shown(world, client, of).last().map(|frame| frame.layer)
}

fn received(world: &World, client: usize) -> usize {
    world.clients[client].layered.values().flatten().map(|seen| seen.length).sum()
}

#[test]
fn a_tile_gets_the_layer_that_its_size_can_show_and_its_numbers_count_on() {
    let mut world = World::fair();
    join_layered(&mut world, 2);
    world.clients[0].sends_video = false;
    for height in [720, 180, 360, 90, 1080] {
        wish(&mut world, 0, &[(1, height)]);
        world.run(5 * SECOND);
        let expected = LAYERS.iter().position(|(_, of, _)| *of >= height.min(720)).unwrap();
        assert_eq!(layer(&world, 0, 1), Some(expected as u8), "a tile of {height} pixels");
    }
    let slots: Vec<_> = world.clients[0].layered.values().collect();
    assert_eq!(slots.len(), 1);
    let mut switches = 0;
    for pair in slots[0].windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let same_frame = (before.piece.layer, before.piece.frame) == (after.piece.layer, after.piece.frame);
        let step = after.timestamp.wrapping_sub(before.timestamp);
        let picture = after.picture.unwrap().wrapping_sub(before.picture.unwrap()) & 0x7fff;
        assert_eq!(picture, u16::from(!same_frame), "{before:?} {after:?}");
        assert!(after.base.unwrap().wrapping_sub(before.base.unwrap()) <= 1, "{before:?} {after:?}");
        assert!(if same_frame { step == 0 } else { (1..90_000).contains(&step) }, "{before:?} {after:?}");
        if before.piece.layer != after.piece.layer {
            switches += 1;
            assert!(after.piece.keyframe && after.piece.index == 0, "a switch begins on a keyframe: {after:?}");
        }
    }
    assert!((4..=7).contains(&switches), "{switches} switches");
    let frames = shown(&world, 0, 1);
    let longest = frames.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap();
    assert!(longest < Duration::from_millis(200), "shown without a gap but {longest:?}");
}

#[test]
fn a_layer_that_its_publisher_stops_is_replaced_by_a_lower_one_and_comes_back() {
    let mut world = World::fair();
    join_layered(&mut world, 2);
    wish(&mut world, 0, &[(1, 720)]);
    world.run(5 * SECOND);
    assert_eq!(layer(&world, 0, 1), Some(2));
    // Its own link has no room for it.
    let layers = world.clients[1].layers.as_mut().unwrap();
    layers.obeys = false;
    (0..3).for_each(|place| layers.set_active(place, place < 2));
    world.run(5 * SECOND);
    assert_eq!(layer(&world, 0, 1), Some(1));
    world.clients[1].layers.as_mut().unwrap().set_active(2, true);
    world.run(5 * SECOND);
    assert_eq!(layer(&world, 0, 1), Some(2));
}

#[test]
fn what_nobody_sees_is_not_sent_until_somebody_does() {
    let mut world = World::fair();
    join_layered(&mut world, 3);
    wish(&mut world, 0, &[(1, 180)]);
    wish(&mut world, 2, &[(1, 360)]);
    wish(&mut world, 1, &[]);
    world.run(10 * SECOND);
    let sent = |world: &World, client: usize| world.clients[client].layers.as_ref().unwrap().sent_bytes;
    let (before, unseen) = (sent(&world, 1), sent(&world, 0));
    world.run(5 * SECOND);
    let after = sent(&world, 1);
    assert!(after[0] > before[0] && after[1] > before[1]);
    assert_eq!(after[2], before[2], "nobody shows it so large");
    assert_eq!(sent(&world, 0), unseen, "nobody shows it at all");
    // A hidden tab shows nothing, and hears all the same.
    wish(&mut world, 0, &[]);
    wish(&mut world, 2, &[]);
    world.run(10 * SECOND);
    let (before, heard, packets) = (sent(&world, 1), world.clients[0].heard_of(1), received(&world, 0));
    world.run(2 * SECOND);
    assert_eq!(sent(&world, 1), before);
    assert_eq!(received(&world, 0), packets);
    assert!(world.clients[0].heard_of(1) >= heard + 95);
    // Shown again, it is there at once.
    wish(&mut world, 0, &[(1, 720)]);
    let asked = world.now;
    world.run(2 * SECOND);
    let first = shown(&world, 0, 1).into_iter().find(|frame| frame.at > asked).unwrap();
    assert!(first.at - asked < Duration::from_millis(250), "after {:?}", first.at - asked);
    let demands = &world.clients[1].layers.as_ref().unwrap().demands;
    assert!(demands.iter().any(|(_, demand)| !demand.wanted && demand.layers.is_empty()), "{demands:?}");
}

#[test]
fn tiles_beyond_the_slots_are_told_with_the_reason() {
    let mut world = World::fair();
    let (watcher, offer) = Client::with_slots(world.now, 0, 4, 1);
    world.join_as(1, watcher, offer, 1, &common::ALL);
    join_layered(&mut world, 2);
    wish(&mut world, 0, &[(1, 360), (2, 360)]);
    world.run(SECOND);
    let paused = |world: &World| {
        let events = world.clients[0].events.iter().rev();
        events.into_iter().find_map(|(_, event)| match event {
            MediaEvent::Paused { tiles } => {
                Some(tiles.iter().map(|tile| (tile.participant, tile.reason)).collect::<Vec<_>>())
            }
            _ => None,
        })
    };
    assert_eq!(paused(&world), Some(vec![(world.clients[2].id, PauseReason::Slots)]));
    wish(&mut world, 0, &[(2, 360)]);
    world.run(SECOND);
    assert_eq!(paused(&world), Some(vec![]));
}

#[test]
fn nine_small_tiles_cost_a_third_of_nine_large_ones() {
    let mut world = World::fair();
    join_layered(&mut world, 11);
    for client in 2..11 {
        wish(&mut world, client, &[]);
    }
    let all = |height| (2..11).map(|of| (of, height)).collect::<Vec<_>>();
    wish(&mut world, 0, &all(180));
    wish(&mut world, 1, &all(720));
    world.run(15 * SECOND);
    let before = [0, 1].map(|client| received(&world, client));
    world.run(5 * SECOND);
    let [small, large] = [0, 1].map(|client| received(&world, client) - before[client]);
    println!("nine small tiles: {small} bytes in 5 s, nine large ones: {large}");
    assert!(small * 3 <= large, "{small} of {large} bytes");
    assert!(large > 5 * 9 * 1_400_000 / 8, "a fast network carries all of it: {large}");
}

#[test]
fn twenty_who_join_within_ten_seconds_cost_the_publisher_one_request_a_second() {
    let mut world = World::new(5, common::network::Weather { loss: 0.01, ..common::network::Weather::FAIR });
    join_layered(&mut world, 1);
    world.run(3 * SECOND);
    let (began, before) = (world.now, world.clients[0].keyframe_requests.len());
    let mut joined: Vec<Instant> = Vec::new();
    for number in 1..21 {
        let (client, offer) = Client::with_layers(world.now, number);
        let index = world.join_as(1, client, offer, 1, &common::ALL);
        world.clients[index].sends_video = false;
        world.clients[index].sends_audio = false;
        // From the moment that packets can flow.
        world.run(Duration::from_millis(500));
        joined.push(world.now);
    }
    let requests = world.clients[0].keyframe_requests.len() - before;
    let seconds = (world.now - began).as_secs_f64();
    world.run(2 * SECOND);
    let mut waits: Vec<Duration> = (1..21)
        .map(|client| {
            let told = world.events.iter().find(|(_, event)| event.participant == world.clients[client].id);
            shown(&world, client, 0)[0].at - told.unwrap().0
        })
        .collect();
    waits.sort();
    println!(
        "{requests} keyframe requests in {seconds:.1} s; first frame: median {:?}, worst {:?}",
        waits[10], waits[19]
    );
    assert!(requests as f64 <= seconds.ceil(), "{requests} requests in {seconds:.1} s");
    assert!(waits[10] <= Duration::from_millis(500), "{waits:?}");
}
