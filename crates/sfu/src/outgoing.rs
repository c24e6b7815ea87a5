//! A packet as it goes out on a slot, whatever carries it there.

use std::{sync::Arc, time::Instant};

use str0m::{
    media::Pt,
    rtp::{ExtensionValues, RtpWrite, SeqNo, Vp8Patch},
};

/// A packet under the numbers of its slot.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) payload_type: Pt,
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) arrived: Instant,
    pub(crate) payload: Arc<[u8]>,
    pub(crate) marker: bool,
    pub(crate) extensions: ExtensionValues,
    pub(crate) is_audio: bool,
    pub(crate) starts_keyframe: bool,
    /// The counters in a VP8 payload, where they are others on the way out.
    pub(crate) patch: Option<Vp8Patch>,
}

impl From<Outgoing> for RtpWrite {
    fn from(it: Outgoing) -> Self {
        let write = Self::new(it.payload_type, SeqNo::from(it.sequence), it.timestamp, it.arrived, it.payload)
            .marker(it.marker)
            .ext_vals(it.extensions)
            .nackable(!it.is_audio);
        match it.patch {
            Some(patch) => write.vp8_patch(patch),
            None => write,
        }
    }
}
