//! Mails through Resend's HTTP API.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mail::Verdict;
use serde::Serialize;
use worker::{Env, Headers, Method, Result};

use super::Outgoing;
use crate::{outgoing, settings};

const TIMEOUT: Duration = Duration::from_secs(15);
/// Far more than an answer has.
const ANSWER_BYTES: usize = 64 * 1024;

#[derive(Serialize)]
struct Body<'a> {
    from: &'a str,
    to: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'a str>,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    attachments: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    filename: &'a str,
    content_type: &'a str,
    /// Base64.
    content: String,
}

pub(super) async fn send(env: &Env, key: &str, mail: Outgoing<'_>) -> Verdict {
    match post(env, key, &mail).await {
        Ok(status) => {
            let verdict = verdict(status);
            if verdict != Verdict::Delivered {
                worker::console_error!("mail: resend answered {status}");
            }
            verdict
        }
        Err(error) => {
            worker::console_error!("mail: resend failed: {error}");
            Verdict::Failed
        }
    }
}

async fn post(env: &Env, key: &str, mail: &Outgoing<'_>) -> Result<u16> {
    let rendered = &mail.rendered;
    let attachments = rendered.attachment.iter().map(|file| File {
        filename: file.name,
        content_type: file.content_type,
        content: STANDARD.encode(&file.content),
    });
    let body = Body {
        from: &mail.from,
        to: [mail.to.as_str()],
        reply_to: mail.reply_to.map(protocol::text::EmailAddress::as_str),
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
        attachments: attachments.collect(),
    };
    let headers = Headers::new();
    headers.set("authorization", &format!("Bearer {key}"))?;
    headers.set("content-type", "application/json")?;
    headers.set("idempotency-key", mail.idempotency_key)?;
    let url = format!("{}/emails", settings::resend_url(env).trim_end_matches('/'));
    let body = serde_json::to_string(&body)?;
    let (status, _) = outgoing::exchange(Method::Post, &url, headers, Some(body), TIMEOUT, ANSWER_BYTES).await?;
    Ok(status)
}

/// What a status says about this mail. A wrong key or domain (401, 403) is the deployment's fault and
/// can be put right, and so can a conflict, a time-out or too many mails at once.
fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Delivered,
        401 | 403 | 408 | 409 | 429 => Verdict::Failed,
        400..=499 => Verdict::Refused,
        _ => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_changes_is_final() {
        assert_eq!(verdict(200), Verdict::Delivered);
        for status in [400, 404, 413, 422, 451] {
            assert_eq!(verdict(status), Verdict::Refused, "{status}");
        }
        for status in [302, 401, 403, 408, 409, 429, 500, 503] {
            assert_eq!(verdict(status), Verdict::Failed, "{status}");
        }
    }
}
