//! Keeps `web/src/protocol.ts` equal to `crates/protocol`.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    process::{read, say},
    root,
};

/// Writes the file.
pub(crate) fn write() -> Result<()> {
    let path = path();
    fs::write(&path, declarations()?).with_context(|| format!("writing {}", path.display()))?;
    say("web/src/protocol.ts is current");
    Ok(())
}

/// Fails when the file is not what [`write`] would write.
pub(crate) fn check() -> Result<()> {
    let path = path();
    let stored = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    if stored != declarations()? {
        bail!("web/src/protocol.ts is not current; run `cargo xtask codegen`");
    }
    Ok(())
}

fn path() -> PathBuf {
    root().join("web/src/protocol.ts")
}

fn declarations() -> Result<String> {
    read(Command::new("cargo").current_dir(root()).args([
        "run",
        "--quiet",
        "--package",
        "protocol",
        "--features",
        "typescript",
        "--example",
        "declarations",
    ]))
}
