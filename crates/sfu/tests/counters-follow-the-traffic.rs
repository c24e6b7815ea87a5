//! What operators are told is what happened.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client, network::Weather};
use protocol::media::Source;
use sfu::{ByKind, Counters};

const SECOND: Duration = Duration::from_secs(1);

fn parts_make_the_whole(counters: &Counters) {
    let ByKind { audio, camera, screen } = counters.forwarded;
    assert_eq!(audio + camera + screen, counters.rtp_forwarded);
    let reasons = [
        counters.rtp_unknown,
        counters.rtp_withheld,
        counters.rtp_limited,
        counters.rtp_malformed,
        counters.rtp_unwanted,
        counters.rtp_held,
    ];
    assert_eq!(reasons.iter().sum::<u64>(), counters.rtp_dropped);
}

#[test]
fn packets_are_counted_by_kind_and_by_why_they_were_dropped() {
    let mut world = World::fair();
    for number in 0..2 {
        let (client, offer) = Client::with_screen(world.now, number);
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.clients[1].sends_video = false;
    world.clients[1].sends_audio = false;
    let first = world.clients[0].id;
    world.clients[1].wish(&[(first, Source::Camera), (first, Source::Screen)]);
    world.run(SECOND);
    let before = world.counters();
    world.clients[0].sends_screen = true;
    world.run(2 * SECOND);
    let after = world.counters();
    parts_make_the_whole(&after);
    // Fifty voices a second, and two packets of a frame; of the screen a packet a frame, and its sound.
    let between = |read: fn(&ByKind) -> u64| read(&after.forwarded) - read(&before.forwarded);
    assert!((155..=170).contains(&between(|kind| kind.audio)), "{}", between(|kind| kind.audio));
    assert!((118..=126).contains(&between(|kind| kind.camera)), "{}", between(|kind| kind.camera));
    assert!((56..=62).contains(&between(|kind| kind.screen)), "{}", between(|kind| kind.screen));

    let before = world.counters();
    world.clients[1].wish(&[]);
    world.grant(1, 0, 1, 1, &[Source::Camera, Source::Screen]);
    world.run(2 * SECOND);
    let after = world.counters();
    parts_make_the_whole(&after);
    assert!(after.rtp_withheld - before.rtp_withheld >= 150, "voice and sound may not be published");
    assert!(after.rtp_unwanted - before.rtp_unwanted >= 150, "pictures that nobody wishes");
}

#[test]
fn requests_for_lost_packets_and_keyframes_are_counted_on_both_sides() {
    let mut world = World::new(5, Weather { loss: 0.03, ..Weather::FAIR });
    for number in 0..2 {
        let (client, offer) = Client::with_layers(world.now, number);
        world.join_as(1, client, offer, 1, &common::ALL);
    }
    world.run_until(60 * SECOND, |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.run(10 * SECOND);
    let counters = world.counters();
    parts_make_the_whole(&counters);
    assert!(counters.nacks_received > 10, "subscribers asked {} times", counters.nacks_received);
    assert!(counters.nacks_sent > 10, "publishers were asked {} times", counters.nacks_sent);
    let heard: usize = world.clients.iter().map(|client| client.keyframe_requests.len()).sum();
    let sent = usize::try_from(counters.keyframe_requests_sent).unwrap();
    assert!(heard > 0 && heard <= sent, "{heard} of {sent} requests arrived");
    // One each 50 ms and session.
    let estimates = counters.estimates.count();
    assert!((2 * 150..2 * 260).contains(&estimates), "{estimates} estimates");
    let mean = counters.estimates.sum() / estimates;
    assert!((50_000..50_000_000).contains(&mean), "{mean} bits a second on average");
}
