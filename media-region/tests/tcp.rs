//! Browsers whose network lets no UDP through: real connections to a real region.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

mod common;

use std::time::Instant;

use common::{
    PATIENCE, Region,
    browser::{Browser, until},
    key, sign,
};
use protocol::region::{OpenSession, SessionAnswer, TicketAction};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const ONE_ENGINE: &[&str] = &["--engines", "1"];
const NOBODY: &str = "http://127.0.0.1:9";

async fn connect(region: &Region) -> TcpStream {
    TcpStream::connect(region.tcp.unwrap()).await.unwrap()
}

/// Waits until the other end closes a connection.
async fn is_closed(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    let closed = async { while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {} };
    timeout(PATIENCE, closed).await.expect("the region closes it");
}

async fn until_metric(region: &Region, name: &str, labels: &[(&str, &str)], wanted: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = region.get("/metrics").await.text().await.unwrap();
        let has = |line: &&str| labels.iter().all(|(label, value)| line.contains(&format!("{label}=\"{value}\"")));
        let lines = text.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{')));
        let sum: f64 = lines.filter(has).map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        if sum as u64 == wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{name} {labels:?} is {sum}, not {wanted}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn refused(region: &Region, reason: &str) {
    until_metric(region, "meridian_tcp_refused_total", &[("reason", reason)], 1).await;
}

async fn closed(region: &Region, reason: &str) {
    until_metric(region, "meridian_tcp_closed_total", &[("reason", reason)], 1).await;
}

fn both_ways(packets: usize) -> impl Fn(&[Browser]) -> bool {
    move |browsers| {
        let [first, second] = browsers else { return false };
        [true, false]
            .into_iter()
            .all(|voice| first.count_of(2, voice) >= packets && second.count_of(1, voice) >= packets)
    }
}

#[tokio::test]
async fn who_comes_by_tcp_and_who_comes_by_udp_see_and_hear_each_other() {
    let region = Region::start(NOBODY, &["--engines", "3"]).await;
    let mut browsers = [Browser::join_tcp(&region, 1).await, Browser::join(&region, 2).await];
    until(&mut browsers, "200 packets of each kind arrive both ways", both_ways(200)).await;
    assert!(region.metric("meridian_tcp_bytes_in_total").await > 200 * 1100);
    assert!(region.metric("meridian_tcp_bytes_out_total").await > 200 * 1100);
    assert_eq!(region.metric("meridian_tcp_connections").await, 1);
    let dropped = region.metric("meridian_tcp_dropped_total").await;
    assert_eq!(dropped, 0, "nothing waits where everything is read");
    let close = sign(&key(), &browsers[0].ticket(TicketAction::Close));
    assert_eq!(region.post("/v1/sessions/close").bearer_auth(close).send().await.unwrap().status(), 204);
    until_metric(&region, "meridian_tcp_connections", &[], 0).await;
    until(&mut browsers, "it is told before its connection ends", |browsers| browsers[0].closed).await;
    region.end().await;
}

#[tokio::test]
async fn the_answer_names_a_passive_candidate() {
    let region = Region::start(NOBODY, ONE_ENGINE).await;
    let (browser, offer) = Browser::offer(1).await;
    let token = sign(&key(), &browser.ticket(TicketAction::Open));
    let answer = region.post("/v1/sessions").bearer_auth(token).json(&OpenSession { offer }).send().await.unwrap();
    let SessionAnswer { sdp, .. } = answer.json().await.unwrap();
    let address = region.tcp.unwrap();
    let candidate = |line: &&str| line.starts_with("a=candidate:") && line.contains(" tcp ");
    let lines: Vec<&str> = sdp.as_str().lines().filter(candidate).collect();
    let wanted = format!(" {} {} typ host tcptype passive", address.ip(), address.port());
    assert!(lines.iter().all(|line| line.contains(&wanted)) && !lines.is_empty(), "{lines:?}");
    region.end().await;
}

#[tokio::test]
async fn where_it_is_off_nothing_is_offered() {
    let region = Region::start(NOBODY, &["--engines", "1", "--tcp", "off"]).await;
    assert!(region.tcp.is_none());
    let (browser, offer) = Browser::offer(1).await;
    let token = sign(&key(), &browser.ticket(TicketAction::Open));
    let answer = region.post("/v1/sessions").bearer_auth(token).json(&OpenSession { offer }).send().await.unwrap();
    let SessionAnswer { sdp, .. } = answer.json().await.unwrap();
    assert!(!sdp.as_str().contains(" tcp "), "{sdp:?}");
    region.end().await;
}

#[tokio::test]
async fn who_does_not_say_who_they_are_is_refused() {
    let region = Region::start(NOBODY, ONE_ENGINE).await;
    let mut silent = connect(&region).await;
    let mut ended = connect(&region).await;
    ended.shutdown().await.unwrap();
    refused(&region, "ended").await;
    let mut long = connect(&region).await;
    long.write_all(&[0xff; 64]).await.unwrap();
    refused(&region, "framing").await;
    is_closed(&mut long).await;
    let mut browser = connect(&region).await;
    browser.write_all(b"\x00\x10GET / HTTP/1.1\r\n").await.unwrap();
    refused(&region, "stranger").await;
    is_closed(&mut browser).await;
    // A check for the right engine that nobody's password made.
    let mut forged = connect(&region).await;
    let username = [&b"0000"[..], &[b'a'; 32], b":them"].concat();
    let check = [&[0, 1, 0, 48, 0x21, 0x12, 0xa4, 0x42][..], &[7; 12], &[0, 6, 0, 41], &username, &[0; 3]].concat();
    forged.write_all(&[&[0, u8::try_from(check.len()).unwrap()][..], &check].concat()).await.unwrap();
    closed(&region, "stranger").await;
    is_closed(&mut forged).await;
    // Half a frame, and then nothing more.
    is_closed(&mut silent).await;
    refused(&region, "slow").await;
    region.end().await;
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let most = ["--engines", "1", "--tcp-connections", "3", "--tcp-per-address", "2"];
    let region = Region::start(NOBODY, &most).await;
    let first = connect(&region).await;
    let _second = connect(&region).await;
    let mut third = connect(&region).await;
    is_closed(&mut third).await;
    refused(&region, "address").await;
    drop(first);
    refused(&region, "ended").await;
    let mut browsers = [Browser::join_tcp(&region, 1).await];
    until(&mut browsers, "there is a place again", |browsers| browsers[0].connected).await;
    region.end().await;
}

#[tokio::test]
async fn bad_framing_ends_one_connection_and_nothing_else() {
    let region = Region::start(NOBODY, ONE_ENGINE).await;
    let mut browsers =
        [Browser::join_tcp(&region, 1).await, Browser::join_tcp(&region, 2).await, Browser::join_tcp(&region, 3).await];
    until(&mut browsers, "all connect", |browsers| browsers.iter().all(|browser| browser.connected)).await;
    browsers[2].write(&[0xff; 5000]);
    closed(&region, "framing").await;
    let before = [browsers[0].count_of(2, true), browsers[1].count_of(1, true)];
    until(&mut browsers, "the others go on", |browsers| {
        browsers[0].count_of(2, true) > before[0] + 50 && browsers[1].count_of(1, true) > before[1] + 50
    })
    .await;
    region.end().await;
}

#[tokio::test]
async fn a_slow_reader_loses_pictures_first_and_then_the_connection() {
    let region = Region::start(NOBODY, ONE_ENGINE).await;
    let mut browsers =
        [Browser::join(&region, 1).await, Browser::join(&region, 2).await, Browser::join_tcp(&region, 3).await];
    until(&mut browsers, "everybody hears everybody", |browsers| browsers[2].count_of(1, true) > 20).await;
    browsers[2].reads = false;
    let is_slow = |text: &str| text.contains("meridian_tcp_dropped_total{engine=\"0\",kind=\"picture\"} 0");
    let deadline = Instant::now() + PATIENCE;
    while is_slow(&region.get("/metrics").await.text().await.unwrap()) {
        assert!(Instant::now() < deadline, "pictures are dropped");
        browsers.iter_mut().for_each(Browser::turn);
    }
    // What comes first when it reads again are sounds, and pictures that are whole.
    let heard = browsers[2].count_of(1, true);
    browsers[2].reads = true;
    until(&mut browsers, "sound and pictures go on", |browsers| browsers[2].count_of(1, true) > heard + 100).await;
    let seen = browsers[2].count_of(1, false);
    until(&mut browsers, "pictures come back", |browsers| browsers[2].count_of(1, false) > seen + 100).await;

    browsers[2].reads = false;
    let deadline = Instant::now() + PATIENCE;
    while region.labelled("meridian_tcp_closed_total", &[("reason", "slow")]).await == 0 {
        assert!(Instant::now() < deadline, "it is closed");
        browsers.iter_mut().for_each(Browser::turn);
    }
    let before = browsers[0].count_of(2, true);
    until(&mut browsers, "the others go on", |browsers| browsers[0].count_of(2, true) > before + 50).await;
    assert_eq!(region.metric("meridian_tcp_connections").await, 0);
    region.end().await;
}
