//! The rows of a room: its schema, its migrations, and how a [`Record`] becomes a row.
//!
//! Everything is one JSON document a row, because the core reads a room as a whole and nothing
//! here searches. Written synchronously, so that what one input changes is stored together.

use protocol::limits::CHAT_HISTORY;
use room::{Record, Stored};
use serde::de::DeserializeOwned;

use crate::json;

/// Steps from an empty database to the newest schema. A step that was ever deployed never changes;
/// a new one goes at the end.
pub const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE meeting (key INTEGER PRIMARY KEY CHECK (key = 1), record TEXT NOT NULL)",
        "CREATE TABLE member (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE chat (sequence INTEGER PRIMARY KEY, record TEXT NOT NULL)",
    ],
    &[
        "CREATE TABLE waiting (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE guest (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE watcher (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE mail (id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
        "CREATE TABLE errand (id INTEGER PRIMARY KEY, record TEXT NOT NULL)",
    ],
];

/// All tables of records.
const TABLES: [&str; 8] = ["meeting", "member", "chat", "waiting", "guest", "watcher", "mail", "errand"];

/// The column by which a table's records replace each other.
fn key_of(table: &str) -> &'static str {
    match table {
        "meeting" => "key",
        "chat" => "sequence",
        _ => "id",
    }
}

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

/// Takes the steps of a schema that the database has not taken yet.
///
/// # Errors
/// What the database says.
pub fn migrate<D: Database>(database: &D, steps: &[&[&str]]) -> Result<(), D::Error> {
    database.run("CREATE TABLE IF NOT EXISTS schema (version INTEGER NOT NULL)", &[])?;
    let version = match database.column("SELECT version FROM schema")?.first() {
        Some(Value::Integer(version)) => usize::try_from(*version).unwrap_or(usize::MAX),
        _ => {
            database.run("INSERT INTO schema (version) VALUES (0)", &[])?;
            0
        }
    };
    for (number, step) in steps.iter().enumerate().skip(version) {
        for statement in *step {
            database.run(statement, &[])?;
        }
        let reached = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(1);
        database.run("UPDATE schema SET version = ?", &[Value::Integer(reached)])?;
    }
    Ok(())
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
        let Some(meeting) = self.records("meeting")?.pop() else { return Ok(None) };
        Ok(Some(Stored {
            meeting,
            members: self.records("member")?,
            chat: self.records("chat")?,
            waiting: self.records("waiting")?,
            guests: self.records("guest")?,
            watchers: self.records("watcher")?,
            mails: self.records("mail")?,
            errands: self.records("errand")?,
        }))
    }

    /// Makes the tables, or brings them up to date.
    ///
    /// # Errors
    /// What the database says.
    pub fn migrate(&self) -> Result<(), D::Error> {
        migrate(&self.0, MIGRATIONS)
    }

    /// Stores a record. [`Record::Forgotten`] empties the tables; dropping the database itself is
    /// for the driver.
    ///
    /// # Errors
    /// What the database says.
    pub fn save(&self, record: &Record) -> Result<(), D::Error> {
        let text = |text: &str| Value::Text(text.to_owned());
        match record {
            Record::Meeting(meeting) => self.put("meeting", Value::Integer(1), document(meeting)?),
            Record::Member(member) => self.put("member", text(&member.id.0.to_string()), document(member)?),
            Record::MemberGone(id) => self.drop("member", text(&id.0.to_string())),
            Record::Waiting(waiting) => self.put("waiting", text(&waiting.person.id.0.to_string()), document(waiting)?),
            Record::WaitingGone(id) => self.drop("waiting", text(&id.0.to_string())),
            Record::Guest(guest) => self.put("guest", text(guest.email.as_str()), document(guest)?),
            Record::GuestGone(email) => self.drop("guest", text(email.as_str())),
            Record::Watcher(account) => self.put("watcher", text(account.as_str()), document(account)?),
            Record::WatcherGone(account) => self.drop("watcher", text(account.as_str())),
            Record::Mail(entry) => self.put("mail", Value::Integer(entry.id), document(entry)?),
            Record::MailGone(id) => self.drop("mail", Value::Integer(*id)),
            Record::Errand(entry) => self.put("errand", Value::Integer(entry.id), document(entry)?),
            Record::ErrandGone(id) => self.drop("errand", Value::Integer(*id)),
            Record::Chat(said) => {
                self.put("chat", Value::Integer(said.sequence), document(said)?)?;
                let oldest = said.sequence.saturating_sub(u64::try_from(CHAT_HISTORY).unwrap_or(u64::MAX));
                self.0.run("DELETE FROM chat WHERE sequence <= ?", &[Value::Integer(oldest)])
            }
            Record::Erased => self.empty(&["member", "waiting", "watcher", "chat"]),
            Record::Forgotten => self.empty(&TABLES),
        }
    }

    fn put(&self, table: &str, key: Value, record: Value) -> Result<(), D::Error> {
        self.0.run(&format!("INSERT OR REPLACE INTO {table} VALUES (?, ?)"), &[key, record])
    }

    fn drop(&self, table: &str, key: Value) -> Result<(), D::Error> {
        self.0.run(&format!("DELETE FROM {table} WHERE id = ?"), &[key])
    }

    fn empty(&self, tables: &[&str]) -> Result<(), D::Error> {
        tables.iter().try_for_each(|table| self.0.run(&format!("DELETE FROM {table}"), &[]))
    }

    /// All records of a table, in the order of their keys.
    fn records<T: DeserializeOwned>(&self, table: &str) -> Result<Vec<T>, D::Error> {
        let texts = self.texts(table)?;
        texts.iter().map(|text| Ok(json::parse(text)?)).collect()
    }

    fn texts(&self, table: &str) -> Result<Vec<String>, D::Error> {
        let key = key_of(table);
        let values = self.0.column(&format!("SELECT record FROM {table} ORDER BY {key}"))?;
        Ok(values
            .into_iter()
            .map(|value| match value {
                Value::Text(text) => text,
                Value::Integer(number) => number.to_string(),
            })
            .collect())
    }
}

fn document<T: serde::Serialize>(value: &T) -> Result<Value, serde_json::Error> {
    serde_json::to_string(value).map(Value::Text)
}

#[cfg(test)]
mod tests {
    use mail::Mail;
    use protocol::{
        id::{AccountId, ChatId, ParticipantId},
        rest::{Delivery, RoomKind},
        signal::{ClientMessage, MediaOffer, WaitingPerson},
        text::EmailAddress,
    };
    use room::{
        Connection, ConnectionId, Errand, Guest, Identity, Input, Invitee, NewRoom, Output, Question, Room, Waiting,
    };
    use uuid::Uuid;

    use super::*;
    use crate::memory_database::Memory;

    fn empty() -> Rows<Memory> {
        Rows(Memory::new().unwrap())
    }

    fn tables(rows: &Rows<Memory>) -> usize {
        rows.0.column("SELECT name FROM sqlite_master").unwrap().len()
    }

    /// Gives the room an input and saves what it asks for, as the driver does.
    fn drive(rows: &Rows<Memory>, room: &mut Room, now: u64, input: Input) {
        room.handle(now, input);
        save_outputs(rows, room);
    }

    fn save_outputs(rows: &Rows<Memory>, room: &mut Room) {
        while let Some(output) = room.poll_output() {
            if let Output::Save(record) = output {
                rows.save(&record).unwrap();
            }
        }
    }

    fn owner() -> Identity {
        Identity {
            account: "b".repeat(64).parse().unwrap(),
            email: "ada@example.org".parse().unwrap(),
            name: "Ada".parse().unwrap(),
        }
    }

    fn new_room() -> NewRoom {
        NewRoom {
            id: "a".repeat(64).parse().unwrap(),
            code: "abc-defg-hjk".parse().unwrap(),
            title: "Stand-up".parse().unwrap(),
            kind: RoomKind::Public,
            host_secret_hash: Some([7; 32]),
            owner: Some(owner()),
            schedule: None,
            invite: vec![Invitee { email: "grace@example.org".parse().unwrap(), cohost: false }],
            letters: true,
            origin: "https://meet.example".into(),
        }
    }

    fn say(message: &ClientMessage) -> String {
        serde_json::to_string(message).unwrap()
    }

    /// A room that one person joined and said `messages` in.
    fn lived_in(rows: &Rows<Memory>, messages: u128) -> Room {
        rows.migrate().unwrap();
        let mut room = Room::create(1, new_room());
        save_outputs(rows, &mut room);
        let connection = ConnectionId(1);
        let participant = ParticipantId(Uuid::from_u128(1));
        drive(
            rows,
            &mut room,
            2,
            Input::Connected(Connection {
                id: connection,
                participant,
                host: true,
                identity: Some(owner()),
                email: None,
                location: None,
            }),
        );
        let watch = Question::Watch { account: owner().account, watch: true };
        drive(rows, &mut room, 3, Input::Asked { id: 1, question: watch });
        let offer = MediaOffer { sdp: "v=0\r\n".parse().unwrap(), tracks: Vec::new() };
        let join = ClientMessage::Join {
            name: Some("Ada".parse().unwrap()),
            microphone: true,
            camera: false,
            direct: false,
            offer,
        };
        drive(rows, &mut room, 3, Input::Received { connection, text: say(&join) });
        for number in 0..messages {
            let chat =
                ClientMessage::Chat { id: ChatId(Uuid::from_u128(number)), text: "Hello".parse().unwrap(), to: None };
            let now = 1_000 + u64::try_from(number).unwrap() * 1_000;
            drive(rows, &mut room, now, Input::Received { connection, text: say(&chat) });
        }
        room
    }

    #[test]
    fn asking_for_a_room_that_is_not_there_writes_nothing() {
        let rows = empty();
        assert_eq!(rows.load().unwrap(), None);
        assert_eq!(tables(&rows), 0);
    }

    #[test]
    fn what_was_saved_is_loaded() {
        let rows = empty();
        let room = lived_in(&rows, 3);
        let stored = rows.load().unwrap().unwrap();
        assert_eq!(stored.members.len(), 1);
        assert_eq!(stored.chat.iter().map(|message| message.sequence).collect::<Vec<_>>(), [1, 2, 3]);
        // Every record that the core asked for is what it would be restored from.
        assert_eq!(Some(stored), room.stored());
    }

    #[test]
    fn only_the_newest_messages_are_kept() {
        let rows = empty();
        lived_in(&rows, u128::try_from(CHAT_HISTORY).unwrap() + 5);
        let count = rows.0.column("SELECT COUNT(*) FROM chat").unwrap();
        assert_eq!(count, [Value::Integer(u64::try_from(CHAT_HISTORY).unwrap())]);
        let chat = rows.load().unwrap().unwrap().chat;
        assert_eq!((chat.len(), chat.first().unwrap().sequence), (CHAT_HISTORY, 6));
    }

    #[test]
    fn an_ended_meeting_keeps_only_its_own_row() {
        let rows = empty();
        let mut room = lived_in(&rows, 3);
        drive(&rows, &mut room, 9_000, Input::Received { connection: ConnectionId(1), text: say(&ClientMessage::End) });
        let stored = rows.load().unwrap().unwrap();
        assert!(stored.members.is_empty() && stored.chat.is_empty());
        rows.save(&Record::Forgotten).unwrap();
        assert_eq!(rows.load().unwrap(), None);
    }

    #[test]
    fn people_and_what_is_owed_to_them_come_and_go_by_their_keys() {
        let rows = empty();
        lived_in(&rows, 1);
        let before = rows.load().unwrap().unwrap();
        let guest: EmailAddress = "late@example.org".parse().unwrap();
        let account: AccountId = "d".repeat(64).parse().unwrap();
        let participant = ParticipantId(Uuid::from_u128(9));
        let person = WaitingPerson {
            id: participant,
            name: "Łukasz".parse().unwrap(),
            email: Some(guest.clone()),
            verified: false,
            since: 5,
        };
        let letter = mail::Letter::Reset { name: "Ada".parse().unwrap(), link: "https://meet.example/reset".into() };
        let entry = |item| mail::Entry { id: 1 << 40, item, failures: 1, due_at: 7 };
        let errand = Errand::Gone { email: guest.clone(), revision: 3 };
        let invited = |cohost| {
            let email = guest.clone();
            Record::Guest(Guest { email, invited: true, cohost, attended: false, delivery: Delivery::Failed })
        };
        for record in [
            Record::Waiting(Waiting { person, admitted: true, leaves_at: None }),
            invited(false),
            invited(true),
            Record::Watcher(account.clone()),
            Record::Mail(entry(Mail { to: guest.clone(), letter })),
            Record::Errand(mail::Entry { id: 1 << 41, item: errand, failures: 0, due_at: 8 }),
        ] {
            rows.save(&record).unwrap();
        }
        let stored = rows.load().unwrap().unwrap();
        assert_eq!(stored.waiting.len(), before.waiting.len() + 1);
        assert_eq!(stored.guests.iter().find(|other| other.email == guest).map(|guest| guest.cohost), Some(true));
        assert!(stored.watchers.contains(&account));
        assert_eq!(stored.mails.last().map(|entry| entry.id), Some(1 << 40));
        assert_eq!(stored.errands.last().map(|entry| entry.id), Some(1 << 41));
        for record in [
            Record::WaitingGone(participant),
            Record::GuestGone(guest),
            Record::WatcherGone(account),
            Record::MailGone(1 << 40),
            Record::ErrandGone(1 << 41),
        ] {
            rows.save(&record).unwrap();
        }
        assert_eq!(rows.load().unwrap().unwrap(), before);
    }

    #[test]
    fn every_older_schema_is_brought_up_to_date_once() {
        for version in 0..=MIGRATIONS.len() {
            let rows = empty();
            rows.0.run("CREATE TABLE schema (version INTEGER NOT NULL)", &[]).unwrap();
            rows.0
                .run("INSERT INTO schema (version) VALUES (?)", &[Value::Integer(u64::try_from(version).unwrap())])
                .unwrap();
            for statement in MIGRATIONS[..version].iter().copied().flatten() {
                rows.0.run(statement, &[]).unwrap();
            }
            // Twice: an object loads its rows after every awakening.
            rows.load().unwrap();
            rows.load().unwrap();
            assert_eq!(
                rows.0.column("SELECT version FROM schema").unwrap(),
                [Value::Integer(u64::try_from(MIGRATIONS.len()).unwrap())]
            );
            lived_in(&rows, 1);
            assert_eq!(rows.load().unwrap().unwrap().chat.len(), 1);
        }
    }
}
