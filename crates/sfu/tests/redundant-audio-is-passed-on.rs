//! Redundant audio (RFC 2198) goes to those who take it; the others get the voice alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::{World, client::Client};

#[test]
fn redundancy_reaches_those_who_take_it_and_the_voice_everyone() {
    let mut world = World::fair();
    world.join(1);
    world.join(1);
    let (plain, mut offer) = Client::new(world.now, 2);
    let offered = offer.sdp.as_str().lines();
    let without = offered.filter(|line| !line.starts_with("a=rtpmap:63 red") && !line.starts_with("a=fmtp:63"));
    let plain_lines =
        without.map(|line| if line.starts_with("m=audio") { line.replace(" 63", "") } else { line.into() });
    offer.sdp = plain_lines.fold(String::new(), |text, line| text + &line + "\r\n").parse().unwrap();
    world.join_as(1, plain, offer, 1, &common::ALL);
    world.run_until(Duration::from_secs(10), |world| world.clients.iter().all(|client| client.channel.is_some()));
    world.run(Duration::from_secs(1));
    world.clients[0].redundant = true;
    let before = [1, 2].map(|index| world.clients[index].heard_of(0));
    world.run(Duration::from_secs(2));
    for (index, before) in [1, 2].into_iter().zip(before) {
        assert!(world.clients[index].heard_of(0) > before + 90, "{index} hears the voice");
    }
    assert!(world.clients[1].redundant_heard > 90);
    assert_eq!(world.clients[2].redundant_heard, 0);
    let voice = world.clients[2].audio.values().flatten().filter(|seen| seen.piece.publisher == 0);
    assert!(voice.map(|seen| seen.length).all(|length| length == 80), "the redundant block is gone");
}
