//! `/api/*`: which path goes where, and what holds for all of them.

mod auth;
mod dev;
mod health;
mod regions;
mod rooms;
mod users;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    middleware::map_response,
    response::Response,
    routing::{delete, get, post, put},
};
use protocol::error::ErrorCode;
use room::Coordinates;
use worker::Env;

use crate::{
    headers,
    location::{self, Hints},
    origin,
    problem::Refusal,
    settings,
};

/// Seconds of a rate limit's window, as wrangler.toml sets it.
const RATE_WINDOW_SECONDS: u32 = 60;

/// The whole API.
pub fn router(env: Env) -> Router {
    Router::new()
        .route("/api/health", get(health::health))
        .route("/api/rooms", get(rooms::list))
        .route("/api/rooms/create", post(rooms::create))
        .route("/api/rooms/join", post(rooms::join))
        .route("/api/rooms/{id}", get(rooms::details).patch(rooms::change).delete(rooms::delete))
        .route("/api/rooms/{id}/calendar.ics", get(rooms::calendar))
        .route("/api/rooms/{id}/signal", get(rooms::signal))
        .route("/api/auth/register", post(auth::register))
        .route("/api/auth/verify", post(auth::verify))
        .route("/api/auth/resend", post(auth::resend))
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/refresh", post(auth::refresh))
        .route("/api/auth/logout", post(auth::logout))
        .route("/api/auth/forgot", post(auth::forgot))
        .route("/api/auth/reset", post(auth::reset))
        .route("/api/users/profile", get(users::profile).put(users::change_profile).delete(users::delete))
        .route("/api/users/password", put(users::change_password))
        .route("/api/users/sessions", get(users::sessions).delete(users::revoke_others))
        .route("/api/users/sessions/{id}", delete(users::revoke))
        .route("/api/users/socket", get(users::socket))
        .route("/api/users/call", post(users::call))
        .route("/api/regions/report", post(regions::report))
        .route("/api/regions/events", post(regions::events))
        .route("/dev/outbox", get(dev::outbox))
        .fallback(async || Refusal::new(ErrorCode::NotFound, "There is no such path"))
        .method_not_allowed_fallback(async || {
            Refusal::new(ErrorCode::MethodNotAllowed, "This path does not have that method")
        })
        .layer(map_response(async |response| headers::secured(response)))
        .with_state(env)
}

/// Where a request seems to come from.
fn place(env: &Env, request: &Request<Body>) -> Option<Coordinates> {
    pretended_place(env, request.headers()).or_else(|| request.extensions().get::<Hints>()?.coordinates())
}

/// Where a developer says that a request comes from.
fn pretended_place(env: &Env, headers: &HeaderMap) -> Option<Coordinates> {
    settings::development(env).then(|| location::from_development_header(headers)).flatten()
}

/// Counts a request against a limit of its address.
///
/// # Errors
/// `rate_limited`, with the seconds to wait.
async fn limit(env: &Env, binding: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    // Cloudflare sets this header itself and drops what a client sends under its name.
    let address = headers.get("cf-connecting-ip").and_then(|value| value.to_str().ok()).unwrap_or("unknown");
    match env.rate_limiter(binding) {
        Ok(limiter) => {
            if limiter.limit(address.to_owned()).await?.success {
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

fn text<'request>(headers: &'request HeaderMap, name: &header::HeaderName) -> Option<&'request str> {
    headers.get(name)?.to_str().ok()
}
