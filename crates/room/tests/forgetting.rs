//! When an account is deleted, nothing of the person stays in the meetings they were in or owned.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, chat, identity, invitee, join, owned, person};
use mail::{Letter, Notice, Verdict};
use protocol::{
    rest::{RoomKind, RoomPhase, Schedule},
    signal::{Change, ServerMessage, close},
};
use room::{Answer, Input, NewRoom, Question};

const OLIVE: &str = "olive@example.org";
const IVAN: &str = "ivan@else.net";

fn forget(driver: &mut Driver, email: &str) -> common::Effects {
    let gone = identity(email);
    let (answer, effects) = driver.ask(Question::ForgetPerson { account: gone.account, email: gone.email });
    assert_eq!(answer, Ok(Answer::Done));
    effects
}

/// Everything that is stored, as it is stored.
fn rows(driver: &Driver) -> String {
    format!("{:?}", driver.store.load())
}

fn meeting() -> Driver {
    let invite = vec![invitee("cora@else.net", true), invitee(IVAN, true)];
    Driver::with(NewRoom { invite, ..owned(RoomKind::Private) }).0
}

#[test]
fn a_person_who_is_in_is_out_and_their_words_are_nobodys() {
    let mut driver = meeting();
    let (olive, _) = driver.enter_signed_in(1, OLIVE);
    let (ivan, _) = driver.enter_signed_in(2, IVAN);
    driver.say(ivan, &chat(1, "hello"));
    driver.say(olive, &chat(2, "hi"));
    driver.ask(Question::Watch { account: identity(IVAN).account, watch: true }).0.unwrap();
    let effects = forget(&mut driver, IVAN);
    assert!(effects.closed.contains(&(ivan, close::ENDED)));
    assert!(effects.to(olive).iter().any(|message| matches!(
        message,
        ServerMessage::Change { change: Change::Left { participant }, .. } if *participant == person(2)
    )));
    let Some(ServerMessage::Welcome { state, .. }) =
        effects.to(olive).into_iter().find(|message| matches!(message, ServerMessage::Welcome { .. }))
    else {
        panic!("{effects:?}")
    };
    let names: Vec<_> =
        state.chat.iter().map(|message| (message.author_name.as_str(), message.text.as_str())).collect();
    assert_eq!(names, [("Deleted account", "hello"), ("olive", "hi")]);
    let rows = rows(&driver);
    for trace in ["ivan", identity(IVAN).account.as_str()] {
        assert!(!rows.contains(trace), "{trace} in {rows}");
    }
    assert!(rows.contains("cora@else.net"), "the others stay");
    driver.lose_memory();
}

#[test]
fn a_person_who_left_long_ago_or_was_only_invited_is_forgotten_too() {
    let mut driver = meeting();
    let (ivan, _) = driver.enter_signed_in(2, IVAN);
    driver.say(ivan, &chat(1, "hello"));
    driver.say(ivan, &common::simple("leave"));
    let effects = forget(&mut driver, IVAN);
    assert!(effects.errands.is_empty(), "there is no account to tell");
    assert!(!rows(&driver).contains("ivan"));
    let effects = forget(&mut driver, "cora@else.net");
    assert!(effects.errands.is_empty());
    assert!(!rows(&driver).contains("cora"));
    let before = driver.store.writes;
    forget(&mut driver, "nobody@else.net");
    assert_eq!(driver.store.writes, before);
}

#[test]
fn a_person_who_waits_is_out() {
    let mut driver = meeting();
    let (olive, _) = driver.enter_signed_in(1, OLIVE);
    let (sam, _) = driver.enter_signed_in(2, "sam@stranger.net");
    let (_, _) = driver.connect_signed_in(3, "sam@stranger.net");
    driver.close(sam);
    let effects = forget(&mut driver, "sam@stranger.net");
    assert_eq!(effects.closed.len(), 1, "also the one who had not asked yet");
    assert_eq!(effects.to(olive), [&ServerMessage::Lobby { waiting: Vec::new() }]);
    assert!(!rows(&driver).contains("sam"));
}

#[test]
fn the_owners_meeting_ends_and_keeps_nothing_of_anybody() {
    let mut driver = meeting();
    driver.enter_signed_in(1, OLIVE);
    let (ivan, _) = driver.enter_signed_in(2, IVAN);
    driver.say(ivan, &chat(1, "hello"));
    let (answer, effects) = driver.ask(Question::Destroy);
    assert_eq!(answer, Ok(Answer::Done));
    assert!(effects.closed.contains(&(ivan, close::ENDED)));
    driver.deliver(&effects);
    let meeting = driver.store.meeting.clone().unwrap();
    assert_eq!((meeting.phase, meeting.title.as_str(), meeting.owner), (RoomPhase::Destroyed, "Meeting", None));
    let rows = rows(&driver);
    for trace in ["olive", "ivan", "cora", "Weekly", "hello"] {
        assert!(!rows.contains(trace), "{trace} in {rows}");
    }
    let (answer, effects) = driver.ask(Question::Destroy);
    assert!(answer.is_ok() && effects.saved.is_empty(), "twice is once");
    assert_eq!(driver.room.details_for(Some(&identity(IVAN)), false), Err(protocol::error::ErrorCode::RoomNotFound));
}

#[test]
fn who_was_invited_to_a_time_to_come_learns_that_it_is_called_off() {
    let schedule = Some(Schedule { starts_at: common::START + 86_400_000, duration_minutes: 60, time_zone: None });
    let invite = vec![invitee(IVAN, false)];
    let (mut driver, effects) = Driver::with(NewRoom { invite, schedule, ..owned(RoomKind::Private) });
    driver.deliver(&effects);
    let (_, effects) = driver.ask(Question::Destroy);
    let [(_, mail)] = &effects.posts[..] else { panic!("{:?}", effects.posts) };
    let Letter::Meeting(letter) = &mail.letter else { panic!("{mail:?}") };
    assert_eq!((mail.to.as_str(), letter.notice, letter.title.as_str()), (IVAN, Notice::Cancellation, "Weekly"));
    assert_eq!(letter.organizer.email.as_str(), OLIVE, "calendars take it from the organizer only");
    driver.deliver(&effects);
    assert!(!rows(&driver).contains("olive") && !rows(&driver).contains("ivan"));
}

#[test]
fn forgetting_the_owner_destroys() {
    let mut driver = meeting();
    let effects = forget(&mut driver, OLIVE);
    driver.deliver(&effects);
    assert_eq!(driver.store.meeting.as_ref().unwrap().owner, None);
    let (late, effects) = driver.connect(3);
    assert!(matches!(effects.to(late)[..], [ServerMessage::Ended { .. }]));
    assert!(driver.say(late, &join("x")).sent.is_empty());
}

#[test]
fn a_meeting_that_its_owners_deleted_account_never_knew_of_goes_too() {
    let invite = vec![invitee(IVAN, false)];
    let (mut driver, effects) = Driver::with(NewRoom { invite, ..owned(RoomKind::Private) });
    let to = |email: &str| effects.errands.iter().find(|(_, errand)| errand.email().as_str() == email).unwrap().0;
    driver.input(Input::Done { id: to(IVAN), verdict: Verdict::Refused });
    driver.input(Input::Done { id: to(OLIVE), verdict: Verdict::Failed });
    assert!(driver.store.meeting.as_ref().unwrap().owner.is_some(), "neither says that the owner is gone");
    let effects = driver.input(Input::Done { id: to(OLIVE), verdict: Verdict::Refused });
    driver.deliver(&effects);
    assert_eq!(driver.store.meeting.as_ref().unwrap().phase, RoomPhase::Destroyed);
    assert!(!rows(&driver).contains("olive") && !rows(&driver).contains("Weekly"));
    driver.lose_memory();
}

#[test]
fn whose_index_is_full_loses_the_invitation_and_is_not_thrown_out() {
    let mut driver = meeting();
    let (ivan, _) = driver.enter_signed_in(2, IVAN);
    let unlist = |email: &str| Question::Unlist { email: identity(email).email };
    let (answer, effects) = driver.ask(unlist(IVAN));
    assert_eq!(answer, Ok(Answer::Done));
    assert!(effects.closed.is_empty() && rows(&driver).contains(IVAN));
    assert_eq!(driver.ask(unlist("cora@else.net")).0, Ok(Answer::Done));
    assert!(!rows(&driver).contains("cora@else.net"));
    driver.say(ivan, &chat(1, "still here"));
}
