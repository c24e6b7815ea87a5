//! Who may change a meeting from outside, and that what is refused changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, identity, invitee, new_room, owned};
use protocol::{
    error::ErrorCode,
    rest::{RoomKind, RoomPhase},
};
use room::{Answer, EMPTY_MS, NewRoom, Question, REMEMBERED_MS};

const OLIVE: &str = "olive@example.org";
const CORA: &str = "cora@else.net";
const IVAN: &str = "ivan@else.net";

fn meeting(kind: RoomKind) -> Driver {
    let invite = vec![invitee(CORA, true), invitee(IVAN, false)];
    let (mut driver, effects) = Driver::with(NewRoom { invite, ..owned(kind) });
    driver.deliver(&effects);
    driver
}

#[test]
fn those_who_lead_change_it_and_only_the_owner_deletes_it() {
    let mut driver = meeting(RoomKind::Public);
    let (_, effects) = driver.enter_signed_in(1, "sam@stranger.net");
    driver.deliver(&effects);
    let before = driver.store.load();
    for (email, change, delete) in [
        ("nobody@else.net", ErrorCode::RoomNotFound, ErrorCode::RoomNotFound),
        ("sam@stranger.net", ErrorCode::Forbidden, ErrorCode::Forbidden),
        (IVAN, ErrorCode::Forbidden, ErrorCode::Forbidden),
    ] {
        assert_eq!(driver.change(email, r#"{"title":"Mine"}"#).0, Err(change), "{email}");
        assert_eq!(driver.ask(Question::Delete { by: identity(email) }).0, Err(delete), "{email}");
    }
    assert_eq!(driver.ask(Question::Delete { by: identity(CORA) }).0, Err(ErrorCode::Forbidden));
    assert_eq!(driver.store.load(), before);
    for email in [CORA, OLIVE] {
        let (answer, _) = driver.change(email, &format!(r#"{{"title":"By {email}"}}"#));
        let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
        assert_eq!(details.title.to_string(), format!("By {email}"));
        assert!(details.invitations.is_some() && details.link.is_none());
    }
    assert_eq!(driver.ask(Question::Delete { by: identity(OLIVE) }).0, Ok(Answer::Done));
}

#[test]
fn nobody_changes_what_has_no_owner() {
    let mut driver = Driver::new();
    assert_eq!(driver.change(OLIVE, r#"{"kind":"private"}"#).0, Err(ErrorCode::RoomNotFound));
}

#[test]
fn teams_are_not_of_everybodys_mail_provider() {
    let owner = Some(identity("olive@gmail.com"));
    let (mut driver, _) = Driver::with(NewRoom { owner, ..new_room() });
    assert_eq!(driver.change("olive@gmail.com", r#"{"kind":"team","title":"X"}"#).0, Err(ErrorCode::InvalidRequest));
    assert_eq!(driver.store.meeting.as_ref().unwrap().title.as_str(), "Weekly");
    assert!(driver.change("olive@gmail.com", r#"{"kind":"private"}"#).0.is_ok());
}

#[test]
fn a_cohost_can_step_back_and_sees_what_they_did() {
    let mut driver = meeting(RoomKind::Private);
    let (answer, _) = driver.change(CORA, r#"{"uninvite":["cora@else.net"]}"#);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!((details.relation, details.invitations), (None, None));
    assert_eq!(driver.change(CORA, r#"{"title":"X"}"#).0, Err(ErrorCode::RoomNotFound));
}

#[test]
fn what_is_over_does_not_change_and_can_still_be_deleted() {
    let mut driver = meeting(RoomKind::Private);
    let (answer, effects) = driver.change(CORA, r#"{"title":"Last words","end":true}"#);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!((details.title.as_str(), details.phase), ("Last words", RoomPhase::Destroyed));
    assert_eq!(details.ended_at, Some(driver.now));
    driver.deliver(&effects);
    assert_eq!(driver.change(OLIVE, r#"{"title":"X"}"#).0, Err(ErrorCode::RoomEnded));
    assert_eq!(driver.change("sam@stranger.net", r#"{"title":"X"}"#).0, Err(ErrorCode::RoomNotFound));
    let (answer, effects) = driver.ask(Question::Delete { by: identity(OLIVE) });
    assert_eq!(answer, Ok(Answer::Done));
    driver.deliver(&effects);
    assert!(driver.store.guests.is_empty());
    assert!(driver.ask(Question::Delete { by: identity(OLIVE) }).0.is_ok(), "twice is once");
}

#[test]
fn a_forgotten_meeting_answers_too() {
    let mut driver = Driver::new();
    driver.wait(EMPTY_MS);
    driver.woken();
    driver.wait(REMEMBERED_MS);
    let (account, email) = (identity(OLIVE).account, identity(OLIVE).email);
    assert_eq!(driver.change(OLIVE, "{}").0, Err(ErrorCode::RoomNotFound));
    assert_eq!(driver.ask(Question::Delete { by: identity(OLIVE) }).0, Err(ErrorCode::RoomNotFound));
    assert_eq!(driver.ask(Question::Watch { account: account.clone(), watch: true }).0, Err(ErrorCode::RoomNotFound));
    assert_eq!(driver.ask(Question::Destroy).0, Ok(Answer::Done));
    assert_eq!(driver.ask(Question::ForgetPerson { account, email }).0, Ok(Answer::Done));
    assert!(driver.store.meeting.is_none() && driver.store.watchers.is_empty());
}

#[test]
fn nothing_that_is_the_same_is_stored_or_told() {
    let mut driver = meeting(RoomKind::Private);
    driver.enter_signed_in(1, OLIVE);
    let change =
        r#"{"title":"Weekly","kind":"private","invite":["ivan@else.net"],"cohosts":["cora@else.net"],"uninvite":[]}"#;
    let (answer, effects) = driver.change(OLIVE, change);
    assert!(answer.is_ok());
    assert!(effects.saved.is_empty() && effects.sent.is_empty(), "{effects:?}");
}
