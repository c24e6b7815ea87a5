//! `GET /api/health`: whether a call can be made now.

use std::cell::RefCell;

use axum::{
    body::Body,
    http::{Request, StatusCode},
    response::Response,
};
use futures_util::future::join_all;
use protocol::{
    Millis,
    rest::{Health, RegionHealth},
};
use worker::Env;

use crate::{
    BUILD, clock, fleet,
    problem::{Refusal, json},
    region_call,
};

/// Instances that are called for one answer; the others count as they reported.
const CALLED: usize = 40;

/// How long an answer is given again: what one request asks of every region, a thousand a second must
/// not. xtask, which waits for readiness, asks more often than this.
const KEPT_MILLIS: Millis = 1_000;

thread_local! {
    static LAST: RefCell<Last<Health>> = const { RefCell::new(Last(None)) };
}

/// `GET /api/health`
pub(super) async fn health(env: Env, _request: Request<Body>) -> Result<Response, Refusal> {
    let kept = LAST.with_borrow_mut(|last| last.fresh(clock::now()).map(answer));
    if let Some(kept) = kept {
        return Ok(kept);
    }
    // Whatever goes wrong, the answer of before is not given again.
    let health = ask(&env).await.inspect_err(|_| LAST.set(Last(None)))?;
    let response = answer(&health);
    LAST.set(Last(Some((clock::now(), health))));
    Ok(response)
}

async fn ask(env: &Env) -> Result<Health, Refusal> {
    let live = fleet::fresh(env).await?;
    let regions = join_all(live.into_iter().enumerate().map(|(place, live)| shown(live, place < CALLED))).await;
    let ready = regions.iter().any(|region| region.reachable && !region.draining);
    Ok(Health { ready, build: BUILD.to_owned(), regions })
}

fn answer(health: &Health) -> Response {
    json(if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, health)
}

/// The last answer of this isolate and when it was found.
struct Last<T>(Option<(Millis, T)>);

impl<T> Last<T> {
    /// The last answer, unless the caller is the one who must find another: the others go on with
    /// this one meanwhile.
    fn fresh(&mut self, now: Millis) -> Option<&T> {
        let (at, answer) = self.0.as_mut()?;
        if now.saturating_sub(*at) < KEPT_MILLIS {
            return Some(answer);
        }
        *at = now;
        None
    }
}

/// An instance as it looks from the edge now.
async fn shown(live: fleet::Live, call: bool) -> RegionHealth {
    let reachable = !call || region_call::is_reachable(&live.report.control_url).await;
    RegionHealth {
        instance: live.report.instance,
        region: live.report.region,
        reachable,
        draining: live.report.draining,
        participants: live.report.participants,
        report_age_ms: live.age_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_those_who_ask_at_once_finds_a_new_answer() {
        let mut last = Last(None);
        assert_eq!(last.fresh(5_000), None);
        last = Last(Some((5_000, 'a')));
        assert_eq!(last.fresh(5_000 + KEPT_MILLIS - 1), Some(&'a'));
        assert_eq!(last.fresh(5_000 + KEPT_MILLIS), None);
        assert_eq!(last.fresh(5_000 + KEPT_MILLIS), Some(&'a'), "somebody finds out already");
        assert_eq!(last.fresh(5_000 + 2 * KEPT_MILLIS), None, "and may never come back");
    }
}
