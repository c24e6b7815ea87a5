//! People who ask wait, hosts see them and answer, and nobody waits as a ghost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, identity, invitee, join, owned, person, simple};
use protocol::{
    error::ErrorCode,
    limits,
    rest::{Admission, RoomKind},
    signal::{Role, ServerMessage, WaitingPerson, close},
};
use room::{ADMITTED_MS, Connection, ConnectionId, Input, MISSED_MS, NewRoom, RESTARTED_MS, Record};

const OLIVE: &str = "olive@example.org";

fn private() -> Driver {
    let invite = vec![invitee("cora@else.net", true), invitee("ivan@else.net", false)];
    Driver::with(NewRoom { invite, ..owned(RoomKind::Private) }).0
}

/// Olive is in and Gus asked.
fn asked() -> (Driver, ConnectionId, ConnectionId) {
    let mut driver = private();
    let (olive, _) = driver.enter_signed_in(0, OLIVE);
    let (gus, _) = driver.enter(1);
    (driver, olive, gus)
}

fn answer(kind: &str, number: u8) -> String {
    format!(r#"{{"type":"{kind}","participant":"{}"}}"#, person(number).0)
}

fn lobby(effects: &Effects, of: ConnectionId) -> Option<Vec<&WaitingPerson>> {
    effects.to(of).into_iter().rev().find_map(|message| match message {
        ServerMessage::Lobby { waiting } => Some(waiting.iter().collect()),
        _ => None,
    })
}

#[test]
fn a_guest_asks_a_host_admits_and_the_guest_walks_in() {
    let mut driver = private();
    let (olive, effects) = driver.enter_signed_in(0, OLIVE);
    assert_eq!(lobby(&effects, olive), Some(vec![]));
    let (gus, effects) = driver.connect(1);
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Seated { admission: Admission::Ask, .. }]));
    assert!(effects.to(olive).is_empty(), "a seat is not a question");
    let effects = driver.say(gus, &join("Gus"));
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
    let waiting = lobby(&effects, olive).unwrap();
    assert_eq!((waiting.len(), waiting[0].name.as_str(), waiting[0].verified), (1, "Gus", false));
    driver.lose_memory();
    let effects = driver.say(olive, &answer("admit", 1));
    assert_eq!(effects.to(gus), [&ServerMessage::Admitted]);
    assert_eq!(lobby(&effects, olive), Some(vec![]));
    assert!(matches!(&effects.saved[..], [Record::Waiting(waiting)] if waiting.admitted));
    driver.lose_memory();
    let effects = driver.say(gus, &join("Gus"));
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Welcome { .. }]));
    assert!(effects.saved.contains(&Record::WaitingGone(person(1))));
    assert_eq!(driver.room.next_deadline(), driver.store.errands.values().map(|_| driver.now + mail::LEASE_MS).next());
}

#[test]
fn who_is_denied_is_out() {
    let (mut driver, olive, gus) = asked();
    let effects = driver.say(olive, &answer("deny", 1));
    assert_eq!(effects.to(gus), [&ServerMessage::Denied]);
    assert_eq!(effects.closed, [(gus, close::DENIED)]);
    assert_eq!(lobby(&effects, olive), Some(vec![]));
    assert!(driver.store.waiting.is_empty());
    for word in ["admit", "deny"] {
        let effects = driver.say(olive, &answer(word, 1));
        assert!(effects.sent.is_empty() && effects.saved.is_empty(), "they were gone already");
    }
}

#[test]
fn only_those_who_lead_answer() {
    let (mut driver, _, gus) = asked();
    let (ivan, _) = driver.enter_signed_in(2, "ivan@else.net");
    for (asker, code) in [(ivan, ErrorCode::HostOnly), (gus, ErrorCode::NotJoined)] {
        for word in ["admit", "deny"] {
            let effects = driver.say(asker, &answer(word, 1));
            assert!(matches!(effects.to(asker)[..], [ServerMessage::Error { code: told, .. }] if *told == code));
        }
    }
    assert!(!driver.store.waiting[&person(1)].admitted);
    let (cora, effects) = driver.enter_signed_in(3, "cora@else.net");
    assert_eq!(driver.store.members[&person(3)].role, Role::Cohost);
    assert_eq!(lobby(&effects, cora).unwrap().len(), 1);
    let effects = driver.say(cora, &answer("admit", 1));
    assert_eq!(effects.to(gus), [&ServerMessage::Admitted]);
}

#[test]
fn those_who_wait_know_whether_a_host_is_there() {
    let mut driver = private();
    let (gus, effects) = driver.enter(1);
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: false }]);
    driver.enter_signed_in(2, "ivan@else.net");
    let (olive, effects) = driver.enter_signed_in(0, OLIVE);
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
    let (_, effects) = driver.enter_signed_in(3, "cora@else.net");
    assert!(effects.to(gus).is_empty());
    let effects = driver.say(olive, &simple("leave"));
    assert!(effects.to(gus).is_empty(), "the co-host is still there");
    let (_, effects) = driver.change(OLIVE, r#"{"cohosts":[]}"#);
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: false }]);
}

#[test]
fn asking_again_is_the_same_answer_under_the_new_name() {
    let (mut driver, olive, gus) = asked();
    let effects = driver.say(gus, &join("Person 1"));
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
    assert!(effects.saved.is_empty() && effects.to(olive).is_empty());
    let effects = driver.say(gus, &join("Gustav"));
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
    assert_eq!(lobby(&effects, olive).unwrap()[0].name.as_str(), "Gustav");
}

#[test]
fn who_is_admitted_comes_in_under_the_name_that_the_host_saw() {
    let (mut driver, olive, gus) = asked();
    driver.say(olive, &answer("admit", 1));
    let effects = driver.say(gus, &join("Olive"));
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Welcome { .. }]));
    assert_eq!(driver.store.members[&person(1)].name.as_str(), "Person 1");
}

#[test]
fn hosts_see_proven_and_given_addresses_and_can_tell_them_apart() {
    let mut driver = private();
    let (olive, _) = driver.enter_signed_in(0, OLIVE);
    driver.enter_signed_in(1, "sam@stranger.net");
    let id = ConnectionId(77);
    let email = Some("gus@else.net".parse().unwrap());
    let connection = Connection { id, participant: person(2), host: false, identity: None, email, location: None };
    driver.open.insert(id, connection.clone());
    driver.input(Input::Connected(connection));
    let effects = driver.say(id, &join("Gus"));
    let seen: Vec<_> = lobby(&effects, olive)
        .unwrap()
        .into_iter()
        .map(|person| (person.email.as_ref().unwrap().as_str(), person.verified))
        .collect();
    assert_eq!(seen, [("sam@stranger.net", true), ("gus@else.net", false)]);
}

#[test]
fn who_waits_and_loses_the_socket_keeps_the_place_for_a_while() {
    let (mut driver, olive, gus) = asked();
    assert!(driver.close(gus).to(olive).is_empty());
    driver.lose_memory();
    driver.wait(MISSED_MS - 1);
    driver.woken();
    let (gus, effects) = driver.connect(1);
    assert!(matches!(
        effects.to(gus)[..],
        [ServerMessage::Seated { admission: Admission::Ask, .. }, ServerMessage::Waiting { host_present: true }]
    ));
    driver.close(gus);
    driver.wait(MISSED_MS);
    let effects = driver.woken();
    assert_eq!(lobby(&effects, olive), Some(vec![]));
    assert!(driver.store.waiting.is_empty());
}

#[test]
fn who_was_let_in_while_away_is_told_on_returning() {
    let (mut driver, olive, gus) = asked();
    driver.close(gus);
    driver.say(olive, &answer("admit", 1));
    driver.wait(MISSED_MS + 1);
    driver.woken();
    let (gus, effects) = driver.connect(1);
    assert!(matches!(
        effects.to(gus)[..],
        [ServerMessage::Seated { admission: Admission::Walk, .. }, ServerMessage::Admitted]
    ));
    let effects = driver.say(gus, &join("Gus"));
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Welcome { .. }]));
}

#[test]
fn who_is_let_in_and_does_not_come_goes() {
    let (mut driver, olive, gus) = asked();
    driver.say(olive, &answer("admit", 1));
    driver.wait(ADMITTED_MS - 1);
    driver.woken();
    assert_eq!(driver.store.waiting.len(), 1);
    driver.wait(1);
    let effects = driver.woken();
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Seated { admission: Admission::Ask, .. }]));
    let effects = driver.say(gus, &join("Gus"));
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
}

#[test]
fn who_leaves_does_not_wait() {
    let (mut driver, olive, gus) = asked();
    let effects = driver.say(gus, &simple("leave"));
    assert_eq!(effects.closed, [(gus, close::LEFT)]);
    assert_eq!(lobby(&effects, olive), Some(vec![]));
}

#[test]
fn those_who_wait_survive_a_restart() {
    let (mut driver, olive, gus) = asked();
    let effects = driver.restart(|id| id == olive);
    assert!(effects.to(olive).is_empty());
    assert_eq!(driver.store.waiting[&person(1)].leaves_at, Some(driver.now + RESTARTED_MS));
    let effects = driver.close(olive);
    assert!(effects.to(gus).is_empty());
    let (olive, effects) = driver.connect_signed_in(0, OLIVE);
    assert_eq!(lobby(&effects, olive).unwrap().len(), 1, "a host who returns sees who waits");
    driver.connect(1);
    driver.lose_memory();
    assert_eq!(driver.store.waiting[&person(1)].leaves_at, None);
}

#[test]
fn a_socket_that_opened_while_the_memory_was_lost_waits_on() {
    let (mut driver, _, gus) = asked();
    let connection = driver.open[&gus].clone();
    driver.close(gus);
    driver.open.insert(gus, connection);
    let effects = driver.restart(|_| true);
    assert_eq!(effects.to(gus), [&ServerMessage::Waiting { host_present: true }]);
    assert_eq!(driver.store.waiting[&person(1)].leaves_at, None);
}

#[test]
fn the_lobby_is_bounded() {
    let mut driver = private();
    for number in 0..limits::WAITING_PEOPLE {
        driver.enter(u8::try_from(number + 1).unwrap());
    }
    let (late, effects) = driver.enter(200);
    assert!(matches!(effects.to(late)[..], [ServerMessage::Error { code: ErrorCode::RoomFull, .. }]));
    assert_eq!(driver.store.waiting.len(), limits::WAITING_PEOPLE);
    let (_, effects) = driver.enter_signed_in(201, "ivan@else.net");
    assert!(
        effects.sent.iter().any(|(_, message)| matches!(message, ServerMessage::Welcome { .. })),
        "who may walk walks"
    );
}

#[test]
fn a_meeting_that_opens_lets_in_who_waits_and_one_that_closes_refuses() {
    let (mut driver, _, gus) = asked();
    let (mate, _) = driver.enter_signed_in(2, "mate@example.org");
    let (sam, _) = driver.enter_signed_in(3, "sam@stranger.net");
    let (_, effects) = driver.change(OLIVE, r#"{"invite":["sam@stranger.net"]}"#);
    assert_eq!(effects.to(sam), [&ServerMessage::Admitted], "invited while waiting");
    assert!(effects.to(gus).is_empty() && effects.to(mate).is_empty());
    let (_, effects) = driver.change(OLIVE, r#"{"kind":"team"}"#);
    assert_eq!(effects.to(mate), [&ServerMessage::Admitted]);
    assert_eq!(effects.to(gus), [&ServerMessage::Denied]);
    assert_eq!(effects.closed, [(gus, close::DENIED)]);
    driver.change(OLIVE, r#"{"kind":"private"}"#).0.unwrap();
    let (gus, _) = driver.enter(1);
    let (_, effects) = driver.change(OLIVE, r#"{"kind":"public"}"#);
    assert_eq!(effects.to(gus), [&ServerMessage::Admitted]);
}

#[test]
fn the_end_is_told_to_those_who_wait() {
    let (mut driver, olive, gus) = asked();
    let effects = driver.say(olive, &simple("end"));
    assert!(matches!(effects.to(gus)[..], [ServerMessage::Ended { .. }]));
    assert_eq!(driver.store.waiting.len(), 0);
    assert_eq!(driver.room.admission(driver.now, None, Some(&identity(OLIVE)), false), Err(ErrorCode::RoomEnded));
}
