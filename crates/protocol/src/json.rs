//! JSON text to values, by one deserialiser for everything that the Worker ships.
//!
//! serde makes a copy of each type's code for each deserialiser it is read with; those copies were a
//! tenth of the Worker. So nothing here is read with `serde_json::from_str`, `from_slice` or
//! `from_value` directly, nor with `json()` of the `worker` crate. This one also says where in a
//! document a fault is. It must never accept what the derived code of a type refuses.

mod found;
mod located;

use serde::de::{DeserializeOwned, Error as _, Expected, Unexpected};
use serde_json::Value;

use self::{
    found::Found,
    located::{Located, Whole},
};

/// Parses a text.
///
/// # Errors
/// For what is not JSON, is nested too deeply, or is not of the type; then with the path to the fault.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    read(&serde_json::from_str(text)?).map_err(serde_json::Error::custom)
}

/// Reads a value as a type. Fields come in the order of the type, so that what is missing may be
/// named before what is wrong; an `Option` may be left out only where it has `#[serde(default)]`.
///
/// # Errors
/// The first fault.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    T::deserialize(Located(value))
}

/// Reads an object as a type: every field that is there before one that is missing is named.
///
/// # Errors
/// The first fault.
pub fn read_body<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    T::deserialize(Whole(value))
}

/// What is wrong with a document, and where. One pointer, because every step of reading hands it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<Wrong>);

/// What is in a [`Fault`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Such as `events[0].room`; empty for the document itself.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl Fault {
    /// What is wrong, and where.
    #[must_use]
    pub fn into_wrong(self) -> Wrong {
        *self.0
    }

    #[cold]
    pub(crate) fn within(mut self, step: &str) -> Self {
        let path = &mut self.0.path;
        let joint = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        *path = [step, joint, path].concat();
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Wrong { path, message } = &*self.0;
        formatter.write_str(path)?;
        formatter.write_str(if path.is_empty() { "" } else { ": " })?;
        formatter.write_str(message)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(Box::new(Wrong { path: String::new(), message: message.to_string() }))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", Found(found)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Empty,
        Wrapped(u8),
        Pair(i64, f64),
        Named { name: String },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Tagged {
        One { count: u64 },
        Two,
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Key(String);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        shapes: Vec<Shape>,
        tagged: Vec<Tagged>,
        hash: [u8; 4],
        map: BTreeMap<Key, Option<bool>>,
        nothing: (),
        letter: char,
        largest: u64,
        #[serde(default)]
        missing: Option<u8>,
    }

    fn everything() -> Everything {
        Everything {
            shapes: vec![Shape::Empty, Shape::Wrapped(7), Shape::Pair(-1, 0.5), Shape::Named { name: "é".into() }],
            tagged: vec![Tagged::One { count: 3 }, Tagged::Two],
            hash: [1, 2, 3, 255],
            map: BTreeMap::from([(Key("a".into()), None), (Key("b".into()), Some(true))]),
            nothing: (),
            letter: 'x',
            largest: u64::MAX,
            missing: None,
        }
    }

    #[test]
    fn what_serde_json_writes_is_read_as_it_was() {
        let text = serde_json::to_string(&everything()).unwrap();
        assert_eq!(parse::<Everything>(&text).unwrap(), everything());
    }

    #[test]
    fn a_fault_is_named_with_its_path() {
        let fault = |path: &str, replacement: Value| {
            let mut document = serde_json::to_value(everything()).unwrap();
            *document.pointer_mut(path).unwrap() = replacement;
            // Whatever serde_json refuses is refused here too.
            assert!(serde_json::from_value::<Everything>(document.clone()).is_err(), "{path}");
            read::<Everything>(&document).unwrap_err().into_wrong().path
        };
        assert_eq!(fault("/shapes/1/Wrapped", 256.into()), "shapes[1].Wrapped");
        assert_eq!(fault("/shapes/2/Pair", vec![1].into()), "shapes[2].Pair");
        assert_eq!(fault("/shapes/3/Named/name", Value::Null), "shapes[3].Named.name");
        assert_eq!(fault("/shapes/0", "Unknown".into()), "shapes[0]");
        assert_eq!(fault("/shapes/1", "Wrapped".into()), "shapes[1]");
        assert_eq!(fault("/hash", vec![1, 2, 3].into()), "hash");
        assert_eq!(fault("/hash", vec![1, 2, 3, 4, 5].into()), "hash");
        assert_eq!(fault("/map/b", "yes".into()), "map.b");
        assert_eq!(fault("/nothing", 0.into()), "nothing");
        assert_eq!(fault("/letter", "xy".into()), "letter");
        assert_eq!(fault("/largest", (-1).into()), "largest");
        assert_eq!(fault("/largest", 0.5.into()), "largest");
    }

    #[test]
    fn a_missing_field_is_named_and_a_strange_one_is_not_looked_at() {
        let without = |path: &str, name: &str| {
            let mut document = serde_json::to_value(everything()).unwrap();
            document.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            read::<Everything>(&document)
        };
        for name in ["shapes", "tagged", "hash", "map", "nothing", "letter", "largest"] {
            let fault = without("", name).unwrap_err();
            let Wrong { path, message } = fault.into_wrong();
            assert_eq!((path.as_str(), message), ("", format!("missing field `{name}`")));
        }
        assert_eq!(without("", "missing").unwrap(), everything());
        assert_eq!(without("/shapes/3/Named", "name").unwrap_err().into_wrong().path, "shapes[3].Named");
        let mut document = serde_json::to_value(everything()).unwrap();
        document["strange"] = true.into();
        assert_eq!(read::<Everything>(&document).unwrap(), everything());
    }

    #[test]
    fn of_a_body_what_is_wrong_is_named_before_what_is_missing() {
        let body = serde_json::json!({"letter": 7});
        assert_eq!(read_body::<Everything>(&body).unwrap_err().into_wrong().path, "letter");
        assert_eq!(read::<Everything>(&body).unwrap_err().into_wrong().message, "missing field `shapes`");
        let document = serde_json::to_value(everything()).unwrap();
        assert_eq!(read_body::<Everything>(&document).unwrap(), everything());
        assert!(read_body::<Everything>(&Value::Null).is_err());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "nul", "\u{0}", &"[".repeat(10_000)] {
            parse::<Everything>(text).unwrap_err();
        }
        assert_eq!(parse::<u8>("256").unwrap_err().to_string(), "invalid value: integer `256`, expected u8");
    }
}
