//! Sets up what a build needs and the machine does not have: nothing outside `target/`, the npm
//! folders and the compiler's own targets is touched.
//!
//! The Worker's build wants three programs that it would otherwise download as binaries. Built
//! from crates.io and npm they are the same on every machine, also where only registries are reachable.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    process::{read, run, say, succeeds},
    root,
    stamp::Stamp,
    target,
};

const WORKER_BUILD: &str = "0.8.7";
/// Oldest Node.js that the pinned npm packages run on.
const NODE: (u32, u32) = (20, 19);

/// What builds need.
pub(crate) fn for_build() -> Result<()> {
    prerequisites()?;
    wasm_target()?;
    npm_packages("edge-worker")?;
    npm_packages("web")?;
    tool("worker-build", WORKER_BUILD)?;
    tool("wasm-bindgen-cli", &wasm_bindgen_version()?)
}

/// What the end-to-end tests run besides our own programs.
pub(crate) struct Programs {
    /// The one that all tests run in.
    pub(crate) chromium: PathBuf,
    /// The one that it must understand.
    pub(crate) firefox: PathBuf,
    /// The relay that media takes where nothing else gets through.
    pub(crate) turnserver: PathBuf,
    /// Runs `e2e/stream.py`, which publishes and watches as programs of others do.
    pub(crate) python: PathBuf,
}

/// What the browser tests need besides.
pub(crate) fn for_browser_tests() -> Result<Programs> {
    npm_packages("e2e")?;
    if cfg!(target_os = "linux") {
        IP.or_install()?;
    }
    let (chromium, firefox, turnserver) = (CHROMIUM.or_install()?, FIREFOX.or_install()?, COTURN.or_install()?);
    Ok(Programs { chromium, firefox, turnserver, python: python_packages()? })
}

/// What benchmarks and pictures of screens need besides; returns the browser.
pub(crate) fn for_chromium() -> Result<PathBuf> {
    npm_packages("e2e")?;
    CHROMIUM.or_install()
}

/// A program that [`for_build`] installed.
pub(crate) fn tool_path(name: &str) -> PathBuf {
    target().join("tools/bin").join(name)
}

fn prerequisites() -> Result<()> {
    let Ok(node) = read(Command::new("node").arg("--version")) else {
        bail!("Node.js {}.{} or newer is needed: https://nodejs.org", NODE.0, NODE.1);
    };
    let mut numbers = node.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < NODE {
        bail!("Node.js {}.{} or newer is needed; this is {}", NODE.0, NODE.1, node.trim());
    }
    if !succeeds(Command::new("npm").arg("--version")) {
        bail!("npm is needed; it comes with Node.js");
    }
    if !["cc", "gcc", "clang"].iter().any(|compiler| succeeds(Command::new(compiler).arg("--version"))) {
        bail!("a C compiler is needed (on Debian and Ubuntu: apt-get install build-essential)");
    }
    Ok(())
}

fn wasm_target() -> Result<()> {
    let library = read(Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    say("Adding the WebAssembly target to the Rust toolchain");
    run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

fn npm_packages(folder: &str) -> Result<()> {
    let folder_path = root().join(folder);
    let stamp = Stamp::of(
        &format!("npm-{folder}"),
        &[folder_path.join("package.json"), folder_path.join("package-lock.json")],
    )?;
    if stamp.is_current(&folder_path.join("node_modules")) {
        return Ok(());
    }
    say(&format!("Installing the npm packages of {folder}"));
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&folder_path))?;
    stamp.store()
}

/// A Python of our own with what `e2e/requirements.txt` names, from PyPI.
fn python_packages() -> Result<PathBuf> {
    let list = root().join("e2e/requirements.txt");
    let stamp = Stamp::of("python", std::slice::from_ref(&list))?;
    let home = target().join("tools/python");
    let program = home.join("bin/python");
    if stamp.is_current(&program) {
        return Ok(program);
    }
    let python = PYTHON.or_install()?;
    say("Installing the Python packages of e2e");
    let makes = |python: &Path| succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(&home));
    // Debian's Python comes without what makes environments.
    if !makes(&python) && !makes(&PYTHON.install()?) {
        bail!("{} cannot make an environment (on Debian: apt-get install python3-venv)", python.display());
    }
    run(Command::new(&program)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(&list))?;
    stamp.store()?;
    Ok(program)
}

fn tool(package: &str, version: &str) -> Result<()> {
    let home = target().join("tools");
    let marker = home.join(format!("{package}-{version}"));
    if marker.exists() {
        return Ok(());
    }
    say(&format!("Building {package} {version} (once; about two minutes)"));
    run(Command::new("cargo")
        .args(["install", "--debug", "--locked", "--force", package, "--version", version, "--root"])
        .arg(&home)
        // One folder for both tools, because they share most of what they are made of.
        .env("CARGO_TARGET_DIR", home.join("build")))?;
    fs::write(&marker, "").with_context(|| format!("writing {}", marker.display()))
}

/// The command-line tool must match the library to the letter.
fn wasm_bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("reading Cargo.lock")?;
    let mut lines = lock.lines().skip_while(|line| *line != "name = \"wasm-bindgen\"");
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .context("Cargo.lock names no version of wasm-bindgen")
}

/// A program of the system's packages.
struct Packaged {
    name: &'static str,
    /// The environment variable that says where it is.
    variable: &'static str,
    /// Its programs, the first that is found counts.
    programs: &'static [&'static str],
    /// Where it is if not there: on macOS, or (a tool) apart from the others.
    application: &'static str,
    /// Its packages; the first that the system knows is installed.
    packages: &'static [&'static str],
}

const CHROMIUM: Packaged = Packaged {
    name: "Chromium",
    variable: "CHROMIUM",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    application: "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    packages: &["chromium", "chromium-browser"],
};

const FIREFOX: Packaged = Packaged {
    name: "Firefox",
    variable: "FIREFOX",
    programs: &["firefox-esr", "firefox"],
    application: "/Applications/Firefox.app/Contents/MacOS/firefox",
    // Ubuntu has no firefox-esr, and Debian's stable releases no firefox.
    packages: &["firefox-esr", "firefox"],
};

const COTURN: Packaged = Packaged {
    name: "coturn",
    variable: "TURNSERVER",
    programs: &["turnserver"],
    application: "/usr/local/bin/turnserver",
    packages: &["coturn"],
};

const PYTHON: Packaged = Packaged {
    name: "Python 3.10 or newer",
    variable: "PYTHON",
    programs: &["python3"],
    application: "/usr/local/bin/python3",
    packages: &["python3-venv"],
};

/// Makes the network that Firefox is tested in; on Linux.
const IP: Packaged =
    Packaged { name: "ip", variable: "IP", programs: &["ip"], application: "/sbin/ip", packages: &["iproute2"] };

impl Packaged {
    fn or_install(&self) -> Result<PathBuf> {
        self.find().map_or_else(|| self.install(), Ok)
    }

    fn install(&self) -> Result<PathBuf> {
        let Self { name, variable, packages, .. } = self;
        let advice = format!(
            "{name} is needed for the browser tests: install it (on Debian: apt-get install {}), or set {variable} to \
             its path",
            packages.first().copied().unwrap_or_default()
        );
        if !(Path::new("/usr/bin/apt-get").exists() && rustix::process::geteuid().is_root()) {
            bail!("{advice}");
        }
        say(&format!("Installing {name} from the system's packages"));
        run(Command::new("apt-get").args(["update", "-qq"]))?;
        let known = |package: &&&str| succeeds(Command::new("apt-cache").args(["show", "--no-all-versions", package]));
        let package = packages.iter().find(known).with_context(|| advice.clone())?;
        run(Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive"))
        .with_context(|| advice.clone())?;
        self.find().context(advice)
    }

    fn find(&self) -> Option<PathBuf> {
        if let Some(path) = std::env::var_os(self.variable) {
            return Some(PathBuf::from(path));
        }
        let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
        self.programs
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .chain([PathBuf::from(self.application)])
            .find(|path| path.exists())
    }
}
