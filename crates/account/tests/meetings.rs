//! The index of own meetings: what rooms told last, in order, bounded and forgotten in time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use account::{Answer, Errand, INVITATION_KEPT_MS, INVITATIONS_KEPT, PAST_KEPT_MS, Question};
use common::{DAY, Driver, Effects, HOUR, START, meeting, room_id};
use protocol::{
    Millis,
    error::ErrorCode,
    id::RoomId,
    limits,
    rest::{Relation, RoomDetails, RoomPhase},
};

fn over(number: u32, ended_at: Millis) -> RoomDetails {
    RoomDetails { phase: RoomPhase::Expired, ended_at: Some(ended_at), ..meeting(number) }
}

fn scheduled(number: u32, starts_at: Millis) -> RoomDetails {
    RoomDetails { starts_at: Some(starts_at), duration_minutes: Some(60), ..meeting(number) }
}

fn ids(meetings: &[RoomDetails]) -> Vec<RoomId> {
    meetings.iter().map(|details| details.id.clone()).collect()
}

fn rooms<const N: usize>(numbers: [u32; N]) -> Vec<RoomId> {
    numbers.map(room_id).to_vec()
}

fn titled(number: u32, title: &str) -> RoomDetails {
    RoomDetails { title: title.parse().unwrap(), ..meeting(number) }
}

#[test]
fn upcoming_ones_come_in_their_order_and_past_ones_the_last_first() {
    let (mut driver, device) = Driver::signed_up();
    let now = driver.now;
    driver.tell(scheduled(1, now + 2 * DAY), 1);
    driver.tell(scheduled(2, now + DAY), 1);
    driver.tell(meeting(3), 1);
    driver.tell(RoomDetails { created_at: START + 1, ..meeting(4) }, 1);
    driver.tell(over(5, now - 2), 1);
    driver.tell(over(6, now - 1), 1);
    let meetings = driver.meetings(&device);
    assert_eq!(ids(&meetings.upcoming), rooms([4, 3, 2, 1]));
    assert_eq!(ids(&meetings.past), rooms([6, 5]));
}

#[test]
fn an_older_word_changes_nothing() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(titled(1, "New"), 5);
    for revision in [4, 5] {
        assert!(driver.tell(titled(1, "Old"), revision).saved.is_empty());
    }
    let gone = Question::MeetingGone { room: room_id(1), revision: 4 };
    assert_eq!(driver.ask(gone).answer(), Answer::Done);
    assert_eq!(driver.meetings(&device).upcoming[0].title.as_str(), "New");
    driver.tell(titled(1, "Newer"), 6);
    assert_eq!(driver.meetings(&device).upcoming[0].title.as_str(), "Newer");
    driver.ask(Question::MeetingGone { room: room_id(1), revision: 7 });
    assert!(driver.meetings(&device).upcoming.is_empty());
}

#[test]
fn links_invitations_and_numbers_are_not_kept() {
    let (mut driver, device) = Driver::signed_up();
    let link = Some("https://elsewhere.example/m/x".to_owned());
    driver.tell(RoomDetails { link, participants: 7, invitations: Some(vec![]), ..meeting(1) }, 1);
    assert_eq!(driver.meetings(&device).upcoming, [meeting(1)]);
}

#[test]
fn a_past_meeting_is_forgotten_after_its_days() {
    let (mut driver, device) = Driver::signed_up();
    let ended_at = driver.now;
    driver.tell(over(1, ended_at), 1);
    while driver.now < ended_at + PAST_KEPT_MS - DAY {
        driver.wait(DAY);
        driver.wake();
    }
    let device = { driver.login(common::RIGHT).signed_in().session == device.session };
    assert!(!device, "another device");
    assert_eq!(driver.store.meetings.len(), 1);
    driver.now = ended_at + PAST_KEPT_MS - 1;
    driver.wake();
    assert_eq!(driver.account.next_deadline(), Some(ended_at + PAST_KEPT_MS));
    driver.wait(1);
    driver.wake();
    assert!(driver.store.meetings.is_empty());
    driver.tell(over(1, ended_at), 2);
    assert!(driver.store.meetings.is_empty(), "it is not kept a second time");
}

#[test]
fn a_meeting_that_is_over_without_saying_when_is_over_now() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(RoomDetails { ended_at: None, ..over(1, 0) }, 1);
    assert_eq!(driver.meetings(&device).past[0].ended_at, Some(driver.now));
}

#[test]
fn the_index_is_bounded_and_the_oldest_past_ones_go_first() {
    let (mut driver, device) = Driver::signed_up();
    let now = driver.now;
    driver.tell(over(1_000, now - 5), 1);
    driver.tell(over(1_001, now - 6), 1);
    for number in 2..u32::try_from(limits::MEETINGS).unwrap() {
        driver.tell(RoomDetails { created_at: START + u64::from(number), ..meeting(number) }, 1);
    }
    assert_eq!(ids(&driver.meetings(&device).past), rooms([1_000, 1_001]));
    driver.tell(meeting(500), 1);
    assert_eq!(ids(&driver.meetings(&device).past), rooms([1_000]));
    driver.tell(RoomDetails { created_at: now, ..meeting(501) }, 1);
    assert!(driver.meetings(&device).past.is_empty());
    driver.tell(RoomDetails { created_at: now, ..meeting(502) }, 1);
    let upcoming = driver.meetings(&device).upcoming;
    assert_eq!(upcoming.len(), limits::MEETINGS);
    assert!(!ids(&upcoming).contains(&room_id(500)), "the oldest of those to come");
}

fn with(number: u32, relation: Relation) -> RoomDetails {
    RoomDetails { relation: Some(relation), ..meeting(number) }
}

fn forgotten_in(effects: &[&Effects]) -> Vec<RoomId> {
    let errands = effects.iter().flat_map(|effects| &effects.errands);
    let rooms = errands.map(|(_, errand)| match errand {
        Errand::Unlist { room, email } => {
            assert_eq!(email, &common::email());
            room.clone()
        }
        other => panic!("{other:?}"),
    });
    rooms.collect()
}

#[test]
fn invitations_of_strangers_push_out_no_own_meeting_and_deletion_misses_none() {
    let (mut driver, device) = Driver::signed_up();
    let ended = driver.now;
    let own = [with(1, Relation::Owner), with(2, Relation::Cohost)];
    for details in own {
        driver.tell(details, 1);
    }
    driver.tell(RoomDetails { relation: Some(Relation::Owner), ..over(3, ended) }, 1);
    driver.tell(over(4, ended), 1);
    driver.tell(with(5, Relation::Attended), 1);
    let mut forgotten = Vec::new();
    for number in 1_000..1_400 {
        let invitation = RoomDetails { created_at: START + u64::from(number), ..meeting(number) };
        forgotten.extend(forgotten_in(&[&driver.tell(invitation, 1)]));
    }
    assert_eq!(driver.store.meetings.len(), limits::MEETINGS);
    for number in [1, 2, 3, 5] {
        assert!(driver.store.meetings.contains_key(&room_id(number)), "{number}");
    }
    let expected: Vec<_> = std::iter::once(4).chain(1_000..1_204).map(room_id).collect();
    assert_eq!(forgotten, expected, "what is over first, then the oldest");
    driver.deliver();
    let errands = driver.delete(&device).errands;
    assert_eq!(errands.len(), limits::MEETINGS);
    let destroyed = errands.iter().filter(|(_, errand)| matches!(errand, Errand::Destroy { .. })).count();
    assert_eq!(destroyed, 2);
}

#[test]
fn an_own_meeting_is_kept_however_many_there_are_and_others_come_no_more() {
    let (mut driver, device) = Driver::signed_up();
    let most = u32::try_from(limits::MEETINGS).unwrap();
    for number in 0..most {
        driver.tell(with(number, Relation::Cohost), 1);
    }
    for relation in [Relation::Invited, Relation::Attended, Relation::Cohost] {
        let effects = driver.tell(with(1_000, relation), 1);
        assert_eq!(effects.answer(), Answer::Done);
        assert_eq!(forgotten_in(&[&effects]), rooms([1_000]));
        driver.deliver();
    }
    assert!(driver.tell(with(1_001, Relation::Owner), 1).errands.is_empty());
    assert_eq!(driver.meetings(&device).upcoming.len(), limits::MEETINGS + 1);
    assert!(driver.store.meetings.contains_key(&room_id(1_001)));
    let ended = driver.now;
    driver.tell(RoomDetails { relation: Some(Relation::Owner), ..over(1_001, ended) }, 2);
    assert_eq!(ids(&driver.meetings(&device).past), rooms([1_001]), "also once it is over");
    driver.tell(with(0, Relation::Cohost), 2);
    driver.deliver();
    let errands = driver.delete(&device).errands;
    assert_eq!(errands.len(), limits::MEETINGS);
}

#[test]
fn own_meetings_that_are_over_leave_room_for_others() {
    let (mut driver, device) = Driver::signed_up();
    let ended = driver.now;
    let most = u32::try_from(limits::MEETINGS).unwrap();
    for number in 0..most {
        let own = RoomDetails { relation: Some(Relation::Owner), ..over(number, ended + u64::from(number)) };
        assert!(driver.tell(own, 1).errands.is_empty());
    }
    for number in 0..most {
        let effects = driver.tell(meeting(1_000 + number), 1);
        let errands: Vec<_> = effects.errands.into_iter().map(|(_, errand)| errand).collect();
        let expected = if number < most / 2 {
            Errand::Destroy { room: room_id(number) }
        } else {
            let room = room_id(1_000 + number - most / 2);
            Errand::Unlist { room, email: common::email() }
        };
        assert_eq!(errands, [expected]);
    }
    assert_eq!(driver.meetings(&device).past.len(), limits::MEETINGS / 2);
}

#[test]
fn who_owns_half_as_many_meetings_as_fit_makes_no_more_until_one_is_over() {
    let (mut driver, device) = Driver::signed_up();
    let spend = |driver: &mut Driver, meetings| {
        driver.ask(Question::Spend { session: device.session, meetings, mails: 1 }).answer.unwrap()
    };
    let half = u32::try_from(limits::MEETINGS / 2).unwrap();
    for number in 0..half {
        assert!(spend(&mut driver, 1).is_ok());
        driver.tell(with(number, Relation::Owner), 1);
        driver.tell(with(1_000 + number, Relation::Cohost), 1);
        driver.wait(HOUR);
    }
    let refused = spend(&mut driver, 1).unwrap_err();
    assert_eq!((refused.code, refused.retry_after_ms), (ErrorCode::TooLarge, None));
    assert!(spend(&mut driver, 0).is_ok(), "mails are no meetings");
    let ended = driver.now;
    driver.tell(RoomDetails { relation: Some(Relation::Owner), ..over(0, ended) }, 2);
    assert!(spend(&mut driver, 1).is_ok());
}

#[test]
fn invitations_of_an_address_without_account_are_kept_until_the_meeting_is_over() {
    let mut driver = Driver::new();
    let owned = RoomDetails { relation: Some(Relation::Owner), ..meeting(1) };
    assert_eq!(driver.tell(owned, 1).code(), ErrorCode::NotFound);
    let attended = RoomDetails { relation: Some(Relation::Attended), ..meeting(1) };
    assert_eq!(driver.tell(attended, 1).answer(), Answer::Done);
    assert_eq!(driver.tell(over(1, START), 1).answer(), Answer::Done);
    assert_eq!(driver.store, common::Store::default(), "only invitations");
    driver.tell(meeting(1), 1);
    driver.tell(RoomDetails { relation: Some(Relation::Cohost), ..scheduled(2, START + 10 * DAY) }, 1);
    driver.tell(meeting(3), 1);
    assert_eq!(driver.store.meetings.len(), 3);
    driver.tell(over(3, START), 2);
    assert_eq!(driver.store.meetings.len(), 2);
    driver.sleep();
    assert_eq!((driver.now, driver.store.meetings.len()), (START + INVITATION_KEPT_MS, 1));
    driver.sleep();
    assert_eq!(driver.now, START + 10 * DAY + INVITATION_KEPT_MS);
    assert_eq!(driver.store, common::Store::default(), "nothing is kept of a stranger");
}

#[test]
fn invitations_of_an_address_without_account_are_bounded() {
    let mut driver = Driver::new();
    for number in 0..80 {
        driver.tell(RoomDetails { created_at: START + u64::from(number), ..meeting(number) }, 1);
    }
    assert_eq!(driver.store.meetings.len(), INVITATIONS_KEPT);
    assert!(driver.store.meetings.contains_key(&room_id(79)) && !driver.store.meetings.contains_key(&room_id(29)));
}

#[test]
fn telling_early_late_and_twice_does_no_harm() {
    let (mut driver, device) = Driver::signed_up();
    driver.tell(meeting(1), 1);
    let rows = driver.store.clone();
    for time in [0, 1, HOUR] {
        driver.wait(time);
        assert!(driver.wake().saved.is_empty());
    }
    driver.now -= 2 * HOUR;
    assert!(driver.wake().saved.is_empty());
    assert_eq!(driver.store, rows);
    assert_eq!(driver.meetings(&device).upcoming.len(), 1);
}
