//! GitHub: OAuth 2.0, and its API for who somebody is.

use serde_json::Value;
use worker::Env;

use super::{Failure, Person, ask, text};
use crate::settings;

/// Where GitHub asks people.
pub(super) fn authorization_endpoint(env: &Env) -> String {
    format!("{}/login/oauth/authorize", origin(env))
}

/// Who redeemed the code in `body`.
pub(super) async fn person(env: &Env, body: String) -> Result<Person, Failure> {
    let answer = ask(env, &format!("{}/login/oauth/access_token", origin(env)), Some(body), None).await?;
    // A code that does not count is answered by 200 and an error.
    let token = text(&answer, "access_token").ok_or(Failure::Unavailable)?;
    let api = base(env, "GITHUB_API", "https://api.github.com");
    let user = ask(env, &format!("{api}/user"), None, Some(token)).await?;
    let emails = ask(env, &format!("{api}/user/emails?per_page=100"), None, Some(token)).await?;
    described(&user, &emails)
}

fn origin(env: &Env) -> String {
    base(env, "GITHUB_ORIGIN", "https://github.com")
}

fn base(env: &Env, name: &str, usual: &str) -> String {
    settings::variable(env, name).unwrap_or_else(|| usual.to_owned()).trim_end_matches('/').to_owned()
}

/// The person in answers of `/user` and `/user/emails`: with the address that is theirs first of
/// all, and proven.
fn described(user: &Value, emails: &Value) -> Result<Person, Failure> {
    // The name of an account there can change and pass on to somebody else; its number cannot.
    let id = user.get("id").and_then(Value::as_u64).ok_or(Failure::Unavailable)?;
    let is = |email: &Value, what| email.get(what) == Some(&Value::Bool(true));
    let mut all = emails.as_array().ok_or(Failure::Unavailable)?.iter();
    let email = all.find(|email| is(email, "primary") && is(email, "verified")).and_then(|email| text(email, "email"));
    Person::new(id.to_string(), email.ok_or(Failure::Unverified)?, text(user, "name").or_else(|| text(user, "login")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_and_proven_address_counts() {
        let user = json!({"id": 42, "login": "ada", "name": "Ada Lovelace"});
        let emails = json!([
            {"email": "old@example.org", "primary": false, "verified": true},
            {"email": "Ada@example.org", "primary": true, "verified": true},
        ]);
        let person = described(&user, &emails).unwrap();
        assert_eq!(
            (person.subject.as_str(), person.email.as_str(), person.name.as_str()),
            ("42", "ada@example.org", "Ada Lovelace")
        );
        let nameless = json!({"id": 42, "login": "ada", "name": null});
        assert_eq!(described(&nameless, &emails).unwrap().name.as_str(), "ada");
    }

    #[test]
    fn an_address_that_is_not_proven_signs_nobody_in() {
        let user = json!({"id": 42, "login": "ada"});
        for emails in [
            json!([]),
            json!([{"email": "ada@example.org", "primary": true, "verified": false}]),
            json!([{"email": "ada@example.org", "primary": false, "verified": true}]),
            json!([{"email": "ada@example.org", "primary": true, "verified": "yes"}]),
            json!([{"primary": true, "verified": true}]),
        ] {
            assert_eq!(described(&user, &emails), Err(Failure::Unverified), "{emails}");
        }
        let good = json!([{"email": "ada@example.org", "primary": true, "verified": true}]);
        for user in [json!({}), json!({"id": "42"}), json!(null)] {
            assert_eq!(described(&user, &good), Err(Failure::Unavailable), "{user}");
        }
        assert_eq!(described(&user, &json!({"message": "Bad credentials"})), Err(Failure::Unavailable));
    }
}
