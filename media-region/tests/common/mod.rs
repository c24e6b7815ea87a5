//! A region on ephemeral loopback ports, an edge beside it, and tickets to it.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part of what they share")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test says what must hold"
)]

pub mod browser;
pub mod edge;

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Parser as _;
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use media_region::{Config, Phase, RunError, Sockets};
use protocol::{
    error::{ErrorCode, Problem},
    id::{ParticipantId, RoomId},
    media::Source,
    region::{EDGE_AUDIENCE, EDGE_ISSUER, RegionClaims, TicketAction, TicketClaims},
};
use reqwest::{Client, RequestBuilder, Response};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// Longer than anything here takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Name of the instance under test.
pub const INSTANCE: &str = "test-0001";

/// The edge's key.
pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// The public half as the region takes it.
pub fn public_key() -> String {
    URL_SAFE_NO_PAD.encode(key().verifying_key().to_bytes())
}

pub fn sign(key: &SigningKey, claims: &impl serde::Serialize) -> String {
    let der = key.to_pkcs8_der().unwrap();
    let key = EncodingKey::from_ed_der(der.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &key).unwrap()
}

pub fn region_token(region: &str) -> String {
    let claims = RegionClaims {
        iss: EDGE_ISSUER.into(),
        aud: EDGE_AUDIENCE.into(),
        sub: region.parse().unwrap(),
        exp: 4_000_000_000,
    };
    sign(&key(), &claims)
}

pub fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub fn room(digit: char) -> RoomId {
    digit.to_string().repeat(64).parse().unwrap()
}

pub fn participant(number: u128) -> ParticipantId {
    ParticipantId(uuid::Uuid::from_u128(number))
}

/// A ticket for participant 1 of room `a…`, good now.
pub fn ticket(action: TicketAction) -> TicketClaims {
    TicketClaims {
        iss: EDGE_ISSUER.into(),
        aud: INSTANCE.parse().unwrap(),
        iat: seconds(),
        exp: seconds() + 60,
        action,
        room: room('a'),
        participant: participant(1),
        epoch: 1,
        publish: vec![Source::Microphone, Source::Camera],
        grant: 0,
    }
}

/// A region that runs in this process.
pub struct Region {
    pub control: SocketAddr,
    pub media: Vec<SocketAddr>,
    pub tcp: Option<SocketAddr>,
    pub phase: watch::Sender<Phase>,
    pub task: JoinHandle<Result<(), RunError>>,
    pub client: Client,
}

impl Region {
    /// A region with one engine whose edge is away.
    pub async fn alone() -> Self {
        // Port 9 (discard) of loopback: nobody is there.
        Self::start("http://127.0.0.1:9", &["--engines", "1"]).await
    }

    pub async fn start(edge: &str, more: &[&str]) -> Self {
        let config = config(edge, more);
        let sockets = Sockets::bind(&config).unwrap();
        let control = sockets.control.local_addr().unwrap();
        let media = sockets.media.iter().map(|socket| socket.advertised).collect();
        let tcp = sockets.tcp.as_ref().map(|socket| socket.advertised);
        let (phase, shutdown) = watch::channel(Phase::Serving);
        let task = tokio::spawn(media_region::run(config, sockets, shutdown));
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { control, media, tcp, phase, task, client }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.control)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// One sample of `/metrics`, summed over engines.
    pub async fn metric(&self, name: &str) -> u64 {
        let text = self.get("/metrics").await.text().await.unwrap();
        let lines = text.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{')));
        let values: Vec<f64> = lines.map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect();
        assert!(!values.is_empty(), "no {name} in\n{text}");
        values.iter().sum::<f64>() as u64
    }

    /// Samples of `/metrics` with these labels, summed over the rest.
    pub async fn labelled(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let text = self.get("/metrics").await.text().await.unwrap();
        let has = |line: &&str| labels.iter().all(|(label, value)| line.contains(&format!("{label}=\"{value}\"")));
        let lines = text.lines().filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{')));
        let values: Vec<f64> =
            lines.filter(has).map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect();
        assert!(!values.is_empty(), "no {name} with {labels:?} in\n{text}");
        values.iter().sum::<f64>() as u64
    }

    /// Ends it, and waits until it has.
    pub async fn end(self) {
        self.phase.send_replace(Phase::Ending);
        timeout(PATIENCE, self.task).await.expect("the region ends when told to").unwrap().unwrap();
    }
}

pub fn config(edge: &str, more: &[&str]) -> Config {
    let (key, token) = (public_key(), region_token("local"));
    let always = ["media-region", "--control", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--instance", INSTANCE];
    let tcp: &[&str] = if more.contains(&"--tcp") { &[] } else { &["--tcp", "127.0.0.1:0"] };
    let secrets = ["--edge-url", edge, "--ticket-key", &key, "--region-token", &token];
    Config::try_parse_from(always.into_iter().chain(secrets).chain(tcp.iter().chain(more).copied())).unwrap()
}

/// The problem in an answer, whose form is checked too.
pub async fn problem(response: Response) -> Problem {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Problem = response.json().await.unwrap();
    assert_eq!((problem.status, problem.code.status()), (status, status));
    problem
}

pub async fn code(response: Response) -> ErrorCode {
    problem(response).await.code
}
