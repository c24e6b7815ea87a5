//! Imports go one way: what decides does not know what carries out, and the parts do not know each
//! other. Reads `cargo metadata`.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what must hold")]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// What each package of the workspace may import from it, by any path that ships.
const MAY_IMPORT: [(&str, &[&str]); 10] = [
    ("sorted", &[]),
    ("protocol", &["sorted"]),
    ("mail", &["protocol", "sorted"]),
    ("account", &["mail", "protocol", "sorted"]),
    ("room", &["mail", "protocol", "sorted"]),
    ("sfu", &["protocol"]),
    ("edge-worker", &["account", "mail", "protocol", "room", "sorted"]),
    ("media-region", &["protocol", "sfu"]),
    ("xtask", &["protocol"]),
    ("fuzz", &["account", "mail", "protocol", "room", "sfu", "edge-worker"]),
];

/// Crates that do I/O or read a clock: nothing under `crates/` may ship with them.
const FORBIDDEN_IN_CORES: [&str; 9] =
    ["tokio", "axum", "hyper", "reqwest", "worker", "wasm-bindgen", "js-sys", "socket2", "quinn-udp"];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// Names of what a package ships with; test-only and build-only dependencies do not count.
fn shipped(package: &Value) -> BTreeSet<String> {
    package["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn imports_go_one_way() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    for package in &packages {
        let name = package["name"].as_str().expect("a name");
        let may = allowed.get(name).unwrap_or_else(|| panic!("{name} is not in the table of this test"));
        for import in shipped(package).iter().filter(|import| names.contains(import.as_str())) {
            assert!(may.contains(&import.as_str()), "{name} must not import {import}");
        }
    }
}

#[test]
fn cores_do_no_input_or_output() {
    for package in packages() {
        let manifest = package["manifest_path"].as_str().expect("a path");
        if manifest.contains("/crates/") {
            for import in shipped(&package) {
                assert!(
                    !FORBIDDEN_IN_CORES.contains(&import.as_str()),
                    "{} decides and does no I/O; it must not import {import}",
                    package["name"]
                );
            }
        }
    }
}
