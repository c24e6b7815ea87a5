//! The user fragments that one browser goes by: another with each restart of ICE (RFC 8445 §9).
//!
//! A browser restarts ICE when its network changed, often while nothing but media could tell anybody.
//! So nobody tells the region: it learns the new fragment from the first check that has it and was
//! made with this end's password, which only the browser and the edge know. This end's own fragment,
//! password and address stay.

/// Characters of a fragment (RFC 8839 §5.4).
const CHARACTERS: std::ops::RangeInclusive<usize> = 4..=256;
/// Restarts in the life of a session. Whoever needs more opens another session.
const RESTARTS: usize = 256;

/// What a fragment in a check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The browser goes by it.
    Current,
    /// The browser restarted ICE, if the check is its own.
    New,
    /// It went by it before, or nobody could go by it. Late checks must not undo a restart.
    Void,
}

/// The fragments of one browser.
#[derive(Debug)]
pub(crate) struct Fragments {
    current: String,
    past: Vec<String>,
}

impl Fragments {
    /// Those of a browser that made this offer; none when it names none.
    pub(crate) fn offered(sdp: &str) -> Option<Self> {
        let current = sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"))?.trim_end().to_owned();
        Some(Self { current, past: Vec::new() })
    }

    /// What a fragment in a check means.
    pub(crate) fn meaning(&self, fragment: &str) -> Meaning {
        if fragment == self.current {
            Meaning::Current
        } else if self.past.len() < RESTARTS && is_valid(fragment) && !self.past.iter().any(|past| past == fragment) {
            Meaning::New
        } else {
            Meaning::Void
        }
    }

    /// The browser goes by another one from now on.
    pub(crate) fn follow(&mut self, fragment: &str) {
        let past = std::mem::replace(&mut self.current, fragment.to_owned());
        self.past.push(past);
    }
}

/// A description that says nothing but that the browser goes by this fragment. Its password would be
/// needed for checks of this end, which makes none.
pub(crate) fn description(fragment: &str) -> String {
    format!(
        "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE none\r\n\
         a=ice-ufrag:{fragment}\r\na=ice-pwd:{PASSWORD}\r\nm=none 9 UDP/DTLS/SCTP none\r\na=mid:none\r\n"
    )
}

/// Stands in for the browser's password, in the shortest form that one may have.
const PASSWORD: &str = "0000000000000000000000";

/// Letters, digits, `+` and `/` (RFC 8839 §5.4), so nothing that could end a line of a description.
fn is_valid(fragment: &str) -> bool {
    let is_ice_character = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    CHARACTERS.contains(&fragment.len()) && fragment.bytes().all(is_ice_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Fragments {
        Fragments::offered("v=0\r\na=ice-ufrag:abcd\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:abcd\r\n")
            .unwrap()
    }

    #[test]
    fn a_fragment_is_current_new_or_past() {
        let mut fragments = offered();
        assert_eq!(fragments.meaning("abcd"), Meaning::Current);
        assert_eq!(fragments.meaning("efgh"), Meaning::New);
        fragments.follow("efgh");
        assert_eq!(fragments.meaning("efgh"), Meaning::Current);
        assert_eq!(fragments.meaning("abcd"), Meaning::Void, "a late check of before changes nothing");
    }

    #[test]
    fn what_is_no_fragment_is_void() {
        let fragments = offered();
        let long = "x".repeat(257);
        for bad in ["", "abc", "ab cd", "abcd\r\na=x", "abcd:", "äbcd", &long] {
            assert_eq!(fragments.meaning(bad), Meaning::Void, "{bad:?}");
        }
        assert_eq!(fragments.meaning(&long[1..]), Meaning::New);
        assert!(Fragments::offered("v=0\r\n").is_none());
    }

    #[test]
    fn restarts_are_bounded() {
        let mut fragments = offered();
        for restart in 0..RESTARTS {
            let fragment = format!("{restart:04}");
            assert_eq!(fragments.meaning(&fragment), Meaning::New);
            fragments.follow(&fragment);
        }
        assert_eq!(fragments.meaning("again"), Meaning::Void);
    }
}
