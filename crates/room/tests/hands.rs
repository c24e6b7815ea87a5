//! Hands are in the order they went up, and reactions are few.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, about, simple};
use protocol::{
    error::ErrorCode,
    signal::{Participant, Reaction, ServerMessage},
};
use room::{ConnectionId, REACTION_WINDOW_MS, REACTIONS};

fn hand(raised: bool) -> String {
    about("raise_hand", None, &format!(r#","raised":{raised}"#))
}

fn react(reaction: &str) -> String {
    about("react", None, &format!(r#","reaction":"{reaction}""#))
}

/// Names of those whose hand is up, as one browser sees them.
fn hands(driver: &Driver, seen_by: ConnectionId) -> Vec<String> {
    let state = driver.clients[&seen_by].state.as_ref().unwrap();
    let mut raised: Vec<&Participant> =
        state.participants.iter().filter(|participant| participant.hand_raised_at.is_some()).collect();
    raised.sort_by_key(|participant| participant.hand_raised_at);
    raised.iter().map(|participant| participant.name.to_string()).collect()
}

#[test]
fn hands_are_in_order_also_when_the_clock_is_not() {
    let mut driver = Driver::new();
    let ids: Vec<_> = (0..4).map(|number| driver.enter(number).0).collect();
    driver.say(ids[2], &hand(true));
    driver.say(ids[1], &hand(true));
    driver.now -= 1_000;
    driver.say(ids[3], &hand(true));
    driver.lose_memory();
    assert_eq!(hands(&driver, ids[0]), ["Person 2", "Person 1", "Person 3"]);
    assert!(driver.say(ids[2], &hand(true)).sent.is_empty(), "a hand that is up keeps its place");
    driver.say(ids[2], &hand(false));
    driver.say(ids[2], &hand(true));
    assert_eq!(hands(&driver, ids[0]), ["Person 1", "Person 3", "Person 2"]);
}

#[test]
fn hosts_take_hands_down_one_or_all() {
    let mut driver = Driver::new();
    let ids: Vec<_> = (0..4).map(|number| driver.enter(number).0).collect();
    ids.iter().for_each(|id| drop(driver.say(*id, &hand(true))));
    driver.say(ids[0], &about("lower_hand", Some(2), ""));
    assert_eq!(hands(&driver, ids[0]), ["Person 0", "Person 1", "Person 3"]);
    assert!(driver.say(ids[0], &about("lower_hand", Some(2), "")).sent.is_empty());
    driver.say(ids[0], &about("lower_hand", None, ""));
    assert!(hands(&driver, ids[3]).is_empty());
    let effects = driver.say(ids[0], &about("lower_hand", Some(9), ""));
    assert_eq!(effects.refused(ids[0]), Some(ErrorCode::InvalidRequest));
}

#[test]
fn a_hand_goes_down_when_its_owner_leaves() {
    let mut driver = Driver::new();
    let (host, _) = driver.enter(0);
    let (bob, _) = driver.enter(1);
    driver.say(bob, &hand(true));
    driver.say(bob, &simple("leave"));
    driver.enter(1);
    assert!(hands(&driver, host).is_empty());
}

#[test]
fn everybody_sees_a_reaction_and_nobody_keeps_it() {
    let mut driver = Driver::new();
    let (host, _) = driver.enter(0);
    let (bob, _) = driver.enter(1);
    let (outside, _) = driver.connect(2);
    let effects = driver.say(bob, &react("heart"));
    let expected = ServerMessage::Reaction { participant: common::person(1), reaction: Reaction::Heart };
    assert_eq!((effects.to(host), effects.to(bob)), (vec![&expected], vec![&expected]));
    assert!(effects.to(outside).is_empty() && effects.saved.is_empty());
    assert_eq!(driver.say(outside, &react("clap")).refused(outside), Some(ErrorCode::NotJoined));
    assert_eq!(driver.say(bob, &react("rocket")).refused(bob), Some(ErrorCode::InvalidRequest));
}

#[test]
fn reactions_are_few_for_each_person_also_on_a_new_socket() {
    let mut driver = Driver::new();
    let (host, _) = driver.enter(0);
    let (bob, _) = driver.enter(1);
    for _ in 0..REACTIONS {
        assert_eq!(driver.say(bob, &react("clap")).refused(bob), None);
    }
    assert_eq!(driver.say(bob, &react("clap")).refused(bob), Some(ErrorCode::RateLimited));
    assert_eq!(driver.say(host, &react("clap")).refused(host), None, "each has their own");
    driver.close(bob);
    let (bob, _) = driver.connect(1);
    driver.wait(REACTION_WINDOW_MS - 1);
    assert_eq!(driver.say(bob, &react("clap")).refused(bob), Some(ErrorCode::RateLimited));
    driver.wait(1);
    assert_eq!(driver.say(bob, &react("clap")).refused(bob), None);
}
