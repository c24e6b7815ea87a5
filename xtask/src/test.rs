//! `cargo xtask test`: every test, the way CI runs it.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::{
    build, codegen,
    process::{read, run as run_command, say},
    program, root, setup, sizes, target,
};

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
    run_command(
        Command::new("node")
            // One file at a time: each starts a whole system, and measures it.
            // A test that hangs is to fail by its name.
            .args(["--test", "--test-concurrency=1", "--test-timeout=900000"])
            .args(&files)
            .env(build::BUILT, "1")
            .env("CHROMIUM", chromium)
            .env("FIREFOX", firefox)
            .env("TURNSERVER", turnserver)
            .env("PYTHON", python)
            .env("XTASK", program()?)
            .env("MERIDIAN_DEV", target().join("dev"))
            .current_dir(folder),
    )
}
