//! Open home pages know whether a meeting is live and how many are in, with one report at a time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, identity, simple};
use protocol::{error::ErrorCode, id::AccountId, rest::RoomPhase};
use room::{Answer, Question, WATCHERS};

const ADA: &str = "ada@example.org";

fn watch(driver: &mut Driver, email: &str, watch: bool) -> Effects {
    let (answer, effects) = driver.ask(Question::Watch { account: identity(email).account, watch });
    assert_eq!(answer, Ok(Answer::Done));
    effects
}

fn report(phase: RoomPhase, participants: u32) -> Vec<(AccountId, RoomPhase, u32)> {
    vec![(identity(ADA).account, phase, participants)]
}

#[test]
fn a_page_is_told_the_state_and_then_the_newest_one() {
    let mut driver = Driver::new();
    assert_eq!(watch(&mut driver, ADA, true).reports, report(RoomPhase::Created, 0));
    assert!(driver.enter(1).1.reports.is_empty(), "one at a time");
    assert!(driver.enter(2).1.reports.is_empty());
    assert_eq!(driver.reported(ADA, true).reports, report(RoomPhase::Active, 2));
    assert!(driver.reported(ADA, true).reports.is_empty(), "nothing changed");
    let (id, effects) = driver.connect(3);
    assert!(effects.reports.is_empty(), "a seat is not a place");
    assert_eq!(driver.say(id, &common::join("x")).reports, report(RoomPhase::Active, 3));
}

#[test]
fn a_page_that_is_closed_is_told_nothing() {
    let mut driver = Driver::new();
    watch(&mut driver, ADA, true);
    driver.enter(1);
    assert!(driver.reported(ADA, false).reports.is_empty());
    assert!(driver.store.watchers.is_empty());
    assert!(driver.enter(2).1.reports.is_empty());

    watch(&mut driver, ADA, true);
    watch(&mut driver, ADA, false);
    driver.enter(3);
    assert!(driver.reported(ADA, true).reports.is_empty(), "it said so while a report was on its way");
    watch(&mut driver, "bob@example.org", false);
    assert!(driver.store.watchers.is_empty());
}

#[test]
fn a_second_page_of_the_same_person_is_told_too() {
    let mut driver = Driver::new();
    watch(&mut driver, ADA, true);
    assert!(watch(&mut driver, ADA, true).reports.is_empty(), "one is on its way");
    assert_eq!(driver.reported(ADA, true).reports, report(RoomPhase::Created, 0));
    driver.reported(ADA, true);
    assert_eq!(watch(&mut driver, ADA, true).reports, report(RoomPhase::Created, 0));
}

#[test]
fn after_a_loss_of_memory_the_present_state_is_told_once() {
    let mut driver = Driver::new();
    watch(&mut driver, ADA, true);
    assert_eq!(driver.restart(|_| true).reports, report(RoomPhase::Created, 0));
    assert!(driver.woken().reports.is_empty());
    assert!(driver.reported(ADA, true).reports.is_empty());
}

#[test]
fn the_end_is_told_and_then_nothing() {
    for on_its_way in [false, true] {
        let mut driver = Driver::new();
        watch(&mut driver, ADA, true);
        if !on_its_way {
            driver.reported(ADA, true);
        }
        let (host, _) = driver.enter(0);
        if !on_its_way {
            driver.reported(ADA, true);
        }
        let effects = driver.say(host, &simple("end"));
        let effects = if on_its_way { driver.reported(ADA, true) } else { effects };
        assert_eq!(effects.reports, report(RoomPhase::Destroyed, 0));
        assert!(driver.store.watchers.is_empty());
        assert!(driver.reported(ADA, true).reports.is_empty());
        assert_eq!(watch(&mut driver, ADA, true).reports, report(RoomPhase::Destroyed, 0));
        assert!(driver.store.watchers.is_empty(), "what is over does not change");
    }
}

#[test]
fn watchers_are_bounded() {
    let mut driver = Driver::new();
    for number in 0..WATCHERS {
        let account = format!("{number:064x}").parse().unwrap();
        driver
            .room
            .handle(driver.now, room::Input::Asked { id: 1, question: Question::Watch { account, watch: true } });
        while let Some(output) = driver.room.poll_output() {
            if let room::Output::Save(room::Record::Watcher(account)) = output {
                driver.store.watchers.insert(account);
            }
        }
    }
    let account = identity(ADA).account;
    assert_eq!(driver.ask(Question::Watch { account, watch: true }).0, Err(ErrorCode::RateLimited));
    assert_eq!(driver.store.watchers.len(), WATCHERS);
}
