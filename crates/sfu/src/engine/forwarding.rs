//! The packet path: from a publisher's stream into everybody's slots.

use std::{sync::Arc, time::Instant};

use protocol::{media::VideoCodec, region::SessionEventKind};
use str0m::{media::Mid, rtp::RtpPacket};

use super::Engine;
use crate::{
    Dropped, SessionKey, Urgency,
    codec::VideoCodecs,
    keyframe::{Need, Request},
    layer::Layer,
    packet::MediaPacket,
    session::{Origin, Session},
    slot::Slot,
    track::{LayerKey, Publisher, SlotKey, TrackKey},
};

impl Engine {
    /// A packet came from a publisher.
    pub(super) fn forward(&mut self, now: Instant, key: SessionKey, packet: RtpPacket) {
        self.counters.rtp_in += 1;
        let Some(session) = self.sessions.get_mut(key) else { return };
        let Some(origin) = session.origin(&mut self.tracks, packet.header.ssrc) else {
            return self.counters.dropped(Dropped::Unknown);
        };
        if !self.admits(now, origin.track, packet.payload.len()) {
            return;
        }
        let Some(session) = self.sessions.get(key) else { return };
        match MediaPacket::new(packet, &session.types).map(Arc::new) {
            Some(packet) => self.forward_packet(now, origin, packet),
            None => self.counters.dropped(Dropped::Malformed),
        }
    }

    /// Whether so many bytes more of a track are taken.
    pub(super) fn admits(&mut self, now: Instant, key: TrackKey, bytes: usize) -> bool {
        let Some(track) = self.tracks.get_mut(key).filter(|track| track.granted) else {
            self.counters.dropped(Dropped::Withheld);
            return false;
        };
        let takes = track.ingress.takes(now, bytes);
        if !takes {
            self.counters.dropped(Dropped::Limited);
        }
        takes
    }

    /// A packet of a track that may be published.
    pub(super) fn forward_packet(&mut self, now: Instant, origin: Origin, packet: Arc<MediaPacket>) {
        let Some(track) = self.tracks.get_mut(origin.track) else { return };
        let room = track.room;
        let is_audio = track.source().is_audio();
        if let Some(level) = track.level_of(&packet) {
            track.loudness.note(level);
        }
        if is_audio {
            self.expect_evaluation(now, room);
        }
        let from = LayerKey { track: origin.track, layer: origin.layer };
        self.take(now, from, origin.is_another_stream, &packet);
    }

    /// Takes a packet of a layer, from its publisher or from the engine that has them. `restart` says that
    /// the layer came on another stream before.
    pub(super) fn take(&mut self, now: Instant, from: LayerKey, restart: bool, packet: &Arc<MediaPacket>) {
        let Some(track) = self.tracks.get_mut(from.track) else { return };
        let is_audio = track.source().is_audio();
        let mut start = Vec::new();
        if let Some(layer) = track.layers.get_mut(from.layer).filter(|_| !is_audio) {
            if !layer.note(packet) {
                return self.counters.dropped(Dropped::Unwanted);
            }
            if packet.picture.starts_keyframe {
                start = layer.since_keyframe(now);
            } else if layer.keyframes.retry(now, &mut track.allowance) {
                self.ask_for_keyframe(from);
            }
        }
        self.refresh_listeners(from.track);
        let is_relayed = self.relay_to_listeners(from, packet);
        self.deliver(now, from, restart, packet, &start);
        let has_listeners = self.layer(from).is_some_and(|layer| !layer.listeners.is_empty());
        if !has_listeners && !is_relayed {
            self.counters.dropped(Dropped::Unwanted);
        }
    }

    /// Hands a packet to every slot that carries its layer or waits for it. `start` is everything since
    /// the keyframe that the packet begins, itself included.
    fn deliver(
        &mut self,
        now: Instant,
        key: LayerKey,
        restart: bool,
        packet: &MediaPacket,
        start: &[Arc<MediaPacket>],
    ) {
        let Some(layer) = self.layer(key) else { return };
        let listeners = std::mem::take(&mut layer.listeners);
        let mut waits = None;
        for slot_key in &listeners {
            let Some(slot) = self.slot(*slot_key) else { continue };
            if restart && slot.current() == Some(key.layer) {
                slot.restart();
            }
            if slot.awaited() == Some(key.layer) && !start.is_empty() {
                for packet in start {
                    self.send(now, *slot_key, key, packet);
                }
            } else {
                self.send(now, *slot_key, key, packet);
            }
            waits = waits.max(self.needs_keyframe(*slot_key, key.layer, packet.codec()));
        }
        let Some(layer) = self.layer(key) else { return };
        layer.listeners = listeners;
        // The start of a layer can be lost where nobody knows of it: before the first packet that came.
        if let Some(need) = waits.filter(|_| !layer.keyframes.is_wanted()) {
            self.want_keyframe(now, key, need);
        }
    }

    /// What a slot needs the next keyframe of a layer in this codec for, if it waits for it.
    fn needs_keyframe(&self, slot_key: SlotKey, layer: usize, codec: Option<VideoCodec>) -> Option<Need> {
        let is_ready = |session: &&Session| session.takes_pictures() && session.bandwidth.starts_due.is_none();
        let session = self.sessions.get(slot_key.session).filter(is_ready)?;
        let waits = |slot: &&Slot| {
            !slot.is_audio && slot.awaited() == Some(layer) && !slot.is_unannounced() && slot.takes(codec)
        };
        let slot = session.slots.get(slot_key.index).filter(waits)?;
        Some(if slot.is_dark() { Need::Usual } else { Need::Better })
    }

    fn send(&mut self, now: Instant, slot_key: SlotKey, from: LayerKey, packet: &MediaPacket) {
        if self.sounds_aside(slot_key) {
            return self.sound(now, slot_key, from, packet);
        }
        let (mut turned, mut source, mut report) = (false, None, None);
        let sent = self.sessions.get_mut(slot_key.session).is_some_and(|session| {
            let way = session.own_way();
            let (connected, takes_pictures) = (session.liveness.is_connected(), session.takes_pictures());
            let is_ready = |slot: &&mut Slot| if slot.is_audio { connected } else { takes_pictures };
            let Some(slot) = session.slots.get_mut(slot_key.index).filter(is_ready) else { return false };
            let before = slot.current();
            source = slot.assigned().map(|track| track.source);
            let write = slot.outgoing(packet, from.layer, &session.types);
            turned = slot.current() != before;
            if slot.is_audio && write.is_some() {
                session.bandwidth.sounded(now, packet.payload.len());
            }
            if !slot.is_audio && write.is_some() {
                slot.sent(now, packet.payload.len(), session.bandwidth.estimate());
            }
            let Some(write) = write else { return false };
            if !slot.has_begun {
                slot.has_begun = true;
                session.connection.begin(slot.stream, slot.carries_screen());
            }
            if slot.is_audio {
                report = session.connection.report(now, slot.stream, &write).zip(way);
            }
            let written = session.connection.write(now, slot.stream.ssrc, write);
            if written {
                session.outstanding.wrote();
            }
            written
        });
        if let Some((report, way)) = report {
            self.transmit(way, Urgency::Prompt, report);
        }
        if turned {
            self.counters.layer_switches += 1;
            self.listeners_changed(now, from.track);
        }
        if sent {
            self.counters.rtp_forwarded += 1;
            source.into_iter().for_each(|source| self.counters.forwarded.count(source));
            self.touch(slot_key.session);
        } else {
            self.counters.dropped(Dropped::Held);
        }
    }

    /// Media can flow to and from a browser.
    pub(super) fn connected(&mut self, now: Instant, key: SessionKey) {
        if self.sessions.get_mut(key).is_some_and(|session| session.liveness.connect()) {
            self.tell_edge(key, SessionEventKind::Connected);
            self.start_slots(now, key, Need::Usual);
        }
    }

    /// Media can flow to a browser in a moment: keyframes that are on their way by then save a round trip.
    pub(super) fn prepare(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get(key) else { return };
        if session.liveness.is_connected() {
            return self.begin_pictures_anew(now, key);
        }
        let slots = session.slots.iter().filter(|slot| !slot.is_audio);
        let waiting: Vec<(LayerKey, VideoCodecs)> =
            slots.filter_map(|slot| Some((awaited(slot)?, slot.codecs))).collect();
        for (layer, codecs) in waiting {
            if self.is_sent_in(now, layer, codecs) && self.nearest_start(now, layer, codecs).is_none() {
                self.want_keyframe(now, layer, Need::Usual);
            }
        }
    }

    /// A browser is reached another way. It lost what was sent meanwhile, and would ask only once it sees that.
    fn begin_pictures_anew(&mut self, now: Instant, key: SessionKey) {
        if let Some(session) = self.sessions.get_mut(key).filter(|session| session.bandwidth.is_measured()) {
            session.bandwidth.begin_anew();
            if session.connection.measure_anew() {
                session.keep_anew();
            }
            self.divide_soon(now, key);
        }
        let slots = self.sessions.get(key).map(|session| session.slots.as_slice()).unwrap_or_default();
        let shown = slots.iter().filter(|slot| !slot.is_audio);
        let shown = shown.filter_map(|slot| Some(LayerKey { track: slot.track()?, layer: slot.current()? }));
        for layer in shown.collect::<Vec<_>>() {
            self.want_keyframe(now, layer, Need::Usual);
        }
    }

    /// Starts every slot that waits for its layer: with a keyframe just seen, or by asking for one. Who
    /// sees nothing yet begins with a lower layer if that has one.
    pub(super) fn start_slots(&mut self, now: Instant, key: SessionKey, need: Need) {
        let Some(session) = self.sessions.get(key).filter(|session| session.takes_pictures()) else { return };
        let waiting: Vec<(SlotKey, LayerKey, bool, VideoCodecs)> = session
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| !slot.is_audio && !slot.is_unannounced())
            .filter_map(|(index, slot)| {
                Some((SlotKey { session: key, index }, awaited(slot)?, slot.is_dark(), slot.codecs))
            })
            .collect();
        for (slot_key, wanted, is_dark, codecs) in waiting {
            let start = self.nearest_start(now, wanted, codecs).filter(|_| is_dark);
            if start.as_ref().is_none_or(|(from, _)| *from != wanted) && self.is_sent_in(now, wanted, codecs) {
                self.want_keyframe(now, wanted, if is_dark { need } else { Need::Better });
            }
            let Some((from, packets)) = start else { continue };
            if let Some(slot) = self.slot(slot_key).filter(|_| from != wanted) {
                slot.begin_with(from.layer);
                self.listeners_changed(now, from.track);
            }
            for packet in &packets {
                self.send(now, slot_key, from, packet);
            }
        }
    }

    /// Whether a layer comes in one of these codecs, or does not come. A keyframe of another helps nobody
    /// who waits for it, and the change to one of these brings its own.
    fn is_sent_in(&mut self, now: Instant, key: LayerKey, codecs: VideoCodecs) -> bool {
        self.layer(key).and_then(|layer| layer.codec(now)).is_none_or(|codec| codecs.contains(codec))
    }

    /// The best layer up to the wanted one that begins with a keyframe just seen, in one of these codecs,
    /// and what came since.
    fn nearest_start(
        &mut self,
        now: Instant,
        wanted: LayerKey,
        codecs: VideoCodecs,
    ) -> Option<(LayerKey, Vec<Arc<MediaPacket>>)> {
        let layers = &self.tracks.get(wanted.track)?.layers;
        let starts = layers.iter().enumerate().take(wanted.layer + 1).rev();
        starts.map(|(layer, found)| (LayerKey { layer, ..wanted }, found.since_keyframe(now))).find(|(_, packets)| {
            packets.first().is_some_and(|packet| packet.codec().is_some_and(|it| codecs.contains(it)))
        })
    }

    /// A browser lost the picture in one of its slots.
    pub(super) fn keyframe_requested(&mut self, now: Instant, key: SessionKey, mid: Mid) {
        self.counters.keyframe_requests_received += 1;
        let Some(session) = self.sessions.get(key) else { return };
        let slot = session.slots.iter().find(|slot| Mid::from(slot.mid.as_str()) == mid);
        let Some(slot) = slot.filter(|slot| !slot.is_audio) else { return };
        // A large picture on a slow link is asked for again while it comes.
        if slot.is_under_way(now) {
            self.counters.keyframe_requests_coalesced += 1;
            return;
        }
        // What it carries now is what the browser looks at.
        let layer = slot.current().or(slot.target().map(|target| target.layer));
        if let Some((track, layer)) = slot.track().zip(layer) {
            self.want_keyframe(now, LayerKey { track, layer }, Need::Usual);
        }
    }

    pub(super) fn want_keyframe(&mut self, now: Instant, key: LayerKey, need: Need) {
        let Some(track) = self.tracks.get_mut(key.track) else { return };
        let Some(layer) = track.layers.get_mut(key.layer) else { return };
        // What never came begins with a keyframe by itself.
        if layer.stream.is_none() && matches!(track.publisher, Publisher::Session { .. }) {
            return;
        }
        match layer.keyframes.want(now, need, &mut track.allowance) {
            Request::Send => self.ask_for_keyframe(key),
            Request::Coalesced => self.counters.keyframe_requests_coalesced += 1,
        }
        self.schedule_track(key.track);
    }

    /// Repeats the keyframe requests for a track that were not answered.
    pub(super) fn retry_keyframes(&mut self, now: Instant, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key) else { return };
        let mut repeated = Vec::new();
        for (place, layer) in track.layers.iter_mut().enumerate() {
            let due = layer.keyframes.retry_at(&track.allowance).is_some_and(|at| at <= now);
            if due && layer.keyframes.retry(now, &mut track.allowance) {
                repeated.push(LayerKey { track: key, layer: place });
            }
        }
        for layer in repeated {
            self.ask_for_keyframe(layer);
        }
    }

    /// Asks the publisher of a layer for a keyframe.
    fn ask_for_keyframe(&mut self, key: LayerKey) {
        let Some(track) = self.tracks.get(key.track) else { return };
        let Some(layer) = track.layers.get(key.layer) else { return };
        match track.publisher {
            Publisher::Session { session: publisher, .. } => {
                let Some((session, stream)) = self.sessions.get_mut(publisher).zip(layer.stream) else { return };
                if session.connection.request_keyframe(stream) {
                    self.counters.keyframe_requests_sent += 1;
                    self.touch(publisher);
                }
            }
            // What is yet to be carried over begins with a keyframe by itself.
            Publisher::Engine { .. } if layer.is_stopped => {}
            Publisher::Engine { peer, track } => {
                let need = layer.keyframes.need().unwrap_or_default();
                self.ask_elsewhere(peer, LayerKey { track, layer: key.layer }, need);
            }
        }
    }

    fn layer(&mut self, key: LayerKey) -> Option<&mut Layer> {
        self.tracks.get_mut(key.track)?.layers.get_mut(key.layer)
    }

    fn slot(&mut self, key: SlotKey) -> Option<&mut Slot> {
        self.sessions.get_mut(key.session)?.slots.get_mut(key.index)
    }
}

/// The layer that a slot waits for.
fn awaited(slot: &Slot) -> Option<LayerKey> {
    Some(LayerKey { track: slot.track()?, layer: slot.awaited()? })
}
