//! Asks the running Worker whether a call can be made.

use std::time::Duration;

use ureq::Agent;

/// Asks one origin.
pub(crate) struct Probe {
    agent: Agent,
    origin: String,
}

impl Probe {
    /// For a Worker on this port.
    pub(crate) fn new(port: u16) -> Self {
        let agent = Agent::new_with_config(
            Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).http_status_as_error(false).build(),
        );
        Self { agent, origin: format!("http://127.0.0.1:{port}") }
    }

    /// The page is there, and the edge reached at least `regions` media regions just now.
    pub(crate) fn is_ready(&self, regions: usize) -> bool {
        self.reachable_regions().is_some_and(|reachable| reachable >= regions) && self.serves_the_page()
    }

    /// The Worker answers at all.
    pub(crate) fn is_up(&self) -> bool {
        self.get("/api/health").is_some()
    }

    /// A path is answered with success.
    pub(crate) fn answers(&self, path: &str) -> bool {
        self.get(path).is_some_and(|(status, _)| status == 200)
    }

    fn reachable_regions(&self) -> Option<usize> {
        let (_, body) = self.get("/api/health")?;
        let health: serde_json::Value = serde_json::from_str(&body).ok()?;
        let reachable = |region: &&serde_json::Value| region.get("reachable").is_some_and(|value| value == true);
        Some(health.get("regions")?.as_array()?.iter().filter(reachable).count())
    }

    fn serves_the_page(&self) -> bool {
        self.get("/").is_some_and(|(status, body)| status == 200 && body.contains("<script"))
    }

    fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut response = self.agent.get(format!("{}{path}", self.origin)).call().ok()?;
        let body = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), body))
    }
}
