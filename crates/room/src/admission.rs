//! Who walks in, who asks, who is refused, and as what they come: by the kind of the meeting and who
//! somebody is. Questions only; nothing here changes the room.

use protocol::{
    Millis,
    error::ErrorCode,
    id::{AccountId, ParticipantId},
    limits,
    rest::{Admission, Relation, RoomKind},
    signal::Role,
    text::EmailAddress,
};

use crate::{
    Room,
    interface::Identity,
    records::{Guest, Member, Waiting},
};

/// Where anybody gets an address: having one there does not make two people colleagues.
const PUBLIC_MAIL_DOMAINS: &str = "\
    126.com 163.com bk.ru bol.com.br btinternet.com comcast.net daum.net duck.com fastmail.com \
    foxmail.com free.fr freenet.de hanmail.net hey.com icloud.com inbox.ru laposte.net libero.it \
    list.ru mac.com mail.com mail.ru mailbox.org me.com naver.com o2.pl onet.pl orange.fr pm.me \
    posteo.de rambler.ru seznam.cz sfr.fr sina.com t-online.de tiscali.it ukr.net uol.com.br \
    verizon.net virgilio.it wanadoo.fr web.de wp.pl xtra.co.nz ya.ru";
/// The same of providers that have a domain in many countries: what stands before `.com`, `.de`, `.co.uk`.
const PUBLIC_MAIL_NAMES: &str = "\
    aol gmail gmx googlemail hotmail live msn outlook proton protonmail qq rocketmail tuta tutanota \
    yahoo yandex ymail zoho";

/// Whether the people of an address's domain belong together, so that a team meeting can be theirs:
/// not where the domain is a public mail provider's.
#[must_use]
pub fn has_own_domain(email: &EmailAddress) -> bool {
    let domain = email.domain();
    let (name, country) = domain.split_once('.').unwrap_or_default();
    let is_country = country
        .strip_prefix("co.")
        .or_else(|| country.strip_prefix("com."))
        .map_or(!country.contains('.'), |code| code.len() == 2);
    let is_among = |list: &str, word| list.split(' ').any(|known| known == word);
    let is_public = is_among(PUBLIC_MAIL_DOMAINS, domain) || (is_country && is_among(PUBLIC_MAIL_NAMES, name));
    !is_public
}

/// What is known of somebody who wants in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor<'a> {
    account: Option<&'a AccountId>,
    /// Proven.
    email: Option<&'a EmailAddress>,
    host_secret: bool,
}

impl<'a> Visitor<'a> {
    /// Somebody behind a seat.
    pub(crate) fn new(identity: Option<&'a Identity>, host_secret: bool) -> Self {
        let account = identity.map(|identity| &identity.account);
        Self { account, email: identity.map(|identity| &identity.email), host_secret }
    }

    /// Somebody who waits.
    pub(crate) fn waiting(waiting: &'a Waiting) -> Self {
        let email = waiting.person.email.as_ref().filter(|_| waiting.person.verified);
        Self { account: None, email, host_secret: false }
    }
}

impl Room {
    /// How a seat would let its holder in now. `seat`: whose it is, once it was given out; whoever is in,
    /// was let in or waits comes back with it. `host_secret`: they showed the right one.
    ///
    /// # Errors
    /// `room_not_found` when it was forgotten, `room_ended`, `banned`, `not_invited`, `room_locked`,
    /// `room_full`.
    pub fn admission(
        &self,
        now: Millis,
        seat: Option<ParticipantId>,
        identity: Option<&Identity>,
        host_secret: bool,
    ) -> Result<Admission, ErrorCode> {
        if self.forgotten {
            return Err(ErrorCode::RoomNotFound);
        }
        if self.is_over_at(now) {
            return Err(ErrorCode::RoomEnded);
        }
        let admission = self.threshold(seat, identity, host_secret)?;
        let is_in = seat.is_some_and(|seat| self.roster.find(seat).is_some());
        if !is_in && self.roster.len() >= limits::ROOM_PARTICIPANTS {
            return Err(ErrorCode::RoomFull);
        }
        Ok(admission)
    }

    /// What the meeting says, however full it is.
    pub(crate) fn threshold(
        &self,
        seat: Option<ParticipantId>,
        identity: Option<&Identity>,
        host_secret: bool,
    ) -> Result<Admission, ErrorCode> {
        if self.is_banned(seat, identity) {
            return Err(ErrorCode::Banned);
        }
        if seat.is_some_and(|seat| self.roster.find(seat).is_some() || self.lobby.has_admitted(seat)) {
            return Ok(Admission::Walk);
        }
        let visitor = Visitor::new(identity, host_secret);
        let admission = self.door(visitor)?;
        let waits = seat.is_some_and(|seat| self.lobby.find(seat).is_some());
        if waits || !self.keeps_out(visitor) {
            return Ok(admission);
        }
        Err(ErrorCode::RoomLocked)
    }

    /// The meeting is locked, and they are new to it.
    pub(crate) fn keeps_out(&self, visitor: Visitor<'_>) -> bool {
        let is_theirs = |member: &Member| member.identity.as_ref().map(|identity| &identity.account) == visitor.account;
        let is_in = visitor.account.is_some() && self.roster.members().any(is_theirs);
        self.meeting.moderation.locked && !is_in && self.role_of(visitor) == Role::Participant
    }

    /// What a signed-in person is to the meeting; nothing for strangers.
    #[must_use]
    pub fn relation(&self, identity: &Identity) -> Option<Relation> {
        if self.forgotten {
            None
        } else if self.meeting.owner.as_ref().is_some_and(|owner| owner.account == identity.account) {
            Some(Relation::Owner)
        } else {
            self.guests.find(&identity.email).and_then(Guest::relation)
        }
    }

    /// What the kind of the meeting and its waiting room say.
    pub(crate) fn door(&self, visitor: Visitor<'_>) -> Result<Admission, ErrorCode> {
        if self.role_of(visitor) != Role::Participant {
            return Ok(Admission::Walk);
        }
        let invited = visitor.email.and_then(|email| self.guests.find(email)).is_some_and(|guest| guest.invited);
        match self.meeting.kind {
            _ if invited => Ok(Admission::Walk),
            RoomKind::Team if !self.is_colleague(visitor.email) => Err(ErrorCode::NotInvited),
            _ if self.has_waiting_room() => Ok(Admission::Ask),
            _ => Ok(Admission::Walk),
        }
    }

    /// As what somebody comes in.
    pub(crate) fn role_of(&self, visitor: Visitor<'_>) -> Role {
        let owner = self.meeting.owner.as_ref().map(|owner| &owner.account);
        if visitor.host_secret || (owner.is_some() && owner == visitor.account) {
            return Role::Host;
        }
        match visitor.email.and_then(|email| self.guests.find(email)) {
            Some(guest) if guest.cohost => Role::Cohost,
            _ => Role::Participant,
        }
    }

    fn is_colleague(&self, email: Option<&EmailAddress>) -> bool {
        match (email, &self.meeting.owner) {
            (Some(email), Some(owner)) => email.domain() == owner.email.domain(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_of_everybodys_addresses_have_no_teams() {
        for own in ["example.org", "live.example.org", "yahoo.example.co.uk", "yahoo-inc.com", "me.example"] {
            assert!(has_own_domain(&format!("a@{own}").parse().unwrap()), "{own}");
        }
        for provider in [
            "gmail.com",
            "Outlook.com",
            "outlook.com.br",
            "outlook.fr",
            "hotmail.it",
            "live.nl",
            "yahoo.co.uk",
            "yahoo.com.ar",
            "yahoo.co.jp",
            "gmx.ch",
            "web.de",
            "t-online.de",
            "freenet.de",
            "tuta.com",
            "tutanota.com",
            "laposte.net",
            "orange.fr",
            "free.fr",
            "wanadoo.fr",
            "libero.it",
            "virgilio.it",
            "mail.ru",
            "yandex.com.tr",
            "qq.com",
            "163.com",
            "126.com",
            "sina.com",
            "naver.com",
            "daum.net",
            "hey.com",
            "fastmail.com",
            "zoho.com",
            "zoho.eu",
            "proton.me",
            "protonmail.com",
            "pm.me",
            "icloud.com",
            "me.com",
            "mac.com",
            "aol.com",
            "msn.com",
            "comcast.net",
            "xtra.co.nz",
        ] {
            assert!(!has_own_domain(&format!("a@{provider}").parse().unwrap()), "{provider}");
        }
    }
}
