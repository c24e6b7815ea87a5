//! The `control` data channel of one session: what it asks, and what it is still to be told.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use protocol::{
    error::ErrorCode,
    id::ParticipantId,
    limits,
    media::{Demand, MediaEvent, MediaRequest, PausedTile, SlotTrack, WeakNetwork, Wish},
};

use crate::carrier::Channel;

/// Requests that a browser may make at once.
const BURST: u32 = 40;
/// One more request is allowed after this time; scrolling asks a few times a second.
const REFILL: Duration = Duration::from_millis(50);
/// Refusals that wait to be told; a browser that makes more is not told of all.
const REFUSALS: usize = 8;

/// A request that had no effect, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) message: &'static str,
}

/// State of the channel.
#[derive(Debug)]
pub(crate) struct Control {
    /// The channel, while it is open.
    pub(crate) channel: Option<Channel>,
    speakers: Option<Vec<ParticipantId>>,
    paused: Option<Vec<PausedTile>>,
    networks: Option<Vec<WeakNetwork>>,
    /// The newest of each track.
    demands: Vec<Demand>,
    pong: bool,
    refusals: VecDeque<Refusal>,
    allowance: u32,
    refilled: Instant,
    limited: bool,
}

impl Control {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            channel: None,
            speakers: None,
            paused: None,
            networks: None,
            demands: Vec::new(),
            pong: false,
            refusals: VecDeque::new(),
            allowance: BURST,
            refilled: now,
            limited: false,
        }
    }

    /// Reads a message; nothing when there are too many and that was said already.
    pub(crate) fn read(&mut self, now: Instant, message: &[u8]) -> Option<Result<MediaRequest, Refusal>> {
        if self.spend(now) {
            self.limited = false;
            return Some(parse(message));
        }
        let first = !std::mem::replace(&mut self.limited, true);
        first.then_some(Err(Refusal { code: ErrorCode::RateLimited, message: "too many requests" }))
    }

    /// Who speaks is to be told.
    pub(crate) fn tell_speakers(&mut self, speakers: Vec<ParticipantId>) {
        self.speakers = Some(speakers);
    }

    /// Which tiles get no picture is to be told.
    pub(crate) fn tell_paused(&mut self, tiles: Vec<PausedTile>) {
        self.paused = Some(tiles);
    }

    /// Whose network is not good is to be told.
    pub(crate) fn tell_networks(&mut self, weak: Vec<WeakNetwork>) {
        self.networks = Some(weak);
    }

    /// What of a track is seen is to be told.
    pub(crate) fn tell_demand(&mut self, demand: Demand) {
        self.demands.retain(|waiting| waiting.source != demand.source);
        self.demands.push(demand);
    }

    /// A ping is to be answered.
    pub(crate) fn answer_ping(&mut self) {
        self.pong = true;
    }

    /// A refusal is to be told.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        if self.refusals.len() < REFUSALS {
            self.refusals.push_back(refusal);
        }
    }

    /// Tells what waits, in order, until `say` refuses; that one waits on.
    pub(crate) fn flush(&mut self, mut say: impl FnMut(&MediaEvent) -> bool) {
        if self.pong && !say(&MediaEvent::Pong) {
            return;
        }
        self.pong = false;
        if let Some(participants) = &self.speakers {
            if !say(&MediaEvent::Speakers { participants: participants.clone() }) {
                return;
            }
            self.speakers = None;
        }
        if let Some(tiles) = &self.paused {
            if !say(&MediaEvent::Paused { tiles: tiles.clone() }) {
                return;
            }
            self.paused = None;
        }
        if let Some(weak) = &self.networks {
            if !say(&MediaEvent::Networks { weak: weak.clone() }) {
                return;
            }
            self.networks = None;
        }
        if !self.demands.is_empty() {
            if !say(&MediaEvent::Demands { tracks: self.demands.clone() }) {
                return;
            }
            self.demands.clear();
        }
        while let Some(refusal) = self.refusals.front() {
            if !say(&MediaEvent::Error { code: refusal.code, message: refusal.message.to_owned() }) {
                return;
            }
            self.refusals.pop_front();
        }
    }

    fn spend(&mut self, now: Instant) -> bool {
        let earned = now.saturating_duration_since(self.refilled).as_millis() / REFILL.as_millis();
        if let Some(earned) = u32::try_from(earned).ok().filter(|earned| *earned > 0) {
            self.allowance = self.allowance.saturating_add(earned).min(BURST);
            self.refilled = now;
        }
        let spent = self.allowance.checked_sub(1);
        self.allowance = spent.unwrap_or(0);
        spent.is_some()
    }
}

/// A tile that a browser shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WishedTile {
    /// Whose picture.
    pub(crate) track: SlotTrack,
    /// Its height in pixels of the device.
    pub(crate) height: u16,
    /// Higher goes first.
    pub(crate) priority: u8,
}

/// The tiles that are wished in the order to serve them, each once.
///
/// # Errors
/// When a tile is not one that can be shown.
pub(crate) fn tiles(mut tiles: Vec<Wish>) -> Result<Vec<WishedTile>, Refusal> {
    if tiles.len() > limits::WISHES {
        return Err(Refusal { code: ErrorCode::InvalidRequest, message: "too many tiles" });
    }
    if tiles.iter().any(|tile| tile.source.is_audio()) {
        return Err(Refusal { code: ErrorCode::InvalidRequest, message: "a tile names a sound" });
    }
    tiles.sort_by_key(|tile| std::cmp::Reverse(tile.priority));
    let mut wanted: Vec<WishedTile> = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let track = SlotTrack { participant: tile.participant, source: tile.source };
        match wanted.iter_mut().find(|known| known.track == track) {
            // Shown twice: as sharp as the larger tile needs.
            Some(known) => known.height = known.height.max(tile.height),
            None => wanted.push(WishedTile { track, height: tile.height, priority: tile.priority }),
        }
    }
    Ok(wanted)
}

fn parse(message: &[u8]) -> Result<MediaRequest, Refusal> {
    if message.len() > limits::DATA_CHANNEL_MESSAGE_BYTES {
        return Err(Refusal { code: ErrorCode::TooLarge, message: "the message is too long" });
    }
    serde_json::from_slice(message)
        .map_err(|_| Refusal { code: ErrorCode::InvalidRequest, message: "the message is not a known request" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_flood_is_refused_once_and_then_ignored() {
        let start = Instant::now();
        let mut control = Control::new(start);
        let wishes = br#"{"type":"wishes","tiles":[]}"#;
        for _ in 0..BURST {
            assert!(matches!(control.read(start, wishes), Some(Ok(_))));
        }
        let refused = control.read(start, wishes).unwrap().unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        assert_eq!(control.read(start, wishes), None);
        assert!(matches!(control.read(start + REFILL, wishes), Some(Ok(_))));
    }

    proptest! {
        #[test]
        fn no_message_panics(message: Vec<u8>) {
            if let Ok(MediaRequest::Wishes { tiles: named }) = parse(&message) {
                let _ = tiles(named);
            }
        }
    }
}
