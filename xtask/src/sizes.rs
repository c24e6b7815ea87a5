//! What browsers and Cloudflare have to load, compressed as they load it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::root;

/// The Worker, all modules.
const WORKER_BYTES: usize = 500_000;
/// All JavaScript that a browser has loaded when the call page stands.
const PAGE_BYTES: usize = 60_000;

/// Prints both sizes.
///
/// # Errors
/// When one is above its limit, or not built.
pub(crate) fn check() -> Result<()> {
    let (worker, page) = (worker(), page());
    worker.and(page)
}

/// Prints the size of the Worker.
///
/// # Errors
/// When it is above its limit, or not built.
pub(crate) fn worker() -> Result<()> {
    hold("Worker", &files(&root().join("edge-worker/build"), &["wasm", "js", "mjs"])?, WORKER_BYTES)
}

/// Prints the size of the scripts that a browser loads.
///
/// # Errors
/// When it is above its limit, or not built.
pub(crate) fn page() -> Result<()> {
    hold("JavaScript up to the call page", &files(&root().join("web/dist"), &["js"])?, PAGE_BYTES)
}

fn hold(what: &str, files: &[PathBuf], limit: usize) -> Result<()> {
    if files.is_empty() {
        bail!("{what}: not built; run `cargo xtask build`");
    }
    let mut size = 0;
    for file in files {
        size += compressed(file)?;
    }
    println!("{what}: {:.1} kB gzipped (limit {} kB)", kilobytes(size), limit / 1000);
    if size > limit {
        bail!("{what} is larger than {} kB gzipped", limit / 1000);
    }
    Ok(())
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}

fn compressed(file: &Path) -> Result<usize> {
    let contents = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&contents)?;
    Ok(encoder.finish()?.len())
}

fn files(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, endings)?);
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            found.push(path);
        }
    }
    Ok(found)
}
