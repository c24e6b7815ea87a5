//! An edge that remembers what regions tell it, and can be made to refuse.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use protocol::region::{RegionEvents, RegionReport, SessionEventKind};
use tokio::{net::TcpListener, sync::watch, time::timeout};

use super::PATIENCE;

/// What was heard, with the credential of each call.
#[derive(Default, Clone, Debug)]
pub struct Heard {
    pub reports: Vec<(String, RegionReport)>,
    pub events: Vec<(String, RegionEvents)>,
    /// Calls answered with [`FakeEdge::answer_with`]'s status instead.
    pub refused: usize,
}

impl Heard {
    pub fn kinds(&self) -> Vec<SessionEventKind> {
        self.events.iter().flat_map(|(_, events)| &events.events).map(|event| event.kind).collect()
    }
}

pub struct FakeEdge {
    pub url: String,
    heard: watch::Receiver<Heard>,
    answer: Arc<Mutex<StatusCode>>,
}

#[derive(Clone)]
struct Shared {
    heard: Arc<watch::Sender<Heard>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl FakeEdge {
    pub async fn start() -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    pub async fn at(address: SocketAddr) -> Self {
        let (sender, heard) = watch::channel(Heard::default());
        let answer = Arc::new(Mutex::new(StatusCode::NO_CONTENT));
        let shared = Shared { heard: Arc::new(sender), answer: Arc::clone(&answer) };
        let app = Router::new()
            .route("/api/regions/report", post(report))
            .route("/api/regions/events", post(events))
            .with_state(shared);
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, heard, answer }
    }

    pub fn answer_with(&self, status: StatusCode) {
        *self.answer.lock().unwrap() = status;
    }

    pub fn heard(&self) -> Heard {
        self.heard.borrow().clone()
    }

    /// Waits until what was heard is as wanted.
    pub async fn until(&mut self, wanted: impl FnMut(&Heard) -> bool) -> Heard {
        let heard = timeout(PATIENCE, self.heard.wait_for(wanted)).await;
        heard.expect("the edge hears what is expected").unwrap().clone()
    }
}

async fn report(State(shared): State<Shared>, headers: HeaderMap, Json(report): Json<RegionReport>) -> StatusCode {
    shared.hear(|heard| heard.reports.push((credential(&headers), report)))
}

async fn events(State(shared): State<Shared>, headers: HeaderMap, Json(events): Json<RegionEvents>) -> StatusCode {
    shared.hear(|heard| heard.events.push((credential(&headers), events)))
}

impl Shared {
    fn hear(&self, push: impl FnOnce(&mut Heard)) -> StatusCode {
        let answer = *self.answer.lock().unwrap();
        self.heard.send_modify(|heard| if answer.is_success() { push(heard) } else { heard.refused += 1 });
        answer
    }
}

fn credential(headers: &HeaderMap) -> String {
    headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}
