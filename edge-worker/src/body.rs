//! JSON bodies: bounded, of the right type, and with the fields named that are wrong.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, header},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use protocol::error::{ErrorCode, Problem};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    json::{self, Fault, Wrong},
    problem::Refusal,
};

/// Reads a body of at most `limit` bytes and parses it.
///
/// # Errors
/// `too_large`; `invalid_request` for another content type, for what is not JSON, and with `errors`
/// for fields that are not valid.
pub async fn read<T: DeserializeOwned>(request: Request<Body>, limit: usize) -> Result<T, Refusal> {
    require_json(request.headers())?;
    parse(&bytes(request, limit).await?)
}

/// Reads a text of at most `limit` bytes of this type.
///
/// # Errors
/// `invalid_request` with the status 415 for another content type, and for what is not UTF-8; `too_large`.
pub async fn text(request: Request<Body>, kind: &str, limit: usize) -> Result<String, Refusal> {
    if !essence(request.headers()).eq_ignore_ascii_case(kind) {
        let mut refusal = Refusal::new(ErrorCode::InvalidRequest, format!("The content type must be {kind}"));
        refusal.problem.status = 415;
        return Err(refusal);
    }
    let bytes = bytes(request, limit).await?;
    let text = String::from_utf8(bytes.into());
    text.map_err(|_| Refusal::new(ErrorCode::InvalidRequest, "The body is not UTF-8"))
}

async fn bytes(request: Request<Body>, limit: usize) -> Result<Bytes, Refusal> {
    let body = Limited::new(request.into_body(), limit);
    let collected = body.collect().await.map_err(|error| {
        if error.downcast_ref::<LengthLimitError>().is_some() {
            Refusal::new(ErrorCode::TooLarge, format!("The body has more than {limit} bytes"))
        } else {
            Refusal::new(ErrorCode::InvalidRequest, "The body could not be read")
        }
    })?;
    Ok(collected.to_bytes())
}

/// The media type without its parameters.
fn essence(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if essence(headers).eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        // A form that another page posts never has this type, so this also keeps those out.
        Err(Refusal::new(ErrorCode::InvalidRequest, "The content type must be application/json"))
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut parsed = None;
    check(bytes, &mut |value| json::read_body(value).map(|value| parsed = Some(value)))?;
    parsed.ok_or_else(|| Refusal::internal(&"nothing was parsed"))
}

/// Reads a body and names what is wrong. Apart from the type, so that there is only one of it.
fn check(bytes: &[u8], read: &mut dyn FnMut(&Value) -> Result<(), Fault>) -> Result<(), Refusal> {
    let mut value: Value = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "The body is not valid JSON"))?;
    if !value.is_object() {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "The body must be a JSON object"));
    }
    let mut problem = Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid");
    // A deserialiser stops at the first wrong field. To name them all, the wrong one is taken out
    // and the rest is tried again; each round takes one field out, so this ends.
    loop {
        let Wrong { path, message } = match read(&value) {
            Ok(()) if problem.errors.is_empty() => return Ok(()),
            Ok(()) => return Err(problem.into()),
            Err(fault) => fault.into_wrong(),
        };
        let removed = value.as_object_mut().and_then(|object| object.remove(top_of(&path))).is_some();
        if removed {
            problem = problem.with_field(path, message);
            continue;
        }
        match missing_field(&message) {
            Some(field) if problem.errors.keys().any(|path| top_of(path) == field) => {}
            Some(field) => problem = problem.with_field(field, "is required"),
            None => problem.title = message,
        }
        return Err(problem.into());
    }
}

/// The field of the body that a path leads into.
fn top_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

#[cfg(test)]
mod tests {
    use protocol::rest::{CreateRoom, RoomKind, TakeSeat};

    use super::*;

    fn errors<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> Vec<(String, String)> {
        parse::<T>(body.as_bytes()).unwrap_err().problem.errors.into_iter().collect()
    }

    #[test]
    fn a_good_body_is_parsed() {
        let parsed: CreateRoom = parse(br#"{"title":" Stand-up ","kind":"public"}"#).unwrap();
        assert_eq!(parsed.title.unwrap().as_str(), "Stand-up");
        assert_eq!(parse::<CreateRoom>(b"{}").unwrap().kind, RoomKind::Public);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = format!(r#"{{"title":"{}","kind":"secret"}}"#, "x".repeat(121));
        let errors = errors::<CreateRoom>(&body);
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[1], ("title".into(), "must be at most 120 characters".into()));
        assert!(errors[0].0 == "kind" && errors[0].1.contains("unknown variant"), "{errors:?}");
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(
            errors::<TakeSeat>(r#"{"name":""}"#),
            [("code".into(), "is required".into()), ("name".into(), "must not be empty".into()),]
        );
        assert_eq!(errors::<TakeSeat>(r#"{"code":7}"#).len(), 1);
    }

    #[test]
    fn a_wrong_part_of_a_field_is_named_by_its_path() {
        let body = r#"{"instance":"fra-1","events":[{"room":"x"}]}"#;
        let errors = errors::<protocol::region::RegionEvents>(body);
        assert_eq!(errors, [("events[0].room".into(), "is not a valid room id".into())]);
    }

    #[test]
    fn what_is_no_object_is_refused_without_fields() {
        for body in ["", "{", "null", "[]", "7", "\"x\"", "\u{0}", &"[".repeat(10_000)] {
            let refusal = parse::<CreateRoom>(body.as_bytes()).unwrap_err();
            assert!(refusal.problem.errors.is_empty(), "{body}");
        }
    }
}
