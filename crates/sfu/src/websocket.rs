//! Messages on a WebSocket (RFC 6455), the region's end of it: what a browser sends is cut out of the
//! stream, what it is sent is led by a head. No extensions.

/// Bytes of a message from a browser. Pieces of pictures have far fewer, requests are bounded by this.
pub const MESSAGE_BYTES: usize = 2 * protocol::limits::DATA_CHANNEL_MESSAGE_BYTES;
/// Bytes of a control frame (RFC 6455 §5.5).
const CONTROL_BYTES: usize = 125;
/// Bytes of the mask that every frame of a browser has.
const MASK_BYTES: usize = 4;

/// What came is no frame of a browser, or too long. Nothing after it can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a frame of a WebSocket client, or too long")]
pub struct Broken;

/// One message from a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// A text, not checked to be UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Binary(&'a [u8]),
    /// To be answered with the same bytes.
    Ping(&'a [u8]),
    /// An answer that nobody asked for.
    Pong,
    /// Nothing comes after it.
    Close,
}

/// What a message is (RFC 6455 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text = 1,
    /// Bytes.
    Binary = 2,
    /// The end.
    Close = 8,
    /// The answer to a ping.
    Pong = 10,
}

/// Cuts what comes on a connection into messages. It keeps what was pushed and not taken, and what is
/// incomplete: less than two messages.
#[derive(Debug, Default)]
pub struct Messages {
    bytes: Vec<u8>,
    taken: usize,
    /// Of a message in several frames: whether it is a text, and what came of it.
    begun: Option<bool>,
    whole: Vec<u8>,
}

/// The head of a frame.
struct Head {
    is_last: bool,
    opcode: u8,
    mask: [u8; MASK_BYTES],
    /// Bytes before the payload.
    length: usize,
    payload: usize,
}

impl Messages {
    /// These bytes came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that came and were not taken.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.bytes.len() - self.taken + self.whole.len()
    }

    /// Takes the next message that is complete.
    ///
    /// # Errors
    /// When there can be none any more.
    pub fn take(&mut self) -> Result<Option<Message<'_>>, Broken> {
        if self.begun.is_none() {
            self.whole.clear();
        }
        loop {
            let rest = self.bytes.get(self.taken..).unwrap_or_default();
            let Some(head) = Head::read(rest)? else { return Ok(None) };
            let (begin, end) = (self.taken + head.length, self.taken + head.length + head.payload);
            let Some(payload) = self.bytes.get_mut(begin..end) else { return Ok(None) };
            for (byte, mask) in payload.iter_mut().zip(head.mask.iter().cycle()) {
                *byte ^= mask;
            }
            self.taken = end;
            let is_text = match (head.opcode, self.begun) {
                (0, Some(is_text)) => is_text,
                (opcode @ (1 | 2), None) => opcode == 1,
                (8, _) => return Ok(Some(Message::Close)),
                (9, _) => return Ok(Some(Message::Ping(self.bytes.get(begin..end).unwrap_or_default()))),
                (10, _) => return Ok(Some(Message::Pong)),
                _ => return Err(Broken),
            };
            if head.is_last && self.begun.is_none() {
                return Ok(Some(message(is_text, self.bytes.get(begin..end).unwrap_or_default())));
            }
            if self.whole.len() + head.payload > MESSAGE_BYTES {
                return Err(Broken);
            }
            self.whole.extend_from_slice(self.bytes.get(begin..end).unwrap_or_default());
            self.begun = Some(is_text);
            if head.is_last {
                self.begun = None;
                return Ok(Some(message(is_text, &self.whole)));
            }
        }
    }
}

impl Head {
    /// Reads the head of a frame; nothing when it is not complete.
    fn read(bytes: &[u8]) -> Result<Option<Self>, Broken> {
        let [first, second, rest @ ..] = bytes else { return Ok(None) };
        let (is_last, opcode) = (first & 0x80 != 0, first & 0x0f);
        // No extension was agreed, and browsers mask what they send (RFC 6455 §5.1).
        if first & 0x70 != 0 || second & 0x80 == 0 {
            return Err(Broken);
        }
        let (payload, extended) = match second & 0x7f {
            126 => {
                let Some(length) = rest.first_chunk::<2>() else { return Ok(None) };
                (usize::from(u16::from_be_bytes(*length)), 2)
            }
            127 => {
                let Some(length) = rest.first_chunk::<8>() else { return Ok(None) };
                (usize::try_from(u64::from_be_bytes(*length)).unwrap_or(usize::MAX), 8)
            }
            length => (usize::from(length), 0),
        };
        let is_control = opcode >= 8;
        if payload > MESSAGE_BYTES || (is_control && (payload > CONTROL_BYTES || !is_last)) {
            return Err(Broken);
        }
        let mask = rest.get(extended..).and_then(<[u8]>::first_chunk::<MASK_BYTES>);
        Ok(mask.map(|mask| Self { is_last, opcode, mask: *mask, length: 2 + extended + MASK_BYTES, payload }))
    }
}

fn message(is_text: bool, contents: &[u8]) -> Message<'_> {
    if is_text { Message::Text(contents) } else { Message::Binary(contents) }
}

/// A message to a browser, whole: the given parts after another.
#[must_use]
pub fn frame(kind: Kind, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut frame = Vec::with_capacity(length + 10);
    frame.push(0x80 | kind as u8);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => frame.push(short),
        (_, Ok(long)) => {
            frame.push(126);
            frame.extend_from_slice(&long.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    parts.iter().for_each(|part| frame.extend_from_slice(part));
    frame
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A frame as a browser sends it.
    fn sent(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [0x5a, 1, 0xff, 7];
        let mut frame = vec![first];
        match u8::try_from(payload.len()) {
            Ok(short) if short < 126 => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&u16::try_from(payload.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend_from_slice(&mask);
        frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        frame
    }

    #[test]
    fn a_message_in_several_frames_is_one_and_pings_come_between() {
        let mut messages = Messages::default();
        for frame in [sent(0x02, b"one "), sent(0x89, b"ping"), sent(0x00, b"two "), sent(0x80, b"three")] {
            messages.push(&frame);
        }
        assert_eq!(messages.take(), Ok(Some(Message::Ping(b"ping"))));
        assert_eq!(messages.take(), Ok(Some(Message::Binary(b"one two three"))));
        assert_eq!(messages.take(), Ok(None));
        messages.push(&sent(0x81, b"text"));
        assert_eq!(messages.take(), Ok(Some(Message::Text(b"text"))));
        messages.push(&sent(0x88, &[0x03, 0xe8]));
        assert_eq!(messages.take(), Ok(Some(Message::Close)));
        assert_eq!(messages.waiting(), 0);
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        let unmasked = vec![0x82, 1, 7];
        let reserved = sent(0xc2, b"x");
        let unknown = sent(0x83, b"x");
        let lone = sent(0x80, b"x");
        let long_ping = sent(0x89, &[0; 126]);
        let split_ping = sent(0x09, b"x");
        let too_long = vec![0x82, 0xff, 0, 0, 0, 0, 0xff, 0, 0, 0, 1, 2, 3, 4];
        for bytes in [unmasked, reserved, unknown, lone, long_ping, split_ping, too_long] {
            let mut messages = Messages::default();
            messages.push(&bytes);
            assert_eq!(messages.take(), Err(Broken), "{bytes:?}");
        }
        let mut messages = Messages::default();
        messages.push(&[sent(0x02, b"begun"), sent(0x82, b"another")].concat());
        assert_eq!(messages.take(), Err(Broken), "another message within one");
    }

    #[test]
    fn a_message_in_endless_frames_is_refused() {
        let mut messages = Messages::default();
        messages.push(&sent(0x02, &[0; 1000]));
        let refused = (0..100).any(|_| {
            let outcome = messages.take().is_err();
            messages.push(&sent(0x00, &[0; 1000]));
            outcome
        });
        assert!(refused && messages.waiting() <= MESSAGE_BYTES + 2_100, "{}", messages.waiting());
    }

    proptest! {
        #[test]
        fn messages_are_found_however_they_are_cut(
            contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..8),
            cut in 1..40usize,
        ) {
            let stream: Vec<u8> = contents.iter().flat_map(|one| sent(0x82, one)).collect();
            let (mut messages, mut found) = (Messages::default(), Vec::new());
            for piece in stream.chunks(cut) {
                messages.push(piece);
                while let Some(Message::Binary(one)) = messages.take().unwrap() {
                    found.push(one.to_vec());
                }
            }
            prop_assert_eq!(found, contents);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut messages = Messages::default();
            messages.push(&bytes);
            while let Ok(Some(_)) = messages.take() {}
        }

        #[test]
        fn a_head_says_how_long_a_message_is(length in 0..70_000usize) {
            let contents = vec![7; length];
            let frame = frame(Kind::Binary, &[&contents[..length / 2], &contents[length / 2..]]);
            let head = if length < 126 { 2 } else if length < 65_536 { 4 } else { 10 };
            prop_assert_eq!(frame.len(), head + length);
        }
    }
}
