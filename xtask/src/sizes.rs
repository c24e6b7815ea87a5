//! What browsers and Cloudflare have to load, compressed as they load it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;

use crate::root;

/// The Worker, all modules.
const WORKER_BYTES: usize = 500_000;
/// All JavaScript that a browser has loaded when the call page stands.
const PAGE_BYTES: usize = 80_000;
/// The module of the call page, in case it is ever loaded apart from the document's entry.
const CALL_PAGE: &str = "src/pages/meeting.tsx";

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

/// Prints the size of the scripts that a browser loads for a call, and of those that other pages add.
///
/// # Errors
/// When the first is above its limit, or not built.
pub(crate) fn page() -> Result<()> {
    let dist = root().join("web/dist");
    let path = dist.join(".vite/manifest.json");
    let manifest = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let chunks: BTreeMap<String, Chunk> =
        serde_json::from_slice(&manifest).with_context(|| format!("parsing {}", path.display()))?;

    let scripts: BTreeSet<&str> =
        chunks.values().map(|chunk| chunk.file.as_str()).filter(|file| file.ends_with(".js")).collect();
    let first = loaded_at_once(&chunks);
    let mut rest = 0;
    for file in scripts.difference(&first) {
        rest += compressed(&dist.join(file))?;
    }
    let needed: Vec<PathBuf> = scripts.intersection(&first).map(|file| dist.join(file)).collect();
    println!("JavaScript of other pages, each when it is opened: {:.1} kB gzipped", kilobytes(rest));
    hold("JavaScript up to the call page", &needed, PAGE_BYTES)
}

/// One entry of Vite's manifest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    /// Relative to the build's folder.
    file: String,
    #[serde(default)]
    is_entry: bool,
    /// Keys of chunks that a browser fetches with this one.
    #[serde(default)]
    imports: Vec<String>,
}

/// The files of the document's entry and of the call page, with everything that they import.
fn loaded_at_once(chunks: &BTreeMap<String, Chunk>) -> BTreeSet<&str> {
    let mut open: Vec<&str> =
        chunks.iter().filter(|(key, chunk)| chunk.is_entry || *key == CALL_PAGE).map(|(key, _)| key.as_str()).collect();
    let (mut seen, mut files) = (BTreeSet::new(), BTreeSet::new());
    while let Some(key) = open.pop() {
        if let Some(chunk) = chunks.get(key).filter(|_| seen.insert(key)) {
            files.insert(chunk.file.as_str());
            open.extend(chunk.imports.iter().map(String::as_str));
        }
    }
    files
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entry_imports_counts_and_what_it_may_import_later_does_not() {
        let manifest = r#"{
            "index.html": {"file": "a.js", "isEntry": true, "imports": ["_shared.js"], "dynamicImports": ["src/pages/home.tsx"]},
            "_shared.js": {"file": "b.js", "imports": ["index.html"]},
            "src/pages/home.tsx": {"file": "c.js", "isDynamicEntry": true, "imports": ["index.html"]},
            "src/pages/meeting.tsx": {"file": "d.js", "isDynamicEntry": true, "imports": ["_call.js"]},
            "_call.js": {"file": "e.js"}
        }"#;
        let chunks = serde_json::from_str(manifest).unwrap();
        assert_eq!(loaded_at_once(&chunks), BTreeSet::from(["a.js", "b.js", "d.js", "e.js"]));
    }
}
