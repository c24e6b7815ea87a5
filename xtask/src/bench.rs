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
    /// What a call of twelve costs the page: scripting, work per frame, memory over ten minutes.
    Room,
}

impl Benchmark {
    const ALL: [Self; 2] = [Self::Join, Self::Room];

    const fn script(self) -> &'static str {
        match self {
            Self::Join => "join-time.bench.mjs",
            Self::Room => "room-load.bench.mjs",
        }
    }

    const fn measures(self) -> &'static str {
        match self {
            Self::Join => "the time to join",
            Self::Room => "a call of twelve (15 minutes)",
        }
    }
}

/// Runs them.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    let chromium = setup::for_chromium()?;
    build::web()?;
    build::edge()?;
    build::region()?;
    build::headless()?;
    for benchmark in Benchmark::ALL {
        if options.only.is_some_and(|only| only != benchmark) {
            continue;
        }
        say(&format!("Measuring {}", benchmark.measures()));
        run_command(
            Command::new("node")
                .arg(benchmark.script())
                .env(build::BUILT, "1")
                .env("CHROMIUM", &chromium)
                .env("HEADLESS", build::headless_program())
                .env("XTASK", program()?)
                .env("MERIDIAN_DEV", target().join("dev"))
                .current_dir(root().join("e2e")),
        )?;
    }
    Ok(())
}
