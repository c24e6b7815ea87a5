//! Every target takes its seeds, mutations of them and noise without a panic.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test says what must hold")]

use std::{fs, path::Path};

use fuzz::{TARGETS, Target};
use proptest::{prelude::*, test_runner::TestRunner};

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{name} has no seeds");
    files.iter().map(|file| fs::read(file).expect("a seed")).collect()
}

/// A seed with some bytes replaced, cut out or doubled; or noise.
fn mutations(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let mutated = (
        prop::sample::select(seeds),
        prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..8),
    )
        .prop_map(|(mut bytes, changes)| {
            for (place, kind, value) in changes {
                if bytes.is_empty() {
                    break;
                }
                let at = place.index(bytes.len());
                match kind {
                    0 => bytes[at] = value,
                    1 => bytes.insert(at, value),
                    2 => bytes.truncate(at),
                    _ => {
                        let end = (at + usize::from(value)).min(bytes.len());
                        let piece = bytes[at..end].to_vec();
                        bytes.splice(at..at, piece);
                    }
                }
            }
            bytes
        });
    prop_oneof![4 => mutated, 1 => prop::collection::vec(any::<u8>(), 0..2048)]
}

#[test]
fn targets_take_anything() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        for seed in &seeds {
            target(seed);
        }
        let target: Target = target;
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() });
        let outcome = runner.run(&mutations(seeds), |bytes| {
            target(&bytes);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
