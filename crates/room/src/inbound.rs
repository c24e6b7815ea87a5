//! From the text that came on a socket to a message that may be acted on: bounded, well formed and
//! consistent in itself. Whether the sender may say it is not decided here.

use protocol::{
    error::ErrorCode,
    limits,
    signal::{ClientMessage, MediaOffer},
};
use serde_json::Value;
use sorted::Set;

/// Characters of an explanation for a developer, which may quote what came.
const EXPLANATION_CHARS: usize = 160;
/// Bytes of a `type` that is worth repeating to its sender.
const TYPE_BYTES: usize = 24;
/// What costs the room more than a line to everybody is charged as this many messages: a full state
/// or a call to a region.
const HEAVY: u64 = 5;

/// Why a text is not a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) code: ErrorCode,
    pub(crate) explanation: String,
    /// The `type` it seems to be of.
    pub(crate) about: Option<String>,
}

/// Reads a message.
pub(crate) fn parse(text: &str) -> Result<ClientMessage, Malformed> {
    if text.len() > limits::SOCKET_MESSAGE_BYTES {
        let explanation = format!("a message has at most {} bytes", limits::SOCKET_MESSAGE_BYTES);
        return Err(Malformed { code: ErrorCode::TooLarge, explanation, about: None });
    }
    let document: Value =
        serde_json::from_str(text).map_err(|error| malformed(&shortened(&error.to_string()), None))?;
    let message = ClientMessage::read(&document)
        .map_err(|fault| malformed(&shortened(&fault.to_string()), claimed_type(&document)))?;
    match &message {
        ClientMessage::Join { offer, .. } | ClientMessage::Media { offer } => {
            consistent(offer).map_err(|explanation| malformed(explanation, Some(type_of(&message).to_owned())))?;
        }
        _ => {}
    }
    Ok(message)
}

/// The `type` of a message.
pub(crate) const fn type_of(message: &ClientMessage) -> &'static str {
    match message {
        ClientMessage::Join { .. } => "join",
        ClientMessage::Media { .. } => "media",
        ClientMessage::Describe { .. } => "describe",
        ClientMessage::Reached { .. } => "reached",
        ClientMessage::Update { .. } => "update",
        ClientMessage::Chat { .. } => "chat",
        ClientMessage::Unsay { .. } => "unsay",
        ClientMessage::RaiseHand { .. } => "raise_hand",
        ClientMessage::React { .. } => "react",
        ClientMessage::Sync => "sync",
        ClientMessage::Here => "here",
        ClientMessage::Leave => "leave",
        ClientMessage::Admit { .. } => "admit",
        ClientMessage::Deny { .. } => "deny",
        ClientMessage::AdmitAll => "admit_all",
        ClientMessage::Stop { .. } => "stop",
        ClientMessage::Permit { .. } => "permit",
        ClientMessage::Lock { .. } => "lock",
        ClientMessage::WaitingRoom { .. } => "waiting_room",
        ClientMessage::Remove { .. } => "remove",
        ClientMessage::SetCohost { .. } => "set_cohost",
        ClientMessage::LowerHand { .. } => "lower_hand",
        ClientMessage::Spotlight { .. } => "spotlight",
        ClientMessage::End => "end",
    }
}

/// What a message costs on top of the one that every text costs.
pub(crate) const fn surcharge(message: &ClientMessage) -> u64 {
    match message {
        ClientMessage::Join { .. }
        | ClientMessage::Media { .. }
        | ClientMessage::Describe { .. }
        | ClientMessage::Sync => HEAVY - 1,
        _ => 0,
    }
}

/// At most `EXPLANATION_CHARS` characters of a text.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(EXPLANATION_CHARS).collect()
}

fn malformed(explanation: &str, about: Option<String>) -> Malformed {
    Malformed { code: ErrorCode::InvalidRequest, explanation: explanation.to_owned(), about }
}

fn claimed_type(document: &Value) -> Option<String> {
    let claim = document.get("type")?.as_str()?;
    (claim.len() <= TYPE_BYTES).then(|| claim.to_owned())
}

fn consistent(offer: &MediaOffer) -> Result<(), &'static str> {
    if offer.tracks.len() > limits::TRACKS {
        return Err("an offer has at most four tracks");
    }
    let mids: Set<_> = offer.tracks.iter().map(|track| &track.mid).collect();
    let sources: Set<_> = offer.tracks.iter().map(|track| track.source).collect();
    if mids.len() != offer.tracks.len() || sources.len() != offer.tracks.len() {
        return Err("an offer names each section and each source once");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(tracks: &str) -> String {
        format!(
            r#"{{"type":"join","name":"Ada","microphone":true,"camera":false,"offer":{{"sdp":"v=0\r\n","tracks":[{tracks}]}}}}"#
        )
    }

    #[test]
    fn a_join_is_read() {
        let text = join(r#"{"mid":"0","source":"microphone"},{"mid":"1","source":"camera"}"#);
        assert_eq!(parse(&text).map(|message| type_of(&message)), Ok("join"));
    }

    #[test]
    fn tracks_are_few_and_each_is_named_once() {
        for tracks in [
            r#"{"mid":"0","source":"microphone"},{"mid":"0","source":"camera"}"#,
            r#"{"mid":"0","source":"camera"},{"mid":"1","source":"camera"}"#,
            r#"{"mid":"0","source":"camera"},{"mid":"1","source":"camera"},{"mid":"2","source":"camera"},{"mid":"3","source":"camera"},{"mid":"4","source":"camera"}"#,
        ] {
            let error = parse(&join(tracks)).unwrap_err();
            assert_eq!((error.code, error.about.as_deref()), (ErrorCode::InvalidRequest, Some("join")), "{tracks}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_as_far_as_it_can_be() {
        for (text, code, about) in [
            ("", ErrorCode::InvalidRequest, None),
            ("{", ErrorCode::InvalidRequest, None),
            ("null", ErrorCode::InvalidRequest, None),
            ("[]", ErrorCode::InvalidRequest, None),
            (r#"{"type":7}"#, ErrorCode::InvalidRequest, None),
            (r#"{"type":"chat","id":"x","text":"hi"}"#, ErrorCode::InvalidRequest, Some("chat")),
            (r#"{"type":"dance"}"#, ErrorCode::InvalidRequest, Some("dance")),
            (r#"{"type":"a type that is longer than any of ours"}"#, ErrorCode::InvalidRequest, None),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.code, error.about.as_deref()), (code, about), "{text}");
            assert!(!error.explanation.is_empty());
        }
    }

    #[test]
    fn explanations_are_short_whatever_came() {
        let error = parse(&format!(r#"{{"type":"{}"}}"#, "x".repeat(100_000))).unwrap_err();
        assert!(error.explanation.chars().count() <= EXPLANATION_CHARS);
        let error = parse(&"[".repeat(limits::SOCKET_MESSAGE_BYTES)).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        let error = parse(&"x".repeat(limits::SOCKET_MESSAGE_BYTES + 1)).unwrap_err();
        assert_eq!(error.code, ErrorCode::TooLarge);
    }
}
