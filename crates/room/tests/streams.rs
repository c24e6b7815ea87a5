//! Programs come by WHIP or WHEP with a token of a host, are led like people, and go with their session.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may say what must hold; clippy.toml covers only functions marked as tests"
)]

mod common;

use common::{Driver, Effects, START, about, identity, instance, owned, permit, person, simple};
use protocol::{
    Millis,
    error::ErrorCode,
    limits,
    media::Source,
    region::SessionEventKind,
    rest::{RoomKind, RoomPhase, Stream, StreamKind},
    signal::{MediaOffer, Presence},
};
use room::{Answer, Asker, Input, Question, RegionFailure, SILENT_STREAM_MS, stream_offer};

const DAY: Millis = 24 * 60 * 60 * 1_000;

fn host() -> Asker {
    Asker { participant: None, host: true, identity: None }
}

fn guest(number: u8) -> Asker {
    Asker { participant: Some(person(number)), host: false, identity: None }
}

fn stream(number: u8, kind: StreamKind) -> Stream {
    Stream { id: person(number), kind, name: "Studio".parse().unwrap(), expires_at: START + DAY }
}

fn make(driver: &mut Driver, by: Asker, stream: Stream) -> Result<Answer, ErrorCode> {
    driver.ask(Question::MakeStream { by, stream }).0
}

fn offer(kind: StreamKind) -> Box<MediaOffer> {
    let section = |mid: u8, media: &str| format!("m={media} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:{mid}\r\na=sendrecv\r\n");
    let text =
        format!("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{}{}", section(0, "audio"), section(1, "video"));
    Box::new(stream_offer(kind, &text).unwrap())
}

fn open(driver: &mut Driver, number: u8, kind: StreamKind) -> (Result<Answer, ErrorCode>, Effects) {
    let question = Question::OpenStream { stream: person(number), kind, offer: offer(kind), location: None };
    let (answer, effects) = driver.ask(question);
    let effects = if effects.needs_instances { driver.instances(&[instance("fra", 50.1, 8.7)]) } else { effects };
    (answer, effects)
}

/// A token is made, its program comes, and a region carries it.
fn enter(driver: &mut Driver, number: u8, kind: StreamKind) -> Effects {
    assert_eq!(make(driver, host(), stream(number, kind)), Ok(Answer::Done));
    let (answer, effects) = open(driver, number, kind);
    assert!(matches!(answer, Ok(Answer::Streaming(_))), "{answer:?}");
    let call = effects.open().clone();
    let accepted = driver.accept(&call);
    assert_eq!(accepted.streamed, [(person(number), None)]);
    driver.happened("fra", number, call.epoch, SessionEventKind::Connected);
    effects
}

#[test]
fn only_who_leads_the_meeting_makes_tokens_and_there_are_not_many() {
    let (mut driver, _) = Driver::with(owned(RoomKind::Private));
    let by = |email: &str| Asker { participant: None, host: false, identity: Some(identity(email)) };
    for stranger in [guest(3), by("eve@example.org")] {
        assert_eq!(make(&mut driver, stranger, stream(9, StreamKind::Publish)), Err(ErrorCode::Forbidden));
    }
    for number in 0..u8::try_from(limits::STREAMS).unwrap() {
        assert_eq!(
            make(&mut driver, by("olive@example.org"), stream(10 + number, StreamKind::Watch)),
            Ok(Answer::Done)
        );
    }
    let one_more = stream(9, StreamKind::Watch);
    assert_eq!(make(&mut driver, by("olive@example.org"), one_more.clone()), Err(ErrorCode::RoomFull));
    let (taken_back, _) = driver.ask(Question::DropStream { by: by("olive@example.org"), stream: person(10) });
    assert_eq!(taken_back, Ok(Answer::Done));
    assert_eq!(make(&mut driver, by("olive@example.org"), one_more), Ok(Answer::Done));
    driver.wait(DAY);
    let (left, _) = driver.ask(Question::Streams { by: by("olive@example.org") });
    assert_eq!(left, Err(ErrorCode::RoomEnded), "nobody ever came");
}

#[test]
fn a_publisher_walks_past_the_lock_and_is_seen_by_everybody() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter_carried(0);
    driver.say(ada, r#"{"type":"lock","locked":true}"#);
    let effects = enter(&mut driver, 5, StreamKind::Publish);
    assert_eq!(effects.open().publish, [Source::Microphone, Source::Camera]);
    let member = driver.member(5);
    assert_eq!((member.stream, member.microphone, member.camera), (Some(StreamKind::Publish), true, true));
    assert_eq!((member.presence, member.leaves_at), (Presence::Connected, None));
    driver.lose_memory();
    // Its next session takes the place of this one.
    let (answer, effects) = open(&mut driver, 5, StreamKind::Publish);
    assert_eq!(answer, Ok(Answer::Streaming(effects.open().epoch)));
    assert!(driver.happened("fra", 5, 1, SessionEventKind::Closed).sent.is_empty(), "that one is over already");
    assert!(driver.store.members.contains_key(&person(5)));
}

#[test]
fn a_watcher_publishes_nothing() {
    let mut driver = Driver::new();
    let effects = enter(&mut driver, 5, StreamKind::Watch);
    assert!(effects.open().publish.is_empty());
    assert_eq!((driver.member(5).microphone, driver.member(5).camera), (false, false));
    let (ada, _) = driver.enter_carried(0);
    driver.say(ada, &permit(true, true, true, false));
    driver.say(ada, &permit(true, true, true, true));
    assert_eq!(open(&mut driver, 5, StreamKind::Publish).0, Err(ErrorCode::Unauthorized), "not what its token is for");
}

#[test]
fn what_a_host_stopped_stays_off_in_its_next_session() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter_carried(0);
    enter(&mut driver, 5, StreamKind::Publish);
    let effects = driver.say(ada, &about("stop", Some(5), r#","source":"microphone""#));
    assert_eq!(effects.grants, [(person(5), vec![Source::Camera])]);
    let (_, effects) = open(&mut driver, 5, StreamKind::Publish);
    assert_eq!(effects.open().publish, [Source::Camera]);
    assert!(!driver.member(5).microphone);
    assert_eq!(
        driver.say(ada, &about("set_cohost", Some(5), r#","cohost":true"#)).refused(ada),
        Some(ErrorCode::Forbidden)
    );
}

#[test]
fn whoever_is_removed_or_whose_token_is_taken_back_is_out_for_good() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter_carried(0);
    for by_token in [false, true] {
        enter(&mut driver, 5, StreamKind::Publish);
        let effects = if by_token {
            driver.ask(Question::DropStream { by: host(), stream: person(5) }).1
        } else {
            driver.say(ada, &about("remove", Some(5), ""))
        };
        assert_eq!(effects.session_closes.len(), 1);
        assert!(!driver.store.members.contains_key(&person(5)));
        assert_eq!(open(&mut driver, 5, StreamKind::Publish).0, Err(ErrorCode::Unauthorized));
        let details = driver.store.meeting.as_ref().unwrap();
        assert!(
            !details.moderation.waiting_room && details.moderation.banned_seats.is_empty(),
            "people come as before"
        );
    }
}

#[test]
fn it_goes_with_its_session_or_when_it_is_told_to() {
    let mut driver = Driver::new();
    enter(&mut driver, 5, StreamKind::Publish);
    let ends = |epoch, ends| Question::StreamSession { stream: person(5), epoch, ends };
    assert_eq!(driver.ask(ends(1, false)).0, Ok(Answer::Done));
    assert_eq!(driver.ask(ends(2, true)).0, Err(ErrorCode::NotFound));
    let (answer, effects) = driver.ask(ends(1, true));
    assert_eq!((answer, effects.session_closes.len()), (Ok(Answer::Done), 1));
    assert_eq!(driver.store.meeting.as_ref().unwrap().phase, RoomPhase::Waiting);

    let (_, effects) = open(&mut driver, 5, StreamKind::Publish);
    let epoch = effects.open().epoch;
    let call = effects.open().clone();
    driver.accept(&call);
    driver.happened("fra", 5, epoch, SessionEventKind::Connected);
    assert_eq!(driver.room.next_deadline(), Some(START + DAY), "a quiet stream needs nothing but its end");
    driver.happened("fra", 5, epoch, SessionEventKind::Silent);
    assert_eq!(driver.member(5).presence, Presence::Reconnecting);
    driver.happened("fra", 5, epoch, SessionEventKind::Back);
    assert_eq!(driver.member(5).presence, Presence::Connected);
    driver.happened("fra", 5, epoch, SessionEventKind::Closed);
    assert!(driver.store.members.is_empty());
}

#[test]
fn it_is_not_there_for_ever_where_its_region_says_nothing_more() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter_carried(0);
    assert_eq!(make(&mut driver, host(), stream(5, StreamKind::Publish)), Ok(Answer::Done));
    let call = open(&mut driver, 5, StreamKind::Publish).1.open().clone();
    driver.accept(&call);
    driver.lose_memory();
    driver.wait(SILENT_STREAM_MS);
    driver.woken();
    assert!(!driver.store.members.contains_key(&person(5)), "it never connected");

    let call = open(&mut driver, 5, StreamKind::Publish).1.open().clone();
    driver.accept(&call);
    driver.happened("fra", 5, call.epoch, SessionEventKind::Connected);
    driver.now = START + DAY;
    driver.woken();
    assert!(!driver.store.members.contains_key(&person(5)), "its token ended");
    assert_eq!(open(&mut driver, 5, StreamKind::Publish).0, Err(ErrorCode::Unauthorized));
    driver.say(ada, &simple("leave"));
}

#[test]
fn one_that_no_region_takes_is_told_and_out() {
    let mut driver = Driver::new();
    driver.enter_carried(0);
    assert_eq!(make(&mut driver, host(), stream(5, StreamKind::Publish)), Ok(Answer::Done));
    let call = open(&mut driver, 5, StreamKind::Publish).1.open().clone();
    assert!(driver.room.is_opening(person(5)));
    let result = Err(RegionFailure::Rejected("no codec".into()));
    let effects = driver.input(Input::Opened { participant: person(5), epoch: call.epoch, result });
    assert_eq!(effects.streamed, [(person(5), Some(ErrorCode::OfferRejected))]);
    assert!(!driver.store.members.contains_key(&person(5)) && !driver.room.is_opening(person(5)));

    let call = open(&mut driver, 5, StreamKind::Publish).1.open().clone();
    assert_eq!(driver.ask(Question::DropStream { by: host(), stream: person(5) }).0, Ok(Answer::Done));
    assert!(!driver.room.is_opening(person(5)), "nobody waits for an answer that does not come");
    assert_eq!(driver.accept(&call).session_closes.len(), 1, "the region opened it for nobody");
}

#[test]
fn one_that_stayed_behind_when_the_room_moved_is_ended() {
    let mut driver = Driver::new();
    let (ada, _) = driver.enter_carried(0);
    enter(&mut driver, 5, StreamKind::Publish);
    driver.instances(&[instance("lax", 33.9, -118.4)]);
    let call = driver.say(ada, &common::media()).open().clone();
    driver.accept(&call);
    driver.wait(room::REGROUP_MS);
    driver.woken();
    assert!(!driver.store.members.contains_key(&person(5)), "its program begins anew");
}
