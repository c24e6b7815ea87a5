//! `cargo xtask bench`: figures, never a verdict.

use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{
    build,
    process::{run as run_command, say},
    program, root, setup, target,
};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// One benchmark; all when absent.
    only: Option<Benchmark>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Benchmark {
    /// Click to first remote frame, in milliseconds and in round trips.
    Join,
}

/// Runs them.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    let chromium = setup::for_browser_benchmarks()?;
    build::web()?;
    build::edge()?;
    build::region()?;
    if options.only.is_none_or(|only| only == Benchmark::Join) {
        say("Measuring the time to join");
        run_command(
            Command::new("node")
                .arg("join-time.bench.mjs")
                .env(build::BUILT, "1")
                .env("CHROMIUM", chromium)
                .env("XTASK", program()?)
                .env("MERIDIAN_DEV", target().join("dev"))
                .current_dir(root().join("e2e")),
        )?;
    }
    Ok(())
}
