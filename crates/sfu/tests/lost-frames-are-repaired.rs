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

use common::{World, network::Weather};

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
