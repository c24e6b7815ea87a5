//! Signed-in devices and the secrets that they exchange.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Answer, Question, SESSION_MS};
use common::{Device, Driver, HOUR, MINUTE, RIGHT};
use protocol::{
    account::{ChangeProfile, Session, close},
    error::ErrorCode,
    id::SessionId,
    limits,
};
use uuid::Uuid;

fn list(driver: &mut Driver, device: &Device) -> Vec<Session> {
    match driver.ask(Question::Sessions { session: device.session }).answer() {
        Answer::Sessions(sessions) => sessions,
        other => panic!("{other:?}"),
    }
}

fn revoke(driver: &mut Driver, device: &Device, which: Option<SessionId>) -> common::Effects {
    driver.ask(Question::Revoke { session: device.session, which })
}

#[test]
fn each_refresh_exchanges_the_secret() {
    let (mut driver, first) = Driver::signed_up();
    driver.wait(MINUTE);
    let second = driver.refresh(&first).signed_in();
    assert_eq!(first.session, second.session);
    assert_ne!(first.secret, second.secret);
    let third = driver.refresh(&second).signed_in();
    driver.restart_alone();
    assert!(driver.refresh(&third).answer.unwrap().is_ok());
}

#[test]
fn a_reused_secret_revokes_its_family() {
    let (mut driver, stolen) = Driver::signed_up();
    let other = driver.login(RIGHT).signed_in();
    let newest = driver.refresh(&stolen).signed_in();
    let (socket, _) = driver.connect(newest.session);
    let effects = driver.refresh(&stolen);
    assert_eq!(effects.code(), ErrorCode::Unauthorized);
    assert_eq!(effects.closed, [(socket, close::SIGNED_OUT)]);
    assert_eq!(driver.refresh(&newest).code(), ErrorCode::Unauthorized, "the newest is revoked too");
    assert_eq!(driver.profile(&newest).code(), ErrorCode::Unauthorized);
    assert!(driver.refresh(&other).answer.unwrap().is_ok(), "other devices stay");
}

#[test]
fn the_list_shows_devices_by_their_use() {
    let (mut driver, first) = Driver::signed_up();
    driver.wait(MINUTE);
    let second = driver.login(RIGHT).signed_in();
    driver.wait(MINUTE);
    let first = driver.refresh(&first).signed_in();
    let sessions = list(&mut driver, &second);
    let shown: Vec<_> = sessions.iter().map(|session| (session.id, session.current)).collect();
    assert_eq!(shown, [(first.session, false), (second.session, true)]);
    assert_eq!((sessions[0].used_at, sessions[0].device.as_str()), (driver.now, "Firefox on Linux"));
    assert!(sessions[0].created_at < sessions[0].used_at);
}

#[test]
fn devices_are_signed_out_one_by_one_or_all_others() {
    let (mut driver, mine) = Driver::signed_up();
    let others: Vec<_> = (0..3).map(|_| driver.login(RIGHT).signed_in()).collect();
    let (socket, _) = driver.connect(others[0].session);
    let (own, _) = driver.connect(mine.session);
    assert_eq!(revoke(&mut driver, &mine, Some(others[0].session)).closed, [(socket, close::SIGNED_OUT)]);
    assert_eq!(driver.refresh(&others[0]).code(), ErrorCode::Unauthorized);
    let stranger = SessionId(Uuid::from_u128(1));
    assert_eq!(revoke(&mut driver, &mine, Some(stranger)).code(), ErrorCode::NotFound);
    assert_eq!(revoke(&mut driver, &mine, Some(others[0].session)).code(), ErrorCode::NotFound);
    assert!(revoke(&mut driver, &mine, None).closed.is_empty());
    assert_eq!(list(&mut driver, &mine).len(), 1);
    assert!(driver.open.contains_key(&own));
    assert_eq!(driver.profile(&others[1]).code(), ErrorCode::Unauthorized);
}

#[test]
fn signing_out_is_done_also_when_it_is_done_already() {
    let (mut driver, device) = Driver::signed_up();
    for _ in 0..2 {
        let question = Question::Logout { session: device.session, secret: device.secret.clone() };
        assert_eq!(driver.ask(question).answer(), Answer::Done);
    }
    assert_eq!(driver.refresh(&device).code(), ErrorCode::Unauthorized);
}

#[test]
fn the_device_unused_for_longest_makes_room() {
    let (mut driver, first) = Driver::signed_up();
    let mut devices = vec![first];
    for _ in 1..limits::SESSIONS {
        driver.wait(1);
        devices.push(driver.login(RIGHT).signed_in());
    }
    driver.wait(1);
    devices[0] = driver.refresh(&devices[0]).signed_in();
    let newest = driver.login(RIGHT).signed_in();
    assert_eq!(list(&mut driver, &newest).len(), limits::SESSIONS);
    assert_eq!(driver.profile(&devices[1]).code(), ErrorCode::Unauthorized);
    assert!(driver.profile(&devices[0]).answer.unwrap().is_ok());
}

#[test]
fn an_unused_device_is_signed_out_after_its_days() {
    let (mut driver, device) = Driver::signed_up();
    let device = driver.refresh(&device).signed_in();
    let (socket, _) = driver.connect(device.session);
    assert_eq!(driver.account.next_deadline(), Some(driver.now + SESSION_MS));
    driver.wait(SESSION_MS - 1);
    assert!(driver.wake().closed.is_empty());
    assert!(driver.profile(&device).answer.unwrap().is_ok());
    driver.wait(1);
    assert_eq!(driver.wake().closed, [(socket, close::SIGNED_OUT)]);
    assert_eq!(driver.refresh(&device).code(), ErrorCode::Unauthorized);
    assert!(driver.login(RIGHT).answer.unwrap().is_ok(), "the account stays");
}

#[test]
fn a_stranger_may_ask_nothing() {
    let (mut known, _) = Driver::signed_up();
    let session = SessionId(Uuid::from_u128(1));
    let device = Device { session, secret: "x".into() };
    for driver in [&mut known, &mut Driver::new()] {
        assert_eq!(driver.refresh(&device).code(), ErrorCode::Unauthorized);
        assert_eq!(driver.profile(&device).code(), ErrorCode::Unauthorized);
        assert_eq!(driver.delete(&device).code(), ErrorCode::Unauthorized);
        assert_eq!(driver.change_password(&device, Some(RIGHT), RIGHT).code(), ErrorCode::Unauthorized);
        assert_eq!(revoke(driver, &device, None).code(), ErrorCode::Unauthorized);
        for question in [
            Question::Sessions { session },
            Question::Meetings { session },
            Question::Spend { session, meetings: 1, mails: 1 },
            Question::ChangeProfile { session, change: ChangeProfile::default() },
            Question::Link {
                session,
                provider: protocol::account::Provider::Google,
                subject: "1".into(),
                origin: common::ORIGIN.into(),
            },
        ] {
            assert_eq!(driver.ask(question).code(), ErrorCode::Unauthorized);
        }
        let (socket, effects) = driver.connect(session);
        assert_eq!(effects.closed, [(socket, close::SIGNED_OUT)]);
    }
}

#[test]
fn the_profile_changes_where_it_is_said() {
    let (mut driver, device) = Driver::signed_up();
    let change = |driver: &mut Driver, change: ChangeProfile| match driver
        .ask(Question::ChangeProfile { session: device.session, change })
        .answer()
    {
        Answer::User(user) => user,
        other => panic!("{other:?}"),
    };
    let picture = "data:image/png;base64,AAAA".parse().unwrap();
    let user = change(
        &mut driver,
        ChangeProfile {
            name: Some("Countess".parse().unwrap()),
            color: Some("#123456".parse().unwrap()),
            picture: Some(Some(picture)),
            locale: Some("de".parse().unwrap()),
        },
    );
    assert_eq!((user.name.as_str(), user.color.as_str()), ("Countess", "#123456"));
    assert!(user.picture.is_some() && user.locale.is_some());
    assert_eq!(change(&mut driver, ChangeProfile::default()), user);
    let without = change(&mut driver, ChangeProfile { picture: Some(None), ..ChangeProfile::default() });
    assert_eq!(without, protocol::account::User { picture: None, ..user });
}

#[test]
fn an_account_does_at_most_so_much_in_an_hour() {
    let (mut driver, device) = Driver::signed_up();
    let spend =
        |driver: &mut Driver, meetings, mails| driver.ask(Question::Spend { session: device.session, meetings, mails });
    assert!(matches!(spend(&mut driver, 1, 100).answer(), Answer::User(_)));
    driver.wait(10 * MINUTE);
    assert!(spend(&mut driver, 0, 100).answer.unwrap().is_ok());
    assert_eq!(spend(&mut driver, 1, 1).wait(), 50 * MINUTE);
    for _ in 1..60 {
        assert!(spend(&mut driver, 1, 0).answer.unwrap().is_ok(), "what was refused was not counted");
    }
    driver.wait(1);
    assert_eq!(spend(&mut driver, 1, 0).wait(), 50 * MINUTE - 1);
    driver.restart_alone();
    assert_eq!(spend(&mut driver, 1, 0).wait(), 50 * MINUTE - 1);
    driver.wait(50 * MINUTE - 1);
    assert!(spend(&mut driver, 1, 0).answer.unwrap().is_ok());
    driver.wait(HOUR);
    assert_eq!(spend(&mut driver, 0, 201).wait(), HOUR);
    assert_eq!(spend(&mut driver, u32::MAX, u32::MAX).wait(), HOUR);
}
