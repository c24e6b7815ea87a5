//! Texts from people and programs: a value is valid, or it does not exist.

use serde::{Deserialize, Serialize};

use crate::{limits, parsed::parsed};

/// Why a text is not acceptable. The display form is fit to show beside the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing left after trimming.
    #[error("must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("must be at most {0} characters")]
    TooLong(usize),
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
    /// An address like `person@example.org`, lower-cased domain; only its form is checked.
    EmailAddress, email
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
    let (local, domain) = text.rsplit_once('@').ok_or(TextError::Malformed)?;
    let spaced = text.chars().any(char::is_whitespace);
    let dotted = domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty());
    if local.is_empty() || local.contains('@') || spaced || !dotted {
        return Err(TextError::Malformed);
    }
    Ok(format!("{local}@{}", domain.to_lowercase()))
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
        assert_eq!("Ada@Example.ORG".parse::<EmailAddress>().unwrap().as_str(), "Ada@example.org");
        for bad in ["ada", "@example.org", "ada@", "ada@example", "a b@example.org", "ada@example..org", "a@b@c.de"] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_description_with_a_thousand_media_lines_does_not_exist() {
        let offer = format!("v=0\r\n{}", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n".repeat(1000));
        assert_eq!(offer.parse::<Sdp>(), Err(TextError::Malformed));
        assert_eq!("x".repeat(limits::SDP_BYTES + 1).parse::<Sdp>(), Err(TextError::TooLong(limits::SDP_BYTES)));
    }
}
