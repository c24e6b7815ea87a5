//! CPU time of an engine for each packet it forwards, over loopback: everything from the system
//! calls and the decryption of what comes in to the encryption for each subscriber.
//!
//! `cargo bench --package media-region --bench forwarding`. Linux only: it reads the
//! kernel's account of the engine's thread, so that the browsers' work beside it does not count.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a measurement on a machine of its own; it may stop at anything unexpected"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    fs,
    time::{Duration, Instant},
};

use common::{
    Region,
    browser::{Browser, until},
};

const SUBSCRIBERS: u8 = 8;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(8);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("one publisher, {SUBSCRIBERS} subscribers, one engine; VP8 of 1100 bytes every 10 ms, and voices");
    for burst in [1, 4, 12] {
        measure(burst).await;
    }
}

async fn measure(burst: u8) {
    let region = Region::alone().await;
    let mut browsers = Vec::new();
    for number in 1..=SUBSCRIBERS + 1 {
        let mut browser = Browser::join(&region, number).await;
        browser.burst = if number == 1 { burst } else { 0 };
        browsers.push(browser);
    }
    until(&mut browsers, "everybody sees the publisher", |browsers| {
        browsers.iter().skip(1).all(|browser| browser.count_of(1, false) > 0)
    })
    .await;
    for_a_while(&mut browsers, WARM_UP).await;
    let (before, started) = (Account::of(&region).await, Instant::now());
    for_a_while(&mut browsers, MEASURED).await;
    let (after, seconds) = (Account::of(&region).await, started.elapsed().as_secs_f64());

    let between = |read: fn(&Account) -> u64| (read(&after) - read(&before)) as f64;
    let forwarded = between(|account| account.forwarded);
    println!(
        "burst {burst:2}: {:8.0} forwarded/s  {:5.2} us CPU a packet  {:5.1} % of a core  \
         {:4.1} datagrams a send  {:4.1} a receive  {} dropped",
        forwarded / seconds,
        between(|account| account.cpu_nanoseconds) / forwarded / 1000.0,
        between(|account| account.cpu_nanoseconds) / seconds / 1e7,
        between(|account| account.sent) / between(|account| account.send_calls),
        between(|account| account.received) / between(|account| account.receive_calls),
        between(|account| account.dropped),
    );
    region.end().await;
}

async fn for_a_while(browsers: &mut [Browser], time: Duration) {
    let end = Instant::now() + time;
    until(browsers, "time passes", |_| Instant::now() >= end).await;
}

struct Account {
    cpu_nanoseconds: u64,
    forwarded: u64,
    sent: u64,
    send_calls: u64,
    received: u64,
    receive_calls: u64,
    dropped: u64,
}

impl Account {
    async fn of(region: &Region) -> Self {
        Self {
            cpu_nanoseconds: engine_cpu(),
            forwarded: region.metric("meridian_rtp_forwarded_total").await,
            sent: region.metric("meridian_send_batch_datagrams_sum").await,
            send_calls: region.metric("meridian_send_batch_datagrams_count").await,
            received: region.metric("meridian_receive_batch_datagrams_sum").await,
            receive_calls: region.metric("meridian_receive_batch_datagrams_count").await,
            dropped: region.metric("meridian_send_dropped_total").await,
        }
    }
}

/// Nanoseconds that the engine's thread has run: `utime` and `stime` of `proc_pid_stat(5)`, which the
/// kernel counts exactly and shows in hundredths of a second.
fn engine_cpu() -> u64 {
    let mut tasks = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    let is_engine =
        |task: &std::path::PathBuf| fs::read_to_string(task.join("comm")).is_ok_and(|name| name == "engine-0\n");
    let engine = tasks.find(is_engine).expect("an engine runs");
    let stat = fs::read_to_string(engine.join("stat")).unwrap();
    let (_, after_name) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 = after_name.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    ticks * 10_000_000
}
