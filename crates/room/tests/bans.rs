//! Who is removed stays out until the meeting ends; a locked meeting takes nobody new; and with a
//! waiting room people ask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, about, chat, identity, invitee, join, owned, person, simple};
use protocol::{
    error::ErrorCode,
    rest::{Admission, RoomKind},
    signal::{Change, Role, ServerMessage, close},
};
use room::{BANS, ConnectionId, MISSED_MS, NewRoom};

const OLIVE: &str = "olive@example.org";
const SAM: &str = "sam@else.net";

fn remove(whom: u8) -> String {
    about("remove", Some(whom), "")
}

fn lock(locked: bool) -> String {
    about("lock", None, &format!(r#","locked":{locked}"#))
}

fn waiting_room(on: bool) -> String {
    about("waiting_room", None, &format!(r#","on":{on}"#))
}

/// Olive's meeting, with her in.
fn led(kind: RoomKind) -> (Driver, ConnectionId) {
    let invite = vec![invitee("ivan@else.net", false)];
    let (mut driver, _) = Driver::with(NewRoom { invite, ..owned(kind) });
    let (olive, _) = driver.enter_signed_in(0, OLIVE);
    (driver, olive)
}

#[test]
fn a_signed_in_person_is_out_everywhere_and_stays_out() {
    let (mut driver, olive) = led(RoomKind::Public);
    let (first, _) = driver.enter_signed_in(4, SAM);
    let (second, _) = driver.enter_signed_in(5, SAM);
    let (third, _) = driver.connect_signed_in(6, SAM);
    let effects = driver.say(olive, &remove(4));
    let mut closed = effects.closed.clone();
    closed.sort();
    let mut expected = [first, second, third].map(|id| (id, close::REMOVED));
    expected.sort();
    assert_eq!(closed, expected, "on every device");
    assert_eq!(driver.store.members.len(), 1);
    driver.lose_memory();
    let sam = identity(SAM);
    assert_eq!(driver.room.admission(driver.now, None, Some(&sam), false), Err(ErrorCode::Banned));
    let (again, effects) = driver.connect_signed_in(7, SAM);
    assert_eq!((effects.refused(again), effects.closed), (Some(ErrorCode::Banned), vec![(again, close::REMOVED)]));
    assert_eq!(driver.room.admission(driver.now, None, None, false), Ok(Admission::Walk), "nobody else asks for it");
}

#[test]
fn a_guest_is_kept_out_by_their_seat_and_asks_under_another_name() {
    let (mut driver, olive) = led(RoomKind::Public);
    let (gus, effects) = driver.enter(1);
    assert_eq!(effects.refused(gus), None);
    let effects = driver.say(olive, &remove(1));
    assert_eq!(effects.closed, [(gus, close::REMOVED)]);
    let told = effects.to(olive).into_iter().any(|message| match message {
        ServerMessage::Change { change: Change::Room { room }, .. } => room.waiting_room,
        _ => false,
    });
    assert!(told, "hosts see that the waiting room is on");
    driver.lose_memory();
    let (again, effects) = driver.connect(1);
    assert_eq!((effects.refused(again), effects.closed), (Some(ErrorCode::Banned), vec![(again, close::REMOVED)]));
    let (other, _) = driver.connect(2);
    let effects = driver.say(other, &join("Not Gus"));
    assert_eq!(effects.to(other), [&ServerMessage::Waiting { host_present: true }]);
}

#[test]
fn a_removed_person_is_carried_no_longer_and_what_they_said_stays() {
    let mut driver = Driver::new();
    let (host, _) = driver.enter_carried(0);
    let (bob, _) = driver.enter_carried(1);
    driver.say(bob, &chat(1, "hello"));
    let effects = driver.say(host, &remove(1));
    assert_eq!(effects.session_closes.len(), 1);
    assert!(!driver.regions.contains_key(&person(1)), "their session is over");
    assert_eq!(driver.store.chat.len(), 1);
}

#[test]
fn a_removed_co_host_leads_no_longer() {
    let (mut driver, olive) = led(RoomKind::Public);
    driver.enter_signed_in(4, SAM);
    driver.say(olive, &about("set_cohost", Some(4), r#","cohost":true"#));
    driver.say(olive, &remove(4));
    let (answer, _) = driver.change(SAM, r#"{"title":"Mine now"}"#);
    assert_eq!(answer, Err(ErrorCode::Forbidden));
}

#[test]
fn who_is_the_host_on_another_device_is_not_removed() {
    let (mut driver, _) = led(RoomKind::Public);
    let (cora, _) = driver.enter_signed_in(2, "cora@example.org");
    let olive = driver.open.keys().copied().find(|id| *id != cora).unwrap();
    driver.say(olive, &about("set_cohost", Some(2), r#","cohost":true"#));
    driver.enter_signed_in(3, OLIVE);
    assert_eq!(driver.say(cora, &remove(3)).refused(cora), Some(ErrorCode::Forbidden));
}

#[test]
fn bans_are_bounded_and_end_with_the_meeting() {
    let mut driver = Driver::new();
    let (host, _) = driver.enter(0);
    let mut stored = driver.store.load().unwrap();
    let seats = (0..BANS as u128).map(|number| protocol::id::ParticipantId(uuid::Uuid::from_u128(number)));
    stored.meeting.moderation.banned_seats = seats.collect();
    driver.store.meeting = Some(stored.meeting);
    driver.restart(|_| true);
    driver.enter(1);
    driver.say(host, &remove(1));
    let banned = &driver.store.meeting.as_ref().unwrap().moderation.banned_seats;
    assert_eq!((banned.len(), banned.last()), (BANS, Some(&person(1))));
    driver.say(host, &simple("end"));
    assert!(driver.store.meeting.as_ref().unwrap().moderation.banned_seats.is_empty());
}

#[test]
fn a_deleted_account_is_not_remembered() {
    let (mut driver, olive) = led(RoomKind::Public);
    driver.enter_signed_in(4, SAM);
    driver.say(olive, &remove(4));
    let sam = identity(SAM);
    let (answer, _) = driver.ask(room::Question::ForgetPerson { account: sam.account, email: sam.email });
    assert!(answer.is_ok());
    assert!(driver.store.meeting.as_ref().unwrap().moderation.banned_accounts.is_empty());
}

#[test]
fn a_locked_meeting_takes_nobody_new_but_who_leads_is_in_or_waits() {
    let (mut driver, olive) = led(RoomKind::Public);
    let (bob, _) = driver.enter(1);
    driver.enter_signed_in(4, SAM);
    driver.say(olive, &waiting_room(true));
    let (gus, _) = driver.enter(2);
    let (late, _) = driver.connect(3);
    driver.say(olive, &lock(true));
    driver.lose_memory();
    let admission = |driver: &Driver, seat: Option<u8>, email: Option<&str>| {
        driver.room.admission(driver.now, seat.map(person), email.map(identity).as_ref(), false)
    };
    assert_eq!(admission(&driver, None, None), Err(ErrorCode::RoomLocked));
    assert_eq!(admission(&driver, None, Some("ivan@else.net")), Err(ErrorCode::RoomLocked), "also the invited");
    assert_eq!(admission(&driver, None, Some(OLIVE)), Ok(Admission::Walk));
    assert_eq!(driver.room.admission(driver.now, None, None, true), Ok(Admission::Walk));
    assert_eq!(admission(&driver, Some(1), None), Ok(Admission::Walk), "they are in");
    assert_eq!(admission(&driver, Some(2), None), Ok(Admission::Ask), "they wait");
    assert_eq!(admission(&driver, None, Some(SAM)), Ok(Admission::Ask), "they are in, with another seat");
    assert_eq!(driver.say(late, &join("Late")).refused(late), Some(ErrorCode::RoomLocked));
    let (other, effects) = driver.connect(6);
    assert_eq!((effects.refused(other), effects.closed), (Some(ErrorCode::RoomLocked), vec![(other, close::DENIED)]));
    driver.close(bob);
    driver.wait(MISSED_MS / 2);
    let (bob, effects) = driver.connect(1);
    assert!(matches!(effects.to(bob)[..], [ServerMessage::Welcome { .. }]), "they come back");
    driver.say(olive, &about("admit", Some(2), ""));
    let effects = driver.say(gus, &join("Gus"));
    assert!(matches!(effects.to(gus).first(), Some(ServerMessage::Welcome { .. })), "a host let them in");
    driver.say(olive, &lock(false));
    assert_eq!(admission(&driver, None, None), Ok(Admission::Ask));
}

#[test]
fn with_a_waiting_room_whoever_is_not_invited_asks() {
    for (kind, who, before, after) in [
        (RoomKind::Public, None, Ok(Admission::Walk), Ok(Admission::Ask)),
        (RoomKind::Public, Some(SAM), Ok(Admission::Walk), Ok(Admission::Ask)),
        (RoomKind::Public, Some("ivan@else.net"), Ok(Admission::Walk), Ok(Admission::Walk)),
        (RoomKind::Team, Some("cora@example.org"), Ok(Admission::Walk), Ok(Admission::Ask)),
        (RoomKind::Team, Some(SAM), Err(ErrorCode::NotInvited), Err(ErrorCode::NotInvited)),
        (RoomKind::Private, Some(SAM), Ok(Admission::Ask), Ok(Admission::Ask)),
        (RoomKind::Private, Some("ivan@else.net"), Ok(Admission::Walk), Ok(Admission::Walk)),
        (RoomKind::Private, Some(OLIVE), Ok(Admission::Walk), Ok(Admission::Walk)),
    ] {
        let (mut driver, olive) = led(kind);
        let who = who.map(identity);
        assert_eq!(driver.room.admission(driver.now, None, who.as_ref(), false), before, "{kind:?} {who:?}");
        driver.say(olive, &waiting_room(true));
        assert_eq!(driver.room.admission(driver.now, None, who.as_ref(), false), after, "{kind:?} {who:?}");
        let refused = driver.say(olive, &waiting_room(false)).refused(olive);
        assert_eq!(refused, (kind == RoomKind::Private).then_some(ErrorCode::Forbidden));
        assert_eq!(driver.room.admission(driver.now, None, who.as_ref(), false), before, "{kind:?} {who:?}");
    }
}

#[test]
fn who_waits_walks_in_when_nobody_has_to_ask_but_not_through_a_lock() {
    let (mut driver, olive) = led(RoomKind::Public);
    driver.say(olive, &waiting_room(true));
    let (gus, _) = driver.enter(2);
    driver.say(olive, &lock(true));
    let effects = driver.say(olive, &waiting_room(false));
    assert!(effects.to(gus).is_empty(), "a host decides");
    let effects = driver.say(olive, &lock(false));
    assert_eq!(effects.to(gus), [&ServerMessage::Admitted]);
}

#[test]
fn everybody_is_let_in_at_once() {
    let (mut driver, olive) = led(RoomKind::Private);
    let waiting: Vec<_> = (1..5).map(|number| driver.enter(number).0).collect();
    let effects = driver.say(olive, &simple("admit_all"));
    for id in &waiting {
        assert_eq!(effects.to(*id), [&ServerMessage::Admitted]);
    }
    assert!(matches!(effects.to(olive)[..], [ServerMessage::Lobby { waiting }] if waiting.is_empty()));
    driver.lose_memory();
    for (id, number) in waiting.into_iter().zip(1..) {
        driver.say(id, &join("Guest"));
        assert_eq!(driver.member(number).role, Role::Participant);
    }
    assert!(driver.say(olive, &simple("admit_all")).sent.is_empty(), "nobody waits");
}
