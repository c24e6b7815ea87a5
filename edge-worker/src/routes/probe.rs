//! `POST /api/rooms/{id}/probe`: lets a browser find out how media would get through, before it joins.
//!
//! The room is not asked: the region is the one that it would choose for this person if it were new.

use axum::{
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use protocol::{error::ErrorCode, region::TicketAction, rest::Probe};
use room::{Instance, placement::choose};
use worker::Env;

use super::{place, rooms::seated};
use crate::{
    clock, fleet,
    problem::{Refusal, json},
    region_call, settings,
    ticket::TicketFor,
};

/// `POST /api/rooms/{id}/probe`
pub(super) async fn probe(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (room, claims) = seated(&env, &request).await?;
    let location = claims.location.or_else(|| place(&env, &request));
    let instances: Vec<Instance> = fleet::list(&env).await?.iter().map(fleet::Live::instance).collect();
    let unavailable = || Refusal::new(ErrorCode::RegionUnavailable, "No media region answers now");
    let Instance { id, region, control_url, .. } = choose(&instances, location, None).ok_or_else(unavailable)?;
    let ticket = TicketFor {
        instance: id.clone(),
        action: TicketAction::Probe,
        room,
        participant: claims.sub,
        epoch: 0,
        publish: Vec::new(),
        grant: 0,
    };
    let ticket = settings::ticket_key(&env)?.sign(clock::now_seconds(), ticket);
    let ticket = ticket.map_err(|error| Refusal::internal(&error))?;
    let Some(answer) = region_call::probe(control_url, &ticket).await else {
        fleet::forget();
        return Err(unavailable());
    };
    Ok(json(StatusCode::CREATED, &Probe { region: region.clone(), answer }))
}
