//! What a room has others do: mails, and words to accounts. Each runs beside the object's events and
//! brings its verdict back as an input; what a crash cuts off is handed out again by the core.

use std::rc::Rc;

use mail::{EntryId, Verdict};
use protocol::{id::AccountId, rest::RoomPhase, text::EmailAddress};
use room::{Errand, Input};
use worker::Result;

use super::driver::Driver;
use crate::{
    account_call::{self, Account},
    problem::Refusal,
};

impl Driver {
    /// Sends a mail after those before it.
    pub(super) fn post(self: &Rc<Self>, id: EntryId) {
        if self.letterbox.borrow_mut().put(id, |id| self.wanted(id).is_some()) {
            self.beside(Self::empty_letterbox);
        }
    }

    async fn empty_letterbox(self: Rc<Self>) -> Result<()> {
        let room = self.room();
        loop {
            // What was replaced or withdrawn while it waited must not go out; where the core is not in
            // memory, it hands out again what it wants.
            let next = self.letterbox.borrow_mut().next(|id| self.wanted(id));
            let Some((id, mail)) = next else { return Ok(()) };
            let key = format!("{}-{id}", room.as_ref().map(protocol::id::RoomId::as_str).unwrap_or_default());
            let verdict = match self.grants(id, &mail.to).await {
                true => crate::mail::send(self.env(), &mail, &key).await,
                false => Verdict::Failed,
            };
            self.letterbox.borrow_mut().sent(verdict);
            if let Err(error) = self.handle(Input::Posted { id, verdict }) {
                worker::console_error!("room: {error}");
            }
        }
    }

    /// Whether the account of an address takes another letter from others now. Where it does not, or
    /// cannot be asked, the letter goes out later.
    async fn grants(&self, id: EntryId, email: &EmailAddress) -> bool {
        if self.letterbox.borrow().is_granted(id) {
            return true;
        }
        let question = account::Question::Receive { email: email.clone() };
        let is_granted = account_call::ask(self.env(), Account::Address(email), &question).await.is_ok();
        if is_granted {
            self.letterbox.borrow_mut().grant(id);
        }
        is_granted
    }

    /// Tells an account something.
    pub(super) async fn run(&self, errand: Errand) -> Verdict {
        let (email, question) = match errand {
            Errand::Tell { email, details, revision } => {
                (email.clone(), account::Question::Meeting { email, details, revision })
            }
            Errand::Gone { email, revision } => match self.room() {
                Some(room) => (email, account::Question::MeetingGone { room, revision }),
                None => return Verdict::Refused,
            },
        };
        match account_call::ask(self.env(), Account::Address(&email), &question).await {
            Ok(_) => Verdict::Delivered,
            Err(refusal) if is_final(&refusal) => Verdict::Refused,
            Err(_) => Verdict::Failed,
        }
    }

    /// Tells a home page how the meeting is; whether it still wants to know.
    pub(super) async fn report(&self, account: &AccountId, phase: RoomPhase, participants: u32) -> bool {
        let Some(room) = self.room() else { return false };
        let live = account::Question::Live { room, phase, participants };
        let answer = account_call::ask(self.env(), Account::Id(account), &live).await;
        matches!(answer, Ok(account::Answer::Watching(true)))
    }
}

/// Whether asking again would be answered the same.
fn is_final(refusal: &Refusal) -> bool {
    (400..500).contains(&refusal.problem.status) && !matches!(refusal.problem.status, 408 | 429)
}
