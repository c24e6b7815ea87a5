//! Engines that share a room know of each other's people what is needed to serve their own: which codecs
//! they can decode, whose network is weak, and what a screen costs.

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
    client::{Client, SCREEN},
    layers::ShownFrame,
    network::Link,
};
use protocol::{
    media::{
        MediaEvent, PauseReason, Source,
        VideoCodec::{self, Av1, H264, Vp8, Vp9},
        WeakNetwork, WeakQuality,
    },
    signal::MediaOffer,
};
use sfu::{EngineId, Input};

const SECOND: Duration = Duration::from_secs(1);
const ALL: [VideoCodec; 4] = [Vp8, H264, Vp9, Av1];

fn join_with(world: &mut World, engine: usize, (client, offer): (Client, MediaOffer)) -> usize {
    let index = world.join_at(engine, 1, client, offer, 1);
    world.run_until(60 * SECOND, |world| world.clients[index].channel.is_some());
    index
}

fn join(world: &mut World, engine: usize, codecs: &[VideoCodec]) -> usize {
    let joins = Client::with_codecs(world.now, world.clients.len() as u32, codecs);
    join_with(world, engine, joins)
}

/// Somebody who only looks at one camera, as large as it is.
fn viewer(world: &mut World, engine: usize, codecs: &[VideoCodec], of: usize) -> usize {
    let viewer = join(world, engine, codecs);
    world.clients[viewer].sends_video = false;
    let of = world.clients[of].id;
    world.clients[viewer].wish_sized(&[(of, Source::Camera, 720, 1)]);
    viewer
}

fn shown(world: &World, client: usize, of: usize) -> Vec<ShownFrame> {
    let frames = world.clients[client].players.values().flat_map(|player| &player.shown);
    let mut frames: Vec<_> = frames.filter(|frame| frame.publisher == of as u32).copied().collect();
    frames.sort_by_key(|frame| frame.at);
    frames
}

/// The codec of the newest packet of somebody's camera.
fn codec(world: &World, client: usize, of: usize) -> Option<VideoCodec> {
    let all = world.clients[client].layered.values().flatten();
    all.filter(|seen| seen.piece.publisher == of as u32).max_by_key(|seen| seen.sequence)?.codec
}

fn longest_gap(world: &World, client: usize, of: usize, from: Instant) -> Duration {
    let frames: Vec<_> = shown(world, client, of).into_iter().filter(|frame| frame.at >= from).collect();
    assert!(world.now - frames.last().unwrap().at < SECOND / 4, "it goes on");
    frames.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap()
}

/// Why tiles get no picture, as was said last.
fn paused(world: &World, client: usize) -> Vec<PauseReason> {
    let said = world.clients[client].events.iter().rev().find_map(|(_, event)| match event {
        MediaEvent::Paused { tiles } => Some(tiles.iter().map(|tile| tile.reason).collect()),
        _ => None,
    });
    said.unwrap_or_default()
}

/// Whose network is weak, as was said last, and how often something was said.
fn weak(world: &World, client: usize) -> (Option<Vec<WeakNetwork>>, usize) {
    let said: Vec<&Vec<WeakNetwork>> =
        world.clients[client].events.iter().filter_map(|(_, event)| told(event)).collect();
    (said.last().map(|weak| (*weak).clone()), said.len())
}

fn told(event: &MediaEvent) -> Option<&Vec<WeakNetwork>> {
    match event {
        MediaEvent::Networks { weak } => Some(weak),
        _ => None,
    }
}

#[test]
fn a_camera_turns_to_what_people_on_every_engine_can_decode_and_back_without_a_gap() {
    for better in [Av1, Vp9, H264] {
        let mut world = World::linked(3);
        let publisher = join(&mut world, 0, &[better, Vp8]);
        let near = viewer(&mut world, 0, &ALL, publisher);
        let far = viewer(&mut world, 1, &ALL, publisher);
        world.run(2 * SECOND);
        assert_eq!(codec(&world, far, publisher), Some(Vp8), "it begins in what everybody has");
        let began = world.now;
        world.run(6 * SECOND);
        assert_eq!([near, far].map(|client| codec(&world, client, publisher)), [Some(better); 2]);
        // Somebody comes on a third engine who cannot decode it.
        let joined = world.now;
        let old = viewer(&mut world, 2, &[Vp8], publisher);
        world.run(2 * SECOND);
        assert_eq!([near, far, old].map(|client| codec(&world, client, publisher)), [Some(Vp8); 3]);
        let first = shown(&world, old, publisher)[0].at - joined;
        assert!(first < SECOND, "the newcomer waited {first:?}");
        assert_eq!(paused(&world, old), []);
        // And goes.
        let participant = world.clients[old].id;
        world.input(2, Input::Close { room: common::room(1), participant, epoch: 1 });
        world.run(8 * SECOND);
        assert_eq!([near, far].map(|client| codec(&world, client, publisher)), [Some(better); 2], "back again");
        for client in [near, far] {
            let gap = longest_gap(&world, client, publisher, began);
            println!("{better:?}: the newcomer's first picture after {first:?}, the longest gap {gap:?}");
            assert!(gap < Duration::from_millis(200), "{better:?}: stood still for {gap:?}");
        }
    }
}

#[test]
fn where_no_codec_is_common_people_of_all_engines_are_counted() {
    let mut world = World::linked(2);
    let publisher = join(&mut world, 0, &[H264, Vp8]);
    let near = viewer(&mut world, 0, &[Vp8], publisher);
    world.run(2 * SECOND);
    assert_eq!(codec(&world, near, publisher), Some(Vp8));
    let far = [viewer(&mut world, 1, &[H264], publisher), viewer(&mut world, 1, &[H264], publisher)];
    world.run(3 * SECOND);
    assert_eq!(far.map(|client| codec(&world, client, publisher)), [Some(H264); 2], "most can decode it");
    assert_eq!(paused(&world, near), [PauseReason::Codec]);
    let more = viewer(&mut world, 0, &[Vp8], publisher);
    world.run(3 * SECOND);
    assert_eq!([near, more].map(|client| codec(&world, client, publisher)), [Some(Vp8); 2], "of equals the lightest");
    assert_eq!(far.map(|client| paused(&world, client)), [vec![PauseReason::Codec], vec![PauseReason::Codec]]);
    let asleep = far.map(|client| shown(&world, client, publisher).len());
    world.run(SECOND);
    assert_eq!(far.map(|client| shown(&world, client, publisher).len()), asleep);
    // Their engine is gone, and with it what they can decode.
    world.input(0, Input::Unlink { peer: EngineId(1) });
    world.run(SECOND);
    assert_eq!(paused(&world, near), []);
}

#[test]
fn a_weak_network_is_told_to_people_on_every_engine_also_to_who_comes_later() {
    let mut world = World::linked(3);
    for engine in [0, 1] {
        let joins = Client::with_layers(world.now, world.clients.len() as u32);
        join_with(&mut world, engine, joins);
    }
    world.run(5 * SECOND);
    assert_eq!([0, 1].map(|client| weak(&world, client)), [(None, 0), (None, 0)]);
    let address = world.clients[1].address;
    world.network.links.insert(address, Link { loss: 0.25, ..Link::new(100_000_000) });
    world.run(10 * SECOND);
    let expected = vec![WeakNetwork { participant: world.clients[1].id, quality: WeakQuality::Poor }];
    for client in [0, 1] {
        let (last, times) = weak(&world, client);
        assert_eq!(last, Some(expected.clone()), "client {client}");
        assert!(times <= 2, "told {times} times");
    }
    let joins = Client::with_layers(world.now, 2);
    join_with(&mut world, 2, joins);
    world.run(5 * SECOND);
    assert_eq!(weak(&world, 2).0, Some(expected));
    world.network.links.remove(&address);
    world.run(20 * SECOND);
    assert_eq!([0, 1, 2].map(|client| weak(&world, client).0), [Some(vec![]), Some(vec![]), Some(vec![])]);
}

#[test]
fn a_screen_on_another_engine_comes_over_a_slow_link_page_by_page() {
    let mut shown = Vec::new();
    for far in [0, 1] {
        let mut world = World::linked(2);
        let joins = Client::with_screen(world.now, 0);
        let sharer = join_with(&mut world, 0, joins);
        let joins = Client::with_layers(world.now, 1);
        let viewer = join_with(&mut world, far, joins);
        world.clients[sharer].sends_video = false;
        let address = world.clients[viewer].address;
        world.network.links.insert(address, Link::new(500_000));
        let id = world.clients[sharer].id;
        world.clients[viewer].wish_sized(&[(id, Source::Screen, 1080, 2)]);
        world.run(10 * SECOND);
        // 80 kB, which take the link 1.3 s.
        world.clients[sharer].page = Some(80);
        world.clients[sharer].sends_screen = true;
        world.run(30 * SECOND);
        shown.push(world.clients[viewer].shown_of(sharer as u32 + SCREEN).len());
    }
    println!("pages shown on one engine and across two: {shown:?}");
    assert!(shown[1] >= 3 && shown[1] + 2 >= shown[0], "{shown:?} pages");
}

#[test]
fn a_network_too_thin_for_all_frames_of_a_face_shows_fewer_of_them_also_from_another_engine() {
    let mut shows = Vec::new();
    for far in [0, 1] {
        let mut world = World::linked(2);
        let joins = Client::with_layers(world.now, 0);
        let publisher = join_with(&mut world, 0, joins);
        // Without somebody who sees it nothing is known of it.
        let joins = Client::with_layers(world.now, 1);
        join_with(&mut world, 0, joins);
        world.run(5 * SECOND);
        let (client, offer) = Client::with_layers(world.now, 2);
        world.network.links.insert(client.address, Link::new(240_000));
        let viewer = join_with(&mut world, far, (client, offer));
        world.clients[1].sends_video = false;
        world.clients[viewer].sends_audio = false;
        let id = world.clients[publisher].id;
        world.clients[viewer].wish_sized(&[(id, Source::Camera, 180, 1)]);
        world.run(10 * SECOND);
        assert_eq!(paused(&world, viewer), []);
        let before = shown(&world, viewer, publisher).len();
        world.run(10 * SECOND);
        shows.push(shown(&world, viewer, publisher).len() - before);
    }
    println!("frames in ten seconds on one engine and across two: {shows:?}");
    assert!(shows.iter().all(|frames| (70..250).contains(frames)) && shows[0].abs_diff(shows[1]) < 60, "{shows:?}");
}
