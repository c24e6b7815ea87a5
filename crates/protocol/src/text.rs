//! Texts from people and programs: a value is valid, or it does not exist.

use serde::{Deserialize, Serialize};

use crate::{
    limits,
    parsed::{parsed, secret},
};

/// Why a text is not acceptable. The display form is fit to show beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("must be at most {0} characters")]
    TooLong(usize),
    /// Shorter than allowed.
    #[error("must be at least {0} characters")]
    TooShort(usize),
    /// Control characters, or bidirectional overrides that would disguise the text around it.
    #[error("contains characters that are not allowed")]
    Forbidden,
    /// Not in the expected form.
    #[error("is not valid")]
    Malformed,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        parsed! { $(#[$doc])* $name, TextError, $parse }
    };
}

text! {
    /// A person's name as others see it: one line, 1 to [`limits::NAME_CHARS`] characters.
    DisplayName, |text| single_line(&text, limits::NAME_CHARS)
}
text! {
    /// A meeting's title: one line, 1 to [`limits::TITLE_CHARS`] characters.
    Title, |text| single_line(&text, limits::TITLE_CHARS)
}
text! {
    /// A chat message: 1 to [`limits::CHAT_CHARS`] characters, lines allowed.
    ChatText, |text| {
        let text = text.replace("\r\n", "\n");
        bounded(&text, limits::CHAT_CHARS, |c| c == '\n' || c == '\t')
    }
}
text! {
    /// An address like `person@example.org`: a dot-atom in ASCII (RFC 5322 §3.2.3) at a domain of two
    /// or more labels (RFC 1123 §2.1), so that it stands in a mail's header as nothing but itself.
    /// Whether there is such a mailbox is not checked. Lower-cased as a whole: the
    /// local part may distinguish case (RFC 5321 §2.4), and no mailbox in use does, so that one
    /// person's spellings of their address are one account.
    EmailAddress, email
}
text! {
    /// An IANA time zone name such as `Europe/Berlin`; only its form is checked.
    TimeZone, |text| {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'/'));
        if fits { Ok(text) } else { Err(TextError::Malformed) }
    }
}
text! {
    /// A language tag such as `en` or `pt-BR` (RFC 5646); only its form is checked.
    Locale, |text| {
        let fits = (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits { Ok(text) } else { Err(TextError::Malformed) }
    }
}
text! {
    /// A colour as `#rrggbb` in lower case.
    Color, |text| {
        let text = text.to_ascii_lowercase();
        let digits = text.strip_prefix('#').unwrap_or_default();
        let fits = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if fits { Ok(text) } else { Err(TextError::Malformed) }
    }
}
text! {
    /// A small picture as a `data:` URL (RFC 2397): JPEG, PNG or WebP in base64, at most
    /// [`limits::PICTURE_BYTES`] bytes of text.
    Picture, picture
}
text! {
    /// A token that this edge gave out, as it travels: 1 to 512 of the characters of base64url and dots.
    Token, |text| {
        let fits = (1..=512).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if fits { Ok(text) } else { Err(TextError::Malformed) }
    }
}
secret! {
    /// A password that somebody chooses: [`limits::PASSWORD_CHARS_LEAST`] to
    /// [`limits::PASSWORD_CHARS`] characters (NIST SP 800-63B §5.1.1.2), any of them.
    NewPassword, |text| {
        let count = text.chars().count();
        if count < limits::PASSWORD_CHARS_LEAST {
            Err(TextError::TooShort(limits::PASSWORD_CHARS_LEAST))
        } else if count > limits::PASSWORD_CHARS {
            Err(TextError::TooLong(limits::PASSWORD_CHARS))
        } else {
            Ok(text)
        }
    }
}
secret! {
    /// A password that somebody shows: 1 to [`limits::PASSWORD_CHARS`] characters.
    Password, |text| {
        if text.is_empty() {
            Err(TextError::Empty)
        } else if text.chars().count() > limits::PASSWORD_CHARS {
            Err(TextError::TooLong(limits::PASSWORD_CHARS))
        } else {
            Ok(text)
        }
    }
}

impl EmailAddress {
    /// What stands after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.as_str().rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}
text! {
    /// A session description (RFC 8866), at most [`limits::SDP_BYTES`] bytes with at most
    /// [`limits::SDP_MEDIA_LINES`] `m=` lines. The forwarder parses the rest.
    Sdp, sdp
}

fn single_line(text: &str, most: usize) -> Result<String, TextError> {
    bounded(text, most, |_| false)
}

fn bounded(text: &str, most: usize, also: fn(char) -> bool) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    if text.chars().any(|c| forbidden(c) && !also(c)) {
        return Err(TextError::Forbidden);
    }
    Ok(text.to_owned())
}

fn forbidden(c: char) -> bool {
    // Unicode TR 36 §2.5: explicit embeddings, overrides and isolates reorder what stands beside them.
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn email(text: String) -> Result<String, TextError> {
    let text = single_line(&text, limits::EMAIL_BYTES)?;
    if text.len() > limits::EMAIL_BYTES {
        return Err(TextError::TooLong(limits::EMAIL_BYTES));
    }
    let (local, domain) = text.split_once('@').ok_or(TextError::Malformed)?;
    let named = domain.rsplit_once('.').is_some_and(|(_, last)| !last.bytes().all(|b| b.is_ascii_digit()));
    if named && domain.split('.').all(is_label) && is_local_part(local) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(TextError::Malformed)
    }
}

/// At most 64 bytes (RFC 5321 §4.5.3.1.1), and none of them the beginning of an encoded word (RFC 2047
/// §2), which some programs would decode.
fn is_local_part(text: &str) -> bool {
    let is_atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    text.len() <= 64
        && !text.contains("=?")
        && text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom))
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn picture(text: String) -> Result<String, TextError> {
    if text.len() > limits::PICTURE_BYTES {
        return Err(TextError::TooLong(limits::PICTURE_BYTES));
    }
    let kinds = ["data:image/jpeg;base64,", "data:image/png;base64,", "data:image/webp;base64,"];
    let data = kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or_default();
    let fits = !data.is_empty() && data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    if fits { Ok(text) } else { Err(TextError::Malformed) }
}

fn sdp(text: String) -> Result<String, TextError> {
    if text.len() > limits::SDP_BYTES {
        return Err(TextError::TooLong(limits::SDP_BYTES));
    }
    if !text.starts_with("v=0") {
        return Err(TextError::Malformed);
    }
    if text.lines().filter(|line| line.starts_with("m=")).count() > limits::SDP_MEDIA_LINES {
        return Err(TextError::Malformed);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded_in_characters() {
        assert_eq!("  Zoë ".parse::<DisplayName>().unwrap().as_str(), "Zoë");
        assert_eq!("   ".parse::<DisplayName>(), Err(TextError::Empty));
        assert!("é".repeat(limits::NAME_CHARS).parse::<DisplayName>().is_ok());
        assert_eq!("é".repeat(limits::NAME_CHARS + 1).parse::<DisplayName>(), Err(TextError::TooLong(64)));
    }

    #[test]
    fn texts_cannot_reorder_what_stands_beside_them() {
        assert_eq!("a\u{202e}b".parse::<DisplayName>(), Err(TextError::Forbidden));
        assert_eq!("a\nb".parse::<DisplayName>(), Err(TextError::Forbidden));
        assert_eq!("a\r\nb".parse::<ChatText>().unwrap().as_str(), "a\nb");
    }

    #[test]
    fn addresses_need_a_local_part_and_a_dotted_domain() {
        assert_eq!("Ada@Example.ORG".parse::<EmailAddress>().unwrap().as_str(), "ada@example.org");
        assert_eq!("ada@example.org".parse::<EmailAddress>().unwrap().domain(), "example.org");
        for bad in ["ada", "@example.org", "ada@", "ada@example", "a b@example.org", "ada@example..org", "a@b@c.de"] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_nothing_else_to_whoever_reads_a_mails_header() {
        let (local, label) = ("l".repeat(64), "d".repeat(63));
        for good in ["o'neil+a/b=c@example.org", "a.b.c@x-1.example.museum", "1@2.co", "a@xn--bcher-kva.example"] {
            assert_eq!(good.parse::<EmailAddress>().unwrap().as_str(), good);
        }
        assert!(format!("{local}@{label}.org").parse::<EmailAddress>().is_ok());
        for bad in [
            "x<boss@corp.example>",
            "boss@corp.example>",
            "x@y.example,boss@corp.example",
            "x,boss@corp.example",
            "x;boss@corp.example",
            "group:boss@corp.example",
            "(x)boss@corp.example",
            "\"x y\"@example.org",
            "x\\y@example.org",
            "=?utf-8?q?boss?=@corp.example",
            "zoë@example.org",
            "zoe@exämple.org",
            ".a@example.org",
            "a.@example.org",
            "a..b@example.org",
            "a@-b.org",
            "a@b-.org",
            "a@b_c.org",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
            "a@example.123",
            "a@example.org.",
            "a@example.org%0d",
        ] {
            assert_eq!(bad.parse::<EmailAddress>(), Err(TextError::Malformed), "{bad}");
        }
        assert!(format!("{local}l@example.org").parse::<EmailAddress>().is_err());
        assert!(format!("a@{label}d.org").parse::<EmailAddress>().is_err());
    }

    #[test]
    fn passwords_are_bounded_and_never_shown() {
        assert_eq!("1234567".parse::<NewPassword>(), Err(TextError::TooShort(8)));
        assert_eq!("é".repeat(129).parse::<NewPassword>(), Err(TextError::TooLong(128)));
        let password = " pass phrase ".parse::<NewPassword>().unwrap();
        assert_eq!(password.expose(), " pass phrase ");
        assert!(!format!("{password:?}").contains("phrase"));
        assert_eq!("".parse::<Password>(), Err(TextError::Empty));
    }

    #[test]
    fn pictures_colours_zones_and_tokens_have_their_form() {
        assert!("data:image/png;base64,iVBORw0KGgo=".parse::<Picture>().is_ok());
        for bad in [
            "data:image/svg+xml;base64,AAAA",
            "https://x.example/a.png",
            "data:image/png;base64,",
            "data:image/png;base64,<b>",
        ] {
            assert!(bad.parse::<Picture>().is_err(), "{bad}");
        }
        assert_eq!("#A0b1C2".parse::<Color>().unwrap().as_str(), "#a0b1c2");
        assert!("red".parse::<Color>().is_err());
        assert!("America/Argentina/Buenos_Aires".parse::<TimeZone>().is_ok());
        assert!("Europe Berlin".parse::<TimeZone>().is_err());
        assert!("pt-BR".parse::<Locale>().is_ok() && "p".parse::<Locale>().is_err());
        assert!("a.b-c_d".parse::<Token>().is_ok() && "a b".parse::<Token>().is_err());
    }

    #[test]
    fn a_description_with_a_thousand_media_lines_does_not_exist() {
        let offer = format!("v=0\r\n{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(1000));
        assert_eq!(offer.parse::<Sdp>(), Err(TextError::Malformed));
        assert_eq!("x".repeat(limits::SDP_BYTES + 1).parse::<Sdp>(), Err(TextError::TooLong(limits::SDP_BYTES)));
    }
}
