//! Sound in large rooms, past the transports of those who hear it.

use std::time::Instant;

use super::Engine;
use crate::{
    Dropped, Urgency,
    packet::MediaPacket,
    path::Path,
    session::Session,
    sound::Sealed,
    track::{LayerKey, SlotKey},
};

impl Engine {
    /// Whether what a slot carries is sound that goes past the transport. It does where the room was large
    /// when somebody first heard something in it, until their network turns out to be tight: then what there
    /// is has to be divided between sound and pictures, and only what goes through the transport is measured.
    pub(super) fn sounds_aside(&mut self, key: SlotKey) -> bool {
        let Some(session) = self.sessions.get_mut(key.session) else { return false };
        if !session.slots.get(key.index).is_some_and(|slot| slot.is_audio) {
            return false;
        }
        // Before it is connected nothing is sent, and nothing known of its keys.
        if session.sounds_aside.is_none() && session.liveness.is_connected() {
            let people = self.rooms.get(session.room).map_or(0, |room| room.members.len());
            let goes_aside = people >= self.config.large_room && session.connection.has_way_for_sound();
            session.sounds_aside = Some(goes_aside);
        }
        if session.bandwidth.is_tight() {
            session.sounds_aside = session.sounds_aside.map(|_| false);
        }
        session.sounds_aside == Some(true)
    }

    /// Sends a packet of sound past the transport of who hears it.
    pub(super) fn sound(&mut self, now: Instant, key: SlotKey, from: LayerKey, packet: &MediaPacket) {
        let session = self.sessions.get_mut(key.session);
        let Some((way, sealed)) = session.and_then(|session| seal(now, session, key.index, from, packet)) else {
            return self.counters.dropped(Dropped::Held);
        };
        self.counters.rtp_forwarded += 1;
        self.counters.sound_aside += 1;
        if let Some(source) = self.tracks.get(from.track).map(|track| track.source()) {
            self.counters.forwarded.count(source);
        }
        let Sealed { packet, report } = sealed;
        self.transmit(way, Urgency::Prompt, packet);
        report.into_iter().for_each(|report| self.transmit(way, Urgency::Prompt, report));
    }
}

/// Of what the network is found to carry nothing is kept for this: it is not part of what is measured.
fn seal(
    now: Instant,
    session: &mut Session,
    slot: usize,
    from: LayerKey,
    packet: &MediaPacket,
) -> Option<(Path, Sealed)> {
    let way = session.own_way()?;
    let slot = session.slots.get_mut(slot)?;
    let outgoing = slot.outgoing(packet, from.layer, &session.types)?;
    Some((way, session.connection.seal(now, slot.stream, &outgoing)?))
}
