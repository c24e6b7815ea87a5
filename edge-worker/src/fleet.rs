//! The fleet: which media region instances are alive, as they report themselves.
//!
//! One object holds the list, in memory and, as far as rooms depend on it, in storage: who is there,
//! where, and whether it drains. Load is only in memory; every instance reports again within
//! [`protocol::limits::REPORT_SECONDS`].

mod object;
mod roster;

use std::cell::RefCell;

use protocol::{Millis, error::Problem, region::RegionReport};
use serde::{Deserialize, Serialize};
use worker::{Env, Method, Stub};

pub use object::Fleet;
pub use roster::{ReportError, Roster, check, valid_control_url};

use crate::{clock, problem::Refusal, room_call};

/// How long a list is used without asking again. A dead instance is in the fleet's own list for as
/// long; a room that tries one takes the next.
pub const CACHE_MILLIS: Millis = 10_000;

/// A live instance and when it last said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// Its last report.
    pub report: RegionReport,
    /// Milliseconds since then.
    pub age_ms: Millis,
}

impl Live {
    /// The instance as a room sees it.
    #[must_use]
    pub fn instance(&self) -> room::Instance {
        let report = self.report.clone();
        room::Instance {
            id: report.instance,
            region: report.region,
            location: room::Coordinates { latitude: report.latitude, longitude: report.longitude },
            control_url: report.control_url,
            participants: report.participants,
            capacity: report.capacity,
            draining: report.draining,
        }
    }
}

thread_local! {
    /// The last list of this isolate and when it was asked for.
    static CACHE: RefCell<Option<(Millis, Vec<Live>)>> = const { RefCell::new(None) };
}

/// The list, where this isolate has a fresh one.
#[must_use]
pub fn cached() -> Option<Vec<Live>> {
    let now = clock::now();
    CACHE.with_borrow(|cache| {
        cache.as_ref().filter(|(asked, _)| now.saturating_sub(*asked) < CACHE_MILLIS).map(|(_, list)| list.clone())
    })
}

/// The list of this isolate named an instance that takes nobody: the next asker asks the fleet.
pub fn forget() {
    CACHE.set(None);
}

/// The list, from this isolate or from the fleet.
///
/// # Errors
/// `internal` when the fleet does not answer.
pub async fn list(env: &Env) -> Result<Vec<Live>, Refusal> {
    match cached() {
        Some(list) => Ok(list),
        None => fresh(env).await,
    }
}

/// The list from the fleet.
///
/// # Errors
/// `internal` when the fleet does not answer.
pub async fn fresh(env: &Env) -> Result<Vec<Live>, Refusal> {
    let list: Vec<Live> = room_call::ask(&stub(env)?, Method::Get, "/list", None::<&()>).await?;
    // An empty list is not kept: the first instance may report at any moment.
    let kept = (!list.is_empty()).then(|| (clock::now(), list.clone()));
    CACHE.set(kept);
    Ok(list)
}

/// Passes a report on. The caller has checked the credential.
///
/// # Errors
/// What is wrong with the report, or `internal`.
pub async fn report(env: &Env, report: &RegionReport) -> Result<(), Refusal> {
    let answer: Result<Option<Problem>, Refusal> =
        room_call::ask(&stub(env)?, Method::Post, "/report", Some(report)).await;
    answer.map(|_| ())
}

fn stub(env: &Env) -> Result<Stub, Refusal> {
    Ok(env.durable_object("FLEET")?.get_by_name("fleet")?)
}
