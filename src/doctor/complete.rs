//! The libraries that belong together: libtaos, libtaosnative, libtaosws of one version in one directory.

use std::path::Path;

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement, judge};
use crate::driver::{self, Driver};
use crate::message::message;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Version;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let (Some(platform), Some(used)) = (facts.platform, &facts.used) else {
        return CheckReport::skipped(message!("doctor-no-library"));
    };
    let path = facts.search_path.as_deref();
    let mut driver = Driver::examine(&used.candidate, platform, used.version);
    driver.missing = driver::unfound(&used.candidate, platform, used.version, path);
    let folder = &used.candidate.folder;
    let parts = parts(folder, platform);
    let details = parts.iter().map(|(name, version)| {
        let version = version.map(|it| it.to_string()).unwrap_or_default();
        message!("doctor-part", name = name, version = version)
    });
    let report = CheckReport::ok(details);
    let is_whole = driver.missing.is_empty()
        && driver.file.file_name() == Some(platform.library_file("taos").as_ref());
    if !is_whole && matches!(&driver.machine, Ok(machine) if machine.serves(platform)) {
        let judgement = judge::native::library(&driver, &[], platform);
        return report.with(judgement.with("folder", folder.display()));
    }
    report.with(mixed(folder, &parts))
}

/// The parts in `folder` and the versions in their names.
fn parts(folder: &Path, platform: Platform) -> Vec<(String, Option<Version>)> {
    let names = ["taos", "taosnative", "taosws"].map(|name| platform.library_file(name));
    let there = names.into_iter().filter(|name| folder.join(name).exists());
    there
        .map(|name| {
            let version = driver::version_in_name(&folder.join(&name));
            (name, version)
        })
        .collect()
}

/// The judgement of parts whose names tell different versions.
fn mixed(folder: &Path, parts: &[(String, Option<Version>)]) -> Option<Judgement> {
    let mut versions = parts.iter().filter_map(|(_, version)| *version);
    let first = versions.next()?;
    versions.find(|version| *version != first)?;
    let shown: Vec<String> = parts
        .iter()
        .filter_map(|(name, version)| Some(format!("{name} {}", (*version)?)))
        .collect();
    Some(
        Judgement::failed(
            Id::LibraryMixed,
            message!("doctor-parts", parts = shown.join(", ")),
        )
        .expecting(message!("doctor-parts-expected"))
        .with("folder", folder.display()),
    )
}
