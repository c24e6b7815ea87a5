//! How the meetings are now: rooms are watched while a home page is open, and what they say is kept
//! in memory only.

use protocol::{
    account::HomeEvent,
    id::RoomId,
    rest::{RoomDetails, RoomPhase},
};

use crate::{
    Account,
    interface::{Answer, Output, StoredMeeting},
    meetings::is_over,
};

/// Meetings that are watched at the same time: those made last.
pub const WATCHED: usize = 50;

/// What rooms said last.
#[derive(Debug, Clone, Default)]
pub(crate) struct LiveMeetings(Vec<(RoomId, RoomPhase, u32)>);

impl LiveMeetings {
    /// Whether that is new.
    fn learn(&mut self, room: RoomId, phase: RoomPhase, participants: u32) -> bool {
        let said = (room, phase, participants);
        let new = !self.0.contains(&said);
        if new {
            self.forget(&said.0);
            self.0.push(said);
        }
        new
    }

    pub(crate) fn forget(&mut self, room: &RoomId) {
        self.0.retain(|(other, ..)| other != room);
    }

    /// A meeting as it is now; one that is over stays as it was told.
    pub(crate) fn applied_to(&self, details: &RoomDetails) -> RoomDetails {
        let mut details = details.clone();
        if let Some((_, phase, participants)) = self.0.iter().find(|(room, ..)| *room == details.id)
            && !is_over(&details)
        {
            (details.phase, details.participants) = (*phase, *participants);
        }
        details
    }
}

impl Account {
    pub(crate) fn live(&mut self, room: RoomId, phase: RoomPhase, participants: u32) -> Answer {
        let watching = self.watched.contains(&room);
        if watching && self.live.learn(room.clone(), phase, participants) {
            self.outbox.send(self.sockets.ids(), HomeEvent::Live { room, phase, participants });
        }
        Answer::Watching(watching)
    }

    /// Rooms learn whether they are watched when that changes.
    pub(crate) fn watch(&mut self) {
        let wanted = self.worth_watching();
        let watched = std::mem::replace(&mut self.watched, wanted.clone());
        for room in watched.iter().filter(|room| !wanted.contains(room)) {
            self.live.forget(room);
            // A meeting that is over has forgotten who watched it.
            if !self.meetings.get(room).is_some_and(|meeting| is_over(&meeting.details)) {
                self.outbox.act(Output::Watch { room: room.clone(), watch: false });
            }
        }
        for room in wanted.iter().filter(|room| !watched.contains(room)) {
            self.outbox.act(Output::Watch { room: room.clone(), watch: true });
        }
    }

    /// What the home pages that are open want to know.
    pub(crate) fn worth_watching(&self) -> Vec<RoomId> {
        if !self.sockets.any() {
            return Vec::new();
        }
        let upcoming = self.meetings.values().filter(|meeting| !is_over(&meeting.details));
        let mut newest: Vec<&StoredMeeting> = Vec::new();
        for meeting in upcoming {
            let place = newest.partition_point(|other| other.details.created_at >= meeting.details.created_at);
            newest.insert(place, meeting);
        }
        newest.truncate(WATCHED);
        newest.into_iter().map(|meeting| meeting.details.id.clone()).collect()
    }
}
