//! What each tile of a subscriber carries: its network divided over the tiles it shows.

use std::{cmp::Reverse, time::Instant};

use protocol::media::{PauseReason, PausedTile, SlotTrack, Source};
use str0m::stats::PeerStats;

use super::Engine;
use crate::{
    SessionKey,
    allocation::{Division, Rung, Tile, divide},
    bandwidth::{BEGINNING, PAUSE, PERIOD, SETTLING, SETTLING_AT_FIRST},
    keyframe::Need,
    session::Session,
    slot::{Slot, Target},
    track::{SlotKey, Track, TrackKey},
};

/// How high a tile is taken to be until its browser says, in pixels.
const USUAL_HEIGHT: u16 = 360;
/// The same of what somebody follows without a word.
const FOLLOWED_HEIGHT: u16 = 1080;
/// The room that a rise needs besides what it costs, in percent: what is asked of the network.
const HEADROOM: u64 = 120;

/// What is asked of the network also while no picture is shown, in bits a second: an estimate falls to
/// what is asked for, and the next picture should not wait for it to be found again.
const LEAST_WANTED: u64 = 1_000_000;

/// A slot that carries pictures, and the tile that it shows them in.
#[derive(Debug)]
struct Shown {
    slot: usize,
    key: TrackKey,
    tile: Tile,
    /// It comes in a codec that the browser does not take.
    is_foreign: bool,
}

impl Engine {
    /// The network to a subscriber was measured.
    pub(super) fn estimated(&mut self, now: Instant, key: SessionKey, measured: &PeerStats) {
        let Some(estimate) = measured.bwe_tx else { return };
        let Some(session) = self.sessions.get_mut(key) else { return };
        session.bandwidth.losses.note(now, measured.egress_loss_fraction, measured.rtt);
        if session.connection.measured(now, measured) {
            session.keep_anew();
        }
        self.counters.estimates.record(estimate.as_u64());
        if session.bandwidth.estimated(now, estimate.as_u64()) {
            self.divide_soon(now, key);
        }
    }

    /// Divides a subscriber's network at the end of the batch.
    pub(super) fn divide_soon(&mut self, now: Instant, key: SessionKey) {
        if let Some(session) = self.sessions.get_mut(key) {
            session.bandwidth.due = Some(now);
            self.touch(key);
        }
    }

    /// Divides the networks of those who have these slots at the end of the batch.
    pub(super) fn divide_for(&mut self, now: Instant, slots: &[SlotKey]) {
        for slot in slots {
            self.divide_soon(now, slot.session);
        }
    }

    /// Divides a subscriber's network over its tiles when that is due.
    pub(super) fn divide_when_due(&mut self, now: Instant, key: SessionKey) {
        if self.sessions.get(key).and_then(|session| session.bandwidth.due).is_some_and(|due| due <= now) {
            self.divide(now, key);
        }
    }

    /// Divides a subscriber's network over its tiles.
    pub(super) fn divide(&mut self, now: Instant, key: SessionKey) {
        let shown = self.shown(now, key);
        let Some(session) = self.sessions.get_mut(key) else { return };
        let has_choices = shown.iter().any(|it| it.tile.rungs.len() > 1);
        let is_uncertain = has_choices || shown.iter().any(|it| it.is_foreign);
        let goes_on = is_uncertain || (session.bandwidth.is_measured() && !shown.is_empty());
        session.bandwidth.due = goes_on.then(|| now + PERIOD);
        let tiles: Vec<Tile> = shown.iter().map(|it| it.tile.clone()).collect();
        let carried: u64 = tiles.iter().filter_map(|tile| Some(tile.rungs.get(tile.current?)?.cost)).sum();
        let least = tiles.iter().map(Tile::least).fold(0, u64::saturating_add);
        let budget = session.bandwidth.budget(now, carried, least);
        let kept = session.bandwidth.kept(now, budget, carried);
        let division = divide(kept, session.bandwidth.limit(now, budget), session.bandwidth.short_for(now), &tiles);
        session.bandwidth.note_short(now, division.is_short);
        self.carry_out(now, key, &shown, &division, Some(carried).filter(|carried| *carried > budget));
        self.ask_of_network(now, key, &division);
        self.tell_paused(now, key, &shown, &division);
    }

    /// The video slots of a session that carry something, in the order to serve them.
    fn shown(&mut self, now: Instant, key: SessionKey) -> Vec<Shown> {
        let Some(session) = self.sessions.get(key) else { return Vec::new() };
        let speakers = self.rooms.get(session.room).map(|room| room.speakers.as_slice()).unwrap_or_default();
        let mut slots: Vec<_> = session
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| !slot.is_audio)
            .filter_map(|(index, slot)| {
                let name = slot.assigned()?;
                let (priority, height) = wish(session, name);
                let class = (name.source != Source::Screen, Reverse(priority), !speakers.contains(&name.participant));
                Some((class, Reverse(height), index, slot.track()?))
            })
            .collect();
        slots.sort_by_key(|(class, height, index, _)| (*class, *height, *index));
        let mut classes = Vec::new();
        let mut shown = Vec::with_capacity(slots.len());
        for (class, Reverse(height), index, track) in slots {
            if classes.last() != Some(&class) {
                classes.push(class);
            }
            let class = u16::try_from(classes.len()).unwrap_or(u16::MAX);
            let slot = self.sessions.get(key).and_then(|session| session.slots.get(index));
            let takes = slot.map(|slot| slot.codecs).unwrap_or_default();
            let found = self.tracks.get_mut(track);
            let is_screen = found.as_ref().is_some_and(|track| track.source() == Source::Screen);
            let is_foreign = found.as_ref().and_then(|track| track.codec(now)).is_some_and(|it| !takes.contains(it));
            let reached = found.filter(|track| track.codecs.reaches(takes));
            let rungs = reached.map(|track| rungs(now, track)).unwrap_or_default();
            let current = slot.and_then(Slot::target).and_then(|target| place(&rungs, target));
            let is_new = slot.and_then(Slot::began).is_none_or(|at| now.saturating_duration_since(at) < BEGINNING);
            let settling = match current {
                Some(_) if is_new => SETTLING_AT_FIRST,
                Some(_) => SETTLING,
                None => PAUSE,
            };
            let settled = |aimed: Instant| now.saturating_duration_since(aimed) >= settling;
            let may_rise = slot.and_then(Slot::aimed).is_none_or(settled);
            let tile = Tile { class, height, rungs, current, may_rise, is_screen };
            shown.push(Shown { slot: index, key: track, tile, is_foreign });
        }
        shown
    }

    fn carry_out(&mut self, now: Instant, key: SessionKey, shown: &[Shown], division: &Division, short: Option<u64>) {
        let (mut rose, mut fell, mut changed) = (false, false, Vec::new());
        let Some(session) = self.sessions.get_mut(key) else { return };
        for (it, rung) in shown.iter().zip(&division.rungs) {
            let Some(slot) = session.slots.get_mut(it.slot) else { continue };
            let target = rung
                .and_then(|rung| it.tile.rungs.get(rung))
                .map(|rung| Target { layer: rung.layer, temporal: rung.temporal });
            let falls = *rung < it.tile.current;
            if slot.aim(now, target, falls && short.is_some()) {
                if falls && short.is_some() {
                    // Repairs of what did not get through would only fill the link once more.
                    session.connection.forget(slot.stream.ssrc, slot.carries_screen());
                    fell = true;
                }
                rose |= it.tile.current.is_some() && *rung > it.tile.current;
                changed.push(it.key);
            }
        }
        if rose {
            session.bandwidth.rose(now);
        }
        if let Some(carried) = short.filter(|_| fell) {
            session.bandwidth.fell(now, carried);
        }
        if changed.is_empty() {
            return;
        }
        for track in changed {
            self.listeners_changed(now, track);
        }
        if !fell {
            self.start_slots(now, key, Need::Usual);
        }
    }

    /// Begins what replaces what got worse, once its queue had time to empty.
    pub(super) fn start_when_due(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.bandwidth.starts_due.is_some_and(|due| due <= now) {
            session.bandwidth.starts_due = None;
            self.start_slots(now, key, Need::Urgent);
        }
    }

    /// Lets the transport look for what is wanted, and fill up to what comes next.
    fn ask_of_network(&mut self, now: Instant, key: SessionKey, division: &Division) {
        let Some(session) = self.sessions.get_mut(key).filter(|session| session.bandwidth.is_measured()) else {
            return;
        };
        let sound = session.bandwidth.sound(now);
        let with_room = |bits: u64| bits.saturating_add(sound) / 100 * HEADROOM;
        let (mut least, mut wanted) =
            (division.next.map_or(0, with_room), with_room(division.wanted.max(LEAST_WANTED)));
        // A page of a screen fills the network by itself.
        if session.slots.iter().any(|slot| slot.is_under_way(now)) {
            (least, wanted) = (0, wanted.min(session.bandwidth.estimate()));
        }
        if let Some((least, wanted)) = session.bandwidth.ask(now, least, wanted) {
            session.connection.aim_for(least, wanted);
        }
    }

    /// Why a tile gets no picture, when it gets none.
    fn why_paused(&self, now: Instant, it: &Shown, rung: Option<usize>) -> Option<PauseReason> {
        let is_stuck = it.is_foreign && self.tracks.get(it.key).is_some_and(|track| track.codecs.is_settled(now));
        if it.tile.rungs.is_empty() || is_stuck {
            return Some(PauseReason::Codec);
        }
        rung.is_none().then_some(PauseReason::Bandwidth)
    }

    fn tell_paused(&mut self, now: Instant, key: SessionKey, shown: &[Shown], division: &Division) {
        let reasons: Vec<Option<PauseReason>> =
            shown.iter().zip(&division.rungs).map(|(it, rung)| self.why_paused(now, it, *rung)).collect();
        let Some(session) = self.sessions.get_mut(key) else { return };
        let paused =
            |track: SlotTrack, reason| PausedTile { participant: track.participant, source: track.source, reason };
        let tiles: Vec<PausedTile> = shown
            .iter()
            .zip(reasons)
            .filter_map(|(it, reason)| Some(paused(session.slots.get(it.slot)?.assigned().cloned()?, reason?)))
            .chain(session.unplaced.iter().cloned().map(|track| paused(track, PauseReason::Slots)))
            .collect();
        if tiles != session.paused {
            session.paused.clone_from(&tiles);
            session.control.tell_paused(tiles);
            self.touch(key);
        }
    }
}

/// Priority and height of the tile that shows a track.
fn wish(session: &Session, name: &SlotTrack) -> (u8, u16) {
    let wishes = session.wishes.as_deref().unwrap_or_default();
    if session.follows {
        return (0, FOLLOWED_HEIGHT);
    }
    let wish = wishes.iter().find(|wish| wish.track == *name);
    wish.map_or((0, USUAL_HEIGHT), |wish| (wish.priority, wish.height))
}

/// The ways to carry a track, each dearer than the one before. Faces lose sharpness before motion,
/// down to half the frames of a layer; a screen is carried at its full height or not at all, because
/// its text must be read, and loses motion first.
fn rungs(now: Instant, track: &mut Track) -> Vec<Rung> {
    let is_screen = track.source() == Source::Screen;
    let places = track.layers.len();
    let mut rungs: Vec<Rung> = Vec::new();
    for (place, layer) in track.layers.iter_mut().enumerate() {
        let is_only_way = places == 1 || (is_screen && place + 1 == places);
        if !is_only_way && (is_screen || !layer.is_available(now)) {
            continue;
        }
        let (height, top) = (layer.height(place), layer.highest_temporal(now));
        let lowest = if is_screen || place == 0 { 0 } else { top.saturating_sub(1) };
        for temporal in lowest..=top {
            let cost = if is_screen { layer.lasting_cost(now, temporal) } else { layer.cost(now, place, temporal) };
            let temporal = if temporal == top { u8::MAX } else { temporal };
            let rung = Rung { layer: place, temporal, cost, height, peak: layer.peak(now) };
            match rungs.last_mut() {
                // More motion at no cost.
                Some(last) if last.layer == place && last.cost >= cost => last.temporal = temporal,
                Some(last) => {
                    let cost = cost.max(last.cost.saturating_add(1));
                    rungs.push(Rung { cost, ..rung });
                }
                None => rungs.push(rung),
            }
        }
    }
    if rungs.is_empty() {
        // Nothing came yet: whatever comes first is carried.
        let Target { layer, temporal } = Target::WHOLE;
        rungs.push(Rung { layer, temporal, cost: 0, height: u16::MAX, peak: 0 });
    }
    rungs
}

/// The rung that a slot is carried by, or the next worse when that is gone.
fn place(rungs: &[Rung], target: Target) -> Option<usize> {
    let is_no_better = |rung: &Rung| (rung.layer, rung.temporal) <= (target.layer, target.temporal);
    rungs.iter().rposition(is_no_better).or((!rungs.is_empty()).then_some(0))
}
