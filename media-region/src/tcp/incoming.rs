//! What came on a connection and was not looked at yet, cut as its kind is.

use std::net::SocketAddr;

use sfu::{Input, framing::Frames, websocket::Messages};

/// Bytes that came.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// Led by their length (RFC 4571).
    Frames(Frames),
    /// Messages (RFC 6455).
    Messages(Messages),
}

/// Nothing more can be found in what came.
#[derive(Debug)]
pub(crate) struct Broken;

impl Default for Incoming {
    fn default() -> Self {
        Self::Frames(Frames::default())
    }
}

impl Incoming {
    /// These bytes came.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        match self {
            Self::Frames(frames) => frames.push(bytes),
            Self::Messages(messages) => messages.push(bytes),
        }
    }

    /// The next whole one, as the core takes it.
    ///
    /// # Errors
    /// When there can be none any more.
    pub(crate) fn take(&mut self, peer: SocketAddr) -> Result<Option<Input<'_>>, Broken> {
        match self {
            Self::Frames(frames) => {
                let contents = frames.take().map_err(|_| Broken)?;
                Ok(contents.map(|contents| Input::Frame { source: peer, contents }))
            }
            Self::Messages(messages) => {
                let message = messages.take().map_err(|_| Broken)?;
                Ok(message.map(|message| Input::Message { peer, message }))
            }
        }
    }
}
