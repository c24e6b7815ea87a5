//! JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, signed by the edge or for it.
//!
//! Written here because a library reads every header, key and algorithm that the RFCs know, which was
//! a twentieth of the Worker. A key has one algorithm: what a token's header names is only compared.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::region::EDGE_ISSUER;
use serde_json::{Value, json};

use crate::crypto::{Signs, Verifies};

/// A token with these claims.
#[must_use]
pub fn sign(key: &dyn Signs, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"typ": "JWT", "alg": key.algorithm()})), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims of a token that this key signed, that the edge has issued, and that is for this audience.
/// When it ends is for the caller to look at.
#[must_use]
pub fn verify(key: &dyn Verifies, audience: &str, token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    // RFC 7515 §4.1.11: who does not know an extension that a header calls critical refuses the token.
    part(header).filter(|header| says(header, "alg", key.algorithm()) && header.get("crit").is_none())?;
    if !key.verifies(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?) {
        return None;
    }
    part(claims).filter(|claims| says(claims, "iss", EDGE_ISSUER) && says(claims, "aud", audience))
}

fn says(object: &Value, name: &str, text: &str) -> bool {
    object.get(name).and_then(Value::as_str) == Some(text)
}

fn part(text: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};

    use super::*;
    use crate::crypto::HmacKey;

    const SECRET: [u8; 32] = [1; 32];

    fn key() -> HmacKey {
        HmacKey::new(&SECRET).unwrap()
    }

    fn claims() -> Value {
        json!({"iss": EDGE_ISSUER, "aud": "api", "name": "Ada Łukasz", "exp": 1})
    }

    fn with_header(header: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(&claims()));
        let signature = URL_SAFE_NO_PAD.encode(key().sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    #[test]
    fn others_read_our_tokens_and_we_read_theirs() {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&["api"]);
        validation.validate_exp = false;
        let read = decode::<Value>(&sign(&key(), &claims()), &DecodingKey::from_secret(&SECRET), &validation).unwrap();
        assert_eq!((read.header, read.claims), (Header::new(Algorithm::HS256), claims()));
        let theirs = encode(&Header::new(Algorithm::HS256), &claims(), &EncodingKey::from_secret(&SECRET)).unwrap();
        assert_eq!(verify(&key(), "api", &theirs), Some(claims()));
    }

    #[test]
    fn a_header_names_the_algorithm_of_the_key_and_nothing_critical() {
        assert!(verify(&key(), "api", &with_header(&json!({"alg": "HS256"}))).is_some());
        for bad in [
            json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
            json!({"alg": "none"}),
            json!({"alg": ["HS256"]}),
            json!({"typ": "JWT"}),
            json!(["HS256"]),
            json!("HS256"),
            json!(null),
        ] {
            assert_eq!(verify(&key(), "api", &with_header(&bad)), None, "{bad}");
        }
    }

    #[test]
    fn a_token_has_three_parts() {
        let token = sign(&key(), &claims());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        for bad in [signed, signature, &format!("{token}.{signature}"), &format!("a.{token}"), &format!("{token}=")] {
            assert_eq!(verify(&key(), "api", bad), None, "{bad}");
        }
    }

    #[test]
    fn an_audience_is_one_word() {
        for audience in [json!(["api"]), json!("API"), json!(null)] {
            let mut claims = claims();
            claims["aud"] = audience;
            assert_eq!(verify(&key(), "api", &sign(&key(), &claims)), None);
        }
    }
}
