//! `cargo xtask`: everything a developer runs.
//!
//! It sets up what is missing, builds what changed and starts programs; it never decides anything
//! about meetings or media.

mod bench;
mod build;
mod codegen;
mod dev;
mod health;
mod keys;
mod ports;
mod process;
mod screens;
mod setup;
mod sizes;
mod stamp;
mod supervise;
mod test;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::OnceLock,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

/// Builds, runs and tests Meridian on this machine.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything here: the Worker, a media region and the web client.
    Dev(dev::Options),
    /// Run every test.
    Test(test::Options),
    /// Measure.
    Bench(bench::Options),
    /// Make pictures of every page and of calls, and say what is wrong with them.
    Screens(screens::Options),
    /// Build the Worker, the web client and the media region.
    Build(build::Options),
    /// Print what browsers and Cloudflare have to load, and fail above the limits.
    Sizes,
    /// Write web/src/protocol.ts from crates/protocol.
    Codegen,
}

fn main() -> ExitCode {
    remember_program();
    let outcome = match Arguments::parse().command {
        Command::Dev(options) => dev::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Screens(options) => screens::run(&options),
        Command::Build(options) => build::run(&options),
        Command::Sizes => sizes::check(),
        Command::Codegen => codegen::write(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Where generated files go that are not worth keeping.
fn target() -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    root().join(chosen)
}

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Before anything is built: `cargo test` may put another build of this program in its place, and the
/// system then no longer knows the path of the one that runs.
fn remember_program() {
    if let Ok(path) = std::env::current_exe() {
        let _ = PROGRAM.set(path);
    }
}

/// This program, for others to start.
fn program() -> Result<&'static Path> {
    PROGRAM.get().map(PathBuf::as_path).context("this program does not know its own path")
}
