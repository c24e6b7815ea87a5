//! `cargo xtask test`: every test, the way CI runs it.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::{
    build, codegen,
    process::{read, run as run_command, say},
    program, root, setup, sizes, target,
};

/// Files `e2e/*.test.mjs` that measure, or whose media wants the machine for itself: they run one at a time.
/// The others wait most of the time, and run two at a time.
const ALONE: [&str; 22] = [
    "accounts",
    "bad-links",
    "call",
    "codecs",
    "connection",
    "dev",
    "direct",
    "direct-lossy",
    "direct-networks",
    "firefox",
    "firefox-websocket",
    "last-way",
    "many",
    "paths",
    "restart",
    "ringing",
    "screen",
    "simulcast",
    "spread",
    "staying",
    "websocket",
    "whip",
];

/// Which tests.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the tests in a browser and against the running system.
    #[arg(long)]
    fast: bool,
    /// Only the tests against the running system whose file name contains this.
    #[arg(long)]
    e2e: Option<String>,
}

/// Runs them, cheapest first; the first failure ends it.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    if options.e2e.is_none() {
        rust()?;
        web()?;
    }
    if !options.fast {
        end_to_end(options.e2e.as_deref().unwrap_or_default())?;
    }
    say("Everything passed");
    Ok(())
}

fn rust() -> Result<()> {
    let cargo = |arguments: &[&str]| run_command(Command::new("cargo").args(arguments).current_dir(root()));
    say("Checking the format");
    cargo(&["fmt", "--all", "--check"])?;
    say("Checking that the generated types are current");
    codegen::check()?;
    say("Looking for lint");
    cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])?;
    say("Running the Rust tests");
    cargo(&["test", "--workspace"])
}

fn web() -> Result<()> {
    let npm = |script: &str| {
        run_command(Command::new("npm").args(["run", "--silent", script]).current_dir(root().join("web")))
    };
    say("Checking the web client's types");
    npm("check")?;
    say("Running the web client's tests");
    npm("test")
}

fn end_to_end(filter: &str) -> Result<()> {
    let setup::Programs { chromium, firefox, turnserver, python } = setup::for_browser_tests()?;
    build::web()?;
    build::edge()?;
    build::region()?;
    build::rows()?;
    sizes::check()?;
    let folder = root().join("e2e");
    let mut files: Vec<String> = std::fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs") && name.contains(filter))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("no file e2e/*{filter}*.test.mjs");
    }
    let version = |browser| read(Command::new(browser).arg("--version"));
    let (first, second) = (version(&chromium)?, version(&firefox)?);
    say(&format!("Running the end-to-end tests in {} and {}", first.trim(), second.trim()));
    let node = |at_once: usize, files: &[String]| {
        if files.is_empty() {
            return Ok(());
        }
        run_command(
            Command::new("node")
                // Each file starts a whole system. A test that hangs is to fail by its name.
                .args(["--test", &format!("--test-concurrency={at_once}"), "--test-timeout=900000"])
                .args(files)
                .env(build::BUILT, "1")
                .env("CHROMIUM", &chromium)
                .env("FIREFOX", &firefox)
                .env("TURNSERVER", &turnserver)
                .env("PYTHON", &python)
                .env("XTASK", program()?)
                .env("MERIDIAN_DEV", target().join("dev"))
                .current_dir(&folder),
        )
    };
    let is_alone = |name: &String| name.strip_suffix(".test.mjs").is_some_and(|name| ALONE.contains(&name));
    let (alone, together): (Vec<_>, Vec<_>) = files.into_iter().partition(is_alone);
    // What fails of the ones is no reason to keep silent of the others.
    let (together, alone) = (node(2, &together), node(1, &alone));
    together.and(alone)
}
