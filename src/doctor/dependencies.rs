//! The libraries that the driver needs, and those need, resolved as the loader does.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::driver::{dependencies, needs, search};
use crate::message::message;
use crate::tdengine::platform::Os;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(platform) = facts.platform.filter(|it| it.os == Os::Linux) else {
        return CheckReport::skipped(message!("doctor-only-linux"));
    };
    let Some(used) = &facts.used else {
        return CheckReport::skipped(message!("doctor-no-library"));
    };
    if needs::host_is_musl() {
        // What a library for glibc misses there is its C library, which has a check of its own.
        return CheckReport::skipped(message!("doctor-musl"));
    }
    let found = dependencies::resolve(
        &used.files(platform),
        platform,
        facts.search_path.as_deref(),
        needs::host_glibc().is_some(),
    );
    let mut report = CheckReport::ok([message!("doctor-dependencies", found = found.found)]);
    for missing in &found.missing {
        report = report.with(
            Judgement::failed(
                Id::LibraryDependencyMissing,
                message!(
                    "doctor-dependency-missing",
                    file = missing.needed_by.display(),
                    name = missing.name,
                    variable = search::variable(platform.os)
                ),
            )
            .expecting(message!("doctor-dependencies-expected"))
            .with("missing", &missing.name)
            .with("library", missing.needed_by.display()),
        );
    }
    report
}
