//! What was found where something else was expected, in serde's words.

use std::fmt::{Display, Formatter, Result};

use serde::de::Unexpected;
use serde_json::Value;

/// Written here because serde's own code formats numbers with the standard library, which needs 2 % of
/// the Worker for fractions; JSON's code for them is there anyway.
pub(super) struct Found<'found>(pub(super) Unexpected<'found>);

impl Display for Found<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(match self.0 {
            Unexpected::Bool(value) => return write!(formatter, "boolean `{value}`"),
            Unexpected::Unsigned(value) => return write!(formatter, "integer `{value}`"),
            Unexpected::Signed(value) => return write!(formatter, "integer `{value}`"),
            Unexpected::Float(value) => return write!(formatter, "floating point `{}`", Value::from(value)),
            Unexpected::Char(value) => return write!(formatter, "character `{value}`"),
            Unexpected::Str(value) => return write!(formatter, "string {value:?}"),
            Unexpected::Bytes(_) => "byte array",
            Unexpected::Unit => "unit value",
            Unexpected::Option => "Option value",
            Unexpected::NewtypeStruct => "newtype struct",
            Unexpected::Seq => "sequence",
            Unexpected::Map => "map",
            Unexpected::Enum => "enum",
            Unexpected::UnitVariant => "unit variant",
            Unexpected::NewtypeVariant => "newtype variant",
            Unexpected::TupleVariant => "tuple variant",
            Unexpected::StructVariant => "struct variant",
            Unexpected::Other(other) => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_serde() {
        for found in [
            Unexpected::Bool(true),
            Unexpected::Unsigned(u64::MAX),
            Unexpected::Signed(-1),
            Unexpected::Float(0.5),
            Unexpected::Float(-3.0),
            Unexpected::Char('é'),
            Unexpected::Str("a \"word\"\n"),
            Unexpected::Bytes(b"a"),
            Unexpected::Unit,
            Unexpected::Option,
            Unexpected::NewtypeStruct,
            Unexpected::Seq,
            Unexpected::Map,
            Unexpected::Enum,
            Unexpected::UnitVariant,
            Unexpected::NewtypeVariant,
            Unexpected::TupleVariant,
            Unexpected::StructVariant,
            Unexpected::Other("a moment"),
        ] {
            assert_eq!(Found(found).to_string(), found.to_string());
        }
    }
}
