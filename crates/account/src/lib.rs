//! One e-mail address as a state machine: sign-up, proof of the address, sign-in with lock-out,
//! sessions, reset, profile, deletion, the index of own meetings, and who rings.
//!
//! It decides and does no I/O. The driver hands it one [`Input`] with [`Account::handle`], then drains
//! [`Account::poll_output`] and carries each [`Output`] out, then asks [`Account::next_deadline`].
//! Time is an argument, in milliseconds since the epoch; randomness comes with each question.
//!
//! No answer tells whether an address has an account: unknown addresses cost the same hashes, count
//! the same failures, are locked the same way and keep the same sign-ups.
//!
//! The driver can lose this value at any moment. Whatever must survive is in [`Output::Save`] before
//! anyone is told of it, in an order in which any number of them is harmless: what has to be sent
//! before what it is about, and the account's own row last. Only sockets' conduct, live numbers and
//! which rooms are watched live in memory alone.
//!
//! | module | decides |
//! |---|---|
//! | `registration` | sign-up, proof of the address, providers, reset |
//! | `signin` | whether a password counts, and who is locked out |
//! | `sessions` | which devices are signed in |
//! | `profile` | what the person changes, and that they go |
//! | `allowance` | how much of everything is done in an hour |
//! | `meetings`, `watching` | which meetings the person has, and how they are now |
//! | `calls` | who rings, and for how long |
//! | `conversation` | what a home page's message does |
//! | `password`, `secret`, `table`, `sockets`, `outbox` | nothing: they hold and compare |

mod allowance;
mod calls;
mod conversation;
mod interface;
mod lifetime;
mod meetings;
mod outbox;
mod password;
mod profile;
mod registration;
mod secret;
mod sessions;
mod signin;
mod sockets;
mod watching;

pub use allowance::{
    HOUR_MS, LETTERS_PER_HOUR, MAILS_PER_HOUR, MEETINGS_PER_HOUR, NOTICES_PER_HOUR, RESETS_PER_HOUR, SIGN_UPS_PER_HOUR,
};
pub use calls::RING_MS;
pub use interface::{
    Answer, Connection, ConnectionId, Core, Errand, Failures, Hidden, Holder, Hourly, Input, MailedToken, Output,
    Pending, Question, QuestionId, Random, Record, Refusal, Ringing, Spent, Stored, StoredMeeting, StoredSession,
};
pub use meetings::{INVITATION_KEPT_MS, INVITATIONS_KEPT, PAST_KEPT_MS};
pub use password::PasswordCost;
pub use registration::{RESET_MS, VERIFICATION_MS};
pub use sessions::SESSION_MS;
pub use signin::{FAILURES_KEPT_MS, LOCK_AFTER, LOCK_LEAST_MS, LOCK_MOST_MS};
pub use sockets::{CONDUCT_MS, MESSAGES, MISTAKES_BEFORE_CLOSE, SOCKETS};
pub use watching::WATCHED;

use mail::{EntryId, Letter, Mail, Queue, Settled, Verdict};
use outbox::Outbox;
use password::Passwords;
use protocol::{
    Millis,
    account::User,
    error::ErrorCode,
    id::{AccountId, RoomId, SessionId},
    limits,
    text::EmailAddress,
};
use sockets::Sockets;
use sorted::Rows;

use watching::LiveMeetings;

/// Sign-ups of one address that wait for their link; a newer one drives the oldest out.
pub const PENDING: usize = 3;
/// People who ring one person at the same time; further ones get the mail at once.
pub const CALLS: usize = 3;

/// An e-mail address and what belongs to it.
#[derive(Debug, Clone)]
pub struct Account {
    id: AccountId,
    core: Core,
    /// The account's row as it is stored: what changed and changed back is not written.
    saved: Option<Core>,
    sessions: Rows<SessionId, StoredSession>,
    meetings: Rows<RoomId, StoredMeeting>,
    mails: Queue<Mail>,
    errands: Queue<Errand>,
    /// What storage must learn of mails and errands.
    queued: Vec<Record>,
    sockets: Sockets,
    live: LiveMeetings,
    watched: Vec<RoomId>,
    /// Home pages have to be told of the list.
    list_changed: bool,
    passwords: Passwords,
    outbox: Outbox,
    /// Storage holds a row.
    kept: bool,
}

impl Account {
    /// An address that nobody has used yet. Stores nothing.
    #[must_use]
    pub fn new(id: AccountId) -> Self {
        Self::with(id, Stored::default())
    }

    /// The account that was saved, with the sockets that are open now.
    #[must_use]
    pub fn restore(now: Millis, id: AccountId, stored: Stored, connections: Vec<Connection>) -> Self {
        let mut account = Self::with(id, stored);
        for connection in connections {
            if account.signed_in(connection.session).is_ok() {
                account.sockets.open(now, connection);
            } else {
                account.close_signed_out([connection.id]);
            }
        }
        // The rooms know that they are watched; it is told only when that changes.
        account.watched = account.worth_watching();
        account.outbox.commit([]);
        account
    }

    /// Another cost of passwords' hashes: those of a stored one that is right are computed anew.
    #[must_use]
    pub fn with_password_cost(mut self, cost: PasswordCost) -> Self {
        self.passwords = Passwords::new(cost);
        self
    }

    /// Hashes of passwords that were computed since this value was made: what an answer cost.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.passwords.computed()
    }

    /// One mutation.
    pub fn handle(&mut self, now: Millis, input: Input) {
        // Before time passes, because what time brings is not told to a socket that is closed.
        if let Input::Disconnected(connection) = input {
            self.sockets.close(connection);
        }
        self.age(now);
        match input {
            Input::Asked { id, random, question } => {
                let answer = self.asked(now, &random, question);
                self.outbox.act(Output::Answer { id, answer });
            }
            Input::Connected(connection) => self.connected(now, connection),
            Input::Received { connection, text } => self.received(now, connection, &text),
            Input::Posted { id, verdict } => self.posted(now, id, verdict),
            Input::Done { id, verdict } => self.done(now, id, verdict),
            Input::Disconnected(_) | Input::Woken => {}
        }
        self.commit(now);
    }

    /// What to carry out, oldest first; drain after every [`Account::handle`] and [`Account::restore`].
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.pop()
    }

    /// What storage holds once every [`Output::Save`] was carried out.
    #[must_use]
    pub fn stored(&self) -> Stored {
        Stored {
            core: self.saved.clone(),
            sessions: self.sessions.values().cloned().collect(),
            meetings: self.meetings.values().cloned().collect(),
            mails: self.mails.entries().cloned().collect(),
            errands: self.errands.entries().cloned().collect(),
        }
    }

    fn with(id: AccountId, stored: Stored) -> Self {
        let kept = stored != Stored::default();
        let Stored { core, sessions, meetings, mails, errands } = stored;
        let mut account = Self {
            id,
            saved: core.clone(),
            core: core.unwrap_or_else(Core::empty),
            sessions: Rows::restore(sessions.into_iter().map(|session| (session.id, session))),
            meetings: Rows::restore(meetings.into_iter().map(|meeting| (meeting.details.id.clone(), meeting))),
            mails: Queue::restore(mails),
            errands: Queue::restore(errands),
            queued: Vec::new(),
            sockets: Sockets::default(),
            live: LiveMeetings::default(),
            watched: Vec::new(),
            list_changed: false,
            passwords: Passwords::new(PasswordCost::PRODUCTION),
            outbox: Outbox::default(),
            kept,
        };
        // The row with the next name may have been lost when those that took names were not.
        let mails = account.mails.entries().map(|entry| entry.id);
        let taken = mails.chain(account.errands.entries().map(|entry| entry.id));
        let free = taken.max().map_or(0, |id| id.saturating_add(1));
        account.core.next_entry = account.core.next_entry.max(free);
        if account.core.holder.is_none() {
            // A device whose account was not stored any more: nobody was told of it.
            for id in account.sessions.keys_where(|_| true) {
                account.sessions.remove(&id);
            }
        }
        account
    }

    fn asked(&mut self, now: Millis, random: &Random, question: Question) -> Result<Answer, Refusal> {
        use Question as Q;
        match question {
            Q::Register { name, email, password, origin } => {
                self.register(now, random, registration::SignUp { name, email, password }, &origin)
            }
            Q::Verify { secret } => self.verify(now, &secret),
            Q::Resend { email, origin } => Ok(self.resend(now, random, email, &origin)),
            Q::Login { password, device } => self.login(now, random, &password, device),
            Q::Provided { provider, subject, name, email, device } => {
                self.provided(now, random, registration::Proof { provider, subject, name, email }, device)
            }
            Q::Link { session, provider, subject, origin } => self.link(now, session, provider, subject, &origin),
            Q::Refresh { session, secret } => self.refresh(now, random, session, &secret),
            Q::Logout { session, .. } => Ok(self.logout(session)),
            Q::Forgot { email, origin } => Ok(self.forgot(now, random, email, &origin)),
            Q::Reset { secret, password, origin } => self.reset(now, random, &secret, &password, &origin),
            Q::Profile { session } => self.signed_in(session).and_then(|()| self.user()).map(Answer::User),
            Q::ChangeProfile { session, change } => self.change_profile(session, change),
            Q::ChangePassword { session, current, password, origin } => {
                self.change_password(now, random, session, signin::NewSecret { current, password }, &origin)
            }
            Q::Sessions { session } => self.list_sessions(session),
            Q::Revoke { session, which } => self.revoke(session, which),
            Q::Delete { session } => self.delete(now, session),
            Q::Spend { session, meetings, mails } => self.spend(now, session, meetings, mails),
            Q::Meetings { session } => self.signed_in(session).map(|()| Answer::Meetings(self.list())),
            Q::Meeting { email, details, revision } => self.meeting(now, &email, *details, revision),
            Q::MeetingGone { room, revision } => Ok(self.meeting_gone(&room, revision)),
            Q::Live { room, phase, participants } => Ok(self.live(room, phase, participants)),
            Q::Receive { .. } => self.core.spent.receive(now).map(|()| Answer::Done),
            Q::Ring { email, call, origin } => Ok(self.ring(now, random, email, call, origin)),
        }
    }

    /// Whether somebody on this device may ask.
    fn signed_in(&self, session: SessionId) -> Result<(), Refusal> {
        let there = self.core.holder.is_some() && self.sessions.get(&session).is_some();
        if there { Ok(()) } else { Err(ErrorCode::Unauthorized.into()) }
    }

    fn user(&self) -> Result<User, Refusal> {
        let (Some(holder), Some(email)) = (&self.core.holder, &self.core.email) else {
            return Err(Refusal::INTERNAL);
        };
        Ok(User {
            id: self.id.clone(),
            name: holder.name.clone(),
            email: email.clone(),
            color: holder.color.clone(),
            picture: holder.picture.clone(),
            locale: holder.locale.clone(),
            has_password: holder.password_hash.is_some(),
            providers: holder.providers.iter().map(|(provider, _)| *provider).collect(),
            created_at: holder.created_at,
        })
    }

    fn spend(&mut self, now: Millis, session: SessionId, meetings: u32, mails: u32) -> Result<Answer, Refusal> {
        self.signed_in(session)?;
        let user = self.user()?;
        // The index must hold all that the person owns, beside what others invite them to.
        if meetings > 0 && self.owned_where(|details| !meetings::is_over(details)) >= limits::MEETINGS / 2 {
            return Err(ErrorCode::TooLarge.into());
        }
        self.core.spent.spend(now, meetings, mails)?;
        Ok(Answer::User(user))
    }

    fn mail(&mut self, now: Millis, to: EmailAddress, letter: Letter) {
        let id = self.next_entry(now);
        let entry = self.mails.push(now, id, Mail { to, letter });
        self.queued.push(Record::Mail(entry));
    }

    fn errand(&mut self, now: Millis, errand: Errand) {
        let id = self.next_entry(now);
        let entry = self.errands.push(now, id, errand);
        self.queued.push(Record::Errand(entry));
    }

    /// A name that was never used, also not before everything was forgotten: services compare the
    /// names of mails for a day.
    fn next_entry(&mut self, now: Millis) -> EntryId {
        let id = self.core.next_entry.max(now);
        self.core.next_entry = id.saturating_add(1);
        id
    }

    fn posted(&mut self, now: Millis, id: EntryId, verdict: Verdict) {
        match self.mails.settle(now, id, verdict) {
            Some(Settled::Later(entry)) => self.queued.push(Record::Mail(entry)),
            Some(Settled::Over { .. }) => self.queued.push(Record::MailGone(id)),
            None => {}
        }
    }

    fn done(&mut self, now: Millis, id: EntryId, verdict: Verdict) {
        match self.errands.settle(now, id, verdict) {
            Some(Settled::Later(entry)) => self.queued.push(Record::Errand(entry)),
            Some(Settled::Over { .. }) => self.queued.push(Record::ErrandGone(id)),
            None => {}
        }
    }

    fn commit(&mut self, now: Millis) {
        self.tell_list();
        self.watch();
        self.tidy();
        for entry in self.mails.take_due(now) {
            self.outbox.act(Output::Post { id: entry.id, mail: entry.item });
        }
        for entry in self.errands.take_due(now) {
            self.outbox.act(Output::Errand { id: entry.id, errand: entry.item });
        }
        let mut records = std::mem::take(&mut self.queued);
        records.extend(self.sessions.take_changed().into_iter().map(|changed| match changed.after {
            Some(session) => Record::Session(session),
            None => Record::SessionGone(changed.key),
        }));
        records.extend(self.meetings.take_changed().into_iter().map(|changed| match changed.after {
            Some(meeting) => Record::Meeting(meeting),
            None => Record::MeetingGone(changed.key),
        }));
        if self.is_empty() {
            self.core = Core::empty();
            self.saved = None;
            records = if std::mem::take(&mut self.kept) { vec![Record::Forgotten] } else { Vec::new() };
        } else if self.saved.as_ref() != Some(&self.core) {
            self.saved = Some(self.core.clone());
            records.push(Record::Core(Box::new(self.core.clone())));
        }
        self.kept |= records.iter().any(|record| *record != Record::Forgotten);
        self.outbox.commit(records);
    }
}
