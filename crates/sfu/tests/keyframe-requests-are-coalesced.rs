//! However many want a keyframe, the publisher is asked once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::time::Duration;

use common::World;

#[test]
fn many_who_join_at_once_cost_the_publisher_few_keyframes() {
    let mut world = World::fair();
    world.join_all(1, 1);
    world.run(Duration::from_secs(3));
    let requests_before = world.clients[0].keyframe_requests.len();
    let joined = world.now;
    world.join_all(1, 9);
    for subscriber in 1..10 {
        world.clients[subscriber].sends_video = false;
    }
    world.run(Duration::from_secs(5));
    let requests = world.clients[0].keyframe_requests.len() - requests_before;
    assert!((1..=2).contains(&requests), "{requests} requests for nine who joined");
    for subscriber in 1..10 {
        let first = world.clients[subscriber].shown_of(0)[0].1;
        assert!(first - joined < Duration::from_millis(400), "{subscriber} waited {:?}", first - joined);
    }
}

#[test]
fn a_stream_of_requests_becomes_one_in_half_a_second() {
    let mut world = World::fair();
    world.join_all(1, 6);
    world.run(Duration::from_secs(2));
    let before = world.clients[0].keyframe_requests.len();
    // A hundred times a second, five people say that they lost the picture.
    for _ in 0..200 {
        for subscriber in 1..6 {
            let slot = world.clients[subscriber].carries(world.clients[0].id, protocol::media::Source::Camera);
            let mid = str0m::media::Mid::from(slot.unwrap());
            let mut direct = world.clients[subscriber].rtc.direct_api();
            let stream = direct.stream_rx_by_mid(mid, None).unwrap();
            stream.request_keyframe(str0m::media::KeyframeRequestKind::Pli);
        }
        world.run(Duration::from_millis(10));
    }
    let requests = world.clients[0].keyframe_requests.len() - before;
    assert!((3..=5).contains(&requests), "{requests} requests in two seconds");
    assert!(world.counters().keyframe_requests_coalesced > 100);
}

#[test]
fn a_request_that_is_lost_is_repeated() {
    let mut world = World::fair();
    world.join_all(1, 1);
    world.run(Duration::from_secs(3));
    world.join(1);
    world.clients[1].sends_video = false;
    // From the moment the newcomer is reachable, the publisher hears nothing for a while.
    world.run_until(Duration::from_secs(2), |world| world.clients[1].connected);
    let lost_until = world.now + Duration::from_millis(300);
    while world.now < lost_until {
        world.run(Duration::from_millis(1));
        let publisher = world.clients[0].address;
        world.network.lose(|datagram| datagram.destination == publisher);
    }
    world.run(Duration::from_secs(2));
    assert!(!world.clients[1].shown_of(0).is_empty());
}
