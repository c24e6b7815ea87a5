//! Google, or whatever OpenID provider stands in its place (OpenID Connect Core 1.0).

use std::cell::RefCell;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::Millis;
use serde_json::Value;
use worker::Env;

use super::{Client, Failure, Flow, Person, ask, text};
use crate::{clock, settings};

/// How long a discovery document is believed.
const DISCOVERY_MS: Millis = 60 * 60 * 1_000;
/// How far the clocks of provider and edge may differ.
const LEEWAY_SECONDS: u64 = 60;

/// What is needed of a discovery document (OpenID Connect Discovery 1.0 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Discovered {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
}

thread_local! {
    static CACHED: RefCell<Option<(Millis, Discovered)>> = const { RefCell::new(None) };
}

/// Where the provider's endpoints are.
pub(super) async fn discover(env: &Env) -> Result<Discovered, Failure> {
    let issuer = settings::variable(env, "GOOGLE_ISSUER").unwrap_or_else(|| "https://accounts.google.com".into());
    let now = clock::now();
    let cached = CACHED.with_borrow(Clone::clone);
    if let Some((_, cached)) = cached.filter(|(until, cached)| now < *until && cached.issuer == issuer) {
        return Ok(cached);
    }
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let found = discovered(&ask(env, &url, None, None).await?, issuer).ok_or(Failure::Unavailable)?;
    CACHED.set(Some((now.saturating_add(DISCOVERY_MS), found.clone())));
    Ok(found)
}

/// What a discovery document says, if it is that issuer's.
fn discovered(document: &Value, issuer: String) -> Option<Discovered> {
    let endpoint = |name| text(document, name).map(str::to_owned);
    let (authorization_endpoint, token_endpoint) = (endpoint("authorization_endpoint")?, endpoint("token_endpoint")?);
    (text(document, "issuer")? == issuer).then_some(Discovered { issuer, authorization_endpoint, token_endpoint })
}

/// Who redeemed the code in `body`.
pub(super) async fn person(env: &Env, client: &Client, flow: &Flow, body: String) -> Result<Person, Failure> {
    let discovered = discover(env).await?;
    let answer = ask(env, &discovered.token_endpoint, Some(body), None).await?;
    let token = text(&answer, "id_token").ok_or(Failure::Unavailable)?;
    // Its signature is not looked at: it came from the token endpoint itself, over TLS (OpenID
    // Connect Core §3.1.3.7, item 6).
    let claims = claims(token).ok_or(Failure::Unavailable)?;
    check(&claims, &discovered.issuer, &client.id, &flow.nonce, clock::now_seconds())
}

fn claims(token: &str) -> Option<Value> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_str(&String::from_utf8(claims).ok()?).ok()
}

/// Whom an id token is about, if it is for us and for this sign-in (§3.1.3.7).
fn check(claims: &Value, issuer: &str, client_id: &str, nonce: &str, now: u64) -> Result<Person, Failure> {
    let audience = match claims.get("aud") {
        Some(Value::Array(several)) => {
            let ours = several.iter().any(|one| one.as_str() == Some(client_id));
            // With several, the token says which of them it was made for.
            ours && (several.len() == 1 || text(claims, "azp") == Some(client_id))
        }
        Some(one) => one.as_str() == Some(client_id),
        None => false,
    };
    let second = |name| claims.get(name).and_then(Value::as_u64);
    let running = second("exp").is_some_and(|exp| now < exp.saturating_add(LEEWAY_SECONDS))
        && second("iat").is_some_and(|iat| iat <= now.saturating_add(LEEWAY_SECONDS));
    if !audience || !running || text(claims, "iss") != Some(issuer) || text(claims, "nonce") != Some(nonce) {
        return Err(Failure::Unavailable);
    }
    let email = text(claims, "email").ok_or(Failure::Unverified)?;
    if claims.get("email_verified") != Some(&Value::Bool(true)) {
        return Err(Failure::Unverified);
    }
    let subject = text(claims, "sub").ok_or(Failure::Unavailable)?;
    Person::new(subject.to_owned(), email, text(claims, "name"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    const ISSUER: &str = "https://accounts.google.com";

    fn good() -> Value {
        json!({
            "iss": ISSUER, "aud": "meridian", "sub": "42", "nonce": "n", "iat": NOW, "exp": NOW + 60,
            "email": "Ada@example.org", "email_verified": true, "name": "Ada",
        })
    }

    fn checked(field: &str, value: Value) -> Result<Person, Failure> {
        let mut claims = good();
        claims[field] = value;
        check(&claims, ISSUER, "meridian", "n", NOW)
    }

    #[test]
    fn an_id_token_for_us_says_who_somebody_is() {
        let person = check(&good(), ISSUER, "meridian", "n", NOW).unwrap();
        assert_eq!(
            (person.subject.as_str(), person.email.as_str(), person.name.as_str()),
            ("42", "ada@example.org", "Ada")
        );
        assert!(checked("aud", json!(["meridian"])).is_ok());
        let mut several = good();
        several["aud"] = json!(["other", "meridian"]);
        assert_eq!(check(&several, ISSUER, "meridian", "n", NOW), Err(Failure::Unavailable));
        several["azp"] = json!("meridian");
        assert!(check(&several, ISSUER, "meridian", "n", NOW).is_ok());
    }

    #[test]
    fn a_token_for_somebody_else_or_another_time_signs_nobody_in() {
        for (field, value) in [
            ("iss", json!("https://evil.example")),
            ("iss", Value::Null),
            ("aud", json!("other")),
            ("aud", json!(["other"])),
            ("aud", json!([])),
            ("aud", Value::Null),
            ("nonce", json!("another")),
            ("nonce", Value::Null),
            ("exp", json!(NOW - LEEWAY_SECONDS)),
            ("exp", Value::Null),
            ("iat", json!(NOW + LEEWAY_SECONDS + 1)),
            ("sub", Value::Null),
            ("sub", json!("")),
            ("email", json!("no address")),
        ] {
            assert_eq!(checked(field, value.clone()), Err(Failure::Unavailable), "{field}: {value}");
        }
    }

    #[test]
    fn only_a_proven_address_counts() {
        for (field, value) in [
            ("email_verified", json!(false)),
            ("email_verified", json!("true")),
            ("email_verified", Value::Null),
            ("email", Value::Null),
        ] {
            assert_eq!(checked(field, value.clone()), Err(Failure::Unverified), "{field}: {value}");
        }
    }

    #[test]
    fn a_discovery_document_is_believed_for_its_own_issuer() {
        let document =
            json!({"issuer": ISSUER, "authorization_endpoint": "https://a/", "token_endpoint": "https://t/"});
        assert_eq!(discovered(&document, ISSUER.into()).unwrap().token_endpoint, "https://t/");
        assert_eq!(discovered(&document, "https://evil.example".into()), None);
        assert_eq!(discovered(&json!({"issuer": ISSUER}), ISSUER.into()), None);
        assert_eq!(discovered(&json!([]), ISSUER.into()), None);
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        let good = format!("x.{}.y", URL_SAFE_NO_PAD.encode("{\"sub\":\"42\"}"));
        assert_eq!(claims(&good).unwrap()["sub"], "42");
        for bad in ["", "x", "x.*.y", "x.AAAA.y"] {
            assert_eq!(claims(bad), None, "{bad}");
        }
    }
}
