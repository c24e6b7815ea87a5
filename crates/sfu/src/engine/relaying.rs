//! Rooms that span engines: each layer that somebody there listens to is carried over once.

use std::{sync::Arc, time::Instant};

use str0m::rtp::Ssrc;

use super::Engine;
use crate::{
    Dropped, EngineId,
    common_codecs::Viewers,
    keyframe::Need,
    layer::Layer,
    packet::MediaPacket,
    relay::{LayerSet, Message, Relay},
    track::{LAYERS, LayerKey, Publisher, TrackKey},
};

impl Engine {
    /// Asks the engine that has the publisher of a track for the layers that somebody here listens to.
    pub(super) fn ask_to_carry(&mut self, now: Instant, key: TrackKey) {
        let Some(track) = self.tracks.get_mut(key) else { return };
        let Publisher::Engine { peer, track: theirs } = track.publisher else { return };
        // Sound comes in one codec.
        let slots = track.subscribers.iter().filter(|_| !track.name.source.is_audio());
        let slots = slots.filter_map(|slot| self.sessions.get(slot.session)?.slots.get(slot.index));
        let viewers: Viewers = slots.map(|slot| slot.codecs).collect();
        let mut changed = track.viewers_told != viewers;
        track.viewers_told = viewers;
        let (mut layers, mut need): (LayerSet, _) = ([false; LAYERS], None);
        for (wanted, layer) in layers.iter_mut().zip(&mut track.layers) {
            *wanted = !layer.listeners.is_empty();
            if layer.demand(now, *wanted) {
                changed = true;
                if !*wanted {
                    layer.forget();
                }
                need = need.max(layer.keyframes.need());
            }
        }
        if changed {
            self.relay(peer, Message::Carry { track: theirs, layers, viewers, need });
        }
    }

    /// Asks the engine that has the publisher of a layer for a keyframe of it.
    pub(super) fn ask_elsewhere(&mut self, peer: EngineId, wanted: LayerKey, need: Need) {
        let LayerKey { track, layer } = wanted;
        self.relay(peer, Message::Keyframe { track, layer, need });
    }

    /// Whether a track of this engine is published in a room that another has people in.
    pub(super) fn is_shared(&self, peer: EngineId, key: TrackKey) -> bool {
        let track = self.tracks.get(key).filter(|track| track.granted && track.is_from_session());
        let room = track.and_then(|track| self.rooms.get(track.room));
        room.is_some_and(|room| room.link(peer).is_some())
    }

    /// A linked engine wants a track carried over.
    pub(super) fn carry_over(&mut self, now: Instant, key: TrackKey, relay: Relay, need: Option<Need>) {
        let Relay { peer, layers, viewers } = relay;
        if !self.is_shared(peer, key) {
            return;
        }
        let Some(track) = self.tracks.get_mut(key) else { return };
        let before = track.relays.iter().find(|relay| relay.peer == peer).map_or([false; LAYERS], |relay| relay.layers);
        track.relays.retain(|relay| relay.peer != peer);
        if layers.contains(&true) || !viewers.is_empty() {
            track.relays.push(relay);
        }
        let is_audio = track.source().is_audio();
        self.listeners_changed(now, key);
        let begun = layers.iter().zip(before).enumerate().filter(|(_, (wanted, before))| **wanted && !before);
        for (layer, _) in begun.filter(|_| !is_audio) {
            let from = LayerKey { track: key, layer };
            let found = self.tracks.get(key).and_then(|track| track.layers.get(layer));
            let Some(found) = found else { continue };
            let (start, stream) = (found.since_keyframe(now), found.stream);
            if let Some(need) = need.filter(|_| start.is_empty()) {
                self.want_keyframe(now, from, need);
            }
            for packet in start {
                self.relay_packet(peer, from, stream, &packet);
            }
        }
    }

    /// Carries a packet over to each engine where somebody listens to its layer; says whether to any.
    pub(super) fn relay_to_listeners(&mut self, from: LayerKey, packet: &Arc<MediaPacket>) -> bool {
        let Some(track) = self.tracks.get(from.track).filter(|track| !track.relays.is_empty()) else { return false };
        let stream = track.layers.get(from.layer).and_then(|layer| layer.stream);
        let listens = |relay: &&Relay| relay.layers.get(from.layer).is_some_and(|wanted| *wanted);
        let peers: Vec<EngineId> = track.relays.iter().filter(listens).map(|relay| relay.peer).collect();
        for peer in &peers {
            self.relay_packet(*peer, from, stream, packet);
        }
        !peers.is_empty()
    }

    fn relay_packet(&mut self, peer: EngineId, from: LayerKey, stream: Option<Ssrc>, packet: &Arc<MediaPacket>) {
        let Some(stream) = stream else { return };
        self.counters.relay_packets_out += 1;
        let LayerKey { track, layer } = from;
        self.relay(peer, Message::Packet { track, layer, stream, packet: Arc::clone(packet) });
    }

    pub(super) fn packet_from_elsewhere(
        &mut self,
        now: Instant,
        peer: EngineId,
        theirs: LayerKey,
        stream: Ssrc,
        packet: &Arc<MediaPacket>,
    ) {
        self.counters.relay_packets_in += 1;
        let ours = self.peers.get(&peer).and_then(|peer| peer.tracks.get(&theirs.track)).copied();
        let Some(key) = ours.filter(|_| theirs.layer < LAYERS) else {
            return self.counters.dropped(Dropped::Unwanted);
        };
        let Some(track) = self.tracks.get_mut(key) else { return };
        while track.layers.len() <= theirs.layer {
            track.layers.push(Layer::elsewhere());
            track.is_stale = true;
        }
        let Some(layer) = track.layers.get_mut(theirs.layer) else { return };
        let is_another_stream = layer.stream != Some(stream);
        if is_another_stream {
            layer.reset(stream);
        }
        self.take(now, LayerKey { track: key, layer: theirs.layer }, is_another_stream, packet);
    }
}
