//! A room that is larger than an engine's share of it spreads over further engines, and its people see
//! and hear each other all the same: the real process, real sockets, str0m as the browsers.

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
    key, sign,
};
use media_region::Phase;
use protocol::{
    error::ErrorCode,
    media::Source,
    region::{OpenSession, TicketAction, TicketClaims},
};
use tokio::time::timeout;

/// Sessions of each engine.
async fn sessions(region: &Region) -> Vec<u64> {
    let text = region.get("/metrics").await.text().await.unwrap();
    let lines = text.lines().filter(|line| line.starts_with("meridian_sessions{"));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect()
}

async fn close(region: &Region, browser: &Browser) {
    let ticket = sign(&key(), &browser.ticket(TicketAction::Close));
    assert_eq!(region.post("/v1/sessions/close").bearer_auth(ticket).send().await.unwrap().status(), 204);
}

async fn all_in_one_room(region: &Region) -> [Browser; 3] {
    let mut browsers = [Browser::join(region, 1).await, Browser::join(region, 2).await, Browser::join(region, 3).await];
    until(&mut browsers, "everyone sees and hears everyone", |browsers| {
        let mut pairs = browsers.iter().flat_map(|by| [1, 2, 3].map(|of| (by, of)));
        pairs.all(|(by, of)| {
            let enough = |voice| by.count_of(of, voice) >= 100;
            by.number == of || (enough(true) && enough(false))
        })
    })
    .await;
    browsers
}

#[tokio::test]
async fn people_on_three_engines_see_and_hear_each_other() {
    let mut edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "3", "--room-share", "1"]).await;
    let mut browsers = all_in_one_room(&region).await;
    assert_eq!(sessions(&region).await, [1, 1, 1]);
    assert_eq!(region.metric("meridian_rooms").await, 3, "each engine has a part of it");
    assert_eq!(region.metric("meridian_room_links").await, 6, "each two of them are linked");
    let (out, came) = (
        region.metric("meridian_relay_packets_out_total").await,
        region.metric("meridian_relay_packets_in_total").await,
    );
    assert!(out >= 1200 && came >= 1200, "{out} handed over, {came} taken");
    println!("{} packets dropped between engines", region.metric("meridian_relay_packets_dropped_total").await);

    // A grant and a close find their session wherever it is.
    let silenced = TicketClaims { grant: 1, publish: vec![Source::Camera], ..browsers[2].ticket(TicketAction::Grant) };
    let granted = region.post("/v1/sessions/grant").bearer_auth(sign(&key(), &silenced)).send().await.unwrap();
    assert_eq!(granted.status(), 204);
    assert_eq!(region.metric("meridian_grants_total").await, 1);
    let pictures = browsers[0].count_of(3, false) + 100;
    until(&mut browsers, "pictures go on", move |browsers| browsers[0].count_of(3, false) >= pictures).await;
    let voices = browsers[0].count_of(3, true);
    let pictures = browsers[0].count_of(3, false) + 300;
    until(&mut browsers, "pictures go on without the voice", move |browsers| {
        browsers[0].count_of(3, false) >= pictures
    })
    .await;
    assert_eq!(browsers[0].count_of(3, true), voices);

    for browser in &browsers {
        close(&region, browser).await;
    }
    assert_eq!(sessions(&region).await, [0, 0, 0]);
    assert_eq!(region.metric("meridian_rooms").await, 0);
    edge.until(|heard| heard.kinds().len() >= 6).await;
    region.end().await;
}

#[tokio::test]
async fn a_session_number_counts_once_wherever_its_owner_was_placed() {
    let edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "2", "--room-share", "1"]).await;
    let home = Browser::join(&region, 1).await;
    let (away, offer) = Browser::offer(2).await;
    let body = OpenSession { offer };
    let ticket = sign(&key(), &away.ticket(TicketAction::Open));
    let open = || region.post("/v1/sessions").bearer_auth(&ticket).json(&body).send();
    assert_eq!(open().await.unwrap().status(), 201);
    assert_eq!(sessions(&region).await, [1, 1]);
    close(&region, &home).await;
    close(&region, &away).await;
    assert_eq!(code(open().await.unwrap()).await, ErrorCode::Forbidden, "the home has room, and still");

    // A close that overtakes its open meets it.
    let (late, offer) = Browser::offer(3).await;
    close(&region, &late).await;
    let ticket = sign(&key(), &late.ticket(TicketAction::Open));
    let answer = region.post("/v1/sessions").bearer_auth(ticket).json(&OpenSession { offer }).send().await.unwrap();
    assert_eq!(code(answer).await, ErrorCode::Forbidden);
    region.end().await;
}

#[tokio::test]
async fn a_draining_region_keeps_a_call_that_spans_engines() {
    let edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "3", "--room-share", "1"]).await;
    let mut browsers = [Browser::join(&region, 1).await, Browser::join(&region, 2).await];
    until(&mut browsers, "both connect", |browsers| browsers.iter().all(|browser| browser.connected)).await;
    region.phase.send_replace(Phase::Draining);
    timeout(common::PATIENCE, async {
        while !region.get("/healthz").await.text().await.unwrap().contains("\"draining\":true") {}
    })
    .await
    .unwrap();
    let third = Browser::join(&region, 3).await;
    let mut placed = sessions(&region).await;
    placed.sort_unstable();
    assert_eq!(placed, [0, 1, 2], "no engine begins with a room now");
    let [first, second] = browsers;
    let mut browsers = [first, second, third];
    until(&mut browsers, "the call goes on", |browsers| browsers[2].count_of(1, true) >= 10).await;
    for browser in &browsers {
        close(&region, browser).await;
    }
    timeout(common::PATIENCE, region.task).await.expect("it ends with its last session").unwrap().unwrap();
}
