//! What ends a region besides being told to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold"
)]

use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Parser as _;
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::region::{EDGE_AUDIENCE, EDGE_ISSUER, RegionClaims};

use super::*;

/// Panics on the first datagram.
struct Fragile;

impl Forwarder for Fragile {
    fn handle(&mut self, _: Instant, input: sfu::Input<'_>) {
        assert!(!matches!(input, sfu::Input::Datagram { .. }), "as it must in this test");
    }

    fn poll_output(&mut self) -> Option<sfu::Output> {
        None
    }

    fn next_deadline(&self) -> Option<Instant> {
        None
    }

    fn progress(&self) -> sfu::Progress {
        sfu::Progress::default()
    }

    fn counters(&self) -> sfu::Counters {
        sfu::Counters::default()
    }
}

/// A public key, and a credential signed with its other half.
fn credentials() -> (String, String) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let claims = RegionClaims {
        iss: EDGE_ISSUER.into(),
        aud: EDGE_AUDIENCE.into(),
        sub: "local".parse().unwrap(),
        exp: 4_000_000_000,
    };
    let private = EncodingKey::from_ed_der(key.to_pkcs8_der().unwrap().as_bytes());
    let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &private).unwrap();
    (URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes()), token)
}

fn config() -> Config {
    let always = ["media-region", "--control", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--tcp", "off", "--engines", "2"];
    let (key, token) = credentials();
    let secrets = ["--edge-url", "http://127.0.0.1:9", "--ticket-key", &key, "--region-token", &token];
    Config::try_parse_from(always.into_iter().chain(secrets)).unwrap()
}

#[tokio::test]
async fn a_panic_in_one_engine_ends_the_region_with_a_clear_word() {
    let config = config();
    let sockets = Sockets::bind(&config).unwrap();
    let second = sockets.media[1].advertised;
    let (_phase, shutdown) = watch::channel(Phase::Serving);
    let running = tokio::spawn(run_with(config, sockets, shutdown, |_, _| Fragile));
    std::net::UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", second).unwrap();
    let error = timeout(Duration::from_secs(20), running).await.unwrap().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "engine 1 panicked; ending the process, so that it is started anew");
}

#[tokio::test]
async fn a_caller_that_is_gone_ends_the_region() {
    let config = config();
    let sockets = Sockets::bind(&config).unwrap();
    let (phase, shutdown) = watch::channel(Phase::Serving);
    let running = tokio::spawn(run_with(config, sockets, shutdown, |_, _| Fragile));
    drop(phase);
    timeout(Duration::from_secs(20), running).await.unwrap().unwrap().unwrap();
}
