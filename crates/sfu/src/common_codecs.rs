//! The codecs that everybody who sees a track can decode.
//!
//! Where somebody cannot decode one, it is given up at once; what all can decode is allowed only after
//! they could for a while, because a change of codec costs a keyframe of every layer.

use std::{
    cmp::Reverse,
    time::{Duration, Instant},
};

use protocol::media::VideoCodec;

use crate::codec::VideoCodecs;

/// For how long everybody must be able to decode a codec before it is allowed.
const STEADY: Duration = Duration::from_secs(5);
/// How long a publisher may take to follow, until those who cannot decode what comes are told.
const FOLLOWING: Duration = Duration::from_secs(3);

/// How many see a track, and how many of them can decode each codec.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Viewers {
    all: usize,
    able: [usize; VideoCodecs::ALL.len()],
}

impl Viewers {
    /// These and others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.all = self.all.saturating_add(others.all);
        for (count, other) in self.able.iter_mut().zip(others.able) {
            *count = count.saturating_add(other);
        }
        self
    }

    /// Whether there is nobody.
    pub(crate) const fn is_empty(self) -> bool {
        self.all == 0
    }

    /// How many can decode a codec.
    fn able(self, codec: VideoCodec) -> usize {
        VideoCodecs::ALL.into_iter().zip(self.able).find(|(of, _)| *of == codec).map_or(0, |(_, count)| count)
    }
}

impl FromIterator<VideoCodecs> for Viewers {
    fn from_iter<T: IntoIterator<Item = VideoCodecs>>(viewers: T) -> Self {
        viewers.into_iter().fold(Self::default(), |viewers, codecs| {
            viewers.and(Self { all: 1, able: VideoCodecs::ALL.map(|codec| usize::from(codecs.contains(codec))) })
        })
    }
}

/// The codecs that a track may come in.
#[derive(Debug)]
pub(crate) struct CommonCodecs {
    offered: VideoCodecs,
    allowed: VideoCodecs,
    /// Since when more could be allowed.
    wider: Option<(VideoCodecs, Instant)>,
    narrowed: Option<Instant>,
}

impl CommonCodecs {
    /// Those of a track that was offered with these: at first the lightest, in which it begins.
    pub(crate) fn new(offered: VideoCodecs) -> Self {
        let allowed = offered.iter().take(1).collect();
        Self { offered, allowed, wider: None, narrowed: None }
    }

    /// Those of a track whose publisher is on another engine, which says what is allowed.
    pub(crate) fn elsewhere(allowed: VideoCodecs) -> Self {
        Self { offered: allowed, allowed, wider: None, narrowed: None }
    }

    /// The engine that has the publisher says what is allowed; says whether that is new.
    pub(crate) fn told(&mut self, now: Instant, allowed: VideoCodecs) -> bool {
        let is_new = self.allowed != allowed;
        if self.allowed.and(allowed) != self.allowed {
            self.narrowed = Some(now);
        }
        (self.offered, self.allowed) = (allowed, allowed);
        is_new
    }

    /// Those that are allowed now.
    pub(crate) fn allowed(&self) -> VideoCodecs {
        self.allowed
    }

    /// Whether there is anything to choose.
    pub(crate) fn is_choice(&self) -> bool {
        self.offered.iter().nth(1).is_some()
    }

    /// Whether somebody who takes these can be sent any of what is allowed.
    pub(crate) fn reaches(&self, subscriber: VideoCodecs) -> bool {
        !self.allowed.and(subscriber).is_empty()
    }

    /// Whether its publisher had the time to follow what was told last.
    pub(crate) fn is_settled(&self, now: Instant) -> bool {
        self.narrowed.is_none_or(|at| now.saturating_duration_since(at) >= FOLLOWING)
    }

    /// Looks at who sees the track; says whether other codecs are allowed now than before, and when to
    /// look again. While nobody sees it everything stays as it is.
    pub(crate) fn review(&mut self, now: Instant, viewers: Viewers) -> (bool, Option<Instant>) {
        if viewers.is_empty() {
            self.wider = None;
            return (false, None);
        }
        let common = self.common(viewers);
        let kept = self.allowed.and(common);
        let narrows = kept != self.allowed;
        if narrows {
            self.allowed = if kept.is_empty() { common } else { kept };
            self.narrowed = Some(now);
        }
        if common == self.allowed {
            self.wider = None;
            return (narrows, None);
        }
        let since = self.wider.filter(|(codecs, _)| *codecs == common && !narrows).map_or(now, |(_, since)| since);
        let due = since + STEADY;
        if now < due {
            self.wider = Some((common, since));
            return (narrows, Some(due));
        }
        self.allowed = common;
        self.wider = None;
        (true, None)
    }

    /// Of those that were offered, all that everybody can decode; the one that most can where there is none.
    fn common(&self, viewers: Viewers) -> VideoCodecs {
        let common: VideoCodecs = self.offered.iter().filter(|codec| viewers.able(*codec) == viewers.all).collect();
        if !common.is_empty() {
            return common;
        }
        // Of equals the lightest.
        self.offered.iter().max_by_key(|codec| (viewers.able(*codec), Reverse(*codec))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use protocol::media::VideoCodec::{Av1, H264, Vp8, Vp9};

    use super::*;

    fn set(codecs: &[VideoCodec]) -> VideoCodecs {
        codecs.iter().copied().collect()
    }

    fn seen(by: &[VideoCodecs]) -> Viewers {
        by.iter().copied().collect()
    }

    #[test]
    fn what_everybody_can_decode_is_allowed_after_a_while_and_given_up_at_once() {
        let now = Instant::now();
        let mut codecs = CommonCodecs::new(set(&[Vp8, Vp9, Av1]));
        let all = set(&[Vp8, H264, Vp9, Av1]);
        assert_eq!(codecs.allowed(), set(&[Vp8]));
        assert_eq!(codecs.review(now, seen(&[])), (false, None));
        assert_eq!(codecs.review(now, seen(&[all, all])), (false, Some(now + STEADY)));
        assert_eq!(codecs.review(now + STEADY / 2, seen(&[all])), (false, Some(now + STEADY)));
        assert_eq!(codecs.review(now + STEADY, seen(&[all])), (true, None));
        assert_eq!(codecs.allowed(), set(&[Vp8, Vp9, Av1]));
        let later = now + STEADY * 2;
        assert_eq!(codecs.review(later, seen(&[])), (false, None), "nobody sees it: nothing changes");
        assert_eq!(codecs.review(later, seen(&[all, set(&[Vp8, Vp9])])), (true, None));
        assert_eq!(codecs.allowed(), set(&[Vp8, Vp9]));
        assert_eq!(codecs.review(later, seen(&[set(&[Vp8, Av1])])), (true, Some(later + STEADY)));
        assert_eq!(codecs.allowed(), set(&[Vp8]), "another is allowed no sooner for that");
        // Who comes and goes puts it off.
        assert_eq!(codecs.review(later + STEADY / 2, seen(&[set(&[Vp8])])), (false, None));
        assert_eq!(codecs.review(later + STEADY, seen(&[all])), (false, Some(later + STEADY * 2)));
    }

    #[test]
    fn where_no_codec_is_common_most_are_shown_something() {
        let now = Instant::now();
        let mut codecs = CommonCodecs::new(set(&[Vp8, H264]));
        assert_eq!(codecs.review(now, seen(&[set(&[H264]), set(&[Vp8, Vp9]), set(&[H264])])), (true, None));
        assert_eq!(codecs.allowed(), set(&[H264]));
        assert_eq!(codecs.review(now, seen(&[set(&[H264]), set(&[Vp8])])), (true, None));
        assert_eq!(codecs.allowed(), set(&[Vp8]), "of equals the lightest");
        assert!(!CommonCodecs::new(set(&[H264])).is_choice());
    }
}
