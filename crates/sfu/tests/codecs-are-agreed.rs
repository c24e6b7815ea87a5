//! A picture is sent in a codec that everybody who sees it can decode, and changes to another without
//! standing still.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use common::{World, client::Client, layers::ShownFrame, media::Seen, network::Link};
use protocol::media::{
    MediaEvent, PauseReason, Source,
    VideoCodec::{self, Av1, H264, Vp8, Vp9},
};

const SECOND: Duration = Duration::from_secs(1);

fn join(world: &mut World, codecs: &[VideoCodec]) -> usize {
    let (client, offer) = Client::with_codecs(world.now, world.clients.len() as u32, codecs);
    let index = world.join_as(1, client, offer, 1, &common::ALL);
    world.run_until(60 * SECOND, |world| world.clients[index].channel.is_some());
    index
}

/// Wishes for one camera, as large as it is.
fn watch(world: &mut World, client: usize, of: usize, height: u16) {
    let of = world.clients[of].id;
    world.clients[client].wish_sized(&[(of, Source::Camera, height, 1)]);
}

fn shown(world: &World, client: usize, of: usize) -> Vec<ShownFrame> {
    let frames = world.clients[client].players.values().flat_map(|player| &player.shown);
    let mut frames: Vec<_> = frames.filter(|frame| frame.publisher == of as u32).copied().collect();
    frames.sort_by_key(|frame| frame.at);
    frames
}

/// Every packet of somebody's camera, in the order of the slot's numbers.
fn packets(world: &World, client: usize, of: usize) -> Vec<Seen> {
    let all = world.clients[client].layered.values().flatten();
    let mut packets: Vec<_> = all.filter(|seen| seen.piece.publisher == of as u32).copied().collect();
    packets.sort_by_key(|seen| seen.sequence);
    packets
}

fn codec(world: &World, client: usize, of: usize) -> Option<VideoCodec> {
    packets(world, client, of).last().and_then(|seen| seen.codec)
}

fn longest_gap(world: &World, client: usize, of: usize, from: Instant) -> Duration {
    let frames: Vec<_> = shown(world, client, of).into_iter().filter(|frame| frame.at >= from).collect();
    assert!(world.now - frames.last().unwrap().at < SECOND / 4, "it goes on");
    frames.windows(2).map(|pair| pair[1].at - pair[0].at).max().unwrap()
}

/// Whether everything that came on a slot is one stream.
fn assert_continuous(packets: &[Seen]) {
    for pair in packets.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let step = after.timestamp.wrapping_sub(before.timestamp);
        let same_frame = (before.piece.layer, before.piece.frame) == (after.piece.layer, after.piece.frame);
        assert!(if same_frame { step == 0 } else { (1..90_000).contains(&step) }, "{before:?} {after:?}");
        if before.codec != after.codec {
            assert!(after.piece.keyframe && after.piece.index == 0, "a codec begins with a keyframe: {after:?}");
        }
    }
}

/// What was said last of tiles without a picture.
fn paused(world: &World, client: usize) -> Vec<(protocol::id::ParticipantId, PauseReason)> {
    let said = world.clients[client].events.iter().rev().find_map(|(_, event)| match event {
        MediaEvent::Paused { tiles } => Some(tiles.iter().map(|tile| (tile.participant, tile.reason)).collect()),
        _ => None,
    });
    said.unwrap_or_default()
}

/// Payload types that a client did not agree to and that came nevertheless.
fn foreign_types(client: &Client) -> BTreeSet<u8> {
    let config = client.rtc.codec_config();
    let known: BTreeSet<u8> = config
        .params()
        .iter()
        .flat_map(|params| [Some(params.pt()), params.resend(), params.red()])
        .flatten()
        .map(|pt| *pt)
        .collect();
    client.received_types.difference(&known).copied().collect()
}

#[test]
fn a_camera_turns_to_what_everybody_can_decode_and_back_without_a_gap() {
    for better in [Av1, Vp9, H264] {
        let mut world = World::fair();
        let publisher = join(&mut world, &[better, Vp8]);
        let viewer = join(&mut world, &[Vp8, H264, Vp9, Av1]);
        world.clients[viewer].sends_video = false;
        watch(&mut world, viewer, publisher, 720);
        world.run(3 * SECOND);
        assert_eq!(codec(&world, viewer, publisher), Some(Vp8), "it begins in what everybody has");
        let began = world.now;
        world.run(5 * SECOND);
        assert_eq!(codec(&world, viewer, publisher), Some(better));
        // The sizes of tiles are followed as before.
        for (height, layer) in [(180, 0), (720, 2)] {
            watch(&mut world, viewer, publisher, height);
            world.run(4 * SECOND);
            assert_eq!(shown(&world, viewer, publisher).last().unwrap().layer, layer, "{better:?}");
        }
        // Somebody comes who cannot decode it.
        let joined = world.now;
        let old = join(&mut world, &[Vp8]);
        world.clients[old].sends_video = false;
        watch(&mut world, old, publisher, 720);
        world.run(2 * SECOND);
        assert_eq!(codec(&world, viewer, publisher), Some(Vp8));
        let first = shown(&world, old, publisher)[0].at - joined;
        assert!(first < SECOND, "the newcomer waited {first:?}");
        assert!(paused(&world, old).is_empty());
        assert!(foreign_types(&world.clients[old]).is_empty());
        // And goes.
        world.close(1, old, 1);
        world.run(8 * SECOND);
        assert_eq!(codec(&world, viewer, publisher), Some(better), "back again");
        let gap = longest_gap(&world, viewer, publisher, began);
        println!("{better:?}: the newcomer's first picture after {first:?}, the longest gap {gap:?}");
        assert!(gap < Duration::from_millis(200), "{better:?}: stood still for {gap:?}");
        assert_continuous(&packets(&world, viewer, publisher));
    }
}

#[test]
fn a_codec_is_kept_while_whoever_cannot_decode_it_comes_and_goes() {
    let mut world = World::fair();
    let publisher = join(&mut world, &[Av1, Vp8]);
    let viewer = join(&mut world, &[Av1, Vp8]);
    let old = join(&mut world, &[Vp8]);
    for client in [viewer, old] {
        world.clients[client].sends_video = false;
    }
    watch(&mut world, viewer, publisher, 720);
    for _ in 0..6 {
        watch(&mut world, old, publisher, 720);
        world.run(2 * SECOND);
        world.clients[old].wish_sized(&[]);
        world.run(2 * SECOND);
    }
    let changes = packets(&world, viewer, publisher).windows(2).filter(|pair| pair[0].codec != pair[1].codec).count();
    assert_eq!(changes, 0);
    world.run(8 * SECOND);
    assert_eq!(codec(&world, viewer, publisher), Some(Av1));
}

/// Waits until a picture comes in a codec. What a publisher is told may be lost, and is repeated after seconds.
fn turns_to(world: &mut World, client: usize, of: usize, wanted: VideoCodec) {
    for _ in 0..30 {
        if codec(world, client, of) == Some(wanted) {
            return;
        }
        world.run(SECOND);
    }
    panic!("it does not turn to {wanted:?}");
}

#[test]
fn codecs_change_under_loss_and_the_slot_stays_whole() {
    let mut world = World::new(9, common::network::Weather { loss: 0.05, ..common::network::Weather::FAIR });
    let publisher = join(&mut world, &[Vp9, Vp8]);
    let viewer = join(&mut world, &[Vp9, Vp8]);
    world.clients[viewer].sends_video = false;
    watch(&mut world, viewer, publisher, 360);
    for _ in 0..4 {
        world.run(5 * SECOND);
        turns_to(&mut world, viewer, publisher, Vp9);
        let old = join(&mut world, &[Vp8]);
        world.clients[old].sends_video = false;
        watch(&mut world, old, publisher, 360);
        turns_to(&mut world, viewer, publisher, Vp8);
        world.run(SECOND);
        world.close(1, old, 1);
    }
    // What is missing at the end is repaired.
    world.run(2 * SECOND);
    let gap = longest_gap(&world, viewer, publisher, world.start + 5 * SECOND);
    println!("the longest gap at 5 % loss: {gap:?}");
    // The keyframe that begins a codec may be lost for good, and the next is asked for a second later at the earliest.
    assert!(gap < SECOND * 3 / 2, "stood still for {gap:?}");
}

#[test]
fn temporal_layers_of_vp9_are_left_out_where_the_network_is_short_and_entered_again() {
    let mut world = World::fair();
    let publisher = join(&mut world, &[Vp9, Vp8]);
    let viewer = join(&mut world, &[Vp9, Vp8]);
    world.clients[viewer].sends_video = false;
    watch(&mut world, viewer, publisher, 180);
    world.run(10 * SECOND);
    assert_eq!(codec(&world, viewer, publisher), Some(Vp9));
    let frames_a_second = |world: &World| {
        let recent = |frame: &&ShownFrame| world.now - frame.at < 2 * SECOND;
        shown(world, viewer, publisher).iter().filter(recent).count() / 2
    };
    assert!(frames_a_second(&world) >= 29);
    let address = world.clients[viewer].address;
    world.network.links.insert(address, Link::new(170_000));
    world.run(15 * SECOND);
    let short = frames_a_second(&world);
    assert!((6..=22).contains(&short), "{short} frames a second");
    world.network.links.insert(address, Link::new(3_000_000));
    world.run(15 * SECOND);
    let wide = frames_a_second(&world);
    println!("{short} frames a second where the network is short, {wide} afterwards");
    assert!(wide >= 29, "{wide} frames a second");
    assert_eq!(world.clients[publisher].layers.as_ref().unwrap().codec, Vp9);
}

#[test]
fn a_device_with_h264_alone_is_seen_by_those_who_have_it_and_the_others_are_told() {
    let mut world = World::fair();
    let device = join(&mut world, &[H264]);
    let able = join(&mut world, &[Vp8, H264]);
    let unable = join(&mut world, &[Vp8]);
    for client in [able, unable] {
        watch(&mut world, client, device, 360);
    }
    watch(&mut world, device, able, 360);
    world.run(8 * SECOND);
    let began = world.now - SECOND;
    assert_eq!(codec(&world, able, device), Some(H264));
    assert!(longest_gap(&world, able, device, began) < SECOND / 4);
    assert_eq!(codec(&world, device, able), Some(H264), "who has both sends the device what it has");
    assert!(foreign_types(&world.clients[device]).is_empty());
    assert_eq!(paused(&world, able), []);
    assert_eq!(paused(&world, unable), [(world.clients[device].id, PauseReason::Codec)]);
    assert!(shown(&world, unable, device).is_empty());
    assert!(foreign_types(&world.clients[unable]).is_empty());
    assert!(world.clients[device].keyframe_requests.len() < 6, "nobody asks for what they cannot decode");
    // Seen by nobody who has it, it is not sent.
    world.clients[able].wish_sized(&[]);
    world.run(8 * SECOND);
    assert!(!world.clients[device].layers.as_ref().unwrap().demands.last().unwrap().1.wanted);
}

#[test]
fn a_publisher_that_does_not_follow_is_not_sent_to_who_cannot_decode_it() {
    let mut world = World::fair();
    let publisher = join(&mut world, &[Vp9, Vp8]);
    let viewer = join(&mut world, &[Vp9, Vp8]);
    world.clients[viewer].sends_video = false;
    watch(&mut world, viewer, publisher, 360);
    world.run(10 * SECOND);
    assert_eq!(codec(&world, viewer, publisher), Some(Vp9));
    world.clients[publisher].layers.as_mut().unwrap().obeys = false;
    let old = join(&mut world, &[Vp8]);
    watch(&mut world, old, publisher, 360);
    let began = world.now;
    let requests = world.clients[publisher].keyframe_requests.len();
    world.run(5 * SECOND);
    assert_eq!(paused(&world, old), [(world.clients[publisher].id, PauseReason::Codec)]);
    assert!(packets(&world, old, publisher).is_empty() && foreign_types(&world.clients[old]).is_empty());
    assert!(longest_gap(&world, viewer, publisher, began) < Duration::from_millis(200));
    assert!(world.clients[publisher].keyframe_requests.len() <= requests + 1);
    // Once it does, all is well.
    let layers = world.clients[publisher].layers.as_mut().unwrap();
    layers.obeys = true;
    let demand = layers.demands.last().unwrap().1.clone();
    let now = world.now;
    world.clients[publisher].layers.as_mut().unwrap().demanded(now, &demand);
    world.run(SECOND);
    assert_eq!(paused(&world, old), []);
    assert_eq!(codec(&world, old, publisher), Some(Vp8));
    assert_continuous(&packets(&world, viewer, publisher));
}

#[test]
fn the_answer_to_the_longest_offer_fits() {
    let mut world = World::fair();
    let codecs = [Av1, Vp9, H264, Vp8];
    let (_, offer) = Client::offering(world.now, 0, (4, protocol::limits::VIDEO_SLOTS), true, true, &codecs);
    let length = offer.sdp.as_str().len();
    let id = protocol::id::ParticipantId(uuid::Uuid::from_u128(1));
    let open = sfu::Open { room: common::room(1), participant: id, epoch: 1, publish: common::ALL.to_vec(), offer };
    let answer = world.open(open).unwrap();
    println!("an offer of {length} bytes, an answer of {}", answer.sdp.as_str().len());
    let sections: Vec<&str> = answer.sdp.as_str().split("m=video").skip(1).collect();
    assert_eq!(sections.len(), protocol::limits::VIDEO_SLOTS + 2);
    for section in sections {
        let named: Vec<_> =
            ["VP8", "VP9", "AV1", "H264"].map(|name| section.matches(&format!(" {name}/90000")).count()).into();
        assert_eq!(named, [1, 1, 1, 1], "one profile of each");
        assert!(section.find(" VP8/").unwrap() < section.find(" VP9/").unwrap(), "VP8 is sent first");
    }
}
