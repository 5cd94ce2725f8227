//! Checks that a package has every library that its version needs, for the right platform.

use std::path::Path;

use crate::driver::{MachineFault, machine_of};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::store::{Client, Parts};
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::{Version, driver_libraries};
use crate::unpack::{PackageLayout, Unpacked};

/// The library that programs for Windows are linked with.
const IMPORT_LIBRARY: &str = "taos.lib";

/// Checks the package from `place` that was unpacked below `root`, of which `parts` are needed, and returns the driver's libraries.
///
/// # Errors
/// `package-incomplete`
pub(super) fn check(
    place: &str,
    client: &Client,
    root: &Path,
    unpacked: &Unpacked,
    parts: Parts,
) -> Result<Vec<String>> {
    let incomplete = |observed: Message| {
        Error::new(
            ErrorId::PackageIncomplete,
            message!("install-package-tried", place = place),
            observed,
            message!("install-incomplete-next"),
        )
    };
    if !unpacked.nested && unpacked.layout == PackageLayout::Linux {
        return Err(incomplete(message!("install-no-inner-package")));
    }
    let elsewhere = match (unpacked.layout, client.platform.os) {
        (PackageLayout::Windows, os) if os != Os::Windows => Some("Windows"),
        (PackageLayout::Macos, os) if os != Os::Macos => Some("macOS"),
        (PackageLayout::Linux, os) if os != Os::Linux => Some("Linux"),
        _ => None,
    };
    if let Some(elsewhere) = elsewhere {
        return Err(incomplete(message!(
            "install-other-layout",
            found = elsewhere,
            needed = client.platform
        )));
    }
    let there: Vec<&str> = unpacked
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix("lib/"))
        .filter(|name| !name.contains('/'))
        .collect();
    let (mut files, mut missing) = (Vec::new(), Vec::new());
    for name in driver_libraries(client.version) {
        match find(client.platform, name, client.version, &there) {
            Some(file) => files.push(file),
            None => missing.push(file_name(client.platform, name, client.version)),
        }
    }
    if client.platform.os == Os::Windows
        && parts >= Parts::Dev
        && !there
            .iter()
            .any(|name| name.eq_ignore_ascii_case(IMPORT_LIBRARY))
    {
        missing.push(IMPORT_LIBRARY.to_owned());
    }
    if !missing.is_empty() {
        let mut observed = message!("install-libraries-missing", files = missing.join(", "));
        let others = others(client.platform, &there);
        if !others.is_empty()
            && missing.contains(&file_name(client.platform, "taos", client.version))
        {
            let versions = printable(&others.join(", "));
            observed = observed.then(message!("install-libraries-others", versions = versions));
        }
        return Err(incomplete(observed));
    }
    for file in &files {
        if let Some(fault) = describe_fault(&root.join("lib").join(file), client.platform) {
            return Err(incomplete(message!(
                "install-library-unfit",
                file = file,
                fault = fault,
                is_here = (Platform::host() == Some(client.platform)),
                platform = client.platform
            )));
        }
    }
    Ok(files.into_iter().map(str::to_owned).collect())
}

/// The names of the driver's libraries that a package for `client` is expected to have.
pub(super) fn expected_files(client: &Client) -> Vec<String> {
    driver_libraries(client.version)
        .iter()
        .map(|name| file_name(client.platform, name, client.version))
        .collect()
}

/// Which of the files `there` of a package's driver folder is the library `name` of the driver (docs/facts.md).
/// Their names contain the version on Linux; libtaosws may come under its plain name there, as the vendor's scripts know it. On
/// macOS the version, its first part or nothing stands in the name; on Windows nothing does, and case does not count.
pub(super) fn find<'a>(
    platform: Platform,
    name: &str,
    version: Version,
    there: &[&'a str],
) -> Option<&'a str> {
    let plain = platform.library_file(name);
    let is = |wanted: &str| there.iter().copied().find(|file| *file == wanted);
    match platform.os {
        Os::Linux => is(&file_name(platform, name, version))
            .or_else(|| (name != "taos").then(|| is(&plain)).flatten()),
        Os::Macos => is(&format!("lib{name}.{version}.dylib"))
            .or_else(|| is(&format!("lib{name}.1.dylib")))
            .or_else(|| is(&plain))
            .or_else(|| there.iter().copied().find(|file| is_numbered(file, name))),
        Os::Windows => there
            .iter()
            .copied()
            .find(|file| file.eq_ignore_ascii_case(&plain)),
    }
}

/// Whether `file` is the library `name` for macOS with some number that is not another version's.
fn is_numbered(file: &str, name: &str) -> bool {
    file.strip_prefix("lib")
        .and_then(|rest| {
            rest.strip_prefix(name)?
                .strip_prefix('.')?
                .strip_suffix(".dylib")
        })
        .is_some_and(|number| number.parse::<Version>().is_err())
}

/// The name under which a missing library is reported.
fn file_name(platform: Platform, name: &str, version: Version) -> String {
    let plain = platform.library_file(name);
    match platform.os {
        Os::Linux => format!("{plain}.{version}"),
        Os::Macos | Os::Windows => plain,
    }
}

/// The versions of libtaos in the names of the files `there`.
fn others<'a>(platform: Platform, there: &[&'a str]) -> Vec<&'a str> {
    let version = |file: &&'a str| match platform.os {
        Os::Linux => file.strip_prefix("libtaos.so."),
        Os::Macos => file.strip_prefix("libtaos.")?.strip_suffix(".dylib"),
        Os::Windows => None,
    };
    there.iter().filter_map(version).collect()
}

/// Describes the file at `path` if it is not a library for `platform`.
fn describe_fault(path: &Path, platform: Platform) -> Option<Message> {
    match machine_of(path) {
        Ok(machine) if machine.serves(platform) => None,
        Ok(machine) if machine.os == platform.os.to_string() => {
            let machine = machine.archs.join(", ");
            Some(message!("install-library-for", machine = machine))
        }
        Ok(machine) => Some(message!("install-library-for", machine = machine.os)),
        Err(MachineFault::NotALibrary) => Some(message!("install-library-none")),
        Err(fault) => Some(message!("install-library-damaged", fault = fault.message())),
    }
}

#[cfg(test)]
mod tests;
