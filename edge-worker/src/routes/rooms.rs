//! `/api/rooms/*`: making a meeting, taking a seat, looking, changing, and the door to its socket.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header},
    response::Response,
};
use futures_util::future;
use protocol::{
    account::Meetings,
    error::{ErrorCode, Problem},
    id::{AccountId, ParticipantId, RoomCode, RoomId, SessionId},
    limits::REST_BODY_BYTES,
    rest::{ChangeRoom, CreateRoom, CreatedRoom, RoomDetails, RoomKind, Schedule, Seat, TakeSeat},
};
use room::{Answer, Coordinates, Identity, Question, is_news};
use uuid::Uuid;
use worker::{Env, Method};

use super::{address, admit, limit, nothing, place, pretended_place, segment, text};
use crate::{
    access::{self, Claims},
    account_call::{self, Account},
    body, clock, host_secret, local_time, network, origin, planning,
    problem::{Refusal, json},
    room_call::{self, AskSeat, Create, Person, SeatGranted, Wanted},
    seat::{self, SeatClaims, SeatFor},
    settings, turn,
};

/// New codes to try. With 43 bits a second one is hardly ever needed.
const CODE_ATTEMPTS: usize = 4;

/// `POST /api/rooms/create`
pub(super) async fn create(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    origin::check(request.headers(), request.uri())?;
    limit(&env, "CREATE_LIMIT", request.headers()).await?;
    let claims = access::bearer(&env, request.headers())?;
    let (own, place) = (settings::origin(&env, request.uri())?, place(&env, &request));
    let asked: CreateRoom = body::read(request, REST_BODY_BYTES).await?;
    let (wanted, host_secret) = match &claims {
        Some(claims) => (wanted_by(&env, claims, asked, own).await?, None),
        None => guests(&env, asked, own).map(|(wanted, secret)| (wanted, Some(secret)))?,
    };
    let room = make(&env, place, wanted).await?;
    Ok(json(StatusCode::CREATED, &CreatedRoom { room, host_secret }))
}

/// What a signed-in person wants, once it is counted as theirs.
async fn wanted_by(env: &Env, claims: &Claims, asked: CreateRoom, origin: String) -> Result<Wanted, Refusal> {
    let (schedule, invite) = planning::plan(clock::now(), &claims.email, &asked, local_time::is_known)?;
    let owner = spend(env, claims, 1, invite.len()).await?;
    let title = titled(asked.title)?;
    Ok(Wanted {
        title,
        kind: asked.kind,
        host_secret_hash: None,
        owner: Some(owner),
        schedule,
        invite,
        letters: true,
        origin,
    })
}

/// What a guest wants, and the secret that makes them the host.
fn guests(env: &Env, asked: CreateRoom, origin: String) -> Result<(Wanted, String), Refusal> {
    let plain = asked.kind == RoomKind::Public
        && asked.starts_at.is_none()
        && asked.duration_minutes.is_none()
        && asked.invite.is_empty()
        && asked.cohosts.is_empty();
    if !plain {
        let title = "Sign in to schedule meetings, to invite people, and for private and team meetings";
        return Err(Refusal::new(ErrorCode::Unauthorized, title));
    }
    if !settings::guest_meetings(env) {
        return Err(Refusal::new(ErrorCode::GuestMeetingsOff, "Sign in to make meetings here"));
    }
    let secret = host_secret::generate().map_err(|error| Refusal::internal(&error))?;
    let host_secret_hash = Some(host_secret::hash(&secret).ok_or_else(|| Refusal::internal(&"no host secret"))?);
    let title = titled(asked.title)?;
    let wanted = Wanted {
        title,
        kind: RoomKind::Public,
        host_secret_hash,
        owner: None,
        schedule: None,
        invite: Vec::new(),
        letters: false,
        origin,
    };
    Ok((wanted, secret))
}

fn titled(title: Option<protocol::text::Title>) -> Result<protocol::text::Title, Refusal> {
    title.map_or_else(|| "Meeting".parse().map_err(|error| Refusal::internal(&error)), Ok)
}

/// Counts meetings and mails against what this account may do in an hour; who they are now.
pub(super) async fn spend(env: &Env, claims: &Claims, meetings: u32, mails: usize) -> Result<Identity, Refusal> {
    let mails = u32::try_from(mails).unwrap_or(u32::MAX);
    who(env, &claims.sub, &account::Question::Spend { session: claims.sid, meetings, mails }).await
}

/// Who is signed in on this device, where the account still knows it: a token outlives sign-out, reset
/// and deletion by minutes, and nobody comes into a meeting by such a one.
pub(super) async fn present(env: &Env, account: &AccountId, session: SessionId) -> Result<Identity, Refusal> {
    who(env, account, &account::Question::Profile { session }).await
}

async fn who(env: &Env, account: &AccountId, question: &account::Question) -> Result<Identity, Refusal> {
    match account_call::ask(env, Account::Id(account), question).await? {
        account::Answer::User(user) => Ok(Identity { account: user.id, email: user.email, name: user.name }),
        _ => Err(Refusal::internal(&"an account answered something else")),
    }
}

/// Makes a meeting under a code that is free, and tells its owner's account before anybody reads it.
/// Who may make it is for the caller to have checked.
///
/// # Errors
/// `unauthorized` where the owner's account was deleted meanwhile; `internal`.
pub(super) async fn make(env: &Env, place: Option<Coordinates>, wanted: Wanted) -> Result<RoomDetails, Refusal> {
    let rooms = room_call::rooms(env)?;
    for _ in 0..CODE_ATTEMPTS {
        let code = random_code()?;
        let id = rooms.id_from_name(code.as_str())?;
        let stub = room_call::near(&id, place)?;
        let create = Create { id: room_call::room_id(&id)?, code, wanted: wanted.clone() };
        let made: Option<RoomDetails> = room_call::ask(&stub, Method::Post, "/create", Some(&create)).await?;
        if let Some(details) = made {
            if let Some(owner) = &wanted.owner {
                tell_owner(env, owner, &details).await?;
            }
            return Ok(with_link(details, &wanted.origin));
        }
    }
    Err(Refusal::internal(&"no free meeting code"))
}

/// The first word of a meeting to its owner's account. Where it fails, the room tells it again; where the
/// account is gone, so is the meeting.
async fn tell_owner(env: &Env, owner: &Identity, details: &RoomDetails) -> Result<(), Refusal> {
    let room = details.id.clone();
    let details = RoomDetails { link: None, invitations: None, participants: 0, ..details.clone() };
    let question = account::Question::Meeting { email: owner.email.clone(), details: Box::new(details), revision: 1 };
    match account_call::ask(env, Account::Id(&owner.account), &question).await {
        Err(refusal) if refusal.problem.code == ErrorCode::NotFound => {
            room_call::ask_question(env, &room, &Question::Destroy).await?;
            return Err(access::unauthorized());
        }
        Err(_) => worker::console_warn!("rooms: the owner's account was not told at once"),
        Ok(_) => {}
    }
    Ok(())
}

/// `POST /api/rooms/join`
pub(super) async fn join(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    origin::check(request.headers(), request.uri())?;
    limit(&env, "JOIN_LIMIT", request.headers()).await?;
    let claims = access::bearer(&env, request.headers())?;
    let (uri, location) = (request.uri().clone(), pretended_place(&env, request.headers()));
    let own = settings::origin(&env, &uri)?;
    let near = address(request.headers()).and_then(network::around);
    let network = near.map(|near| settings::address_key(&env).map(|key| key.network_name(&near))).transpose()?;
    let wanted: TakeSeat = body::read(request, REST_BODY_BYTES).await?;
    let code = RoomCode::from_pasted(&wanted.code).map_err(|_| field("code", "is not a meeting code or link"))?;
    let host_secret_hash = match &wanted.host_secret {
        Some(secret) => Some(host_secret::hash(secret).ok_or_else(|| field("host_secret", "is not valid"))?),
        None => None,
    };
    let identity = match &claims {
        Some(claims) => Some((present(&env, &claims.sub, claims.sid).await?, claims.sid)),
        None => None,
    };
    let stub = room_call::rooms(&env)?.id_from_name(code.as_str())?.get_stub()?;
    let ask = AskSeat { host_secret_hash, identity: identity.as_ref().map(|(identity, _)| identity.clone()) };
    let participant = ParticipantId(Uuid::new_v4());
    let granted = room_call::ask::<SeatGranted>(&stub, Method::Post, "/seat", Some(&ask));
    let (granted, relays) = future::join(granted, turn::relays(&env, participant)).await;
    let granted = granted?;
    let id = granted.details.id.clone();
    let seat = SeatFor {
        room: id.clone(),
        participant,
        host: granted.host,
        // A guest's word is worth nothing beside an address that is proven.
        email: wanted.email.filter(|_| identity.is_none()),
        identity,
        location,
    };
    let seat = settings::seat_key(&env)?.sign(clock::now_seconds(), seat).map_err(|error| Refusal::internal(&error))?;
    let socket_origin = origin::own_socket(&uri).unwrap_or_default();
    let seat = Seat {
        seat,
        room: with_link(granted.details, &own),
        admission: granted.admission,
        signal_url: format!("{socket_origin}/api/rooms/{id}/signal"),
        ice_servers: relays.ice_servers,
        ice_seconds: relays.ice_seconds,
        network,
    };
    Ok(json(StatusCode::OK, &seat))
}

/// `POST /api/rooms/{id}/ice`
pub(super) async fn ice(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (_, claims) = seated(&env, &request).await?;
    Ok(json(StatusCode::OK, &turn::relays(&env, claims.sub).await))
}

/// The room of a request, and who has the seat that the request shows.
pub(super) async fn seated(env: &Env, request: &Request<Body>) -> Result<(RoomId, SeatClaims), Refusal> {
    let id = segment(request, 2);
    admit(env, "API_LIMIT", request).await?;
    let (room, _) = room_call::by_id(env, &id)?;
    let seat = text(request.headers(), &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let claims = settings::seat_key(env)?.verify(clock::now_seconds(), &room, seat.unwrap_or_default());
    Ok((room, claims.map_err(|error| Refusal::new(ErrorCode::Unauthorized, error.to_string()))?))
}

/// `GET /api/rooms`
pub(super) async fn list(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    limit(&env, "API_LIMIT", request.headers()).await?;
    let claims = access::required(&env, request.headers())?;
    let own = settings::origin(&env, request.uri())?;
    let question = account::Question::Meetings { session: claims.sid };
    let account::Answer::Meetings(meetings) = account_call::ask(&env, Account::Id(&claims.sub), &question).await?
    else {
        return Err(Refusal::internal(&"an account answered something else"));
    };
    let linked = |list: Vec<RoomDetails>| list.into_iter().map(|details| with_link(details, &own)).collect();
    let meetings = Meetings { upcoming: linked(meetings.upcoming), past: linked(meetings.past) };
    Ok(json(StatusCode::OK, &meetings))
}

/// `GET /api/rooms/{id}`
pub(super) async fn details(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 2);
    limit(&env, "API_LIMIT", request.headers()).await?;
    let identity = access::bearer(&env, request.headers())?.map(|claims| claims.identity());
    let details = details_for(&env, &id, identity.as_ref()).await?;
    Ok(json(StatusCode::OK, &with_link(details, &settings::origin(&env, request.uri())?)))
}

/// `PATCH /api/rooms/{id}`
pub(super) async fn change(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 2);
    let claims = entering(&env, request.headers(), request.uri()).await?;
    let own = settings::origin(&env, request.uri())?;
    let change: ChangeRoom = body::read(request, REST_BODY_BYTES).await?;
    let now = details_for(&env, &id, Some(&claims.identity())).await?;
    planning::check_change(clock::now(), &change, local_time::is_known)?;
    let mails = letters(&change, &now);
    // Also for none: the account knows whether the device is still signed in.
    spend(&env, &claims, 0, mails).await?;
    let question = Question::Change { by: claims.identity(), change: Box::new(change) };
    match room_call::ask_question(&env, &now.id, &question).await? {
        Answer::Details(details) => Ok(json(StatusCode::OK, &with_link(*details, &own))),
        _ => Err(Refusal::internal(&"a room answered something else")),
    }
}

/// `DELETE /api/rooms/{id}`
pub(super) async fn delete(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 2);
    let claims = entering(&env, request.headers(), request.uri()).await?;
    let (room, _) = room_call::by_id(&env, &id)?;
    spend(&env, &claims, 0, 0).await?;
    room_call::ask_question(&env, &room, &Question::Delete { by: claims.identity() }).await?;
    Ok(nothing())
}

/// `GET /api/rooms/{id}/calendar.ics`
pub(super) async fn calendar(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 2);
    limit(&env, "API_LIMIT", request.headers()).await?;
    let identity = access::required(&env, request.headers())?.identity();
    let (_, stub) = room_call::by_id(&env, &id)?;
    let letter: Option<mail::MeetingLetter> = room_call::ask(&stub, Method::Post, "/calendar", Some(&identity)).await?;
    let file = letter.and_then(|letter| mail::calendar(&mail::MeetingLetter { at: clock::now(), ..letter }, None));
    let file = file.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "The meeting is not scheduled"))?;
    let mut response = Response::new(Body::from(file));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mail::Method::Publish.content_type()));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"meeting.ics\""));
    Ok(response)
}

/// How many letters a change sends: to those who are new and those who are taken off, and of a new title
/// or plan to everybody else.
fn letters(change: &ChangeRoom, now: &RoomDetails) -> usize {
    let invited = now.invitations.as_deref().unwrap_or_default();
    let schedule = now.starts_at.zip(now.duration_minutes);
    let schedule = schedule.map(|(starts_at, duration_minutes)| Schedule {
        starts_at,
        duration_minutes,
        time_zone: now.time_zone.clone(),
    });
    let told = is_news(&now.title, schedule.as_ref(), change);
    let new = change.invite.iter().chain(change.cohosts.iter().flatten());
    let new = new.filter(|email| invited.iter().all(|other| other.email != **email)).count();
    new + change.uninvite.len() + if told { invited.len() } else { 0 }
}

/// What every change by a signed-in person begins with.
async fn entering(env: &Env, headers: &HeaderMap, target: &Uri) -> Result<Claims, Refusal> {
    origin::check(headers, target)?;
    limit(env, "API_LIMIT", headers).await?;
    access::required(env, headers)
}

async fn details_for(env: &Env, id: &str, identity: Option<&Identity>) -> Result<RoomDetails, Refusal> {
    let (_, stub) = room_call::by_id(env, id)?;
    room_call::ask(&stub, Method::Post, "/details", Some(&identity)).await
}

/// `GET /api/rooms/{id}/signal`
pub(super) async fn signal(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 2);
    let headers = request.headers();
    if !text(headers, &header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "This path is a WebSocket"));
    }
    admit(&env, "API_LIMIT", &request).await?;
    let (room, stub) = room_call::by_id(&env, &id)?;
    let unauthorized = |title: String| Refusal::new(ErrorCode::Unauthorized, title);
    let token = text(headers, &header::SEC_WEBSOCKET_PROTOCOL)
        .and_then(seat::from_subprotocols)
        .ok_or_else(|| unauthorized("Offer the subprotocols meridian.v1 and meridian.seat.<seat>".into()))?;
    let claims = settings::seat_key(&env)?
        .verify(clock::now_seconds(), &room, token)
        .map_err(|error| unauthorized(error.to_string()))?;
    let identity = match (claims.identity, claims.sid) {
        (Some(identity), Some(session)) => Some(present(&env, &identity.account, session).await?),
        (Some(_), None) => return Err(access::unauthorized()),
        (None, _) => None,
    };
    let location = claims.location.or_else(|| place(&env, &request));
    let person = Person { participant: claims.sub, host: claims.host, identity, email: claims.email, location };
    Ok(room_call::open_socket(&stub, &person).await?.into())
}

fn with_link(mut details: RoomDetails, origin: &str) -> RoomDetails {
    details.link = details.code.as_ref().map(|code| format!("{origin}/m/{code}"));
    details
}

pub(super) fn field(name: &str, message: &str) -> Refusal {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_written_to_everybody_is_counted_for_everybody() {
        let people =
            |names: &[&str]| -> Vec<String> { names.iter().map(|name| format!("{name}@example.org")).collect() };
        let invitations: Vec<_> = people(&["a", "b"])
            .iter()
            .map(|email| serde_json::json!({ "email": email, "cohost": false, "delivery": "sent" }))
            .collect();
        let now: RoomDetails = serde_json::from_value(serde_json::json!({
            "id": "a".repeat(64), "title": "Plan", "kind": "private", "phase": "created", "participants": 0,
            "created_at": 1, "starts_at": 1_800_000_000_000_u64, "duration_minutes": 60,
            "time_zone": "Europe/Berlin", "invitations": invitations,
        }))
        .unwrap();
        for (change, count) in [
            (serde_json::json!({}), 0),
            (serde_json::json!({ "title": "Plan", "duration_minutes": 60, "time_zone": "Europe/Berlin" }), 0),
            (serde_json::json!({ "time_zone": "Europe/Paris" }), 2),
            (serde_json::json!({ "title": "Other", "time_zone": "Europe/Paris" }), 2),
            (serde_json::json!({ "starts_at": 1_800_000_060_000_u64 }), 2),
            (serde_json::json!({ "invite": people(&["a", "c"]), "cohosts": people(&["b", "d"]) }), 2),
            (serde_json::json!({ "uninvite": people(&["a"]), "duration_minutes": 61 }), 3),
        ] {
            let parsed = serde_json::from_value(change.clone()).unwrap();
            assert_eq!(letters(&parsed, &now), count, "{change}");
        }
    }
}
