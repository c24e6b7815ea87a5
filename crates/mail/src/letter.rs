//! What is written, to whom.

use protocol::{
    Millis,
    id::RoomId,
    rest::Schedule,
    text::{DisplayName, EmailAddress, Title},
};
use serde::{Deserialize, Serialize};

/// One mail, before it has a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: EmailAddress,
    /// What it says.
    pub letter: Letter,
}

/// What a mail says. Links are complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// Prove that the address is yours.
    Verification {
        /// What the person calls themselves.
        name: DisplayName,
        /// `https://…/verify#token=…`
        link: String,
    },
    /// Somebody signed up with an address that has an account already.
    AlreadyRegistered {
        /// The account's name.
        name: DisplayName,
        /// `https://…/signin`
        signin_link: String,
        /// `https://…/reset`
        reset_link: String,
    },
    /// Choose a new password.
    Reset {
        /// The account's name.
        name: DisplayName,
        /// `https://…/reset#token=…`
        link: String,
    },
    /// The password was changed, or a provider was connected: whoever did not do that must know.
    AccountChanged {
        /// The account's name.
        name: DisplayName,
        /// What happened, as a sentence.
        what: String,
        /// `https://…/reset`
        reset_link: String,
    },
    /// About a meeting.
    Meeting(MeetingLetter),
    /// Somebody rang and was not answered.
    MissedCall {
        /// Who.
        name: DisplayName,
        /// Their proven address.
        email: EmailAddress,
        /// `https://…/m/{code}`
        link: String,
        /// When.
        at: Millis,
    },
}

/// A letter about a meeting; with a schedule it carries a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingLetter {
    /// Why it is written.
    pub notice: Notice,
    /// Makes the `UID` of the calendar file, the same in every letter about this meeting.
    pub room: RoomId,
    /// `SEQUENCE` (RFC 5545 §3.8.7.4): counts the changes of time and title.
    pub sequence: u32,
    /// What the meeting is about.
    pub title: Title,
    /// `https://…/m/{code}`
    pub link: String,
    /// Absent for an instant meeting.
    pub schedule: Option<Schedule>,
    /// Who invites.
    pub organizer: Organizer,
    /// When the letter was decided: `DTSTAMP`.
    pub at: Millis,
}

/// Why a letter about a meeting is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// The person is invited.
    Invitation,
    /// Title or time changed.
    Change,
    /// The meeting was called off, or the invitation taken back.
    Cancellation,
}

/// Who invites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organizer {
    /// Their name.
    pub name: DisplayName,
    /// Their proven address.
    pub email: EmailAddress,
}
