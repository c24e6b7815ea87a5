//! Programs that publish into a meeting by WHIP (RFC 9725) or watch it by WHEP
//! (draft-ietf-wish-whep): tokens for them, and the endpoints that take these.
//!
//! The endpoints are for any program and any page: they know nobody by a cookie.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::future;
use protocol::{
    error::{ErrorCode, Problem},
    id::{ParticipantId, RoomId},
    limits::{REST_BODY_BYTES, STREAM_SDP_BYTES, STREAM_SECONDS},
    rest::{IceServer, MakeStream, Stream, StreamAccess, StreamKind, Streams},
};
use room::{Answer, Asker, Question, stream_offer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use worker::{Env, Method};

use super::{admit, limit, nothing, place, rooms::present, segment, text};
use crate::{
    access, body, clock,
    problem::{Refusal, json},
    room_call::{self, StreamOpened},
    settings, turn,
};

/// Media type of a session description (RFC 8866 §8.1).
const SDP: &str = "application/sdp";
/// The same of a part of one that names candidates (RFC 8840 §9).
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
/// The shortest time that a token is good for.
const LEAST_SECONDS: u32 = 60;

/// What a token says, besides what it is for.
#[derive(Serialize, Deserialize)]
struct Says {
    room: RoomId,
    stream: ParticipantId,
}

/// `POST /api/rooms/{id}/streams`
pub(super) async fn make(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (room, by) = asked(&env, &request).await?;
    let own = settings::origin(&env, request.uri())?;
    let MakeStream { kind, name, seconds } = body::read(request, REST_BODY_BYTES).await?;
    let seconds = seconds.unwrap_or(STREAM_SECONDS);
    if !(LEAST_SECONDS..=STREAM_SECONDS).contains(&seconds) {
        let problem = Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid");
        let range = format!("must be {LEAST_SECONDS} to {STREAM_SECONDS}");
        return Err(problem.with_field("seconds", range).into());
    }
    let now = clock::now_seconds();
    let expires_at = now.saturating_add(seconds.into()).saturating_mul(1_000);
    let stream = Stream { id: ParticipantId(Uuid::new_v4()), kind, name, expires_at };
    room_call::ask_question(&env, &room, &Question::MakeStream { by, stream: stream.clone() }).await?;
    let url = format!("{own}/api/rooms/{room}/{}", path(kind));
    let says = Says { room, stream: stream.id };
    let token = settings::access_key(&env)?.seal(now, path(kind), seconds.into(), &says);
    let token = token.map_err(|error| Refusal::internal(&error))?;
    Ok(json(StatusCode::CREATED, &StreamAccess { stream, url, token }))
}

/// `GET /api/rooms/{id}/streams`
pub(super) async fn list(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (room, by) = asked(&env, &request).await?;
    match room_call::ask_question(&env, &room, &Question::Streams { by }).await? {
        Answer::Streams(streams) => Ok(json(StatusCode::OK, &Streams { streams })),
        _ => Err(Refusal::internal(&"a room answered something else")),
    }
}

/// `DELETE /api/rooms/{id}/streams/{stream}`
pub(super) async fn revoke(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (room, by) = asked(&env, &request).await?;
    let unknown = || Refusal::new(ErrorCode::NotFound, room_call::title(ErrorCode::NotFound));
    let stream = segment(&request, 4).parse().map(ParticipantId).map_err(|_| unknown())?;
    room_call::ask_question(&env, &room, &Question::DropStream { by, stream }).await?;
    Ok(nothing())
}

/// `POST /api/rooms/{id}/whip`, `…/whep`
pub(super) async fn open(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    Ok(shared(opened(&env, request).await.unwrap_or_else(refused)))
}

/// `PATCH /api/rooms/{id}/whip/{session}`, `…/whep/{session}`: candidates (RFC 9725 §4.3.2). They are taken
/// and not needed: a region learns where a program is from its checks.
pub(super) async fn trickle(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    Ok(shared(trickled(&env, request).await.unwrap_or_else(refused)))
}

/// `DELETE /api/rooms/{id}/whip/{session}`, `…/whep/{session}`
pub(super) async fn end(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let ended = session(&env, &request, true).await;
    Ok(shared(ended.map_or_else(refused, |_| Response::new(Body::empty()))))
}

/// `OPTIONS` of all of these.
pub(super) async fn options(_env: Env, _request: Request<Body>) -> Result<Response, Refusal> {
    let mut response = shared(nothing());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, PATCH, DELETE, OPTIONS"));
    let allowed = HeaderValue::from_static("authorization, content-type, if-match");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(HeaderName::from_static("accept-post"), HeaderValue::from_static(SDP));
    Ok(response)
}

async fn opened(env: &Env, request: Request<Body>) -> Result<Response, Refusal> {
    limit(env, "JOIN_LIMIT", request.headers()).await?;
    let (room, kind, stream) = bearer(env, &request)?;
    let (own, location) = (settings::origin(env, request.uri())?, place(env, &request));
    let body = body::text(request, SDP, STREAM_SDP_BYTES).await?;
    let offer = stream_offer(kind, &body).map_err(|why| Refusal::new(ErrorCode::InvalidRequest, why))?;
    let question = Question::OpenStream { stream, kind, offer: Box::new(offer), location };
    let (_, stub) = room_call::by_id(env, room.as_str())?;
    let opening = room_call::ask::<StreamOpened>(&stub, Method::Post, "/stream", Some(&question));
    let (opened, relays) = future::join(opening, turn::relays(env, stream)).await;
    let StreamOpened { epoch, sdp } = opened.map_err(|mut refusal| {
        if refusal.problem.code == ErrorCode::OfferRejected {
            // Well-formed, and nothing that a region can answer.
            refusal.problem.status = 422;
        }
        refusal
    })?;
    let mut response = Response::new(Body::from(sdp.as_str().to_owned()));
    *response.status_mut() = StatusCode::CREATED;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(SDP));
    set(headers, &header::LOCATION, &format!("{own}/api/rooms/{room}/{}/{epoch}", path(kind)));
    set(headers, &header::ETAG, &entity_tag(epoch));
    headers.insert(HeaderName::from_static("accept-patch"), HeaderValue::from_static(FRAGMENT));
    for server in &relays.ice_servers {
        for url in &server.urls {
            set(headers, &header::LINK, &link(url, server));
        }
    }
    Ok(response)
}

async fn trickled(env: &Env, request: Request<Body>) -> Result<Response, Refusal> {
    let (headers, epoch) = (request.headers().clone(), session(env, &request, false).await?);
    body::text(request, FRAGMENT, REST_BODY_BYTES).await?;
    match text(&headers, &header::IF_MATCH) {
        Some(tag) if tag == entity_tag(epoch) => Ok(nothing()),
        // ICE restarts (RFC 9725 §4.3.3): the program begins a new session instead.
        Some("*") => Err(status(422, "The session takes no ICE restart; begin another")),
        Some(_) => Err(status(412, "The session has another entity tag")),
        None => Err(status(428, "If-Match must name the session's entity tag")),
    }
}

/// The session that a request is about, where it is there; where `ends`, it is not any more.
async fn session(env: &Env, request: &Request<Body>, ends: bool) -> Result<u64, Refusal> {
    limit(env, "API_LIMIT", request.headers()).await?;
    let (room, _, stream) = bearer(env, request)?;
    let unknown = |_| Refusal::new(ErrorCode::NotFound, room_call::title(ErrorCode::NotFound));
    let epoch: u64 = segment(request, 4).parse().map_err(unknown)?;
    room_call::ask_question(env, &room, &Question::StreamSession { stream, epoch, ends }).await?;
    Ok(epoch)
}

/// What the token of a program is for, where it is for this path.
fn bearer(env: &Env, request: &Request<Body>) -> Result<(RoomId, StreamKind, ParticipantId), Refusal> {
    let kind = if segment(request, 3) == path(StreamKind::Publish) { StreamKind::Publish } else { StreamKind::Watch };
    let says: Option<Says> =
        settings::access_key(env)?.open(clock::now_seconds(), path(kind), token(request.headers()));
    let says = says.filter(|says| says.room.as_str() == segment(request, 2));
    let refusal = || Refusal::new(ErrorCode::Unauthorized, "The token is not good for this, or not any more");
    says.map(|Says { room, stream }| (room, kind, stream)).ok_or_else(refusal)
}

/// Which meeting somebody asks about, and who: by a seat of it, or signed in.
async fn asked(env: &Env, request: &Request<Body>) -> Result<(RoomId, Asker), Refusal> {
    admit(env, "API_LIMIT", request).await?;
    let (room, _) = room_call::by_id(env, &segment(request, 2))?;
    let seat = settings::seat_key(env)?.verify(clock::now_seconds(), &room, token(request.headers()));
    let (participant, host, signed_in) = match seat {
        Ok(seat) => {
            let signed_in = seat.identity.map(|identity| identity.account).zip(seat.sid);
            (Some(seat.sub), seat.host, signed_in)
        }
        Err(_) => {
            let claims = access::required(env, request.headers())?;
            (None, false, Some((claims.sub, claims.sid)))
        }
    };
    let identity = match signed_in {
        Some((account, session)) => Some(present(env, &account, session).await?),
        None => None,
    };
    Ok((room, Asker { participant, host, identity }))
}

/// The token in an `Authorization` header (RFC 6750 §2.1).
fn token(headers: &HeaderMap) -> &str {
    let (scheme, token) = text(headers, &header::AUTHORIZATION).and_then(|it| it.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" }
}

/// The last part of an endpoint's path, and the audience of its tokens.
const fn path(kind: StreamKind) -> &'static str {
    match kind {
        StreamKind::Publish => "whip",
        StreamKind::Watch => "whep",
    }
}

/// Names the ICE session, which stays the same as long as the session.
fn entity_tag(epoch: u64) -> String {
    format!("\"{epoch}\"")
}

/// A relay as a link (RFC 9725 §4.6).
fn link(url: &str, server: &IceServer) -> String {
    let mut link = format!("<{url}>; rel=\"ice-server\"");
    if let (Some(username), Some(credential)) = (&server.username, &server.credential) {
        for (name, value) in [("username", username), ("credential", credential)] {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            link.push_str(&format!("; {name}=\"{value}\""));
        }
        link.push_str("; credential-type=\"password\"");
    }
    link
}

fn set(headers: &mut HeaderMap, name: &HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}

/// A refusal that has no code of its own.
fn status(status: u16, title: &str) -> Refusal {
    let mut refusal = Refusal::new(ErrorCode::InvalidRequest, title);
    refusal.problem.status = status;
    refusal
}

fn refused(refusal: Refusal) -> Response {
    refusal.into_response()
}

/// An answer that every page may read (Fetch §3.3).
fn shared(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("location, etag, link, accept-patch, retry-after");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_is_a_link_with_quoted_credentials() {
        let server = IceServer {
            urls: vec!["turn:relay.example".into()],
            username: Some("7:a".into()),
            credential: Some(r#"p"\w"#.into()),
        };
        let expected = r#"<turn:relay.example>; rel="ice-server"; username="7:a"; credential="p\"\\w"; credential-type="password""#;
        assert_eq!(link("turn:relay.example", &server), expected);
        let open = IceServer { username: None, credential: None, ..server };
        assert_eq!(link("stun:relay.example", &open), r#"<stun:relay.example>; rel="ice-server""#);
    }
}
