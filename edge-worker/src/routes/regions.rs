//! `/api/regions/*`: what media regions say to the edge, with their own credential.

use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
    response::Response,
};
use futures_util::future::join_all;
use protocol::{
    error::ErrorCode,
    id::{InstanceId, RegionName, RoomId},
    limits::REGION_BODY_BYTES,
    region::{RegionClaims, RegionEvents, RegionReport, SessionEvent},
};
use sorted::Map;
use worker::{Env, Method, ObjectNamespace};

use super::{nothing, text};
use crate::{
    body, clock, fleet,
    problem::Refusal,
    room_call::{self, RegionSays},
    settings,
};

/// Events in one request.
const EVENTS: usize = 500;

/// `POST /api/regions/report`
pub(super) async fn report(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = authenticate(&env, request.headers())?;
    let report: RegionReport = body::read(request, REGION_BODY_BYTES).await?;
    if report.region != claims.sub {
        return Err(Refusal::new(ErrorCode::Forbidden, "The credential is of another region"));
    }
    fleet::check(&report, settings::development(&env))?;
    fleet::report(&env, &report).await?;
    Ok(nothing())
}

/// `POST /api/regions/events`
pub(super) async fn events(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = authenticate(&env, request.headers())?;
    let said: RegionEvents = body::read(request, REGION_BODY_BYTES).await?;
    if said.events.len() > EVENTS {
        return Err(Refusal::new(ErrorCode::TooLarge, "At most 500 events in one request"));
    }
    if !speaks_for(&env, &claims.sub, &said.instance).await? {
        return Err(Refusal::new(ErrorCode::Forbidden, "No live instance of that name has reported from this region"));
    }
    let rooms = room_call::rooms(&env)?;
    let instance = &said.instance;
    let told = by_room(said.events).into_iter().map(|(room, events)| tell(&rooms, room, instance, events));
    let results = join_all(told).await;
    let failures = results.iter().filter(|result| result.is_err()).count();
    // One broken room must not make the region repeat everybody's events for ever. When every room
    // fails, the fault is here, and the region tries again.
    if failures == results.len() {
        results.into_iter().collect::<Result<(), Refusal>>()?;
    } else if failures > 0 {
        worker::console_error!("regions: {failures} rooms did not take their events");
    }
    Ok(nothing())
}

/// Tells a room what happened to its sessions.
async fn tell(
    rooms: &ObjectNamespace,
    room: RoomId,
    instance: &InstanceId,
    events: Vec<SessionEvent>,
) -> Result<(), Refusal> {
    // What is not an id of ours cannot have a room.
    let Ok(id) = rooms.id_from_string(room.as_str()) else { return Ok(()) };
    let says = RegionSays { instance: instance.clone(), events };
    match room_call::ask::<()>(&id.get_stub()?, Method::Post, "/events", Some(&says)).await {
        // A meeting that is gone has nothing to learn.
        Err(refusal) if refusal.problem.code == ErrorCode::RoomNotFound => Ok(()),
        other => other,
    }
}

fn authenticate(env: &Env, headers: &HeaderMap) -> Result<RegionClaims, Refusal> {
    settings::region_verifier(env)?
        .verify(clock::now_seconds(), text(headers, &header::AUTHORIZATION))
        .ok_or_else(|| Refusal::new(ErrorCode::Unauthorized, "A region's credential is needed"))
}

/// Whether a live instance of that name belongs to the region.
async fn speaks_for(env: &Env, region: &RegionName, instance: &InstanceId) -> Result<bool, Refusal> {
    let belongs = |list: &[fleet::Live]| {
        list.iter().find(|live| live.report.instance == *instance).map(|live| live.report.region == *region)
    };
    if let Some(answer) = fleet::cached().as_deref().and_then(belongs) {
        return Ok(answer);
    }
    Ok(belongs(&fleet::fresh(env).await?).unwrap_or(false))
}

fn by_room(events: Vec<SessionEvent>) -> Map<RoomId, Vec<SessionEvent>> {
    let mut rooms: Map<_, Vec<_>> = Map::new();
    for event in events {
        rooms.entry(event.room.clone()).or_default().push(event);
    }
    rooms
}

#[cfg(test)]
mod tests {
    use protocol::{id::ParticipantId, region::SessionEventKind};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn events_of_a_room_stay_in_order() {
        let event = |room: &str, epoch| SessionEvent {
            room: room.repeat(64).parse().unwrap(),
            participant: ParticipantId(Uuid::from_u128(1)),
            epoch,
            kind: SessionEventKind::Silent,
        };
        let grouped = by_room(vec![event("a", 1), event("b", 2), event("a", 3)]);
        let epochs: Vec<Vec<u64>> =
            grouped.values().map(|events| events.iter().map(|event| event.epoch).collect()).collect();
        assert_eq!(epochs, [vec![1, 3], vec![2]]);
    }
}
