//! People who are lost come back as who they were, and nobody stays as a ghost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, answer, instance, join, person, simple};
use protocol::{
    region::SessionEventKind,
    rest::Admission,
    signal::{Change, Presence, Role, ServerMessage, close},
};
use room::{CHECKED_MS, HEARD_MS, Input, KEPT_MS, MISSED_MS, RESTARTED_MS};

fn presence_seen(effects: &common::Effects, by: room::ConnectionId) -> Vec<Presence> {
    let changes = effects.to(by).into_iter().filter_map(|message| match message {
        ServerMessage::Change { change: Change::Updated { participant }, .. } => Some(participant.presence),
        _ => None,
    });
    changes.collect()
}

/// Two people, carried by `fra`.
fn call() -> (Driver, room::ConnectionId, room::ConnectionId) {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter(0);
    let call = driver.instances(&[instance("fra", 50.0, 8.0)]).open().clone();
    driver.accept(&call);
    let (bob, effects) = driver.enter(1);
    driver.accept(&effects.open().clone());
    (driver, ada, bob)
}

#[test]
fn a_host_who_drops_and_returns_is_still_the_host() {
    let (mut driver, host, bob) = call();
    assert_eq!(presence_seen(&driver.close(host), bob), [Presence::Reconnecting]);
    driver.wait(MISSED_MS - 1);
    driver.lose_memory();
    driver.woken();
    let (host, effects) = driver.connect(0);
    assert_eq!(presence_seen(&effects, bob), [Presence::Connected]);
    let [ServerMessage::Welcome { you, state }, ServerMessage::Lobby { .. }] = effects.to(host)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*you, state.participants[0].id, state.participants[0].role), (person(0), person(0), Role::Host));
    assert_eq!(driver.room.next_deadline(), None);
}

#[test]
fn who_does_not_come_back_is_out_and_may_join_again() {
    let (mut driver, host, bob) = call();
    driver.close(host);
    driver.happened("fra", 0, 1, SessionEventKind::Closed);
    let effects = driver.wake();
    assert!(matches!(
        effects.to(bob)[..],
        [ServerMessage::Change { change: Change::Left { participant }, .. }] if *participant == person(0)
    ));
    assert_eq!(effects.session_closes.len(), 1);
    let (host, effects) = driver.connect(0);
    assert!(matches!(effects.to(host)[..], [ServerMessage::Seated { participants: 1, .. }]));
    let effects = driver.say(host, &join("Ada"));
    let [ServerMessage::Welcome { state, .. }, ServerMessage::Lobby { .. }] = effects.to(host)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(state.participants[1].role, Role::Host);
    assert!(effects.open().epoch > 1, "a region takes no number twice");
}

#[test]
fn a_second_socket_of_the_same_seat_replaces_the_first_unseen() {
    let (mut driver, host, bob) = call();
    let (second, effects) = driver.connect(0);
    assert_eq!(effects.closed, [(host, close::REPLACED)]);
    assert!(effects.to(bob).is_empty() && effects.saved.is_empty());
    assert!(driver.close(host).sent.is_empty(), "the close of the first comes late");
    assert!(!driver.say(second, &simple("sync")).sent.is_empty());
}

#[test]
fn who_is_not_heard_is_asked_and_any_word_is_an_answer() {
    for word in [simple("here"), "nonsense".to_owned(), "ping".to_owned()] {
        let (mut driver, _, bob) = call();
        let effects = driver.happened("fra", 1, 2 - 1, SessionEventKind::Silent);
        assert_eq!(effects.to(bob), [&ServerMessage::Check]);
        assert_eq!(effects.sent.len(), 1, "the others see nothing of it");
        assert_eq!(driver.room.next_deadline(), Some(driver.now + CHECKED_MS));
        assert!(driver.happened("fra", 1, 1, SessionEventKind::Closed).sent.is_empty(), "asked once");
        driver.lose_memory();
        driver.say(bob, &word);
        assert_eq!(driver.room.next_deadline(), None);
    }
}

#[test]
fn media_that_flows_again_is_an_answer_too() {
    let (mut driver, ..) = call();
    driver.happened("fra", 1, 1, SessionEventKind::Silent);
    driver.happened("fra", 1, 1, SessionEventKind::Back);
    assert_eq!(driver.room.next_deadline(), None);
}

#[test]
fn a_ghost_whose_close_was_lost_is_out_within_seconds() {
    let (mut driver, ada, bob) = call();
    driver.happened("fra", 1, 1, SessionEventKind::Closed);
    let effects = driver.wake();
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Change { change: Change::Left { .. }, .. }]));
    // Were they there after all, they would see that they are out.
    assert!(matches!(effects.to(bob)[..], [ServerMessage::Seated { .. }]));
    let effects = driver.say(bob, &join("Bob"));
    assert!(matches!(effects.to(bob)[0], ServerMessage::Welcome { .. }));
}

#[test]
fn regions_speak_only_of_those_they_carry_and_of_their_last_session() {
    let (mut driver, ..) = call();
    let writes = driver.store.writes;
    driver.happened("nrt", 1, 1, SessionEventKind::Closed);
    driver.happened("fra", 1, 0, SessionEventKind::Closed);
    driver.happened("fra", 1, 2, SessionEventKind::Closed);
    driver.happened("fra", 7, 1, SessionEventKind::Closed);
    let event = protocol::region::SessionEvent {
        room: "f".repeat(64).parse().unwrap(),
        participant: person(1),
        epoch: 1,
        kind: SessionEventKind::Closed,
    };
    let effects = driver.input(Input::Happened { instance: "fra".parse().unwrap(), event });
    assert!(effects.sent.is_empty());
    assert_eq!((driver.store.writes, driver.room.next_deadline()), (writes, None));
}

#[test]
fn after_a_restart_everybody_has_time_to_come_back() {
    let (mut driver, ada, bob) = call();
    driver.happened("fra", 0, 1, SessionEventKind::Silent);
    driver.say(ada, &simple("here"));
    let effects = driver.restart(|id| id == bob);
    assert_eq!(presence_seen(&effects, bob), [Presence::Reconnecting]);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + RESTARTED_MS));
    let effects = driver.restart(|_| false);
    assert!(effects.sent.is_empty());
    driver.wait(RESTARTED_MS - 1);
    driver.woken();
    let (ada, effects) = driver.connect(0);
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Welcome { .. }, ServerMessage::Lobby { .. }]));
    let effects = driver.wake();
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Change { change: Change::Left { .. }, .. }]));
}

#[test]
fn whom_the_region_hears_stays_while_their_socket_is_away() {
    let (mut driver, ada, bob) = call();
    assert_eq!(presence_seen(&driver.close(bob), ada), [Presence::Reconnecting]);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + HEARD_MS));
    driver.wait(HEARD_MS - 1);
    driver.lose_memory();
    assert!(driver.woken().session_closes.is_empty(), "media goes on");
    let (bob, effects) = driver.connect(1);
    assert_eq!(presence_seen(&effects, ada), [Presence::Connected]);
    assert!(matches!(effects.to(bob)[..], [ServerMessage::Welcome { .. }]));
    driver.close(bob);
    let effects = driver.wake();
    assert_eq!(effects.session_closes.len(), 1, "not for ever");
}

#[test]
fn who_is_missed_is_out_soon_after_the_region_hears_them_no_more() {
    for kind in [SessionEventKind::Silent, SessionEventKind::Closed] {
        let (mut driver, _, bob) = call();
        driver.close(bob);
        driver.wait(60_000);
        assert!(driver.happened("fra", 1, 1, kind).sent.is_empty(), "nobody is there to be asked");
        assert_eq!(driver.room.next_deadline(), Some(driver.now + CHECKED_MS));
        driver.lose_memory();
        driver.wait(1_000);
        driver.happened("fra", 1, 1, kind);
        assert_eq!(driver.room.next_deadline(), Some(driver.now + CHECKED_MS - 1_000), "the first time counts");
        driver.happened("fra", 1, 1, SessionEventKind::Back);
        assert_eq!(driver.room.next_deadline(), Some(driver.now + HEARD_MS));
    }
}

#[test]
fn who_was_not_heard_when_the_socket_was_lost_is_out_in_seconds() {
    let (mut driver, _, bob) = call();
    driver.happened("fra", 1, 1, SessionEventKind::Silent);
    driver.say(bob, &simple("here"));
    driver.close(bob);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + MISSED_MS));
}

#[test]
fn after_a_sleep_they_come_back_past_the_lock_and_who_left_does_not() {
    let (mut driver, ada, bob) = call();
    let (eve, _) = driver.enter(2);
    driver.say(eve, &simple("leave"));
    driver.say(ada, r#"{"type":"lock","locked":true}"#);
    driver.happened("fra", 1, 1, SessionEventKind::Silent);
    let effects = driver.wake();
    assert!(matches!(effects.to(bob)[..], [ServerMessage::Seated { admission: Admission::Walk, .. }]));
    driver.wait(KEPT_MS - 1);
    driver.lose_memory();
    let effects = driver.say(bob, &join("Bob"));
    assert!(matches!(effects.to(bob)[0], ServerMessage::Welcome { .. }));
    assert!(driver.store.waiting.is_empty());
    let (eve, effects) = driver.connect(2);
    assert_eq!(effects.closed, [(eve, close::DENIED)], "{effects:?}");
    // And not for ever.
    driver.close(bob);
    driver.wake();
    driver.wake();
    let (bob, effects) = driver.connect(1);
    assert_eq!(effects.closed, [(bob, close::DENIED)], "{effects:?}");
}

#[test]
fn who_returned_while_the_memory_was_lost_is_welcomed() {
    let (mut driver, ada, bob) = call();
    let connection = driver.open[&ada].clone();
    driver.close(ada);
    // The socket was accepted, and the room was lost before it heard of it.
    driver.open.insert(ada, connection);
    let effects = driver.restart(|_| true);
    assert_eq!(presence_seen(&effects, bob), [Presence::Connected]);
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Welcome { .. }, ServerMessage::Lobby { .. }]));
}

#[test]
fn leaving_is_at_once() {
    let (mut driver, ada, bob) = call();
    let effects = driver.say(bob, &simple("leave"));
    assert_eq!(effects.closed, [(bob, close::LEFT)]);
    assert!(matches!(effects.to(ada)[..], [ServerMessage::Change { change: Change::Left { .. }, .. }]));
    assert_eq!(effects.session_closes.len(), 1);
    let late = Input::Opened { participant: person(1), epoch: 1, result: Ok(answer()) };
    assert!(driver.input(late).sent.is_empty());
}
