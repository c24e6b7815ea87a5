//! `/api/auth/oauth/*`: to a provider, and back with somebody who is signed in.
//!
//! These are pages that a browser goes to: whatever fails leads to the sign-in page, which says so.

use account::{Answer, Question};
use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, Uri, header},
    response::Response,
};
use protocol::{
    account::{LinkProvider, Provider, Providers},
    error::ErrorCode,
    limits::REST_BODY_BYTES,
};
use serde::{Deserialize, Serialize};
use worker::{Env, js_sys::decode_uri_component};

use super::{
    admit,
    auth::unexpected,
    place, segment,
    users::{ask, member, user},
};
use crate::{
    account_call::{self, Account},
    body, clock, device,
    oauth::{self, Client, Failure, Flow, Person},
    problem::{Refusal, json},
    refresh_cookie::{self, RefreshCookie},
    settings,
};

/// The cookie that binds a sign-in to its browser.
const COOKIE: &str = "meridian_oauth";
/// `aud` of what it holds.
const FLOW_AUDIENCE: &str = "oauth";
/// `aud` of a token that connects a provider.
const LINK_AUDIENCE: &str = "link";
/// How long both are good for.
const SECONDS: u64 = 10 * 60;
/// Bytes of an authorization code.
const CODE_BYTES: usize = 2_048;

/// What a link token says: its holder proved at a provider that an address is theirs.
#[derive(Debug, Serialize, Deserialize)]
struct Link {
    provider: Provider,
    subject: String,
    /// The keyed hash of the address.
    address: String,
}

/// `GET /api/auth/oauth`
pub(super) async fn providers(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let mut providers = vec![Provider::Google, Provider::Github];
    providers.retain(|provider| oauth::client(&env, *provider).is_some());
    Ok(json(StatusCode::OK, &Providers { providers }))
}

/// `GET /api/auth/oauth/{provider}`
pub(super) async fn begin(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let client = client(&env, &request)?;
    let redirect_uri = redirect_uri(&env, request.uri(), client.provider)?;
    let flow = Flow::begin(client.provider, parameter(request.uri(), "return_to"));
    let flow = flow.map_err(|error| Refusal::internal(&error))?;
    match oauth::authorization_address(&env, &client, &flow, &redirect_uri).await {
        Ok(address) => {
            let mut response = redirect(&address);
            keep(&mut response, &seal(&env, FLOW_AUDIENCE, &flow)?, SECONDS);
            Ok(response)
        }
        Err(failure) => Ok(failed(failure)),
    }
}

/// `GET /api/auth/oauth/{provider}/callback`
pub(super) async fn callback(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let client = client(&env, &request)?;
    let mut response = match finish(&env, &client, &request).await {
        Ok(response) => response,
        Err(failure) => failed(failure),
    };
    // A state counts once.
    keep(&mut response, "", 0);
    Ok(response)
}

/// `POST /api/auth/oauth/link`
pub(super) async fn link(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let claims = member(&env, "AUTH_LIMIT", &request).await?;
    let origin = settings::origin(&env, request.uri())?;
    let LinkProvider { token } = body::read(request, REST_BODY_BYTES).await?;
    let link: Option<Link> = settings::access_key(&env)?.open(clock::now_seconds(), LINK_AUDIENCE, token.as_str());
    let own = settings::address_key(&env)?.object_name(&claims.email);
    let Some(Link { provider, subject, .. }) = link.filter(|link| link.address == own) else {
        return Err(Refusal::new(ErrorCode::InvalidToken, "The sign-in was somebody else's, or is too long ago"));
    };
    user(ask(&env, &claims, Question::Link { session: claims.sid, provider, subject, origin }).await?)
}

async fn finish(env: &Env, client: &Client, request: &Request<Body>) -> Result<Response, Failure> {
    let uri = request.uri();
    let flow = flow(env, client.provider, request).ok_or(Failure::State)?;
    match parameter(uri, "error").as_deref() {
        None => {}
        Some("access_denied") => return Err(Failure::Cancelled),
        Some(_) => return Err(Failure::Unavailable),
    }
    let code = parameter(uri, "code").filter(|code| code.len() <= CODE_BYTES).ok_or(Failure::Unavailable)?;
    let redirect_uri = redirect_uri(env, uri, client.provider).map_err(|_| Failure::Unavailable)?;
    let person = oauth::person(env, client, &flow, &redirect_uri, &code).await?;
    enter(env, request, flow, person).await.map_err(|_| Failure::Unavailable)
}

/// The sign-in that this browser began, if it is the one that comes back.
fn flow(env: &Env, provider: Provider, request: &Request<Body>) -> Option<Flow> {
    let cookie = refresh_cookie::value(request.headers(), COOKIE)?;
    let flow: Flow = settings::access_key(env).ok()?.open(clock::now_seconds(), FLOW_AUDIENCE, cookie)?;
    let same = flow.provider == provider && parameter(request.uri(), "state").as_deref() == Some(flow.state.as_str());
    same.then_some(flow)
}

/// Signs somebody in whom a provider vouches for, or has them prove that the account is theirs.
async fn enter(env: &Env, request: &Request<Body>, flow: Flow, person: Person) -> Result<Response, Refusal> {
    let (provider, Person { subject, email, name }) = (flow.provider, person);
    let device = device::words(request.headers());
    let question = Question::Provided { provider, subject: subject.clone(), name, email: email.clone(), device };
    match account_call::ask(env, Account::Own(&email, place(env, request)), &question).await? {
        Answer::SignedIn { user, session, refresh_secret } => {
            let mut response = redirect(flow.return_to.as_deref().unwrap_or("/signin#done"));
            RefreshCookie { account: user.id, session, secret: refresh_secret }.set(&mut response);
            Ok(response)
        }
        Answer::ProofNeeded => {
            let address = settings::address_key(env)?.object_name(&email);
            let token = seal(env, LINK_AUDIENCE, &Link { provider, subject, address })?;
            Ok(redirect(&format!("/signin#link={token}")))
        }
        _ => Err(unexpected()),
    }
}

fn seal(env: &Env, audience: &str, says: &impl Serialize) -> Result<String, Refusal> {
    let sealed = settings::access_key(env)?.seal(clock::now_seconds(), audience, SECONDS, says);
    sealed.map_err(|error| Refusal::internal(&error))
}

/// The provider that a path names, where it is offered here.
fn client(env: &Env, request: &Request<Body>) -> Result<Client, Refusal> {
    let word = segment(request, 3);
    let provider = [Provider::Google, Provider::Github].into_iter().find(|provider| oauth::word(*provider) == word);
    provider
        .and_then(|provider| oauth::client(env, provider))
        .ok_or_else(|| Refusal::new(ErrorCode::NotFound, "This deployment does not offer that provider"))
}

fn redirect_uri(env: &Env, uri: &Uri, provider: Provider) -> Result<String, Refusal> {
    Ok(format!("{}/api/auth/oauth/{}/callback", settings::origin(env, uri)?, oauth::word(provider)))
}

fn failed(failure: Failure) -> Response {
    redirect(&format!("/signin#error={}", failure.code()))
}

/// To another page (RFC 9110 §15.4.4).
fn redirect(address: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // Only what was parsed, encoded or checked gets here; where it still is no header, home is.
    let address = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, address);
    response
}

/// Has the browser keep the cookie of a sign-in. It comes back from another site: not `Strict`.
fn keep(response: &mut Response, value: &str, seconds: u64) {
    refresh_cookie::add(response, COOKIE, value, "/api/auth/oauth", "Lax", seconds);
}

/// A parameter of a query, decoded; nothing where it is malformed.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(key, _)| *key == name)?;
    decode_uri_component(&value.replace('+', " ")).ok().map(String::from)
}
