//! The packet path: from a publisher's stream into everybody's slots.

use std::{sync::Arc, time::Instant};

use protocol::region::SessionEventKind;
use str0m::{media::Mid, rtp::RtpPacket};

use super::Engine;
use crate::{
    SessionKey,
    keyframe::Request,
    packet::MediaPacket,
    track::{SlotKey, TrackKey},
};

impl Engine {
    /// A packet came from a publisher.
    pub(super) fn forward(&mut self, now: Instant, key: SessionKey, packet: RtpPacket) {
        self.counters.rtp_in += 1;
        let Some(session) = self.sessions.get_mut(key) else { return };
        let Some(origin) = session.origin(&packet) else {
            self.counters.rtp_dropped += 1;
            return;
        };
        if !session.tracks.get(origin.track).is_some_and(|track| track.granted) {
            self.counters.rtp_dropped += 1;
            self.counters.rtp_withheld += 1;
            return;
        }
        let Some(packet) = MediaPacket::new(packet, &session.types).map(Arc::new) else {
            self.counters.rtp_dropped += 1;
            return;
        };
        let room = session.room;
        let Some(track) = session.tracks.get_mut(origin.track) else { return };
        let is_audio = track.source.is_audio();
        if let Some(level) = track.level_of(&packet) {
            track.loudness.note(level);
        }
        let mut start = Vec::new();
        if let Some(layer) = track.layers.get_mut(origin.layer).filter(|_| !is_audio) {
            layer.note(&packet);
            if packet.starts_keyframe {
                start = layer.since_keyframe(now);
            } else if layer.keyframes.retry(now) && session.connection.request_keyframe(layer.stream) {
                self.counters.keyframe_requests_sent += 1;
                self.touch(key);
            }
        }
        if is_audio {
            self.expect_evaluation(now, room);
        }
        // All slots carry the first layer until layers are chosen per subscriber.
        if origin.layer == 0 {
            self.deliver(
                now,
                TrackKey { session: key, index: origin.track },
                origin.is_another_stream,
                &packet,
                &start,
            );
        }
    }

    /// Hands a packet to every slot that carries its track. `start` is everything since the keyframe
    /// that the packet begins, itself included.
    fn deliver(
        &mut self,
        now: Instant,
        key: TrackKey,
        restart: bool,
        packet: &MediaPacket,
        start: &[Arc<MediaPacket>],
    ) {
        let Some(track) = self.track(key) else { return };
        let subscribers = std::mem::take(&mut track.subscribers);
        if subscribers.is_empty() {
            self.counters.rtp_dropped += 1;
        }
        for slot_key in &subscribers {
            let Some(session) = self.sessions.get_mut(slot_key.session) else { continue };
            let Some(slot) = session.slots.get_mut(slot_key.index) else { continue };
            if restart {
                slot.restart();
            }
            if slot.is_waiting() && !start.is_empty() {
                for packet in start {
                    self.send(*slot_key, packet);
                }
            } else {
                self.send(*slot_key, packet);
            }
        }
        let waits = subscribers.iter().any(|slot_key| self.waits_for_keyframe(*slot_key));
        let Some(track) = self.track(key) else { return };
        track.subscribers = subscribers;
        // The start of a track can be lost where nobody knows of it: before the first packet that came.
        if waits && track.chosen_layer().is_some_and(|layer| !layer.keyframes.is_wanted()) {
            self.want_keyframe(now, key);
        }
    }

    fn waits_for_keyframe(&self, slot_key: SlotKey) -> bool {
        self.sessions.get(slot_key.session).is_some_and(|session| {
            let slot = session.slots.get(slot_key.index);
            session.liveness.is_connected()
                && slot.is_some_and(|slot| !slot.is_audio && slot.is_waiting() && !slot.is_unannounced())
        })
    }

    fn send(&mut self, slot_key: SlotKey, packet: &MediaPacket) {
        let sent = self.sessions.get_mut(slot_key.session).is_some_and(|session| {
            let connected = session.liveness.is_connected();
            let Some(slot) = session.slots.get_mut(slot_key.index).filter(|_| connected) else { return false };
            let stream = slot.stream;
            slot.outgoing(packet, &session.types).is_some_and(|write| session.connection.write(stream, write))
        });
        if sent {
            self.counters.rtp_forwarded += 1;
            self.touch(slot_key.session);
        } else {
            self.counters.rtp_dropped += 1;
        }
    }

    /// Media can flow to and from a browser.
    pub(super) fn connected(&mut self, now: Instant, key: SessionKey) {
        if self.sessions.get_mut(key).is_some_and(|session| session.liveness.connect()) {
            self.tell_edge(key, SessionEventKind::Connected);
            self.start_slots(now, key);
        }
    }

    /// Media can flow to a browser in a moment: keyframes that are on their way by then save a round trip.
    pub(super) fn prepare(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get(key).filter(|session| !session.liveness.is_connected()) else { return };
        let waiting: Vec<TrackKey> =
            session.slots.iter().filter(|slot| !slot.is_audio).filter_map(|slot| slot.track()).collect();
        for track in waiting {
            if self.since_keyframe(now, track).is_empty() {
                self.want_keyframe(now, track);
            }
        }
    }

    /// Starts every slot that waits for its track: with a keyframe just seen, or by asking for one.
    pub(super) fn start_slots(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get(key).filter(|session| session.liveness.is_connected()) else { return };
        let waiting: Vec<(SlotKey, TrackKey)> = session
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| !slot.is_audio && slot.is_waiting() && !slot.is_unannounced())
            .filter_map(|(index, slot)| Some((SlotKey { session: key, index }, slot.track()?)))
            .collect();
        for (slot, track) in waiting {
            let start = self.since_keyframe(now, track);
            if start.is_empty() {
                self.want_keyframe(now, track);
            }
            for packet in &start {
                self.send(slot, packet);
            }
        }
    }

    /// A browser lost the picture in one of its slots.
    pub(super) fn keyframe_requested(&mut self, now: Instant, key: SessionKey, mid: Mid) {
        let slots = self.sessions.get(key).map(|session| &session.slots);
        let slot = slots.and_then(|slots| slots.iter().find(|slot| Mid::from(slot.mid.as_str()) == mid));
        if let Some(track) = slot.filter(|slot| !slot.is_audio).and_then(|slot| slot.track()) {
            self.want_keyframe(now, track);
        }
    }

    fn want_keyframe(&mut self, now: Instant, key: TrackKey) {
        let Some(session) = self.sessions.get_mut(key.session) else { return };
        let Some(layer) = session.tracks.get_mut(key.index).and_then(|track| track.chosen_layer()) else { return };
        match layer.keyframes.want(now) {
            Request::Send if session.connection.request_keyframe(layer.stream) => {
                self.counters.keyframe_requests_sent += 1;
                self.touch(key.session);
            }
            Request::Send => {}
            Request::Coalesced => self.counters.keyframe_requests_coalesced += 1,
        }
        self.schedule(key.session);
    }

    /// Repeats the keyframe requests of a publisher that were not answered.
    pub(super) fn retry_keyframes(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        for layer in session.tracks.iter_mut().flat_map(|track| &mut track.layers) {
            let due = layer.keyframes.retry_at().is_some_and(|at| at <= now);
            if due && layer.keyframes.retry(now) && session.connection.request_keyframe(layer.stream) {
                self.counters.keyframe_requests_sent += 1;
            }
        }
    }

    fn since_keyframe(&mut self, now: Instant, key: TrackKey) -> Vec<Arc<MediaPacket>> {
        let layer = self.track(key).and_then(|track| track.chosen_layer());
        layer.map(|layer| layer.since_keyframe(now)).unwrap_or_default()
    }

    fn track(&mut self, key: TrackKey) -> Option<&mut crate::track::Track> {
        self.sessions.get_mut(key.session)?.tracks.get_mut(key.index)
    }
}
