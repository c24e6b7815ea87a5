//! A meeting that is planned waits for its time and a day longer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, START, identity, owned, simple};
use protocol::{
    error::ErrorCode,
    limits,
    rest::{RoomKind, RoomPhase, Schedule},
};
use room::{Answer, EMPTY_MS, NewRoom, is_plausible, planned_end};

const OLIVE: &str = "olive@example.org";
const DAY: u64 = 24 * 3_600_000;
const MINUTE: u64 = 60_000;

fn planned(starts_at: u64) -> Driver {
    let schedule = Some(Schedule { starts_at, duration_minutes: 45, time_zone: None });
    let (mut driver, effects) = Driver::with(NewRoom { schedule, ..owned(RoomKind::Public) });
    driver.deliver(&effects);
    driver
}

#[test]
fn it_expires_a_day_after_its_planned_end() {
    let mut driver = planned(START + 10 * DAY);
    let end = START + 10 * DAY + 45 * MINUTE;
    assert_eq!(driver.room.next_deadline(), Some(end + EMPTY_MS));
    driver.lose_memory();
    driver.now = end + EMPTY_MS - 1;
    driver.woken();
    assert_eq!(driver.room.admission(driver.now, None, None, false), Ok(protocol::rest::Admission::Walk));
    driver.wait(1);
    assert_eq!(driver.room.admission(driver.now, None, None, false), Err(ErrorCode::RoomEnded));
    driver.woken();
    assert_eq!(driver.store.meeting.as_ref().unwrap().phase, RoomPhase::Expired);
}

#[test]
fn a_visit_before_its_time_does_not_shorten_it_and_one_after_it_does_not_end_it() {
    let mut driver = planned(START + 10 * DAY);
    let (id, _) = driver.enter(1);
    driver.say(id, &simple("leave"));
    assert_eq!(driver.room.next_deadline(), Some(START + 10 * DAY + 45 * MINUTE + EMPTY_MS));
    driver.wait(11 * DAY);
    let (id, _) = driver.enter(1);
    driver.wait(5 * DAY);
    driver.woken();
    assert_eq!(driver.store.meeting.as_ref().unwrap().phase, RoomPhase::Active, "somebody is in");
    driver.say(id, &simple("leave"));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + EMPTY_MS), "whose connection broke comes back");
}

#[test]
fn a_new_time_is_a_new_life() {
    let mut driver = planned(START + DAY);
    let (answer, effects) =
        driver.change(OLIVE, &format!(r#"{{"starts_at":{},"duration_minutes":60}}"#, START + 20 * DAY));
    driver.deliver(&effects);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!((details.starts_at, details.duration_minutes), (Some(START + 20 * DAY), Some(60)));
    assert_eq!(driver.room.next_deadline(), Some(START + 20 * DAY + 60 * MINUTE + EMPTY_MS));
}

#[test]
fn an_instant_meeting_can_be_planned() {
    let (mut driver, _) = Driver::with(owned(RoomKind::Public));
    let (answer, _) = driver.change(OLIVE, r#"{"duration_minutes":30}"#);
    assert_eq!(answer, Err(ErrorCode::InvalidRequest), "of what time?");
    let (answer, _) = driver.change(OLIVE, r#"{"time_zone":"Europe/Berlin"}"#);
    assert_eq!(answer, Err(ErrorCode::InvalidRequest));
    let (answer, _) = driver.change(OLIVE, r#"{"starts_at":"2027-01-16T08:00:00Z","time_zone":"Europe/Berlin"}"#);
    let Ok(Answer::Details(details)) = answer else { panic!("{answer:?}") };
    assert_eq!(details.duration_minutes, Some(room::DURATION_MINUTES));
    assert_eq!(details.time_zone.unwrap().as_str(), "Europe/Berlin");
}

#[test]
fn what_nobody_could_mean_is_refused_without_effect() {
    let mut driver = planned(START + DAY);
    let before = driver.store.load();
    for change in [
        format!(r#"{{"title":"X","starts_at":{}}}"#, START - DAY),
        format!(r#"{{"title":"X","starts_at":{}}}"#, START + limits::SCHEDULE_DAYS * DAY + 1),
        r#"{"title":"X","duration_minutes":0}"#.to_owned(),
        format!(r#"{{"title":"X","duration_minutes":{}}}"#, limits::DURATION_MINUTES + 1),
    ] {
        assert_eq!(driver.change(OLIVE, &change).0, Err(ErrorCode::InvalidRequest), "{change}");
        assert_eq!(driver.store.load(), before);
    }
    let latest = Schedule { starts_at: START + limits::SCHEDULE_DAYS * DAY, duration_minutes: 1, time_zone: None };
    assert!(is_plausible(START, &latest));
    let begun = Schedule { starts_at: START - 1, duration_minutes: 1, time_zone: None };
    assert!(is_plausible(START, &begun) && !is_plausible(planned_end(&begun), &begun));
    let absurd = Schedule { starts_at: u64::MAX, duration_minutes: u32::MAX, time_zone: None };
    assert!(!is_plausible(u64::MAX, &absurd));
}

#[test]
fn a_time_that_has_come_may_stay() {
    let mut driver = planned(START + DAY);
    driver.wait(2 * DAY);
    let (answer, effects) = driver.change(OLIVE, r#"{"title":"Looking back"}"#);
    assert!(answer.is_ok() && effects.posts.is_empty());
    assert!(driver.room.relation(&identity(OLIVE)).is_some());
}
