//! Moments as people read them, and time zones, by the platform's own knowledge (ECMA-402).

use mail::LocalTime;
use protocol::{Millis, text::TimeZone};
use worker::{
    js_sys::{Array, Date, Function, Object, Reflect, global},
    wasm_bindgen::{JsCast as _, JsValue},
};

/// `Intl.DateTimeFormat`.
#[derive(Debug, Clone, Copy)]
pub struct Intl;

impl LocalTime for Intl {
    fn describe(&self, at: Millis, zone: Option<&TimeZone>) -> String {
        let format = zone.and_then(|zone| format(zone.as_str())).or_else(|| format("UTC"));
        format.and_then(|format| formatted(&format, at)).unwrap_or_default()
    }
}

/// Whether the platform knows a time zone of that name.
#[must_use]
pub fn is_known(zone: &TimeZone) -> bool {
    format(zone.as_str()).is_some()
}

/// A `DateTimeFormat` for that zone; its constructor throws for zones that it does not know.
fn format(zone: &str) -> Option<JsValue> {
    let options = Object::new();
    for (name, value) in [
        ("weekday", "long"),
        ("year", "numeric"),
        ("month", "long"),
        ("day", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
        ("timeZone", zone),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    let constructor: Function = property(&property(&global(), "Intl")?, "DateTimeFormat")?.dyn_into().ok()?;
    Reflect::construct(&constructor, &Array::of2(&"en-GB".into(), &options)).ok()
}

fn formatted(format: &JsValue, at: Millis) -> Option<String> {
    // Moments stay below 2^53, so the conversion is exact.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch stay below 2^53 for 280 000 years")]
    let date = Date::new(&JsValue::from_f64(at as f64));
    let function: Function = property(format, "format")?.dyn_into().ok()?;
    function.call1(format, &date).ok()?.as_string()
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined())
}
