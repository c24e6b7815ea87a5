//! JSON text to values, by one deserialiser for everything the edge reads.
//!
//! serde makes a copy of each type's code for each deserialiser it is read with; those copies were a
//! tenth of the Worker. So nothing here is read with `serde_json::from_str`, `from_slice` or
//! `from_value` directly, nor with `json()` of the `worker` crate. This one also says where in a
//! document a fault is. It must never accept what the derived code of a type refuses.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor, value::StrDeserializer,
};
use serde_json::{Map, Value};

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
    fn within(mut self, step: &str) -> Self {
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
}

/// A value in a document. Each method tries only what its name says: what a type does not ask for
/// makes no code.
#[derive(Clone, Copy)]
struct Located<'value>(&'value Value);

impl Located<'_> {
    #[cold]
    fn unexpected(self, expected: &dyn serde::de::Expected) -> Fault {
        Fault::invalid_type(
            match self.0 {
                Value::Null => Unexpected::Unit,
                Value::Bool(value) => Unexpected::Bool(*value),
                Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                    (Some(value), _) => Unexpected::Unsigned(value),
                    (None, Some(value)) => Unexpected::Signed(value),
                    (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
                },
                Value::String(text) => Unexpected::Str(text),
                Value::Array(_) => Unexpected::Seq,
                Value::Object(_) => Unexpected::Map,
            },
            expected,
        )
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::Number(number) = self.0 else { return Err(self.unexpected(&visitor)) };
        if let Some(value) = number.as_u64() {
            visitor.visit_u64(value)
        } else if let Some(value) = number.as_i64() {
            visitor.visit_i64(value)
        } else {
            visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
        }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::String(text) => visitor.visit_str(text),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn array<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::Array(values) = self.0 else { return Err(self.unexpected(&visitor)) };
        let mut elements = Elements { values, next: 0 };
        let read = visitor.visit_seq(&mut elements)?;
        if elements.next < values.len() {
            return Err(Fault::invalid_length(values.len(), &"fewer elements"));
        }
        Ok(read)
    }

    /// The fields of a type, by their place in it: what serde makes for that is half as large as what
    /// it makes for names in any order.
    fn fields<'de, V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        let Value::Object(object) = self.0 else { return Err(self.unexpected(&visitor)) };
        let mut places = Places { object, fields: fields.iter(), missing: None };
        visitor.visit_seq(&mut places).map_err(|fault| places.explain(fault))
    }

    fn object<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Object(object) => visitor.visit_map(Fields { object: object.iter(), value: None }),
            _ => Err(self.unexpected(&visitor)),
        }
    }
}

/// Methods of [`Deserializer`] that do the same as one of ours.
macro_rules! like {
    ($($method:ident => $ours:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> { self.$ours(visitor) })*
    };
}

impl<'de> Deserializer<'de> for Located<'_> {
    type Error = Fault;

    like! {
        deserialize_i8 => number; deserialize_i16 => number; deserialize_i32 => number; deserialize_i64 => number;
        deserialize_u8 => number; deserialize_u16 => number; deserialize_u32 => number; deserialize_u64 => number;
        deserialize_f32 => number; deserialize_f64 => number;
        deserialize_char => text; deserialize_str => text; deserialize_string => text; deserialize_identifier => text;
        deserialize_bytes => array; deserialize_byte_buf => array; deserialize_seq => array;
        deserialize_map => object;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(_) => self.number(visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.array(visitor),
            Value::Object(_) => self.object(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(self.unexpected(&visitor)) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.array(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.fields(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.0 {
            Value::String(variant) => visitor.visit_enum(Variant { variant, content: None }),
            Value::Object(object) => match (object.iter().next(), object.len()) {
                (Some((variant, content)), 1) => visitor.visit_enum(Variant { variant, content: Some(content) }),
                _ => Err(self.unexpected(&"an object with one field")),
            },
            _ => Err(self.unexpected(&"a string or an object")),
        }
    }
}

/// A document whose own fields come in any order.
#[derive(Clone, Copy)]
struct Whole<'value>(&'value Value);

impl<'de> Deserializer<'de> for Whole<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        Located(self.0).object(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The fields of a type in its order, each looked up by its name.
struct Places<'value> {
    object: &'value Map<String, Value>,
    fields: std::slice::Iter<'static, &'static str>,
    /// The last one that is not there.
    missing: Option<&'static str>,
}

impl<'value> Places<'value> {
    fn next(&mut self) -> Option<(&'static str, &'value Value)> {
        let name = *self.fields.next()?;
        match self.object.get(name) {
            Some(value) => Some((name, value)),
            None => {
                self.missing = Some(name);
                None
            }
        }
    }

    /// A fault without a path is the type's own: that it cannot be without the field missed last.
    #[cold]
    fn explain(&self, fault: Fault) -> Fault {
        match self.missing {
            Some(name) if fault.0.path.is_empty() => Fault::missing_field(name),
            _ => fault,
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Places<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        match self.next() {
            Some((name, value)) => seed.deserialize(Located(value)).map(Some).map_err(|fault| fault.within(name)),
            None => Ok(None),
        }
    }
}

struct Elements<'value> {
    values: &'value [Value],
    next: usize,
}

impl<'de> SeqAccess<'de> for &mut Elements<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let place = self.next;
        let Some(value) = self.values.get(place) else { return Ok(None) };
        self.next = place.saturating_add(1);
        seed.deserialize(Located(value)).map(Some).map_err(|fault| fault.within(&format!("[{place}]")))
    }
}

struct Fields<'value> {
    object: <&'value Map<String, Value> as IntoIterator>::IntoIter,
    /// The field whose name was read last.
    value: Option<(&'value str, &'value Value)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.object.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(Located(&Value::String(name.clone()))).map(Some).map_err(|fault| fault.within(name))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.value.take().ok_or_else(|| Fault::custom("a value without a name"))?;
        seed.deserialize(Located(value)).map_err(|fault| fault.within(name))
    }
}

struct Variant<'value> {
    variant: &'value str,
    /// Nothing for a variant that is only its name.
    content: Option<&'value Value>,
}

impl<'value> Variant<'value> {
    fn content(self) -> Result<Located<'value>, Fault> {
        self.content.map(Located).ok_or_else(|| Fault::custom("a variant without its content"))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(content) => Err(Located(content).unexpected(&"null")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let name = self.variant;
        seed.deserialize(self.content()?).map_err(|fault| fault.within(name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        let name = self.variant;
        self.content()?.array(visitor).map_err(|fault| fault.within(name))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        let name = self.variant;
        self.content()?.fields(fields, visitor).map_err(|fault| fault.within(name))
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
