//! `/api/users/*`: what signed-in people do with their account.

use account::{Answer, Question};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use protocol::{
    account::{CallSomeone, ChangePassword, ChangeProfile, IncomingCall, Sessions, User},
    error::{ErrorCode, Problem},
    id::{CallId, SessionId},
    limits::REST_BODY_BYTES,
    rest::{CreatedRoom, RoomKind},
};
use room::Invitee;
use uuid::Uuid;
use worker::Env;

use super::{admit, auth::unexpected, nothing, place, rooms, segment, text};
use crate::{
    access::{self, Claims},
    account_call::{self, Account},
    body,
    padding::Padding,
    problem::{Refusal, json},
    refresh_cookie,
    room_call::Wanted,
    settings,
};

/// `GET /api/users/profile`
pub(super) async fn profile(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "API_LIMIT", &request).await?;
    user(ask(&env, &claims, Question::Profile { session: claims.sid }).await?)
}

/// `PUT /api/users/profile`
pub(super) async fn change_profile(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "API_LIMIT", &request).await?;
    let change: ChangeProfile = body::read(request, REST_BODY_BYTES).await?;
    user(ask(&env, &claims, Question::ChangeProfile { session: claims.sid, change }).await?)
}

/// `DELETE /api/users/profile`
pub(super) async fn delete(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "API_LIMIT", &request).await?;
    ask(&env, &claims, Question::Delete { session: claims.sid }).await?;
    let mut response = nothing();
    refresh_cookie::clear(&mut response);
    Ok(response)
}

/// `PUT /api/users/password`
pub(super) async fn change_password(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "AUTH_LIMIT", &request).await?;
    let origin = settings::origin(&env, request.uri())?;
    let ChangePassword { current, password } = body::read(request, REST_BODY_BYTES).await?;
    let (current, password) = (current.map(Into::into), password.into());
    ask(&env, &claims, Question::ChangePassword { session: claims.sid, current, password, origin }).await?;
    Ok(nothing())
}

/// `GET /api/users/sessions`
pub(super) async fn sessions(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "API_LIMIT", &request).await?;
    match ask(&env, &claims, Question::Sessions { session: claims.sid }).await? {
        Answer::Sessions(sessions) => Ok(json(StatusCode::OK, &Sessions { sessions })),
        _ => Err(unexpected()),
    }
}

/// `DELETE /api/users/sessions`
pub(super) async fn revoke_others(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "API_LIMIT", &request).await?;
    ask(&env, &claims, Question::Revoke { session: claims.sid, which: None }).await?;
    Ok(nothing())
}

/// `DELETE /api/users/sessions/{id}`
pub(super) async fn revoke(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let id = segment(&request, 3);
    let claims = member(&env, "API_LIMIT", &request).await?;
    let unknown = |_| Refusal::new(ErrorCode::NotFound, "No device of yours has this id");
    let which = SessionId(Uuid::parse_str(&id).map_err(unknown)?);
    ask(&env, &claims, Question::Revoke { session: claims.sid, which: Some(which) }).await?;
    let mut response = nothing();
    if which == claims.sid {
        refresh_cookie::clear(&mut response);
    }
    Ok(response)
}

/// `GET /api/users/socket`
pub(super) async fn socket(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let headers = request.headers();
    if !text(headers, &header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "This path is a WebSocket"));
    }
    admit(&env, "API_LIMIT", &request).await?;
    let claims = access::of_socket(&env, headers)?;
    Ok(account_call::open_socket(&env, &claims.sub, &claims.sid).await?.into())
}

/// `POST /api/users/call`
pub(super) async fn call(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let padding = Padding::begin();
    let claims = member(&env, "MAIL_LIMIT", &request).await?;
    let (origin, near) = (settings::origin(&env, request.uri())?, place(&env, &request));
    let CallSomeone { email } = body::read(request, REST_BODY_BYTES).await?;
    if email == claims.email {
        let problem = Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid");
        return Err(problem.with_field("email", "is your own").into());
    }
    let caller = rooms::spend(&env, &claims, 1, 1).await?;
    let wanted = Wanted {
        title: format!("Call from {}", caller.name).parse().map_err(|error| Refusal::internal(&error))?,
        kind: RoomKind::Private,
        host_secret_hash: None,
        owner: Some(caller.clone()),
        schedule: None,
        // The ringing tells them; where nobody is there, it becomes a mail.
        invite: vec![Invitee { email: email.clone(), cohost: false }],
        letters: false,
        origin: origin.clone(),
    };
    let room = rooms::make(&env, near, wanted).await?;
    let code = room.code.clone().ok_or_else(|| Refusal::internal(&"a new room has no code"))?;
    let call = IncomingCall {
        id: CallId(Uuid::nil()),
        name: caller.name,
        email: caller.email,
        room: room.id.clone(),
        code,
        since: 0,
        until: 0,
    };
    let ring = Question::Ring { email: email.clone(), call, origin };
    let rung = account_call::ask(&env, Account::Address(&email), &ring).await;
    // The same answer whoever is there, and as late.
    padding.end().await;
    if let Err(refusal) = rung
        && refusal.problem.status >= 500
    {
        return Err(refusal);
    }
    Ok(json(StatusCode::CREATED, &CreatedRoom { room, host_secret: None }))
}

/// Who is signed in, once origin and rate are checked.
pub(super) async fn member(env: &Env, limit: &str, request: &Request<Body>) -> Result<Claims, Refusal> {
    admit(env, limit, request).await?;
    access::required(env, request.headers())
}

/// Asks the account of who is signed in.
pub(super) async fn ask(env: &Env, claims: &Claims, question: Question) -> Result<Answer, Refusal> {
    account_call::ask(env, Account::Id(&claims.sub), &question).await
}

/// The answer that is who somebody is.
pub(super) fn user(answer: Answer) -> Result<Response, Refusal> {
    let user: Option<User> = if let Answer::User(user) = answer { Some(user) } else { None };
    user.map(|user| json(StatusCode::OK, &user)).ok_or_else(unexpected)
}
