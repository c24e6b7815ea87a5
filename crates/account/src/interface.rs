//! What goes into an account and what comes out of it.

use mail::{EntryId, Mail, Verdict};
use protocol::{
    Millis,
    account::{ChangeProfile, HomeEvent, IncomingCall, Meetings, Provider, Session, User},
    error::ErrorCode,
    id::{AccountId, RoomId, SessionId},
    rest::{RoomDetails, RoomPhase},
    text::{Color, DisplayName, EmailAddress, Locale, NewPassword, Password, Picture},
};
use serde::{Deserialize, Serialize};

/// 64 random bytes that the driver draws for each question: salts, tokens and identifiers come from them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Random(pub [u8; 64]);

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

/// A password on its way to the account that checks it: it travels within the edge and is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// The password itself; never to be logged or stored.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<NewPassword> for Hidden {
    fn from(password: NewPassword) -> Self {
        Self(password.expose().to_owned())
    }
}

impl From<Password> for Hidden {
    fn from(password: Password) -> Self {
        Self(password.expose().to_owned())
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden")
    }
}

/// Which question; chosen by the driver, to find who waits for the answer.
pub type QuestionId = u64;

/// One socket of one home page. Chosen by the driver at random; never reused within an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectionId(pub u64);

/// A home page's socket and the device behind it. The driver keeps this with the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Which socket.
    pub id: ConnectionId,
    /// Which device, from its access token.
    pub session: SessionId,
}

/// One thing that happens to an account.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one at a time exists, on its way into the account")]
pub enum Input {
    /// Somebody asks something. Answered by exactly one [`Output::Answer`] in the same drain.
    Asked {
        /// Which question.
        id: QuestionId,
        /// Fresh randomness.
        random: Random,
        /// It.
        question: Question,
    },
    /// A home page opened its socket.
    Connected(Connection),
    /// A text came on a socket.
    Received {
        /// On which.
        connection: ConnectionId,
        /// As it came; binary messages arrive as an empty text.
        text: String,
    },
    /// A socket closed or failed. May never come.
    Disconnected(ConnectionId),
    /// What came of [`Output::Post`].
    Posted {
        /// Which.
        id: EntryId,
        /// The result.
        verdict: Verdict,
    },
    /// What came of [`Output::Errand`].
    Done {
        /// Which.
        id: EntryId,
        /// The result.
        verdict: Verdict,
    },
    /// The deadline passed (or may have: early and late calls are harmless).
    Woken,
}

/// What somebody asks of an account. Those with a `session` come from somebody who is signed in: the
/// driver has checked the access token, the account checks that the session is still there
/// (`unauthorized` where it is not). `origin` is this deployment's own, such as `https://meet.example`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Sign up. Answers [`Answer::Done`] whether or not there is an account. Above
    /// [`crate::SIGN_UPS_PER_HOUR`] it costs no hash and nothing is kept.
    Register {
        /// Name.
        name: DisplayName,
        /// The address of this account's object.
        email: EmailAddress,
        /// Password.
        password: Hidden,
        /// For links.
        origin: String,
    },
    /// Prove the address with a mailed token's secret. Answers [`Answer::Address`].
    Verify {
        /// What stands after the account's id in the token.
        secret: String,
    },
    /// Send the verification again, if somebody waits for one; where several sign-ups wait, a reset
    /// link instead, because only the reader knows which is theirs. Answers [`Answer::Done`] anyway.
    Resend {
        /// The address of this account's object.
        email: EmailAddress,
        /// For links.
        origin: String,
    },
    /// Sign in. Answers [`Answer::SignedIn`]; `email_not_verified` for the password of the newest
    /// sign-up that waits, whether or not there is an account. Costs two hashes for every address.
    Login {
        /// Password.
        password: Hidden,
        /// Browser and system, in words.
        device: String,
    },
    /// Somebody proved at a provider that the address is theirs. Answers [`Answer::SignedIn`], or
    /// [`Answer::ProofNeeded`] where there is an account that this provider is not connected to.
    Provided {
        /// At which.
        provider: Provider,
        /// Their unchanging id there.
        subject: String,
        /// What the provider calls them.
        name: DisplayName,
        /// The address of this account's object.
        email: EmailAddress,
        /// Browser and system, in words.
        device: String,
    },
    /// Connect a provider's account. Answers [`Answer::User`].
    Link {
        /// Who asks.
        session: SessionId,
        /// At which.
        provider: Provider,
        /// Their unchanging id there.
        subject: String,
        /// For links.
        origin: String,
    },
    /// The next access token. Answers [`Answer::SignedIn`].
    Refresh {
        /// Which device.
        session: SessionId,
        /// What its cookie holds. Anything but the newest revokes the session.
        secret: String,
    },
    /// Sign out this device. Answers [`Answer::Done`] also where it is signed out already.
    Logout {
        /// Which device.
        session: SessionId,
        /// What its cookie holds.
        secret: String,
    },
    /// Send a reset link, if there is an account. Answers [`Answer::Done`] anyway.
    Forgot {
        /// The address of this account's object.
        email: EmailAddress,
        /// For links.
        origin: String,
    },
    /// A new password by a mailed token's secret; proves the address, revokes every session and
    /// ends a lock-out. Answers [`Answer::Address`].
    Reset {
        /// What stands after the account's id in the token.
        secret: String,
        /// The new password.
        password: Hidden,
        /// For links.
        origin: String,
    },
    /// Who is signed in. Answers [`Answer::User`].
    Profile {
        /// Who asks.
        session: SessionId,
    },
    /// Change the profile. Answers [`Answer::User`].
    ChangeProfile {
        /// Who asks.
        session: SessionId,
        /// What changes.
        change: ChangeProfile,
    },
    /// Change the password; a wrong current one counts like a failed sign-in. Revokes the other
    /// sessions. Answers [`Answer::Done`].
    ChangePassword {
        /// Who asks.
        session: SessionId,
        /// Needed where the account has one.
        current: Option<Hidden>,
        /// The new one.
        password: Hidden,
        /// For links.
        origin: String,
    },
    /// Signed-in devices. Answers [`Answer::Sessions`].
    Sessions {
        /// Who asks.
        session: SessionId,
    },
    /// Sign a device out, or every other one. Answers [`Answer::Done`], `not_found` for a device
    /// that is not this account's.
    Revoke {
        /// Who asks.
        session: SessionId,
        /// Which; all but the one that asks when absent.
        which: Option<SessionId>,
    },
    /// Delete the account: everything personal goes at once, owned meetings end, other meetings
    /// forget the person, by errands. Answers [`Answer::Done`].
    Delete {
        /// Who asks.
        session: SessionId,
    },
    /// Count against what one account may do in an hour. Answers [`Answer::User`], `rate_limited`
    /// above the bound; `too_large` for `meetings` where half of [`protocol::limits::MEETINGS`] are
    /// owned already and not over.
    Spend {
        /// Who asks.
        session: SessionId,
        /// Meetings that are made now.
        meetings: u32,
        /// Mails that go out for it.
        mails: u32,
    },
    /// Own meetings. Answers [`Answer::Meetings`].
    Meetings {
        /// Who asks.
        session: SessionId,
    },
    /// A room says how a meeting of this person is now; an older `revision` changes nothing. Where
    /// nobody has signed up yet the invitation is kept until the meeting is over. Answers
    /// [`Answer::Done`]; `not_found` when the person is the owner and the account is gone. Where the
    /// index is full, the meeting that leaves it is told by an [`Errand`]: this one too, unless the
    /// person is its owner.
    Meeting {
        /// The address of this account's object.
        email: EmailAddress,
        /// With `relation` as this person's, with code, without link, participants and invitations.
        details: Box<RoomDetails>,
        /// Grows with every change in the room.
        revision: u64,
    },
    /// A room is forgotten, or the person no longer belongs to it. Answers [`Answer::Done`].
    MeetingGone {
        /// Which.
        room: RoomId,
        /// As in `Meeting`.
        revision: u64,
    },
    /// A watched room says how it is. Answers [`Answer::Watching`].
    Live {
        /// Which.
        room: RoomId,
        /// Where it is in its life.
        phase: RoomPhase,
        /// How many are in.
        participants: u32,
    },
    /// A room is about to write to this address about a meeting. Answers [`Answer::Done`], or
    /// `rate_limited` where others caused [`crate::LETTERS_PER_HOUR`] letters in the running hour,
    /// missed calls among them: then the letter waits for `retry_after_ms`, which is exact, and asks
    /// again. Each letter asks once, before it first goes out. The same for every address.
    Receive {
        /// The address of this account's object.
        email: EmailAddress,
    },
    /// Somebody rings. Answers [`Answer::Done`] whoever is there; rings where a home page is open,
    /// and where none is, or nobody accepts in time, a mail says so.
    Ring {
        /// The address of this account's object.
        email: EmailAddress,
        /// The call; `id`, `since` and `until` are chosen here.
        call: IncomingCall,
        /// For links.
        origin: String,
    },
}

/// What an account answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Nothing to say.
    Done,
    /// The account's address.
    Address(EmailAddress),
    /// Who is signed in now.
    SignedIn {
        /// Them.
        user: User,
        /// On which device.
        session: SessionId,
        /// For the cookie: the only secret that the next refresh accepts.
        refresh_secret: String,
    },
    /// There is an account with a password, or another provider: the person must sign in with that
    /// before this provider is connected.
    ProofNeeded,
    /// Who somebody is.
    User(User),
    /// Signed-in devices.
    Sessions(Vec<Session>),
    /// Own meetings.
    Meetings(Meetings),
    /// Whether a home page is still open that wants to know.
    Watching(bool),
}

/// Why an account does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// When trying again makes sense, in milliseconds from now; only with `rate_limited`.
    pub retry_after_ms: Option<Millis>,
}

/// One thing that the driver carries out, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Store this, replacing what has the same key; everything between two drains together.
    Save(Record),
    /// The answer to a question.
    Answer {
        /// Which.
        id: QuestionId,
        /// It.
        answer: Result<Answer, Refusal>,
    },
    /// Send a mail and bring [`Input::Posted`]. May be handed out again after a restart.
    Post {
        /// Its name, for idempotency too.
        id: EntryId,
        /// It.
        mail: Mail,
    },
    /// Tell a room something and bring [`Input::Done`]. May be handed out again after a restart.
    Errand {
        /// Its name.
        id: EntryId,
        /// It.
        errand: Errand,
    },
    /// Ask a room to say how it is, now and whenever that changes ([`Question::Live`]), or no longer.
    /// Nobody waits for the result.
    Watch {
        /// Which.
        room: RoomId,
        /// Begin, or stop.
        watch: bool,
    },
    /// Send one event to these sockets.
    Send {
        /// Sockets that are open, as far as the account knows.
        to: Vec<ConnectionId>,
        /// The event; serialise it once.
        event: HomeEvent,
    },
    /// Close a socket.
    Close {
        /// Which.
        connection: ConnectionId,
        /// A code of RFC 6455 §7.4, or [`protocol::account::close`].
        code: u16,
        /// For a developer.
        reason: &'static str,
    },
}

/// What a room must be told, at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// The account that owns it is deleted, or it is over and the account's index holds no more: it
    /// ends and is forgotten.
    Destroy {
        /// Which.
        room: RoomId,
    },
    /// The person has too many meetings to keep this one: their invitation goes, because their deletion
    /// would not find it; who is in stays.
    Unlist {
        /// Which.
        room: RoomId,
        /// Their address.
        email: EmailAddress,
    },
    /// This person is deleted: they are out, and their invitation, name and address go.
    ForgetPerson {
        /// Which.
        room: RoomId,
        /// Who they were.
        account: AccountId,
        /// Their address.
        email: EmailAddress,
    },
}

/// What is stored: the driver keeps one row for each key, as JSON. A kind of row and its key stand
/// beside each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The account itself, what waits for verification, failed sign-ins, counters (one row).
    Core(Box<Core>),
    /// A signed-in device (a row each, by id).
    Session(StoredSession),
    /// It is signed out.
    SessionGone(SessionId),
    /// A meeting in the index (a row each, by room).
    Meeting(StoredMeeting),
    /// It is no longer in the index.
    MeetingGone(RoomId),
    /// A mail that has to go out (a row each, by id).
    Mail(mail::Entry<Mail>),
    /// It went out, or was given up.
    MailGone(EntryId),
    /// An errand that has to be run (a row each, by id).
    Errand(mail::Entry<Errand>),
    /// It was run.
    ErrandGone(EntryId),
    /// Nothing is left: drop everything, as if the object had never been used.
    Forgotten,
}

/// The account's own row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Core {
    /// Who, once the address was proven.
    pub holder: Option<Holder>,
    /// Sign-ups that wait for their link, oldest first; at most [`crate::PENDING`]. Where there is a
    /// holder their links were never mailed: they are kept so that the address answers like any other.
    pub pending: Vec<Pending>,
    /// A reset link that was sent.
    pub reset: Option<MailedToken>,
    /// Wrong passwords since the last right one.
    pub failures: Failures,
    /// What was done in the running hour.
    pub spent: Spent,
    /// Somebody rings, oldest first; at most [`crate::CALLS`].
    pub calls: Vec<Ringing>,
    /// The next name of a mail or an errand.
    pub next_entry: EntryId,
    /// The address, while anything here belongs to it.
    pub email: Option<EmailAddress>,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// Name.
    pub name: DisplayName,
    /// Argon2id in PHC form; absent for those who only sign in at a provider.
    pub password_hash: Option<String>,
    /// Connected providers and the person's id there.
    pub providers: Vec<(Provider, String)>,
    /// Behind their initials.
    pub color: Color,
    /// Instead of their initials.
    pub picture: Option<Picture>,
    /// The language they chose.
    pub locale: Option<Locale>,
    /// When the address was proven.
    pub created_at: Millis,
}

/// A sign-up that waits for its link. Each has its own password, so that whoever proves the address
/// gets the account they asked for and nobody else's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Name.
    pub name: DisplayName,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// Its link.
    pub token: MailedToken,
}

/// A token that was mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailedToken {
    /// SHA-256 of its secret.
    pub hash: [u8; 32],
    /// Until when it counts.
    pub expires_at: Millis,
}

/// Wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Failures {
    /// How many since the last right one.
    pub count: u32,
    /// No password is looked at until then.
    pub locked_until: Millis,
    /// When the last one came; forgotten a day later.
    pub last_at: Millis,
}

/// What was done in the running hour. Each count has an hour of its own, so that nobody uses up by
/// one thing what another needs, or learns by one what was done of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spent {
    /// When the hour of `meetings` and `mails` began.
    pub since: Millis,
    /// Meetings made.
    pub meetings: u32,
    /// Mails caused to others.
    pub mails: u32,
    /// Sign-ups with this address, and verifications that were asked for again.
    #[serde(default)]
    pub sign_ups: Hourly,
    /// Reset links asked for.
    #[serde(default)]
    pub resets: Hourly,
    /// Mails that say that the account was changed.
    #[serde(default)]
    pub notices: Hourly,
    /// Letters from others: about meetings, and missed calls.
    #[serde(default)]
    pub letters: Hourly,
}

/// How often something was done in its running hour, which begins with the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hourly {
    /// When the hour began.
    pub since: Millis,
    /// How often since.
    pub count: u32,
}

/// Somebody rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ringing {
    /// The call.
    pub call: IncomingCall,
    /// For the link of the mail that follows when nobody accepts.
    pub origin: String,
}

/// A signed-in device, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSession {
    /// Which.
    pub id: SessionId,
    /// Browser and system, in words.
    pub device: String,
    /// SHA-256 of the newest refresh secret.
    pub hash: [u8; 32],
    /// When it signed in.
    pub created_at: Millis,
    /// When it last took a new access token.
    pub used_at: Millis,
}

/// A meeting in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMeeting {
    /// As [`Question::Meeting`] brought it.
    pub details: RoomDetails,
    /// Grows with every change in the room.
    pub revision: u64,
}

/// All rows of an account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// The account's own row.
    pub core: Option<Core>,
    /// Signed-in devices.
    pub sessions: Vec<StoredSession>,
    /// The index.
    pub meetings: Vec<StoredMeeting>,
    /// Mails that have to go out.
    pub mails: Vec<mail::Entry<Mail>>,
    /// Errands that have to be run.
    pub errands: Vec<mail::Entry<Errand>>,
}
