//! Deleting an account: everything personal goes at once, and errands see to what others keep.

mod common;

use account::{Answer, Errand, Question, Record, Stored};
use common::{Driver, RIGHT, Store, account_id, email, meeting, room_id, secret_of};
use mail::{RETRY_DELAYS_MS, Verdict};
use protocol::{
    account::close,
    error::ErrorCode,
    rest::{Relation, RoomDetails, RoomPhase},
};

fn with(number: u32, relation: Relation) -> RoomDetails {
    RoomDetails { relation: Some(relation), ..meeting(number) }
}

/// An account with something of everything.
fn full() -> (Driver, common::Device, account::ConnectionId) {
    let (mut driver, device) = Driver::signed_up();
    driver.login(RIGHT);
    driver.tell(with(1, Relation::Owner), 1);
    driver.tell(with(2, Relation::Invited), 1);
    let now = driver.now;
    let over = RoomDetails { phase: RoomPhase::Expired, ended_at: Some(now), ..with(3, Relation::Owner) };
    driver.tell(over, 1);
    driver.tell(with(4, Relation::Attended), 1);
    driver.ring();
    let (socket, _) = driver.connect(device.session);
    driver.ring();
    driver.forgot();
    driver.login("wrong password");
    driver.ask(Question::Spend { session: device.session, meetings: 1, mails: 1 });
    (driver, device, socket)
}

#[test]
fn deletion_leaves_errands_and_in_the_end_nothing() {
    let (mut driver, device, socket) = full();
    let effects = driver.delete(&device);
    assert_eq!(effects.answer(), Answer::Done);
    assert_eq!(effects.closed, [(socket, close::SIGNED_OUT)]);
    let mut errands: Vec<_> = effects.errands.iter().map(|(_, errand)| errand.clone()).collect();
    errands.sort_by_key(|errand| format!("{errand:?}"));
    let forget = |number| Errand::ForgetPerson { room: room_id(number), account: account_id(), email: email() };
    let destroy = |number| Errand::Destroy { room: room_id(number) };
    assert_eq!(errands, [destroy(1), destroy(3), forget(2), forget(4)]);

    let Stored { core, sessions, meetings, mails, .. } = driver.store.load();
    let core = core.unwrap();
    assert!(core.holder.is_none() && core.pending.is_empty() && core.reset.is_none() && core.email.is_none());
    assert!(core.calls.is_empty() && sessions.is_empty() && meetings.is_empty() && mails.is_empty());
    assert_eq!((core.failures, core.spent), Default::default());
    assert_eq!(driver.profile(&device).code(), ErrorCode::Unauthorized);
    assert_eq!(driver.clone().login(RIGHT).code(), ErrorCode::InvalidCredentials);

    let ids: Vec<_> = effects.errands.iter().map(|(id, _)| *id).collect();
    driver.input(account::Input::Done { id: ids[0], verdict: Verdict::Delivered });
    driver.input(account::Input::Done { id: ids[1], verdict: Verdict::Refused });
    driver.input(account::Input::Done { id: ids[2], verdict: Verdict::Delivered });
    for _ in RETRY_DELAYS_MS {
        driver.input(account::Input::Done { id: ids[3], verdict: Verdict::Failed });
        while driver.wake().errands.is_empty() {
            driver.now = driver.account.next_deadline().unwrap();
        }
    }
    let effects = driver.input(account::Input::Done { id: ids[3], verdict: Verdict::Failed });
    assert_eq!(effects.saved, [Record::Forgotten], "given up");
    assert_eq!(driver.store, Store::default());
    assert_eq!(driver.account.next_deadline(), None);
}

#[test]
fn who_has_no_meetings_is_forgotten_at_once() {
    let (mut driver, device) = Driver::signed_up();
    assert_eq!(driver.delete(&device).saved, [Record::Forgotten]);
    assert_eq!(driver.store, Store::default());
}

#[test]
fn errands_outlast_the_objects_memory() {
    let (mut driver, device, _) = full();
    let before = driver.delete(&device).errands;
    driver.restart_alone();
    assert_eq!(driver.wake().errands, before);
}

#[test]
fn a_person_may_come_back_while_errands_run() {
    let (mut driver, device, _) = full();
    driver.delete(&device);
    let secret = secret_of(driver.register("a new password").letter());
    driver.verify(&secret);
    let device = driver.login("a new password").signed_in();
    assert!(driver.meetings(&device).upcoming.is_empty());
    driver.tell(with(1, Relation::Owner), 9);
    assert!(driver.meetings(&device).upcoming.is_empty(), "said before the room was told");
    driver.deliver();
    assert!(driver.store.errands.is_empty());
    assert!(driver.profile(&device).answer.unwrap().is_ok());
    driver.tell(with(7, Relation::Owner), 1);
    assert_eq!(driver.meetings(&device).upcoming.len(), 1);
}

#[test]
fn mails_are_never_named_like_one_before() {
    let (mut driver, device) = Driver::signed_up();
    let first = driver.forgot().posts[0].0;
    driver.delete(&device);
    assert_eq!(driver.store, Store::default());
    driver.wait(1);
    let second = driver.register(RIGHT).posts[0].0;
    assert!(second > first, "services compare the names of mails");
}
