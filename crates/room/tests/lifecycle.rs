//! A meeting exists before the first person and after the last, sleeps while nothing happens, and
//! ends in its time or by a host.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, chat, new_room, simple};
use protocol::{
    error::ErrorCode,
    rest::RoomPhase,
    signal::{EndReason, ServerMessage, close},
};
use room::{EMPTY_MS, Input, REMEMBERED_MS, Record};

fn phase(driver: &Driver) -> RoomPhase {
    driver.room.details_for(None, true).unwrap().phase
}

#[test]
fn a_quiet_call_asks_for_no_alarm() {
    let mut driver = Driver::new();
    assert_eq!(driver.room.next_deadline(), Some(driver.now + EMPTY_MS));
    driver.enter(0);
    driver.enter(1);
    assert_eq!(driver.room.next_deadline(), None);
    driver.lose_memory();
    assert_eq!(driver.room.next_deadline(), None);
    let effects = driver.woken();
    assert!(effects.sent.is_empty() && effects.saved.is_empty());
}

#[test]
fn it_waits_a_day_for_somebody_to_come_back() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(1);
    driver.wait(10 * EMPTY_MS);
    assert_eq!(phase(&driver), RoomPhase::Active, "however long people talk");
    driver.say(id, &chat(1, "back tomorrow"));
    driver.say(id, &simple("leave"));
    assert_eq!(phase(&driver), RoomPhase::Waiting);
    driver.wait(EMPTY_MS - 1);
    assert!(driver.woken().saved.is_empty());
    driver.enter(2);
    assert_eq!((phase(&driver), driver.store.chat.len()), (RoomPhase::Active, 1));
}

#[test]
fn it_expires_tells_who_waits_before_it_and_is_forgotten_in_the_end() {
    let mut driver = Driver::new();
    let (waiting, _) = driver.connect(1);
    let effects = driver.wake();
    assert_eq!(effects.to(waiting), [&ServerMessage::Ended { reason: EndReason::Expired }]);
    assert_eq!(effects.closed, [(waiting, close::ENDED)]);
    assert_eq!(driver.room.admission(driver.now, None, None, false), Err(ErrorCode::RoomEnded));
    let (late, effects) = driver.connect(2);
    assert_eq!(effects.to(late), [&ServerMessage::Ended { reason: EndReason::Expired }]);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + REMEMBERED_MS));
    assert_eq!(driver.wake().saved, [Record::Forgotten]);
    assert_eq!(driver.room.details_for(None, true), Err(ErrorCode::RoomNotFound));
    assert_eq!(driver.room.admission(driver.now, None, None, false), Err(ErrorCode::RoomNotFound));
    assert!(driver.woken().saved.is_empty());
}

#[test]
fn an_alarm_that_is_late_admits_nobody() {
    let mut driver = Driver::new();
    driver.wait(EMPTY_MS);
    assert_eq!(driver.room.admission(driver.now, None, None, false), Err(ErrorCode::RoomEnded));
    let (late, effects) = driver.connect(1);
    assert_eq!(effects.to(late), [&ServerMessage::Ended { reason: EndReason::Expired }]);
    assert_eq!(phase(&driver), RoomPhase::Expired);
}

#[test]
fn a_socket_that_closes_as_it_expires_is_told_nothing() {
    let mut driver = Driver::new();
    let (waiting, _) = driver.connect(1);
    driver.wait(EMPTY_MS);
    assert!(driver.close(waiting).sent.is_empty());
    assert_eq!(phase(&driver), RoomPhase::Expired);
}

#[test]
fn only_a_host_who_is_in_ends_it_for_everyone() {
    let mut driver = Driver::new();
    let (guest, _) = driver.enter(1);
    let (host, _) = driver.connect(0);
    for id in [guest, host] {
        let effects = driver.say(id, &simple("end"));
        assert!(matches!(
            effects.to(id)[..],
            [ServerMessage::Error { code: ErrorCode::HostOnly | ErrorCode::NotJoined, .. }]
        ));
        assert_eq!(phase(&driver), RoomPhase::Active);
    }
    driver.say(host, &common::join("Host"));
    driver.say(guest, &chat(1, "bye"));
    let (door, _) = driver.connect(2);
    let effects = driver.say(host, &simple("end"));
    for id in [guest, host, door] {
        assert_eq!(effects.to(id), [&ServerMessage::Ended { reason: EndReason::EndedByHost }]);
        assert!(effects.closed.contains(&(id, close::ENDED)));
    }
    assert!(effects.saved.contains(&Record::Erased));
    assert!(driver.store.members.is_empty() && driver.store.chat.is_empty());
    driver.lose_memory();
    assert_eq!(driver.room.admission(driver.now, None, None, false), Err(ErrorCode::RoomEnded));
}

#[test]
fn a_half_stored_room_mends_itself() {
    let mut driver = Driver::new();
    let (id, _) = driver.enter(0);
    let mut stored = driver.store.load().unwrap();
    stored.members.clear();
    let room = room::Room::restore(driver.now, stored, Vec::new());
    assert_eq!(room.details_for(None, true).unwrap().phase, RoomPhase::Waiting);
    assert_eq!(room.next_deadline(), Some(driver.now + EMPTY_MS));

    driver.say(id, &simple("end"));
    let mut stored = driver.store.load().unwrap();
    stored.members = vec![];
    let connection = room::Connection {
        id,
        participant: common::person(0),
        host: true,
        identity: None,
        email: None,
        location: None,
    };
    let mut room = room::Room::restore(driver.now, stored, vec![connection]);
    let outputs: Vec<_> = std::iter::from_fn(|| room.poll_output()).collect();
    assert!(matches!(outputs[..], [room::Output::Send { .. }, room::Output::Close { code: close::ENDED, .. }]));
}

#[test]
fn the_host_secret_is_known_by_its_hash() {
    let room = room::Room::create(0, new_room());
    assert!(room.is_host_secret(&[7; 32]));
    let mut wrong = [7; 32];
    wrong[31] = 8;
    assert!(!room.is_host_secret(&wrong));
    let mut open = room::Room::create(0, room::NewRoom { host_secret_hash: None, ..new_room() });
    assert!(!open.is_host_secret(&[0; 32]));
    open.handle(0, Input::Woken);
    assert!(!open.is_host_secret(&[7; 32]));
}
