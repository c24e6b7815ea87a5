//! Everybody in a room is carried by one instance while it lives, and every offer is answered.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, instance, media, person, simple};
use protocol::{error::ErrorCode, media::Source, signal::ServerMessage};
use room::{ConnectionId, Coordinates, INSTANCES_FRESH_MS, Input, Instance, REGROUP_MS, RegionFailure};

const TOKYO: Coordinates = Coordinates { latitude: 35.6, longitude: 139.7 };

fn fleet() -> Vec<Instance> {
    vec![instance("fra", 50.1, 8.7), instance("lax", 33.9, -118.4), instance("nrt", 35.6, 139.7)]
}

fn fail(driver: &mut Driver, number: u8, epoch: u64, failure: RegionFailure) -> common::Effects {
    driver.input(Input::Opened { participant: person(number), epoch, result: Err(failure) })
}

fn error(effects: &common::Effects, to: ConnectionId) -> (ErrorCode, String) {
    match effects.to(to)[..] {
        [ServerMessage::Error { code, about, .. }] => (*code, about.clone().unwrap()),
        _ => panic!("{effects:?}"),
    }
}

#[test]
fn the_first_person_chooses_and_the_others_follow() {
    let mut driver = Driver::new();
    let (ada, _) = driver.connect_from(0, Some(TOKYO));
    let effects = driver.say(ada, &common::join("Ada"));
    assert!(effects.needs_instances && effects.opens.is_empty());
    assert!(
        matches!(effects.to(ada)[..], [ServerMessage::Welcome { .. }, ServerMessage::Lobby { .. }]),
        "welcomed before any region is asked"
    );
    let call = driver.instances(&fleet()).open().clone();
    assert_eq!((call.placement.instance.as_str(), call.epoch), ("nrt", 1));
    assert_eq!(call.publish, [Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio]);
    let effects = driver.accept(&call);
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Answer { epoch: 1, .. }]));

    let (bob, _) = driver.connect_from(1, Some(Coordinates { latitude: 50.0, longitude: 8.0 }));
    let effects = driver.say(bob, &common::join("Bob"));
    assert!(!effects.needs_instances, "the list is fresh");
    assert_eq!(effects.open().placement.instance.as_str(), "nrt");
}

#[test]
fn a_list_is_good_for_ten_seconds_and_asked_for_once() {
    let mut driver = Driver::new();
    driver.enter(0);
    let (bob, effects) = driver.enter(1);
    assert!(!effects.needs_instances, "it was asked for already");
    assert_eq!(driver.instances(&fleet()).opens.len(), 2);
    driver.wait(INSTANCES_FRESH_MS);
    assert_eq!(driver.say(bob, &media()).open().epoch, 2);
    driver.wait(1);
    assert!(driver.say(bob, &media()).needs_instances);
    // A newer offer takes the place of the one that waits.
    driver.say(bob, &media());
    assert_eq!(driver.instances(&fleet()).open().epoch, 4);
}

#[test]
fn a_draining_instance_keeps_its_rooms_and_takes_no_others() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let mut fleet = fleet();
    assert_eq!(driver.instances(&fleet).open().placement.instance.as_str(), "fra");
    fleet[0].draining = true;
    driver.instances(&fleet);
    let (bob, effects) = driver.enter(1);
    assert_eq!(effects.open().placement.instance.as_str(), "fra");
    driver.say(ada, &simple("leave"));
    driver.say(bob, &simple("leave"));
    let (_, effects) = driver.enter(2);
    assert_eq!(effects.open().placement.instance.as_str(), "lax", "an empty room is placed anew");
}

#[test]
fn a_dead_instance_is_left_behind() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let call = driver.instances(&fleet()).open().clone();
    driver.accept(&call);
    driver.instances(&fleet()[1..]);
    let effects = driver.say(ada, &media());
    assert_eq!((effects.open().placement.instance.as_str(), effects.open().epoch), ("lax", 2));
    assert_eq!(effects.session_closes.len(), 1, "should it live after all");
    assert_eq!(driver.store.meeting.as_ref().unwrap().placement.as_ref().unwrap().instance.as_str(), "lax");
}

#[test]
fn one_that_is_unavailable_is_replaced_once() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    assert_eq!(driver.instances(&fleet()).open().placement.instance.as_str(), "fra");
    assert!(fail(&mut driver, 0, 1, RegionFailure::Unavailable).needs_instances, "its heir may not be on the list");
    let effects = driver.instances(&fleet());
    assert_eq!((effects.open().placement.instance.as_str(), effects.open().epoch), ("lax", 1));
    let effects = fail(&mut driver, 0, 1, RegionFailure::Unavailable);
    assert_eq!(error(&effects, ada), (ErrorCode::RegionUnavailable, "join".into()));
    assert!(effects.opens.is_empty());
    assert!(!driver.say(ada, &media()).opens.is_empty(), "the client may try again");
}

#[test]
fn two_who_fail_together_move_together() {
    let mut driver = Driver::new();
    driver.enter(0);
    driver.enter(1);
    driver.instances(&fleet());
    assert!(fail(&mut driver, 0, 1, RegionFailure::Unavailable).needs_instances);
    assert!(!fail(&mut driver, 1, 1, RegionFailure::Unavailable).needs_instances, "the list is on its way");
    let effects = driver.instances(&fleet());
    let [first, second] = &effects.opens[..] else { panic!("{:?}", effects.opens) };
    assert_eq!(first.placement, second.placement);
}

#[test]
fn an_offer_that_is_rejected_is_not_tried_elsewhere() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    driver.instances(&fleet());
    driver.say(ada, &media());
    assert!(fail(&mut driver, 0, 1, RegionFailure::Rejected("old".into())).sent.is_empty());
    let effects = fail(&mut driver, 0, 2, RegionFailure::Rejected("no ice-ufrag".repeat(100)));
    assert_eq!(error(&effects, ada), (ErrorCode::OfferRejected, "media".into()));
    let [ServerMessage::Error { message, .. }] = effects.to(ada)[..] else { panic!() };
    assert!(message.len() <= 160);
}

#[test]
fn with_no_region_at_all_the_answer_is_clear() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let effects = driver.instances(&[]);
    assert_eq!(error(&effects, ada), (ErrorCode::RegionUnavailable, "join".into()));
}

#[test]
fn when_the_fleet_is_unreachable_a_room_stays_where_it_is() {
    let mut driver = Driver::new();
    driver.enter(0);
    driver.instances(&fleet());
    driver.instances(&[]);
    let (_, effects) = driver.enter(1);
    assert_eq!(effects.open().placement.instance.as_str(), "fra");
}

#[test]
fn answers_of_older_sessions_are_dropped_and_orphans_closed() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let first = driver.instances(&fleet()).open().clone();
    let second = driver.say(ada, &media()).open().clone();
    let effects = driver.accept(&first);
    assert!(effects.sent.is_empty() && effects.session_closes.is_empty(), "the second replaces it at the region");
    driver.enter(1);
    driver.say(ada, &simple("leave"));
    let effects = driver.accept(&second);
    assert!(effects.sent.is_empty());
    assert_eq!(effects.session_closes, [(second.placement, person(0), 2)]);
}

#[test]
fn an_answer_finds_its_way_after_the_memory_was_lost() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let call = driver.instances(&fleet()).open().clone();
    driver.lose_memory();
    assert!(matches!(driver.accept(&call).to(ada)[..], [ServerMessage::Answer { epoch: 1, .. }]));
    // A failure cannot be tried elsewhere without the offer.
    driver.say(ada, &media());
    driver.instances(&fleet());
    driver.lose_memory();
    let effects = fail(&mut driver, 0, 2, RegionFailure::Unavailable);
    assert_eq!(error(&effects, ada), (ErrorCode::RegionUnavailable, "media".into()));
}

#[test]
fn who_stays_behind_when_the_room_moves_is_fetched() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let first = driver.instances(&fleet()).open().clone();
    driver.accept(&first);
    let (bob, effects) = driver.enter(1);
    driver.accept(&effects.open().clone());
    // One call fails, and nobody knows whether the instance died.
    driver.enter(2);
    fail(&mut driver, 2, 1, RegionFailure::Unavailable);
    let moved = driver.instances(&fleet()).open().clone();
    driver.accept(&moved);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + REGROUP_MS));
    // Ada's browser lost the instance and comes by itself; Bob's did not.
    driver.wait(5_000);
    driver.instances(&fleet());
    assert_eq!(driver.say(ada, &media()).open().placement, moved.placement);
    driver.lose_memory();
    let effects = driver.wake();
    assert_eq!(effects.session_closes, [(first.placement, person(1), 1)]);
    assert_eq!(driver.room.next_deadline(), None);
    driver.instances(&fleet());
    let call = driver.say(bob, &media()).open().clone();
    assert_eq!((call.placement, call.epoch), (moved.placement, 2));
}
