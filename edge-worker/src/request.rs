//! From the request that workerd hands over to the one that the router takes.
//!
//! Written here because the conversion of the `worker` crate fails as a whole where one header
//! holds a byte that is not ASCII, and such requests must be answered like any other.
//!
//! The body is read before anything is answered: workerd closes the connection of a request whose
//! body was left over, which a caller sees as a fault instead of the answer.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, Uri},
};
use http_body_util::BodyExt as _;
use protocol::{error::ErrorCode, limits::REGION_BODY_BYTES};
use room::Coordinates;
use worker::{js_sys::Reflect, wasm_bindgen::JsValue, web_sys};

use crate::{
    location::{self, Hints},
    problem::Refusal,
};

/// Bytes of a body that are read at most, only to be thrown away beyond what any route takes.
const DISCARDED_BYTES: usize = 8 * 1024 * 1024;

/// The request with its location hints as an extension.
///
/// # Errors
/// `invalid_request` for an address or method that no route could have; `too_large` for a body
/// that no route takes.
pub async fn from_browser(incoming: &web_sys::Request) -> Result<Request<Body>, Refusal> {
    let malformed = |_| Refusal::new(ErrorCode::InvalidRequest, "The request is malformed");
    let uri: Uri = incoming.url().parse().map_err(|_| malformed(()))?;
    let method: Method = incoming.method().parse().map_err(|_| malformed(()))?;
    let body = match incoming.body() {
        Some(stream) => Body::from(read(worker::Body::new(stream)).await?),
        None => Body::empty(),
    };
    let mut request = Request::new(body);
    *request.uri_mut() = uri;
    *request.method_mut() = method;
    for entry in incoming.headers().entries() {
        let Ok(entry) = entry else { continue };
        let (name, value) = (string_at(&entry, 0), string_at(&entry, 1));
        let parsed = (name.parse::<HeaderName>(), HeaderValue::from_bytes(value.as_bytes()));
        if let (Ok(name), Ok(value)) = parsed {
            request.headers_mut().append(name, value);
        }
    }
    request.extensions_mut().insert(location_hints(incoming));
    Ok(request)
}

async fn read(mut body: worker::Body) -> Result<Vec<u8>, Refusal> {
    let (mut bytes, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::new(ErrorCode::InvalidRequest, "The body could not be read"))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= REGION_BODY_BYTES {
            bytes.extend_from_slice(&data);
        } else if seen > DISCARDED_BYTES {
            break;
        }
    }
    if seen <= REGION_BODY_BYTES {
        return Ok(bytes);
    }
    Err(Refusal::new(ErrorCode::TooLarge, format!("The body has more than {REGION_BODY_BYTES} bytes")))
}

fn string_at(entry: &JsValue, place: u32) -> String {
    Reflect::get_u32(entry, place).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// What Cloudflare knows of where a request comes from; each part can be missing.
fn location_hints(incoming: &web_sys::Request) -> Hints {
    let cf = Reflect::get(incoming, &JsValue::from_str("cf")).unwrap_or(JsValue::UNDEFINED);
    let text = |name: &str| {
        if cf.is_object() { Reflect::get(&cf, &JsValue::from_str(name)).ok()?.as_string() } else { None }
    };
    let degrees = |name: &str| text(name).and_then(|text| location::degrees(&text));
    Hints {
        coordinates: degrees("latitude")
            .zip(degrees("longitude"))
            .map(|(latitude, longitude)| Coordinates { latitude, longitude }),
        colo: text("colo"),
        country: text("country"),
        continent: text("continent"),
    }
}
