//! What forwarding costs: a room of ten who all see and hear each other, and the time spent in the
//! engine alone, without sockets. Run with `cargo run --release -p sfu --example cost`.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "an example prints what it measured")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Duration;

use common::World;

const PEOPLE: usize = 10;
const SECONDS: u64 = 10;

fn main() {
    let mut world = World::fair();
    world.join_all(1, PEOPLE);
    for client in &mut world.clients {
        // About 1.2 Mbps of video.
        client.frame_packets = 4;
        client.packet_bytes = 1150;
    }
    world.run(Duration::from_secs(1));
    world.busy = Duration::ZERO;
    let before = world.counters();
    world.run(Duration::from_secs(SECONDS));
    let after = world.counters();
    let forwarded = after.rtp_forwarded - before.rtp_forwarded;
    let busy = world.busy.as_secs_f64();
    println!("{PEOPLE} people, {SECONDS} s: {} packets in, {forwarded} forwarded", after.rtp_in - before.rtp_in);
    println!("{:.2} s in the engine: {:.2} µs a forwarded packet", busy, busy * 1e6 / forwarded as f64);
    println!("{:.0} forwarded packets a second on one core", forwarded as f64 / busy);
}
