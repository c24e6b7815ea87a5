//! Access tokens: who is signed in, and on which device.
//!
//! A JWT (RFC 7519) signed with HMAC-SHA-256 by the edge for the edge, good for minutes and stored
//! nowhere. The other short-lived tokens of sign-in are signed with the same key for other audiences
//! ([`AccessKey::seal`]). None may travel in a URL's query.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, errors::Error};
use protocol::{
    account::{ACCESS_SUBPROTOCOL_PREFIX, User},
    error::ErrorCode,
    id::{AccountId, SessionId},
    limits::ACCESS_SECONDS,
    region::EDGE_ISSUER,
    signal::SUBPROTOCOL,
    text::{DisplayName, EmailAddress},
};
use room::Identity;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use worker::Env;

use crate::{clock, crypto, json, problem::Refusal, settings};

/// `aud` of an access token.
pub const AUDIENCE: &str = "api";
/// How far ahead the clock of whoever signed may be.
const LEEWAY_SECONDS: u64 = 60;

/// Claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// [`EDGE_ISSUER`].
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// Who is signed in.
    pub sub: AccountId,
    /// On which device.
    pub sid: SessionId,
    /// Their proven address.
    pub email: EmailAddress,
    /// Their name when the token was signed.
    pub name: DisplayName,
    /// When it was signed, in seconds since the epoch.
    pub iat: u64,
    /// When it ends, in seconds since the epoch.
    pub exp: u64,
}

impl Claims {
    /// The person, as rooms know them.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { account: self.sub.clone(), email: self.email.clone(), name: self.name.clone() }
    }
}

/// The key that access tokens are signed with.
pub struct AccessKey {
    signing: EncodingKey,
    verifying: DecodingKey,
}

/// A token of another audience than [`AUDIENCE`].
#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    says: T,
}

impl AccessKey {
    /// From 32 or more bytes in base64. `None` for anything else.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        crypto::install();
        let bytes = STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() >= 32)?;
        Some(Self { signing: EncodingKey::from_secret(&bytes), verifying: DecodingKey::from_secret(&bytes) })
    }

    /// An access token that is good for [`ACCESS_SECONDS`].
    ///
    /// # Errors
    /// Only for faults of the library.
    pub fn sign(&self, now_seconds: u64, user: &User, session: SessionId) -> Result<String, Error> {
        self.encode(&Claims {
            iss: EDGE_ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.id.clone(),
            sid: session,
            email: user.email.clone(),
            name: user.name.clone(),
            iat: now_seconds,
            exp: now_seconds.saturating_add(ACCESS_SECONDS),
        })
    }

    /// The claims of an access token that counts now.
    #[must_use]
    pub fn verify(&self, now_seconds: u64, token: &str) -> Option<Claims> {
        json::read(&self.decode(now_seconds, AUDIENCE, token)?).ok()
    }

    /// A token of another audience that is good for so many seconds.
    ///
    /// # Errors
    /// Only for faults of the library.
    pub fn seal(&self, now_seconds: u64, audience: &str, seconds: u64, says: &impl Serialize) -> Result<String, Error> {
        self.encode(&Sealed {
            iss: EDGE_ISSUER.to_owned(),
            aud: audience.to_owned(),
            iat: now_seconds,
            exp: now_seconds.saturating_add(seconds),
            says,
        })
    }

    /// What a token of that audience says, if it counts now.
    #[must_use]
    pub fn open<T: DeserializeOwned>(&self, now_seconds: u64, audience: &str, token: &str) -> Option<T> {
        json::read::<Sealed<T>>(&self.decode(now_seconds, audience, token)?).ok().map(|sealed| sealed.says)
    }

    fn encode(&self, claims: &impl Serialize) -> Result<String, Error> {
        encode(&Header::new(Algorithm::HS256), &serde_json::to_value(claims)?, &self.signing)
    }

    fn decode(&self, now_seconds: u64, audience: &str, token: &str) -> Option<Value> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[EDGE_ISSUER]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // Compared below with the caller's clock.
        validation.validate_exp = false;
        let claims = decode::<Value>(token, &self.verifying, &validation).ok()?.claims;
        let second = |name| claims.get(name).and_then(Value::as_u64);
        let signed_before = second("iat")? <= now_seconds.saturating_add(LEEWAY_SECONDS);
        (signed_before && now_seconds < second("exp")?).then_some(claims)
    }
}

/// Who is signed in, where the request says that somebody is.
///
/// # Errors
/// `unauthorized` for a header that holds no good access token: never taken for a guest, because the
/// caller meant to be somebody.
pub fn bearer(env: &Env, headers: &HeaderMap) -> Result<Option<Claims>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(unauthorized());
    }
    let token = value.to_str().ok().and_then(from_authorization).ok_or_else(unauthorized)?;
    verify(env, token).map(Some)
}

/// Who is signed in.
///
/// # Errors
/// `unauthorized` where nobody is.
pub fn required(env: &Env, headers: &HeaderMap) -> Result<Claims, Refusal> {
    bearer(env, headers)?.ok_or_else(unauthorized)
}

/// Who opens a home page's socket.
///
/// # Errors
/// `unauthorized`.
pub fn of_socket(env: &Env, headers: &HeaderMap) -> Result<Claims, Refusal> {
    let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    verify(env, offered.and_then(from_subprotocols).ok_or_else(unauthorized)?)
}

fn verify(env: &Env, token: &str) -> Result<Claims, Refusal> {
    settings::access_key(env)?.verify(clock::now_seconds(), token).ok_or_else(unauthorized)
}

/// Nobody is signed in, or not any more.
pub fn unauthorized() -> Refusal {
    Refusal::new(ErrorCode::Unauthorized, "Sign in first, or again")
}

/// The token in an `Authorization` header (RFC 6750 §2.1).
fn from_authorization(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The token in a `Sec-WebSocket-Protocol` header, where that also offers our protocol.
fn from_subprotocols(header: &str) -> Option<&str> {
    let mut offered = header.split(',').map(str::trim);
    let token = offered.clone().find_map(|value| value.strip_prefix(ACCESS_SUBPROTOCOL_PREFIX));
    token.filter(|_| offered.any(|value| value == SUBPROTOCOL))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac as _};
    use serde_json::json;
    use sha2::{Sha256, Sha512};
    use uuid::Uuid;

    use super::*;

    const NOW: u64 = 1_800_000_000;
    const SECRET: [u8; 32] = [1; 32];

    fn key(byte: u8) -> AccessKey {
        AccessKey::from_base64(&STANDARD.encode([byte; 32])).unwrap()
    }

    fn user() -> User {
        User {
            id: "a".repeat(64).parse().unwrap(),
            name: "Ada".parse().unwrap(),
            email: "ada@example.org".parse().unwrap(),
            color: "#336699".parse().unwrap(),
            picture: None,
            locale: None,
            has_password: true,
            providers: Vec::new(),
            created_at: 0,
        }
    }

    fn session() -> SessionId {
        SessionId(Uuid::from_u128(7))
    }

    /// Claims that count at [`NOW`].
    fn claims() -> Value {
        json!({
            "iss": EDGE_ISSUER, "aud": AUDIENCE, "sub": "a".repeat(64), "sid": Uuid::from_u128(7),
            "email": "ada@example.org", "name": "Ada", "iat": NOW, "exp": NOW + ACCESS_SECONDS,
        })
    }

    fn changed(field: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[field] = value;
        claims
    }

    /// A token made by hand: header, claims, signature.
    fn made(header: &Value, claims: &Value, sign: impl FnOnce(&str) -> Vec<u8>) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(sign(&signed));
        format!("{signed}.{signature}")
    }

    fn hs256(text: &str) -> Vec<u8> {
        Hmac::<Sha256>::new_from_slice(&SECRET).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    }

    fn hs512(text: &str) -> Vec<u8> {
        Hmac::<Sha512>::new_from_slice(&SECRET).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    }

    fn ours(claims: &Value) -> String {
        made(&json!({"alg": "HS256", "typ": "JWT"}), claims, hs256)
    }

    #[test]
    fn a_token_says_who_is_signed_in_until_it_ends() {
        let token = key(1).sign(NOW, &user(), session()).unwrap();
        let claims = key(1).verify(NOW + ACCESS_SECONDS - 1, &token).unwrap();
        assert_eq!((&claims.sub, claims.sid), (&user().id, session()));
        assert_eq!(claims.identity(), Identity { account: user().id, email: user().email, name: user().name });
        assert_eq!(key(1).verify(NOW + ACCESS_SECONDS, &token), None);
    }

    #[test]
    fn a_token_made_by_hand_shows_that_the_next_tests_refuse_for_one_reason_only() {
        assert!(key(1).verify(NOW, &ours(&claims())).is_some());
    }

    #[test]
    fn only_one_algorithm_counts() {
        let with = |algorithm: &str, sign: fn(&str) -> Vec<u8>| {
            let token = made(&json!({"alg": algorithm, "typ": "JWT"}), &claims(), sign);
            assert_eq!(key(1).verify(NOW, &token), None, "{algorithm}");
        };
        with("none", |_| Vec::new());
        with("None", |_| Vec::new());
        with("none", hs256);
        with("HS512", hs512);
        with("HS512", hs256);
        with("RS256", hs256);
        with("ES256", hs256);
        with("EdDSA", hs256);
        with("", hs256);
        let missing = made(&json!({"typ": "JWT"}), &claims(), hs256);
        assert_eq!(key(1).verify(NOW, &missing), None);
    }

    #[test]
    fn another_key_audience_or_issuer_does_not_count() {
        assert_eq!(key(2).verify(NOW, &ours(&claims())), None);
        for (field, value) in [
            ("aud", json!("room")),
            ("aud", json!("")),
            ("aud", Value::Null),
            ("iss", json!("https://evil.example")),
            ("iss", Value::Null),
            ("sub", json!("b")),
            ("sid", json!("no session")),
            ("email", json!("no address")),
        ] {
            assert_eq!(key(1).verify(NOW, &ours(&changed(field, value.clone()))), None, "{field}: {value}");
        }
        for field in ["iss", "aud", "sub", "sid", "email", "name", "iat", "exp"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(field);
            assert_eq!(key(1).verify(NOW, &ours(&claims)), None, "without {field}");
        }
    }

    #[test]
    fn the_past_and_the_future_do_not_count() {
        let verified = |field: &str, value: Value| key(1).verify(NOW, &ours(&changed(field, value))).is_some();
        assert!(verified("exp", json!(NOW + 1)) && !verified("exp", json!(NOW)) && !verified("exp", json!(NOW - 1)));
        assert!(verified("iat", json!(NOW + LEEWAY_SECONDS)) && !verified("iat", json!(NOW + LEEWAY_SECONDS + 1)));
        assert!(!verified("exp", json!("tomorrow")) && !verified("exp", json!(-1)) && !verified("iat", json!(1.5)));
    }

    #[test]
    fn garbage_and_changed_tokens_do_not_count() {
        let token = ours(&claims());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let other = ours(&changed("email", json!("eve@example.org")));
        let (other_signed, _) = other.rsplit_once('.').unwrap();
        for bad in [
            "",
            ".",
            "..",
            "a.b.c",
            "é.é.é",
            signed,
            &format!("{signed}."),
            &format!("{other_signed}.{signature}"),
            &format!("{token}."),
            &token[..token.len() - 2],
            &"a".repeat(100_000),
        ] {
            assert_eq!(key(1).verify(NOW, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_sealed_token_is_good_for_its_audience_and_time_only() {
        let token = key(1).seal(NOW, "link", 600, &("github", 7)).unwrap();
        assert_eq!(key(1).open(NOW + 599, "link", &token), Some(("github".to_owned(), 7)));
        assert_eq!(key(1).open::<(String, u8)>(NOW + 600, "link", &token), None);
        assert_eq!(key(1).open::<(String, u8)>(NOW, "oauth", &token), None);
        assert_eq!(key(2).open::<(String, u8)>(NOW, "link", &token), None);
        assert_eq!(key(1).verify(NOW, &token), None);
        assert_eq!(key(1).open::<Value>(NOW, AUDIENCE, &ours(&claims())), None);
    }

    #[test]
    fn a_token_is_found_in_its_headers() {
        assert_eq!(from_authorization("Bearer abc"), Some("abc"));
        assert_eq!(from_authorization("bearer abc"), Some("abc"));
        assert_eq!(from_authorization("Basic abc"), None);
        assert_eq!(from_authorization("abc"), None);
        assert_eq!(from_subprotocols("meridian.v1, meridian.access.abc.def"), Some("abc.def"));
        assert_eq!(from_subprotocols("meridian.access.abc.def"), None);
        assert_eq!(from_subprotocols("meridian.v1, meridian.seat.abc"), None);
    }

    #[test]
    fn a_short_key_is_no_key() {
        assert!(AccessKey::from_base64(&STANDARD.encode([1; 31])).is_none());
        assert!(AccessKey::from_base64("*").is_none());
    }
}
