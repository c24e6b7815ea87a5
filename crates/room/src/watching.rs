//! Home pages that want to know how the meeting is: the present state, one report at a time, and
//! the newest state after that.

use protocol::{error::ErrorCode, id::AccountId, rest::RoomPhase};
use sorted::{Changed, Map, Rows};

use crate::{Room, interface::Output, records::Record};

/// Accounts that may watch a meeting at once.
pub const WATCHERS: usize = 500;

/// The accounts that watch.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Watchers {
    rows: Rows<AccountId, ()>,
    pages: Map<AccountId, Page>,
}

/// What a home page was told. Known in memory only: whoever is restored tells again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Page {
    told: Option<(RoomPhase, u32)>,
    under_way: bool,
    gone: bool,
}

impl Watchers {
    /// Those who were stored.
    pub(crate) fn restore(stored: Vec<AccountId>) -> Self {
        let pages = stored.iter().map(|account| (account.clone(), Page::default())).collect();
        Self { rows: Rows::restore(stored.into_iter().map(|account| (account, ()))), pages }
    }

    /// All, by id.
    pub(crate) fn accounts(&self) -> Vec<AccountId> {
        self.rows.iter().map(|(account, ())| account.clone()).collect()
    }

    /// One less. A report to them that is under way is still awaited.
    pub(crate) fn remove(&mut self, account: &AccountId) {
        self.rows.remove(account);
        if let Some(page) = self.pages.get_mut(account) {
            page.gone = true;
        }
    }

    /// Nobody watches any more, and their rows go with the meeting's. Everybody learns of the end.
    pub(crate) fn erase(&mut self) {
        self.rows.erase();
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> Vec<Record> {
        let changed = self.rows.take_changed().into_iter();
        changed
            .map(|Changed { key, after, .. }| match after {
                Some(()) => Record::Watcher(key),
                None => Record::WatcherGone(key),
            })
            .collect()
    }
}

impl Room {
    /// A home page wants to know, or no longer.
    pub(crate) fn watch(&mut self, account: AccountId, watch: bool) -> Result<(), ErrorCode> {
        if !watch {
            self.watchers.remove(&account);
            return Ok(());
        }
        if self.watchers.rows.get(&account).is_none() && self.watchers.rows.len() >= WATCHERS {
            return Err(ErrorCode::RateLimited);
        }
        // It may be another page than the one that was told.
        let page = self.watchers.pages.entry(account.clone()).or_default();
        (page.told, page.gone) = (None, false);
        // What is over does not change.
        if self.over().is_none() && self.watchers.rows.get(&account).is_none() {
            self.watchers.rows.insert(account, ());
        }
        Ok(())
    }

    /// A report arrived, or there is no page any more.
    pub(crate) fn reported(&mut self, account: &AccountId, watching: bool) {
        if let Some(page) = self.watchers.pages.get_mut(account) {
            page.under_way = false;
        }
        if !watching {
            self.watchers.remove(account);
        }
    }

    /// Reports the present state to every page that does not know it.
    pub(crate) fn report(&mut self) {
        let state = (self.meeting.phase, self.people());
        let Watchers { rows, pages } = &mut self.watchers;
        for (account, page) in pages.iter_mut() {
            if !page.gone && !page.under_way && page.told != Some(state) {
                (page.told, page.under_way) = (Some(state), true);
                let (phase, participants) = state;
                self.outbox.act(Output::Report { account: account.clone(), phase, participants });
            }
        }
        pages.retain(|account, page| page.under_way || (!page.gone && rows.get(account).is_some()));
    }
}
