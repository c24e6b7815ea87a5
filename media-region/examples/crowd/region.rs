//! The program under measurement, the edge beside it, and the calls to its control plane.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{Router, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::{
    id::ParticipantId,
    media::Source,
    region::{EDGE_AUDIENCE, EDGE_ISSUER, OpenSession, RegionClaims, SessionAnswer, TicketAction, TicketClaims},
    signal::MediaOffer,
};
use tokio::{
    net::{TcpListener, UdpSocket},
    runtime::Handle,
    task::JoinHandle,
};

use crate::Outcome;

const INSTANCE: &str = "crowd-0001";
const TICKET_SECONDS: u64 = 60;

/// A program that runs until this is dropped.
pub(crate) struct Region {
    child: Child,
    runtime: Handle,
    control: SocketAddr,
    client: reqwest::Client,
    key: SigningKey,
}

/// What came of an offer.
pub(crate) type Answer = JoinHandle<Result<SessionAnswer, String>>;

impl Region {
    pub(crate) fn start(program: &Path, engines: u16, large_room: Option<usize>) -> Outcome<Self> {
        let own = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let runtime = own.handle().clone();
        std::thread::spawn(move || own.block_on(std::future::pending::<()>()));
        let key = SigningKey::from_bytes(&[7; 32]);
        let token = RegionClaims {
            iss: EDGE_ISSUER.into(),
            aud: EDGE_AUDIENCE.into(),
            sub: "local".parse().map_err(|_| "the region's name")?,
            exp: now_seconds() + 86_400,
        };
        let (edge, control, media) = runtime.block_on(async {
            let edge = TcpListener::bind("127.0.0.1:0").await?;
            let address = edge.local_addr()?;
            let app = Router::new().fallback(async || StatusCode::NO_CONTENT);
            tokio::spawn(async move { axum::serve(edge, app).await });
            Outcome::Ok((address, free_port().await?, UdpSocket::bind("127.0.0.1:0").await?.local_addr()?))
        })?;
        let mut command = Command::new(program);
        if let Some(people) = large_room {
            command.arg("--large-room").arg(people.to_string());
        }
        let mut child = command
            .env_clear()
            .env("MERIDIAN_CONTROL", control.to_string())
            .env("MERIDIAN_UDP", media.to_string())
            .env("MERIDIAN_ENGINES", engines.to_string())
            .env("MERIDIAN_INSTANCE", INSTANCE)
            .env("MERIDIAN_EDGE_URL", format!("http://{edge}"))
            .env("MERIDIAN_TICKET_KEY", URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes()))
            .env("MERIDIAN_REGION_TOKEN", sign(&key, &token)?)
            .env("MERIDIAN_CAPACITY", "2000")
            .env("RUST_LOG", "media_region=info,media_region::control=warn,warn")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut log = BufReader::new(child.stderr.take().ok_or("no log")?).lines();
        let client = reqwest::Client::builder().no_proxy().build()?;
        let runs = log.by_ref().map_while(Result::ok).any(|line| line.contains("media region runs"));
        let region = Self { child, runtime, control, client, key };
        if !runs {
            return Err("the program ended before it ran".into());
        }
        std::thread::spawn(move || log.map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        Ok(region)
    }

    /// Of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends an offer under a ticket for the one room.
    pub(crate) fn open(&self, participant: ParticipantId, offer: MediaOffer) -> Outcome<Answer> {
        let ticket = TicketClaims {
            iss: EDGE_ISSUER.into(),
            aud: INSTANCE.parse().map_err(|_| "the instance's name")?,
            iat: now_seconds(),
            exp: now_seconds() + TICKET_SECONDS,
            action: TicketAction::Open,
            room: "c".repeat(64).parse().map_err(|_| "the room's name")?,
            participant,
            epoch: 1,
            publish: vec![Source::Microphone, Source::Camera, Source::Screen, Source::ScreenAudio],
            grant: 0,
        };
        let url = format!("http://{}/v1/sessions", self.control);
        let request = self.client.post(url).bearer_auth(sign(&self.key, &ticket)?).json(&OpenSession { offer });
        Ok(self.runtime.spawn(async move {
            let response = request.send().await.map_err(|error| error.to_string())?;
            let status = response.status();
            let text = response.text().await.map_err(|error| error.to_string())?;
            serde_json::from_str(&text).map_err(|_| format!("{status}: {text}"))
        }))
    }

    /// Waits for an answer that is there.
    pub(crate) fn answer(&self, answer: Answer) -> Outcome<SessionAnswer> {
        Ok(self.runtime.block_on(answer)??)
    }

    /// `/metrics`.
    pub(crate) fn metrics(&self) -> Outcome<String> {
        let url = format!("http://{}/metrics", self.control);
        Ok(self.runtime.block_on(async { self.client.get(url).send().await?.text().await })?)
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // Gone already, when it failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn free_port() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

fn sign(key: &SigningKey, claims: &impl serde::Serialize) -> Outcome<String> {
    let der = key.to_pkcs8_der()?;
    let key = EncodingKey::from_ed_der(der.as_bytes());
    Ok(jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, &key)?)
}

fn now_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
