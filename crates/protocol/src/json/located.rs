//! The deserialiser itself: a [`Value`] as serde's derived code asks for it.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor, value::StrDeserializer,
};
use serde_json::{Map, Value};

use super::Fault;

/// A value in a document. Each method tries only what its name says: what a type does not ask for
/// makes no code.
#[derive(Clone, Copy)]
pub(super) struct Located<'value>(pub(super) &'value Value);

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
pub(super) struct Whole<'value>(pub(super) &'value Value);

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
