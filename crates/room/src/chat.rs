//! What was said: the last [`limits::CHAT_HISTORY`] messages, in one order for everybody.

use std::collections::VecDeque;

use protocol::{
    id::{AccountId, ChatId, ParticipantId},
    limits,
    signal::ChatMessage,
    text::DisplayName,
};

use crate::records::Said;

/// The kept history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Chat {
    history: VecDeque<Said>,
}

impl Chat {
    /// The history that was stored.
    pub(crate) fn restore(stored: Vec<Said>) -> Self {
        let mut history = VecDeque::from(stored);
        history.make_contiguous().sort_by_key(|message| message.sequence);
        let surplus = history.len().saturating_sub(limits::CHAT_HISTORY);
        history.drain(..surplus);
        Self { history }
    }

    /// Whether this author's message is among the kept ones.
    pub(crate) fn contains(&self, author: ParticipantId, id: ChatId) -> bool {
        self.history.iter().any(|message| message.author == author && message.id == id)
    }

    /// The number of the next message.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.history.back().map_or(1, |last| last.sequence.saturating_add(1))
    }

    /// Takes a message whose number is [`Chat::next_sequence`].
    pub(crate) fn push(&mut self, message: Said) {
        self.history.push_back(message);
        if self.history.len() > limits::CHAT_HISTORY {
            self.history.pop_front();
        }
    }

    /// One of the kept ones, as far as somebody may read it and it was not taken back.
    pub(crate) fn find(&self, sequence: u64, reader: ParticipantId) -> Option<&Said> {
        let said = self.history.iter().find(|said| said.sequence == sequence)?;
        (said.text.is_some() && said.is_for(reader)).then_some(said)
    }

    /// What was said is taken back. Its number and its author's name for it stay taken. Answers the
    /// row that is left.
    pub(crate) fn take_back(&mut self, sequence: u64) -> Option<Said> {
        let said = self.history.iter_mut().find(|said| said.sequence == sequence)?;
        said.text = None;
        Some(said.clone())
    }

    /// The kept messages that somebody may read, oldest first.
    pub(crate) fn messages(&self, reader: ParticipantId) -> Vec<ChatMessage> {
        self.history.iter().filter(|said| said.is_for(reader)).filter_map(Said::message).collect()
    }

    /// The same as they are stored.
    pub(crate) fn rows(&self) -> Vec<Said> {
        self.history.iter().cloned().collect()
    }

    /// Everything that an account said was said by somebody of another name. Answers what changed.
    pub(crate) fn rename(&mut self, account: &AccountId, name: &DisplayName) -> Vec<Said> {
        let theirs = self.history.iter_mut().filter(|said| said.account.as_ref() == Some(account));
        theirs
            .map(|said| {
                said.author_name = name.clone();
                said.account = None;
                said.clone()
            })
            .collect()
    }

    /// Nothing was ever said.
    pub(crate) fn erase(&mut self) {
        self.history.clear();
    }
}
