//! Frames on a TCP connection: each is led by its length in two bytes (RFC 4571 §2).

/// Bytes that a frame may have. Nobody sends longer ones: they carry what would be datagrams.
pub const FRAME_BYTES: usize = 2000;
/// Bytes of the length before a frame.
const HEAD_BYTES: usize = 2;

/// A frame says that it is longer than [`FRAME_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {0} bytes, at most {FRAME_BYTES} are taken")]
pub struct FrameTooLong(pub usize);

/// Cuts what comes on a connection into frames. It keeps what was pushed and not taken; once
/// [`Frames::take`] finds nothing, that is less than one frame.
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    taken: usize,
}

impl Frames {
    /// These bytes came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Takes the next frame that is complete. Empty ones say nothing, and are passed over.
    ///
    /// # Errors
    /// When it says that it is too long. Nothing after it can be found.
    pub fn take(&mut self) -> Result<Option<&[u8]>, FrameTooLong> {
        let (begin, length) = self.find()?;
        self.taken = begin + length.unwrap_or(0);
        Ok(length.and_then(|length| self.bytes.get(begin..begin + length)))
    }

    /// The frame that [`Frames::take`] would take.
    ///
    /// # Errors
    /// As those of that.
    pub fn first(&self) -> Result<Option<&[u8]>, FrameTooLong> {
        let (begin, length) = self.find()?;
        Ok(length.and_then(|length| self.bytes.get(begin..begin + length)))
    }

    /// Where the next frame begins, behind its length, and how long it is; else where to look on.
    fn find(&self) -> Result<(usize, Option<usize>), FrameTooLong> {
        let mut begin = self.taken;
        loop {
            let rest = self.bytes.get(begin..).unwrap_or_default();
            let Some((head, after)) = rest.split_first_chunk::<HEAD_BYTES>() else { return Ok((begin, None)) };
            let length = usize::from(u16::from_be_bytes(*head));
            if length > FRAME_BYTES {
                return Err(FrameTooLong(length));
            }
            if length > 0 && after.len() < length {
                return Ok((begin, None));
            }
            begin += HEAD_BYTES;
            if length > 0 {
                return Ok((begin, Some(length)));
            }
        }
    }

    /// Bytes that came and were not taken.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.bytes.len() - self.taken
    }
}

/// Appends a frame with its length; says whether it can be one.
pub fn append(to: &mut Vec<u8>, frame: &[u8]) -> bool {
    let Some(length) = u16::try_from(frame.len()).ok().filter(|length| usize::from(*length) <= FRAME_BYTES) else {
        return false;
    };
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(frame);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(frames: &mut Frames) -> Result<Vec<Vec<u8>>, FrameTooLong> {
        let mut all = Vec::new();
        while let Some(frame) = frames.take()? {
            all.push(frame.to_vec());
        }
        Ok(all)
    }

    #[test]
    fn a_frame_that_is_too_long_ends_it_and_an_empty_one_says_nothing() {
        let mut frames = Frames::default();
        frames.push(&[0, 0, 0, 1, 7, 0]);
        assert_eq!(taken(&mut frames), Ok(vec![vec![7]]));
        assert_eq!(frames.waiting(), 1);
        frames.push(&[0]);
        assert_eq!(taken(&mut frames), Ok(vec![]));
        frames.push(&[0x07, 0xd1]);
        assert_eq!(taken(&mut frames), Err(FrameTooLong(2001)));
        assert_eq!(taken(&mut frames), Err(FrameTooLong(2001)), "and stays ended");
        let mut bytes = Vec::new();
        assert!(!append(&mut bytes, &[0; FRAME_BYTES + 1]));
        assert!(append(&mut bytes, &[9; FRAME_BYTES]));
        let mut frames = Frames::default();
        frames.push(&bytes);
        assert_eq!(taken(&mut frames), Ok(vec![vec![9; FRAME_BYTES]]));
    }

    proptest! {
        #[test]
        fn frames_come_out_as_they_went_in_however_the_stream_is_cut(
            sent in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..300), 0..20),
            cuts in proptest::collection::vec(1..700_usize, 1..20),
        ) {
            let mut stream = Vec::new();
            for frame in &sent {
                prop_assert!(append(&mut stream, frame));
            }
            let (mut frames, mut came, mut rest) = (Frames::default(), Vec::new(), stream.as_slice());
            for cut in cuts.iter().cycle() {
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                frames.push(piece);
                came.extend(taken(&mut frames)?);
                prop_assert!(frames.waiting() < HEAD_BYTES + FRAME_BYTES);
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(came, sent);
        }
    }
}
