//! Mails on their way out: rendered, and handed to the one service that this deployment uses.
//!
//! Nothing here is retried; the queues of rooms and accounts do that with the verdict. No address, link
//! or text may get into a log.

mod cloudflare;
mod resend;

use mail::{Letter, Mail, Rendered, Verdict, render};
use protocol::text::EmailAddress;
use worker::Env;

use crate::{
    local_time::Intl,
    outbox,
    settings::{self, Transport},
};

/// A mail as a service takes it.
struct Outgoing<'a> {
    /// `Name <address>`, or an address.
    from: String,
    to: &'a EmailAddress,
    /// Whoever invites: an answer is for them.
    reply_to: Option<&'a EmailAddress>,
    rendered: Rendered,
    /// The same whenever this mail is sent again.
    idempotency_key: &'a str,
}

/// Sends a mail once. The key names it: a service that knows the key already sends nothing again.
pub async fn send(env: &Env, mail: &Mail, idempotency_key: &str) -> Verdict {
    let rendered = render(mail, &Intl);
    let transport = settings::mail_transport(env);
    if transport == Some(Transport::Outbox) {
        return outbox::keep(env, &mail.to, &rendered, idempotency_key).await;
    }
    let Some(from) = settings::mail_from(env) else {
        worker::console_error!("mail: the variable MAIL_FROM must be set");
        return Verdict::Failed;
    };
    let reply_to = match &mail.letter {
        Letter::Meeting(letter) => Some(&letter.organizer.email),
        _ => None,
    };
    let outgoing = Outgoing { from, to: &mail.to, reply_to, rendered, idempotency_key };
    match transport {
        Some(Transport::Resend(key)) => resend::send(env, &key, outgoing).await,
        Some(Transport::Cloudflare) => cloudflare::send(env, outgoing).await,
        Some(Transport::Outbox) | None => {
            worker::console_error!("mail: the variable MAIL names no way that is set up");
            Verdict::Failed
        }
    }
}
