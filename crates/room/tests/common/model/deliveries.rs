//! Letters and errands: what has to arrive, and what lists of meetings have to know.

use mail::{Notice, RETRY_DELAYS_MS, Verdict};
use protocol::{
    Millis,
    rest::{Delivery, Relation, RoomKind, Schedule},
};

use super::{Addresses, ByAddress, Model, OWNER};

/// Something that has to arrive somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending<T> {
    pub to: String,
    pub what: T,
    pub failures: usize,
    pub due_at: Millis,
    pub until: Option<Millis>,
}

/// What lists hold, and what follows for them from the current input besides.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    shown: Option<(String, RoomKind, Option<Schedule>, bool, bool)>,
    relations: ByAddress<Relation>,
    pub gone: Addresses,
    pub unmentioned: Addresses,
}

impl Model {
    pub(super) fn write(&mut self, now: Millis, to: &str, notice: Notice) {
        if !self.owned {
            return;
        }
        let unread = self.mails.iter().any(|mail| mail.to == to && mail.what.0 == Notice::Invitation);
        let notice = if unread && notice == Notice::Change { Notice::Invitation } else { notice };
        self.mails.retain(|mail| mail.to != to);
        let what = (notice, self.sequence);
        self.mails.push(Sending { to: to.to_owned(), what, failures: 0, due_at: now, until: None });
        if let Some(guest) = self.guest_mut(to) {
            guest.delivery = Delivery::Sending;
        }
    }

    pub fn posted(&mut self, now: Millis, to: &str, verdict: Verdict) {
        if let Some(delivered) = settle(&mut self.mails, now, to, verdict)
            && let Some(guest) = self.guest_mut(to)
        {
            guest.delivery = if delivered { Delivery::Sent } else { Delivery::Failed };
        }
        self.time(now);
    }

    pub fn done(&mut self, now: Millis, to: &str, verdict: Verdict) {
        let owners =
            self.owned && self.errands.iter().any(|errand| errand.to == to && to == OWNER && errand.what.is_some());
        settle(&mut self.errands, now, to, verdict);
        if owners && verdict == Verdict::Refused {
            self.destroy(now);
        }
        self.time(now);
    }

    pub(super) fn update_lists(&mut self, now: Millis) {
        let shown = Some((self.title.clone(), self.kind, self.schedule.clone(), self.over(), self.owned));
        let owner = self.owned.then(|| OWNER.to_owned());
        let guests: Vec<_> = self.guests.iter().map(|guest| guest.email.clone()).collect();
        let relations: ByAddress<_> =
            guests.iter().map(|email| (email.clone(), self.relation(email).unwrap())).collect();
        let before = std::mem::take(&mut self.listed);
        let all = shown != before.shown;
        let new = relations.iter().filter(|(email, relation)| all || before.relations.get(*email) != Some(relation));
        let mut tell: Addresses = new.map(|(email, _)| email.clone()).chain(owner.filter(|_| all)).collect();
        let mut gone = before.gone;
        gone.extend(before.relations.keys().filter(|email| !relations.contains_key(*email)).cloned());
        gone.retain(|email| !before.unmentioned.contains(email));
        tell.retain(|email| !before.unmentioned.contains(email) && !gone.contains(email));
        self.listed = Listed { shown, relations, ..Listed::default() };
        if tell.is_empty() && gone.is_empty() {
            return;
        }
        self.revision += 1;
        for (to, told) in tell.iter().map(|to| (to, true)).chain(gone.iter().map(|to| (to, false))) {
            let what = if told { self.relation(to) } else { None };
            self.errands.retain(|errand| errand.to != *to);
            self.errands.push(Sending { to: to.clone(), what, failures: 0, due_at: now, until: None });
        }
    }

    pub(super) fn deliveries_due(&self) -> Vec<Millis> {
        let mails = self.mails.iter().map(|mail| mail.until.unwrap_or(mail.due_at));
        mails.chain(self.errands.iter().map(|errand| errand.until.unwrap_or(errand.due_at))).collect()
    }

    pub(super) fn only_delivers(&self) -> bool {
        !self.owned && self.guests.is_empty() && !(self.mails.is_empty() && self.errands.is_empty())
    }
}

pub(super) fn sending<T>(to: &str, what: T, failures: u32, due_at: Millis) -> Sending<T> {
    Sending { to: to.to_owned(), what, failures: failures as usize, due_at, until: None }
}

/// As it is stored: whether it is under way is not.
pub(super) fn stored_form<T: Clone>(queue: &[Sending<T>]) -> Vec<Sending<T>> {
    by_address(queue.iter().cloned().map(|sending| Sending { until: None, ..sending }))
}

pub(super) fn by_address<T>(queue: impl Iterator<Item = Sending<T>>) -> Vec<Sending<T>> {
    let mut queue: Vec<_> = queue.collect();
    queue.sort_by(|a, b| a.to.cmp(&b.to));
    queue
}

pub(super) fn hand_out<T>(queue: &mut [Sending<T>], now: Millis) -> Vec<String> {
    let due = queue.iter_mut().filter(|sending| sending.until.unwrap_or(sending.due_at) <= now);
    let mut to: Vec<_> = due
        .map(|sending| {
            sending.until = Some(now + 60_000);
            sending.to.clone()
        })
        .collect();
    to.sort();
    to
}

pub(super) fn settle<T>(queue: &mut Vec<Sending<T>>, now: Millis, to: &str, verdict: Verdict) -> Option<bool> {
    let sending = queue.iter_mut().find(|sending| sending.to == to)?;
    if verdict == Verdict::Failed && sending.failures < RETRY_DELAYS_MS.len() {
        sending.due_at = now + RETRY_DELAYS_MS[sending.failures];
        sending.failures += 1;
        sending.until = None;
        return None;
    }
    queue.retain(|sending| sending.to != to);
    Some(verdict == Verdict::Delivered)
}
