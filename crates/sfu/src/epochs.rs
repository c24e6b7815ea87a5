//! Which session numbers were used, so that none is used twice.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    limits,
};

/// How long a number is remembered after its session. A ticket that could name it has ended by then.
const REMEMBERED: Duration = Duration::from_secs(2 * limits::TICKET_SECONDS);

type Person = (RoomId, ParticipantId);

/// The highest session number of each participant, seen now or lately.
#[derive(Debug, Default)]
pub(crate) struct Epochs {
    highest: HashMap<Person, Highest>,
    left: VecDeque<(Instant, Person)>,
}

#[derive(Debug)]
struct Highest {
    epoch: u64,
    left: Option<Instant>,
}

impl Epochs {
    /// Whether a number is above all that were used.
    pub(crate) fn is_new(&self, room: &RoomId, participant: ParticipantId, epoch: u64) -> bool {
        self.highest.get(&(room.clone(), participant)).is_none_or(|highest| highest.epoch < epoch)
    }

    /// A session has this number now.
    pub(crate) fn used(&mut self, room: &RoomId, participant: ParticipantId, epoch: u64) {
        self.highest.insert((room.clone(), participant), Highest { epoch, left: None });
    }

    /// The session with this number is over; forgets those that were over long ago.
    pub(crate) fn over(&mut self, now: Instant, room: &RoomId, participant: ParticipantId, epoch: u64) {
        let person = (room.clone(), participant);
        if let Some(highest) = self.highest.get_mut(&person).filter(|highest| highest.epoch == epoch) {
            highest.left = Some(now);
            self.left.push_back((now, person));
        }
        while let Some((left, person)) = self.left.pop_front() {
            if now.saturating_duration_since(left) < REMEMBERED {
                self.left.push_front((left, person));
                break;
            }
            if self.highest.get(&person).is_some_and(|highest| highest.left == Some(left)) {
                self.highest.remove(&person);
            }
        }
    }
}
