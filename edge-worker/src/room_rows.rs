//! The rows of a room: its schema, its migrations, and how a [`Record`] becomes a row.
//!
//! Everything is one JSON document a row, because the core reads a room as a whole and nothing
//! here searches. Written synchronously, so that what one input changes is stored together.

use protocol::{limits::CHAT_HISTORY, signal::ChatMessage};
use room::{Meeting, Member, Record, Stored};
use serde::de::DeserializeOwned;

/// Steps from an empty database to the newest schema. A step that was ever deployed never changes;
/// a new one goes at the end.
pub const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE meeting (key INTEGER PRIMARY KEY CHECK (key = 1), record TEXT NOT NULL)",
    "CREATE TABLE member (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE chat (sequence INTEGER PRIMARY KEY, record TEXT NOT NULL)",
]];

/// A value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// At most 2⁵³.
    Integer(u64),
    /// UTF-8.
    Text(String),
}

/// SQLite, as little of it as a room needs.
pub trait Database {
    /// Why a statement failed.
    type Error: From<serde_json::Error>;

    /// Runs one statement.
    ///
    /// # Errors
    /// What the database says.
    fn run(&self, statement: &str, values: &[Value]) -> Result<(), Self::Error>;

    /// Runs one statement and takes the first column of each row.
    ///
    /// # Errors
    /// What the database says.
    fn column(&self, statement: &str) -> Result<Vec<Value>, Self::Error>;
}

/// The rows of one room.
#[derive(Debug)]
pub struct Rows<D>(pub D);

impl<D: Database> Rows<D> {
    /// Everything that is stored; nothing where no meeting was ever made here. Brings an older
    /// schema up to date, and never writes where there is no meeting: an object that somebody
    /// merely asks for must not begin to cost.
    ///
    /// # Errors
    /// What the database says, or a row that does not parse.
    pub fn load(&self) -> Result<Option<Stored>, D::Error> {
        if self.0.column("SELECT name FROM sqlite_master WHERE name = 'schema'")?.is_empty() {
            return Ok(None);
        }
        self.migrate()?;
        let Some(meeting) = self.records::<Meeting>("SELECT record FROM meeting")?.pop() else { return Ok(None) };
        let members = self.records::<Member>("SELECT record FROM member ORDER BY id")?;
        let newest = format!(
            "SELECT record FROM (SELECT sequence, record FROM chat ORDER BY sequence DESC LIMIT {CHAT_HISTORY}) ORDER BY sequence"
        );
        let chat = self.records::<ChatMessage>(&newest)?;
        Ok(Some(Stored { meeting, members, chat }))
    }

    /// Makes the tables, or brings them up to date.
    ///
    /// # Errors
    /// What the database says.
    pub fn migrate(&self) -> Result<(), D::Error> {
        self.0.run("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)", &[])?;
        let version = match self.0.column("SELECT version FROM schema")?.first() {
            Some(Value::Integer(version)) => usize::try_from(*version).unwrap_or(usize::MAX),
            _ => {
                self.0.run("INSERT INTO schema (version) VALUES (0)", &[])?;
                0
            }
        };
        for (number, step) in MIGRATIONS.iter().enumerate().skip(version) {
            for statement in *step {
                self.0.run(statement, &[])?;
            }
            let reached = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(1);
            self.0.run("UPDATE schema SET version = ?", &[Value::Integer(reached)])?;
        }
        Ok(())
    }

    /// Stores a record. [`Record::Forgotten`] empties the tables; dropping the database itself is
    /// for the driver.
    ///
    /// # Errors
    /// What the database says.
    pub fn save(&self, record: &Record) -> Result<(), D::Error> {
        match record {
            Record::Meeting(meeting) => self.0.run(
                "INSERT INTO meeting (key, record) VALUES (1, ?) ON CONFLICT (key) DO UPDATE SET record = excluded.record",
                &[json(meeting)?],
            ),
            Record::Member(member) => self.0.run(
                "INSERT INTO member (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",
                &[Value::Text(member.id.0.to_string()), json(member)?],
            ),
            Record::MemberGone(id) => self.0.run("DELETE FROM member WHERE id = ?", &[Value::Text(id.0.to_string())]),
            Record::Chat(message) => {
                self.0.run(
                    "INSERT INTO chat (sequence, record) VALUES (?, ?) ON CONFLICT (sequence) DO UPDATE SET record = excluded.record",
                    &[Value::Integer(message.sequence), json(message)?],
                )?;
                let oldest = message.sequence.saturating_sub(u64::try_from(CHAT_HISTORY).unwrap_or(u64::MAX));
                self.0.run("DELETE FROM chat WHERE sequence <= ?", &[Value::Integer(oldest)])
            }
            Record::Erased => {
                self.0.run("DELETE FROM member", &[])?;
                self.0.run("DELETE FROM chat", &[])
            }
            Record::Forgotten => {
                self.0.run("DELETE FROM member", &[])?;
                self.0.run("DELETE FROM chat", &[])?;
                self.0.run("DELETE FROM meeting", &[])
            }
        }
    }

    fn records<T: DeserializeOwned>(&self, statement: &str) -> Result<Vec<T>, D::Error> {
        self.0
            .column(statement)?
            .iter()
            .map(|value| match value {
                Value::Text(text) => Ok(serde_json::from_str(text)?),
                Value::Integer(number) => Ok(serde_json::from_value((*number).into())?),
            })
            .collect()
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_string(value).map(Value::Text)
}
