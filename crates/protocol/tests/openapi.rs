//! The OpenAPI document says the same as the types: fields and whether they may be absent, codes and
//! their statuses, and the bounds. What the Worker really answers is tested against the running system.

#![expect(clippy::unwrap_used, reason = "a document of another form fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use protocol::{error::ErrorCode, limits};
use serde_json::Value;

/// Said between browser and region, not through the API.
const ELSEWHERE: [&str; 10] = [
    "MediaRequest",
    "MediaEvent",
    "Wish",
    "PausedTile",
    "PauseReason",
    "WeakNetwork",
    "WeakQuality",
    "VideoCodec",
    "Demand",
    "Rid",
];

fn document() -> Value {
    serde_json::from_str(include_str!("../../../edge-worker/openapi.json")).unwrap()
}

/// One line for a type, whichever order its parts are written in.
fn sorted(parts: impl IntoIterator<Item = String>, between: &str) -> String {
    parts.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(between)
}

/// Name and canonical form of each generated TypeScript declaration.
fn declared() -> BTreeMap<String, String> {
    let mut text = include_str!("../../../web/src/protocol.ts").to_owned();
    while let Some((before, rest)) = text.split_once("/**") {
        text = format!("{before}{}", rest.split_once("*/").unwrap().1);
    }
    let text = text.replace("{ [key in string]: string }", "Record<string>");
    let declarations = text.split("export type ").skip(1).map(|rest| rest.split_once(';').unwrap().0);
    declarations
        .map(|declaration| {
            let (name, shape) = declaration.split_once('=').unwrap();
            let objects = shape.split('{').skip(1).map(|rest| {
                let fields =
                    rest.split_once('}').unwrap().0.split(',').map(str::trim).filter(|field| !field.is_empty());
                format!("{{{}}}", sorted(fields.map(field), ", "))
            });
            let shape = if shape.contains('{') { sorted(objects, " | ") } else { alternatives(shape) };
            (name.trim().to_owned(), shape)
        })
        .collect()
}

fn field(text: &str) -> String {
    let (name, shape) = text.split_once(':').unwrap();
    format!("{}: {}", name.replace('"', ""), alternatives(shape))
}

fn alternatives(shape: &str) -> String {
    sorted(shape.split('|').map(|part| part.trim().to_owned()), " | ")
}

/// The same form of a schema.
fn written(schema: &Value) -> String {
    let list = |name: &str| schema[name].as_array().unwrap();
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    if schema["oneOf"].is_array() {
        return sorted(list("oneOf").iter().map(written), " | ");
    }
    if schema["enum"].is_array() {
        return sorted(list("enum").iter().map(Value::to_string), " | ");
    }
    match schema["type"].as_str() {
        None => schema["const"].to_string(),
        Some("integer") => "number".to_owned(),
        Some("array") => format!("Array<{}>", written(&schema["items"])),
        Some("object") if schema["additionalProperties"].is_object() => "Record<string>".to_owned(),
        Some("object") => {
            let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
            let fields = schema["properties"].as_object().unwrap().iter().map(|(name, schema)| {
                let absence = if required.iter().any(|required| *required == name) { "" } else { "?" };
                format!("{name}{absence}: {}", written(schema))
            });
            format!("{{{}}}", sorted(fields, ", "))
        }
        Some(other) => other.to_owned(),
    }
}

#[test]
fn every_type_has_the_same_fields() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let declared = declared();
    assert!(declared.len() > 50, "{}", declared.len());
    for (name, shape) in &declared {
        if ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let schema = schemas.get(name).unwrap_or(&Value::Null);
        assert!(schema.is_object(), "{name} is not in the document");
        // A moment is answered as a number and understood as a text, too.
        if name != "Moment" {
            assert_eq!(&written(schema), shape, "{name}");
        }
    }
    for name in schemas.keys() {
        assert!(declared.contains_key(name), "{name} is only in the document");
    }
}

#[test]
fn every_code_stands_under_its_status() {
    let document = document();
    let code = |value: &Value| serde_json::from_value::<ErrorCode>(value.clone()).unwrap();
    let mut answered = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let shared = response["$ref"].as_str().map(|name| name.rsplit('/').next().unwrap());
                let response = shared.map_or(response, |name| &document["components"]["responses"][name]);
                let problem = &response["content"]["application/problem+json"]["schema"]["properties"];
                for value in problem["code"]["enum"].as_array().into_iter().flatten() {
                    assert_eq!(code(value).status().to_string(), *status, "{method} {path}");
                    assert_eq!(problem["status"]["const"].to_string(), *status, "{method} {path}");
                    answered.insert(value.to_string());
                }
            }
        }
    }
    // These are said on a room's socket, or hold for every path.
    let elsewhere = ["not_joined", "already_joined", "host_only", "offer_rejected", "method_not_allowed"];
    for value in document["components"]["schemas"]["ErrorCode"]["enum"].as_array().unwrap() {
        assert_ne!(answered.contains(&value.to_string()), elsewhere.contains(&value.as_str().unwrap()), "{value}");
    }
}

#[test]
fn bounds_are_those_of_the_types() {
    let document = document();
    let bound = |pointer: &str| document.pointer(&format!("/components/schemas/{pointer}")).and_then(Value::as_u64);
    for (pointer, limit) in [
        ("DisplayName/maxLength", limits::NAME_CHARS),
        ("Title/maxLength", limits::TITLE_CHARS),
        ("ChatText/maxLength", limits::CHAT_CHARS),
        ("EmailAddress/maxLength", limits::EMAIL_BYTES),
        ("NewPassword/minLength", limits::PASSWORD_CHARS_LEAST),
        ("NewPassword/maxLength", limits::PASSWORD_CHARS),
        ("Password/maxLength", limits::PASSWORD_CHARS),
        ("Picture/maxLength", limits::PICTURE_BYTES),
        ("Sdp/maxLength", limits::SDP_BYTES),
        ("CreateRoom/properties/invite/maxItems", limits::INVITATIONS),
        ("ChangeRoom/properties/invite/maxItems", limits::INVITATIONS),
        ("Sessions/properties/sessions/maxItems", limits::SESSIONS),
        ("RoomDetails/properties/participants/maximum", limits::ROOM_PARTICIPANTS),
        ("Streams/properties/streams/maxItems", limits::STREAMS),
    ] {
        assert_eq!(bound(pointer), u64::try_from(limit).ok(), "{pointer}");
    }
    assert_eq!(bound("CreateRoom/properties/duration_minutes/maximum"), Some(limits::DURATION_MINUTES.into()));
    assert_eq!(bound("MakeStream/properties/seconds/maximum"), Some(limits::STREAM_SECONDS.into()));
    let offer = document.pointer("/paths/~1api~1rooms~1{id}~1whip/post/requestBody/content/application~1sdp/schema");
    assert_eq!(offer.unwrap()["maxLength"].as_u64(), u64::try_from(limits::STREAM_SDP_BYTES).ok());
    let said = document["info"]["description"].as_str().unwrap();
    assert!(said.contains(&limits::REST_BODY_BYTES.to_string()));
}
