//! What the machine says of the program and of this one, at one moment.

use std::{collections::BTreeMap, fs, time::Instant};

use crate::{Outcome, region::Region};

/// Kernel ticks in a second (`CLK_TCK`), which Linux fixes for what it shows.
const TICKS: f64 = 100.0;
const PAGE_BYTES: u64 = 4096;

/// An account of everything.
pub(crate) struct Account {
    at: Instant,
    region: u64,
    own: u64,
    machine: u64,
    /// Bytes of the program in memory.
    pub(crate) resident: u64,
    metrics: BTreeMap<String, f64>,
}

impl Account {
    pub(crate) fn of(region: &mut Region) -> Outcome<Self> {
        let memory = fs::read_to_string(format!("/proc/{}/statm", region.id()))?;
        let pages: u64 = memory.split(' ').nth(1).ok_or("no resident pages")?.parse()?;
        Ok(Self {
            at: Instant::now(),
            region: ticks(&format!("/proc/{}/stat", region.id()))?,
            own: ticks("/proc/self/stat")?,
            machine: machine_ticks()?,
            resident: pages * PAGE_BYTES,
            metrics: samples(&region.metrics()?),
        })
    }

    pub(crate) fn seconds_since(&self, before: &Self) -> f64 {
        (self.at - before.at).as_secs_f64()
    }

    pub(crate) fn region_seconds_since(&self, before: &Self) -> f64 {
        (self.region - before.region) as f64 / TICKS
    }

    /// Cores that the program took.
    pub(crate) fn cores_since(&self, before: &Self) -> f64 {
        self.region_seconds_since(before) / self.seconds_since(before)
    }

    /// Cores that this program took.
    pub(crate) fn own_cores_since(&self, before: &Self) -> f64 {
        (self.own - before.own) as f64 / TICKS / self.seconds_since(before)
    }

    /// Cores that all other programs took.
    pub(crate) fn other_cores_since(&self, before: &Self) -> f64 {
        let all = (self.machine - before.machine) as f64 / TICKS / self.seconds_since(before);
        (all - self.cores_since(before) - self.own_cores_since(before)).max(0.0)
    }

    /// How much a counter of the program grew, over all its labels.
    pub(crate) fn counter_since(&self, before: &Self, name: &str) -> f64 {
        self.sum(name) - before.sum(name)
    }

    /// Bounds of a histogram of the program for what came in between; nothing when it has none.
    pub(crate) fn histogram_since(&self, before: &Self, name: &str) -> Option<String> {
        let count = self.counter_since(before, &format!("{name}_count"));
        let within = |part: f64| {
            let mut bounds: Vec<(f64, f64)> = Vec::new();
            for (sample, value) in &self.metrics {
                let Some(labels) = sample.strip_prefix(&format!("{name}_bucket{{")) else { continue };
                let Some((_, bound)) = labels.split_once("le=\"") else { continue };
                let bound = bound.split('"').next()?.parse::<f64>().unwrap_or(f64::INFINITY);
                let grown = value - before.metrics.get(sample).copied().unwrap_or_default();
                match bounds.iter_mut().find(|(known, _)| known.total_cmp(&bound).is_eq()) {
                    Some((_, sum)) => *sum += grown,
                    None => bounds.push((bound, grown)),
                }
            }
            bounds.sort_by(|one, other| one.0.total_cmp(&other.0));
            bounds.iter().find(|(_, below)| *below >= count * part).map(|(bound, _)| bound * 1e3)
        };
        if count <= 0.0 {
            return None;
        }
        let mean = self.counter_since(before, &format!("{name}_sum")) / count * 1e3;
        Some(format!(
            "mean {mean:.2} ms, p50 below {:.2} ms, p99 below {:.2} ms ({count:.0})",
            within(0.5)?,
            within(0.99)?
        ))
    }

    fn sum(&self, name: &str) -> f64 {
        let is_of =
            |sample: &str| sample.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'));
        self.metrics.iter().filter(|(sample, _)| is_of(sample)).map(|(_, value)| value).sum()
    }
}

/// `utime` and `stime` (proc_pid_stat(5)).
fn ticks(path: &str) -> Outcome<u64> {
    let stat = fs::read_to_string(path)?;
    let (_, fields) = stat.rsplit_once(") ").ok_or("no fields")?;
    let mut fields = fields.split(' ').skip(11).map(str::parse::<u64>);
    Ok(fields.next().ok_or("no utime")?? + fields.next().ok_or("no stime")??)
}

/// What all cores did but wait (proc_stat(5)).
fn machine_ticks() -> Outcome<u64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let fields: Vec<u64> =
        stat.lines().next().unwrap_or_default().split_ascii_whitespace().skip(1).flat_map(str::parse).collect();
    let idle: u64 = fields.iter().skip(3).take(2).sum();
    Ok(fields.iter().take(8).sum::<u64>() - idle)
}

fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .flat_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}
