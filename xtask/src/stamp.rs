//! Remembers from which inputs something was built, so that only what changed is built again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Folders that are outputs or downloads, never inputs.
const SKIPPED: [&str; 5] = ["node_modules", "dist", "build", "target", ".wrangler"];

/// The state of some inputs.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Reads the inputs (files, or folders with all that is below them).
    ///
    /// # Errors
    /// When an input is missing or cannot be read.
    pub(crate) fn of(name: &str, inputs: &[PathBuf]) -> Result<Self> {
        let mut hasher = Sha256::new();
        for input in inputs {
            add(&mut hasher, input)?;
        }
        let digest = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { file: crate::target().join("stamps").join(name), digest })
    }

    /// Whether the output exists and was made from these inputs.
    pub(crate) fn is_current(&self, output: &Path) -> bool {
        output.exists() && fs::read_to_string(&self.file).is_ok_and(|stored| stored == self.digest)
    }

    /// Remembers that the output is made from these inputs now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn store(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.digest).with_context(|| format!("writing {}", self.file.display()))
    }
}

fn add(hasher: &mut Sha256, path: &Path) -> Result<()> {
    let context = || format!("reading {}", path.display());
    if path.is_dir() {
        let mut entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(context)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                add(hasher, &entry.path())?;
            }
        }
    } else {
        let contents = fs::read(path).with_context(context)?;
        hasher.update(path.to_string_lossy().as_bytes());
        hasher.update([0]);
        hasher.update(contents.len().to_le_bytes());
        hasher.update(contents);
    }
    Ok(())
}
