//! Which track goes into which slot, and telling the browsers of it.

use std::{cmp::Reverse, time::Instant};

use protocol::media::{MediaEvent, MediaRequest};
use str0m::media::Mid;

use super::{Due, Engine};
use crate::{
    RoomKey, SessionKey,
    carrier::Channel,
    control,
    keyframe::Need,
    loudness,
    room::{self, Assigned, Published},
    slot::Slot,
    track::{SlotKey, TrackKey},
};

impl Engine {
    /// Assigns the slots of everyone in a room anew.
    pub(super) fn assign_room(&mut self, now: Instant, key: RoomKey) {
        let Some(room) = self.rooms.get(key) else { return };
        let published = room.published(now, &self.sessions, &self.tracks);
        for member in room.members.clone() {
            self.assign(now, member, &published);
        }
    }

    /// Assigns the slots of one session anew.
    pub(super) fn assign_session(&mut self, now: Instant, key: SessionKey) {
        let Some(room) = self.sessions.get(key).and_then(|session| self.rooms.get(session.room)) else { return };
        let published = room.published(now, &self.sessions, &self.tracks);
        self.assign(now, key, &published);
    }

    fn assign(&mut self, now: Instant, key: SessionKey, published: &Published) {
        let Some(session) = self.sessions.get(key) else { return };
        let mut changed = false;
        let speakers = self.rooms.get(session.room).map(|room| room.speakers.as_slice()).unwrap_or_default();
        let assignments = room::assignments(session, published, speakers);
        let unplaced = room::unplaced(session, published, &assignments);
        for (index, assigned) in assignments.into_iter().enumerate() {
            changed |= self.assign_slot(now, SlotKey { session: key, index }, assigned);
        }
        let Some(session) = self.sessions.get_mut(key) else { return };
        changed |= session.unplaced != unplaced;
        session.unplaced = unplaced;
        if changed {
            self.divide(now, key);
            self.touch(key);
        }
    }

    fn assign_slot(&mut self, now: Instant, slot_key: SlotKey, assigned: Assigned) -> bool {
        let Some(session) = self.sessions.get_mut(slot_key.session) else { return false };
        let Some(slot) = session.slots.get_mut(slot_key.index) else { return false };
        let before = slot.track();
        let (name, track) = assigned.unzip();
        if !slot.assign(name, track) {
            return false;
        }
        if slot.has_begun {
            // Nothing of what it carried before is repaired, or sent again to fill the network.
            session.connection.begin(slot.stream, slot.carries_screen());
        }
        self.unsubscribe(now, before, slot_key);
        if let Some(key) = track
            && let Some(track) = self.tracks.get_mut(key)
        {
            track.subscribers.push(slot_key);
            self.listeners_changed(now, key);
        }
        true
    }

    pub(super) fn unsubscribe(&mut self, now: Instant, track: Option<TrackKey>, slot: SlotKey) {
        if let Some(key) = track
            && let Some(track) = self.tracks.get_mut(key)
        {
            track.subscribers.retain(|subscriber| *subscriber != slot);
            self.listeners_changed(now, key);
        }
    }

    /// Says on the data channel what the browser does not know yet, then starts the slots.
    pub(super) fn tell(&mut self, now: Instant, key: SessionKey) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.follows {
            // Whatever it is sent on a section is what it shows there.
            if session.slots.iter().any(Slot::is_unannounced) {
                session.slots.iter_mut().for_each(Slot::mark_announced);
                self.start_slots(now, key, Need::Usual);
            }
            return;
        }
        let Some(channel) = session.control.channel else { return };
        let connection = &mut session.connection;
        let mut say =
            |event: &MediaEvent| serde_json::to_string(event).is_ok_and(|text| connection.say(channel, &text));
        let slots: Vec<_> = session.slots.iter().filter(|slot| slot.is_unannounced()).map(Slot::announcement).collect();
        let slots_changed = !slots.is_empty();
        if slots_changed {
            if !say(&MediaEvent::Slots { slots }) {
                return;
            }
            session.slots.iter_mut().for_each(Slot::mark_announced);
        }
        session.control.flush(say);
        if slots_changed {
            self.start_slots(now, key, Need::Usual);
        }
    }

    pub(super) fn channel_opened(&mut self, key: SessionKey, channel: Channel) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        session.control.channel = Some(channel);
        let speakers = self.rooms.get(session.room).map(|room| room.speakers.clone());
        if let Some(speakers) = speakers.filter(|speakers| !speakers.is_empty()) {
            session.control.tell_speakers(speakers);
        }
        self.touch(key);
    }

    pub(super) fn channel_closed(&mut self, key: SessionKey, channel: Channel) {
        if let Some(session) = self.sessions.get_mut(key).filter(|session| session.control.channel == Some(channel)) {
            session.control.channel = None;
        }
    }

    pub(super) fn channel_said(&mut self, now: Instant, key: SessionKey, channel: Channel, text: &[u8]) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.control.channel != Some(channel) {
            return;
        }
        let tiles = match session.control.read(now, text) {
            None => return,
            Some(Ok(MediaRequest::Ping)) => {
                session.control.answer_ping();
                return self.touch(key);
            }
            Some(Ok(MediaRequest::Keyframe { mid })) => {
                return self.keyframe_requested(now, key, Mid::from(mid.as_str()));
            }
            Some(Ok(MediaRequest::Wishes { tiles })) => control::tiles(tiles),
            Some(Err(refusal)) => Err(refusal),
        };
        match tiles {
            Ok(tiles) => {
                session.wishes = Some(tiles);
                self.assign_session(now, key);
                self.divide_soon(now, key);
            }
            Err(refusal) => {
                session.control.refuse(refusal);
                self.touch(key);
            }
        }
    }

    /// A track in the room was loud or not; it will be looked at.
    pub(super) fn expect_evaluation(&mut self, now: Instant, key: RoomKey) {
        let Some(room) = self.rooms.get_mut(key).filter(|room| room.evaluate_at.is_none()) else { return };
        let at = now + loudness::PERIOD;
        room.evaluate_at = Some(at);
        self.schedule.push(Reverse((at, Due::Room(key))));
    }

    pub(super) fn room_due(&mut self, now: Instant, at: Instant, key: RoomKey) {
        let Some(room) = self.rooms.get_mut(key).filter(|room| room.evaluate_at == Some(at)) else { return };
        room.evaluate_at = None;
        let mut at_rest = true;
        let (tracks, is_shared) = (room.own_tracks(&self.sessions), !room.links.is_empty());
        for key in &tracks {
            let Some(track) = self.tracks.get_mut(*key).filter(|track| track.is_heard()) else { continue };
            track.loudness.evaluate(now);
            at_rest &= track.loudness.is_at_rest();
        }
        if is_shared {
            self.tell_levels(key, &tracks);
        }
        self.update_speakers(now, key);
        self.follow(now, key);
        if !at_rest {
            self.expect_evaluation(now, key);
        }
        self.choose_loudest(now, key);
    }

    /// Those who ask for nothing are sent what goes on now.
    pub(super) fn follow(&mut self, now: Instant, key: RoomKey) {
        let Some(room) = self.rooms.get(key) else { return };
        let follows = |member: &SessionKey| {
            self.sessions.get(*member).is_some_and(|session| session.follows && !session.slots.is_empty())
        };
        let followers: Vec<SessionKey> = room.members.iter().copied().filter(follows).collect();
        if followers.is_empty() {
            return;
        }
        let published = room.published(now, &self.sessions, &self.tracks);
        for member in followers {
            self.assign(now, member, &published);
        }
    }

    /// Where there are more voices than slots for them, the loudest are heard.
    fn choose_loudest(&mut self, now: Instant, key: RoomKey) {
        if self.update_loudest(key) {
            self.assign_room(now, key);
            return;
        }
        let Some(room) = self.rooms.get(key) else { return };
        let is_short = |member: &SessionKey| self.sessions.get(*member).is_some_and(|session| room.is_short(session));
        let short: Vec<SessionKey> = room.members.iter().copied().filter(is_short).collect();
        if short.is_empty() {
            return;
        }
        let published = room.published(now, &self.sessions, &self.tracks);
        for member in short {
            self.assign(now, member, &published);
        }
    }
}
