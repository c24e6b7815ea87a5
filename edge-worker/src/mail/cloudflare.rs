//! Mails through Cloudflare's `send_email` binding.

use mail::Verdict;
use worker::{
    EmailAddress, EmailAttachment, Env, SendEmail, SendEmailBuilder,
    js_sys::{Reflect, Uint8Array},
};

use super::Outgoing;

pub(super) async fn send(env: &Env, mail: Outgoing<'_>) -> Verdict {
    let Ok(binding) = env.get_binding::<SendEmail>("EMAIL") else {
        worker::console_error!("mail: the binding EMAIL is missing");
        return Verdict::Failed;
    };
    match binding.send_with_builder(&message(&mail)).await {
        Ok(_) => Verdict::Delivered,
        Err(error) => {
            // Its message may name an address; its code never does.
            let code = Reflect::get(&error, &"code".into()).ok().and_then(|code| code.as_string()).unwrap_or_default();
            worker::console_error!("mail: cloudflare refused: {code}");
            verdict(&code)
        }
    }
}

fn message(mail: &Outgoing<'_>) -> SendEmailBuilder {
    let rendered = &mail.rendered;
    let (name, address) = sender(&mail.from);
    let message = SendEmailBuilder::new_with_email_address_and_str(
        &EmailAddress::new(name, address),
        mail.to.as_str(),
        &rendered.subject,
    );
    message.set_text(&rendered.text);
    message.set_html(&rendered.html);
    if let Some(organizer) = mail.reply_to {
        message.set_reply_to(organizer.as_str());
    }
    if let Some(file) = &rendered.attachment {
        // As bytes: a text would be taken for base64.
        let content = Uint8Array::from(file.content.as_bytes());
        let attachment =
            EmailAttachment::new_attachment_with_array_buffer(file.name, file.content_type, &content.buffer());
        message.set_attachments(&[attachment]);
    }
    message
}

/// `Name <address>`, or an address.
fn sender(from: &str) -> (&str, &str) {
    match from.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim_end().trim_end_matches('>')),
        None => ("Meridian", from),
    }
}

/// Whether trying again can help.
fn verdict(code: &str) -> Verdict {
    match code {
        "E_RECIPIENT_SUPPRESSED" | "E_RECIPIENT_NOT_ALLOWED" | "E_VALIDATION_ERROR" | "E_CONTENT_TOO_LARGE" => {
            Verdict::Refused
        }
        _ => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_has_a_name_and_an_address() {
        assert_eq!(sender("Meet <no-reply@meet.example>"), ("Meet", "no-reply@meet.example"));
        assert_eq!(sender("\"Meet, us\" <a@meet.example> "), ("Meet, us", "a@meet.example"));
        assert_eq!(sender("a@meet.example"), ("Meridian", "a@meet.example"));
    }

    #[test]
    fn an_unknown_fault_is_tried_again() {
        assert_eq!(verdict("E_RECIPIENT_SUPPRESSED"), Verdict::Refused);
        assert_eq!(verdict("E_RATE_LIMIT_EXCEEDED"), Verdict::Failed);
        assert_eq!(verdict(""), Verdict::Failed);
    }
}
