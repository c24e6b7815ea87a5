//! What hosts decide while the meeting goes on: who is silenced or put out, what participants may do,
//! who may come in, who leads too. Nobody acts on the host.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{AccountId, ParticipantId},
    media::Source,
    rest::RoomKind,
    signal::{Change, Permissions, Role, close},
};

use sorted::Set;

use crate::{
    Room,
    conversation::{NOT_JOINED, Refusal},
    interface::Identity,
    records::Moderation,
};

/// Accounts, and seats, that are kept out at once; the oldest may come back when there are more.
pub const BANS: usize = 500;

const HOST_ONLY: Refusal = (ErrorCode::HostOnly, "only a host may do this");
const NOT_IN: Refusal = (ErrorCode::InvalidRequest, "nobody of this id is in");

impl Room {
    /// Those who would walk in must ask.
    pub(crate) fn has_waiting_room(&self) -> bool {
        self.meeting.moderation.waiting_room || self.meeting.kind == RoomKind::Private
    }

    /// Somebody was put out and does not come back.
    pub(crate) fn is_banned(&self, seat: Option<ParticipantId>, identity: Option<&Identity>) -> bool {
        let Moderation { banned_accounts, banned_seats, .. } = &*self.meeting.moderation;
        seat.is_some_and(|seat| banned_seats.contains(&seat))
            || identity.is_some_and(|identity| banned_accounts.contains(&identity.account))
    }

    /// Whether somebody is in and leads the meeting.
    pub(crate) fn leads(&self, person: ParticipantId) -> Result<(), Refusal> {
        if self.roster.find(person).ok_or(NOT_JOINED)?.leads() { Ok(()) } else { Err(HOST_ONLY) }
    }

    /// Whether somebody is in.
    pub(crate) fn is_in(&self, person: ParticipantId) -> Result<(), Refusal> {
        self.roster.find(person).map(|_| ()).ok_or(NOT_IN)
    }

    /// Turns off what somebody sends, or everybody who does not lead.
    pub(crate) fn stop_for(
        &mut self,
        by: ParticipantId,
        whom: Option<ParticipantId>,
        source: Source,
    ) -> Result<(), Refusal> {
        self.leads(by)?;
        if let Some(whom) = whom {
            self.is_not_the_host(whom)?;
            self.stop(whom, source);
            return Ok(());
        }
        let participants = self.roster.in_order().into_iter().filter(|member| !member.leads());
        for id in participants.map(|member| member.id).collect::<Vec<_>>() {
            self.stop(id, source);
        }
        Ok(())
    }

    /// Says what participants may do. What they do and may not stops with it.
    pub(crate) fn permit(&mut self, by: ParticipantId, permissions: Permissions) -> Result<(), Refusal> {
        self.leads(by)?;
        self.moderate(|moderation| moderation.permissions = permissions);
        Ok(())
    }

    /// Nobody new comes in, or people do again; those who could not meanwhile are let in then.
    pub(crate) fn lock(&mut self, now: Millis, by: ParticipantId, locked: bool) -> Result<(), Refusal> {
        self.leads(by)?;
        self.moderate(|moderation| moderation.locked = locked);
        self.reconsider_lobby(now);
        Ok(())
    }

    /// Those who would walk in must ask, or walk in again, also those who wait.
    pub(crate) fn set_waiting_room(&mut self, now: Millis, by: ParticipantId, on: bool) -> Result<(), Refusal> {
        self.leads(by)?;
        if !on && self.meeting.kind == RoomKind::Private {
            return Err((ErrorCode::Forbidden, "in a private meeting whoever is not invited asks"));
        }
        self.moderate(|moderation| moderation.waiting_room = on);
        self.reconsider_lobby(now);
        Ok(())
    }

    /// Shows somebody large to everyone, or nobody.
    pub(crate) fn spotlight(&mut self, by: ParticipantId, whom: Option<ParticipantId>) -> Result<(), Refusal> {
        self.leads(by)?;
        whom.map_or(Ok(()), |whom| self.is_in(whom))?;
        self.moderate(|moderation| moderation.spotlight = whom);
        Ok(())
    }

    /// Takes a hand down, or all.
    pub(crate) fn lower(&mut self, by: ParticipantId, whose: Option<ParticipantId>) -> Result<(), Refusal> {
        self.leads(by)?;
        if let Some(whose) = whose {
            self.is_in(whose)?;
            self.lower_hand(whose);
            return Ok(());
        }
        for id in self.roster.in_order().into_iter().map(|member| member.id).collect::<Vec<_>>() {
            self.lower_hand(id);
        }
        Ok(())
    }

    /// Makes somebody a co-host, or no longer: by their address where that is proven, else as long as
    /// they are in.
    pub(crate) fn set_cohost(&mut self, by: ParticipantId, whom: ParticipantId, cohost: bool) -> Result<(), Refusal> {
        if self.roster.find(by).ok_or(NOT_JOINED)?.role != Role::Host {
            return Err((ErrorCode::HostOnly, "only the host may do this"));
        }
        self.is_not_the_host(whom)?;
        let member = self.roster.find(whom).ok_or(NOT_IN)?;
        if member.stream.is_some() {
            return Err((ErrorCode::Forbidden, "a program leads no meeting"));
        }
        if let Some(email) = member.identity.as_ref().map(|identity| identity.email.clone()) {
            self.guests.lead(&email, cohost);
        } else if member.cohost != cohost
            && let Some(member) = self.roster.change(whom)
        {
            member.cohost = cohost;
        }
        self.reconsider_roles();
        Ok(())
    }

    /// Puts somebody out until the meeting ends: a signed-in person wherever they are, and with a guest,
    /// who could come under another name, everybody asks from now on.
    pub(crate) fn put_out(&mut self, now: Millis, by: ParticipantId, whom: ParticipantId) -> Result<(), Refusal> {
        self.leads(by)?;
        self.is_not_the_host(whom)?;
        if self.is_stream(whom) {
            self.revoke_stream(now, whom);
            return Ok(());
        }
        let identity = self.roster.find(whom).ok_or(NOT_IN)?.identity.clone();
        let mut people: Set<_> = [whom].into_iter().collect();
        if let Some(identity) = &identity {
            let is_theirs =
                |other: &Option<Identity>| other.as_ref().is_some_and(|other| other.account == identity.account);
            let members = self.roster.members().filter(|member| is_theirs(&member.identity));
            let sockets = self.sockets.all().filter(|connection| is_theirs(&connection.identity));
            people.extend(members.map(|member| member.id).chain(sockets.map(|socket| socket.participant)));
            let waiting = self.lobby.all().map(|waiting| &waiting.person);
            let waiting = waiting.filter(|person| person.verified && person.email.as_ref() == Some(&identity.email));
            people.extend(waiting.map(|person| person.id));
            for person in people.iter() {
                self.roster.find(*person).map_or(Ok(()), |_| self.is_not_the_host(*person))?;
            }
            self.guests.lead(&identity.email, false);
        }
        for socket in people.iter().flat_map(|person| self.sockets.of(*person)).collect::<Vec<_>>() {
            self.sockets.remove(socket);
            self.outbox.close(socket, close::REMOVED);
        }
        for person in people {
            self.lobby.remove(person);
            self.remove_member(now, person);
        }
        self.moderate(|moderation| match identity {
            Some(identity) => ban(&mut moderation.banned_accounts, identity.account),
            None => {
                ban(&mut moderation.banned_seats, whom);
                moderation.waiting_room = true;
            }
        });
        Ok(())
    }

    /// An account is deleted, so nothing says whom it meant.
    pub(crate) fn unban(&mut self, account: &AccountId) {
        self.moderate(|moderation| moderation.banned_accounts.retain(|banned| banned != account));
    }

    /// Changes what the hosts decided, and tells everybody what they see of it.
    pub(crate) fn moderate(&mut self, change: impl FnOnce(&mut Moderation)) {
        let before = self.summary();
        change(&mut self.meeting.moderation);
        self.unsaved.meeting = true;
        let room = self.summary();
        if room != before {
            self.announce(Change::Room { room }, None);
        }
    }

    /// Whether somebody is in on whom a host may act.
    fn is_not_the_host(&self, whom: ParticipantId) -> Result<(), Refusal> {
        match self.roster.find(whom).ok_or(NOT_IN)?.role {
            Role::Host => Err((ErrorCode::Forbidden, "nobody does this to the host")),
            Role::Cohost | Role::Participant => Ok(()),
        }
    }
}

fn ban<T: PartialEq>(banned: &mut Vec<T>, who: T) {
    if !banned.contains(&who) {
        banned.push(who);
    }
    let surplus = banned.len().saturating_sub(BANS);
    banned.drain(..surplus);
}
