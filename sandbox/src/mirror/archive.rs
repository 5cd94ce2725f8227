//! The archive itself: a gzip of a tar that holds a gzip of a tar. The same package gives the same bytes.

use std::fs;
use std::io;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::library::libraries;
use super::package::{Flaw, Layout, Package, top_folder};

/// The time of every entry: the build time of TDengine 3.3.7.5, 2025-09-23 08:51:07 UTC.
const ENTRY_TIME: u64 = 1_758_617_467;

/// Files of the inner archive that every package has: path, mode, text.
const INNER: &[(&str, u32, &str)] = &[
    ("bin/taos", 0o755, include_str!("files/bin/taos")),
    (
        "bin/remove_client.sh",
        0o755,
        include_str!("files/bin/script.sh"),
    ),
    ("cfg/taos.cfg", 0o644, include_str!("files/cfg/taos.cfg")),
    ("inc/taos.h", 0o644, include_str!("files/inc/taos.h")),
    ("inc/taosdef.h", 0o644, include_str!("files/inc/taosdef.h")),
    (
        "inc/taoserror.h",
        0o644,
        include_str!("files/inc/taoserror.h"),
    ),
    ("inc/tdef.h", 0o644, include_str!("files/inc/tdef.h")),
    ("inc/taosudf.h", 0o644, include_str!("files/inc/taosudf.h")),
    ("inc/taosws.h", 0o644, include_str!("files/inc/taosws.h")),
];

/// Programs and scripts that only the full package has.
const INNER_FULL: &[&str] = &[
    "bin/taosBenchmark",
    "bin/taosdump",
    "bin/set_core.sh",
    "bin/get_client.sh",
];

/// Examples of the full package.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "examples/c/connect_example.c",
        include_str!("files/examples/connect_example.c"),
    ),
    (
        "examples/taosbenchmark-json/insert.json",
        include_str!("files/examples/insert.json"),
    ),
];

/// Makes the archive of `package` around the built stand-in driver (`driver` is its path).
///
/// Fails if the driver cannot be read or stamped, or the platform's package is not a tar archive (Windows and macOS).
pub fn build(package: &Package, driver: &Path) -> io::Result<Vec<u8>> {
    if !package.platform.starts_with("linux-") {
        let message = format!(
            "packages for {} are not tar archives; the sandbox makes none",
            package.platform
        );
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    if package.flaw == Flaw::WebPage {
        return Ok(include_bytes!("files/not-found.html").to_vec());
    }
    let driver = fs::read(driver)?;
    let mut bytes = outer(package, &driver)?;
    match package.flaw {
        Flaw::Corrupt => {
            let middle = bytes.len() / 2;
            bytes
                .iter_mut()
                .skip(middle)
                .take(1)
                .for_each(|byte| *byte ^= 0xff);
        }
        Flaw::Truncated => bytes.truncate(bytes.len() / 3 * 2),
        _ => {}
    }
    Ok(bytes)
}

/// The outer archive.
fn outer(package: &Package, driver: &[u8]) -> io::Result<Vec<u8>> {
    let top = match package.flaw {
        Flaw::WrongTopFolder => "unpacked-by-hand".to_owned(),
        _ => top_folder(package),
    };
    let mut tar = archive();
    folder(&mut tar, &top)?;
    file(
        &mut tar,
        &format!("{top}/install_client.sh"),
        0o755,
        include_bytes!("files/install_client.sh"),
    )?;
    if package.flaw != Flaw::NoInnerArchive {
        file(
            &mut tar,
            &format!("{top}/package.tar.gz"),
            0o644,
            &inner(package)?,
        )?;
    }
    folder(&mut tar, &format!("{top}/driver"))?;
    for (name, bytes) in libraries(driver, &package.version)? {
        let bytes = match &package.flaw {
            Flaw::MissingLibrary(missing) if missing == name => continue,
            Flaw::NotALibrary => b"This is text, not a library.\n".to_vec(),
            Flaw::WrongArchitecture => for_another_processor(bytes)?,
            _ => bytes,
        };
        file(
            &mut tar,
            &format!("{top}/driver/{name}.{}", package.version),
            0o755,
            &bytes,
        )?;
    }
    folder(&mut tar, &format!("{top}/connector"))?;
    if package.layout == Layout::Full {
        folder(&mut tar, &format!("{top}/examples"))?;
        for (path, text) in EXAMPLES {
            file(&mut tar, &format!("{top}/{path}"), 0o644, text.as_bytes())?;
        }
    }
    match package.flaw {
        Flaw::TwoTopFolders => file(
            &mut tar,
            "another-folder/readme",
            0o644,
            b"Beside the top folder.\n",
        )?,
        Flaw::Traversal => {
            file(
                &mut tar,
                &format!("{top}/driver/../../../escaped"),
                0o644,
                b"Outside.\n",
            )?;
        }
        Flaw::LinkOut => {
            let mut header = header(
                EntryType::Symlink,
                &format!("{top}/driver/escape"),
                0o777,
                0,
            )?;
            header.set_link_name("/")?;
            header.set_cksum();
            tar.append(&header, io::empty())?;
            file(
                &mut tar,
                &format!("{top}/driver/escape/tmp/escaped"),
                0o644,
                b"Outside.\n",
            )?;
        }
        _ => {}
    }
    finish(tar)
}

/// The inner archive, which has no top folder.
fn inner(package: &Package) -> io::Result<Vec<u8>> {
    let mut tar = archive();
    for name in ["bin", "cfg", "inc"] {
        folder(&mut tar, name)?;
        let prefix = format!("{name}/");
        for (path, mode, text) in INNER.iter().filter(|(path, ..)| path.starts_with(&prefix)) {
            let text = text.replace("@VERSION@", &package.version);
            file(&mut tar, path, *mode, text.as_bytes())?;
        }
        if package.layout == Layout::Full && name == "bin" {
            for path in INNER_FULL {
                file(&mut tar, path, 0o755, include_bytes!("files/bin/script.sh"))?;
            }
        }
    }
    finish(tar)
}

/// An archive being written.
type Archive = Builder<flate2::write::GzEncoder<Vec<u8>>>;

/// An empty archive. The fast level: the libraries shrink well enough, and tests wait for it.
fn archive() -> Archive {
    Builder::new(GzBuilder::new().write(Vec::new(), Compression::fast()))
}

/// The bytes of a finished archive.
fn finish(tar: Archive) -> io::Result<Vec<u8>> {
    tar.into_inner()?.finish()
}

/// Adds a folder, mode 0755.
fn folder(tar: &mut Archive, path: &str) -> io::Result<()> {
    tar.append(
        &header(EntryType::Directory, &format!("{path}/"), 0o755, 0)?,
        io::empty(),
    )
}

/// Adds a file.
fn file(tar: &mut Archive, path: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let size = u64::try_from(bytes.len()).map_err(io::Error::other)?;
    tar.append(&header(EntryType::Regular, path, mode, size)?, bytes)
}

/// A header with a fixed time and owner. The name is written as it is: `Header::set_path` would refuse the hostile ones.
fn header(kind: EntryType, path: &str, mode: u32, size: u64) -> io::Result<Header> {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(ENTRY_TIME);
    header.set_uid(0);
    header.set_gid(0);
    let name = header
        .as_old_mut()
        .name
        .get_mut(..path.len())
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("\"{path}\" is too long for a tar header"),
            )
        })?;
    name.copy_from_slice(path.as_bytes());
    header.set_cksum();
    Ok(header)
}

/// The same ELF file with another machine in its header (x64 becomes arm64 and the reverse).
fn for_another_processor(mut library: Vec<u8>) -> io::Result<Vec<u8>> {
    const X64: [u8; 2] = [62, 0];
    const ARM64: [u8; 2] = [183, 0];
    let is_elf = library.starts_with(b"\x7fELF");
    match library.get_mut(18..20) {
        Some(machine) if is_elf => {
            machine.copy_from_slice(if machine == X64 { &ARM64 } else { &X64 })
        }
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the driver is no ELF file",
            ));
        }
    }
    Ok(library)
}
