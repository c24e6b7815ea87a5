//! Who has not joined finds out which ways lead here: their checks are answered for some seconds, where
//! they were made with the password that they were given, and nothing else is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

mod common;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use common::config;
use protocol::{limits::PROBE_SECONDS, region::ProbeAnswer};
use sfu::{Engine, Input, Output, RequestId};
use str0m::{
    crypto::from_feature_flags,
    ice::{StunMessage, TransId},
};

const BROWSER: ([u8; 4], u16) = ([203, 0, 113, 9], 999);

fn probed(engine: &mut Engine, now: Instant) -> ProbeAnswer {
    engine.handle(now, Input::Probe(RequestId(7)));
    let Some(Output::Probing(RequestId(7), answer)) = engine.poll_output() else { panic!("no answer") };
    answer
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 20] {
    from_feature_flags().sha1_hmac_provider.sha1_hmac(key, parts)
}

fn check(ufrag: &str, password: &str) -> Vec<u8> {
    let username = format!("{ufrag}:abcd");
    let message = StunMessage::binding_request(&username, TransId::new(), true, 1, 2, true);
    let mut contents = vec![0; 500];
    let length = message.to_bytes(Some(password.as_bytes()), &mut contents, hmac).unwrap();
    contents.truncate(length);
    contents
}

fn datagram(engine: &mut Engine, now: Instant, contents: &[u8]) -> Option<Output> {
    engine.handle(now, Input::Datagram { source: BROWSER.into(), contents });
    engine.poll_output()
}

#[test]
fn a_check_is_answered_with_the_address_that_it_came_from() {
    let now = Instant::now();
    let mut engine = Engine::new(now, config(1));
    let ProbeAnswer { ufrag, password, candidates } = probed(&mut engine, now);
    assert_eq!(sfu::addressee(&check(&ufrag, &password)), Some(3), "a connection is handed to this engine");
    let [udp, tcp] = &*candidates else { panic!("{candidates:?}") };
    assert!(udp.contains(" udp ") && udp.contains("192.0.2.1 7882"), "{udp}");
    assert!(tcp.contains(" tcp ") && tcp.contains("192.0.2.1 7881") && tcp.contains("tcptype passive"), "{tcp}");

    let Some(Output::Transmit { destination, contents }) = datagram(&mut engine, now, &check(&ufrag, &password)) else {
        panic!("no answer")
    };
    assert_eq!(destination, SocketAddr::from(BROWSER));
    let reply = StunMessage::parse(&contents).unwrap();
    assert!(reply.verify(password.as_bytes(), hmac), "the browser knows who answered");
    assert_eq!(reply.mapped_address(), Some(BROWSER.into()));
    assert!(contents.len() <= check(&ufrag, &password).len(), "nobody is sent more than they sent");

    // The same on a connection, which stays open.
    engine.handle(now, Input::Frame { source: BROWSER.into(), contents: &check(&ufrag, &password) });
    assert!(matches!(engine.poll_output(), Some(Output::Frame { .. })));
    assert!(engine.poll_output().is_none());
    let counters = engine.counters();
    assert_eq!((counters.probes_answered, counters.sessions, counters.rooms), (2, 0, 0));
    assert_eq!(engine.next_deadline(), None, "nothing is kept");
}

#[test]
fn it_ends_by_itself() {
    let now = Instant::now();
    let mut engine = Engine::new(now, config(1));
    let ProbeAnswer { ufrag, password, .. } = probed(&mut engine, now);
    let last = now + Duration::from_secs(u64::from(PROBE_SECONDS) - 1);
    assert!(datagram(&mut engine, last, &check(&ufrag, &password)).is_some());
    let over = now + Duration::from_secs(PROBE_SECONDS.into());
    assert!(datagram(&mut engine, over, &check(&ufrag, &password)).is_none());
    assert_eq!(engine.counters().datagrams_unmatched, 1);
}

#[test]
fn what_was_not_given_out_is_not_answered() {
    let now = Instant::now();
    let mut engine = Engine::new(now, config(1));
    let ProbeAnswer { ufrag, password, .. } = probed(&mut engine, now);
    let other = probed(&mut engine, now);
    assert_ne!((&other.ufrag, &other.password), (&ufrag, &password));
    // With another end, or another name, the password is another.
    let longer = ufrag.replacen("p0000000f", "p0000000e", 1);
    assert_ne!(longer, ufrag);
    let names =
        [format!("{ufrag}0"), longer, "0003p".into(), "0003pxxxxxxxxx".into(), "0003p+000000f".into(), "p".into()];
    for name in &names {
        assert!(datagram(&mut engine, now, &check(name, &password)).is_none(), "{name}");
    }
    assert!(datagram(&mut engine, now, &check(&ufrag, &other.password)).is_none());
    let mut changed = check(&ufrag, &password);
    let last = changed.len() - 40;
    changed[last] ^= 1;
    assert!(datagram(&mut engine, now, &changed).is_none());
    assert!(datagram(&mut Engine::new(now, config(1)), now, &check(&ufrag, &password)).is_none(), "another engine");

    // A connection that says such things is closed.
    engine.handle(now, Input::Frame { source: BROWSER.into(), contents: &check(&ufrag, "no") });
    assert!(matches!(engine.poll_output(), Some(Output::Disconnect { .. })));
    assert_eq!(engine.counters().probes_answered, 0);
}

#[test]
fn a_flood_of_checks_is_answered_up_to_a_bound() {
    let now = Instant::now();
    let mut engine = Engine::new(now, config(1));
    let ProbeAnswer { ufrag, password, .. } = probed(&mut engine, now);
    let contents = check(&ufrag, &password);
    let answered = (0..5_000).filter(|_| datagram(&mut engine, now, &contents).is_some()).count();
    assert!((500..=1_000).contains(&answered), "{answered}");
    let later = now + Duration::from_secs(1);
    assert!(datagram(&mut engine, later, &contents).is_some(), "others are answered again");
}
