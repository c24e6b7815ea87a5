//! Builds the three programs; what did not change is left alone.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    process::{self, say},
    root, setup, sizes,
    stamp::Stamp,
    target,
};

/// Set by `cargo xtask` itself for what it starts after building: `wrangler`, whose build step would
/// come back here, and the tests, each of which starts a whole system.
pub(crate) const BUILT: &str = "MERIDIAN_BUILT";

/// Whether whoever started this program has built everything just now.
pub(crate) fn is_done() -> bool {
    std::env::var_os(BUILT).is_some_and(|value| value == "1")
}

/// What to build.
#[derive(Args)]
pub(crate) struct Options {
    /// Also build the media region, optimised.
    #[arg(long)]
    region: bool,
}

/// `cargo xtask build`.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    web()?;
    edge()?;
    if options.region {
        say("Building the media region");
        process::run(
            Command::new("cargo").args(["build", "--release", "--package", "media-region"]).current_dir(root()),
        )?;
    }
    Ok(())
}

/// The web client, into `web/dist`.
pub(crate) fn web() -> Result<()> {
    let folder = root().join("web");
    let stamp = Stamp::of("web", std::slice::from_ref(&folder))?;
    if !stamp.is_current(&folder.join("dist/index.html")) {
        say("Building the web client");
        process::run(Command::new("npm").args(["run", "build", "--silent"]).current_dir(&folder))?;
        sizes::page()?;
        stamp.store()?;
    }
    api_document()
}

/// The description of the API, as a file beside the web client's: reading it costs the Worker nothing.
fn api_document() -> Result<()> {
    let source = root().join("edge-worker/openapi.json");
    let text = fs::read(&source).with_context(|| format!("reading {}", source.display()))?;
    let document: serde_json::Value =
        serde_json::from_slice(&text).with_context(|| format!("reading {}", source.display()))?;
    let folder = root().join("web/dist/api");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("openapi.json"), document.to_string()).context("writing web/dist/api/openapi.json")
}

/// The Worker, into `edge-worker/build`.
pub(crate) fn edge() -> Result<()> {
    let folder = root().join("edge-worker");
    let inputs: Vec<PathBuf> =
        ["Cargo.toml", "Cargo.lock", "edge-worker", "crates/account", "crates/mail", "crates/protocol", "crates/room"]
            .iter()
            .map(|path| root().join(path))
            .collect();
    let stamp = Stamp::of("edge", &inputs)?;
    if stamp.is_current(&folder.join("build/index.js")) {
        return Ok(());
    }
    say("Building the Worker");
    let npm = folder.join("node_modules");
    process::run(
        Command::new(setup::tool_path("worker-build"))
            .args([".", "--profile", "edge"])
            .env("WASM_BINDGEN_BIN", setup::tool_path("wasm-bindgen"))
            .env("WASM_OPT_BIN", folder.join("wasm-opt.mjs"))
            .env("ESBUILD_BIN", npm.join(".bin/esbuild"))
            .current_dir(&folder),
    )?;
    sizes::worker()?;
    stamp.store()
}

/// The media region for this machine.
pub(crate) fn region() -> Result<()> {
    say("Building the media region");
    process::run(Command::new("cargo").args(["build", "--package", "media-region"]).current_dir(root()))
}

/// Where [`region`] puts it.
pub(crate) fn region_program() -> PathBuf {
    target().join("debug/media-region")
}

/// People without a browser, for benchmarks.
pub(crate) fn headless() -> Result<()> {
    process::run(
        Command::new("cargo")
            .args(["build", "--quiet", "--package", "media-region", "--example", "headless"])
            .current_dir(root()),
    )
}

/// Where [`headless`] puts them.
pub(crate) fn headless_program() -> PathBuf {
    target().join("debug/examples/headless")
}

/// The media region as it ships and a crowd to fill a room of it, both optimised; where they are.
pub(crate) fn crowd() -> Result<(PathBuf, PathBuf)> {
    let package = ["build", "--release", "--package", "media-region", "--bin", "media-region", "--example", "crowd"];
    process::run(Command::new("cargo").args(package).current_dir(root()))?;
    Ok((target().join("release/media-region"), target().join("release/examples/crowd")))
}

/// What prints the rows that a local run has stored, for tests that look for what is left.
pub(crate) fn rows() -> Result<()> {
    process::run(
        Command::new("cargo").args(["build", "--quiet", "--package", "xtask", "--example", "rows"]).current_dir(root()),
    )
}
