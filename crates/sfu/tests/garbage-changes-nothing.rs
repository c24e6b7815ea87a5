//! Datagrams that nobody meant for a session: dropped, counted, without an answer or an effect.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it did not expect, and its numbers are small"
)]

mod common;

use std::{cell::RefCell, net::SocketAddr, time::Duration};

use common::{World, network::Datagram};
use proptest::prelude::*;
use str0m::{
    crypto::from_feature_flags,
    ice::{StunMessage, TransId},
};

const STRANGER: ([u8; 4], u16) = ([203, 0, 113, 9], 999);

/// A call of two with what the first of them sent, as a wire-tap would have it.
fn call() -> (World, Vec<Datagram>) {
    let mut world = World::fair();
    world.join(1);
    world.clients[0].keep_datagrams = true;
    world.join_all(1, 1);
    world.run(Duration::from_secs(1));
    let captured = std::mem::take(&mut world.clients[0].sent_datagrams);
    world.clients[0].keep_datagrams = false;
    (world, captured)
}

/// The call goes on as if nothing had been.
fn assert_unharmed(world: &mut World) {
    let told = world.events.len();
    let before = [0, 1].map(|index| world.clients[index].shown_of(1 - index as u32).len());
    world.run(Duration::from_secs(1));
    for (index, before) in before.into_iter().enumerate() {
        let shown = world.clients[index].shown_of(1 - index as u32).len() - before;
        assert!(shown >= 25, "{index} saw {shown} frames in a second");
    }
    assert_eq!(world.counters().sessions, 2);
    assert_eq!(world.events.len(), told, "the edge is told nothing");
}

fn assert_dropped(world: &mut World, contents: &[u8]) {
    let (unmatched, sent) = (world.counters().datagrams_unmatched, world.transmitted.len());
    world.engine.handle(world.now, sfu::Input::Datagram { source: STRANGER.into(), contents });
    assert_eq!(world.counters().datagrams_unmatched, unmatched + 1);
    assert!(world.engine.poll_output().is_none(), "no answer");
    assert_eq!(world.transmitted.len(), sent);
}

thread_local! {
    static CALL: RefCell<(World, Vec<Datagram>)> = RefCell::new(call());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_from_a_stranger_are_dropped(contents in proptest::collection::vec(any::<u8>(), 0..1600)) {
        CALL.with_borrow_mut(|(world, _)| assert_dropped(world, &contents));
    }

    #[test]
    fn random_bytes_from_a_known_address_do_not_panic(contents in proptest::collection::vec(any::<u8>(), 0..1600)) {
        CALL.with_borrow_mut(|(world, _)| {
            let address = world.clients[0].address;
            world.inject(address, &contents);
            assert_eq!(world.counters().sessions, 2);
        });
    }

    #[test]
    fn captured_datagrams_from_a_stranger_are_dropped(which: prop::sample::Index, cut: prop::sample::Index, flip: prop::sample::Index) {
        CALL.with_borrow_mut(|(world, captured)| {
            let mut contents = captured[which.index(captured.len())].contents.clone();
            // A whole STUN request is the one thing that may introduce an address.
            let at = flip.index(contents.len());
            contents[at] ^= 0x55;
            contents.truncate(1 + cut.index(contents.len()));
            assert_dropped(world, &contents);
        });
    }

    #[test]
    fn mutilated_datagrams_from_a_known_address_do_not_end_the_session(
        which: prop::sample::Index, cut: prop::sample::Index, flips in proptest::collection::vec(any::<(prop::sample::Index, u8)>(), 1..8),
    ) {
        CALL.with_borrow_mut(|(world, captured)| {
            let mut contents = captured[which.index(captured.len())].contents.clone();
            contents.truncate(1 + cut.index(contents.len()));
            for (at, bits) in flips {
                let at = at.index(contents.len());
                contents[at] ^= bits;
            }
            let address = world.clients[0].address;
            world.inject(address, &contents);
            assert_eq!(world.counters().sessions, 2);
        });
    }
}

#[test]
fn a_call_survives_all_kinds_of_garbage_from_a_forged_address() {
    let (mut world, captured) = call();
    let mut random = common::random::Random::new(3);
    for address in [world.clients[0].address, world.clients[1].address] {
        for first in [0, 1, 20, 22, 23, 63, 64, 127, 128, 143, 191, 192, 255] {
            for second in [0, 96, 111, 200, 205, 206, 253] {
                let length = 2 + random.below(1200);
                let mut contents: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
                contents[0] = first;
                contents[1] = second;
                world.inject(address, &contents);
            }
        }
        for datagram in &captured {
            let mut contents = datagram.contents.clone();
            let at = random.below(contents.len());
            contents[at] ^= 1 << random.below(8);
            world.inject(address, &contents);
            world.inject(address, &datagram.contents[..random.below(datagram.contents.len())]);
        }
    }
    assert_unharmed(&mut world);
}

#[test]
fn stun_with_a_wrong_password_introduces_nobody() {
    let (mut world, captured) = call();
    let request = captured.iter().find(|datagram| sfu::stun::username(&datagram.contents).is_some()).unwrap();
    let name = sfu::stun::username(&request.contents).unwrap();
    let username = format!("{}:{}", name.local, name.remote);
    let message = StunMessage::binding_request(&username, TransId::new(), true, 1, 2, true);
    let mut contents = vec![0; 300];
    let provider = from_feature_flags().sha1_hmac_provider;
    let length = message
        .to_bytes(Some(b"not the password"), &mut contents, |key, parts| provider.sha1_hmac(key, parts))
        .unwrap();
    contents.truncate(length);
    assert_eq!(sfu::stun::username(&contents), Some(name), "it names the session");
    assert_dropped(&mut world, &contents);
    // Media from there is nobody's, before and after.
    let rtp = captured.iter().rfind(|datagram| datagram.contents[0] >= 128).unwrap();
    assert_dropped(&mut world, &rtp.contents);
    assert_unharmed(&mut world);
}

#[test]
fn an_address_in_use_cannot_be_taken_by_another_session() {
    let (mut world, captured) = call();
    let request = captured.iter().rfind(|datagram| sfu::stun::username(&datagram.contents).is_some()).unwrap();
    let victim: SocketAddr = world.clients[1].address;
    // A true request of the first, as if it came from the second.
    let unmatched = world.counters().datagrams_unmatched;
    world.inject(victim, &request.contents);
    assert_eq!(world.counters().datagrams_unmatched, unmatched + 1);
    assert_unharmed(&mut world);
}

#[test]
fn a_browser_may_move_to_another_address() {
    let (mut world, _) = call();
    let moved = SocketAddr::from(([198, 51, 100, 7], 4000));
    world.clients[0].move_to(moved);
    world.run(Duration::from_secs(8));
    assert!(world.transmitted.iter().any(|(_, to, _)| *to == moved), "its checks are answered there");
    let seen = |world: &World| world.clients[1].video.values().map(|decoder| decoder.seen.len()).sum::<usize>();
    let before = seen(&world);
    world.run(Duration::from_secs(1));
    assert!(seen(&world) > before + 50, "what it sends from there is forwarded");
    assert_eq!(world.counters().sessions, 2);
}
