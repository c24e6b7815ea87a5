//! The control plane: the edge opens, changes and closes sessions here, operators look at health and metrics.
//!
//! Every answer that is not a success is a problem document. Whoever has no ticket changes nothing
//! and costs little: tickets are checked before a body is read.

mod body;
pub(crate) mod media;
mod problem;
mod request;
mod server;
pub(crate) mod ticket;

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use protocol::{
    error::{ErrorCode, Problem},
    id::InstanceId,
    limits::TRACKS,
    region::{OpenSession, ProbeAnswer, SessionAnswer, TicketAction, TicketClaims},
};
use serde::Serialize;

use crate::{
    engine::{Engines, Grant, Refusal},
    metrics::Metrics,
};
use problem::Refused;
use ticket::Tickets;

pub(crate) use server::serve;

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) instance: InstanceId,
    pub(crate) engines: Engines,
    pub(crate) tickets: Tickets,
    pub(crate) metrics: Metrics,
    /// The pages that may open a WebSocket for media, and the places for those.
    pub(crate) origins: media::Origins,
    pub(crate) places: crate::tcp::Places,
    pub(crate) phase: tokio::sync::watch::Receiver<crate::Phase>,
}

/// Every route of the process.
pub(crate) fn app(region: Arc<Region>) -> Router {
    Router::new()
        .route("/v1/sessions", post(open))
        .route("/v1/probes", post(probe))
        .route("/v1/sessions/close", post(close))
        .route("/v1/sessions/grant", post(grant))
        .route("/v1/media", get(media::open))
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .fallback(async || Refused::new(ErrorCode::NotFound, "no such path"))
        .method_not_allowed_fallback(async || Refused::new(ErrorCode::MethodNotAllowed, "the path has other methods"))
        .layer(from_fn_with_state(Arc::clone(&region), request::observe))
        .with_state(region)
}

async fn open(
    State(region): State<Arc<Region>>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<SessionAnswer>), Refused> {
    let ticket = region.ticket(&headers, TicketAction::Open)?;
    let OpenSession { offer } = body::json(&headers, body).await?;
    if offer.tracks.len() > TRACKS {
        let problem = Problem::new(ErrorCode::InvalidRequest, "the offer names too many tracks");
        return Err(Refused(problem.with_field("offer.tracks", format!("at most {TRACKS}"))));
    }
    let TicketClaims { room, participant, epoch, publish, .. } = ticket;
    let open = sfu::Open { room: room.clone(), participant, epoch, publish, offer };
    match region.engines.open(open).await {
        Ok(answer) => {
            tracing::info!(%room, participant = %participant.0, epoch, "session opened");
            Ok((StatusCode::CREATED, Json(answer)))
        }
        Err(refusal) => {
            // An offer's fault is told to the caller alone: it may quote what a browser sent.
            let reason = match &refusal {
                Refusal::Forwarder(sfu::OpenError::Offer(_)) => "offer rejected".to_owned(),
                other => other.to_string(),
            };
            tracing::info!(%room, participant = %participant.0, epoch, reason, "session refused");
            Err(refusal.into())
        }
    }
}

async fn probe(
    State(region): State<Arc<Region>>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<ProbeAnswer>), Refused> {
    region.ticket(&headers, TicketAction::Probe)?;
    Ok((StatusCode::CREATED, Json(region.engines.probe().await?)))
}

async fn close(State(region): State<Arc<Region>>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    let TicketClaims { room, participant, epoch, .. } = region.ticket(&headers, TicketAction::Close)?;
    region.engines.close(room.clone(), participant, epoch).await?;
    tracing::info!(%room, participant = %participant.0, epoch, "session closed");
    Ok(StatusCode::NO_CONTENT)
}

async fn grant(State(region): State<Arc<Region>>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    let ticket = region.ticket(&headers, TicketAction::Grant)?;
    let TicketClaims { room, participant, epoch, publish, grant, .. } = ticket;
    tracing::info!(%room, participant = %participant.0, epoch, grant, ?publish, "session granted");
    region.engines.grant(Grant { room, participant, epoch, grant, publish }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer to `GET /healthz`: 200 while every engine answers, else a problem with 503.
#[derive(Debug, Serialize)]
struct Alive {
    instance: InstanceId,
    build: &'static str,
    draining: bool,
    sessions: u64,
}

async fn healthz(State(region): State<Arc<Region>>) -> Result<Json<Alive>, Refused> {
    let sessions = region.engines.sessions().await.ok_or(Refusal::Unresponsive)?;
    let draining = *region.phase.borrow() != crate::Phase::Serving;
    Ok(Json(Alive { instance: region.instance.clone(), build: crate::BUILD, draining, sessions }))
}

async fn metrics(State(region): State<Arc<Region>>) -> Result<Response, Refused> {
    let snapshots = region.engines.snapshots().await.ok_or(Refusal::Unresponsive)?;
    let text = region.metrics.text(snapshots).map_err(|_| Refused::new(ErrorCode::Internal, "metrics not written"))?;
    Ok(([(CONTENT_TYPE, crate::metrics::CONTENT_TYPE)], text).into_response())
}

impl Region {
    fn ticket(&self, headers: &HeaderMap, action: TicketAction) -> Result<TicketClaims, Refused> {
        self.tickets.check(headers, action).map_err(|error| {
            self.metrics.ticket_refused(error.label());
            error.into()
        })
    }
}
