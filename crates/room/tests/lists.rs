//! Everybody whom a meeting concerns has it in their list, as it is, until it is long over.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, identity, invitee, join, owned, simple};
use mail::{RETRY_DELAYS_MS, Verdict};
use protocol::{
    error::ErrorCode,
    id::ParticipantId,
    rest::{Relation, RoomDetails, RoomKind, RoomPhase},
};
use room::{
    ATTENDEES, Connection, ConnectionId, EMPTY_MS, Errand, Input, NewRoom, Question, REMEMBERED_MS, Record, Room,
};

const OLIVE: &str = "olive@example.org";

fn meeting() -> (Driver, Effects) {
    let invite = vec![invitee("cora@else.net", true), invitee("ivan@else.net", false)];
    Driver::with(NewRoom { invite, letters: false, ..owned(RoomKind::Public) })
}

fn settled() -> Driver {
    let (mut driver, effects) = meeting();
    driver.deliver(&effects);
    assert!(driver.store.errands.is_empty());
    driver
}

fn told(effects: &Effects) -> Vec<(&str, Option<Relation>)> {
    effects
        .errands
        .iter()
        .map(|(_, errand)| match errand {
            Errand::Tell { email, details, .. } => (email.as_str(), details.relation),
            Errand::Gone { email, .. } => (email.as_str(), None),
        })
        .collect()
}

fn details(effects: &Effects) -> &RoomDetails {
    let Some((_, Errand::Tell { details, .. })) = effects.errands.first() else { panic!("{:?}", effects.errands) };
    details
}

fn revisions(effects: &Effects) -> Vec<u64> {
    effects
        .errands
        .iter()
        .map(|(_, errand)| match errand {
            Errand::Tell { revision, .. } | Errand::Gone { revision, .. } => *revision,
        })
        .collect()
}

#[test]
fn a_new_meeting_is_in_the_lists_of_its_owner_and_who_is_invited() {
    let (driver, effects) = meeting();
    assert_eq!(
        told(&effects),
        [
            ("cora@else.net", Some(Relation::Cohost)),
            ("ivan@else.net", Some(Relation::Invited)),
            (OLIVE, Some(Relation::Owner)),
        ]
    );
    assert_eq!(revisions(&effects), [1, 1, 1]);
    let listed = details(&effects);
    assert!(listed.code.is_some() && listed.link.is_none() && listed.invitations.is_none());
    assert_eq!(driver.store.errands.len(), 3);
}

#[test]
fn what_a_list_shows_is_told_and_who_is_in_is_not() {
    let mut driver = settled();
    for (revision, change) in
        [(2, r#"{"title":"Retro"}"#), (3, r#"{"kind":"private"}"#), (4, r#"{"starts_at":1800003600000}"#)]
    {
        let (_, effects) = driver.change(OLIVE, change);
        assert_eq!(told(&effects).len(), 3, "{change}");
        assert_eq!(revisions(&effects), [revision; 3]);
        driver.deliver(&effects);
        assert!(driver.change(OLIVE, change).1.errands.is_empty(), "it is so already");
    }
    let (olive, effects) = driver.enter_signed_in(1, OLIVE);
    assert!(effects.errands.is_empty());
    let (_, effects) = driver.change(OLIVE, r#"{"title":"Planning"}"#);
    assert_eq!((details(&effects).participants, details(&effects).phase), (0, RoomPhase::Waiting));
    driver.deliver(&effects);
    let effects = driver.say(olive, &simple("end"));
    assert_eq!(told(&effects).len(), 3);
    assert_eq!((details(&effects).phase, details(&effects).ended_at), (RoomPhase::Destroyed, Some(driver.now)));
}

#[test]
fn guests_come_and_go_in_their_own_lists_only() {
    let mut driver = settled();
    let (_, effects) = driver.change(OLIVE, r#"{"invite":["new@else.net"],"uninvite":["ivan@else.net"]}"#);
    assert_eq!(told(&effects), [("new@else.net", Some(Relation::Invited)), ("ivan@else.net", None)]);
    driver.deliver(&effects);
    let (_, effects) = driver.change(OLIVE, r#"{"cohosts":["new@else.net"]}"#);
    assert_eq!(told(&effects), [("cora@else.net", Some(Relation::Invited)), ("new@else.net", Some(Relation::Cohost))]);
}

#[test]
fn who_was_in_while_signed_in_keeps_it_also_when_uninvited() {
    let mut driver = settled();
    let (sam, effects) = driver.enter_signed_in(1, "sam@stranger.net");
    assert_eq!(told(&effects), [("sam@stranger.net", Some(Relation::Attended))]);
    driver.deliver(&effects);
    driver.say(sam, &simple("leave"));
    let (_, effects) = driver.enter_signed_in(2, "sam@stranger.net");
    assert!(effects.errands.is_empty(), "known already");
    let (_, effects) = driver.enter(3);
    assert!(effects.errands.is_empty(), "a guest has no list");
    let (_, effects) = driver.enter_signed_in(4, "ivan@else.net");
    assert!(effects.errands.is_empty(), "still invited");
    let (_, effects) = driver.change(OLIVE, r#"{"uninvite":["ivan@else.net"]}"#);
    assert_eq!(told(&effects), [("ivan@else.net", Some(Relation::Attended))]);
}

#[test]
fn only_the_newest_is_told_to_whom_it_was_not_told_yet() {
    let (mut driver, first) = meeting();
    let (_, second) = driver.change(OLIVE, r#"{"title":"Retro"}"#);
    assert_eq!(told(&second).len(), 3);
    assert_eq!(driver.store.errands.len(), 3, "one each");
    let saved = driver.deliver(&first);
    assert!(saved.is_empty(), "what was replaced is over");
    let (_, third) = driver.change(OLIVE, r#"{"uninvite":["ivan@else.net"]}"#);
    assert_eq!(told(&third), [("ivan@else.net", None)]);
    assert_eq!(driver.store.errands.len(), 3);
    driver.lose_memory();
    driver.deliver(&second);
    driver.deliver(&third);
    assert!(driver.store.errands.is_empty());
}

#[test]
fn an_errand_that_fails_is_run_again() {
    let (mut driver, effects) = meeting();
    let (id, errand) = effects.errands[0].clone();
    driver.deliver(&Effects { errands: effects.errands[1..].to_vec(), ..Effects::default() });
    driver.input(Input::Done { id, verdict: Verdict::Failed });
    assert_eq!(driver.room.next_deadline(), Some(driver.now + RETRY_DELAYS_MS[0]));
    driver.lose_memory();
    assert_eq!(driver.wake().errands, [(id, errand)]);
    driver.input(Input::Done { id, verdict: Verdict::Refused });
    assert!(driver.store.errands.is_empty());
}

#[test]
fn deleting_takes_it_out_of_every_list() {
    let mut driver = settled();
    let (_, effects) = driver.enter_signed_in(1, "sam@stranger.net");
    driver.deliver(&effects);
    let (_, effects) = driver.ask(Question::Delete { by: identity(OLIVE) });
    let mut gone = told(&effects);
    gone.sort_unstable_by_key(|(email, _)| *email);
    assert_eq!(gone, [("cora@else.net", None), ("ivan@else.net", None), (OLIVE, None), ("sam@stranger.net", None)]);
}

#[test]
fn it_stays_in_the_lists_until_it_is_forgotten_and_is_forgotten_when_all_lists_know() {
    let mut driver = settled();
    driver.wait(EMPTY_MS);
    let effects = driver.woken();
    assert_eq!(told(&effects).len(), 3);
    assert_eq!(details(&effects).phase, RoomPhase::Expired);
    driver.deliver(&effects);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + REMEMBERED_MS));
    driver.wait(REMEMBERED_MS);
    let effects = driver.woken();
    assert_eq!(told(&effects), [("cora@else.net", None), ("ivan@else.net", None), (OLIVE, None)]);
    assert!(driver.store.meeting.is_some() && driver.store.guests.is_empty());
    let again = driver.restart(|_| true);
    assert_eq!(again.errands, effects.errands, "it does not forget before they know");
    let last = driver.deliver(&effects);
    assert_eq!(last.last(), Some(&Record::Forgotten));
    assert!(driver.store.meeting.is_none());
    assert_eq!(driver.room.details_for(Some(&identity(OLIVE)), true), Err(ErrorCode::RoomNotFound));
}

#[test]
fn those_who_were_in_are_bounded() {
    let mut room = Room::create(0, owned(RoomKind::Public));
    for number in 0..ATTENDEES + 3 {
        let id = ConnectionId(u64::try_from(number).unwrap());
        let participant = ParticipantId(uuid::Uuid::from_u128(u128::try_from(number).unwrap()));
        let identity = Some(identity(&format!("p{number}@else.net")));
        room.handle(
            0,
            Input::Connected(Connection { id, participant, host: false, identity, email: None, location: None }),
        );
        room.handle(0, Input::Received { connection: id, text: join("x") });
        room.handle(0, Input::Received { connection: id, text: simple("leave") });
        while room.poll_output().is_some() {}
    }
    assert_eq!(room.stored().unwrap().guests.len(), ATTENDEES);
}
