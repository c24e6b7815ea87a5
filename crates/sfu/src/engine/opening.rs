//! How sessions come and go.

use std::time::Instant;

use protocol::{
    id::{ParticipantId, RoomId},
    media::SlotTrack,
    region::{SessionAnswer, SessionEventKind},
};
use str0m::media::{Mid, Rid};

use super::Engine;
use crate::{
    Open, OpenError, RoomKey, SessionKey, Urgency,
    common_codecs::CommonCodecs,
    connection::Step,
    layer::Layer,
    offer::TrackSection,
    room::Room,
    session::{Opened, Session},
    slot::Slot,
    track::{Publisher, SlotKey, Track},
};

impl Engine {
    pub(super) fn open(&mut self, now: Instant, open: &Open) -> Result<SessionAnswer, OpenError> {
        if !self.epochs.is_new(&open.room, open.participant, open.epoch) {
            return Err(OpenError::Stale);
        }
        let replaced = self.find(&open.room, open.participant);
        if replaced.is_none() && self.sessions.len() >= self.config.capacity {
            return Err(OpenError::Full);
        }
        let room = self.room(&open.room);
        let has_layers = self.has_layers(room);
        let Opened { session, answer, tracks } = match Session::open(now, &self.identity, room, open, has_layers) {
            Ok(opened) => opened,
            Err(reason) => {
                self.drop_room_if_empty(room);
                return Err(OpenError::Offer(reason));
            }
        };
        let fragment = session.connection.fragment().to_owned();
        let key = self.sessions.insert(session);
        self.add_tracks(key, open, &tracks);
        self.fragments.insert(fragment, key);
        self.epochs.used(&open.room, open.participant, open.epoch);
        // Who returns with a new session keeps their place.
        if let Some(room) = self.rooms.get_mut(room) {
            match room.members.iter_mut().find(|member| Some(**member) == replaced) {
                Some(place) => *place = key,
                None => room.members.push(key),
            }
        }
        self.assign_session(now, key);
        if let Some(session) = self.sessions.get_mut(key) {
            session.slots.iter_mut().for_each(Slot::mark_announced);
        }
        if let Some(replaced) = replaced {
            self.end(now, replaced);
        } else {
            self.assign_room(now, room);
            self.publish(now, room, open.participant);
        }
        self.touch(key);
        let slots = self.sessions.get(key).map(|session| session.slots.iter().map(Slot::announcement).collect());
        Ok(SessionAnswer { sdp: answer, slots: slots.unwrap_or_default() })
    }

    pub(super) fn close_up_to(&mut self, now: Instant, room: &RoomId, participant: ParticipantId, epoch: u64) {
        if let Some(key) = self.find(room, participant) {
            if self.sessions.get(key).is_some_and(|session| session.epoch <= epoch) {
                self.end(now, key);
            }
        } else if self.epochs.is_new(room, participant, epoch) {
            // A close may overtake the open it belongs to; that one must not open a session for nobody.
            self.epochs.used(room, participant, epoch);
            self.epochs.over(now, room, participant, epoch);
        }
    }

    /// Ends a session: says goodbye to the browser, tells the edge, gives its slots free.
    pub(super) fn end(&mut self, now: Instant, key: SessionKey) {
        self.tell_edge(key, SessionEventKind::Closed);
        let Some(mut session) = self.sessions.remove(key) else { return };
        session.connection.close();
        loop {
            match session.connection.poll(now) {
                Step::Transmit(path, contents) | Step::Message(path, _, contents) => {
                    self.transmit(path, Urgency::Prompt, contents);
                }
                // Nobody is there to hear it.
                Step::Event(_) | Step::Estimate(_) | Step::Broken(_) => {}
                Step::Idle(_) | Step::Over => break,
            }
        }
        self.fragments.remove(session.connection.fragment());
        for path in &session.paths {
            self.forget_path(*path);
        }
        for (index, slot) in session.slots.iter().enumerate() {
            self.unsubscribe(now, slot.track(), SlotKey { session: key, index });
        }
        for track in &session.tracks {
            self.tracks.remove(*track);
        }
        if let Some(room) = self.rooms.get_mut(session.room) {
            room.members.retain(|member| *member != key);
            self.epochs.over(now, &room.id, session.participant, session.epoch);
        }
        self.publish(now, session.room, session.participant);
        self.assign_room(now, session.room);
        self.drop_room_if_empty(session.room);
    }

    /// Whether anybody in a room sends layers to choose from.
    fn has_layers(&self, room: RoomKey) -> bool {
        let tracks = self.rooms.get(room).map(|room| room.tracks(&self.sessions)).unwrap_or_default();
        tracks.into_iter().filter_map(|key| self.tracks.get(key)).any(Track::is_layered)
    }

    /// What a new session offers to publish.
    fn add_tracks(&mut self, key: SessionKey, open: &Open, sections: &[TrackSection]) {
        let Some(session) = self.sessions.get_mut(key) else { return };
        for section in sections {
            let name = SlotTrack { participant: open.participant, source: section.source };
            let publisher = Publisher::Session { session: key, mid: Mid::from(section.mid.as_str()) };
            let granted = open.publish.contains(&section.source);
            let mid = Mid::from(section.mid.as_str());
            let codecs = session.connection.codecs(mid, &session.types).unwrap_or_default();
            let layers = section.layers.iter().map(|name| Layer::new(Some(Rid::from(name.as_str())))).collect();
            let track = Track::new(session.room, name, publisher, CommonCodecs::new(codecs), layers, granted);
            session.tracks.push(self.tracks.insert(track));
        }
    }

    pub(super) fn find(&self, room: &RoomId, participant: ParticipantId) -> Option<SessionKey> {
        let room = self.rooms.get(*self.room_keys.get(room)?)?;
        let is_theirs =
            |key: &SessionKey| self.sessions.get(*key).is_some_and(|found| found.participant == participant);
        room.members.iter().copied().find(is_theirs)
    }

    fn room(&mut self, id: &RoomId) -> RoomKey {
        if let Some(key) = self.room_keys.get(id) {
            return *key;
        }
        let key = self.rooms.insert(Room::new(id.clone()));
        self.room_keys.insert(id.clone(), key);
        self.announce_room(id);
        key
    }

    fn drop_room_if_empty(&mut self, key: RoomKey) {
        let is_empty = self.rooms.get(key).is_some_and(|room| room.members.is_empty());
        if let Some(room) = is_empty.then(|| self.rooms.remove(key)).flatten() {
            self.room_keys.remove(&room.id);
            self.withdraw_room(&room.id, room.links);
        }
    }
}
