//! `GET /api/health`: whether a call can be made now.

use axum::{
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use futures_util::future::join_all;
use protocol::rest::{Health, RegionHealth};
use worker::Env;

use crate::{
    BUILD, fleet,
    problem::{Refusal, json},
    region_call,
};

/// Instances that are called for one answer; the others count as they reported.
const CALLED: usize = 40;

/// `GET /api/health`
pub(super) async fn health(env: Env, _request: Request<Body>) -> Result<Response, Refusal> {
    let live = fleet::fresh(&env).await?;
    let regions = join_all(live.into_iter().enumerate().map(|(place, live)| shown(live, place < CALLED))).await;
    let ready = regions.iter().any(|region| region.reachable && !region.draining);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(json(status, &Health { ready, build: BUILD.to_owned(), regions }))
}

/// An instance as it looks from the edge now.
async fn shown(live: fleet::Live, call: bool) -> RegionHealth {
    let reachable = !call || region_call::is_reachable(&live.report.control_url).await;
    RegionHealth {
        instance: live.report.instance,
        region: live.report.region,
        reachable,
        draining: live.report.draining,
        participants: live.report.participants,
        report_age_ms: live.age_ms,
    }
}
