//! What of a publisher's tracks is seen by anybody, and telling the publisher, so that what nobody
//! sees is not sent either.

use std::time::{Duration, Instant};

use protocol::media::Demand;

use super::Engine;
use crate::{
    common_codecs::Viewers,
    layer::Layer,
    track::{Publisher, SlotKey, Track, TrackKey},
};

/// How long something is unwanted before its publisher is told. To begin again costs a keyframe and a
/// round trip, and tiles come and go.
const LINGER: Duration = Duration::from_secs(5);

impl Engine {
    /// Somebody began to listen to a layer of a track, or stopped.
    pub(super) fn listeners_changed(&mut self, now: Instant, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key) else { return };
        track.is_stale = true;
        track.demands_due = Some(now);
        self.schedule_track(key);
    }

    /// Makes the list of each layer's listeners anew where it is out of date.
    pub(super) fn refresh_listeners(&mut self, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key).filter(|track| track.is_stale) else { return };
        track.is_stale = false;
        for (index, layer) in track.layers.iter_mut().enumerate() {
            let listens = |slot: &&SlotKey| {
                let slots = self.sessions.get(slot.session).map(|session| &session.slots);
                slots.and_then(|slots| slots.get(slot.index)).is_some_and(|slot| slot.listens_to(index))
            };
            layer.listeners = track.subscribers.iter().filter(listens).copied().collect();
        }
    }

    /// Looks at what of a track is seen, when that is due.
    pub(super) fn review_demands(&mut self, now: Instant, key: TrackKey) {
        self.refresh_listeners(key);
        let is_due = |track: &&mut Track| track.demands_due.is_some_and(|due| due <= now);
        let Some(track) = self.tracks.get_mut(key).filter(is_due) else { return };
        track.demands_due = None;
        let Publisher::Session { session: publisher, .. } = track.publisher else {
            self.ask_to_carry(now, key);
            return;
        };
        if track.source().is_audio() {
            return;
        }
        let subscribers = track.subscribers.clone();
        let slots = subscribers.iter().filter_map(|slot| self.sessions.get(slot.session)?.slots.get(slot.index));
        let viewers: Viewers = slots.map(|slot| slot.codecs).collect();
        let viewers = track.relays.iter().map(|relay| relay.viewers).fold(viewers, Viewers::and);
        let (changed, due) = review(now, track);
        let (recoded, codecs_due) = track.codecs.review(now, viewers);
        track.demands_due = [due, codecs_due].into_iter().flatten().min();
        if let Some(session) = self.sessions.get_mut(publisher).filter(|_| changed || recoded) {
            session.control.tell_demand(demand(track));
            self.touch(publisher);
        }
        if recoded {
            self.measure_soon(now, &[key]);
            self.divide_for(now, &subscribers);
        }
    }
}

/// Looks at the layers of a track; says whether the demand changed, and when to look again.
fn review(now: Instant, track: &mut Track) -> (bool, Option<Instant>) {
    let (mut changed, mut due) = (false, None::<Instant>);
    let flows = track.layers.iter().any(|layer| layer.flows(now));
    let relays = &track.relays;
    // Somebody on a linked engine counts like somebody here.
    let is_shown = |place: usize, layer: &Layer| {
        let elsewhere = relays.iter().filter_map(|relay| relay.layers.get(place)).any(|wanted| *wanted);
        elsewhere || !layer.listeners.is_empty()
    };
    let is_seen = track.layers.iter().enumerate().any(|(place, layer)| is_shown(place, layer));
    for (place, layer) in track.layers.iter_mut().enumerate() {
        // The lowest is what everyone falls back to when their link fails, and that must not wait.
        if is_shown(place, layer) || (place == 0 && is_seen) {
            layer.unwanted_since = None;
            changed |= layer.demand(now, true);
            continue;
        }
        let told_at = *layer.unwanted_since.get_or_insert(now) + LINGER;
        if told_at <= now {
            if flows {
                layer.does_not_come(now);
            }
            changed |= layer.demand(now, false);
        } else if !layer.is_stopped {
            due = Some(due.map_or(told_at, |due| due.min(told_at)));
        }
    }
    (changed, due)
}

fn demand(track: &Track) -> Demand {
    let wanted = |layer: &&Layer| !layer.is_stopped;
    let name = |layer: &Layer| layer.rid.and_then(|rid| rid.trim().parse().ok());
    Demand {
        source: track.source(),
        wanted: track.layers.iter().any(|layer| !layer.is_stopped),
        layers: track.layers.iter().filter(wanted).filter_map(name).collect(),
        codecs: if track.codecs.is_choice() { track.codecs.allowed().iter().collect() } else { Vec::new() },
    }
}
