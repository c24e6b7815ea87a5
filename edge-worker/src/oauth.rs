//! Sign-in with another service's account: authorization code with PKCE (RFC 6749, RFC 7636).
//!
//! A sign-in is bound to the browser that began it by a signed cookie, and ends with an address that
//! the provider says is proven; anything less signs nobody in. It must never lead a browser to an
//! address that a request named, except to a path of our own.

mod github;
mod google;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{
    account::Provider,
    limits::NAME_CHARS,
    text::{DisplayName, EmailAddress},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use worker::{Env, Headers, Method, js_sys::encode_uri_component};

use crate::{outgoing, settings};

/// How long a provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Bytes of an answer that are read.
const ANSWER_BYTES: usize = 64 * 1024;
/// Characters of a person's id at a provider, so that it fits into a token.
const SUBJECT_CHARS: usize = 100;
/// Bytes of a path to return to.
const RETURN_BYTES: usize = 512;

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The person said no.
    Cancelled,
    /// It was not begun in this browser, or too long ago.
    State,
    /// The provider does not vouch for the address.
    Unverified,
    /// The provider, or this edge, could not do it.
    Unavailable,
}

impl Failure {
    /// The stable word for it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::State => "state",
            Self::Unverified => "unverified",
            Self::Unavailable => "unavailable",
        }
    }
}

/// This deployment's registration at a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// At which.
    pub provider: Provider,
    id: String,
    secret: String,
}

/// The word of a provider in paths.
#[must_use]
pub fn word(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "google",
        Provider::Github => "github",
    }
}

/// The registration at a provider; nothing where it is not offered here.
#[must_use]
pub fn client(env: &Env, provider: Provider) -> Option<Client> {
    let (id, secret) = match provider {
        Provider::Google => ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
        Provider::Github => ("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
    };
    Some(Client { provider, id: settings::variable(env, id)?, secret: settings::variable(env, secret)? })
}

/// A sign-in that was begun. Travels in the browser's cookie, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// At which provider.
    pub provider: Provider,
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in an id token.
    pub nonce: String,
    /// Proves that who redeems the code is who asked for it.
    pub verifier: String,
    /// Where to go on.
    pub return_to: Option<String>,
}

impl Flow {
    /// A new one. A path that is not our own is left out.
    ///
    /// # Errors
    /// When the platform has no randomness.
    pub fn begin(provider: Provider, return_to: Option<String>) -> Result<Self, getrandom::Error> {
        let [state, nonce, verifier] = [random()?, random()?, random()?];
        Ok(Self { provider, state, nonce, verifier, return_to: return_to.filter(|path| is_own_path(path)) })
    }

    /// `S256` of the verifier (RFC 7636 §4.2).
    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

/// Who signed in at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their unchanging id there.
    pub subject: String,
    /// Proven there.
    pub email: EmailAddress,
    /// What they are called there.
    pub name: DisplayName,
}

impl Person {
    /// Nobody, where the id or the address is none.
    fn new(subject: String, email: &str, name: Option<&str>) -> Result<Self, Failure> {
        let email: EmailAddress = email.parse().map_err(|_| Failure::Unavailable)?;
        if subject.is_empty() || subject.chars().count() > SUBJECT_CHARS {
            return Err(Failure::Unavailable);
        }
        let local = email.as_str().split('@').next().unwrap_or_default();
        let short = |name: &str| name.chars().take(NAME_CHARS).collect::<String>().parse::<DisplayName>().ok();
        let name = name.and_then(short).or_else(|| short(local)).ok_or(Failure::Unavailable)?;
        Ok(Self { subject, email, name })
    }
}

/// Where the browser goes to ask the provider.
///
/// # Errors
/// [`Failure::Unavailable`].
pub async fn authorization_address(
    env: &Env,
    client: &Client,
    flow: &Flow,
    redirect_uri: &str,
) -> Result<String, Failure> {
    let (endpoint, scope) = match client.provider {
        Provider::Google => (google::discover(env).await?.authorization_endpoint, "openid email profile"),
        Provider::Github => (github::authorization_endpoint(env), "read:user user:email"),
    };
    let fields = form(&[
        ("response_type", "code"),
        ("client_id", &client.id),
        ("redirect_uri", redirect_uri),
        ("scope", scope),
        ("state", &flow.state),
        ("nonce", &flow.nonce),
        ("code_challenge", &flow.challenge()),
        ("code_challenge_method", "S256"),
    ]);
    Ok(format!("{endpoint}{}{fields}", if endpoint.contains('?') { '&' } else { '?' }))
}

/// Redeems a code: who signed in.
///
/// # Errors
/// [`Failure::Unverified`], [`Failure::Unavailable`].
pub async fn person(
    env: &Env,
    client: &Client,
    flow: &Flow,
    redirect_uri: &str,
    code: &str,
) -> Result<Person, Failure> {
    let body = form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("code_verifier", &flow.verifier),
    ]);
    match client.provider {
        Provider::Google => google::person(env, client, flow, body).await,
        Provider::Github => github::person(env, body).await,
    }
}

/// Whether a text is a path of this deployment's pages, whatever a browser makes of it.
fn is_own_path(path: &str) -> bool {
    let mut bytes = path.bytes();
    path.len() <= RETURN_BYTES
        && bytes.next() == Some(b'/')
        && bytes.next() != Some(b'/')
        && path.bytes().all(|byte| matches!(byte, 0x21..=0x7e) && byte != b'\\')
        && !path.starts_with("/api/")
}

/// 32 random bytes in base64url.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `application/x-www-form-urlencoded`.
fn form(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        text.push_str(if text.is_empty() { "" } else { "&" });
        text.push_str(name);
        text.push('=');
        text.push_str(&String::from(encode_uri_component(value)));
    }
    text
}

/// Asks a provider: a form is posted, without one the address is read. Only JSON with a good status
/// is an answer.
async fn ask(env: &Env, url: &str, form: Option<String>, token: Option<&str>) -> Result<Value, Failure> {
    // What comes over TLS from the provider itself needs no signature.
    if !url.starts_with("https://") && !settings::development(env) {
        worker::console_error!("oauth: a provider's address is not https");
        return Err(Failure::Unavailable);
    }
    let answer = exchange(url, form, token).await;
    let (status, body) = answer.map_err(|error| {
        worker::console_warn!("oauth: {error}");
        Failure::Unavailable
    })?;
    if status != 200 {
        worker::console_warn!("oauth: a provider answered {status}");
        return Err(Failure::Unavailable);
    }
    let text = String::from_utf8(body).map_err(|_| Failure::Unavailable)?;
    serde_json::from_str(&text).map_err(|_| Failure::Unavailable)
}

async fn exchange(url: &str, form: Option<String>, token: Option<&str>) -> worker::Result<(u16, Vec<u8>)> {
    let headers = Headers::new();
    headers.set("accept", "application/json")?;
    // GitHub answers nobody without one.
    headers.set("user-agent", "meridian")?;
    if let Some(token) = token {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    let method = if form.is_some() { Method::Post } else { Method::Get };
    if form.is_some() {
        headers.set("content-type", "application/x-www-form-urlencoded")?;
    }
    outgoing::exchange(method, url, headers, form, TIMEOUT, ANSWER_BYTES).await
}

/// A text in a provider's answer.
fn text<'a>(answer: &'a Value, name: &str) -> Option<&'a str> {
    answer.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_pages_are_returned_to() {
        for path in ["/home", "/m/abc-defg-hjk?x=1#y", "/", "/a//b", "/%2f/evil.example"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in [
            "",
            "home",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a b",
            "/é",
            "/api/auth/logout",
            "/x\r\nset-cookie: a=b",
            &format!("/{}", "x".repeat(RETURN_BYTES)),
        ] {
            assert!(!is_own_path(path), "{path}");
        }
    }

    #[test]
    fn a_flow_is_different_each_time_and_its_challenge_is_that_of_the_standard() {
        let [one, other] = [(); 2].map(|()| Flow::begin(Provider::Google, Some("//evil".into())).unwrap());
        assert!(one.state != other.state && one.nonce != other.nonce && one.verifier != other.verifier);
        assert_eq!((one.verifier.len(), &one.return_to), (43, &None));
        // RFC 7636, appendix B.
        let flow = Flow { verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(), ..one };
        assert_eq!(flow.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn people_are_called_what_fits() {
        let called = |name: Option<&str>| Person::new("7".into(), "Ada.L@example.org", name).unwrap().name;
        assert_eq!(called(Some(" Ada ")).as_str(), "Ada");
        assert_eq!(called(Some(&"é".repeat(200))).as_str().chars().count(), NAME_CHARS);
        assert_eq!(called(Some("\u{202e}")).as_str(), "ada.l");
        assert_eq!(called(None).as_str(), "ada.l");
        assert_eq!(Person::new(String::new(), "a@b.cd", None), Err(Failure::Unavailable));
        assert_eq!(Person::new("7".repeat(101), "a@b.cd", None), Err(Failure::Unavailable));
        assert_eq!(Person::new("7".into(), "no address", None), Err(Failure::Unavailable));
    }
}
