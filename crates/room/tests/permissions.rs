//! What participants may do is what the hosts say, for whoever is in and whoever comes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, about, join, permit, person, sharing, update};
use protocol::{
    error::ErrorCode,
    media::Source::{Camera, Microphone, Screen, ScreenAudio},
    signal::{Change, Permissions, ServerMessage},
};
use room::ConnectionId;

/// A host and a participant whom a region carries.
fn carried() -> (Driver, ConnectionId, ConnectionId) {
    let mut driver = Driver::new();
    let (host, _) = driver.enter_carried(0);
    let (bob, _) = driver.enter_carried(1);
    (driver, host, bob)
}

#[test]
fn everybody_sees_what_is_permitted_and_it_stays() {
    let (mut driver, host, bob) = carried();
    let effects = driver.say(host, &permit(false, true, false, true));
    let expected = Permissions { share: false, chat: true, react: false, unmute: true };
    let [ServerMessage::Change { change: Change::Room { room }, .. }] = effects.to(bob)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(room.permissions, expected);
    assert!(driver.say(host, &permit(false, true, false, true)).sent.is_empty(), "it is so");
    driver.lose_memory();
    let (late, _) = driver.enter(2);
    assert_eq!(driver.clients[&late].state.as_ref().unwrap().room.permissions, expected);
}

#[test]
fn screens_stop_and_none_starts_where_sharing_is_off() {
    let (mut driver, host, bob) = carried();
    driver.say(host, &sharing(true, true, true));
    driver.say(bob, &sharing(true, true, true));
    let effects = driver.say(host, &permit(false, true, true, true));
    assert!(effects.to(bob).contains(&&ServerMessage::Stopped { source: Screen }));
    assert!(!effects.to(host).contains(&&ServerMessage::Stopped { source: Screen }), "hosts go on");
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera])]);
    assert!(driver.member(0).screen && !driver.member(1).screen);
    let effects = driver.say(bob, &sharing(true, true, true));
    assert_eq!(effects.refused(bob), Some(ErrorCode::Forbidden));
    let shown = effects.to(bob).into_iter().find_map(|message| match message {
        ServerMessage::Change { change: Change::Updated { participant }, .. } => Some(participant),
        _ => None,
    });
    assert_eq!(shown, Some(&driver.member(1).participant()), "their page learns how it is");
    let (_, effects) = driver.enter(2);
    assert_eq!(effects.open().publish, [Microphone, Camera], "newcomers neither");
    driver.say(host, &permit(true, true, true, true));
    let effects = driver.say(bob, &sharing(true, true, true));
    assert_eq!(effects.refused(bob), None);
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera, Screen, ScreenAudio])]);
}

#[test]
fn who_may_not_unmute_stays_silent_at_the_region() {
    let (mut driver, host, bob) = carried();
    let effects = driver.say(host, &permit(true, true, true, false));
    assert!(effects.grants.is_empty() && driver.member(1).microphone, "who speaks goes on");
    let effects = driver.say(bob, &update(false, true));
    assert_eq!(effects.grants, [(person(1), vec![Camera, Screen, ScreenAudio])], "until they stop");
    let effects = driver.say(bob, &update(true, false));
    assert_eq!(effects.refused(bob), Some(ErrorCode::Forbidden));
    assert!(!driver.member(1).microphone && driver.member(1).camera, "a refusal changes nothing");
    assert_eq!(driver.say(bob, &update(false, false)).refused(bob), None);
    assert_eq!(driver.say(bob, &update(false, true)).refused(bob), None, "the camera is theirs");
    assert_eq!(driver.say(host, &update(false, true)).refused(host), None);
    assert_eq!(driver.say(host, &update(true, true)).refused(host), None, "hosts unmute");
    driver.lose_memory();
    driver.say(host, &permit(true, true, true, true));
    let effects = driver.say(bob, &update(true, true));
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera, Screen, ScreenAudio])]);
}

#[test]
fn newcomers_are_muted_where_they_may_not_unmute() {
    let (mut driver, host, _) = carried();
    driver.say(host, &permit(true, true, true, false));
    let (cat, _) = driver.connect(2);
    let effects = driver.say(cat, &join("Cat"));
    assert_eq!(effects.open().publish[0], Camera, "held before the first packet");
    assert!(!driver.member(2).microphone && driver.member(2).camera);
    assert_eq!(driver.say(cat, &update(true, true)).refused(cat), Some(ErrorCode::Forbidden));
}

#[test]
fn who_leads_may_and_who_leads_no_longer_may_not() {
    let (mut driver, host, bob) = carried();
    driver.say(host, &permit(false, false, false, false));
    driver.say(bob, &update(false, true));
    let effects = driver.say(host, &about("set_cohost", Some(1), r#","cohost":true"#));
    assert_eq!(effects.grants, [(person(1), vec![Camera, Screen, ScreenAudio])], "silent until they speak");
    assert_eq!(driver.say(bob, &sharing(true, true, true)).refused(bob), None);
    assert_eq!(driver.say(bob, r#"{"type":"react","reaction":"wow"}"#).refused(bob), None);
    let effects = driver.say(host, &about("set_cohost", Some(1), r#","cohost":false"#));
    assert!(effects.to(bob).contains(&&ServerMessage::Stopped { source: Screen }));
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera])]);
    assert_eq!(driver.say(bob, r#"{"type":"react","reaction":"wow"}"#).refused(bob), Some(ErrorCode::Forbidden));
}
