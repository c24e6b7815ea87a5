//! The rows of an account: its schema, its migrations, and how a [`Record`] becomes a row.
//!
//! One table for each kind of row, with a key and a JSON document, because the core reads an account
//! as a whole and nothing here searches. Written synchronously, so that what one input changes is
//! stored together. It must never make a table for an address that nobody uses.

use account::{Record, Stored};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    json,
    room_rows::{Database, Value, migrate},
};

/// Steps from an empty database to the newest schema. A step that was ever deployed never changes;
/// a new one goes at the end.
pub const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE core (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL)",
    "CREATE TABLE session (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE meeting (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE mail (id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
    "CREATE TABLE errand (id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
]];

const TABLES: [&str; 5] = ["core", "session", "meeting", "mail", "errand"];

/// The rows of one account.
#[derive(Debug)]
pub struct AccountRows<D>(pub D);

impl<D: Database> AccountRows<D> {
    /// Everything that is stored; nothing, and nothing written, where nobody has used the address.
    /// Brings an older schema up to date.
    ///
    /// # Errors
    /// What the database says, or a row that does not parse.
    pub fn load(&self) -> Result<Option<Stored>, D::Error> {
        if !self.is_used()? {
            return Ok(None);
        }
        migrate(&self.0, MIGRATIONS)?;
        Ok(Some(Stored {
            core: self.records("core")?.pop(),
            sessions: self.records("session")?,
            meetings: self.records("meeting")?,
            mails: self.records("mail")?,
            errands: self.records("errand")?,
        }))
    }

    /// Stores a record; makes the tables for the first one. [`Record::Forgotten`] empties them;
    /// dropping the database itself is for the driver.
    ///
    /// # Errors
    /// What the database says.
    pub fn save(&self, record: &Record) -> Result<(), D::Error> {
        if !self.is_used()? {
            migrate(&self.0, MIGRATIONS)?;
        }
        match record {
            Record::Core(core) => self.put("core", Value::Integer(1), json(core)?),
            Record::Session(session) => self.put("session", text(&session.id.0), json(session)?),
            Record::SessionGone(id) => self.remove("session", text(&id.0)),
            Record::Meeting(meeting) => self.put("meeting", text(&meeting.details.id), json(meeting)?),
            Record::MeetingGone(room) => self.remove("meeting", text(room)),
            Record::Mail(entry) => self.put("mail", Value::Integer(entry.id), json(entry)?),
            Record::MailGone(id) => self.remove("mail", Value::Integer(*id)),
            Record::Errand(entry) => self.put("errand", Value::Integer(entry.id), json(entry)?),
            Record::ErrandGone(id) => self.remove("errand", Value::Integer(*id)),
            Record::Forgotten => TABLES.iter().try_for_each(|table| self.0.run(&format!("DELETE FROM {table}"), &[])),
        }
    }

    fn is_used(&self) -> Result<bool, D::Error> {
        Ok(!self.0.column("SELECT name FROM sqlite_master WHERE name = 'schema'")?.is_empty())
    }

    fn put(&self, table: &str, id: Value, record: Value) -> Result<(), D::Error> {
        self.0.run(&format!("INSERT OR REPLACE INTO {table} (id, record) VALUES (?, ?)"), &[id, record])
    }

    fn remove(&self, table: &str, id: Value) -> Result<(), D::Error> {
        self.0.run(&format!("DELETE FROM {table} WHERE id = ?"), &[id])
    }

    /// All records of a table, in the order of their keys.
    fn records<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<T>, D::Error> {
        self.texts(table)?.iter().map(|text| Ok(json::parse(text)?)).collect()
    }

    fn texts(&self, table: &str) -> Result<Vec<String>, D::Error> {
        let values = self.0.column(&format!("SELECT record FROM {table} ORDER BY id"))?;
        Ok(values
            .into_iter()
            .map(|value| match value {
                Value::Text(text) => text,
                Value::Integer(number) => number.to_string(),
            })
            .collect())
    }
}

fn text(id: &dyn std::fmt::Display) -> Value {
    Value::Text(id.to_string())
}

fn json<T: Serialize>(value: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_string(value).map(Value::Text)
}

#[cfg(test)]
mod tests {
    use account::{Account, Input, Output, Question, Random};
    use mail::Verdict;
    use protocol::text::NewPassword;

    use super::*;
    use crate::memory_database::Memory;

    const NOW: u64 = 1_800_000_000_000;

    fn empty() -> AccountRows<Memory> {
        AccountRows(Memory::new().unwrap())
    }

    fn tables(rows: &AccountRows<Memory>) -> usize {
        rows.0.column("SELECT name FROM sqlite_master").unwrap().len()
    }

    fn restored(rows: &AccountRows<Memory>) -> Account {
        let id = "a".repeat(64).parse().unwrap();
        match rows.load().unwrap() {
            Some(stored) => Account::restore(NOW, id, stored, Vec::new()),
            None => Account::new(id),
        }
    }

    /// Gives the account an input and saves what it asks for, as the driver does. Returns mails.
    fn drive(rows: &AccountRows<Memory>, account: &mut Account, input: Input) -> Vec<u64> {
        account.handle(NOW, input);
        let mut posts = Vec::new();
        while let Some(output) = account.poll_output() {
            match output {
                Output::Save(record) => rows.save(&record).unwrap(),
                Output::Post { id, .. } => posts.push(id),
                _ => {}
            }
        }
        posts
    }

    fn asked(question: Question) -> Input {
        Input::Asked { id: 1, random: Random([7; 64]), question }
    }

    fn register() -> Input {
        asked(Question::Register {
            name: "Ada".parse().unwrap(),
            email: "ada@example.org".parse().unwrap(),
            password: "correct horse".parse::<NewPassword>().unwrap().into(),
            origin: "https://meet.example".into(),
        })
    }

    #[test]
    fn looking_at_an_address_that_nobody_uses_writes_nothing() {
        let rows = empty();
        let mut account = restored(&rows);
        for question in [
            Question::Verify { secret: "abc".into() },
            Question::Resend { email: "ada@example.org".parse().unwrap(), origin: "https://meet.example".into() },
        ] {
            assert!(drive(&rows, &mut account, asked(question)).is_empty());
        }
        assert_eq!((rows.load().unwrap(), tables(&rows)), (None, 0));
    }

    #[test]
    fn what_was_saved_is_loaded_and_its_mail_goes_out_again() {
        let rows = empty();
        let mut account = restored(&rows);
        let posts = drive(&rows, &mut account, register());
        assert_eq!(posts.len(), 1);
        assert_eq!(rows.load().unwrap(), Some(account.stored()));
        // It was not confirmed: whoever wakes up hands it out again.
        let mut account = restored(&rows);
        assert_eq!(drive(&rows, &mut account, Input::Woken), posts);
        drive(&rows, &mut account, Input::Posted { id: posts[0], verdict: Verdict::Delivered });
        assert_eq!(rows.load().unwrap(), Some(account.stored()));
        assert!(rows.load().unwrap().unwrap().mails.is_empty());
    }

    #[test]
    fn nothing_is_left_of_what_is_forgotten() {
        let rows = empty();
        let mut account = restored(&rows);
        drive(&rows, &mut account, register());
        rows.save(&Record::Forgotten).unwrap();
        assert_eq!(rows.load().unwrap(), Some(Stored::default()));
    }

    #[test]
    fn every_older_schema_is_brought_up_to_date_once() {
        for version in 0..=MIGRATIONS.len() {
            let rows = empty();
            rows.0.run("CREATE TABLE schema (version INTEGER NOT NULL)", &[]).unwrap();
            let number = Value::Integer(u64::try_from(version).unwrap());
            rows.0.run("INSERT INTO schema (version) VALUES (?)", &[number]).unwrap();
            for statement in MIGRATIONS[..version].iter().copied().flatten() {
                rows.0.run(statement, &[]).unwrap();
            }
            // Twice: an object loads its rows after every awakening.
            rows.load().unwrap();
            rows.load().unwrap();
            let newest = Value::Integer(u64::try_from(MIGRATIONS.len()).unwrap());
            assert_eq!(rows.0.column("SELECT version FROM schema").unwrap(), [newest]);
            let mut account = restored(&rows);
            drive(&rows, &mut account, register());
            assert_eq!(rows.load().unwrap(), Some(account.stored()));
        }
    }
}
