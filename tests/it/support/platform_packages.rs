//! What the tests of clients for other platforms share: libraries that are nothing but their headers, and packages of them.
#![cfg(target_os = "linux")]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use taos_sandbox::mirror::sha256;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::client_package::install;
use crate::support::program::{Program, TestContext};
use crate::xar_writer::{FILE, LINK, PROGRAM, PayloadSpec, gzip, odc, package};

/// The Mach-O processor numbers.
pub const X64: u32 = 0x0100_0007;
pub const ARM64: u32 = 0x0100_000c;
/// The PE machine numbers.
pub const AMD64: u16 = 0x8664;
pub const I386: u16 = 0x14c;

/// A 64-bit Mach-O library for `cpu`: its header, one empty load command, and `name` behind it.
pub fn macho(cpu: u32, name: &str) -> Vec<u8> {
    let words: [u32; 10] = [0xfeed_facf, cpu, 0, 6, 1, 8, 0x85, 0, 0x2a, 8];
    let header = words.iter().flat_map(|word| word.to_le_bytes());
    // Linkers leave space behind the load commands.
    header.chain([0; 64]).chain(name.bytes()).collect()
}

/// A universal library for both processors.
pub fn universal(name: &str) -> Vec<u8> {
    let parts = [X64, ARM64].map(|cpu| macho(cpu, name));
    let size = parts[0].len() as u32;
    let mut bytes: Vec<u8> = [0xcafe_babe_u32, 2]
        .iter()
        .flat_map(|word| word.to_be_bytes())
        .collect();
    for (at, cpu) in [X64, ARM64].into_iter().enumerate() {
        let fields = [cpu, 0, 48 + at as u32 * size, size, 0];
        bytes.extend(fields.iter().flat_map(|word| word.to_be_bytes()));
    }
    bytes.extend(parts.concat());
    bytes
}

/// A PE32+ library for `machine` with one section of 16 bytes, and `name` behind it.
pub fn pe(machine: u16, name: &str) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[60] = 64;
    bytes.extend(b"PE\0\0");
    bytes.extend(machine.to_le_bytes());
    bytes.extend(1u16.to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(240u16.to_le_bytes());
    bytes.extend(0x2022u16.to_le_bytes());
    let mut optional = [0; 240];
    optional[..2].copy_from_slice(&0x20b_u16.to_le_bytes());
    bytes.extend(optional);
    let mut section = [0; 40];
    section[..5].copy_from_slice(b".text");
    section[16..20].copy_from_slice(&16u32.to_le_bytes());
    section[20..24].copy_from_slice(&368u32.to_le_bytes());
    bytes.extend(section);
    bytes.extend([0xcc; 16]);
    bytes.extend(name.bytes());
    bytes
}

/// A file or, where its bytes begin with `->`, a link of a package.
pub type File = (String, Vec<u8>);

/// The files of a client for macOS where the vendor's package stages it.
pub fn macos_files(library: impl Fn(&str) -> Vec<u8>) -> Vec<File> {
    let mut files: Vec<File> = ["taos", "taosnative", "taosws"]
        .iter()
        .map(|name| {
            let path = format!("opt/tdengine/driver/lib{name}.3.3.7.5.dylib");
            (path, library(name))
        })
        .collect();
    for (path, text) in [
        ("bin/taos", "program"),
        ("bin/taosd", "the server"),
        ("bin/remove_client.sh", "script"),
        ("include/taos.h", "header"),
        ("cfg/taos.cfg", "# firstEp hostname:6030\n"),
        ("cfg/taosadapter.toml", "the server's"),
        ("LICENSE", "terms"),
        ("post.sh", "script"),
    ] {
        files.push((format!("opt/tdengine/{path}"), text.into()));
    }
    files
}

/// A macOS package of `files`.
pub fn pkg(files: &[File]) -> Vec<u8> {
    let specs: Vec<PayloadSpec<'_>> = files
        .iter()
        .map(|(path, bytes)| match bytes.strip_prefix(b"->") {
            Some(target) => (LINK, path.as_str(), target),
            None if path.contains("/bin/") => (PROGRAM, path.as_str(), bytes.as_slice()),
            None => (FILE, path.as_str(), bytes.as_slice()),
        })
        .collect();
    package(&gzip(&odc(&specs)))
}

/// The files of a client for Windows as its installer leaves them in C:\TDengine.
pub fn windows_files(library: impl Fn(&str) -> Vec<u8>) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for name in ["taos", "taosnative", "taosws"] {
        files.push((format!("driver/{name}.dll"), library(name)));
        // The newer ones have them beside the programs, too.
        files.push((format!("{name}.dll"), library(name)));
    }
    for (path, text) in [
        ("driver/taos.lib", "import library"),
        ("taos.exe", "program"),
        ("include/taos.h", "header"),
        ("cfg/taos.cfg", "firstEp a:6030\r\n"),
        ("taos_odbc/x64/taos_odbc.dll", "odbc"),
        ("unins000.exe", "uninstaller"),
    ] {
        files.push((path.into(), text.into()));
    }
    files
}

/// A zip archive of `files`.
pub fn zip(files: &[File]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer
            .start_file(path.as_str(), SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Writes `bytes` as the working folder's file `name`, and is about to install it with its digest and `args`.
pub fn install_bytes<'a>(
    context: &'a TestContext,
    name: &str,
    bytes: &[u8],
    args: &[&str],
) -> Program<'a> {
    std::fs::write(context.work().join(name), bytes).unwrap();
    let digest = sha256(bytes);
    let mut words = vec!["--from", name, "--sha256", &digest];
    words.extend(args);
    install(context, &words).showing(&digest, "SHA256")
}

/// The paths below a client's folder.
pub fn names(client: &Path) -> String {
    let tree = crate::support::client_package::tree(client);
    let names: Vec<String> = tree
        .iter()
        .map(
            |(path, what): (&PathBuf, &String)| match what.strip_prefix("-> ") {
                Some(target) => format!("{} -> {target}", path.display()),
                None => path.display().to_string(),
            },
        )
        .collect();
    names.join("\n")
}
