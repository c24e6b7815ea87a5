//! The `Fleet` object: a thin driver around [`Roster`].

#![expect(missing_docs, reason = "the methods that `durable_object` writes have none")]

use std::cell::RefCell;

use protocol::{
    error::{ErrorCode, Problem},
    region::RegionReport,
};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::{ReportError, Roster};
use crate::{
    clock, json,
    room_call::{asked, respond},
};

/// Under which the list is stored, as JSON.
const INSTANCES: &str = "instances";

/// The object named `fleet`.
#[durable_object(fetch)]
pub struct Fleet {
    state: State,
    /// Nothing until it was read from storage.
    roster: RefCell<Option<Roster>>,
}

impl DurableObject for Fleet {
    fn new(state: State, _env: Env) -> Self {
        Self { state, roster: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/list" => {
                self.load().await?;
                let list = self.roster.borrow_mut().as_mut().map(|roster| roster.list(clock::now()));
                respond(200, &list.unwrap_or_default())
            }
            "/report" => {
                let report: RegionReport = asked(&mut request).await?;
                self.load().await?;
                self.report(report).await
            }
            _ => refuse(ErrorCode::NotFound, "The fleet does not know this"),
        }
    }
}

impl Fleet {
    /// Reads the list, the first time after every awakening.
    async fn load(&self) -> Result<()> {
        if self.roster.borrow().is_some() {
            return Ok(());
        }
        let stored = self.state.storage().get_multiple(vec![INSTANCES]).await?.get(&INSTANCES.into()).as_string();
        // What an older build stored may not be readable; everybody reports again within seconds.
        let stored = stored.and_then(|text| json::parse(&text).ok()).unwrap_or_default();
        // Another request may have been quicker, and may have taken a report since.
        self.roster.borrow_mut().get_or_insert_with(|| Roster::restore(clock::now(), stored));
        Ok(())
    }

    async fn report(&self, report: RegionReport) -> Result<Response> {
        let outcome = match self.roster.borrow_mut().as_mut() {
            Some(roster) => {
                roster.report(clock::now(), report).map(|store| store.then(|| serde_json::to_string(&roster.stored())))
            }
            None => Ok(None),
        };
        match outcome {
            Ok(None) => respond(200, &None::<Problem>),
            Ok(Some(text)) => {
                self.state.storage().put_raw(INSTANCES, text?).await?;
                respond(200, &None::<Problem>)
            }
            Err(ReportError::OtherRegion) => {
                refuse(ErrorCode::Forbidden, "Another region has an instance of that name")
            }
            Err(ReportError::Full) => refuse(ErrorCode::RateLimited, "There are too many instances"),
        }
    }
}

fn refuse(code: ErrorCode, title: &str) -> Result<Response> {
    respond(code.status(), &Problem::new(code, title))
}
