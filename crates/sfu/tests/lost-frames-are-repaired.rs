//! At 5 % loss each way, with delay and reordering, every frame is shown or passed by a later one
//! within a second.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client, network::Weather};
use protocol::media::Source;

#[test]
fn at_five_percent_loss_every_frame_is_delivered_or_repaired_within_a_second() {
    for seed in [11, 12, 13] {
        let weather = Weather { delay: Duration::from_millis(30), jitter: Duration::from_millis(12), loss: 0.05 };
        let mut world = World::new(seed, weather);
        let everyone = world.join_all(1, 3);
        world.run(Duration::from_secs(1));
        let begin = world.now;
        world.run(Duration::from_secs(10));
        let end = world.now - Duration::from_secs(1);
        for publisher in &everyone {
            let sent = world.clients[*publisher].sent.iter().filter(|(_, at)| (begin..end).contains(at));
            let sent: Vec<_> = sent.copied().collect();
            assert!(sent.len() > 250, "seed {seed}: {publisher} sent {}", sent.len());
            for subscriber in everyone.iter().filter(|index| *index != publisher) {
                let shown = world.clients[*subscriber].shown_of(*publisher as u32);
                let mut delivered = 0;
                for (frame, at) in &sent {
                    let in_time = |shown: &&(u32, std::time::Instant)| shown.1 <= *at + Duration::from_secs(1);
                    assert!(
                        shown.iter().filter(in_time).any(|(later, _)| later >= frame),
                        "seed {seed}: frame {frame} of {publisher} was neither shown to {subscriber} nor passed"
                    );
                    delivered += usize::from(shown.iter().any(|(same, _)| same == frame));
                }
                assert!(
                    delivered * 100 >= sent.len() * 80,
                    "seed {seed}: {subscriber} saw {delivered} of {} frames of {publisher}",
                    sent.len()
                );
            }
        }
    }
}

/// Where nothing was lost for long less is kept for repair, and that has to do when something is.
#[test]
fn losses_after_a_calm_time_are_repaired() {
    for seed in [21, 22, 23] {
        let mut world = World::new(seed, Weather { delay: Duration::from_millis(30), ..Weather::FAIR });
        for number in 0..2 {
            let (client, offer) = Client::with_layers(world.now, number);
            world.join_as(1, client, offer, 1, &common::ALL);
        }
        world.run_until(Duration::from_secs(60), |world| world.clients.iter().all(|client| client.channel.is_some()));
        let of = world.clients[0].id;
        world.clients[1].wish_sized(&[(of, Source::Camera, 360, 1)]);
        world.run(Duration::from_secs(10));
        let (begin, asked) = (world.now, world.counters().nacks_received);
        world.network.weather = Weather { jitter: Duration::from_millis(12), loss: 0.05, ..world.network.weather };
        world.run(Duration::from_secs(20));
        let frames = world.clients[1].players.values().flat_map(|player| &player.shown);
        let mut shown: Vec<_> = frames.map(|frame| frame.at).filter(|at| *at >= begin).collect();
        shown.sort();
        let still = shown.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        println!("seed {seed}: {} of 600 frames, still for {still:?} at most", shown.len());
        assert!(world.counters().nacks_received > asked + 10, "something was asked for again");
        assert!(shown.len() > 540, "{} frames", shown.len());
        assert!(still < Duration::from_secs(1), "{still:?}");
    }
}
