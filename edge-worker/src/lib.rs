//! The edge of Meridian: a Cloudflare Worker and its Durable Objects.
//!
//! It carries out what the cores decide and decides nothing about a meeting itself. What stands
//! between the network and a core is here: routes, tokens, origins, sizes, rates, storage, calls to
//! media regions. It must never trust a byte from outside before it has been bounded and parsed,
//! never hold a borrow across an await, and never panic: a panic resets every room in the isolate.
//!
//! | module | subject |
//! |---|---|
//! | [`routes`] | the REST API |
//! | [`room_object`] | the `Room` object: one meeting, its sockets, its rows |
//! | [`account_object`] | the `Account` object: one address, its rows, the sockets of its home pages |
//! | [`fleet`] | the `Fleet` object: which media region instances are alive |
//! | [`access`], [`refresh_cookie`] | who is signed in, and stays it |
//! | [`seat`], [`ticket`] | tokens for browsers; tokens for and from regions |
//! | [`planning`] | whether what somebody wants of a meeting makes sense |
//! | [`mail`] | letters on their way out; [`outbox`]: where they stay in development |
//! | [`network`] | who is counted as one by rate limits |
//! | [`region_call`] | HTTPS calls to a region |

pub mod access;
pub mod account_call;
pub mod account_object;
pub mod account_rows;
pub mod beside;
pub mod body;
pub mod clock;
pub mod crypto;
pub mod device;
pub mod fleet;
pub mod headers;
pub mod host_secret;
pub mod local_time;
pub mod location;
pub mod mail;
#[cfg(test)]
mod memory_database;
pub mod network;
pub mod oauth;
pub mod origin;
pub mod outbox;
pub mod outgoing;
pub mod padding;
pub mod planning;
pub mod problem;
pub mod rate_limit;
pub mod refresh_cookie;
pub mod region_call;
pub mod request;
pub mod room_call;
pub mod room_object;
pub mod room_rows;
pub mod routes;
pub mod seat;
pub mod settings;
pub mod socket;
pub mod ticket;
pub mod turn;

pub use protocol::json;
use tower_service::Service as _;
use worker::{Context, Env, event};

/// Build of the edge, as `GET /api/health` shows it.
pub const BUILD: &str = match option_env!("MERIDIAN_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};

#[event(fetch)]
async fn fetch(
    incoming: worker::web_sys::Request,
    env: Env,
    _context: Context,
) -> worker::Result<axum::http::Response<axum::body::Body>> {
    let mut router = routes::router(env);
    match request::from_browser(&incoming).await {
        // A router's own error type has no values: every failure is already an answer.
        Ok(request) => router.call(request).await.map_err(|never| match never {}),
        Err(problem) => Ok(headers::secured(axum::response::IntoResponse::into_response(problem))),
    }
}
