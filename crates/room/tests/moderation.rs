//! What a host turns off stops at the region, whatever its owner's browser does, until they turn it on
//! again; and who leads the meeting too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, about, identity, join, media, owned, person, sharing, simple, update};
use protocol::{
    error::ErrorCode,
    media::Source::{self, Camera, Microphone, Screen, ScreenAudio},
    rest::{Relation, RoomKind},
    signal::{Change, Role, ServerMessage},
};
use room::{ConnectionId, MISSED_MS, RegionFailure};

fn stop(whom: Option<u8>, source: &str) -> String {
    about("stop", whom, &format!(r#","source":"{source}""#))
}

fn cohost(whom: u8, cohost: bool) -> String {
    about("set_cohost", Some(whom), &format!(r#","cohost":{cohost}"#))
}

fn stopped(effects: &Effects, of: ConnectionId) -> Vec<Source> {
    let stopped = effects.to(of).into_iter().filter_map(|message| match message {
        ServerMessage::Stopped { source } => Some(*source),
        _ => None,
    });
    stopped.collect()
}

/// A host and a participant whom a region carries.
fn carried() -> (Driver, ConnectionId, ConnectionId) {
    let mut driver = Driver::new();
    let (host, _) = driver.enter_carried(0);
    let (bob, _) = driver.enter_carried(1);
    (driver, host, bob)
}

#[test]
fn what_a_host_turns_off_is_held_at_the_region_until_it_is_turned_on_again() {
    let (mut driver, host, bob) = carried();
    let effects = driver.say(host, &stop(Some(1), "microphone"));
    assert_eq!(stopped(&effects, bob), [Microphone]);
    assert_eq!(effects.grants, [(person(1), vec![Camera, Screen, ScreenAudio])]);
    assert!(!driver.member(1).microphone && driver.member(1).camera);
    driver.lose_memory();
    let effects = driver.say(host, &stop(Some(1), "microphone"));
    assert!(effects.sent.is_empty() && effects.grants.is_empty() && effects.saved.is_empty(), "it is off");
    let effects = driver.say(bob, &update(false, false));
    assert!(effects.grants.is_empty(), "another source");
    let effects = driver.say(bob, &update(true, false));
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera, Screen, ScreenAudio])]);
    let session = driver.member(1).session.clone().unwrap();
    assert_eq!((session.epoch, session.grant), (1, 2), "grants are counted in the row");
}

#[test]
fn what_is_off_already_is_held_without_a_word() {
    let (mut driver, host, bob) = carried();
    driver.say(bob, &update(false, true));
    let effects = driver.say(host, &stop(Some(1), "microphone"));
    assert!(effects.sent.is_empty(), "nothing changed for anybody");
    assert_eq!(effects.grants.len(), 1, "but their browser cannot send all the same");
}

#[test]
fn a_screen_takes_its_sound_with_it_and_comes_back_with_it() {
    let (mut driver, host, bob) = carried();
    driver.say(bob, &sharing(true, true, true));
    let effects = driver.say(host, &stop(Some(1), "screen_audio"));
    assert_eq!((stopped(&effects, bob), driver.member(1).screen), (vec![ScreenAudio], true));
    assert!(!effects.sent.iter().any(|(_, message)| matches!(message, ServerMessage::Change { .. })), "nobody sees it");
    let effects = driver.say(host, &stop(Some(1), "screen"));
    assert_eq!((stopped(&effects, bob), driver.member(1).screen), (vec![Screen], false));
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera])]);
    let effects = driver.say(bob, &sharing(true, true, true));
    assert_eq!(effects.grants, [(person(1), vec![Microphone, Camera, Screen, ScreenAudio])]);
}

#[test]
fn everybody_is_silenced_but_those_who_lead() {
    let (mut driver, host, bob) = carried();
    let (cora, _) = driver.enter_carried(2);
    let (dan, _) = driver.enter_carried(3);
    driver.say(host, &cohost(2, true));
    let effects = driver.say(cora, &stop(None, "camera"));
    for (id, expected) in [(host, vec![]), (bob, vec![Camera]), (cora, vec![]), (dan, vec![Camera])] {
        assert_eq!(stopped(&effects, id), expected);
    }
    assert_eq!(effects.grants.len(), 2);
}

#[test]
fn a_new_session_opens_with_what_is_held_now() {
    let (mut driver, host, bob) = carried();
    driver.say(host, &stop(Some(1), "camera"));
    let call = driver.say(bob, &media()).open().clone();
    assert_eq!(call.publish, [Microphone, Screen, ScreenAudio]);
    // The old session lives until the region takes the new one.
    let effects = driver.say(host, &stop(Some(1), "microphone"));
    assert_eq!(effects.grants, [(person(1), vec![Screen, ScreenAudio])]);
    assert_eq!(driver.member(1).session.as_ref().unwrap().epoch, 1);
    let effects = driver.accept(&call);
    assert_eq!(effects.grants, [(person(1), vec![Screen, ScreenAudio])], "what was said meanwhile is said again");
    assert_eq!(driver.member(1).session.as_ref().unwrap().epoch, 2);
}

#[test]
fn an_offer_that_is_refused_frees_nobody() {
    let (mut driver, host, bob) = carried();
    let call = driver.say(bob, &media()).open().clone();
    let rejected = Err(RegionFailure::Rejected("no".into()));
    driver.input(room::Input::Opened { participant: person(1), epoch: call.epoch, result: rejected });
    let effects = driver.say(host, &stop(Some(1), "microphone"));
    assert_eq!(effects.grants.len(), 1, "the session before it lives");
    assert_eq!(driver.regions[&person(1)].publish, [Camera, Screen, ScreenAudio]);
}

#[test]
fn a_session_that_opened_while_the_memory_was_lost_learns_what_is_held() {
    let (mut driver, host, bob) = carried();
    let call = driver.say(bob, &media()).open().clone();
    driver.say(host, &stop(Some(1), "microphone"));
    driver.lose_memory();
    let effects = driver.accept(&call);
    assert_eq!(effects.grants, [(person(1), vec![Camera, Screen, ScreenAudio])]);
}

#[test]
fn nobody_acts_on_the_host_and_nobody_but_hosts_on_others() {
    let (mut driver, host, bob) = carried();
    let (cora, _) = driver.enter(2);
    driver.say(host, &cohost(2, true));
    for text in [stop(Some(0), "microphone"), about("remove", Some(0), "")] {
        assert_eq!(driver.say(cora, &text).refused(cora), Some(ErrorCode::Forbidden), "{text}");
    }
    for text in [
        stop(Some(2), "microphone"),
        stop(None, "microphone"),
        about("remove", Some(2), ""),
        cohost(1, true),
        common::permit(false, true, true, true),
        about("lock", None, r#","locked":true"#),
        about("waiting_room", None, r#","on":true"#),
        about("lower_hand", None, ""),
        about("spotlight", Some(1), ""),
        simple("admit_all"),
    ] {
        let effects = driver.say(bob, &text);
        assert_eq!(effects.refused(bob), Some(ErrorCode::HostOnly), "{text}");
        assert!(effects.saved.is_empty() && effects.sent.len() == 1, "{text}");
    }
    assert_eq!(driver.say(cora, &cohost(1, true)).refused(cora), Some(ErrorCode::HostOnly));
    for text in [stop(Some(9), "camera"), about("remove", Some(9), ""), about("spotlight", Some(9), "")] {
        assert_eq!(driver.say(cora, &text).refused(cora), Some(ErrorCode::InvalidRequest), "{text}");
    }
    let (dan, _) = driver.connect(3);
    assert_eq!(driver.say(dan, &stop(None, "camera")).refused(dan), Some(ErrorCode::NotJoined));
}

#[test]
fn a_guest_leads_as_long_as_they_are_in() {
    let (mut driver, host, bob) = carried();
    let effects = driver.say(host, &cohost(1, true));
    assert_eq!(driver.member(1).role, Role::Cohost);
    assert!(effects.to(bob).into_iter().any(|message| matches!(message, ServerMessage::Lobby { .. })));
    driver.close(bob);
    driver.wait(MISSED_MS - 1);
    let (bob, _) = driver.connect(1);
    driver.lose_memory();
    assert_eq!(driver.say(bob, &stop(None, "camera")).refused(bob), None, "back in time");
    driver.say(bob, &simple("leave"));
    let (bob, _) = driver.enter(1);
    assert_eq!(driver.say(bob, &stop(None, "camera")).refused(bob), Some(ErrorCode::HostOnly));
}

#[test]
fn a_signed_in_person_leads_by_their_address() {
    let (mut driver, _) = Driver::with(owned(RoomKind::Public));
    let (olive, _) = driver.enter_signed_in(0, "olive@example.org");
    let (sam, _) = driver.enter_signed_in(4, "sam@else.net");
    driver.say(olive, &cohost(4, true));
    assert_eq!(driver.room.relation(&identity("sam@else.net")), Some(Relation::Cohost), "in their list too");
    driver.say(sam, &simple("leave"));
    driver.lose_memory();
    driver.enter_signed_in(5, "sam@else.net");
    assert_eq!(driver.member(5).role, Role::Cohost);
    driver.say(olive, &cohost(5, false));
    assert_eq!(driver.member(5).role, Role::Participant);
    assert_eq!(driver.room.relation(&identity("sam@else.net")), Some(Relation::Attended));
    driver.say(olive, &cohost(5, true));
    let (answer, _) = driver.change("olive@example.org", r#"{"cohosts":[]}"#);
    assert!(answer.is_ok());
    assert_eq!(driver.member(5).role, Role::Participant, "all co-hosts are those that are listed");
}

#[test]
fn the_spotlight_goes_with_the_person() {
    let (mut driver, host, bob) = carried();
    let spotlight = |effects: &Effects| {
        effects.to(host).into_iter().find_map(|message| match message {
            ServerMessage::Change { change: Change::Room { room }, .. } => Some(room.spotlight),
            _ => None,
        })
    };
    let effects = driver.say(host, &about("spotlight", Some(1), ""));
    assert_eq!(spotlight(&effects), Some(Some(person(1))));
    assert!(driver.say(host, &about("spotlight", Some(1), "")).sent.is_empty(), "they are in it");
    driver.lose_memory();
    let effects = driver.say(bob, &simple("leave"));
    assert_eq!(spotlight(&effects), Some(None));
    driver.say(bob, &join("Bob"));
}

#[test]
fn nothing_of_it_outlives_the_meeting() {
    let (mut driver, host, _) = carried();
    driver.say(host, &about("remove", Some(1), ""));
    driver.say(host, &about("lock", None, r#","locked":true"#));
    driver.say(host, &common::permit(false, false, false, false));
    driver.say(host, &simple("end"));
    assert_eq!(driver.store.meeting.as_ref().unwrap().moderation, Box::default());
}
