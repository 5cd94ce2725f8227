//! What the tests of the store share.
#![cfg(unix)]

use std::path::PathBuf;

use crate::support::client_package::{file, install};
use crate::support::program::TestContext;
use taos_sandbox::mirror::Package;

/// A context with these clients installed, the last of them current.
pub fn installed(versions: &[&str]) -> TestContext {
    installed_in(TestContext::new(), versions)
}

/// The same in `context`.
pub fn installed_in(context: TestContext, versions: &[&str]) -> TestContext {
    for version in versions {
        add(&context, version);
    }
    context
}

/// Installs one more client.
pub fn add(context: &TestContext, version: &str) {
    let (path, sha256) = file(context, &Package::new(version));
    let args = ["--from", path.to_str().unwrap(), "--sha256", &sha256];
    let run = install(context, &args).run();
    assert_eq!(run.exit, Some(0), "{run}");
}

/// The folder of an installed client.
pub fn prefix(context: &TestContext, version: &str) -> PathBuf {
    let name = format!("clients/oss-{version}-linux-x64");
    context.taos_setup_home().join(name)
}
