//! Whether a package holds every library that its version needs, made for this machine.

use std::fs::File;
use std::path::Path;

use object::{Architecture, BinaryFormat, Object, ReadCache};

use crate::error::{Error, ErrorId, Result, io_words};
use crate::platform::{Arch, Os, Platform};
use crate::store::Client;
use crate::unpack::{Layout, Unpacked};
use crate::version::{Version, driver_libraries};

/// Checks what was unpacked below `root` from `place`. Errors: `package-incomplete`; `file-unreadable` where our own copy
/// cannot be read again.
pub(super) fn check(place: &str, client: &Client, root: &Path, unpacked: &Unpacked) -> Result<()> {
    let incomplete = |observed: String| {
        Error::new(
            ErrorId::PackageIncomplete,
            format!("install {place}"),
            observed,
            "get the package again from the vendor or another mirror; a part of a driver is worse than none",
        )
    };
    if !unpacked.nested && unpacked.layout == Layout::Linux {
        return Err(incomplete(
            "it holds no package.tar.gz, where the programs and headers are".into(),
        ));
    }
    let elsewhere = match (unpacked.layout, client.platform.os) {
        (Layout::Windows, os) if os != Os::Windows => Some("Windows"),
        (Layout::Macos, os) if os != Os::Macos => Some("macOS"),
        _ => None,
    };
    if let Some(elsewhere) = elsewhere {
        return Err(incomplete(format!(
            "it is arranged as a client for {elsewhere} is, and {} is asked for",
            client.platform
        )));
    }
    let has = |file: &str| {
        unpacked
            .files
            .iter()
            .any(|found| found.path == format!("lib/{file}"))
    };
    let needed: Vec<String> = driver_libraries(client.version)
        .iter()
        .map(|name| {
            let versioned = file_name(client.platform, name, client.version);
            let plain = client.platform.library_file(name);
            // The vendor's scripts know libtaosws under its plain name too; libtaos itself has to tell its version.
            if *name != "taos" && !has(&versioned) && has(&plain) {
                plain
            } else {
                versioned
            }
        })
        .collect();
    let missing: Vec<&str> = needed
        .iter()
        .map(String::as_str)
        .filter(|file| !has(file))
        .collect();
    if !missing.is_empty() {
        let mut observed = format!("its driver folder has no {}", missing.join(" and no "));
        let others: Vec<&str> = unpacked
            .files
            .iter()
            .filter_map(|file| file.path.strip_prefix("lib/libtaos.so."))
            .collect();
        if !others.is_empty() && missing.iter().any(|file| file.starts_with("libtaos.so")) {
            observed.push_str(&format!(
                "; the driver in it is {}",
                crate::printable::printable(&others.join(", "))
            ));
        }
        return Err(incomplete(observed));
    }
    for file in &needed {
        let path = root.join("lib").join(file);
        if let Some(is) = unfit(&path, client.platform)? {
            return Err(incomplete(format!(
                "driver/{file} is {is}, and {} is {}",
                if Platform::host() == Some(client.platform) {
                    "this machine"
                } else {
                    "the client"
                },
                client.platform
            )));
        }
    }
    Ok(())
}

/// The versioned file name of the library `name` in a package's driver folder (`reference/facts.md`, C).
pub(super) fn file_name(platform: Platform, name: &str, version: Version) -> String {
    match platform.os {
        Os::Linux => format!("{}.{version}", platform.library_file(name)),
        Os::Macos => format!("lib{name}.{version}.dylib"),
        Os::Windows => platform.library_file(name),
    }
}

/// What the file at `path` is, where it is no library for `platform`; `None` where it is.
fn unfit(path: &Path, platform: Platform) -> Result<Option<String>> {
    let file = File::open(path).map_err(|error| {
        Error::new(
            ErrorId::FileUnreadable,
            format!("read {}", path.display()),
            io_words(&error),
            "",
        )
    })?;
    let cache = ReadCache::new(file);
    let Ok(library) = object::File::parse(&cache) else {
        return Ok(Some("no library".into()));
    };
    let format = match platform.os {
        Os::Linux => BinaryFormat::Elf,
        Os::Macos => BinaryFormat::MachO,
        Os::Windows => BinaryFormat::Pe,
    };
    let arch = match platform.arch {
        Arch::X64 => Architecture::X86_64,
        Arch::Arm64 => Architecture::Aarch64,
    };
    Ok(if library.format() != format {
        Some(format!("a library of the {:?} format", library.format()))
    } else if library.architecture() != arch {
        Some(match library.architecture() {
            Architecture::X86_64 => "for x64".into(),
            Architecture::Aarch64 => "for arm64".into(),
            other => format!("for the processor {other:?}"),
        })
    } else {
        None
    })
}
