//! Whole pictures out of the packets of a slot, in their order, for a browser that takes no packets.
//!
//! What is missing may still come, because it is asked for upstream; then what is behind it waits for a
//! while. What does not come takes all that follows with it, up to a keyframe.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::vp8;

/// How long a packet that is missing is waited for: a repair upstream takes two round trips.
const PATIENCE: Duration = Duration::from_millis(400);
/// Packets that wait at most: more than the longest keyframe has.
const PACKETS: usize = 1024;
/// How often a keyframe is asked for.
const ASKING: Duration = Duration::from_millis(500);

/// A packet of a picture.
#[derive(Debug, Clone)]
pub(crate) struct PicturePacket {
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) is_last: bool,
    pub(crate) starts_keyframe: bool,
    pub(crate) payload: Arc<[u8]>,
}

/// A whole picture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) is_keyframe: bool,
    pub(crate) timestamp: u32,
    pub(crate) data: Vec<u8>,
}

/// The packets of one slot on their way to be pictures.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    /// The packet that comes next; none until a keyframe begins.
    next: Option<u64>,
    /// What was taken ended before this one.
    end: u64,
    waiting: BTreeMap<u64, PicturePacket>,
    /// Since when something waits for what is missing.
    missing_since: Option<Instant>,
    /// Whether what was carried is over, and nobody else asks for a keyframe.
    is_broken: bool,
    asked: Option<Instant>,
}

impl Assembler {
    /// A packet came.
    pub(crate) fn push(&mut self, now: Instant, packet: PicturePacket) {
        if packet.sequence < self.end {
            return;
        }
        if packet.starts_keyframe && self.next.is_none_or(|next| packet.sequence > next) {
            // Nothing before a keyframe is waited for.
            self.go_on_at(packet.sequence);
        }
        if self.next.is_some_and(|next| packet.sequence >= next) {
            self.waiting.insert(packet.sequence, packet);
        }
        if self.waiting.len() > PACKETS {
            self.give_up();
        }
        let next = self.next.unwrap_or(0);
        let is_missing = (next..).zip(self.waiting.keys()).any(|(expected, sequence)| expected != *sequence);
        self.missing_since = if is_missing { self.missing_since.or(Some(now)) } else { None };
    }

    /// The next picture that is complete.
    pub(crate) fn take(&mut self) -> Option<Picture> {
        let first = self.next?;
        let begin = self.waiting.get(&first)?;
        let (timestamp, is_keyframe) = (begin.timestamp, begin.starts_keyframe);
        let (mut end, mut is_cut) = (None, false);
        for (expected, (sequence, packet)) in (first..).zip(self.waiting.range(first..)) {
            is_cut = *sequence == expected && packet.timestamp != timestamp;
            if *sequence != expected || is_cut {
                break;
            }
            if packet.is_last {
                end = Some(expected);
                break;
            }
        }
        if is_cut {
            // The picture before has no end: its publisher gave it up.
            self.give_up();
            return self.take();
        }
        let end = end?;
        let mut data = Vec::new();
        for sequence in first..=end {
            let packet = self.waiting.remove(&sequence)?;
            data.extend_from_slice(vp8::frame(&packet.payload)?);
        }
        self.end = end + 1;
        self.next = Some(self.end);
        Some(Picture { is_keyframe, timestamp, data })
    }

    /// Time passes; says whether a keyframe is to be asked for.
    pub(crate) fn check(&mut self, now: Instant) -> bool {
        if self.missing_since.is_some_and(|since| now.saturating_duration_since(since) >= PATIENCE) {
            self.give_up();
        }
        let asks = self.is_broken && self.asked.is_none_or(|asked| now >= asked + ASKING);
        if asks {
            self.asked = Some(now);
        }
        asks
    }

    /// When to look again.
    pub(crate) fn due(&self) -> Option<Instant> {
        let missing = self.missing_since.map(|since| since + PATIENCE);
        let asking = self.asked.filter(|_| self.is_broken).map(|asked| asked + ASKING);
        missing.into_iter().chain(asking).min()
    }

    /// What was carried does not go on. The next begins with a keyframe, which others ask for.
    pub(crate) fn stop(&mut self) {
        *self = Self { end: self.end, ..Self::default() };
    }

    fn give_up(&mut self) {
        let next = self.next.unwrap_or(0);
        let mut behind = self.waiting.range(next.saturating_add(1)..);
        match behind.find(|(_, packet)| packet.starts_keyframe).map(|(at, _)| *at) {
            Some(keyframe) => self.go_on_at(keyframe),
            None => *self = Self { is_broken: true, asked: self.asked, end: self.end, ..Self::default() },
        }
    }

    fn go_on_at(&mut self, keyframe: u64) {
        let waiting = self.waiting.split_off(&keyframe);
        *self = Self { next: Some(keyframe), end: self.end, waiting, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEP: Duration = Duration::from_millis(20);

    /// The packets of pictures of three packets each, the first of each `every` being keyframes. The last
    /// byte of each names its picture.
    fn packets(pictures: u64, every: u64) -> Vec<PicturePacket> {
        let packet = |number: u64| {
            let (picture, place) = (number / 3, number % 3);
            let starts_keyframe = place == 0 && picture.is_multiple_of(every);
            PicturePacket {
                sequence: number + 1,
                timestamp: u32::try_from(picture).unwrap() * 3000,
                is_last: place == 2,
                starts_keyframe,
                payload: Arc::from([if place == 0 { 0x10 } else { 0 }, u8::try_from(picture).unwrap()]),
            }
        };
        (0..pictures * 3).map(packet).collect()
    }

    fn run(assembler: &mut Assembler, packets: &[PicturePacket]) -> (Vec<u8>, usize) {
        let (mut now, mut taken, mut asked) = (Instant::now(), Vec::new(), 0);
        for packet in packets {
            assembler.push(now, packet.clone());
            while let Some(picture) = assembler.take() {
                assert_eq!(picture.data.len(), 3, "whole");
                taken.push(picture.data[0]);
            }
            now += STEP;
            asked += usize::from(assembler.check(now));
        }
        (taken, asked)
    }

    #[test]
    fn what_comes_late_is_waited_for_and_what_does_not_come_costs_a_keyframe() {
        let all = packets(60, 40);
        let mut late = all.clone();
        let one = late.remove(10);
        late.insert(20, one);
        assert_eq!(run(&mut Assembler::default(), &late), ((0..60).collect(), 0));

        let mut lost = all.clone();
        lost.remove(10);
        let (taken, asked) = run(&mut Assembler::default(), &lost);
        assert_eq!(taken, (0..3).chain(40..60).collect::<Vec<u8>>(), "up to the loss, and from the keyframe on");
        assert!((2..=5).contains(&asked), "{asked}: again and again until one comes");
    }

    #[test]
    fn a_picture_that_its_publisher_gave_up_takes_nothing_else_with_it() {
        let mut all = packets(4, 2);
        all.remove(5);
        for (place, packet) in all.iter_mut().enumerate() {
            packet.sequence = u64::try_from(place).unwrap();
        }
        assert_eq!(run(&mut Assembler::default(), &all), (vec![0, 2, 3], 0));
    }

    proptest! {
        #[test]
        fn what_waits_is_bounded_and_what_is_taken_is_in_order(
            numbers in proptest::collection::vec((0..3000u64, any::<bool>(), any::<bool>()), 0..4000),
        ) {
            let (mut assembler, now, mut last) = (Assembler::default(), Instant::now(), None);
            for (number, is_last, starts_keyframe) in numbers {
                let timestamp = u32::try_from(number).unwrap();
                let payload = Arc::from([0x10, 7]);
                assembler.push(now, PicturePacket { sequence: number, timestamp, is_last, starts_keyframe, payload });
                prop_assert!(assembler.waiting.len() <= PACKETS);
                while let Some(picture) = assembler.take() {
                    prop_assert!(last.is_none_or(|last| last < picture.timestamp));
                    last = Some(picture.timestamp);
                }
            }
        }
    }
}
