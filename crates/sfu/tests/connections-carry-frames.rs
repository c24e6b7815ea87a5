//! Sessions over TCP connections (RFC 6544): frames are datagrams by another way, and pictures stop
//! where they would wait.

mod common;

use std::{net::SocketAddr, time::Duration};

use common::{ADVERTISED_TCP, World, network::Weather};
use sfu::{Input, Output, TcpState, addressee};

const STRANGER: ([u8; 4], u16) = ([198, 51, 100, 99], 4000);

/// Two people, the second of whom comes by TCP.
fn two() -> World {
    let mut world = World::new(1, Weather::FAIR);
    world.join(1);
    world.join_by_tcp(1);
    world.run_until(Duration::from_secs(20), |world| world.clients.iter().all(|client| client.connected));
    world
}

#[test]
fn people_by_tcp_and_by_udp_see_and_hear_each_other() {
    let mut world = two();
    world.run(Duration::from_secs(5));
    for (from, to) in [(0, 1), (1, 0)] {
        let from = world.clients[from].number;
        let shown = world.clients[to].shown_of(from).len();
        let heard = world.clients[to].heard_of(from);
        assert!(shown > 100 && heard > 200, "{shown} frames and {heard} sounds");
    }
}

#[test]
fn a_congested_connection_gets_sound_alone_until_it_is_clear() {
    let mut world = two();
    world.run(Duration::from_secs(2));
    let (peer, from) = (world.clients[1].address, world.clients[0].number);
    world.tcp(peer, TcpState::Congested);
    world.run(Duration::from_millis(100));
    let began = world.now;
    world.run(Duration::from_secs(2));
    assert_eq!(world.clients[1].seen_of(from, true).iter().filter(|seen| seen.at > began).count(), 0);
    let heard = world.clients[1].seen_of(from, false).iter().filter(|seen| seen.at > began).count();
    assert!(heard > 90, "{heard} sounds");
    let asked = world.clients[0].keyframe_requests.len();
    world.tcp(peer, TcpState::Clear);
    world.run(Duration::from_millis(200));
    let again = world.clients[1].shown_of(from).into_iter().find(|(_, at)| *at > began);
    let (_, at) = again.expect("pictures come back");
    assert!(at - began < Duration::from_millis(2_300), "after {:?}", at - began);
    assert!(world.clients[0].keyframe_requests.len() > asked, "they begin with a keyframe");
    // Nothing is asked for again: to the browser the stream has no gap.
    let mut sequence: Vec<u64> = world.clients[1].seen_of(from, true).iter().map(|seen| seen.sequence).collect();
    sequence.sort_unstable();
    sequence.dedup();
    assert!(sequence.windows(2).all(|pair| pair[1] == pair[0] + 1), "numbers are continuous");
}

#[test]
fn a_lost_connection_is_taken_back_and_another_takes_its_place() {
    let mut world = two();
    world.run(Duration::from_secs(1));
    let from = world.clients[0].number;
    let old = world.clients[1].address;
    world.tcp(old, TcpState::Closed);
    let moved = SocketAddr::from(([198, 51, 100, 7], 5555));
    world.clients[1].move_to(moved);
    let before = world.clients[1].heard_of(from);
    world.run_until(Duration::from_secs(10), |world| world.clients[1].heard_of(from) > before + 100);
    world.disconnected.clear();
    world.close(1, 1, 1);
    assert_eq!(world.disconnected, [moved], "a session that ends has no use for its connection");
}

#[test]
fn the_region_sends_where_the_browser_sends() {
    let mut world = two();
    world.run(Duration::from_secs(1));
    let from = world.clients[0].number;
    let (old, new) = (world.clients[1].address, SocketAddr::from(([198, 51, 100, 7], 5555)));
    // Nobody says that the old way is gone; both are as good.
    for address in [new, old, new] {
        world.clients[1].move_to(address);
        let before = world.clients[1].heard_of(from);
        world.run_until(Duration::from_secs(10), |world| world.clients[1].heard_of(from) > before + 100);
        let since = world.now;
        world.run(Duration::from_secs(1));
        let elsewhere = world.transmitted_frames.iter().filter(|(at, to)| *at >= since && *to != address).count();
        assert_eq!(elsewhere, 0, "{address}");
    }
}

#[test]
fn a_connection_of_nobody_is_to_be_closed() {
    let mut world = World::fair();
    for frame in [&b""[..], b"GET / HTTP/1.1", &[0; 20], &[0x80; 40]] {
        world.disconnected.clear();
        world.engine.handle(world.now, Input::Frame { source: STRANGER.into(), contents: frame });
        world.drain_engine();
        assert_eq!(world.disconnected, [SocketAddr::from(STRANGER)]);
    }
    for state in [TcpState::Congested, TcpState::Clear, TcpState::Closed] {
        world.engine.handle(world.now, Input::Tcp { peer: STRANGER.into(), is_socket: false, state });
        assert!(!matches!(world.engine.poll_output(), Some(Output::Frame { .. } | Output::Disconnect { .. })));
    }
}

#[test]
fn the_first_check_names_the_engine() {
    let mut world = World::fair();
    let client = world.join_by_tcp(1);
    world.clients[client].keep_datagrams = true;
    world.run(Duration::from_millis(200));
    let first = world.clients[0].sent_datagrams.first().expect("a check");
    assert_eq!(first.destination, SocketAddr::from(ADVERTISED_TCP));
    assert_eq!(addressee(&first.contents), Some(3));
    assert_eq!(addressee(b"GET / HTTP/1.1"), None);
}
