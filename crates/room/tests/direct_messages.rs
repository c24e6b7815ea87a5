//! What one person says to another is read by the two of them and nobody else, and what was said can be
//! taken back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, about, chat, direct, permit, person, simple};
use protocol::{
    error::ErrorCode,
    signal::{Change, ServerMessage},
};
use room::ConnectionId;

fn unsay(sequence: u64) -> String {
    about("unsay", None, &format!(r#","sequence":{sequence}"#))
}

/// The texts that a browser shows, in order.
fn texts(driver: &Driver, seen_by: ConnectionId) -> Vec<String> {
    let state = driver.clients[&seen_by].state.as_ref().unwrap();
    state.chat.iter().map(|message| message.text.to_string()).collect()
}

/// A host, and three participants.
fn four() -> (Driver, [ConnectionId; 4]) {
    let mut driver = Driver::new();
    let ids = [0, 1, 2, 3].map(|number| driver.enter(number).0);
    (driver, ids)
}

#[test]
fn only_the_two_of_them_read_it_in_one_order_with_everything_else() {
    let (mut driver, [host, bob, cat, dan]) = four();
    driver.say(bob, &chat(1, "one"));
    let version = driver.store.meeting.as_ref().unwrap().version;
    let effects = driver.say(bob, &direct(2, "psst", 2));
    assert_eq!(effects.sent.len(), 2, "the author and the reader");
    let [ServerMessage::Direct { message }] = effects.to(cat)[..] else { panic!("{effects:?}") };
    assert_eq!((message.sequence, message.to, message.author), (2, Some(person(2)), person(1)));
    assert_eq!(driver.store.meeting.as_ref().unwrap().version, version, "not versioned");
    driver.say(cat, &chat(3, "three"));
    for (id, expected) in [
        (host, vec!["one", "three"]),
        (bob, vec!["one", "psst", "three"]),
        (cat, vec!["one", "psst", "three"]),
        (dan, vec!["one", "three"]),
    ] {
        assert_eq!(texts(&driver, id), expected);
        driver.say(id, &simple("sync"));
        assert_eq!(texts(&driver, id), expected, "a full state has it too");
    }
    driver.lose_memory();
    assert!(driver.say(bob, &direct(2, "psst", 2)).sent.is_empty(), "once");
    let (cat, _) = driver.connect(2);
    assert_eq!(texts(&driver, cat), ["one", "psst", "three"], "coming back");
    let (late, _) = driver.enter(4);
    assert_eq!(texts(&driver, late), ["one", "three"]);
}

#[test]
fn it_goes_to_somebody_else_who_is_in() {
    let (mut driver, [_, bob, _, dan]) = four();
    driver.say(dan, &simple("leave"));
    driver.connect(5);
    for to in [1, 3, 5, 9] {
        let effects = driver.say(bob, &direct(1, "hello", to));
        assert_eq!(effects.refused(bob), Some(ErrorCode::InvalidRequest));
        assert!(effects.saved.is_empty());
    }
}

#[test]
fn without_a_chat_hosts_can_still_be_written_to() {
    let (mut driver, [host, bob, _, _]) = four();
    driver.say(host, &permit(true, false, true, true));
    assert_eq!(driver.say(bob, &chat(1, "hello")).refused(bob), Some(ErrorCode::Forbidden));
    assert_eq!(driver.say(bob, &direct(1, "hello", 2)).refused(bob), Some(ErrorCode::Forbidden));
    assert_eq!(driver.say(bob, &direct(1, "may I?", 0)).refused(bob), None);
    assert_eq!(driver.say(host, &direct(1, "yes", 1)).refused(host), None);
    assert_eq!(driver.say(host, &chat(2, "quiet please")).refused(host), None);
    assert_eq!(texts(&driver, bob), ["may I?", "yes", "quiet please"]);
    driver.say(host, &about("set_cohost", Some(2), r#","cohost":true"#));
    assert_eq!(driver.say(bob, &direct(3, "and you?", 2)).refused(bob), None);
}

#[test]
fn authors_take_back_their_own_and_hosts_anything_they_read() {
    let (mut driver, [host, bob, cat, dan]) = four();
    driver.say(bob, &chat(1, "one"));
    driver.say(bob, &chat(2, "two"));
    driver.say(bob, &direct(3, "psst", 2));
    driver.say(bob, &direct(4, "host!", 0));
    assert_eq!(driver.say(cat, &unsay(1)).refused(cat), Some(ErrorCode::Forbidden));
    let effects = driver.say(bob, &unsay(1));
    assert!(matches!(effects.to(dan)[..], [ServerMessage::Change { change: Change::Unsaid { sequence: 1 }, .. }]));
    assert_eq!(texts(&driver, dan), ["two"]);
    for (id, sequence, expected) in [
        (bob, 1, Some(ErrorCode::InvalidRequest)),
        (bob, 9, Some(ErrorCode::InvalidRequest)),
        (bob, 0, Some(ErrorCode::InvalidRequest)),
        (host, 3, Some(ErrorCode::InvalidRequest)),
        (dan, 3, Some(ErrorCode::InvalidRequest)),
        (cat, 3, Some(ErrorCode::Forbidden)),
        (host, 2, None),
        (host, 4, None),
        (bob, 3, None),
    ] {
        assert_eq!(driver.say(id, &unsay(sequence)).refused(id), expected, "{sequence}");
    }
    for id in [host, bob, cat, dan] {
        assert!(texts(&driver, id).is_empty());
    }
}

#[test]
fn what_was_taken_back_is_not_stored_and_does_not_come_again() {
    let (mut driver, [_, bob, _, _]) = four();
    driver.say(bob, &chat(1, "oops"));
    driver.say(bob, &unsay(1));
    driver.lose_memory();
    let row = serde_json::to_string(&driver.store.chat[&1]).unwrap();
    assert!(!row.contains("oops"), "{row}");
    assert!(driver.say(bob, &chat(1, "oops")).sent.is_empty(), "a browser that says it again changes nothing");
    driver.say(bob, &chat(2, "two"));
    assert_eq!(driver.store.chat.keys().last(), Some(&2), "its number stays taken");
}
