//! Calendar files (iCalendar, RFC 5545) of meetings, as invitations (iTIP, RFC 5546).
//!
//! Times are written in UTC, which every calendar shows in its reader's own zone. Whatever people
//! wrote stays inside its value: it can end neither a line nor a parameter.

use protocol::{Millis, moment::Moment, text::EmailAddress};

use crate::letter::{MeetingLetter, Notice};

/// Octets of a line without its end (RFC 5545 §3.1).
const LINE_OCTETS: usize = 75;
const MINUTE_MS: Millis = 60_000;

/// What a calendar does with a file: the `METHOD` of RFC 5546 §1.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// For everybody who has the file.
    Publish,
    /// Asks one person to come.
    Request,
    /// Takes an earlier request back.
    Cancel,
}

impl Method {
    /// How a letter's file is meant, for the person it goes to or for a download.
    #[must_use]
    pub const fn of(notice: Notice, attendee: Option<&EmailAddress>) -> Self {
        match (attendee, notice) {
            (None, _) => Self::Publish,
            (Some(_), Notice::Cancellation) => Self::Cancel,
            (Some(_), Notice::Invitation | Notice::Change) => Self::Request,
        }
    }

    /// As it is written in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }

    /// The media type of such a file; mail programs look for the method here too (RFC 6047 §2.4).
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Publish => "text/calendar; charset=utf-8; method=PUBLISH",
            Self::Request => "text/calendar; charset=utf-8; method=REQUEST",
            Self::Cancel => "text/calendar; charset=utf-8; method=CANCEL",
        }
    }
}

/// The calendar file of a meeting for one person, or for a download where nobody is named. Nothing
/// for a meeting without a schedule.
#[must_use]
pub fn calendar(letter: &MeetingLetter, attendee: Option<&EmailAddress>) -> Option<String> {
    let schedule = letter.schedule.as_ref()?;
    let ends_at = schedule.starts_at.saturating_add(Millis::from(schedule.duration_minutes) * MINUTE_MS);
    let organizer = &letter.organizer;
    let cancelled = letter.notice == Notice::Cancellation;
    let mut file = Lines(String::new());
    file.add("BEGIN:VCALENDAR");
    file.add("VERSION:2.0");
    file.add("PRODID:-//Meridian//Meridian//EN");
    file.property("METHOD:", Method::of(letter.notice, attendee).name());
    file.add("BEGIN:VEVENT");
    file.add(&format!("UID:{}@meridian", letter.room));
    file.add(&format!("SEQUENCE:{}", letter.sequence));
    file.property("DTSTAMP:", &utc(letter.at));
    file.property("DTSTART:", &utc(schedule.starts_at));
    file.property("DTEND:", &utc(ends_at));
    file.property("SUMMARY:", &text(letter.title.as_str()));
    file.property("DESCRIPTION:", &text(&format!("Join with Meridian: {}", letter.link)));
    file.property("LOCATION:", &text(&letter.link));
    file.property("URL:", &letter.link);
    file.add(&format!("ORGANIZER;CN={}:{}", quoted(organizer.name.as_str()), mailto(&organizer.email)));
    if let Some(attendee) = attendee {
        let address = mailto(attendee);
        file.add(&format!("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:{address}"));
    }
    file.property("STATUS:", if cancelled { "CANCELLED" } else { "CONFIRMED" });
    file.add("END:VEVENT");
    file.add("END:VCALENDAR");
    Some(file.0)
}

struct Lines(String);

impl Lines {
    fn property(&mut self, name: &str, value: &str) {
        self.add(&format!("{name}{value}"));
    }

    /// One content line, folded (RFC 5545 §3.1) between characters.
    fn add(&mut self, line: &str) {
        let mut octets = 0;
        // No value here has a reason to hold a control character, and a line end would begin a new line.
        for character in line.chars().filter(|c| !c.is_control()) {
            if octets + character.len_utf8() > LINE_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            octets += character.len_utf8();
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }
}

/// `20261121T100000Z` (RFC 5545 §3.3.5, form 2).
fn utc(at: Millis) -> String {
    let at = Moment(at).civil();
    format!("{:04}{:02}{:02}T{:02}{:02}{:02}Z", at.year, at.month, at.day, at.hour, at.minute, at.second)
}

/// RFC 5545 §3.3.11.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// RFC 5545 §3.2: nothing can stand for a double quote in there.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "'"))
}

/// RFC 6068 §2, with everything encoded that has a meaning in a URI.
fn mailto(address: &EmailAddress) -> String {
    let mut uri = "mailto:".to_owned();
    for byte in address.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+~!$'*=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{rest::Schedule, text::Title};

    use super::*;
    use crate::letter::Organizer;

    fn letter(title: &str, name: &str) -> MeetingLetter {
        MeetingLetter {
            notice: Notice::Invitation,
            room: "a".repeat(64).parse().unwrap(),
            sequence: 3,
            title: title.parse().unwrap(),
            link: "https://meet.example/m/abc-defg-hjk".into(),
            schedule: Some(Schedule { starts_at: 1_795_255_200_000, duration_minutes: 90, time_zone: None }),
            organizer: Organizer { name: name.parse().unwrap(), email: "ada@example.org".parse().unwrap() },
            at: 1_795_000_000_999,
        }
    }

    fn grace() -> EmailAddress {
        "grace@example.org".parse().unwrap()
    }

    /// The content lines of a file as a calendar reads them.
    fn unfolded(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn an_invitation_says_what_when_where_and_who() {
        let lines = unfolded(&calendar(&letter("Plan; and, so \\ on", "Ada \"A\" L"), Some(&grace())).unwrap());
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Meridian//Meridian//EN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            &format!("UID:{}@meridian", "a".repeat(64)),
            "SEQUENCE:3",
            "DTSTAMP:20261118T110640Z",
            "DTSTART:20261121T100000Z",
            "DTEND:20261121T113000Z",
            "SUMMARY:Plan\\; and\\, so \\\\ on",
            "DESCRIPTION:Join with Meridian: https://meet.example/m/abc-defg-hjk",
            "LOCATION:https://meet.example/m/abc-defg-hjk",
            "URL:https://meet.example/m/abc-defg-hjk",
            "ORGANIZER;CN=\"Ada 'A' L\":mailto:ada@example.org",
            "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:grace@example.org",
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_cancellation_and_a_download_say_what_they_are() {
        let mut letter = letter("Plan", "Ada");
        let download = calendar(&letter, None).unwrap();
        assert!(download.contains("METHOD:PUBLISH\r\n") && !download.contains("ATTENDEE"));
        letter.notice = Notice::Cancellation;
        let cancellation = calendar(&letter, Some(&grace())).unwrap();
        assert!(cancellation.contains("METHOD:CANCEL\r\n") && cancellation.contains("STATUS:CANCELLED\r\n"));
        letter.schedule = None;
        assert_eq!(calendar(&letter, Some(&grace())), None);
    }

    #[test]
    fn an_address_stays_one_uri() {
        let odd: EmailAddress = "o'b?cc=x&%#y@example.org".parse().unwrap();
        assert_eq!(mailto(&odd), "mailto:o'b%3Fcc=x%26%25%23y@example.org");
    }

    proptest! {
        #[test]
        fn nothing_that_people_write_makes_a_line_or_a_long_one(
            title in "[\\PC\\r\\n\";:,\\\\]{1,120}",
            name in "[\\PC\\r\\n\";:,\\\\]{1,64}",
            local in "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,40}",
        ) {
            let parsed = (title.parse::<Title>(), name.parse(), format!("{local}@example.org").parse::<EmailAddress>());
            let (Ok(title), Ok(name), Ok(attendee)) = parsed else { return Ok(()) };
            let mut letter = letter("Plan", "Ada");
            letter.organizer.name = name;
            let plain = unfolded(&calendar(&letter, Some(&grace())).unwrap()).len();
            letter.title = title.clone();
            let file = calendar(&letter, Some(&attendee)).unwrap();
            for line in file.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE_OCTETS && !line.contains(['\r', '\n']), "{line:?}");
            }
            let lines = unfolded(&file);
            prop_assert_eq!(lines.len(), plain);
            let summary = lines.iter().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
            prop_assert_eq!(unescaped(summary), title.as_str());
            let organizer = lines.iter().find_map(|line| line.strip_prefix("ORGANIZER;CN=")).unwrap();
            prop_assert_eq!(organizer.matches('"').count(), 2);
            prop_assert!(organizer.ends_with("\":mailto:ada@example.org"));
        }
    }

    fn unescaped(text: &str) -> String {
        let mut characters = text.chars();
        let mut plain = String::new();
        while let Some(character) = characters.next() {
            plain.push(if character == '\\' { characters.next().unwrap() } else { character });
        }
        plain
    }
}
