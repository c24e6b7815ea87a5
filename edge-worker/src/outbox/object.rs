//! The `Outbox` object: the newest mails of one address.

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

use protocol::error::{ErrorCode, Problem};
use worker::{DurableObject, Env, Request, Response, Result, SqlStorage, SqlStorageValue, State, durable_object};

use crate::room_call::{asked, respond};

/// Mails that are kept.
const MAILS: usize = 50;

/// The object of one address.
#[durable_object(fetch)]
pub struct Outbox {
    state: State,
}

impl DurableObject for Outbox {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/keep" => {
                let (key, mail): (String, String) = asked(&mut request).await?;
                self.keep(key, mail)?;
                respond(200, &())
            }
            "/list" => respond(200, &self.list()?),
            _ => respond(404, &Problem::new(ErrorCode::NotFound, "The outbox does not know this")),
        }
    }
}

impl Outbox {
    fn keep(&self, key: String, mail: String) -> Result<()> {
        let rows = self.rows()?;
        rows.exec("INSERT OR IGNORE INTO mail VALUES (?, ?)", vec![key.into(), mail.into()])?;
        let newest = format!("SELECT rowid FROM mail ORDER BY rowid DESC LIMIT {MAILS}");
        rows.exec(&format!("DELETE FROM mail WHERE rowid NOT IN ({newest})"), None)?;
        Ok(())
    }

    fn list(&self) -> Result<Vec<String>> {
        let rows = self.rows()?.exec("SELECT record FROM mail ORDER BY rowid DESC", None)?;
        let mut mails = Vec::new();
        for row in rows.raw() {
            if let Some(SqlStorageValue::String(mail)) = row?.into_iter().next() {
                mails.push(mail);
            }
        }
        Ok(mails)
    }

    fn rows(&self) -> Result<SqlStorage> {
        let rows = self.state.storage().sql();
        rows.exec("CREATE TABLE IF NOT EXISTS mail (key TEXT PRIMARY KEY, record TEXT NOT NULL)", None)?;
        Ok(rows)
    }
}
