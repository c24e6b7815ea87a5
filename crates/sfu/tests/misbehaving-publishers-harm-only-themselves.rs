//! Somebody who sends what no browser sends loses by it, and nobody else: two others go on seeing and
//! hearing each other, and the forwarder's work and memory stay bounded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::{Duration, Instant};

use common::{World, client::Client, media::Piece, random::Random};
use protocol::media::{MediaEvent, Source};
use str0m::{
    format::Codec,
    media::{Mid, Rid},
    rtp::{ExtensionValues, RtpWrite},
};

const SECOND: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(10);
/// The one who misbehaves, and two who do not.
const BAD: usize = 0;
const GOOD: [usize; 2] = [1, 2];

/// Three people; the first sends nothing but what the test makes it send.
fn call() -> World {
    let mut world = World::fair();
    world.join(1);
    world.clients[BAD].sends_video = false;
    world.clients[BAD].sends_audio = false;
    world.join_all(1, 2);
    for good in GOOD {
        world.clients[good].lenient = true;
    }
    world.run(SECOND);
    world
}

/// Lets a time pass in which the first does something every 10 ms, and checks that the others got each
/// other's media meanwhile: all of it, as it was sent.
fn run(world: &mut World, time: Duration, mut deed: impl FnMut(&mut Client, Instant)) {
    let (begin, end) = (world.now, world.now + time);
    while world.now < end {
        let now = world.now;
        deed(&mut world.clients[BAD], now);
        world.clients[BAD].due = now;
        world.run(STEP);
    }
    world.run(SECOND);
    for (from, to) in [(1, 2), (2, 1)] {
        let sent = world.clients[from].sent.iter().filter(|(_, at)| (begin..end).contains(at));
        let shown = world.clients[to].shown_of(from as u32);
        for (frame, at) in sent {
            let found = shown.iter().find(|(number, _)| number == frame).map(|(_, when)| *when - *at);
            assert!(found.is_some_and(|late| late < STEP * 10), "frame {frame} of {from} came to {to}: {found:?}");
        }
        let heard = world.clients[to].seen_of(from as u32, false);
        let heard = heard.iter().filter(|seen| (begin..end).contains(&seen.at)).count() as u128;
        assert!(heard + 5 >= time.as_millis() / 20, "{to} heard {heard} packets of {from}");
    }
    assert_eq!(world.counters().sessions, 3, "nobody is thrown out");
}

fn write(client: &mut Client, now: Instant, mid: Mid, sequence: u64, level: Option<i8>, payload: Vec<u8>) {
    let is_video = mid == client.camera;
    let codec = if is_video { Codec::Vp8 } else { Codec::Opus };
    let pt = client.rtc.codec_config().find(|params| params.spec().codec == codec).unwrap().pt();
    let extensions =
        ExtensionValues { audio_level: level, voice_activity: level.map(|_| true), ..ExtensionValues::default() };
    let write = RtpWrite::new(pt, sequence.into(), sequence as u32 * 960, now, payload).ext_vals(extensions);
    client.rtc.direct_api().stream_tx_by_mid(mid, None).unwrap().write_rtp(write.nackable(is_video));
}

fn piece(client: &Client, frame: u64, keyframe: bool) -> Piece {
    Piece { publisher: client.number, layer: 0, frame: frame as u32, keyframe, index: 0, count: 1 }
}

fn speakers(world: &World) -> Vec<usize> {
    let told = world.clients[1].events.iter().rev().find_map(|(_, event)| match event {
        MediaEvent::Speakers { participants } => Some(participants.clone()),
        _ => None,
    });
    let place = |id| world.clients.iter().position(|client| client.id == id).unwrap();
    told.unwrap_or_default().into_iter().map(place).collect()
}

#[test]
fn streams_and_layers_that_nobody_offered_are_dropped_and_not_remembered() {
    let mut world = call();
    let before = world.counters();
    let mut number = 0_u32;
    run(&mut world, 10 * SECOND, |client, now| {
        let pt = client.rtc.codec_config().find(|params| params.spec().codec == Codec::Vp8).unwrap().pt();
        let camera = client.camera;
        for rid in [None, Some(Rid::from("zz")), Some(Rid::from("q"))] {
            number += 1;
            let payload = piece(client, u64::from(number), true).vp8(number as u16, 200);
            let mut direct = client.rtc.direct_api();
            // It sends on any one stream of a name, so the one before must be gone.
            while let Some(before) = direct.stream_tx_by_mid(camera, rid).map(|stream| stream.ssrc()) {
                direct.remove_stream_tx(before);
            }
            let stream = direct.declare_stream_tx((5_000_000 + number).into(), None, camera, rid);
            stream.write_rtp(RtpWrite::new(pt, u64::from(number).into(), number, now, payload));
        }
    });
    let after = world.counters();
    let limited = after.datagrams_limited - before.datagrams_limited;
    assert!(limited > 1500, "of 3000 streams {limited}: those beyond a few are not looked at");
    let others = 2 * 11 * 115;
    assert!(after.rtp_in - before.rtp_in < others + 100, "{} packets of media", after.rtp_in - before.rtp_in);
}

#[test]
fn false_levels_push_nobody_out() {
    for deed in ["always the loudest", "wild", "while muted"] {
        let mut world = World::fair();
        // One voice is heard beside one's own.
        for number in 0..3 {
            let (mut client, offer) = Client::with_slots(world.now, number, 1, 4);
            client.sends_audio = number > 0;
            client.lenient = true;
            world.join_as(1, client, offer, 1, &common::ALL);
        }
        world.clients[1].sends_video = false;
        world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
        world.clients[1].level = -70;
        world.clients[2].level = -70;
        world.run(SECOND);
        if deed == "while muted" {
            world.grant(1, BAD, 1, 1, &[Source::Camera]);
        }
        let begin = world.now;
        let mut random = Random::new(3);
        for sequence in 1..900 {
            let now = world.now;
            if sequence == 600 {
                world.clients[1].level = -35;
            }
            let client = &mut world.clients[BAD];
            let (payload, microphone) = (piece(client, sequence, false).opus(), client.microphone);
            let level = if deed == "wild" { (random.next() % 256) as u8 as i8 } else { 0 };
            write(client, now, microphone, sequence, Some(level), payload);
            client.due = now;
            world.run(2 * STEP);
        }
        let spoke = begin + 12 * SECOND;
        let heard = world.clients[2].seen_of(1, false).iter().filter(|seen| seen.at > spoke).count();
        assert!(heard >= 270, "{deed}: the one who speaks is heard, {heard} of 300 packets");
        let told = |world: &World| {
            let is_told = |event: &&(Instant, MediaEvent)| matches!(event.1, MediaEvent::Speakers { .. });
            world.clients[1].events.iter().filter(|event| event.0 > begin).filter(is_told).count()
        };
        assert!(told(&world) <= 10, "{deed}: {} messages about who speaks in 18 s", told(&world));
        if deed == "while muted" {
            assert_eq!(speakers(&world), [1], "who is muted does not speak");
        }
    }
}

#[test]
fn a_noise_without_pause_gives_way_to_who_speaks() {
    let mut world = World::fair();
    world.join_all(1, 12);
    for client in &mut world.clients {
        client.sends_video = false;
        client.level = -70;
    }
    for noisy in [0, 3, 4] {
        world.clients[noisy].level = 0;
    }
    world.run(12 * SECOND);
    for speaker in GOOD {
        world.clients[speaker].level = -35;
    }
    world.run(SECOND);
    let before = world.clients[5].heard_of(1);
    world.run(SECOND);
    assert!(world.clients[5].heard_of(1) >= before + 45, "who speaks is heard among three noises");
}

#[test]
fn a_hundred_times_the_packets_are_cut_to_what_one_may_send() {
    let mut world = call();
    let before = world.counters();
    let (mut sequence, mut sent) = (0, 0);
    let seconds = 5;
    run(&mut world, seconds * SECOND, |client, now| {
        let (microphone, camera) = (client.microphone, client.camera);
        for _ in 0..50 {
            sequence += 1;
            sent += 2;
            let voice = piece(client, sequence, false).opus();
            write(client, now, microphone, sequence, Some(-20), voice);
            let picture = piece(client, sequence, sequence == 1).vp8(sequence as u16, 300);
            write(client, now, camera, sequence, None, picture);
        }
    });
    let after = world.counters();
    let seconds = u64::from(seconds) + 2;
    let others = 2 * seconds * 120;
    assert!(sent > 40_000);
    assert!(after.rtp_in - before.rtp_in < 4000 * seconds + others, "{}", after.rtp_in - before.rtp_in);
    assert!(after.datagrams_limited > before.datagrams_limited && after.rtp_limited > before.rtp_limited);
    // Each of two hears no more of it than a voice may take.
    for good in GOOD {
        let heard = world.clients[good].heard_of(BAD as u32) as u64;
        assert!(heard < 150 * seconds + 150, "{heard} packets of sound in {seconds} s");
    }
    assert!(after.rtp_forwarded - before.rtp_forwarded < 2 * 2150 * seconds + 2 * others);
}

#[test]
fn pictures_without_a_keyframe_are_asked_about_once_a_second() {
    let mut world = call();
    let asked = world.clients[BAD].keyframe_requests.len();
    let asked_others = GOOD.map(|good| world.clients[good].keyframe_requests.len());
    let mut sequence = 0;
    run(&mut world, 10 * SECOND, |client, now| {
        sequence += 1;
        let (picture, camera) = (piece(client, sequence, false).vp8(sequence as u16, 300), client.camera);
        write(client, now, camera, sequence, None, picture);
    });
    let asked = world.clients[BAD].keyframe_requests.len() - asked;
    assert!((5..=13).contains(&asked), "{asked} requests in 11 s");
    assert_eq!(GOOD.map(|good| world.clients[good].keyframe_requests.len()), asked_others, "nobody else is asked");
    for good in GOOD {
        assert!(world.clients[good].seen_of(BAD as u32, true).len() <= 1100);
    }
}

#[test]
fn malformed_descriptors_and_header_extensions_reach_nobody() {
    let mut world = call();
    let mut random = Random::new(9);
    let mut sequence = 0;
    run(&mut world, 5 * SECOND, |client, now| {
        for _ in 0..3 {
            sequence += 1;
            let length = random.below(40);
            let mut payload: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
            if sequence % 2 == 0 {
                // Something of a true one, cut off anywhere.
                payload = piece(client, sequence, true).vp8_layer((7, 7), (3, true), 720, 0);
                payload.truncate(random.below(payload.len()));
            }
            let camera = client.camera;
            write(client, now, camera, sequence, None, payload);
        }
    });
    // Headers are read before it is known who made them.
    let source = world.clients[BAD].address;
    for _ in 0..3000 {
        let mut packet = vec![0x90 | random.below(16) as u8, 96 + random.below(32) as u8];
        packet.extend((0..random.below(60)).map(|_| random.next() as u8));
        if packet.len() > 16 {
            let form = [[0xbe, 0xde], [0x10, 0x00], [0x10, 0x0f], [0, 0]][random.below(4)];
            packet[12..14].copy_from_slice(&form);
        }
        world.inject(source, &packet);
    }
    let limited = world.counters().datagrams_limited;
    assert!(limited > 2000, "{limited}: names of streams that were made up are not remembered");
    run(&mut world, SECOND, |_, _| {});
}
