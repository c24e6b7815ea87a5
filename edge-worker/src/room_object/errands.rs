//! What a room has others do: mails, and words to accounts. Each runs beside the object's events and
//! brings its verdict back as an input; what a crash cuts off is handed out again by the core.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use mail::{EntryId, Mail, Verdict};
use protocol::{id::AccountId, rest::RoomPhase};
use room::{Errand, Input};
use worker::Result;

use super::driver::Driver;
use crate::{
    account_call::{self, Account},
    problem::Refusal,
};

/// Mails that wait for the one before: a meeting with a hundred invitations must not open a hundred
/// connections at once, and mail services count.
#[derive(Debug, Default)]
pub(super) struct Letterbox(RefCell<VecDeque<(EntryId, Mail)>>);

impl Driver {
    /// Sends a mail after those before it. One that is handed out again while it waits stays one.
    pub(super) fn post(self: &Rc<Self>, id: EntryId, mail: Mail) {
        let mut waiting = self.letterbox.0.borrow_mut();
        if waiting.iter().any(|(other, _)| *other == id) {
            return;
        }
        waiting.push_back((id, mail));
        if waiting.len() == 1 {
            self.beside(Self::empty_letterbox);
        }
    }

    async fn empty_letterbox(self: Rc<Self>) -> Result<()> {
        let room = self.room();
        loop {
            let next = self.letterbox.0.borrow().front().cloned();
            let Some((id, mail)) = next else { return Ok(()) };
            let key = format!("{}-{id}", room.as_ref().map(protocol::id::RoomId::as_str).unwrap_or_default());
            let verdict = crate::mail::send(self.env(), &mail, &key).await;
            self.letterbox.0.borrow_mut().pop_front();
            if let Err(error) = self.handle(Input::Posted { id, verdict }) {
                worker::console_error!("room: {error}");
            }
        }
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
