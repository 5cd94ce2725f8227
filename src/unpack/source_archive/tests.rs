use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{Builder, Header};

use super::*;

fn archive(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, kind, content) in entries {
        let mut header = Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        header.set_size(content.len() as u64);
        if *kind == EntryType::Symlink {
            header.set_link_name("/etc").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn unpacked(archive: &[u8]) -> (Result<(), ArchiveRefusal>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("into");
    fs::create_dir(&into).unwrap();
    (unpack_source(archive, &into), folder)
}

#[test]
fn top_directory_is_left_out() {
    let archive = archive(&[
        ("src-1.0/", EntryType::Directory, b""),
        ("src-1.0/config.m4", EntryType::Regular, b"m4"),
        ("src-1.0/a/b.c", EntryType::Regular, b"c"),
        ("src-1.0/link", EntryType::Symlink, b""),
    ]);
    let (result, folder) = unpacked(&archive);
    result.unwrap();
    let into = folder.path().join("into");
    assert_eq!(fs::read(into.join("config.m4")).unwrap(), b"m4");
    assert_eq!(fs::read(into.join("a/b.c")).unwrap(), b"c");
    assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
}

#[test]
fn hostile_entries_are_refused() {
    for name in ["top/../../out", "/out", "top/a\\b", "top/../out"] {
        let (result, folder) = unpacked(&archive(&[(name, EntryType::Regular, b"x")]));
        assert!(
            matches!(result, Err(ArchiveRefusal::Unsafe { .. })),
            "{name}: {result:?}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name}");
    }
    let twice = ("top/a", EntryType::Regular, &b"x"[..]);
    let (result, _folder) = unpacked(&archive(&[twice, twice]));
    assert!(matches!(result, Err(ArchiveRefusal::Unwritable { .. })));
    // Through a link: it is left out, so that its name is a directory of the tree.
    let (result, folder) = unpacked(&archive(&[
        ("top/link", EntryType::Symlink, b""),
        ("top/link/a", EntryType::Regular, b"x"),
    ]));
    result.unwrap();
    assert!(folder.path().join("into/link/a").is_file());
}

#[test]
fn limits_hold_before_anything_is_written() {
    let many = vec![("top/", EntryType::Directory, &b""[..]); MOST_ENTRIES + 1];
    assert!(matches!(
        unpacked(&archive(&many)).0,
        Err(ArchiveRefusal::Unsafe { .. })
    ));
    let mut header = Header::new_gnu();
    header.set_path("top/large").unwrap();
    header.set_size(MOST_BYTES + 1);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(header.as_bytes()).unwrap();
    let (result, folder) = unpacked(&gzip.finish().unwrap());
    assert!(matches!(result, Err(ArchiveRefusal::Unsafe { .. })));
    let into = folder.path().join("into");
    assert_eq!(fs::read_dir(into).unwrap().count(), 0);
}

proptest! {
    #[test]
    fn damaged_archives_are_refused_or_unpacked(at in 0_usize..400, byte in any::<u8>(), cut in 0_usize..400) {
        let mut bytes = archive(&[("top/a", EntryType::Regular, &b"content"[..]), ("top/b/", EntryType::Directory, &b""[..])]);
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % length);
        let (_, folder) = unpacked(&bytes);
        prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
