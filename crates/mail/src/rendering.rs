//! Subject, text and HTML of a letter.

use protocol::{Millis, text::TimeZone};

use crate::{
    calendar::{Method, calendar},
    letter::{Letter, Mail, MeetingLetter, Notice},
};

/// How moments read where a reader is. The platform knows the time zones.
pub trait LocalTime {
    /// A moment with weekday, date, time and the zone's name, such as "Friday, 20 November 2026 at
    /// 18:00 CET"; in UTC where the zone is absent or unknown.
    fn describe(&self, at: Millis, zone: Option<&TimeZone>) -> String;
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// `invitation.ics`
    pub name: &'static str,
    /// With parameters: `text/calendar; charset=utf-8; method=REQUEST`.
    pub content_type: &'static str,
    /// UTF-8.
    pub content: String,
}

/// A mail as a mail service takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A whole HTML document that loads nothing from anywhere.
    pub html: String,
    /// Where a button leads; also in the text.
    pub links: Vec<String>,
    /// A calendar file, for scheduled meetings.
    pub attachment: Option<Attachment>,
}

/// Writes a mail. Everything that people wrote is escaped.
#[must_use]
pub fn render(mail: &Mail, time: &dyn LocalTime) -> Rendered {
    let page = page(&mail.letter, time);
    let attachment = match &mail.letter {
        Letter::Meeting(letter) => calendar(letter, Some(&mail.to)).map(|content| Attachment {
            name: "invitation.ics",
            content_type: Method::of(letter.notice, Some(&mail.to)).content_type(),
            content,
        }),
        _ => None,
    };
    Rendered {
        text: page.text(),
        html: page.html(),
        links: page.links.into_iter().map(|(_, link)| link).collect(),
        subject: page.subject,
        attachment,
    }
}

/// What a mail says, before it is text or HTML.
struct Page {
    subject: String,
    /// Sentences, each a paragraph.
    paragraphs: Vec<String>,
    /// "When", "Where" and the like.
    facts: Vec<(&'static str, String)>,
    /// What to do: the first is a button, the others follow it.
    links: Vec<(&'static str, String)>,
    /// In small print.
    remark: &'static str,
}

fn page(letter: &Letter, time: &dyn LocalTime) -> Page {
    let page = |subject: &str, name: &str, sentences: &[&str], links: &[(&'static str, &String)], remark| Page {
        subject: subject.to_owned(),
        paragraphs: std::iter::once(greeting(name)).chain(sentences.iter().map(|&text| text.to_owned())).collect(),
        facts: Vec::new(),
        links: links.iter().map(|&(label, link)| (label, link.clone())).collect(),
        remark,
    };
    match letter {
        Letter::Verification { name, link } => page(
            "Confirm your email address",
            name.as_str(),
            &["Confirm that this address is yours, and your Meridian account is ready."],
            &[("Confirm address", link)],
            "If you did not sign up, do nothing: there will be no account.",
        ),
        Letter::AlreadyRegistered { name, signin_link, reset_link } => page(
            "You already have an account",
            name.as_str(),
            &["Somebody, probably you, signed up with this address. It has a Meridian account already: sign in."],
            &[("Sign in", signin_link), ("Choose a new password", reset_link)],
            "If it was not you, do nothing: your account is as it was.",
        ),
        Letter::Reset { name, link } => page(
            "Choose a new password",
            name.as_str(),
            &["Somebody, probably you, asked for a new password for your Meridian account."],
            &[("Choose a new password", link)],
            "If it was not you, do nothing: your password stays as it is. The link works once, and not for long.",
        ),
        Letter::AccountChanged { name, what, reset_link } => page(
            "Your account was changed",
            name.as_str(),
            &[what, "If that was not you, choose a new password now: that signs everybody else out."],
            &[("Choose a new password", reset_link)],
            "If it was you, there is nothing to do.",
        ),
        Letter::Meeting(letter) => meeting(letter, time),
        Letter::MissedCall { name, email, link, at } => Page {
            subject: format!("{name} called you"),
            paragraphs: vec![format!("{name} ({email}) called you with Meridian and may still be waiting.")],
            facts: vec![("When", time.describe(*at, None))],
            links: vec![("Join the call", link.clone())],
            remark: "You get this because somebody called your address.",
        },
    }
}

fn meeting(letter: &MeetingLetter, time: &dyn LocalTime) -> Page {
    let MeetingLetter { notice, title, link, schedule, organizer, .. } = letter;
    let host = format!("{} ({})", organizer.name, organizer.email);
    let (what, sentence) = match notice {
        Notice::Invitation => ("Invitation", format!("{host} invites you to a meeting.")),
        Notice::Change => ("Changed", format!("{host} changed this meeting. This is how it is now.")),
        Notice::Cancellation => ("Cancelled", format!("{host} called this meeting off, or took your invitation back.")),
    };
    let mut facts = vec![("What", title.to_string())];
    if let Some(schedule) = schedule {
        facts.push(("When", time.describe(schedule.starts_at, schedule.time_zone.as_ref())));
        facts.push(("How long", duration(schedule.duration_minutes)));
    }
    let comes = *notice != Notice::Cancellation;
    Page {
        subject: format!("{what}: {title}"),
        paragraphs: vec![sentence],
        facts,
        links: if comes { vec![("Join meeting", link.clone())] } else { Vec::new() },
        remark: "You get this because somebody invited your address to a meeting.",
    }
}

fn duration(minutes: u32) -> String {
    let counted = |count: u32, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match (minutes / 60, minutes % 60) {
        (0, minutes) => counted(minutes, "minute"),
        (hours, 0) => counted(hours, "hour"),
        (hours, minutes) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
    }
}

/// By name, unless a mail program would make a link of it: whoever signs up with an address that is
/// not theirs chooses the name that its owner reads.
fn greeting(name: &str) -> String {
    if name.contains(['.', '/', ':', '@']) { "Hello,".to_owned() } else { format!("Hello {name},") }
}

impl Page {
    fn text(&self) -> String {
        let mut text = self.paragraphs.join("\n\n");
        text.push('\n');
        for (position, (label, value)) in self.facts.iter().enumerate() {
            text.push_str(&format!("{}{label}: {value}\n", if position == 0 { "\n" } else { "" }));
        }
        for (label, link) in &self.links {
            text.push_str(&format!("\n{label}:\n{link}\n"));
        }
        text.push_str(&format!("\n-- \n{}\n", self.remark));
        text
    }

    /// Without a background or a colour of its own except on the button, so that it reads well in
    /// whatever theme the mail program has.
    fn html(&self) -> String {
        let mut html = String::from(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>",
        );
        push_escaped(&mut html, &self.subject);
        html.push_str(
            "</title></head><body style=\"margin:0;padding:24px;\
             font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif\">\
             <div style=\"max-width:520px;margin:0 auto\">\
             <p style=\"margin:0 0 24px;font-weight:600;letter-spacing:.02em\">Meridian</p>\
             <h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3;overflow-wrap:anywhere\">",
        );
        push_escaped(&mut html, &self.subject);
        html.push_str("</h1>");
        for paragraph in &self.paragraphs {
            element(&mut html, "<p style=\"margin:0 0 16px;overflow-wrap:anywhere\">", paragraph, "</p>");
        }
        if !self.facts.is_empty() {
            html.push_str("<table role=\"presentation\" style=\"margin:0 0 16px;border-spacing:0\">");
            for (label, value) in &self.facts {
                let cell = "<tr><td style=\"padding:4px 16px 4px 0;vertical-align:top;opacity:.7\">";
                element(&mut html, cell, label, "</td>");
                let cell = "<td style=\"padding:4px 0;font-weight:600;overflow-wrap:anywhere\">";
                element(&mut html, cell, value, "</td></tr>");
            }
            html.push_str("</table>");
        }
        for (position, (label, link)) in self.links.iter().enumerate() {
            html.push_str("<p style=\"margin:0 0 16px\"><a target=\"_blank\" href=\"");
            push_escaped(&mut html, link);
            html.push_str(if position == 0 {
                "\" style=\"display:inline-block;padding:12px 24px;border-radius:8px;\
                 background:#3d55d6;color:#fff;font-weight:600;text-decoration:none\">"
            } else {
                "\">"
            });
            push_escaped(&mut html, label);
            html.push_str("</a></p>");
        }
        let remark =
            "<p style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid #8886;font-size:13px;opacity:.7\">";
        element(&mut html, remark, self.remark, "</p>");
        html.push_str("</div></body></html>");
        html
    }
}

fn element(html: &mut String, open: &str, text: &str, close: &str) {
    html.push_str(open);
    push_escaped(html, text);
    html.push_str(close);
}

/// Adds a text to a document, as text also inside of quotes.
pub fn push_escaped(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{rest::Schedule, text::DisplayName};

    use super::*;
    use crate::letter::Organizer;

    struct Zoned;

    impl LocalTime for Zoned {
        fn describe(&self, at: Millis, zone: Option<&TimeZone>) -> String {
            format!("{at} in {}", zone.map_or("UTC", TimeZone::as_str))
        }
    }

    fn mail(letter: Letter) -> Mail {
        Mail { to: "grace@example.org".parse().unwrap(), letter }
    }

    fn invitation(notice: Notice, title: &str) -> Letter {
        Letter::Meeting(MeetingLetter {
            notice,
            room: "a".repeat(64).parse().unwrap(),
            sequence: 0,
            title: title.parse().unwrap(),
            link: "https://meet.example/m/abc-defg-hjk".into(),
            schedule: Some(Schedule {
                starts_at: 1_795_255_200_000,
                duration_minutes: 61,
                time_zone: Some("Europe/Berlin".parse().unwrap()),
            }),
            organizer: Organizer { name: "Ada".parse().unwrap(), email: "ada@example.org".parse().unwrap() },
            at: 1_795_000_000_000,
        })
    }

    fn every_letter(name: &DisplayName) -> Vec<Letter> {
        let link = || "https://meet.example/x#token=a.b&c".to_owned();
        vec![
            Letter::Verification { name: name.clone(), link: link() },
            Letter::AlreadyRegistered { name: name.clone(), signin_link: link(), reset_link: link() },
            Letter::Reset { name: name.clone(), link: link() },
            Letter::AccountChanged { name: name.clone(), what: "It was changed.".into(), reset_link: link() },
            invitation(Notice::Invitation, name.as_str()),
            invitation(Notice::Change, name.as_str()),
            Letter::MissedCall {
                name: name.clone(),
                email: "ada@example.org".parse().unwrap(),
                link: link(),
                at: 1_795_000_000_000,
            },
        ]
    }

    #[test]
    fn every_letter_says_what_to_do_in_both_parts() {
        for letter in every_letter(&"Ada".parse().unwrap()) {
            let rendered = render(&mail(letter), &Zoned);
            assert!(!rendered.subject.is_empty() && !rendered.links.is_empty());
            for link in &rendered.links {
                assert!(rendered.text.contains(&format!("\n{link}\n")), "{}", rendered.text);
                assert!(rendered.html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))));
            }
        }
    }

    #[test]
    fn an_invitation_says_when_in_the_organisers_zone_and_carries_a_calendar_file() {
        let rendered = render(&mail(invitation(Notice::Invitation, "Plan")), &Zoned);
        assert_eq!(rendered.subject, "Invitation: Plan");
        assert!(rendered.text.contains("When: 1795255200000 in Europe/Berlin\nHow long: 1 hour 1 minute\n"));
        let file = rendered.attachment.unwrap();
        assert_eq!(file.content_type, "text/calendar; charset=utf-8; method=REQUEST");
        let content = file.content.replace("\r\n ", "");
        assert!(content.contains("METHOD:REQUEST\r\n") && content.contains(":mailto:grace@example.org\r\n"));
    }

    #[test]
    fn a_cancellation_leads_nowhere_and_takes_the_entry_out_of_the_calendar() {
        let rendered = render(&mail(invitation(Notice::Cancellation, "Plan")), &Zoned);
        assert!(rendered.links.is_empty() && !rendered.html.contains("href"));
        assert!(rendered.attachment.unwrap().content.contains("METHOD:CANCEL"));
    }

    #[test]
    fn a_name_that_looks_like_an_address_is_not_repeated_to_a_stranger() {
        let letter = Letter::Verification { name: "win at evil.example".parse().unwrap(), link: "https://x".into() };
        let rendered = render(&mail(letter), &Zoned);
        assert!(!rendered.text.contains("evil") && !rendered.html.contains("evil"));
    }

    #[test]
    fn lengths_read_as_people_say_them() {
        assert_eq!(duration(1), "1 minute");
        assert_eq!(duration(45), "45 minutes");
        assert_eq!(duration(60), "1 hour");
        assert_eq!(duration(150), "2 hours 30 minutes");
    }

    proptest! {
        #[test]
        fn no_name_adds_markup_or_loads_anything(name in "[\\PC<>\"'&]{1,64}") {
            let Ok(name) = name.parse::<DisplayName>() else { return Ok(()) };
            let plain = every_letter(&"Ada".parse().unwrap());
            for (letter, plain) in every_letter(&name).into_iter().zip(plain) {
                let rendered = render(&mail(letter), &Zoned);
                let expected = render(&mail(plain), &Zoned);
                let marks = |html: &str| html.matches(['<', '>', '"']).count();
                prop_assert_eq!(marks(&rendered.html), marks(&expected.html));
                prop_assert!(!rendered.html.contains("src=") && !rendered.html.contains("url("));
                prop_assert!(!rendered.subject.contains(['\r', '\n']));
            }
        }
    }
}
