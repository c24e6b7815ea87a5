//! What waits for one TCP connection: sound and control before pictures, and pictures only while
//! they are of use.
//!
//! A connection that carries less than is sent would turn loss into delay, as TCP loses nothing. So
//! what waits is bounded by its age: what the connection carries in [`STALE`], however fast it is.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use sfu::{Urgency, framing};

/// A picture that waited for this long is dropped, and all others that wait with it.
pub(crate) const STALE: Duration = Duration::from_millis(300);
/// Bytes of pictures that wait at most, however fast the connection: 300 ms of 25 Mbit/s.
const PICTURE_BYTES: usize = 1_000_000;
/// Bytes that wait at most of what is sound or control: two seconds of four loud voices.
const PROMPT_BYTES: usize = 128_000;
/// Bytes handed to the kernel at a time. They can no longer be overtaken.
const CHUNK_BYTES: usize = 4096;

/// Frames on their way to one connection.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    /// Cut for the kernel, of which it took `written` bytes.
    chunk: Vec<u8>,
    written: usize,
    prompt: Lane,
    pictures: Lane,
    /// Whether frames come with all that goes before them.
    is_framed: bool,
}

#[derive(Debug, Default)]
struct Lane {
    frames: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
}

/// Frames that were dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) pictures: u64,
    pub(crate) prompt: u64,
}

impl Backlog {
    /// For messages, which come with all that goes before them.
    pub(crate) fn of_messages() -> Self {
        Self { is_framed: true, ..Self::default() }
    }

    /// Takes a frame; says what was dropped for it, itself included.
    pub(crate) fn push(&mut self, now: Instant, urgency: Urgency, frame: Vec<u8>) -> Dropped {
        let mut dropped = Dropped::default();
        match urgency {
            Urgency::Prompt => {
                self.prompt.push(now, frame);
                while self.prompt.bytes > PROMPT_BYTES && self.prompt.pop().is_some() {
                    dropped.prompt += 1;
                }
            }
            Urgency::Picture => {
                self.pictures.push(now, frame);
                if self.pictures.bytes > PICTURE_BYTES {
                    dropped.pictures += self.pictures.clear();
                }
            }
        }
        dropped
    }

    /// Drops the pictures when the oldest waited for too long; says how many these were.
    pub(crate) fn drop_stale(&mut self, now: Instant) -> u64 {
        let oldest = self.pictures.frames.front();
        let is_stale = oldest.is_some_and(|(since, _)| now.saturating_duration_since(*since) > STALE);
        if is_stale { self.pictures.clear() } else { 0 }
    }

    /// The next bytes for the kernel; nothing when none wait.
    pub(crate) fn chunk(&mut self) -> Option<&[u8]> {
        if self.written == self.chunk.len() {
            self.chunk.clear();
            self.written = 0;
            while self.chunk.len() < CHUNK_BYTES {
                let Some(frame) = self.prompt.pop().or_else(|| self.pictures.pop()) else { break };
                if self.is_framed {
                    self.chunk.extend_from_slice(&frame);
                } else {
                    framing::append(&mut self.chunk, &frame);
                }
            }
        }
        self.chunk.get(self.written..).filter(|rest| !rest.is_empty())
    }

    /// The kernel took so many bytes of the chunk.
    pub(crate) fn taken(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes).min(self.chunk.len());
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.written == self.chunk.len() && self.prompt.frames.is_empty() && self.pictures.frames.is_empty()
    }
}

impl Lane {
    fn push(&mut self, now: Instant, frame: Vec<u8>) {
        self.bytes += frame.len();
        self.frames.push_back((now, frame));
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let (_, frame) = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }

    fn clear(&mut self) -> u64 {
        self.bytes = 0;
        let count = self.frames.drain(..).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what must hold")]

    use super::*;

    fn sent(backlog: &mut Backlog) -> Vec<Vec<u8>> {
        let mut frames = framing::Frames::default();
        while let Some(chunk) = backlog.chunk() {
            let piece = chunk.get(..chunk.len().div_ceil(3)).unwrap().to_vec();
            frames.push(&piece);
            backlog.taken(piece.len());
        }
        let mut all = Vec::new();
        while let Some(frame) = frames.take().unwrap() {
            all.push(frame.to_vec());
        }
        all
    }

    #[test]
    fn sound_overtakes_pictures_that_wait_and_no_frame_is_cut_in_two() {
        let (mut backlog, now) = (Backlog::default(), Instant::now());
        for number in 0..8 {
            backlog.push(now, Urgency::Picture, vec![number; 1100]);
        }
        let begun = backlog.chunk().unwrap().len();
        assert_eq!(begun, 4 * 1102, "four are begun");
        backlog.taken(100);
        backlog.push(now, Urgency::Prompt, vec![99; 50]);
        let mut frames = framing::Frames::default();
        frames.push(&[&[0x04, 0x4c][..], &[0; 98]].concat());
        let rest = backlog.chunk().unwrap().to_vec();
        frames.push(&rest);
        backlog.taken(rest.len());
        let mut order = Vec::new();
        while let Some(frame) = frames.take().unwrap() {
            order.push(frame.first().copied().unwrap());
        }
        assert_eq!(order, [0, 1, 2, 3]);
        let order: Vec<u8> = sent(&mut backlog).iter().map(|frame| frame.first().copied().unwrap()).collect();
        assert_eq!(order, [99, 4, 5, 6, 7]);
        assert!(backlog.is_empty());
    }

    #[test]
    fn pictures_that_waited_too_long_are_dropped_and_sound_is_not() {
        let (mut backlog, now) = (Backlog::default(), Instant::now());
        backlog.push(now, Urgency::Picture, vec![1; 10]);
        backlog.push(now + STALE, Urgency::Picture, vec![2; 10]);
        backlog.push(now, Urgency::Prompt, vec![3; 10]);
        assert_eq!(backlog.drop_stale(now + STALE), 0);
        assert_eq!(backlog.drop_stale(now + STALE + Duration::from_millis(1)), 2);
        assert_eq!(sent(&mut backlog), [vec![3; 10]]);
    }

    #[test]
    fn what_waits_is_bounded_in_bytes() {
        let (mut backlog, now) = (Backlog::default(), Instant::now());
        let mut dropped = Dropped::default();
        for _ in 0..2000 {
            dropped.pictures += backlog.push(now, Urgency::Picture, vec![0; 1000]).pictures;
            dropped.prompt += backlog.push(now, Urgency::Prompt, vec![0; 100]).prompt;
        }
        assert_eq!(dropped, Dropped { pictures: 1001, prompt: 720 });
    }
}
