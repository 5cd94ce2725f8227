//! Zip archives made here, field by field.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::super::limits::{ArchiveLimits, LIMITS};
use super::super::{ArchiveRefusal, Unpacked, unpack_within};
use super::*;

fn vendor() -> Vec<String> {
    ["libtaos", "libtaosnative", "libtaosws"]
        .map(str::to_owned)
        .to_vec()
}

/// An entry as the archive describes it: once in front of it, once in the table at the end.
#[derive(Clone)]
struct Raw {
    local_name: Vec<u8>,
    name: Vec<u8>,
    flags: u16,
    method: u16,
    /// Check sum, packed size, size, in front of the entry.
    local: [u32; 3],
    /// The same in the table.
    central: [u32; 3],
    mode: u32,
    extra: Vec<u8>,
    content: Vec<u8>,
    behind: Vec<u8>,
}

fn raw(name: &str, content: &[u8]) -> Raw {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let size = u32::try_from(content.len()).unwrap();
    Raw {
        local_name: name.into(),
        name: name.into(),
        flags: 0,
        method: 0,
        local: [crc.sum(), size, size],
        central: [crc.sum(), size, size],
        mode: 0o100_644,
        extra: Vec::new(),
        content: content.to_vec(),
        behind: Vec::new(),
    }
}

fn link(name: &str, target: &str) -> Raw {
    Raw {
        mode: 0o120_777,
        ..raw(name, target.as_bytes())
    }
}

fn le16(values: &[u16]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn le32(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

fn archive(entries: &[Raw]) -> Vec<u8> {
    archive_with(entries, b"", entries.len() as u16)
}

/// An archive with `gap` in front of its table, which is said to hold `count` entries.
fn archive_with(entries: &[Raw], gap: &[u8], count: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut table = Vec::new();
    for entry in entries {
        let lengths = |name: &[u8]| le16(&[name.len() as u16, entry.extra.len() as u16]);
        let common = le16(&[20, entry.flags, entry.method, 0, 0]);
        table.extend(
            [
                b"PK\x01\x02\x14\x03".to_vec(),
                common.clone(),
                le32(&entry.central),
            ]
            .concat(),
        );
        table.extend([lengths(&entry.name), le16(&[0, 0, 0])].concat());
        table.extend(le32(&[entry.mode << 16, bytes.len() as u32]));
        table.extend([&entry.name[..], &entry.extra].concat());
        bytes.extend([b"PK\x03\x04".to_vec(), common, le32(&entry.local)].concat());
        bytes.extend([lengths(&entry.local_name), entry.local_name.clone()].concat());
        bytes.extend([&entry.extra[..], &entry.content, &entry.behind].concat());
    }
    bytes.extend(gap);
    let start = bytes.len() as u32;
    bytes.extend(&table);
    bytes.extend([b"PK\x05\x06".to_vec(), le16(&[0, 0, count, count])].concat());
    bytes.extend([le32(&[table.len() as u32, start]), le16(&[0])].concat());
    bytes
}

/// Unpacks into a folder inside an otherwise empty one, and proves that nothing was written beside it.
fn unpack_safely(
    package: &[u8],
    limits: ArchiveLimits,
) -> (Result<Unpacked, ArchiveRefusal>, tempfile::TempDir) {
    let around = tempfile::tempdir().unwrap();
    let into = around.path().join("into");
    std::fs::create_dir(&into).unwrap();
    let unpacked = unpack_within(package, &into, &vendor(), limits);
    let names: Vec<_> = std::fs::read_dir(around.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["into"]);
    (unpacked, around)
}

fn refused_within(package: &[u8], limits: ArchiveLimits) -> String {
    crate::safety::printable::printable(&match unpack_safely(package, limits).0 {
        Err(ArchiveRefusal::Unsafe { entry, reason }) => format!("{entry} {reason}"),
        Err(ArchiveRefusal::Corrupt(reason)) => format!("corrupt: {reason}"),
        other => panic!("{other:?}"),
    })
}

fn refused(package: &[u8]) -> String {
    refused_within(package, LIMITS)
}

fn paths(package: &[u8]) -> (PackageLayout, Vec<String>) {
    let unpacked = unpack_safely(package, LIMITS).0.unwrap();
    let paths = unpacked.files.into_iter().map(|file| file.path).collect();
    (unpacked.layout, paths)
}

/// An archive as another program writes it, deflated, with folders.
fn written(names: &[&str], nested: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        match name.strip_suffix('/') {
            Some(folder) => writer
                .add_directory(folder, SimpleFileOptions::default())
                .unwrap(),
            None => {
                writer
                    .start_file(*name, SimpleFileOptions::default())
                    .unwrap();
                let content = if name.ends_with(".gz") {
                    nested
                } else {
                    &[7; 4000]
                };
                writer.write_all(content).unwrap();
            }
        }
    }
    writer.finish().unwrap().into_inner()
}

const WINDOWS: &[&str] = &[
    "driver/",
    "driver/taos.dll",
    "driver/taos.lib",
    "include/taos.h",
    "cfg/taos.cfg",
    "taos.exe",
    "unins000.exe",
    "taos_odbc/x64/taos_odbc.dll",
];
const INSTALLED: &[&str] = &[
    "lib/taos.dll",
    "lib/taos.lib",
    "include/taos.h",
    "etc/taos.cfg",
    "bin/taos.exe",
];

#[test]
fn windows_client_is_unpacked() {
    let (unpacked, around) = unpack_safely(&written(WINDOWS, b""), LIMITS);
    let unpacked = unpacked.unwrap();
    assert_eq!(unpacked.layout, PackageLayout::Windows);
    assert_eq!(
        unpacked
            .files
            .iter()
            .map(|file| file.path.as_str())
            .collect::<Vec<_>>(),
        INSTALLED
    );
    assert_eq!(unpacked.left_out, ["taos_odbc", "unins000.exe"]);
    let library = around.path().join("into/lib/taos.dll");
    assert_eq!(std::fs::read(library).unwrap(), [7; 4000]);
    // The same in a folder of its own; newer ones have the library beside the program.
    let inside: Vec<String> = WINDOWS
        .iter()
        .map(|name| format!("TDengine/{name}"))
        .collect();
    let inside: Vec<&str> = inside.iter().map(String::as_str).collect();
    assert_eq!(paths(&written(&inside, b"")).1, INSTALLED);
    assert_eq!(
        paths(&written(&["taos.dll", "taos.exe"], b"")).1,
        ["lib/taos.dll", "bin/taos.exe"]
    );
}

#[test]
fn linux_package_in_a_zip_is_unpacked() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o755);
    tar.append_data(&mut header, "bin/taos", std::io::empty())
        .unwrap();
    let mut nested = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    nested.write_all(&tar.into_inner().unwrap()).unwrap();
    let nested = nested.finish().unwrap();
    let names = [
        "T/",
        "T/driver/libtaos.so.3.3.7.5",
        "T/package.tar.gz",
        "T/install_client.sh",
    ];
    let package = written(&names, &nested);
    assert_eq!(
        paths(&package),
        (
            PackageLayout::Linux,
            vec!["lib/libtaos.so.3.3.7.5".into(), "bin/taos".into()]
        )
    );
    let cut = written(&names, &nested[..nested.len() - 4]);
    assert_eq!(refused(&cut), "corrupt: the archive ends too early");
    let two = [&names[..], &["T/taos.tar.gz"]].concat();
    assert_eq!(
        refused(&written(&two, &nested)),
        "T/taos.tar.gz is a second nested archive"
    );
    let beside = [&names[..], &["beside"]].concat();
    assert_eq!(
        refused(&written(&beside, &nested)),
        "beside is next to the top directory; a package has one top directory and nothing else"
    );
}

#[test]
fn links_and_sizes_behind_the_content() {
    let deflated = |behind: &[u8]| {
        let mut entry = raw("driver/a.dll", b"12345");
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"12345").unwrap();
        entry.content = encoder.finish().unwrap();
        entry.central[1] = entry.content.len() as u32;
        entry.local = [0; 3];
        entry.flags = 8;
        entry.method = 8;
        entry.behind = [behind, &le32(&entry.central)].concat();
        entry
    };
    let package = archive(&[
        deflated(b""),
        Raw {
            name: "driver/b.dll".into(),
            local_name: "driver/b.dll".into(),
            ..deflated(b"PK\x07\x08")
        },
    ]);
    assert_eq!(paths(&package).1, ["lib/a.dll", "lib/b.dll"]);
    let package = archive(&[raw("driver/a.dll", b"1"), link("driver/b.dll", "a.dll")]);
    let (unpacked, _around) = unpack_safely(&package, LIMITS);
    assert_eq!(unpacked.unwrap().links[0].target, "a.dll");

    let mut lying = deflated(b"PK\x07\x08");
    lying.behind[4] ^= 1;
    let mut none = deflated(b"");
    none.behind.clear();
    let stored = Raw {
        flags: 8,
        ..raw("driver/a.dll", b"1")
    };
    let mut damaged = deflated(b"");
    let middle = damaged.content.len() / 2;
    damaged.content[middle] ^= 0x55;
    insta::assert_snapshot!([lying, none, stored, damaged].map(|entry| refused(&archive(&[entry]))).join("\n"), @"
    driver/a.dll has other sizes behind it than in the table at the end
    driver/a.dll has other sizes behind it than in the table at the end
    driver/a.dll is stored with its size behind it
    corrupt: the archive is damaged: Invalid checksum
    ");
}

#[test]
fn hostile_entries_are_refused() {
    let lone = |entry: Raw| refused(&archive(&[entry]));
    let file = || raw("driver/a.dll", b"1");
    let lying = |local: [u32; 3]| lone(Raw { local, ..file() });
    let [crc, ..] = file().local;
    insta::assert_snapshot!(
        [
            lone(raw("../escaped", b"1")),
            lone(raw("/etc/passwd", b"1")),
            lone(raw("C:/Windows/x.dll", b"1")),
            lone(raw("driver\\a.dll", b"1")),
            lone(raw("driver/nul.dll", b"1")),
            lone(raw("driver/\x1b[2J.dll", b"1")),
            lone(link("driver/out", "/etc")),
            lone(link("driver/out", "../../x")),
            lone(link("driver/self", "self")),
            lone(link("driver/dangling", "nothing")),
            lone(link("driver/long", &"x/".repeat(2049))),
            refused(&archive(&[link("driver/d", "."), raw("driver/d/x", b"1")])),
            refused(&archive(&[file(), file()])),
            refused(&archive(&[file(), raw("driver/A.dll", b"2")])),
            lone(Raw { mode: 0o010_644, ..file() }),
            lone(Raw { mode: 0o020_644, ..file() }),
            lone(Raw { mode: 0o140_644, ..file() }),
            lone(Raw { mode: 0o040_755, ..file() }),
            lone(raw("driver/", b"1")),
            lone(Raw { flags: 1, ..file() }),
            lone(Raw { flags: 1 << 5, ..file() }),
            lone(Raw { method: 14, ..file() }),
            lone(Raw { local_name: b"driver/b.dll".to_vec(), ..file() }),
            lying([crc ^ 1, 1, 1]),
            lying([crc, 2, 1]),
            lying([0; 3]),
            lone(Raw { local: [crc, 1, 2], central: [crc, 1, 2], ..file() }),
            lone(Raw { central: [crc ^ 1, 1, 1], local: [crc ^ 1, 1, 1], ..file() }),
            lone(Raw { extra: [le16(&[1, 8]), vec![0; 8]].concat(), ..file() }),
            lone(Raw { extra: [le16(&[0x7075, 6]), b"\x01....x".to_vec()].concat(), ..file() }),
            lone(Raw { extra: le16(&[0x5455, 9]), ..file() }),
            lone(raw("driver/caf\u{e9}.dll", b"1")),
        ]
        .join("\n"), @r"
    ../escaped leads out of its directory (..)
    /etc/passwd has an absolute name
    C:/Windows/x.dll has a colon in its name, which means a drive or a stream on Windows
    driver\a.dll has a backslash in its name
    driver/nul.dll has the name of a Windows device
    driver/\u{1b}[2J.dll has a control character in its name
    driver/out is a link to an absolute path
    driver/out is a link that leads out of the archive
    driver/self is a link that leads to itself
    driver/dangling is a link to nothing in the package
    driver/long is a link to nowhere
    driver/d/x has a name that another entry has already taken, or goes through one
    driver/a.dll has a name that another entry has already taken, or goes through one
    driver/A.dll has a name that another entry has already taken, or goes through one
    driver/a.dll is a pipe
    driver/a.dll is a device
    driver/a.dll is of the unknown type 140000
    driver/a.dll has a name and a type that contradict each other
    driver/ has a name and a type that contradict each other
    driver/a.dll is encrypted
    driver/a.dll has unknown flags: 0x0020
    driver/a.dll is compressed by method 14; stored and deflated are known
    driver/a.dll has another header in front of it than in the table at the end
    driver/a.dll has another header in front of it than in the table at the end
    driver/a.dll has another header in front of it than in the table at the end
    driver/a.dll has another header in front of it than in the table at the end
    driver/a.dll has two sizes
    corrupt: the archive is damaged: Invalid checksum
    driver/a.dll has zip64 sizes, which no package needs
    driver/a.dll has a second name in an extra field
    driver/a.dll has a damaged extra field
    driver/café.dll has a name in an unknown character set
    ");
}

#[test]
fn damage_is_reported() {
    let honest = archive(&[raw("driver/a.dll", b"1")]);
    let other = archive(&[raw("driver/smuggled.dll", b"2")]);
    let mut commented = honest.clone();
    let at = commented.len() - 2;
    commented[at] = 3;
    commented.extend(b"abc");
    let mut counted = honest.clone();
    let at = counted.len() - 12;
    counted[at..at + 2].copy_from_slice(&[0xff, 0xff]);
    let mut moved = honest.clone();
    let at = moved.len() - 6;
    moved[at] += 1;
    let one = [raw("driver/a.dll", b"1")];
    insta::assert_snapshot!(
        [
            refused(&honest[..honest.len() - 1]),
            refused(&honest[..20]),
            refused(&[honest.clone(), b"x".to_vec()].concat()),
            refused(&commented),
            refused(&[other, honest.clone()].concat()),
            refused(&counted),
            refused(&moved),
            refused(&archive_with(&one, b"hidden", 1)),
            refused(&archive_with(&one, b"", 0)),
            refused(&archive_with(&one, b"", 2)),
        ]
        .join("\n"), @"
    corrupt: the table of the zip archive is not at its end: it is cut short, or there is data after it
    corrupt: the archive ends too early
    corrupt: the table of the zip archive is not at its end: it is cut short, or there is data after it
    corrupt: the table of the zip archive is not at its end: it is cut short, or there is data after it
    corrupt: the table of the zip archive is not at the place that its end gives
    corrupt: it is a zip64 archive, which no package needs
    corrupt: the table of the zip archive is not at the place that its end gives
    corrupt: there is data between the entries of the zip archive and its table
    corrupt: the table of the zip archive has more entries than its end gives
    corrupt: the table of the zip archive is damaged
    ");
}

#[test]
fn each_limit_at_its_edge() {
    let size = |file_size| ArchiveLimits {
        file_size,
        ..LIMITS
    };
    let package = archive(&[raw("driver/a.dll", b"1"), raw("driver/b.dll", b"2")]);
    let length = package.len() as u64;
    assert!(unpack_safely(&package, size(length)).0.is_ok());
    let too_long = refused_within(&package, size(length - 1));
    let entries = |entries| ArchiveLimits { entries, ..LIMITS };
    assert!(unpack_safely(&package, entries(2)).0.is_ok());
    let too_many = refused_within(&package, entries(1));
    let zeros = written(&["driver/a.dll"], b"");
    let ratio = |ratio_from| ArchiveLimits {
        ratio: 1,
        ratio_from,
        ..LIMITS
    };
    assert!(unpack_safely(&zeros, ratio(4000)).0.is_ok());
    let too_dense = refused_within(&zeros, ratio(3999));
    let total = |total_size| ArchiveLimits {
        total_size,
        ..LIMITS
    };
    assert!(unpack_safely(&zeros, total(4000)).0.is_ok());
    let too_large = refused_within(&zeros, total(3999));
    insta::assert_snapshot!([too_long, too_many, too_dense, too_large].join("\n"), @"
    corrupt: the zip archive is larger than 223 bytes
    corrupt: the zip archive has more than 1 entries
    driver/a.dll inflates to more than 1 times its compressed size
    driver/a.dll makes the package larger than 3999 bytes
    ");
}

proptest! {
    #[test]
    fn changed_byte_never_changes_written_files(at in 0usize..1000, to in any::<u8>()) {
        let mut package = written(&["driver/", "driver/a.dll", "include/b.h"], b"");
        let honest = unpack_safely(&package, LIMITS).0.unwrap();
        let at = at % package.len();
        package[at] = to;
        if let Ok(unpacked) = unpack_safely(&package, LIMITS).0 {
            prop_assert_eq!(unpacked.files, honest.files);
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        let _ = unpack_safely(&[b"PK\x03\x04".to_vec(), bytes].concat(), LIMITS);
    }
}
