//! What the sockets of all objects have in common.

use worker::{Result, WebSocket, WebSocketIncomingMessage, worker_sys::ext::WebSocketExt as _};

/// The text of a message. A binary one reads as empty: the cores answer that as what it is, no
/// message of ours.
#[must_use]
pub fn text(message: WebSocketIncomingMessage) -> String {
    match message {
        WebSocketIncomingMessage::String(text) => text,
        WebSocketIncomingMessage::Binary(_) => String::new(),
    }
}

/// Answers the other side's close. workerd leaves the closing handshake (RFC 6455 §7.1.2) of a
/// hibernatable socket to us.
pub fn answer_close(socket: &WebSocket, code: usize) {
    let code = u16::try_from(code).ok().filter(|code| matches!(code, 1000 | 3000..=4999)).unwrap_or(1000);
    // It may be closed already.
    let _ = socket.close(Some(code), None::<&str>);
}

/// Keeps a text with a socket while its object hibernates.
///
/// # Errors
/// When the text is above the platform's limit.
pub fn attach(socket: &WebSocket, text: &str) -> Result<()> {
    Ok(socket.as_ref().serialize_attachment(text.into())?)
}

/// What [`attach`] kept.
#[must_use]
pub fn attachment(socket: &WebSocket) -> Option<String> {
    socket.as_ref().deserialize_attachment().ok()?.as_string()
}
