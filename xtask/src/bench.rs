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
    /// What five hundred people in one room cost the media region; two minutes, and no browser.
    Crowd,
}

impl Benchmark {
    const ALL: [Self; 3] = [Self::Join, Self::Room, Self::Crowd];

    /// What drives browsers; none where there are none.
    const fn script(self) -> Option<&'static str> {
        match self {
            Self::Join => Some("join-time.bench.mjs"),
            Self::Room => Some("room-load.bench.mjs"),
            Self::Crowd => None,
        }
    }

    const fn measures(self) -> &'static str {
        match self {
            Self::Join => "the time to join",
            Self::Room => "a call of twelve (15 minutes)",
            Self::Crowd => "five hundred people in one room",
        }
    }
}

/// Runs them.
pub(crate) fn run(options: &Options) -> Result<()> {
    let wanted = Benchmark::ALL.into_iter().filter(|benchmark| options.only.is_none_or(|only| only == *benchmark));
    let (with_browsers, alone): (Vec<_>, Vec<_>) = wanted.partition(|benchmark| benchmark.script().is_some());
    if !with_browsers.is_empty() {
        in_browsers(&with_browsers)?;
    }
    for benchmark in alone {
        say(&format!("Measuring {}", benchmark.measures()));
        let (region, crowd) = build::crowd()?;
        for engines in ["1", "2"] {
            run_command(Command::new(&crowd).args(["--engines", engines]).arg(&region))?;
        }
    }
    Ok(())
}

fn in_browsers(benchmarks: &[Benchmark]) -> Result<()> {
    setup::for_build()?;
    let chromium = setup::for_chromium()?;
    build::web()?;
    build::edge()?;
    build::region()?;
    build::headless()?;
    for benchmark in benchmarks {
        let Some(script) = benchmark.script() else { continue };
        say(&format!("Measuring {}", benchmark.measures()));
        run_command(
            Command::new("node")
                .arg(script)
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
