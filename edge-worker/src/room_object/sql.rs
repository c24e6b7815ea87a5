//! Rows in the SQLite database of an object.

use worker::{Error, Result, SqlStorage, SqlStorageValue};

use crate::room_rows::{Database, Value};

/// The database of one object.
#[derive(Debug)]
pub struct ObjectDatabase(pub SqlStorage);

impl Database for ObjectDatabase {
    type Error = Error;

    fn run(&self, statement: &str, values: &[Value]) -> Result<()> {
        let values = values.iter().map(bound).collect::<Result<Vec<_>>>()?;
        self.0.exec(statement, values).map(|_| ())
    }

    fn column(&self, statement: &str) -> Result<Vec<Value>> {
        self.0
            .exec(statement, None)?
            .raw()
            .map(|row| row?.into_iter().next().map_or_else(|| Err(unexpected()), value))
            .collect()
    }
}

fn bound(value: &Value) -> Result<SqlStorageValue> {
    match value {
        Value::Integer(number) => SqlStorageValue::try_from_i64(i64::try_from(*number).map_err(|_| unexpected())?),
        Value::Text(text) => Ok(SqlStorageValue::String(text.clone())),
    }
}

fn value(value: SqlStorageValue) -> Result<Value> {
    match value {
        SqlStorageValue::Integer(number) => u64::try_from(number).map(Value::Integer).map_err(|_| unexpected()),
        SqlStorageValue::String(text) => Ok(Value::Text(text)),
        _ => Err(unexpected()),
    }
}

fn unexpected() -> Error {
    Error::RustError("a row holds a value of an unexpected type".into())
}
