use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{ProgramArchiveForm, read_program};
use crate::unpack::ArchiveRefusal;

const TOP: &str = "taos-setup-0.2.0-x";
const PROGRAM: &[u8] = b"program";

/// An entry: name, type, mode, content.
type Given<'a> = (&'a str, EntryType, u32, &'a [u8]);

const HONEST: [Given<'static>; 4] = [
    ("taos-setup-0.2.0-x/", EntryType::Directory, 0o755, b""),
    (
        "taos-setup-0.2.0-x/taos-setup",
        EntryType::Regular,
        0o755,
        PROGRAM,
    ),
    (
        "taos-setup-0.2.0-x/README.md",
        EntryType::Regular,
        0o644,
        b"text",
    ),
    (
        "taos-setup-0.2.0-x/man/taos-setup.1",
        EntryType::Regular,
        0o644,
        b"page",
    ),
];

fn tar(entries: &[Given<'_>]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, kind, mode, content) in entries {
        let mut header = Header::new_gnu();
        // As bytes: the library writes no name that leads outside.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(*mode);
        header.set_size(content.len() as u64);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zip(entries: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mode, content) in entries {
        let options = SimpleFileOptions::default().unix_permissions(*mode);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read_tar(archive: &[u8]) -> Result<Vec<u8>, ArchiveRefusal> {
    read_program(archive, ProgramArchiveForm::TarGz, TOP, "taos-setup")
}

fn read_zip(archive: &[u8]) -> Result<Vec<u8>, ArchiveRefusal> {
    read_program(archive, ProgramArchiveForm::Zip, TOP, "taos-setup.exe")
}

#[test]
fn program_of_an_honest_archive_is_read() {
    assert_eq!(read_tar(&gzip(&tar(&HONEST))).unwrap(), PROGRAM);
    let archive = zip(&[
        ("taos-setup-0.2.0-x/taos-setup.exe", 0o755, PROGRAM),
        ("taos-setup-0.2.0-x/completions/_taos-setup", 0o644, b"text"),
    ]);
    assert_eq!(read_zip(&archive).unwrap(), PROGRAM);
}

#[test]
fn entries_that_no_release_has_are_refused() {
    let more: [(&str, Given<'_>); 10] = [
        ("outside", ("other/file", EntryType::Regular, 0o644, b"x")),
        ("above", ("../taos-setup", EntryType::Regular, 0o755, b"x")),
        (
            "absolute",
            ("/usr/bin/taos-setup", EntryType::Regular, 0o755, b"x"),
        ),
        (
            "link",
            ("taos-setup-0.2.0-x/link", EntryType::Symlink, 0o777, b""),
        ),
        (
            "hard link",
            ("taos-setup-0.2.0-x/link", EntryType::Link, 0o644, b""),
        ),
        (
            "pipe",
            ("taos-setup-0.2.0-x/pipe", EntryType::Fifo, 0o644, b""),
        ),
        (
            "same name",
            (
                "taos-setup-0.2.0-x/taos-setup",
                EntryType::Regular,
                0o755,
                b"x",
            ),
        ),
        (
            "other case",
            (
                "taos-setup-0.2.0-x/TAOS-SETUP",
                EntryType::Regular,
                0o755,
                b"x",
            ),
        ),
        (
            "second program",
            (
                "taos-setup-0.2.0-x/man/tool",
                EntryType::Regular,
                0o755,
                b"x",
            ),
        ),
        (
            "deep",
            ("taos-setup-0.2.0-x/a/b/c", EntryType::Regular, 0o644, b"x"),
        ),
    ];
    for (what, entry) in more {
        let mut entries = HONEST.to_vec();
        entries.push(entry);
        let read = read_tar(&gzip(&tar(&entries)));
        assert!(
            matches!(read, Err(ArchiveRefusal::Unsafe { .. })),
            "{what}: {read:?}"
        );
        entries.rotate_right(1);
        let read = read_tar(&gzip(&tar(&entries)));
        assert!(
            matches!(read, Err(ArchiveRefusal::Unsafe { .. })),
            "{what}: {read:?}"
        );
    }
    for (name, mode) in [
        ("taos-setup-0.2.0-x/tool.exe", 0o644),
        ("taos-setup-0.2.0-x/tool", 0o755),
        ("taos-setup-0.2.0-x/TAOS-SETUP.EXE", 0o755),
        ("tool", 0o644),
    ] {
        let archive = zip(&[
            ("taos-setup-0.2.0-x/taos-setup.exe", 0o755, PROGRAM),
            (name, mode, b"x"),
        ]);
        let read = read_zip(&archive);
        assert!(
            matches!(read, Err(ArchiveRefusal::Unsafe { .. })),
            "{name}: {read:?}"
        );
    }
}

#[test]
fn damaged_archives_are_refused() {
    let plain = tar(&HONEST);
    let packed = gzip(&plain);
    let two = [plain.clone(), tar(&HONEST)].concat();
    let mut changed = packed.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x55;
    for (what, archive) in [
        ("empty", Vec::new()),
        ("truncated", packed[..packed.len() - 9].to_vec()),
        ("changed", changed),
        ("two archives", gzip(&two)),
        ("no program", gzip(&tar(&HONEST[2..]))),
        (
            "a zip",
            zip(&[("taos-setup-0.2.0-x/taos-setup", 0o755, PROGRAM)]),
        ),
        ("a page", b"<html></html>".to_vec()),
    ] {
        let read = read_tar(&archive);
        assert!(
            matches!(read, Err(ArchiveRefusal::Corrupt(_))),
            "{what}: {read:?}"
        );
    }
    let archive = zip(&[("taos-setup-0.2.0-x/taos-setup.exe", 0o755, PROGRAM)]);
    assert!(read_zip(&archive[..archive.len() - 1]).is_err());
    assert!(read_zip(&packed).is_err());
}

#[test]
fn bomb_is_refused() {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    let mut header = Header::new_gnu();
    header.set_path("taos-setup-0.2.0-x/taos-setup").unwrap();
    header.set_size(1 << 40);
    header.set_mode(0o755);
    header.set_cksum();
    writer.write_all(header.as_bytes()).unwrap();
    writer.write_all(&[0; 1 << 20]).unwrap();
    let read = read_tar(&writer.finish().unwrap());
    assert!(
        matches!(read, Err(ArchiveRefusal::Unsafe { .. })),
        "{read:?}"
    );
}
