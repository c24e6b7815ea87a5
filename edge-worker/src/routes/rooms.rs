//! `/api/rooms/*`: making a meeting, taking a seat, looking, and the door to its socket.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode, Uri, header},
    response::Response,
};
use protocol::{
    error::{ErrorCode, Problem},
    id::{ParticipantId, RoomCode, RoomId},
    limits::REST_BODY_BYTES,
    rest::{CreateRoom, CreatedRoom, RoomDetails, RoomKind, Seat, TakeSeat},
};
use uuid::Uuid;
use worker::{Env, Method, ObjectNamespace, Stub};

use super::{limit, place, pretended_place, text};
use crate::{
    body, clock, host_secret, origin,
    problem::{Refusal, json},
    room_call::{self, AskSeat, Create, Person, SeatGranted},
    seat, settings,
};

/// New codes to try. With 43 bits a second one is hardly ever needed.
const CODE_ATTEMPTS: usize = 4;

/// `POST /api/rooms/create`
#[worker::send]
pub(super) async fn create(State(env): State<Env>, request: Request<Body>) -> Result<Response, Refusal> {
    origin::check(request.headers(), request.uri())?;
    limit(&env, "CREATE_LIMIT", request.headers()).await?;
    let (uri, place) = (request.uri().clone(), place(&env, &request));
    let wanted: CreateRoom = body::read(request, REST_BODY_BYTES).await?;
    if wanted.kind != RoomKind::Public {
        return Err(Refusal::new(ErrorCode::Unauthorized, "Sign in to make private and team meetings"));
    }
    if !settings::guest_meetings(&env) {
        return Err(Refusal::new(ErrorCode::GuestMeetingsOff, "Sign in to make meetings here"));
    }
    let title = match wanted.title {
        Some(title) => title,
        None => "Meeting".parse().map_err(|error| Refusal::internal(&error))?,
    };
    let secret = host_secret::generate().map_err(|error| Refusal::internal(&error))?;
    let host_secret_hash = host_secret::hash(&secret).ok_or_else(|| Refusal::internal(&"no host secret"))?;
    let rooms = room_call::rooms(&env)?;
    for _ in 0..CODE_ATTEMPTS {
        let code = random_code()?;
        let id = rooms.id_from_name(code.as_str())?;
        let stub = room_call::near(&id, place)?;
        let create =
            Create { id: room_call::room_id(&id)?, code, title: title.clone(), kind: wanted.kind, host_secret_hash };
        let made: Option<RoomDetails> = room_call::ask(&stub, Method::Post, "/create", Some(&create)).await?;
        if let Some(details) = made {
            let room = with_link(details, &uri);
            return Ok(json(StatusCode::CREATED, &CreatedRoom { room, host_secret: Some(secret) }));
        }
    }
    Err(Refusal::internal(&"no free meeting code"))
}

/// `POST /api/rooms/join`
#[worker::send]
pub(super) async fn join(State(env): State<Env>, request: Request<Body>) -> Result<Response, Refusal> {
    origin::check(request.headers(), request.uri())?;
    limit(&env, "JOIN_LIMIT", request.headers()).await?;
    let (uri, location) = (request.uri().clone(), pretended_place(&env, request.headers()));
    let wanted: TakeSeat = body::read(request, REST_BODY_BYTES).await?;
    let code = RoomCode::from_pasted(&wanted.code).map_err(|_| field("code", "is not a meeting code or link"))?;
    let host_secret_hash = match &wanted.host_secret {
        Some(secret) => Some(host_secret::hash(secret).ok_or_else(|| field("host_secret", "is not valid"))?),
        None => None,
    };
    let rooms = room_call::rooms(&env)?;
    let stub = rooms.id_from_name(code.as_str())?.get_stub()?;
    let granted: SeatGranted =
        room_call::ask(&stub, Method::Post, "/seat", Some(&AskSeat { host_secret_hash })).await?;
    let id = granted.details.id.clone();
    let seat = settings::seat_key(&env)?
        .sign(clock::now_seconds(), id.clone(), ParticipantId(Uuid::new_v4()), granted.host, location)
        .map_err(|error| Refusal::internal(&error))?;
    let socket_origin = origin::own_socket(&uri).unwrap_or_default();
    let seat = Seat {
        seat,
        room: with_link(granted.details, &uri),
        signal_url: format!("{socket_origin}/api/rooms/{id}/signal"),
        ice_servers: Vec::new(),
    };
    Ok(json(StatusCode::OK, &seat))
}

/// `GET /api/rooms/{id}`
#[worker::send]
pub(super) async fn details(State(env): State<Env>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (_, stub) = by_id(&room_call::rooms(&env)?, &id)?;
    let mut details: RoomDetails = room_call::ask(&stub, Method::Get, "/details", None::<&()>).await?;
    // An id is in logs; it must not let anybody in.
    details.code = None;
    details.link = None;
    Ok(json(StatusCode::OK, &details))
}

/// `GET /api/rooms/{id}/signal`
#[worker::send]
pub(super) async fn signal(
    State(env): State<Env>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    if !text(headers, &header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "This path is a WebSocket"));
    }
    origin::check(headers, request.uri())?;
    let (room, stub) = by_id(&room_call::rooms(&env)?, &id)?;
    let unauthorized = |title: String| Refusal::new(ErrorCode::Unauthorized, title);
    let token = text(headers, &header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(seat::from_subprotocols)
        .ok_or_else(|| unauthorized("Offer the subprotocols meridian.v1 and meridian.seat.<seat>".into()))?;
    let claims = settings::seat_key(&env)?
        .verify(clock::now_seconds(), &room, token)
        .map_err(|error| unauthorized(error.to_string()))?;
    let location = claims.location.or_else(|| place(&env, &request));
    let person = Person { participant: claims.sub, host: claims.host, location };
    Ok(room_call::open_socket(&stub, &person).await?.into())
}

fn by_id(rooms: &ObjectNamespace, id: &str) -> Result<(RoomId, Stub), Refusal> {
    let unknown = || Refusal::new(ErrorCode::RoomNotFound, "There is no such meeting");
    let room: RoomId = id.parse().map_err(|_| unknown())?;
    // Throws for what is not an id of this namespace.
    let stub = rooms.id_from_string(room.as_str()).map_err(|_| unknown())?.get_stub()?;
    Ok((room, stub))
}

fn with_link(mut details: RoomDetails, uri: &Uri) -> RoomDetails {
    details.link = details.code.as_ref().zip(origin::own(uri)).map(|(code, origin)| format!("{origin}/m/{code}"));
    details
}

fn field(name: &str, message: &str) -> Refusal {
    Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid").with_field(name, message).into()
}

fn random_code() -> Result<RoomCode, Refusal> {
    let mut random = [0; 10];
    for byte in &mut random {
        *byte = loop {
            let candidate = getrandom::u32().map_err(|error| Refusal::internal(&error))?.to_le_bytes()[0];
            // From 240 on, some letters would come more often.
            if candidate < 240 {
                break candidate;
            }
        };
    }
    Ok(RoomCode::from_random(random))
}
