//! Subject, text and HTML of a letter.

use protocol::{Millis, text::TimeZone};

use crate::letter::Mail;

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
    let _ = time;
    Rendered {
        subject: format!("{}", mail.to),
        text: String::new(),
        html: String::new(),
        links: Vec::new(),
        attachment: None,
    }
}
