//! The data channel takes short, known requests, some a second; the rest is refused in words.

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
use protocol::{
    error::ErrorCode,
    id::ParticipantId,
    limits,
    media::{MediaEvent, MediaRequest, Source, Wish},
};

fn errors(world: &mut World, message: &[u8]) -> Vec<ErrorCode> {
    world.clients[0].events.clear();
    world.clients[0].say(message);
    world.run(Duration::from_millis(500));
    let events = world.clients[0].events.iter();
    events
        .map(|(_, event)| match event {
            MediaEvent::Error { code, .. } => *code,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn wishes(count: usize, source: Source) -> Vec<u8> {
    let tile = Wish { participant: ParticipantId(uuid::Uuid::nil()), source, height: 1, priority: 0 };
    serde_json::to_vec(&MediaRequest::Wishes { tiles: vec![tile; count] }).unwrap()
}

#[test]
fn what_is_no_request_is_refused_in_words_and_has_no_effect() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let slots = world.clients[0].slots.clone();
    for bad in [
        "{}",
        "null",
        "[[[[",
        "{\"type\":\"wishes\"}",
        "{\"type\":\"dance\"}",
        "\u{0}",
        "{\"type\":\"wishes\",\"tiles\":[1]}",
    ] {
        assert_eq!(errors(&mut world, bad.as_bytes()), [ErrorCode::InvalidRequest], "{bad}");
    }
    assert_eq!(errors(&mut world, &[0xff, 0xfe]), [ErrorCode::InvalidRequest]);
    assert_eq!(errors(&mut world, &wishes(1, Source::Microphone)), [ErrorCode::InvalidRequest]);
    assert_eq!(world.clients[0].slots, slots);
    assert!(world.clients[0].shown_of(1).len() > 100, "the call goes on");
}

#[test]
fn a_message_at_the_limit_is_read_and_one_above_refused() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let mut message = wishes(0, Source::Camera);
    message.resize(limits::DATA_CHANNEL_MESSAGE_BYTES, b' ');
    assert!(world.clients[0].carries(world.clients[1].id, Source::Camera).is_some());
    world.clients[0].say(&message);
    world.run(Duration::from_millis(500));
    assert_eq!(world.clients[0].carries(world.clients[1].id, Source::Camera), None, "it was read");
    message.push(b' ');
    assert_eq!(errors(&mut world, &message), [ErrorCode::TooLarge]);
    assert_eq!(errors(&mut world, &wishes(limits::WISHES, Source::Camera)), []);
    assert_eq!(errors(&mut world, &wishes(limits::WISHES + 1, Source::Camera)), [ErrorCode::InvalidRequest]);
}

#[test]
fn a_flood_is_refused_once_and_harms_nobody() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let message = wishes(0, Source::Camera);
    world.clients[0].events.clear();
    for _ in 0..500 {
        world.clients[0].say(&message);
    }
    world.run(Duration::from_millis(500));
    let limited = |event: &&(std::time::Instant, MediaEvent)| {
        matches!(event.1, MediaEvent::Error { code: ErrorCode::RateLimited, .. })
    };
    let refused = world.clients[0].events.iter().filter(limited).count();
    assert!((1..20).contains(&refused), "{refused} refusals");
    world.run(Duration::from_secs(2));
    assert_eq!(errors(&mut world, &wishes(0, Source::Camera)), [], "later it is heard again");
    assert!(world.clients[1].shown_of(0).len() > 80);
}

#[test]
fn a_ping_is_answered_and_a_flood_of_them_with_one_refusal() {
    let mut world = World::fair();
    world.join_all(1, 2);
    world.run(Duration::from_secs(1));
    let ping = serde_json::to_vec(&MediaRequest::Ping).unwrap();
    assert_eq!(ping, br#"{"type":"ping"}"#);
    let answers = |world: &mut World, pings: usize| {
        world.clients[0].events.clear();
        for _ in 0..pings {
            world.clients[0].say(&ping);
        }
        world.run(Duration::from_millis(500));
        let events = &world.clients[0].events;
        let pongs = events.iter().filter(|(_, event)| *event == MediaEvent::Pong).count();
        (pongs, events.len() - pongs)
    };
    assert_eq!(answers(&mut world, 1), (1, 0));
    let (pongs, refusals) = answers(&mut world, 500);
    assert!((1..=60).contains(&pongs) && (1..20).contains(&refusals), "{pongs} answers, {refusals} refusals");
}

#[test]
fn a_message_far_above_the_limit_ends_no_other_session() {
    let mut world = World::fair();
    world.join_all(1, 3);
    world.run(Duration::from_secs(1));
    // Past what the answer says the engine takes (a=max-message-size).
    let channel = world.clients[0].channel.unwrap();
    let huge = vec![b' '; 60_000];
    if let Some(mut channel) = world.clients[0].rtc.channel(channel) {
        let _ = channel.write(false, &huge);
    }
    world.run(Duration::from_secs(2));
    assert!(world.counters().sessions >= 2);
    assert!(world.clients[1].shown_of(2).len() > 80);
}
