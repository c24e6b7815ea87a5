//! What hosts decide, what people may send, hands and reactions.

use std::collections::BTreeSet;

use protocol::{
    Millis,
    error::ErrorCode,
    id::ParticipantId,
    media::Source,
    rest::RoomKind,
    signal::{Permissions, Role, close},
};
use room::Stored;

use super::{super::person as seat, Model, PEOPLE, Say, Told, email_of};

/// What the hosts decided.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    pub locked: bool,
    pub waiting_room: bool,
    pub permissions: Permissions,
    pub spotlight: Option<ParticipantId>,
    pub banned_emails: Vec<String>,
    pub banned_seats: Vec<ParticipantId>,
}

impl Model {
    pub(super) fn banned(&self, id: ParticipantId) -> bool {
        let email = email_of(id);
        self.rules.banned_seats.contains(&id)
            || email.is_some_and(|email| self.rules.banned_emails.iter().any(|banned| banned == email))
    }

    /// What a host says.
    pub(super) fn moderate(&mut self, now: Millis, at: usize, say: &Say) -> Result<(), ErrorCode> {
        let before = self.visible_rules();
        match say {
            Say::Stop(None, source) => {
                for person in self.people.clone() {
                    if person.role == Role::Participant {
                        self.stop(person.id, *source);
                    }
                }
            }
            Say::Stop(Some(whom), source) => {
                self.not_host(seat(*whom))?;
                self.stop(seat(*whom), *source);
            }
            Say::Permit(permissions) => self.rules.permissions = *permissions,
            Say::Lock(locked) => self.rules.locked = *locked,
            Say::WaitingRoom(false) if self.kind == RoomKind::Private => return Err(ErrorCode::Forbidden),
            Say::WaitingRoom(on) => self.rules.waiting_room = *on,
            Say::Remove(whom) => {
                self.not_host(seat(*whom))?;
                self.remove(now, seat(*whom));
            }
            Say::SetCohost(whom, cohost) => {
                if self.people[at].role != Role::Host {
                    return Err(ErrorCode::HostOnly);
                }
                self.not_host(seat(*whom))?;
                self.set_cohost(seat(*whom), *cohost);
            }
            Say::LowerHand(whose) => {
                if whose.is_some_and(|whose| self.person(seat(whose)).is_none()) {
                    return Err(ErrorCode::InvalidRequest);
                }
                for at in 0..self.people.len() {
                    if whose.is_none_or(|whose| self.people[at].id == seat(whose)) {
                        self.hand(now, at, false);
                    }
                }
            }
            Say::Spotlight(whom) => {
                if whom.is_some_and(|whom| self.person(seat(whom)).is_none()) {
                    return Err(ErrorCode::InvalidRequest);
                }
                self.rules.spotlight = whom.map(seat);
            }
            _ => panic!("not for hosts: {say:?}"),
        }
        // Whoever was in the spotlight and is removed took it with them, which counted there.
        if !matches!(say, Say::Remove(_)) && self.visible_rules() != before {
            self.version += 1;
        }
        if matches!(say, Say::Lock(_) | Say::WaitingRoom(_)) {
            self.decide_about_waiting(now);
        }
        Ok(())
    }

    fn visible_rules(&self) -> (bool, bool, Permissions, Option<ParticipantId>) {
        let Rules { locked, waiting_room, permissions, spotlight, .. } = self.rules;
        (locked, waiting_room || self.kind == RoomKind::Private, permissions, spotlight)
    }

    fn not_host(&self, whom: ParticipantId) -> Result<(), ErrorCode> {
        match self.person(whom).map(|person| person.role) {
            None => Err(ErrorCode::InvalidRequest),
            Some(Role::Host) => Err(ErrorCode::Forbidden),
            Some(_) => Ok(()),
        }
    }

    fn remove(&mut self, now: Millis, id: ParticipantId) {
        if let Some(socket) = self.socket_of(id) {
            self.sockets.retain(|known| known.id != socket);
            self.tell(socket, Told::Closed(close::REMOVED));
        }
        self.out(now, id);
        match email_of(id) {
            Some(email) => {
                self.guest_mut(email).into_iter().for_each(|guest| guest.cohost = false);
                self.rules.banned_emails.push(email.to_owned());
            }
            None => {
                self.rules.banned_seats.push(id);
                if !self.rules.waiting_room && self.kind != RoomKind::Private {
                    self.version += 1;
                }
                self.rules.waiting_room = true;
            }
        }
    }

    fn set_cohost(&mut self, id: ParticipantId, cohost: bool) {
        match email_of(id) {
            Some(email) => {
                assert!(self.guest(email).is_some(), "whoever is signed in and in is known");
                self.guest_or_new(email).cohost = cohost;
            }
            None => self.people.iter_mut().find(|person| person.id == id).unwrap().cohost = cohost,
        }
        self.decide_roles();
    }

    pub(super) fn decide_roles(&mut self) {
        for person in self.people.clone().iter().filter(|person| person.role != Role::Host) {
            let role = if person.cohost { Role::Cohost } else { self.role(person.id) };
            if role != person.role {
                self.people.iter_mut().find(|known| known.id == person.id).unwrap().role = role;
                self.version += 1;
                self.seen.owed.extend(self.socket_of(person.id));
            }
        }
    }

    /// Whether it was permitted.
    pub(super) fn update(&mut self, at: usize, on: (bool, bool, bool)) -> bool {
        let Permissions { unmute, share, .. } = self.rules.permissions;
        let person = &mut self.people[at];
        let before = (person.microphone, person.camera, person.screen);
        if before == on {
            return true;
        }
        self.version += 1;
        let started = (on.0 && !before.0, on.1 && !before.1, on.2 && !before.2);
        if person.role == Role::Participant && ((started.0 && !unmute) || (started.2 && !share)) {
            return false;
        }
        (person.microphone, person.camera, person.screen) = on;
        person.held.retain(|source| match source {
            Source::Microphone => !started.0,
            Source::Camera => !started.1,
            Source::Screen | Source::ScreenAudio => !started.2,
        });
        true
    }

    fn stop(&mut self, id: ParticipantId, source: Source) {
        let socket = self.socket_of(id);
        let person = self.people.iter_mut().find(|person| person.id == id).unwrap();
        let sources = match source {
            Source::Screen => BTreeSet::from([Source::Screen, Source::ScreenAudio]),
            source => BTreeSet::from([source]),
        };
        if sources.is_subset(&person.held) {
            return;
        }
        let was_on = match source {
            Source::Microphone => std::mem::take(&mut person.microphone),
            Source::Camera => std::mem::take(&mut person.camera),
            Source::Screen => std::mem::take(&mut person.screen),
            Source::ScreenAudio => person.screen,
        };
        person.held.extend(sources);
        if was_on {
            self.version += u64::from(source != Source::ScreenAudio);
            self.told.extend(socket.map(|socket| (socket, Told::Stopped(source))));
        }
    }

    /// Nobody sends what they may not.
    pub(super) fn enforce(&mut self) {
        let Permissions { unmute, share, .. } = self.rules.permissions;
        for person in self.people.clone().iter().filter(|person| person.role == Role::Participant) {
            if person.screen && !share {
                self.stop(person.id, Source::Screen);
            }
            if !person.microphone && !unmute {
                self.stop(person.id, Source::Microphone);
            }
        }
    }

    pub(super) fn hand(&mut self, now: Millis, at: usize, raised: bool) {
        let last = self.people.iter().filter_map(|person| person.hand).max();
        let person = &mut self.people[at];
        if person.hand.is_some() != raised {
            person.hand = raised.then(|| last.map_or(now, |last| now.max(last + 1)));
            self.version += 1;
        }
    }

    pub(super) fn react(&mut self, now: Millis, at: usize) -> Result<(), ErrorCode> {
        let (id, role) = (self.people[at].id, self.people[at].role);
        if role == Role::Participant && !self.rules.permissions.react {
            return Err(ErrorCode::Forbidden);
        }
        self.reacted.retain(|(known, then)| *known != id || now.abs_diff(*then) < 5_000);
        if self.reacted.iter().filter(|(known, _)| *known == id).count() == 5 {
            return Err(ErrorCode::RateLimited);
        }
        self.reacted.push((id, now));
        for person in self.people.clone() {
            if let Some(socket) = self.socket_of(person.id) {
                self.tell(socket, Told::Reaction(id));
            }
        }
        Ok(())
    }

    pub(super) fn rules_are(&self, stored: &Stored) {
        let rules = &stored.meeting.moderation;
        let email = |account: &protocol::id::AccountId| {
            let mut people = PEOPLE.into_iter().flatten();
            people.find(|email| super::super::identity(email).account == *account).unwrap().to_owned()
        };
        let stored = Rules {
            locked: rules.locked,
            waiting_room: rules.waiting_room,
            permissions: rules.permissions,
            spotlight: rules.spotlight,
            banned_emails: rules.banned_accounts.iter().map(email).collect(),
            banned_seats: rules.banned_seats.clone(),
        };
        assert_eq!(stored, self.rules);
    }
}
