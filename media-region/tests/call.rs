//! A whole call through the real process: real sockets, real HTTP, str0m as the browsers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use common::{
    Region,
    browser::{Browser, until},
    code,
    edge::FakeEdge,
    key, room, sign,
};
use media_region::Phase;
use protocol::{
    error::ErrorCode,
    media::Source,
    region::{OpenSession, SessionEventKind, TicketAction, TicketClaims},
};
use tokio::time::timeout;

#[tokio::test]
async fn two_people_see_and_hear_each_other() {
    let mut edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    let mut browsers = [Browser::join(&region, 1).await, Browser::join(&region, 2).await];
    until(&mut browsers, "both connect", |browsers| browsers.iter().all(|browser| browser.connected)).await;
    until(&mut browsers, "200 packets of each kind arrive both ways", |browsers| {
        let [first, second] = browsers else { return false };
        [true, false].into_iter().all(|voice| first.count_of(2, voice) >= 200 && second.count_of(1, voice) >= 200)
    })
    .await;

    for browser in &browsers {
        assert_eq!(browser.count_of(browser.number, true) + browser.count_of(browser.number, false), 0);
        assert!((1000..=1300).contains(&browser.longest_datagram), "{} bytes", browser.longest_datagram);
    }
    let heard = edge.until(|heard| heard.kinds().len() >= 2).await;
    assert!(heard.kinds().iter().all(|kind| *kind == SessionEventKind::Connected));
    assert_eq!(heard.events[0].0, common::region_token("local"));
    assert_eq!(region.metric("meridian_sessions").await, 2);
    assert!(region.metric("meridian_rtp_forwarded_total").await >= 800);
    assert_eq!(region.metric("meridian_send_errors_total").await, 0);
    let forwarded = async |kind| region.labelled("meridian_rtp_forwarded_total", &[("kind", kind)]).await;
    let (voices, pictures) = (forwarded("audio").await, forwarded("camera").await);
    assert!(voices >= 400 && pictures >= 400, "{voices} voices, {pictures} pictures");
    assert_eq!(forwarded("screen").await, 0);
    let dropped = async |reason| region.labelled("meridian_rtp_dropped_total", &[("reason", reason)]).await;
    assert_eq!((dropped("withheld").await, dropped("limited").await, dropped("malformed").await), (0, 0, 0));
    // Every media packet that came is in the histogram of how long it took.
    let (received, timed) =
        (region.metric("meridian_rtp_in_total").await, region.metric("meridian_forwarding_seconds_count").await);
    assert!(timed >= received, "{timed} of {received} media packets were timed");

    let (calls, datagrams) = (
        region.metric("meridian_send_batch_datagrams_count").await,
        region.metric("meridian_send_batch_datagrams_sum").await,
    );
    println!("sent {datagrams} datagrams in {calls} calls");
    if region.metric("meridian_send_segments_limit").await > 1 {
        assert!(calls < datagrams, "{calls} calls for {datagrams} datagrams");
    }
    region.end().await;
}

#[tokio::test]
async fn a_ticket_opens_one_session_and_a_closed_one_stays_closed() {
    let mut edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    let (mut browser, offer) = Browser::offer(1).await;
    let body = OpenSession { offer };
    let token = sign(&key(), &browser.ticket(TicketAction::Open));
    let open = || region.post("/v1/sessions").bearer_auth(&token).json(&body).send();
    let answer = open().await.unwrap();
    assert_eq!(answer.status(), 201);
    browser.answered(&answer.json().await.unwrap());
    assert_eq!(code(open().await.unwrap()).await, ErrorCode::Forbidden, "the same ticket again");

    let mut browsers = [browser];
    until(&mut browsers, "it connects", |browsers| browsers[0].connected).await;
    let close = sign(&key(), &browsers[0].ticket(TicketAction::Close));
    let closed = region.post("/v1/sessions/close").bearer_auth(close).send().await.unwrap();
    assert_eq!(closed.status(), 204);
    assert_eq!(region.metric("meridian_sessions").await, 0);
    assert_eq!(code(open().await.unwrap()).await, ErrorCode::Forbidden, "the same ticket after the end");
    edge.until(|heard| heard.kinds().contains(&SessionEventKind::Connected)).await;
    region.end().await;
}

#[tokio::test]
async fn a_grant_stops_a_source_and_a_replayed_one_does_not_bring_it_back() {
    let edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    let mut browsers = [Browser::join(&region, 1).await, Browser::join(&region, 2).await];
    until(&mut browsers, "the second hears the first", |browsers| browsers[1].count_of(1, true) >= 20).await;
    let token = |browser: &Browser, grant, publish: &[Source]| {
        sign(&key(), &TicketClaims { grant, publish: publish.to_vec(), ..browser.ticket(TicketAction::Grant) })
    };
    let tell = async |token: &str| {
        let answer = region.post("/v1/sessions/grant").bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    };
    let everything = token(&browsers[0], 1, &[Source::Microphone, Source::Camera]);
    tell(&everything).await;
    tell(&token(&browsers[0], 2, &[Source::Camera])).await;
    // What was under way arrives; from then on nothing does.
    let seen = more_pictures(&browsers[1], 100);
    until(&mut browsers, "pictures go on", seen).await;
    let heard = browsers[1].count_of(1, true);
    let withheld = [("reason", "withheld")];
    let before = region.labelled("meridian_rtp_dropped_total", &withheld).await;
    tell(&everything).await;
    let seen = more_pictures(&browsers[1], 300);
    until(&mut browsers, "pictures go on without the voice", seen).await;
    assert_eq!(browsers[1].count_of(1, true), heard, "an older ticket is no way back");
    let after = region.labelled("meridian_rtp_dropped_total", &withheld).await;
    assert!(after > before, "the voice is received and dropped");
    assert_eq!(region.metric("meridian_grants_total").await, 2);
    assert_eq!(region.metric("meridian_grants_ignored_total").await, 1);

    tell(&token(&browsers[0], 3, &[Source::Microphone, Source::Camera])).await;
    until(&mut browsers, "the voice is back", move |browsers| browsers[1].count_of(1, true) > heard + 20).await;
    region.end().await;
}

/// Whether the second browser has this many more pictures of the first than now.
fn more_pictures(browser: &Browser, more: usize) -> impl Fn(&[Browser]) -> bool + use<> {
    let wanted = browser.count_of(1, false) + more;
    move |browsers| browsers[1].count_of(1, false) >= wanted
}

#[tokio::test]
async fn events_reach_an_edge_that_was_away_in_their_order() {
    let mut edge = FakeEdge::start().await;
    edge.answer_with(axum::http::StatusCode::BAD_GATEWAY);
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    let mut browsers = [Browser::join(&region, 1).await, Browser::join(&region, 2).await];
    until(&mut browsers, "both connect while the edge is away", |browsers| {
        browsers.iter().all(|browser| browser.connected)
    })
    .await;
    edge.until(|heard| heard.refused >= 3).await;
    assert!(edge.heard().events.is_empty());
    edge.answer_with(axum::http::StatusCode::NO_CONTENT);
    edge.until(|heard| heard.kinds() == [SessionEventKind::Connected; 2]).await;
    region.end().await;
}

#[tokio::test]
async fn a_draining_region_keeps_its_call_takes_no_other_and_ends_after_it() {
    let mut edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "2"]).await;
    let mut browsers = [Browser::join(&region, 1).await];
    until(&mut browsers, "it connects", |browsers| browsers[0].connected).await;
    region.phase.send_replace(Phase::Draining);
    edge.until(|heard| heard.reports.last().is_some_and(|(_, report)| report.draining)).await;

    let (elsewhere, offer) = Browser::offer(3).await;
    let ticket = TicketClaims { room: room('b'), ..elsewhere.ticket(TicketAction::Open) };
    let request = region.post("/v1/sessions").bearer_auth(sign(&key(), &ticket)).json(&OpenSession { offer });
    assert_eq!(code(request.send().await.unwrap()).await, ErrorCode::RegionUnavailable);

    // Somebody of the same call still gets in.
    let second = Browser::join(&region, 2).await;
    let [first] = browsers;
    let mut browsers = [first, second];
    until(&mut browsers, "the call goes on", |browsers| browsers[1].count_of(1, true) >= 10).await;
    for browser in &browsers {
        let close = sign(&key(), &browser.ticket(TicketAction::Close));
        assert_eq!(region.post("/v1/sessions/close").bearer_auth(close).send().await.unwrap().status(), 204);
    }
    timeout(common::PATIENCE, region.task).await.expect("it ends with its last session").unwrap().unwrap();
}
