//! `/api/auth/*`: signing up, in and out. What a provider has to do with it is in [`super::oauth`].
//!
//! No answer here may tell whether an address has an account, neither by what it says nor by how
//! long it takes.

use account::{Answer, Question};
use axum::{
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use protocol::{
    account::{Login, MailSent, MailWanted, Register, ResetPassword, SignedIn, User, Verify},
    error::ErrorCode,
    id::{AccountId, SessionId},
    limits::{ACCESS_SECONDS, REST_BODY_BYTES},
    text::Token,
};
use worker::Env;

use super::{admit, nothing, place};
use crate::{
    account_call::{self, Account},
    body, clock, device,
    padding::Padding,
    problem::{Refusal, json},
    refresh_cookie::{self, RefreshCookie},
    settings,
};

/// `POST /api/auth/register`
pub(super) async fn register(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let padding = Padding::begin();
    admit(&env, "MAIL_LIMIT", &request).await?;
    let (origin, near) = (settings::origin(&env, request.uri())?, place(&env, &request));
    let Register { name, email, password } = body::read(request, REST_BODY_BYTES).await?;
    let question = Question::Register { name, email: email.clone(), password: password.into(), origin };
    let answer = account_call::ask(&env, Account::Own(&email, near), &question).await;
    padding.end().await;
    answer.map(|_| json(StatusCode::CREATED, &MailSent { email }))
}

/// `POST /api/auth/verify`
pub(super) async fn verify(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let Verify { token } = body::read(request, REST_BODY_BYTES).await?;
    let (account, secret) = mailed(&token)?;
    proven(account_call::ask(&env, Account::Id(&account), &Question::Verify { secret }).await)
}

/// `POST /api/auth/resend`
pub(super) async fn resend(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    mail_wanted(env, request, |email, origin| Question::Resend { email, origin }).await
}

/// `POST /api/auth/forgot`
pub(super) async fn forgot(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    mail_wanted(env, request, |email, origin| Question::Forgot { email, origin }).await
}

/// `POST /api/auth/reset`
pub(super) async fn reset(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let origin = settings::origin(&env, request.uri())?;
    let ResetPassword { token, password } = body::read(request, REST_BODY_BYTES).await?;
    let (account, secret) = mailed(&token)?;
    let question = Question::Reset { secret, password: password.into(), origin };
    proven(account_call::ask(&env, Account::Id(&account), &question).await)
}

/// `POST /api/auth/login`
pub(super) async fn login(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    let padding = Padding::begin();
    admit(&env, "AUTH_LIMIT", &request).await?;
    let (device, near) = (device::words(request.headers()), place(&env, &request));
    let Login { email, password } = body::read(request, REST_BODY_BYTES).await?;
    let question = Question::Login { password: password.into(), device };
    match account_call::ask(&env, Account::Own(&email, near), &question).await {
        Ok(answer) => signed_in(&env, answer),
        Err(refusal) => {
            padding.end().await;
            Err(refusal)
        }
    }
}

/// `POST /api/auth/refresh`
pub(super) async fn refresh(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    let unauthorized = || Refusal::new(ErrorCode::Unauthorized, "Sign in first, or again");
    let RefreshCookie { account, session, secret } = RefreshCookie::of(request.headers()).ok_or_else(unauthorized)?;
    let question = Question::Refresh { session, secret };
    match account_call::ask(&env, Account::Id(&account), &question).await {
        Ok(answer) => signed_in(&env, answer),
        Err(refusal) if refusal.problem.code == ErrorCode::NotFound => Err(unauthorized()),
        Err(refusal) => Err(refusal),
    }
}

/// `POST /api/auth/logout`
pub(super) async fn logout(env: Env, request: Request<Body>) -> Result<Response, Refusal> {
    admit(&env, "AUTH_LIMIT", &request).await?;
    if let Some(RefreshCookie { account, session, secret }) = RefreshCookie::of(request.headers()) {
        let asked = account_call::ask(&env, Account::Id(&account), &Question::Logout { session, secret }).await;
        // Whatever cannot be signed out is signed out; only a fault of ours is told.
        asked.map(|_| ()).or_else(|refusal| if refusal.problem.status < 500 { Ok(()) } else { Err(refusal) })?;
    }
    let mut response = nothing();
    refresh_cookie::clear(&mut response);
    Ok(response)
}

/// The answer to somebody who is signed in now, with the next refresh token.
pub(super) fn signed_in(env: &Env, answer: Answer) -> Result<Response, Refusal> {
    let Answer::SignedIn { user, session, refresh_secret } = answer else { return Err(unexpected()) };
    let cookie = RefreshCookie { account: user.id.clone(), session, secret: refresh_secret };
    let body = SignedIn { access_token: access_token(env, &user, session)?, expires_in: ACCESS_SECONDS, user };
    let mut response = json(StatusCode::OK, &body);
    cookie.set(&mut response);
    Ok(response)
}

/// An account answered another question than was asked.
pub(super) fn unexpected() -> Refusal {
    Refusal::internal(&"an account answered something else")
}

fn access_token(env: &Env, user: &User, session: SessionId) -> Result<String, Refusal> {
    let signed = settings::access_key(env)?.sign(clock::now_seconds(), user, session);
    signed.map_err(|error| Refusal::internal(&error))
}

/// Asks for a mail to an address, and says that one may have been sent.
async fn mail_wanted(
    env: Env,
    request: Request<Body>,
    question: fn(protocol::text::EmailAddress, String) -> Question,
) -> Result<Response, Refusal> {
    let padding = Padding::begin();
    admit(&env, "MAIL_LIMIT", &request).await?;
    let (origin, near) = (settings::origin(&env, request.uri())?, place(&env, &request));
    let MailWanted { email } = body::read(request, REST_BODY_BYTES).await?;
    let question = question(email.clone(), origin);
    let answer = account_call::ask(&env, Account::Own(&email, near), &question).await;
    padding.end().await;
    answer.map(|_| json(StatusCode::OK, &MailSent { email }))
}

/// The parts of a token that was mailed: `{AccountId}.{secret}`.
fn mailed(token: &Token) -> Result<(AccountId, String), Refusal> {
    let parts = token.as_str().split_once('.').filter(|(_, secret)| refresh_cookie::is_secret(secret));
    let parsed = parts.and_then(|(account, secret)| Some((account.parse().ok()?, secret.to_owned())));
    parsed.ok_or_else(dead_link)
}

/// The answer to a mailed token.
fn proven(answer: Result<Answer, Refusal>) -> Result<Response, Refusal> {
    match answer {
        Ok(Answer::Address(email)) => Ok(json(StatusCode::OK, &MailSent { email })),
        Ok(_) => Err(unexpected()),
        Err(refusal) if refusal.problem.code == ErrorCode::NotFound => Err(dead_link()),
        Err(refusal) => Err(refusal),
    }
}

fn dead_link() -> Refusal {
    Refusal::new(ErrorCode::InvalidToken, "The link was used before, was replaced, or has expired")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailed_token_names_its_account() {
        let (account, secret) = ("a".repeat(64), "s".repeat(43));
        let token: Token = format!("{account}.{secret}").parse().unwrap();
        assert_eq!(mailed(&token).unwrap(), (account.parse().unwrap(), secret.clone()));
        for bad in
            ["a", ".", &account, &format!("{account}."), &format!("b.{secret}"), &format!("{account}.{secret}.x")]
        {
            let refusal = mailed(&bad.parse().unwrap()).unwrap_err();
            assert_eq!(refusal.problem.code, ErrorCode::InvalidToken, "{bad}");
        }
    }
}
