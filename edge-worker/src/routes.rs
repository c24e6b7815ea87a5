//! `/api/*`: which path goes where, and what holds for all of them.

mod auth;
mod dev;
mod health;
mod oauth;
mod probe;
mod regions;
mod rooms;
mod streams;
mod users;

use std::pin::Pin;

use axum::{
    Router,
    body::Body,
    handler::Handler,
    http::{HeaderMap, Request, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post, put},
};
use futures_util::FutureExt as _;
use protocol::error::ErrorCode;
use room::Coordinates;
use worker::{Env, send::SendFuture};

use crate::{
    headers,
    location::{self, Hints},
    network, origin,
    problem::Refusal,
    rate_limit, settings,
};

/// Seconds of a rate limit's window, as wrangler.toml sets it.
const RATE_WINDOW_SECONDS: u32 = 60;

/// What answers one method of one path. All are of this one type, so that the code that the router
/// makes for a type is in the Worker once instead of once for each.
#[derive(Clone, Copy)]
struct Call(fn(Env, Request<Body>) -> Reply);

type Reply = Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send>>;

impl Handler<(), Env> for Call {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request<Body>, env: Env) -> Self::Future {
        Box::pin((self.0)(env, request).map(IntoResponse::into_response))
    }
}

/// An `async fn(Env, Request<Body>) -> Result<Response, Refusal>` as a [`Call`].
macro_rules! call {
    ($answer:path) => {
        Call(|env, request| Box::pin(SendFuture::new($answer(env, request))))
    };
}

/// The whole API.
pub fn router(env: Env) -> Router {
    Router::new()
        .route("/api/health", get(call!(health::health)))
        .route("/api/rooms", get(call!(rooms::list)))
        .route("/api/rooms/create", post(call!(rooms::create)))
        .route("/api/rooms/join", post(call!(rooms::join)))
        .route("/api/rooms/{id}", get(call!(rooms::details)).patch(call!(rooms::change)).delete(call!(rooms::delete)))
        .route("/api/rooms/{id}/calendar.ics", get(call!(rooms::calendar)))
        .route("/api/rooms/{id}/ice", post(call!(rooms::ice)))
        .route("/api/rooms/{id}/probe", post(call!(probe::probe)))
        .route("/api/rooms/{id}/signal", get(call!(rooms::signal)))
        .route("/api/rooms/{id}/streams", get(call!(streams::list)).post(call!(streams::make)))
        .route("/api/rooms/{id}/streams/{stream}", delete(call!(streams::revoke)))
        .route("/api/rooms/{id}/whip", post(call!(streams::open)).options(call!(streams::options)))
        .route("/api/rooms/{id}/whip/{session}", session_of_stream())
        .route("/api/rooms/{id}/whep", post(call!(streams::open)).options(call!(streams::options)))
        .route("/api/rooms/{id}/whep/{session}", session_of_stream())
        .route("/api/auth/register", post(call!(auth::register)))
        .route("/api/auth/verify", post(call!(auth::verify)))
        .route("/api/auth/resend", post(call!(auth::resend)))
        .route("/api/auth/login", post(call!(auth::login)))
        .route("/api/auth/refresh", post(call!(auth::refresh)))
        .route("/api/auth/logout", post(call!(auth::logout)))
        .route("/api/auth/forgot", post(call!(auth::forgot)))
        .route("/api/auth/reset", post(call!(auth::reset)))
        .route("/api/auth/oauth", get(call!(oauth::providers)))
        .route("/api/auth/oauth/{provider}", get(call!(oauth::begin)))
        .route("/api/auth/oauth/{provider}/callback", get(call!(oauth::callback)))
        .route("/api/auth/oauth/link", post(call!(oauth::link)))
        .route(
            "/api/users/profile",
            get(call!(users::profile)).put(call!(users::change_profile)).delete(call!(users::delete)),
        )
        .route("/api/users/password", put(call!(users::change_password)))
        .route("/api/users/sessions", get(call!(users::sessions)).delete(call!(users::revoke_others)))
        .route("/api/users/sessions/{id}", delete(call!(users::revoke)))
        .route("/api/users/socket", get(call!(users::socket)))
        .route("/api/users/call", post(call!(users::call)))
        .route("/api/regions/report", post(call!(regions::report)))
        .route("/api/regions/events", post(call!(regions::events)))
        .route("/dev/outbox", get(call!(dev::outbox)))
        .fallback(call!(unknown_path))
        .method_not_allowed_fallback(call!(unknown_method))
        .layer(map_response(async |response| headers::secured(response)))
        .with_state(env)
}

fn session_of_stream() -> MethodRouter<Env> {
    delete(call!(streams::end)).patch(call!(streams::trickle)).options(call!(streams::options))
}

async fn unknown_path(_env: Env, _request: Request<Body>) -> Result<Response, Refusal> {
    Err(Refusal::new(ErrorCode::NotFound, "There is no such path"))
}

async fn unknown_method(_env: Env, _request: Request<Body>) -> Result<Response, Refusal> {
    Err(Refusal::new(ErrorCode::MethodNotAllowed, "This path does not have that method"))
}

/// A part of the path, as it was sent: the `id` of `/api/rooms/{id}` is part 2.
fn segment(request: &Request<Body>, place: usize) -> String {
    request.uri().path().split('/').skip(1).nth(place).unwrap_or_default().to_owned()
}

/// Where a request seems to come from.
fn place(env: &Env, request: &Request<Body>) -> Option<Coordinates> {
    pretended_place(env, request.headers()).or_else(|| request.extensions().get::<Hints>()?.coordinates())
}

/// Where a developer says that a request comes from.
fn pretended_place(env: &Env, headers: &HeaderMap) -> Option<Coordinates> {
    settings::development(env).then(|| location::from_development_header(headers)).flatten()
}

/// Counts a request against a limit of its network.
///
/// # Errors
/// `rate_limited`, with the seconds to wait.
async fn limit(env: &Env, binding: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let address = address(headers).unwrap_or_default();
    match env.rate_limiter(binding) {
        Ok(limiter) => {
            if rate_limit::allows(&limiter, &network::of_address(address)).await? {
                return Ok(());
            }
            let mut refusal = Refusal::new(ErrorCode::RateLimited, "Too many requests from this address");
            refusal.retry_after_seconds = Some(RATE_WINDOW_SECONDS);
            Err(refusal)
        }
        Err(error) => {
            // A deployment without the binding still serves.
            worker::console_error!("rate limit {binding}: {error}");
            Ok(())
        }
    }
}

/// What every request has to pass: it is not another page's, and not one of too many.
///
/// # Errors
/// `origin_not_allowed`; `rate_limited`.
async fn admit(env: &Env, binding: &str, request: &Request<Body>) -> Result<(), Refusal> {
    origin::check(request.headers(), request.uri())?;
    limit(env, binding, request.headers()).await
}

/// Done, and nothing to say.
fn nothing() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Where a request comes from: Cloudflare sets this header itself and drops what a client sends under its name.
fn address(headers: &HeaderMap) -> Option<&str> {
    headers.get("cf-connecting-ip")?.to_str().ok()
}

fn text<'request>(headers: &'request HeaderMap, name: &header::HeaderName) -> Option<&'request str> {
    headers.get(name)?.to_str().ok()
}
