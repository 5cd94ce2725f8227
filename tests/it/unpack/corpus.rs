//! A kept corpus for each parser: every file is read without a panic, what must unpack does, and what must not does not.

use std::fs;
use std::path::Path;

use taos_setup::fuzzing::{ArchiveParser, unpack_part};

fn run(part: ArchiveParser, folder: &str) -> Vec<String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(folder);
    let mut lines = Vec::new();
    for entry in fs::read_dir(corpus).unwrap() {
        let entry = entry.unwrap();
        let around = tempfile::tempdir().unwrap();
        let into = around.path().join("into");
        fs::create_dir(&into).unwrap();
        let unpacked = unpack_part(part, &fs::read(entry.path()).unwrap(), &into);
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
        let result = match unpacked {
            Ok(unpacked) => format!("{} files", unpacked.files.len()),
            Err(_) => "refused".to_owned(),
        };
        lines.push(format!("{}: {result}", entry.file_name().to_string_lossy()));
    }
    lines.sort();
    lines
}

#[test]
fn tar_attacks_are_refused() {
    insta::assert_snapshot!(run(ArchiveParser::Tar, "tar").join("\n"), @"
    hard-link: refused
    honest-gnu: 3 files
    honest-pax: 5 files
    long-name: 1 files
    traversal: refused
    ");
}

#[test]
fn zip_attacks_are_refused() {
    insta::assert_snapshot!(run(ArchiveParser::Zip, "zip").join("\n"), @"
    link: 4 files
    linux: 3 files
    stored: 4 files
    streamed: 1 files
    traversal: refused
    windows: 4 files
    ");
}

#[test]
fn xar_attacks_are_refused() {
    insta::assert_snapshot!(run(ArchiveParser::Xar, "xar").join("\n"), @"
    bzip2: 2 files
    entity: refused
    gzip: 2 files
    pbzx: 2 files
    plain: 2 files
    toc: refused
    xz: 2 files
    ");
}

#[test]
fn cpio_attacks_are_refused() {
    insta::assert_snapshot!(run(ArchiveParser::Cpio, "cpio").join("\n"), @"
    device: refused
    hard-link: refused
    newc: 2 files
    odc: 2 files
    ");
}
