//! Grants that came before the session they are for.
//!
//! The edge opens a session with one request and changes what it may publish with another, and the
//! second may overtake the first: a muted person would be heard because their offer took longer.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use protocol::{
    id::{ParticipantId, RoomId},
    limits,
    media::Source,
};

/// How long a grant waits. A ticket that could open its session has ended by then.
const REMEMBERED: Duration = Duration::from_secs(2 * limits::TICKET_SECONDS);

/// What a session may publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Counts up within the session.
    pub(crate) number: u64,
    pub(crate) publish: Vec<Source>,
}

/// Whose grant it is, with the session's number.
type Owner = (RoomId, ParticipantId, u64);

/// The newest grant of each session that is still to be opened.
#[derive(Debug, Default)]
pub(crate) struct EarlyGrants {
    waiting: HashMap<Owner, Grant>,
    noted: VecDeque<(Instant, Owner)>,
}

impl EarlyGrants {
    /// Keeps a grant, unless a newer one is there; forgets those whose session never came.
    pub(crate) fn note(&mut self, now: Instant, owner: Owner, grant: Grant) {
        while self.noted.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= REMEMBERED) {
            if let Some((_, owner)) = self.noted.pop_front() {
                self.waiting.remove(&owner);
            }
        }
        match self.waiting.get_mut(&owner) {
            Some(kept) if kept.number >= grant.number => {}
            Some(kept) => *kept = grant,
            None => {
                self.noted.push_back((now, owner.clone()));
                self.waiting.insert(owner, grant);
            }
        }
    }

    /// The grant for a session that opens now.
    pub(crate) fn take(&mut self, owner: &Owner) -> Option<Grant> {
        self.waiting.remove(owner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn owner(epoch: u64) -> Owner {
        ("a".repeat(64).parse().unwrap(), ParticipantId(Uuid::nil()), epoch)
    }

    fn grant(number: u64) -> Grant {
        Grant { number, publish: Vec::new() }
    }

    #[test]
    fn the_newest_waits_for_its_own_session() {
        let (mut early, now) = (EarlyGrants::default(), Instant::now());
        early.note(now, owner(1), grant(2));
        early.note(now, owner(1), grant(1));
        assert_eq!(early.take(&owner(2)), None);
        assert_eq!(early.take(&owner(1)), Some(grant(2)));
        assert_eq!(early.take(&owner(1)), None);
    }

    #[test]
    fn those_whose_session_never_comes_are_forgotten() {
        let (mut early, start) = (EarlyGrants::default(), Instant::now());
        for second in 0..600 {
            early.note(start + Duration::from_secs(second), owner(second), grant(1));
        }
        let kept = usize::try_from(REMEMBERED.as_secs()).unwrap();
        assert_eq!((early.waiting.len(), early.noted.len()), (kept, kept));
    }
}
