//! What a home page's socket does, and how much of it is borne.

use protocol::{
    Millis,
    account::{HomeEvent, HomeMessage},
    id::CallId,
};
use serde_json::Value;

use crate::{
    Account,
    interface::{Connection, ConnectionId, Output},
    sockets::Verdict,
};

/// Bytes of the longest message that is looked at.
const MESSAGE_BYTES: usize = 1_024;
/// RFC 6455 §7.4.1: the message makes no sense.
const UNREADABLE: u16 = 1007;
/// RFC 6455 §7.4.1: too much of something.
const TOO_MUCH: u16 = 1008;

impl Account {
    pub(crate) fn connected(&mut self, now: Millis, connection: Connection) {
        let id = connection.id;
        if self.signed_in(connection.session).is_err() {
            self.close_signed_out([id]);
            return;
        }
        if !self.sockets.open(now, connection) {
            let reason = "too many home pages are open";
            self.outbox.act(Output::Close { connection: id, code: TOO_MUCH, reason });
            return;
        }
        self.outbox.send(vec![id], HomeEvent::Meetings { meetings: self.list() });
        for ringing in &self.core.calls {
            self.outbox.send(vec![id], HomeEvent::Ringing { call: ringing.call.clone() });
        }
    }

    pub(crate) fn received(&mut self, now: Millis, id: ConnectionId, text: &str) {
        match self.sockets.heard(now, id) {
            Verdict::Pass => {}
            Verdict::Ignore => return,
            Verdict::Close => return self.turn_away(id, TOO_MUCH, "too many messages"),
        }
        match parse(text) {
            Some(HomeMessage::Accept { call } | HomeMessage::Decline { call }) => self.settle_call(call),
            None if self.sockets.mistaken(id) == Verdict::Close => {
                self.turn_away(id, UNREADABLE, "the messages break the protocol");
            }
            None => {}
        }
    }

    fn turn_away(&mut self, connection: ConnectionId, code: u16, reason: &'static str) {
        self.sockets.close(connection);
        self.outbox.act(Output::Close { connection, code, reason });
    }
}

/// By hand, because a deserialiser for two messages is 3 kB of the Worker.
fn parse(text: &str) -> Option<HomeMessage> {
    let message: Value = (text.len() <= MESSAGE_BYTES).then(|| serde_json::from_str(text).ok())??;
    let call = CallId(message.get("call")?.as_str()?.parse().ok()?);
    match message.get("type")?.as_str()? {
        "accept" => Some(HomeMessage::Accept { call }),
        "decline" => Some(HomeMessage::Decline { call }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_what_is_a_message_is_read() {
        let call = CallId(Uuid::from_u128(7));
        let text = r#"{"type":"accept","call":"00000000-0000-0000-0000-000000000007"}"#;
        assert_eq!(parse(text), Some(HomeMessage::Accept { call }));
        for message in [HomeMessage::Accept { call }, HomeMessage::Decline { call }] {
            assert_eq!(parse(&serde_json::to_string(&message).unwrap()), Some(message));
        }
        for text in ["", "{}", "null", &text.replace("accept", "dance"), &format!("{text}{}", " ".repeat(1_024))] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = parse(&text);
        }
    }
}
