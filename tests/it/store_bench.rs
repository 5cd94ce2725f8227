//! What the tests of the store share.
#![cfg(unix)]

use std::path::PathBuf;

use crate::install_bench::{file, install};
use crate::program::Bench;
use taos_sandbox::mirror::Package;

/// A bench with these clients installed, the last of them current.
pub fn installed(versions: &[&str]) -> Bench {
    let bench = Bench::new();
    for version in versions {
        add(&bench, version);
    }
    bench
}

/// Installs one more client.
pub fn add(bench: &Bench, version: &str) {
    let (path, sha256) = file(bench, &Package::new(version));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(bench, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

/// The folder of an installed client.
pub fn prefix(bench: &Bench, version: &str) -> PathBuf {
    let name = format!("clients/oss-{version}-linux-x64");
    bench.taos_setup_home().join(name)
}
