//! Reports: this instance lives, has this load, and drains or not.
//!
//! An instance whose engines do not answer says nothing, so that the edge takes it for gone.

use std::time::Duration;

use protocol::{limits::REPORT_SECONDS, region::RegionReport};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::{Edge, EdgeError};
use crate::{
    Phase,
    engine::Engines,
    metrics::{Metrics, ResultLabels},
};

/// What an instance says of itself.
pub(crate) struct Reporter {
    pub(crate) edge: Edge,
    pub(crate) engines: Engines,
    pub(crate) metrics: Metrics,
    /// With the load and state of the last report.
    pub(crate) report: RegionReport,
    pub(crate) link: Link,
}

impl Reporter {
    /// Reports at once, then every [`REPORT_SECONDS`], and whenever the phase changes; until the end.
    pub(crate) async fn run(mut self, mut phase: watch::Receiver<Phase>) {
        let mut due = interval(Duration::from_secs(REPORT_SECONDS));
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = due.tick() => {}
                changed = phase.changed() => if changed.is_err() { return },
            }
            let now = *phase.borrow_and_update();
            self.report.draining = now != Phase::Serving;
            self.once().await;
            if now == Phase::Ending {
                return;
            }
        }
    }

    async fn once(&mut self) {
        let Some(sessions) = self.engines.sessions().await else {
            tracing::error!("an engine does not answer; not reporting to the edge");
            return;
        };
        self.report.participants = u32::try_from(sessions).unwrap_or(u32::MAX);
        let result = self.edge.post("/api/regions/report", &self.report).await;
        let label = if result.is_ok() { "taken" } else { "failed" };
        self.metrics.reports.get_or_create(&ResultLabels { result: label }).inc();
        self.link.saw(result);
    }
}

/// Whether the edge was there at the last try; says in the log only when that changes.
#[derive(Debug, Default)]
pub(crate) enum Link {
    /// Nothing was tried.
    #[default]
    Unknown,
    /// It took the last report.
    Up,
    /// It did not; this is why.
    Away(String),
}

impl Link {
    fn saw(&mut self, result: Result<(), EdgeError>) {
        *self = match (&*self, result) {
            (Self::Up, Ok(())) => Self::Up,
            (_, Ok(())) => {
                tracing::info!("the edge takes reports");
                Self::Up
            }
            (Self::Away(before), Err(error)) if *before == error.to_string() => Self::Away(error.to_string()),
            (_, Err(error)) => {
                tracing::warn!(%error, "the edge takes no reports; calls go on, trying again quietly");
                Self::Away(error.to_string())
            }
        };
    }
}
