//! `cargo xtask screens`: a picture of every page and of calls of every size, to look at.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{
    build,
    process::{run as run_command, say},
    program, root, setup, target,
};

/// What to show.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the screens whose names this regular expression matches; the others stay as they are.
    only: Option<String>,
}

/// Makes them, and fails when something on them is cut off, covered or too small to press.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    let chromium = setup::for_chromium()?;
    build::web()?;
    build::edge()?;
    build::region()?;
    let folder = target().join("screens");
    say("Making pictures of every page");
    run_command(
        Command::new("node")
            .arg("screens.mjs")
            .args(&options.only)
            .env(build::BUILT, "1")
            .env("CHROMIUM", chromium)
            .env("XTASK", program()?)
            .env("MERIDIAN_DEV", target().join("dev"))
            .env("SCREENS", &folder)
            .current_dir(root().join("e2e")),
    )?;
    say(&format!("Look at {}", folder.join("index.html").display()));
    Ok(())
}
