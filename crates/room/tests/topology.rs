//! Two people alone talk directly; a region carries everybody else, and them whenever they cannot.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, about, describe, instance, join, join_able, media, permit, person, reached, simple};
use protocol::{
    error::ErrorCode,
    limits,
    media::Source,
    region::SessionEventKind,
    signal::{MediaPath, ServerMessage},
};
use room::{AGAIN_MS, CHECKED_MS, ConnectionId, HEARD_MS, LOSSES, QUIET_MS, TRIED_MS};

fn enter(driver: &mut Driver, number: u8, text: &str) -> ConnectionId {
    let (id, _) = driver.connect(number);
    let effects = driver.say(id, text);
    carry(driver, effects);
    id
}

fn carry(driver: &mut Driver, effects: Effects) {
    let effects = if effects.needs_instances { driver.instances(&[instance("fra", 50.1, 8.7)]) } else { effects };
    let call = effects.open().clone();
    driver.accept(&call);
}

/// Two who can are in, and a region carries both.
fn two() -> (Driver, ConnectionId, ConnectionId) {
    let mut driver = Driver::new();
    let ada = enter(&mut driver, 0, &join_able("Ada"));
    let bob = enter(&mut driver, 1, &join_able("Bob"));
    (driver, ada, bob)
}

/// They talk directly.
fn direct() -> (Driver, ConnectionId, ConnectionId) {
    let (mut driver, ada, bob) = two();
    driver.wake();
    driver.say(ada, &reached(1, true));
    let effects = driver.say(bob, &reached(1, true));
    assert_eq!(
        (told(&effects, ada), told(&effects, bob)),
        (Some((1, MediaPath::Direct)), Some((1, MediaPath::Direct)))
    );
    (driver, ada, bob)
}

fn told(effects: &Effects, to: ConnectionId) -> Option<(u64, MediaPath)> {
    effects.to(to).into_iter().rev().find_map(|message| match message {
        ServerMessage::Plan { plan, path, .. } => Some((*plan, *path)),
        _ => None,
    })
}

#[test]
fn direct_is_tried_after_a_while_and_the_region_carries_meanwhile() {
    let (mut driver, ada, bob) = two();
    assert_eq!(driver.room.next_deadline(), Some(driver.now + QUIET_MS));
    let effects = driver.wake();
    for (to, peer) in [(ada, person(1)), (bob, person(0))] {
        let plan = ServerMessage::Plan { plan: 1, path: MediaPath::Both, peer: Some(peer) };
        assert_eq!(effects.to(to), [&plan]);
    }
    assert!(effects.session_closes.is_empty() && driver.regions.len() == 2);
    let sdp = "v=0\r\n".parse().unwrap();
    assert_eq!(driver.say(ada, &describe(1)).sent, [(bob, ServerMessage::Description { plan: 1, sdp })]);
    assert!(driver.say(bob, &reached(1, true)).sent.is_empty(), "one direction is not enough");
    assert!(driver.say(bob, &reached(1, true)).sent.is_empty(), "whoever says it twice is still one");
    driver.lose_memory();
    let effects = driver.say(ada, &reached(1, true));
    assert_eq!(told(&effects, bob), Some((1, MediaPath::Direct)));
    assert_eq!(effects.session_closes.len(), 2);
    assert!(driver.regions.is_empty(), "no region carries anybody");
    assert_eq!(driver.room.next_deadline(), None, "a quiet call keeps no alarm");
}

#[test]
fn only_two_whose_browsers_both_can_try_it() {
    let mut driver = Driver::new();
    enter(&mut driver, 0, &join_able("Ada"));
    assert_eq!(driver.room.next_deadline(), None, "alone");
    let bob = enter(&mut driver, 1, &join("Bob"));
    assert_eq!(driver.room.next_deadline(), None, "Bob's cannot");
    enter(&mut driver, 2, &join_able("Cleo"));
    assert_eq!(driver.room.next_deadline(), None, "three");
    driver.say(bob, &simple("leave"));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + QUIET_MS));
}

#[test]
fn a_third_person_brings_the_region_and_takes_it_away_again() {
    let (mut driver, ada, bob) = direct();
    let (cleo, _) = driver.connect(2);
    let effects = driver.say(cleo, &join_able("Cleo"));
    assert_eq!(
        (told(&effects, ada), told(&effects, bob)),
        (Some((2, MediaPath::Region)), Some((2, MediaPath::Region)))
    );
    carry(&mut driver, effects);
    for id in [ada, bob] {
        let effects = driver.say(id, &media());
        assert!(effects.to(id).is_empty());
        assert_eq!(effects.open().placement.instance.as_str(), "fra", "where the room is");
        carry(&mut driver, effects);
    }
    assert_eq!(driver.room.next_deadline(), None);
    driver.say(cleo, &simple("leave"));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + QUIET_MS), "they lost nothing, so it is soon");
    assert_eq!(told(&driver.wake(), ada), Some((3, MediaPath::Both)));
}

#[test]
fn what_a_host_withholds_goes_through_a_region() {
    let (mut driver, ada, bob) = direct();
    let effects = driver.say(ada, &about("stop", Some(1), r#","source":"microphone""#));
    assert_eq!(told(&effects, bob), Some((2, MediaPath::Region)));
    assert!(effects.to(bob).contains(&&ServerMessage::Stopped { source: Source::Microphone }));
    let effects = driver.say(bob, &media());
    assert!(!effects.open().publish.contains(&Source::Microphone));
    carry(&mut driver, effects);
    let effects = driver.say(ada, &media());
    carry(&mut driver, effects);
    assert_eq!(driver.room.next_deadline(), None, "as long as it is withheld");
    driver.say(bob, &common::update(true, true));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + QUIET_MS));

    let (mut driver, ada, bob) = direct();
    assert_eq!(told(&driver.say(ada, &permit(false, true, true, true)), bob), Some((2, MediaPath::Region)));
    let (mut driver, ada, bob) = direct();
    assert_eq!(told(&driver.say(ada, &permit(true, true, true, false)), bob), Some((2, MediaPath::Region)));
}

#[test]
fn attempts_that_fail_are_remembered_for_these_two() {
    let (mut driver, ada, bob) = two();
    for attempt in 1..=LOSSES {
        driver.wake();
        let plan = attempt * 2;
        driver.say(ada, &reached(plan - 1, true));
        assert_eq!(driver.room.next_deadline(), Some(driver.now + TRIED_MS));
        let effects = driver.wake();
        assert_eq!(
            (told(&effects, ada), told(&effects, bob)),
            (Some((plan, MediaPath::Region)), Some((plan, MediaPath::Region)))
        );
        assert!(effects.session_closes.is_empty(), "the region went on all the time");
        let again = (attempt < LOSSES).then_some(driver.now + AGAIN_MS);
        assert_eq!(driver.room.next_deadline(), again);
    }
    let cleo = enter(&mut driver, 2, &join_able("Cleo"));
    driver.say(bob, &simple("leave"));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + QUIET_MS), "others may have better networks");
    driver.say(cleo, &simple("leave"));
    enter(&mut driver, 1, &join_able("Bob"));
    assert_eq!(driver.room.next_deadline(), None);

    let (mut driver, ada, bob) = two();
    driver.wake();
    assert_eq!(told(&driver.say(bob, &reached(1, false)), ada), Some((2, MediaPath::Region)), "a browser that knows");
    assert_eq!(driver.room.next_deadline(), Some(driver.now + AGAIN_MS));
}

#[test]
fn a_direct_connection_that_is_lost_is_tried_again_later_and_not_for_ever() {
    let (mut driver, ada, bob) = direct();
    for loss in 1..=LOSSES {
        let plan = loss * 2;
        let effects = driver.say(ada, &reached(plan - 1, false));
        assert_eq!(told(&effects, bob), Some((plan, MediaPath::Region)));
        assert!(effects.to(bob).contains(&&ServerMessage::Check), "Bob may be gone");
        assert_eq!(driver.room.next_deadline(), Some(driver.now + CHECKED_MS));
        for id in [ada, bob] {
            let effects = driver.say(id, &media());
            carry(&mut driver, effects);
        }
        if loss == LOSSES {
            break;
        }
        assert_eq!(driver.room.next_deadline(), Some(driver.now + AGAIN_MS));
        driver.wake();
        driver.say(ada, &reached(plan + 1, true));
        driver.say(bob, &reached(plan + 1, true));
        assert!(driver.regions.is_empty());
    }
    assert_eq!(driver.room.next_deadline(), None);
}

#[test]
fn who_is_heard_directly_is_not_out_for_a_lost_socket() {
    let (mut driver, ada, bob) = direct();
    driver.close(bob);
    assert_eq!(driver.room.next_deadline(), Some(driver.now + HEARD_MS));
    driver.wait(60_000);
    let (bob, effects) = driver.connect(1);
    assert_eq!(told(&effects, bob), Some((1, MediaPath::Direct)), "and media was not touched");
    assert_eq!(driver.room.next_deadline(), None);
    driver.close(bob);
    driver.say(ada, &reached(1, false));
    assert_eq!(driver.room.next_deadline(), Some(driver.now + CHECKED_MS), "neither socket nor media");
    assert!(driver.wake().to(ada).iter().any(|message| matches!(message, ServerMessage::Change { .. })));
    assert!(!driver.store.members.contains_key(&person(1)));
}

#[test]
fn an_attempt_ends_when_the_region_or_a_socket_is_lost() {
    let (mut driver, ada, bob) = two();
    driver.wake();
    driver.close(bob);
    assert_eq!(driver.clients[&ada].plan, Some((2, MediaPath::Region, None)));
    let (mut driver, _, bob) = two();
    driver.wake();
    assert_eq!(told(&driver.happened("fra", 0, 1, SessionEventKind::Silent), bob), Some((2, MediaPath::Region)));
    let (mut driver, ada, bob) = two();
    driver.wake();
    assert_eq!(told(&driver.say(ada, &media()), bob), Some((2, MediaPath::Region)));
}

#[test]
fn who_offers_to_a_region_leaves_the_direct_connection() {
    let (mut driver, ada, bob) = direct();
    let effects = driver.say(ada, &media());
    assert_eq!(told(&effects, bob), Some((2, MediaPath::Region)));
    carry(&mut driver, effects);
}

#[test]
fn what_is_said_of_another_plan_is_dropped() {
    let (mut driver, ada, bob) = two();
    assert!(driver.say(ada, &describe(0)).sent.is_empty(), "none is tried");
    assert!(driver.say(ada, &reached(0, false)).sent.is_empty());
    driver.wake();
    for plan in [0, 2, u64::MAX] {
        assert!(driver.say(ada, &describe(plan)).sent.is_empty());
        assert!(driver.say(bob, &reached(plan, false)).sent.is_empty());
        driver.wait(1_000);
    }
    let (mut driver, ada, _) = direct();
    assert!(driver.say(ada, &describe(1)).sent.is_empty(), "it is described already");
    let (cleo, _) = driver.connect(2);
    assert_eq!(driver.say(cleo, &describe(1)).refused(cleo), Some(ErrorCode::NotJoined));
    assert_eq!(driver.say(cleo, &reached(1, false)).refused(cleo), Some(ErrorCode::NotJoined));
}

#[test]
fn descriptions_are_bounded_in_size_and_rate() {
    let (mut driver, ada, bob) = two();
    driver.wake();
    for more in ["a".repeat(limits::SDP_BYTES), r"m=video 9 - 96\r\n".repeat(limits::SDP_MEDIA_LINES + 1)] {
        let effects = driver.say(ada, &format!(r#"{{"type":"describe","plan":1,"sdp":"v=0\r\n{more}"}}"#));
        assert!(effects.to(bob).is_empty());
        assert_eq!(effects.refused(ada), Some(ErrorCode::InvalidRequest));
    }
    let passed = (0..60).filter(|_| !driver.say(ada, &describe(1)).to(bob).is_empty()).count();
    assert!((1..=15).contains(&passed), "{passed} at once");
}
