//! What an account should be, written down a second time as plainly as it can be: lists and loops,
//! passwords as they are, and no rows.

use account::{Answer, ConnectionId, Refusal};
use mail::Letter;
use protocol::{
    Millis,
    account::HomeEvent,
    error::ErrorCode,
    id::{CallId, RoomId, SessionId},
    rest::Relation,
};

use super::{DAY, Driver, Effects, HOUR};

/// How a question is answered, without what is drawn at random.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Done,
    Address,
    SignedIn,
    ProofNeeded,
    User,
    Sessions(Vec<SessionId>),
    Meetings(Vec<RoomId>, Vec<RoomId>),
    Watching(bool),
    No(ErrorCode),
    Later(Millis),
}

impl Said {
    pub fn of(answer: &Result<Answer, Refusal>) -> Self {
        match answer {
            Ok(Answer::Done) => Self::Done,
            Ok(Answer::Address(_)) => Self::Address,
            Ok(Answer::SignedIn { .. }) => Self::SignedIn,
            Ok(Answer::ProofNeeded) => Self::ProofNeeded,
            Ok(Answer::User(_)) => Self::User,
            Ok(Answer::Sessions(list)) => Self::Sessions(list.iter().map(|session| session.id).collect()),
            Ok(Answer::Meetings(list)) => Self::Meetings(ids(&list.upcoming), ids(&list.past)),
            Ok(Answer::Watching(watching)) => Self::Watching(*watching),
            Err(Refusal { retry_after_ms: Some(wait), .. }) => Self::Later(*wait),
            Err(Refusal { code, .. }) => Self::No(*code),
        }
    }
}

/// Which mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Verification,
    Already,
    Reset,
    Changed,
    Missed,
}

impl Kind {
    pub fn of(letter: &Letter) -> Self {
        match letter {
            Letter::Verification { .. } => Self::Verification,
            Letter::AlreadyRegistered { .. } => Self::Already,
            Letter::Reset { .. } => Self::Reset,
            Letter::AccountChanged { .. } => Self::Changed,
            Letter::MissedCall { .. } => Self::Missed,
            Letter::Meeting(_) => panic!("rooms write of meetings"),
        }
    }
}

/// What a home page is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    List(Vec<RoomId>, Vec<RoomId>),
    Live(RoomId, u32),
    /// Names are drawn: the n-th call that ever rang.
    Ringing(CallId),
    Rung(CallId),
    Closed(u16),
}

impl Told {
    pub fn of(event: &HomeEvent) -> Self {
        match event {
            HomeEvent::Meetings { meetings } => Self::List(ids(&meetings.upcoming), ids(&meetings.past)),
            HomeEvent::Live { room, participants, .. } => Self::Live(room.clone(), *participants),
            HomeEvent::Ringing { call } => Self::Ringing(call.id),
            HomeEvent::Rung { call } => Self::Rung(*call),
        }
    }
}

fn ids(list: &[protocol::rest::RoomDetails]) -> Vec<RoomId> {
    list.iter().map(|details| details.id.clone()).collect()
}

#[derive(Debug, Clone)]
pub struct Holder {
    pub password: Option<String>,
    pub subject: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Waiting {
    pub password: String,
    pub secret: String,
    pub until: Millis,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub secret: String,
    pub since: Millis,
    pub used: Millis,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    pub room: RoomId,
    pub revision: u64,
    pub relation: Relation,
    pub made: Millis,
    pub starts: Option<Millis>,
    pub over: Option<Millis>,
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub holder: Option<Holder>,
    pub waiting: Vec<Waiting>,
    pub reset: Option<(String, Millis)>,
    pub wrong: u32,
    pub wrong_at: Millis,
    pub locked_until: Millis,
    pub hour: Option<Millis>,
    /// Sign-ups, resets, notices, letters of others: since when, and how many.
    pub counts: [Option<(Millis, u32)>; 4],
    pub meetings_made: u32,
    pub mails_caused: u32,
    pub sessions: Vec<Session>,
    pub meetings: Vec<Meeting>,
    pub live: Vec<(RoomId, u32)>,
    pub watched: Vec<RoomId>,
    pub calls: Vec<(CallId, Millis)>,
    pub sockets: Vec<(ConnectionId, SessionId, u32)>,
    /// Failures of each mail that did not arrive yet.
    pub mails: Vec<u32>,
    pub errands: Vec<(RoomId, u32)>,
    pub letters: Vec<Kind>,
    pub told: Vec<(ConnectionId, Told)>,
    list_changed: bool,
}

impl Model {
    pub fn age(&mut self, now: Millis) {
        if self.hour.is_some_and(|since| since + HOUR <= now) {
            self.hour = None;
            (self.meetings_made, self.mails_caused) = (0, 0);
        }
        for count in &mut self.counts {
            count.take_if(|(since, _)| *since + HOUR <= now);
        }
        if self.wrong_at + DAY <= now {
            (self.wrong, self.wrong_at, self.locked_until) = (0, 0, 0);
        }
        self.waiting.retain(|waiting| waiting.until > now);
        let nobody = self.holder.is_none() && self.waiting.is_empty();
        if nobody || self.reset.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.reset = None;
        }
        let unused: Vec<_> = self.sessions.iter().filter(|s| s.used + 30 * DAY <= now).map(|s| s.id).collect();
        self.sign_out(|id| unused.contains(&id));
        for (call, until) in self.calls.clone() {
            if until <= now {
                self.calls.retain(|(other, _)| *other != call);
                self.tell_all(&Told::Rung(call));
                self.link(now, Kind::Missed);
            }
        }
        let known = self.holder.is_some();
        self.drop_meetings(|meeting| match meeting.over {
            Some(at) => at + 90 * DAY <= now,
            None => !known && meeting.starts.unwrap_or(meeting.made) + 30 * DAY <= now,
        });
    }

    /// After an input.
    pub fn end(&mut self) {
        if std::mem::take(&mut self.list_changed) {
            let told = self.list();
            self.tell_all(&told);
        }
        self.watched = self.worth_watching();
        self.live.retain(|(room, _)| self.watched.contains(room));
    }

    fn worth_watching(&self) -> Vec<RoomId> {
        let running = self.meetings.iter().filter(|meeting| meeting.over.is_none() && !self.sockets.is_empty());
        running.map(|meeting| meeting.room.clone()).collect()
    }

    pub fn list(&self) -> Told {
        let mut upcoming: Vec<_> = self.meetings.iter().filter(|meeting| meeting.over.is_none()).collect();
        let mut past: Vec<_> = self.meetings.iter().filter(|meeting| meeting.over.is_some()).collect();
        upcoming.sort_by(|a, b| a.starts.cmp(&b.starts).then(b.made.cmp(&a.made)).then(a.room.cmp(&b.room)));
        past.sort_by(|a, b| b.over.cmp(&a.over).then(b.made.cmp(&a.made)).then(a.room.cmp(&b.room)));
        let rooms = |list: Vec<&Meeting>| list.into_iter().map(|meeting| meeting.room.clone()).collect();
        Told::List(rooms(upcoming), rooms(past))
    }

    pub fn tell(&mut self, id: ConnectionId, told: Told) {
        self.told.push((id, told));
    }

    pub fn tell_all(&mut self, told: &Told) {
        for (id, ..) in self.sockets.clone() {
            self.tell(id, told.clone());
        }
    }

    /// Whether a mail went out.
    pub fn link(&mut self, now: Millis, kind: Kind) -> bool {
        let (which, most) = match kind {
            Kind::Verification | Kind::Already => (0, 10),
            Kind::Reset => (1, 10),
            Kind::Changed => (2, 10),
            Kind::Missed => (3, 60),
        };
        let fits = self.count(now, which, most);
        if fits {
            self.write(kind);
        }
        fits
    }

    /// Whether it may be done once more.
    pub fn count(&mut self, now: Millis, which: usize, most: u32) -> bool {
        let (_, count) = self.counts[which].get_or_insert((now, 0));
        let fits = *count < most;
        *count += u32::from(fits);
        fits
    }

    pub fn write(&mut self, kind: Kind) {
        self.letters.push(kind);
        self.mails.push(0);
    }

    pub fn sign_out(&mut self, which: impl Fn(SessionId) -> bool) {
        self.sessions.retain(|session| !which(session.id));
        for (id, session, _) in self.sockets.clone() {
            if which(session) {
                self.sockets.retain(|(other, ..)| *other != id);
                self.tell(id, Told::Closed(4010));
            }
        }
    }

    pub fn drop_meetings(&mut self, which: impl Fn(&Meeting) -> bool) {
        let before = self.meetings.len();
        self.live.retain(|(room, _)| !self.meetings.iter().any(|meeting| meeting.room == *room && which(meeting)));
        self.meetings.retain(|meeting| !which(meeting));
        self.list_changed |= self.meetings.len() != before;
    }

    pub fn signed_in(&self, session: SessionId) -> Result<(), Said> {
        let there = self.sessions.iter().any(|known| known.id == session);
        if there { Ok(()) } else { Err(Said::No(ErrorCode::Unauthorized)) }
    }

    /// A password is shown.
    pub fn try_password(&mut self, now: Millis, shown: &str, kept: Option<&String>) -> Result<(), Said> {
        if now < self.locked_until {
            return Err(Said::Later(self.locked_until - now));
        }
        if kept.is_some_and(|kept| kept == shown) {
            (self.wrong, self.wrong_at, self.locked_until) = (0, 0, 0);
            return Ok(());
        }
        self.wrong += 1;
        self.wrong_at = now;
        if self.wrong >= 10 {
            let mut seconds = 30;
            for _ in 10..self.wrong {
                seconds = (seconds * 2).min(3_600);
            }
            self.locked_until = now + seconds * 1_000;
        }
        Err(Said::No(ErrorCode::InvalidCredentials))
    }

    pub fn learn_session(&mut self, now: Millis, effects: &Effects) {
        let device = effects.signed_in();
        if self.sessions.len() == 20 {
            let oldest = self.sessions.iter().min_by_key(|s| (s.used, s.since, s.id)).map(|s| s.id);
            self.sign_out(|id| Some(id) == oldest);
        }
        self.sessions.push(Session { id: device.session, secret: device.secret, since: now, used: now });
    }

    pub fn told_of(&mut self, meeting: Meeting, now: Millis) -> Said {
        if self.holder.is_none() && meeting.relation == Relation::Owner {
            return Said::No(ErrorCode::NotFound);
        }
        let leaving = self.errands.iter().any(|(room, _)| *room == meeting.room);
        let known = self.meetings.iter().find(|known| known.room == meeting.room).cloned();
        if leaving || known.as_ref().is_some_and(|known| known.revision >= meeting.revision) {
            return Said::Done;
        }
        let stale = meeting.over.is_some_and(|at| at + 90 * DAY <= now);
        let stranger = self.holder.is_none();
        let unwanted = meeting.relation == Relation::Attended
            || meeting.over.is_some()
            || meeting.starts.unwrap_or(meeting.made) + 30 * DAY <= now;
        self.meetings.retain(|known| known.room != meeting.room);
        if stale || (stranger && unwanted) {
            self.list_changed |= known.is_some();
            return Said::Done;
        }
        let seen = |meeting: &Meeting| Meeting { revision: 0, ..meeting.clone() };
        self.list_changed |= known.as_ref().map(seen) != Some(seen(&meeting));
        self.meetings.push(meeting);
        Said::Done
    }

    /// What did not arrive is tried again, and given up at last.
    pub fn deliveries_failed(&mut self) {
        self.mails.iter_mut().for_each(|failures| *failures += 1);
        self.mails.retain(|failures| *failures < 8);
        self.errands.iter_mut().for_each(|(_, failures)| *failures += 1);
        self.errands.retain(|(_, failures)| *failures < 8);
    }

    /// The account that is stored is this one.
    pub fn is(&self, driver: &Driver) {
        let store = &driver.store;
        let nothing = self.holder.is_none()
            && self.waiting.is_empty()
            && self.wrong == 0
            && self.hour.is_none()
            && self.counts == [None; 4]
            && self.meetings.is_empty()
            && self.mails.is_empty()
            && self.errands.is_empty();
        assert_eq!(*store == super::Store::default(), nothing, "kept as long as there is something, and no longer");
        assert_eq!((store.mails.len(), store.errands.len()), (self.mails.len(), self.errands.len()));
        let mut sessions: Vec<_> = self.sessions.iter().map(|s| (s.id, s.since, s.used)).collect();
        sessions.sort();
        let stored: Vec<_> = store.sessions.values().map(|s| (s.id, s.created_at, s.used_at)).collect();
        assert_eq!(stored, sessions);
        let mut meetings: Vec<_> = self.meetings.iter().map(|m| (m.room.clone(), m.revision, m.over)).collect();
        meetings.sort();
        let stored = store.meetings.values().map(|m| (m.details.id.clone(), m.revision, m.details.ended_at));
        assert_eq!(stored.collect::<Vec<_>>(), meetings);
        let Some(core) = &store.core else {
            assert!(self.holder.is_none() && self.waiting.is_empty() && self.wrong == 0 && self.hour.is_none());
            return;
        };
        let holder = core.holder.as_ref().map(|h| (h.password_hash.is_some(), h.providers.len()));
        let expected = self.holder.as_ref().map(|h| (h.password.is_some(), usize::from(h.subject.is_some())));
        assert_eq!(holder, expected);
        let pending: Vec<_> = core.pending.iter().map(|pending| pending.token.expires_at).collect();
        assert_eq!(pending, self.waiting.iter().map(|waiting| waiting.until).collect::<Vec<_>>());
        assert_eq!(core.reset.as_ref().map(|token| token.expires_at), self.reset.as_ref().map(|(_, until)| *until));
        let failures = (core.failures.count, core.failures.last_at, core.failures.locked_until);
        assert_eq!(failures, (self.wrong, self.wrong_at, self.locked_until));
        let spent = (core.spent.since, core.spent.meetings, core.spent.mails);
        assert_eq!(spent, (self.hour.unwrap_or(0), self.meetings_made, self.mails_caused));
        let counted = [core.spent.sign_ups, core.spent.resets, core.spent.notices, core.spent.letters];
        assert_eq!(counted.map(|hourly| (hourly.since, hourly.count)), self.counts.map(Option::unwrap_or_default));
        let calls: Vec<_> = core.calls.iter().map(|ringing| (ringing.call.id, ringing.call.until)).collect();
        assert_eq!(calls, self.calls);
    }
}
