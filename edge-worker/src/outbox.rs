//! The development outbox: what was "mailed" to each address, for a developer and for tests to read.
//!
//! One object for each address keeps its newest mails. Production never comes here.

mod object;

use mail::{Rendered, Verdict};
use protocol::{Millis, text::EmailAddress};
use serde::Serialize;
use worker::{Env, Method, Stub};

pub use object::Outbox;

use crate::{clock, problem::Refusal, room_call, settings};

/// A mail as `GET /dev/outbox` shows it.
#[derive(Serialize)]
struct Sent<'a> {
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    links: &'a [String],
    /// Milliseconds since the epoch.
    sent_at: Millis,
    attachments: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    name: &'a str,
    content_type: &'a str,
    content: &'a str,
}

/// Keeps a mail; again under the same key changes nothing.
pub async fn keep(env: &Env, to: &EmailAddress, mail: &Rendered, key: &str) -> Verdict {
    let attachments = mail.attachment.iter().map(|file| File {
        name: file.name,
        content_type: file.content_type,
        content: &file.content,
    });
    let sent = Sent {
        to: to.as_str(),
        subject: &mail.subject,
        text: &mail.text,
        html: &mail.html,
        links: &mail.links,
        sent_at: clock::now(),
        attachments: attachments.collect(),
    };
    let kept = async {
        let text = serde_json::to_string(&sent).map_err(|error| Refusal::internal(&error))?;
        room_call::ask::<()>(&stub(env, to)?, Method::Post, "/keep", Some(&(key, text))).await
    };
    if kept.await.is_ok() { Verdict::Delivered } else { Verdict::Failed }
}

/// The mails to an address, newest first, each as JSON.
///
/// # Errors
/// `internal`.
pub async fn list(env: &Env, to: &EmailAddress) -> Result<Vec<String>, Refusal> {
    room_call::ask(&stub(env, to)?, Method::Get, "/list", None::<&()>).await
}

fn stub(env: &Env, to: &EmailAddress) -> Result<Stub, Refusal> {
    let name = settings::address_key(env)?.object_name(to);
    Ok(env.durable_object("OUTBOX")?.get_by_name(&name)?)
}
