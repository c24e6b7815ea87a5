//! A database in memory, so that statements are tested in the real SQLite.

use rusqlite::types::{Value as Sql, ValueRef};

use crate::room_rows::{Database, Value};

/// An empty one knows no table.
pub(crate) struct Memory(rusqlite::Connection);

/// Why a statement failed.
#[derive(Debug)]
pub(crate) enum Fault {
    Sql(#[expect(dead_code, reason = "shown when a test fails")] rusqlite::Error),
    Json(#[expect(dead_code, reason = "shown when a test fails")] serde_json::Error),
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Memory {
    pub(crate) fn new() -> Result<Self, Fault> {
        Ok(Self(rusqlite::Connection::open_in_memory()?))
    }
}

impl Database for Memory {
    type Error = Fault;

    fn run(&self, statement: &str, values: &[Value]) -> Result<(), Fault> {
        let values = values.iter().map(|value| match value {
            Value::Integer(number) => Sql::Integer(i64::try_from(*number).unwrap_or(i64::MAX)),
            Value::Text(text) => Sql::Text(text.clone()),
        });
        self.0.execute(statement, rusqlite::params_from_iter(values))?;
        Ok(())
    }

    fn column(&self, statement: &str) -> Result<Vec<Value>, Fault> {
        let mut statement = self.0.prepare(statement)?;
        let rows = statement.query_map([], |row| match row.get_ref(0)? {
            ValueRef::Integer(number) => Ok(Value::Integer(u64::try_from(number).unwrap_or_default())),
            other => Ok(Value::Text(other.as_str()?.to_owned())),
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
