//! Invited people get the newest letter about the meeting, once it is stored, and hosts see whether
//! it went out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, START, identity, invitee, new_room, owned, simple};
use mail::{LEASE_MS, Letter, MeetingLetter, Notice, RETRY_DELAYS_MS, Verdict};
use protocol::{
    error::ErrorCode,
    limits,
    rest::{Delivery, RoomKind, Schedule},
};
use room::{Answer, Input, NewRoom, Question, Record, is_news};

const OLIVE: &str = "olive@example.org";
const HOUR: u64 = 3_600_000;

fn tomorrow() -> Option<Schedule> {
    let time_zone = Some("Europe/Berlin".parse().unwrap());
    Some(Schedule { starts_at: START + 24 * HOUR, duration_minutes: 60, time_zone })
}

fn planned() -> (Driver, Effects) {
    let invite = vec![invitee("ivan@else.net", false), invitee("cora@else.net", true)];
    Driver::with(NewRoom { invite, schedule: tomorrow(), ..owned(RoomKind::Private) })
}

fn letters(effects: &Effects) -> Vec<(&str, Notice, u32)> {
    effects.posts.iter().map(|(_, mail)| (mail.to.as_str(), letter(mail).notice, letter(mail).sequence)).collect()
}

fn letter(mail: &mail::Mail) -> &MeetingLetter {
    let Letter::Meeting(letter) = &mail.letter else { panic!("{mail:?}") };
    letter
}

fn delivery(driver: &Driver, email: &str) -> Delivery {
    driver.store.guests[&email.parse().unwrap()].delivery
}

fn post(driver: &mut Driver, effects: &Effects, verdict: Verdict) -> Effects {
    let [(id, _)] = effects.posts[..] else { panic!("{:?}", effects.posts) };
    driver.input(Input::Posted { id, verdict })
}

#[test]
fn whoever_is_invited_is_written_to_after_it_is_stored() {
    let (driver, effects) = planned();
    let invited = [("cora@else.net", Notice::Invitation, 0), ("ivan@else.net", Notice::Invitation, 0)];
    let mut sent = letters(&effects);
    sent.sort_unstable_by_key(|(to, ..)| *to);
    assert_eq!(sent, invited);
    let first = letter(&effects.posts[0].1);
    assert_eq!(first.link, "https://meet.example/m/bcd-efgh-jkm");
    assert_eq!((first.schedule.clone(), first.organizer.email.as_str(), first.at), (tomorrow(), OLIVE, START));
    assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Sending);
    assert_eq!(driver.store.mails.len(), 2);
}

#[test]
fn nobody_is_invited_twice_and_the_owner_not_at_all() {
    let twice = ["ivan@else.net", "Ivan@Else.net", OLIVE];
    let invite = twice.iter().map(|email| invitee(email, false)).collect();
    let (mut driver, effects) = Driver::with(NewRoom { invite, ..owned(RoomKind::Public) });
    assert_eq!(letters(&effects), [("ivan@else.net", Notice::Invitation, 0)]);
    let (answer, effects) = driver.change(OLIVE, r#"{"invite":["ivan@else.net","olive@example.org"]}"#);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!(details.invitations.unwrap().len(), 1);
    assert!(letters(&effects).is_empty());
}

#[test]
fn without_an_owner_or_letters_nobody_is_written_to() {
    let invite = vec![invitee("ivan@else.net", false)];
    let (driver, effects) = Driver::with(NewRoom { invite: invite.clone(), ..new_room() });
    assert!(effects.posts.is_empty() && driver.store.guests.is_empty());
    let (driver, effects) = Driver::with(NewRoom { invite, letters: false, ..owned(RoomKind::Private) });
    assert!(effects.posts.is_empty());
    assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Sent, "nothing is outstanding");
}

#[test]
fn a_new_title_or_time_is_news_and_a_new_kind_is_not() {
    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Sent);
    let (_, effects) = driver.change(OLIVE, r#"{"kind":"public"}"#);
    assert!(effects.posts.is_empty());
    for (sequence, change) in
        [(1, r#"{"title":"Retro"}"#), (2, r#"{"duration_minutes":30}"#), (3, r#"{"time_zone":"UTC"}"#)]
    {
        let (_, effects) = driver.change(OLIVE, change);
        assert_eq!(
            letters(&effects),
            [("cora@else.net", Notice::Change, sequence), ("ivan@else.net", Notice::Change, sequence)]
        );
        driver.deliver(&effects);
        let (_, effects) = driver.change(OLIVE, change);
        assert!(effects.posts.is_empty() && effects.saved.is_empty(), "it is so already");
    }
}

#[test]
fn who_was_not_reached_yet_gets_one_invitation_with_the_newest_facts() {
    let (mut driver, effects) = planned();
    let old: Vec<_> = effects.posts.iter().map(|(id, _)| *id).collect();
    let (_, effects) = driver.change(OLIVE, r#"{"title":"Retro"}"#);
    assert_eq!(letters(&effects), [("cora@else.net", Notice::Invitation, 1), ("ivan@else.net", Notice::Invitation, 1)]);
    assert_eq!(driver.store.mails.len(), 2, "the newest letter only");
    driver.input(Input::Posted { id: old[0], verdict: Verdict::Refused });
    assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Sending, "only the newest counts");
}

#[test]
fn failures_are_tried_again_and_seen_at_last() {
    let invite = vec![invitee("ivan@else.net", false)];
    let (mut driver, mut effects) = Driver::with(NewRoom { invite, ..owned(RoomKind::Private) });
    for (id, _) in effects.errands.clone() {
        driver.input(Input::Done { id, verdict: Verdict::Delivered });
    }
    for delay in RETRY_DELAYS_MS {
        assert!(post(&mut driver, &effects, Verdict::Failed).posts.is_empty());
        assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Sending);
        assert_eq!(driver.room.next_deadline(), Some(driver.now + delay));
        driver.lose_memory();
        driver.now += delay;
        effects = driver.woken();
    }
    let effects = post(&mut driver, &effects, Verdict::Failed);
    assert_eq!(delivery(&driver, "ivan@else.net"), Delivery::Failed);
    assert!(matches!(effects.saved[..], [Record::Guest(_), Record::MailGone(_)]));
    assert!(driver.store.mails.is_empty());
}

#[test]
fn a_mail_that_was_under_way_when_the_memory_was_lost_is_handed_out_again() {
    let (mut driver, first) = planned();
    let again = driver.restart(|_| true);
    assert_eq!(again.posts, first.posts, "under the same name");
    assert_eq!(driver.room.next_deadline(), Some(driver.now + LEASE_MS));
    driver.wait(LEASE_MS);
    assert_eq!(driver.woken().posts, first.posts, "nobody confirmed it");
}

#[test]
fn an_invitation_is_taken_back_with_a_cancellation() {
    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    let (answer, effects) = driver.change(OLIVE, r#"{"uninvite":["ivan@else.net","nobody@else.net"]}"#);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!(details.invitations.unwrap().len(), 1);
    assert_eq!(letters(&effects), [("ivan@else.net", Notice::Cancellation, 1)]);
    assert_eq!(driver.room.relation(&identity("ivan@else.net")), None);
    let (_, effects) = driver.change(OLIVE, r#"{"invite":["ivan@else.net"]}"#);
    assert_eq!(letters(&effects), [("ivan@else.net", Notice::Invitation, 1)]);
}

#[test]
fn deleting_calls_off_what_is_to_come_and_nothing_else() {
    let delete = || Question::Delete { by: identity(OLIVE) };
    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    let (answer, effects) = driver.ask(delete());
    assert_eq!(answer, Ok(Answer::Done));
    assert_eq!(
        letters(&effects),
        [("cora@else.net", Notice::Cancellation, 1), ("ivan@else.net", Notice::Cancellation, 1)]
    );
    assert!(driver.store.guests.is_empty());
    driver.deliver(&effects);
    let (answer, effects) = driver.ask(delete());
    assert_eq!((answer, letters(&effects)), (Ok(Answer::Done), vec![]));

    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    driver.wait(25 * HOUR);
    assert!(driver.ask(delete()).1.posts.is_empty(), "its time is over");
}

#[test]
fn a_host_who_ends_it_in_time_calls_it_off_only_if_it_did_not_take_place() {
    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    let (_, effects) = driver.change(OLIVE, r#"{"end":true}"#);
    assert_eq!(letters(&effects).len(), 2);
    assert!(effects.posts.iter().all(|(_, mail)| letter(mail).notice == Notice::Cancellation));

    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    driver.wait(24 * HOUR);
    let (olive, _) = driver.enter_signed_in(1, OLIVE);
    assert!(driver.say(olive, &simple("end")).posts.is_empty(), "during the meeting");

    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    driver.wait(24 * HOUR);
    let (olive, _) = driver.enter_signed_in(1, OLIVE);
    driver.say(olive, &simple("leave"));
    assert!(driver.change(OLIVE, r#"{"end":true}"#).1.posts.is_empty(), "they met and left");
}

#[test]
fn nobody_is_invited_to_what_is_over() {
    let (mut driver, effects) = planned();
    driver.deliver(&effects);
    let (_, effects) = driver.change(OLIVE, r#"{"invite":["late@else.net"]}"#);
    assert_eq!(letters(&effects), [("late@else.net", Notice::Invitation, 0)]);
    let (olive, _) = driver.enter_signed_in(1, OLIVE);
    driver.say(olive, &simple("end"));
    assert!(driver.store.mails.is_empty());
    assert_eq!(delivery(&driver, "late@else.net"), Delivery::Failed);
}

#[test]
fn invitations_are_bounded() {
    let people = |range: std::ops::Range<usize>| {
        range.map(|number| format!("\"p{number}@else.net\"")).collect::<Vec<_>>().join(",")
    };
    let (mut driver, _) = Driver::with(owned(RoomKind::Private));
    let (answer, _) = driver.change(OLIVE, &format!(r#"{{"invite":[{}]}}"#, people(0..limits::INVITATIONS + 1)));
    assert_eq!(answer, Err(ErrorCode::InvalidRequest));
    assert!(driver.store.guests.is_empty(), "all or none");
    let (answer, effects) = driver.change(OLIVE, &format!(r#"{{"invite":[{}]}}"#, people(0..limits::INVITATIONS)));
    assert!(answer.is_ok());
    assert_eq!(effects.posts.len(), limits::INVITATIONS);
    let (answer, _) = driver.change(OLIVE, r#"{"cohosts":["one.more@else.net"]}"#);
    assert_eq!(answer, Err(ErrorCode::InvalidRequest));
    let (answer, _) = driver.change(OLIVE, r#"{"invite":["one.more@else.net"],"uninvite":["p0@else.net"]}"#);
    assert!(answer.is_ok());

    let invite =
        (0..2 * limits::INVITATIONS).map(|number| invitee(&format!("p{number}@else.net"), number % 2 == 0)).collect();
    let (driver, _) = Driver::with(NewRoom { invite, ..owned(RoomKind::Private) });
    assert_eq!(driver.store.guests.len(), limits::INVITATIONS);
}

#[test]
fn a_calendar_file_is_for_those_who_are_invited() {
    let (mut driver, _) = planned();
    driver.change(OLIVE, r#"{"title":"Retro"}"#).0.unwrap();
    for email in [OLIVE, "cora@else.net", "ivan@else.net"] {
        let letter = driver.room.calendar_letter(&identity(email)).unwrap().unwrap();
        assert_eq!((letter.title.as_str(), letter.sequence, letter.schedule), ("Retro", 1, tomorrow()));
    }
    assert_eq!(driver.room.calendar_letter(&identity("sam@else.net")), Err(ErrorCode::RoomNotFound));
    let (mut driver, _) = Driver::with(owned(RoomKind::Public));
    assert_eq!(driver.room.calendar_letter(&identity(OLIVE)), Ok(None));
    driver.enter_signed_in(1, "sam@else.net");
    assert_eq!(driver.room.calendar_letter(&identity("sam@else.net")), Err(ErrorCode::Forbidden));
}

#[test]
fn only_letters_that_nothing_replaced_or_withdrew_are_wanted() {
    let (mut driver, first) = planned();
    let wanted = |driver: &Driver, effects: &Effects| -> Vec<bool> {
        effects.posts.iter().map(|(id, mail)| driver.room.mail(*id).is_some_and(|wanted| wanted == mail)).collect()
    };
    assert_eq!(wanted(&driver, &first), [true, true]);
    let (_, second) = driver.change(OLIVE, r#"{"title":"Retro"}"#);
    assert_eq!((wanted(&driver, &first), wanted(&driver, &second)), (vec![false; 2], vec![true; 2]));
    let gone = identity("ivan@else.net");
    driver.ask(Question::ForgetPerson { account: gone.account, email: gone.email }).0.unwrap();
    assert_eq!(wanted(&driver, &second).iter().filter(|wanted| **wanted).count(), 1);
    let (_, third) = driver.ask(Question::Delete { by: identity(OLIVE) });
    assert_eq!((wanted(&driver, &second), wanted(&driver, &third)), (vec![false; 2], vec![true]));
    driver.deliver(&third);
    assert_eq!(wanted(&driver, &third), [false]);
}

#[test]
fn what_is_news_to_everybody_can_be_told_before() {
    let at = |starts_at: u64| serde_json::to_string(&protocol::moment::Moment(starts_at)).unwrap();
    let (same, other) = (at(START + 24 * HOUR), at(START + 48 * HOUR));
    for (change, news) in [
        (r#"{"title":"Weekly"}"#.to_owned(), false),
        (r#"{"title":"Retro"}"#.to_owned(), true),
        (r#"{"time_zone":"Europe/Berlin"}"#.to_owned(), false),
        (r#"{"time_zone":"Europe/Paris"}"#.to_owned(), true),
        (r#"{"duration_minutes":60}"#.to_owned(), false),
        (r#"{"duration_minutes":61}"#.to_owned(), true),
        (format!(r#"{{"starts_at":{same}}}"#), false),
        (format!(r#"{{"starts_at":{other}}}"#), true),
        (r#"{"kind":"public","invite":["new@else.net"],"uninvite":["ivan@else.net"]}"#.to_owned(), false),
    ] {
        let (mut driver, effects) = planned();
        driver.deliver(&effects);
        let foretold =
            is_news(&"Weekly".parse().unwrap(), tomorrow().as_ref(), &serde_json::from_str(&change).unwrap());
        let (answer, effects) = driver.change(OLIVE, &change);
        assert!(answer.is_ok(), "{change}");
        let told = letters(&effects).contains(&("cora@else.net", Notice::Change, 1));
        assert_eq!((foretold, told), (news, news), "{change}");
    }
    let change = format!(r#"{{"starts_at":{other}}}"#);
    assert!(is_news(&"Weekly".parse().unwrap(), None, &serde_json::from_str(&change).unwrap()));
}
