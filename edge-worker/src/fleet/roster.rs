//! Who reported, when, and who is too old to count. Decides; no I/O.

use axum::http::Uri;
use protocol::{
    Millis,
    error::{ErrorCode, Problem},
    id::InstanceId,
    limits::REPORT_EXPIRY_SECONDS,
    region::RegionReport,
};
use room::Coordinates;
use sorted::Map;

use super::Live;
use crate::location::is_on_earth;

/// Instances that the fleet keeps at most. Far above what a deployment has; a bound on memory.
const INSTANCES: usize = 2_000;
/// Characters of a build.
const BUILD_CHARS: usize = 64;
/// Bytes of a control URL.
const CONTROL_URL_BYTES: usize = 255;

/// Why a report was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportError {
    /// Another region has a live instance of that name.
    OtherRegion,
    /// There are too many.
    Full,
}

/// The live instances.
#[derive(Debug, Default)]
pub struct Roster {
    instances: Map<InstanceId, (Millis, RegionReport)>,
}

impl Roster {
    /// The list that was stored. Everybody on it counts as heard from just now: who is gone expires
    /// like anybody else, and a room does not take a living instance for dead because the list was
    /// lost.
    #[must_use]
    pub fn restore(now: Millis, stored: Vec<RegionReport>) -> Self {
        let mut instances = Map::new();
        for report in stored.into_iter().take(INSTANCES) {
            instances.insert(report.instance.clone(), (now, report));
        }
        Self { instances }
    }

    /// What to store.
    #[must_use]
    pub fn stored(&self) -> Vec<&RegionReport> {
        self.instances.values().map(|(_, report)| report).collect()
    }

    /// Takes a report; `true` when the list should be stored again, because somebody is new or gone,
    /// or is reached elsewhere, or drains.
    ///
    /// # Errors
    /// [`ReportError`]; the list is then as before.
    pub fn report(&mut self, now: Millis, report: RegionReport) -> Result<bool, ReportError> {
        let somebody_went = self.expire(now);
        match self.instances.get(&report.instance) {
            Some((_, known)) if known.region != report.region => return Err(ReportError::OtherRegion),
            None if self.instances.len() >= INSTANCES => return Err(ReportError::Full),
            _ => {}
        }
        let (control_url, draining) = (report.control_url.clone(), report.draining);
        let before = self.instances.insert(report.instance.clone(), (now, report));
        let is_known =
            before.is_some_and(|(_, before)| before.control_url == control_url && before.draining == draining);
        Ok(somebody_went || !is_known)
    }

    /// Who is alive, in the order of their names.
    pub fn list(&mut self, now: Millis) -> Vec<Live> {
        self.expire(now);
        self.instances
            .values()
            .map(|(reported, report)| Live { report: report.clone(), age_ms: now.saturating_sub(*reported) })
            .collect()
    }

    /// Whether somebody went.
    fn expire(&mut self, now: Millis) -> bool {
        let before = self.instances.len();
        self.instances.retain(|_, (reported, _)| now.saturating_sub(*reported) < REPORT_EXPIRY_SECONDS * 1000);
        self.instances.len() != before
    }
}

/// What is wrong with a report, by field.
///
/// # Errors
/// `invalid_request` with `errors`.
pub fn check(report: &RegionReport, development: bool) -> Result<(), Problem> {
    let mut problem = Problem::new(ErrorCode::InvalidRequest, "Some fields are not valid");
    if !is_on_earth(&Coordinates { latitude: report.latitude, longitude: 0.0 }) {
        problem = problem.with_field("latitude", "must be between -90 and 90");
    }
    if !is_on_earth(&Coordinates { latitude: 0.0, longitude: report.longitude }) {
        problem = problem.with_field("longitude", "must be between -180 and 180");
    }
    if !valid_control_url(&report.control_url, development) {
        problem = problem.with_field("control_url", "must be an https URL without path, query or user");
    }
    if report.build.chars().count() > BUILD_CHARS || report.build.chars().any(char::is_control) {
        problem = problem.with_field("build", "must be at most 64 characters");
    }
    if problem.errors.is_empty() { Ok(()) } else { Err(problem) }
}

/// Whether the edge may call a region there: over TLS, or in development on the same machine.
#[must_use]
pub fn valid_control_url(text: &str, development: bool) -> bool {
    // A parsed address no longer shows its fragment. `Uri` because the `url` crate is a fiftieth of the Worker.
    if text.len() > CONTROL_URL_BYTES || text.contains('#') {
        return false;
    }
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    let host = authority.host();
    // Nothing but the host and a port, so no user either.
    let bare = uri.path() == "/"
        && uri.query().is_none()
        && match authority.port_u16() {
            Some(port) => authority.as_str() == format!("{host}:{port}"),
            None => authority.as_str() == host,
        };
    let loopback = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    let safe = scheme == "https" || (development && scheme == "http" && loopback);
    bare && safe && !host.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(instance: &str, region: &str) -> RegionReport {
        RegionReport {
            instance: instance.parse().unwrap(),
            region: region.parse().unwrap(),
            latitude: 50.0,
            longitude: 8.7,
            control_url: "https://fra-1.example".into(),
            build: "0.1.0".into(),
            participants: 0,
            capacity: 100,
            draining: false,
        }
    }

    #[test]
    fn an_instance_counts_until_its_report_is_too_old() {
        let mut roster = Roster::default();
        roster.report(1_000, report("fra-1", "fra")).unwrap();
        assert_eq!(roster.list(12_999).first().unwrap().age_ms, 11_999);
        roster.report(12_999, report("fra-2", "fra")).unwrap();
        let alive = roster.list(13_000);
        assert_eq!(alive.len(), 1);
        assert_eq!(alive.first().unwrap().report.instance.as_str(), "fra-2");
    }

    #[test]
    fn only_what_matters_is_stored_and_comes_back_alive() {
        let mut roster = Roster::default();
        assert_eq!(roster.report(0, report("fra-1", "fra")), Ok(true));
        assert_eq!(roster.report(3_000, RegionReport { participants: 9, ..report("fra-1", "fra") }), Ok(false));
        assert_eq!(roster.report(6_000, RegionReport { draining: true, ..report("fra-1", "fra") }), Ok(true));
        assert_eq!(roster.report(6_000, report("ams-1", "ams")), Ok(true));
        let stored = roster.stored().into_iter().cloned().collect();
        let mut restored = Roster::restore(100_000, stored);
        assert_eq!(restored.list(100_000).len(), 2);
        // One of them reports again; the other is gone.
        assert_eq!(restored.report(111_000, report("ams-1", "ams")), Ok(false));
        assert_eq!(restored.report(113_000, report("ams-1", "ams")), Ok(true));
        assert_eq!(restored.list(113_000).len(), 1);
    }

    #[test]
    fn a_region_cannot_take_the_name_of_anothers_instance() {
        let mut roster = Roster::default();
        roster.report(0, report("fra-1", "fra")).unwrap();
        assert_eq!(roster.report(1, report("fra-1", "ams")), Err(ReportError::OtherRegion));
        assert_eq!(roster.list(2).first().unwrap().report.region.as_str(), "fra");
        // Nobody has the name any more.
        roster.report(12_000, report("fra-1", "ams")).unwrap();
    }

    #[test]
    fn the_list_is_bounded() {
        let mut roster = Roster::default();
        for number in 0..INSTANCES {
            roster.report(0, report(&format!("fra-{number}"), "fra")).unwrap();
        }
        assert_eq!(roster.report(0, report("one-more", "fra")), Err(ReportError::Full));
        roster.report(1, report("fra-7", "fra")).unwrap();
    }

    #[test]
    fn the_edge_calls_only_over_tls_except_on_a_developers_machine() {
        assert!(valid_control_url("https://fra-1.example", false));
        assert!(valid_control_url("https://fra-1.example:7880/", false));
        assert!(valid_control_url("http://127.0.0.1:7880", true));
        for bad in [
            "http://127.0.0.1:7880",
            "http://fra-1.example",
            "ftp://fra-1.example",
            "fra-1.example",
            "",
            "https://",
            "https://a@b",
            "https://a/b",
            "https://a?b",
            "https://a#b",
            "https://a:",
            "https://a:65536",
            "https://:443",
            "https://a b",
            "https://a\\b",
        ] {
            assert!(!valid_control_url(bad, false), "{bad}");
        }
        for bad in ["http://10.0.0.1:7880", "http://127.0.0.1.example", "http://localhost@evil.example"] {
            assert!(!valid_control_url(bad, true), "{bad}");
        }
    }

    #[test]
    fn a_report_names_each_wrong_field() {
        let mut bad = report("fra-1", "fra");
        bad.latitude = f64::INFINITY;
        bad.longitude = 181.0;
        bad.control_url = "http://fra-1.example".into();
        bad.build = "x".repeat(65);
        assert_eq!(check(&bad, true).unwrap_err().errors.len(), 4);
        assert_eq!(check(&report("fra-1", "fra"), false), Ok(()));
    }
}
