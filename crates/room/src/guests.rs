//! Who belongs to the meeting by their address: invited people, co-hosts, and signed-in people who
//! were in.

use protocol::{
    limits,
    rest::{Delivery, Invitation, Relation},
    signal::{Change, Role},
    text::EmailAddress,
};
use sorted::{Changed, Rows};

use crate::{
    Room,
    admission::Visitor,
    interface::{Identity, Invitee},
    records::{Guest, Record},
};

/// Signed-in people who were in without an invitation and whose lists keep the meeting; those who
/// come when there are as many are not remembered.
pub const ATTENDEES: usize = limits::ROOM_PARTICIPANTS;

/// The guests, by address.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Guests {
    rows: Rows<EmailAddress, Guest>,
}

impl Guests {
    /// Those who were stored.
    pub(crate) fn restore(stored: Vec<Guest>) -> Self {
        Self { rows: Rows::restore(stored.into_iter().map(|guest| (guest.email.clone(), guest))) }
    }

    /// Them, to read.
    pub(crate) fn find(&self, email: &EmailAddress) -> Option<&Guest> {
        self.rows.get(email)
    }

    /// All, by address.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Guest> {
        self.rows.iter().map(|(_, guest)| guest)
    }

    /// Those with an invitation.
    pub(crate) fn invited(&self) -> impl Iterator<Item = &Guest> {
        self.all().filter(|guest| guest.invited)
    }

    /// Whether there is nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Invites somebody; `false` where they are invited already.
    pub(crate) fn invite(&mut self, email: &EmailAddress) -> bool {
        if self.find(email).is_some_and(|guest| guest.invited) {
            return false;
        }
        let (attended, cohost) = self.find(email).map_or((false, false), |guest| (guest.attended, guest.cohost));
        // Whoever writes a letter says otherwise.
        let delivery = Delivery::Sent;
        let guest = Guest { email: email.clone(), invited: true, cohost, attended, delivery };
        self.rows.insert(email.clone(), guest);
        true
    }

    /// Takes an invitation back; `false` where there is none.
    pub(crate) fn uninvite(&mut self, email: &EmailAddress) -> bool {
        match self.find(email) {
            Some(guest) if guest.invited && guest.attended => {
                if let Some(guest) = self.rows.change(email) {
                    (guest.invited, guest.cohost) = (false, false);
                }
                true
            }
            Some(guest) if guest.invited => self.rows.remove(email).is_some(),
            _ => false,
        }
    }

    /// Says whether somebody leads the meeting too.
    pub(crate) fn set_cohost(&mut self, email: &EmailAddress, cohost: bool) {
        if let Some(guest) = self.rows.change(email) {
            guest.cohost = cohost;
        }
    }

    /// Says whether somebody who is in leads the meeting too.
    pub(crate) fn lead(&mut self, email: &EmailAddress, cohost: bool) {
        if self.find(email).is_some() {
            self.set_cohost(email, cohost);
        } else if cohost {
            let delivery = Delivery::Sent;
            let guest = Guest { email: email.clone(), invited: false, cohost, attended: true, delivery };
            self.rows.insert(email.clone(), guest);
        }
    }

    /// Says where the last mail about somebody is.
    pub(crate) fn set_delivery(&mut self, email: &EmailAddress, delivery: Delivery) {
        if let Some(guest) = self.rows.change(email) {
            guest.delivery = delivery;
        }
    }

    /// They do not belong to the meeting any more.
    pub(crate) fn strike(&mut self, email: &EmailAddress) {
        self.rows.remove(email);
    }

    /// What is not as it is stored.
    pub(crate) fn changed(&self) -> Vec<Changed<EmailAddress, Guest>> {
        self.rows.changed()
    }

    /// The rows that changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> Vec<Record> {
        let changed = self.rows.take_changed().into_iter();
        changed.map(|Changed { key, after, .. }| after.map_or(Record::GuestGone(key), Record::Guest)).collect()
    }

    fn attend(&mut self, email: &EmailAddress) {
        if let Some(guest) = self.rows.change(email) {
            guest.attended = true;
        } else if self.all().filter(|guest| !guest.invited).count() < ATTENDEES {
            let delivery = Delivery::Sent;
            let guest = Guest { email: email.clone(), invited: false, cohost: false, attended: true, delivery };
            self.rows.insert(email.clone(), guest);
        }
    }
}

impl Guest {
    /// What they are to the meeting.
    pub(crate) fn relation(&self) -> Option<Relation> {
        if self.cohost {
            Some(Relation::Cohost)
        } else if self.invited {
            Some(Relation::Invited)
        } else {
            self.attended.then_some(Relation::Attended)
        }
    }

    /// As the hosts see it.
    pub(crate) fn invitation(&self) -> Invitation {
        Invitation { email: self.email.clone(), cohost: self.cohost, delivery: self.delivery }
    }
}

impl Room {
    /// Invites those who are not invited yet, and answers them. Nobody invites the owner, and without
    /// one nobody is invited.
    pub(crate) fn invite(&mut self, people: &[Invitee]) -> Vec<EmailAddress> {
        let Some(owner) = self.meeting.owner.as_ref().map(|owner| owner.email.clone()) else {
            return Vec::new();
        };
        let mut newly = Vec::new();
        for Invitee { email, cohost } in people.iter().filter(|invitee| invitee.email != owner) {
            let fits = self.guests.invited().count() < limits::INVITATIONS;
            if fits && self.guests.invite(email) {
                newly.push(email.clone());
            }
            if *cohost && self.guests.find(email).is_some_and(|guest| guest.invited) {
                self.guests.set_cohost(email, true);
            }
        }
        newly
    }

    /// A signed-in person is in.
    pub(crate) fn remember_attendance(&mut self, identity: &Identity) {
        let is_owner = self.meeting.owner.as_ref().is_some_and(|owner| owner.account == identity.account);
        if !is_owner {
            self.guests.attend(&identity.email);
        }
    }

    /// The co-hosts changed: those who are in lead the meeting, or no longer.
    pub(crate) fn reconsider_roles(&mut self) {
        let others = self.roster.members().filter(|member| member.role != Role::Host);
        let roles: Vec<_> = others
            .map(|member| {
                let visitor = Visitor::new(member.identity.as_ref(), false);
                (member.id, member.role, if member.cohost { Role::Cohost } else { self.role_of(visitor) })
            })
            .collect();
        for (id, _, role) in roles.into_iter().filter(|(_, before, role)| before != role) {
            if let Some(member) = self.roster.change(id) {
                member.role = role;
                let participant = member.participant();
                self.announce(Change::Updated { participant }, None);
                self.lobby.owe_hosts(self.sockets.of(id));
            }
        }
    }
}
