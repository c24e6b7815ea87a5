//! What an open home page learns, who rings on it, and how much of a socket is borne.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Answer, CALLS, CONDUCT_MS, ConnectionId, MESSAGES, MISTAKES_BEFORE_CLOSE, Question, RING_MS, SOCKETS};
use common::{Driver, Effects, HOUR, SECOND, call, meeting, room_id};
use mail::Letter;
use protocol::{
    account::{HomeEvent, IncomingCall, close},
    id::CallId,
    rest::{RoomDetails, RoomPhase},
};
use uuid::Uuid;

fn ringing(effects: &Effects, id: ConnectionId) -> Vec<IncomingCall> {
    let events = effects.to(id).into_iter();
    events.filter_map(|event| if let HomeEvent::Ringing { call } = event { Some(call.clone()) } else { None }).collect()
}

fn rung(effects: &Effects, id: ConnectionId) -> Vec<CallId> {
    let events = effects.to(id).into_iter();
    events.filter_map(|event| if let HomeEvent::Rung { call } = event { Some(*call) } else { None }).collect()
}

fn live(driver: &mut Driver, room: u32, phase: RoomPhase, participants: u32) -> Effects {
    driver.ask(Question::Live { room: room_id(room), phase, participants })
}

#[test]
fn a_call_rings_on_every_home_page_until_one_takes_it() {
    for answer in ["accept", "decline"] {
        let (mut driver, device) = Driver::signed_up();
        let (first, _) = driver.connect(device.session);
        let (second, _) = driver.connect(device.session);
        let effects = driver.ring();
        assert_eq!(effects.answer(), Answer::Done);
        assert!(effects.posts.is_empty());
        let [call] = &ringing(&effects, first)[..] else { panic!("{effects:?}") };
        assert_eq!(ringing(&effects, second), std::slice::from_ref(call));
        assert_eq!((call.since, call.until), (driver.now, driver.now + RING_MS));
        assert_eq!(call.name.as_str(), "Grace");
        driver.wait(10 * SECOND);
        let (late, effects) = driver.connect(device.session);
        assert_eq!(ringing(&effects, late), std::slice::from_ref(call));
        let text = format!(r#"{{"type":"{answer}","call":"{}"}}"#, call.id.0);
        let effects = driver.say(second, &text);
        for socket in [first, second, late] {
            assert_eq!(rung(&effects, socket), [call.id]);
        }
        assert!(driver.say(first, &text).sent.is_empty(), "it was answered already");
        driver.wait(RING_MS);
        assert!(driver.wake().posts.is_empty(), "nothing was missed");
    }
}

#[test]
fn a_call_that_nobody_takes_is_written_of() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    let since = driver.now;
    let call = ringing(&driver.ring(), socket)[0].clone();
    driver.restart();
    assert_eq!(driver.account.next_deadline(), Some(since + RING_MS));
    let effects = driver.sleep();
    assert_eq!(rung(&effects, socket), [call.id]);
    let Letter::MissedCall { name, email, link, at } = effects.letter() else { panic!("{effects:?}") };
    assert_eq!((name.as_str(), email.as_str(), *at), ("Grace", "grace@example.org", since));
    assert_eq!(link, &format!("https://meet.example/m/{}", call.code));
}

#[test]
fn a_call_outlasts_the_page_that_it_rang_on() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    driver.ring();
    driver.disconnect(socket);
    let (socket, effects) = driver.connect(device.session);
    assert_eq!(ringing(&effects, socket).len(), 1);
    driver.disconnect(socket);
    assert_eq!(driver.sleep().posts.len(), 1);
}

#[test]
fn where_nobody_is_a_mail_says_so_at_once_and_the_caller_learns_nothing() {
    let (mut known, _) = Driver::signed_up();
    let (mut present, device) = Driver::signed_up();
    present.connect(device.session);
    let mut unknown = Driver::new();
    unknown.now = known.now;
    for (driver, mails) in [(&mut known, 1), (&mut present, 0), (&mut unknown, 1)] {
        let effects = driver.ring();
        assert_eq!((effects.answer(), effects.hashes), (Answer::Done, 0));
        assert_eq!(effects.posts.len(), mails);
    }
    unknown.deliver();
    assert_eq!(unknown.account.next_deadline(), Some(unknown.now + HOUR));
    unknown.sleep();
    assert_eq!(unknown.store, common::Store::default(), "nothing is kept of a stranger");
}

#[test]
fn further_calls_get_the_mail_and_mails_are_bounded() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    for _ in 0..CALLS {
        assert_eq!(ringing(&driver.ring(), socket).len(), 1);
    }
    let mails: usize = (0..100).map(|_| driver.ring().posts.len()).sum();
    assert_eq!(mails, 60);
    let effects = driver.sleep();
    assert_eq!(rung(&effects, socket).len(), CALLS);
}

#[test]
fn a_home_page_learns_the_list_when_it_opens_and_when_it_changes() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(meeting(1), 1);
    let (socket, effects) = driver.connect(device.session);
    let expected = HomeEvent::Meetings { meetings: driver.meetings(&device) };
    assert_eq!(effects.to(socket), [&expected]);
    let effects = driver.tell(meeting(2), 1);
    let expected = HomeEvent::Meetings { meetings: driver.meetings(&device) };
    assert_eq!(effects.to(socket), [&expected]);
    assert!(driver.tell(meeting(2), 1).sent.is_empty(), "nothing new");
    assert!(driver.tell(meeting(2), 2).sent.is_empty(), "nothing to see");
    let gone = driver.ask(Question::MeetingGone { room: room_id(2), revision: 3 });
    assert_eq!(gone.to(socket).len(), 1);
}

#[test]
fn rooms_are_watched_while_a_home_page_is_open() {
    let (mut driver, device) = Driver::signed_up();
    assert!(driver.tell(meeting(1), 1).watches.is_empty());
    assert_eq!(live(&mut driver, 1, RoomPhase::Active, 3).answer(), Answer::Watching(false));
    let (first, effects) = driver.connect(device.session);
    assert_eq!(effects.watches, [(room_id(1), true)]);
    let (second, effects) = driver.connect(device.session);
    assert!(effects.watches.is_empty());
    assert_eq!(driver.tell(meeting(2), 1).watches, [(room_id(2), true)]);

    let effects = live(&mut driver, 1, RoomPhase::Active, 3);
    assert_eq!(effects.answer(), Answer::Watching(true));
    let event = HomeEvent::Live { room: room_id(1), phase: RoomPhase::Active, participants: 3 };
    assert_eq!((effects.to(first), effects.to(second)), (vec![&event], vec![&event]));
    assert!(effects.saved.is_empty(), "numbers are not worth a row");
    assert!(live(&mut driver, 1, RoomPhase::Active, 3).sent.is_empty(), "nothing new");
    let shown = driver.meetings(&device).upcoming.into_iter().find(|details| details.id == room_id(1)).unwrap();
    assert_eq!((shown.phase, shown.participants), (RoomPhase::Active, 3));

    live(&mut driver, 1, RoomPhase::Destroyed, 0);
    let (upcoming, past) = (driver.meetings(&device).upcoming, driver.meetings(&device).past);
    assert_eq!((upcoming.len(), past[0].phase), (1, RoomPhase::Destroyed), "over, and when is told soon");
    let over = RoomDetails { phase: RoomPhase::Destroyed, ended_at: Some(driver.now), ..meeting(1) };
    assert!(driver.tell(over, 2).watches.is_empty(), "it forgets by itself who watched");
    assert_eq!(live(&mut driver, 1, RoomPhase::Active, 3).answer(), Answer::Watching(false));
    assert_eq!(driver.meetings(&device).past[0].participants, 0);

    assert!(driver.disconnect(first).watches.is_empty());
    assert_eq!(driver.disconnect(second).watches, [(room_id(2), false)]);
    assert_eq!(live(&mut driver, 2, RoomPhase::Active, 1).answer(), Answer::Watching(false));
}

#[test]
fn a_page_that_returns_sees_no_numbers_of_before() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(meeting(1), 1);
    let (socket, _) = driver.connect(device.session);
    live(&mut driver, 1, RoomPhase::Active, 3);
    driver.disconnect(socket);
    assert_eq!(driver.meetings(&device).upcoming, [meeting(1)]);
    let (socket, _) = driver.connect(device.session);
    assert_eq!(live(&mut driver, 1, RoomPhase::Active, 3).to(socket).len(), 1);
}

#[test]
fn watching_outlasts_the_objects_memory_as_long_as_a_page_is_open() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(meeting(1), 1);
    let (socket, _) = driver.connect(device.session);
    driver.restart();
    assert_eq!(live(&mut driver, 1, RoomPhase::Active, 2).to(socket).len(), 1);
    assert_eq!(driver.tell(meeting(2), 1).watches, [(room_id(2), true)]);
    driver.restart_alone();
    assert_eq!(live(&mut driver, 1, RoomPhase::Active, 3).answer(), Answer::Watching(false));
}

#[test]
fn only_the_newest_meetings_are_watched() {
    let (mut driver, device) = Driver::signed_up();
    let (_, _) = driver.connect(device.session);
    let made = |number: u32| RoomDetails { created_at: common::START + u64::from(number), ..meeting(number) };
    for number in 0..50 {
        assert_eq!(driver.tell(made(number), 1).watches, [(room_id(number), true)]);
    }
    assert_eq!(driver.tell(made(50), 1).watches, [(room_id(0), false), (room_id(50), true)]);
}

#[test]
fn what_is_no_message_is_borne_for_a_while() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    let unknown = format!(r#"{{"type":"accept","call":"{}"}}"#, Uuid::from_u128(5));
    for text in ["", "{", r#"{"type":"dance"}"#, &unknown, r#"{"type":"accept","call":"x"}"#] {
        let effects = driver.say(socket, text);
        assert!(effects.closed.is_empty() && effects.sent.is_empty(), "{text}");
    }
    assert_eq!(MISTAKES_BEFORE_CLOSE, 5);
    assert_eq!(driver.say(socket, &"x".repeat(100_000)).closed, [(socket, 1007)]);
    assert!(driver.say(socket, "{").closed.is_empty(), "it is closed already");
}

#[test]
fn who_says_too_much_is_closed() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    let text = format!(r#"{{"type":"accept","call":"{}"}}"#, Uuid::from_u128(5));
    for _ in 0..3 {
        for _ in 0..MESSAGES {
            assert!(driver.say(socket, &text).closed.is_empty());
        }
        driver.wait(CONDUCT_MS);
    }
    (0..MESSAGES).for_each(|_| drop(driver.say(socket, &text)));
    assert_eq!(driver.say(socket, &text).closed, [(socket, 1008)]);
}

#[test]
fn sockets_are_bounded_and_only_for_devices_that_are_signed_in() {
    let (mut driver, device) = Driver::signed_up();
    for _ in 0..SOCKETS {
        assert!(driver.connect(device.session).1.closed.is_empty());
    }
    let (socket, effects) = driver.connect(device.session);
    assert_eq!(effects.closed, [(socket, 1008)]);
    // The rows say that the device is out, and its sockets survived: the object was lost in between.
    driver.store.sessions.clear();
    driver.account = driver.restored();
    let outputs: Vec<_> = std::iter::from_fn(|| driver.account.poll_output()).collect();
    let closed = driver.apply(outputs).closed;
    assert_eq!(closed.len(), SOCKETS);
    assert!(closed.iter().all(|(_, code)| *code == close::SIGNED_OUT));
}

#[test]
fn a_call_says_what_the_caller_said_and_nothing_that_they_chose_for_us() {
    let (mut driver, device) = Driver::signed_up();
    let (socket, _) = driver.connect(device.session);
    let forged = IncomingCall { since: 1, until: u64::MAX, ..call() };
    let question = Question::Ring { email: common::email(), call: forged, origin: common::ORIGIN.into() };
    let shown = ringing(&driver.ask(question), socket)[0].clone();
    assert_eq!((shown.since, shown.until), (driver.now, driver.now + RING_MS));
    assert_ne!(shown.id, call().id);
}
