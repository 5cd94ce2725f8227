use super::*;
use std::path::Path;

fn target(folder: &Path, name: &str) -> FileTarget {
    FileTarget {
        entry: name.to_owned(),
        on_disk: folder.join(name),
        executable: false,
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

#[test]
fn files_small_and_large_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [5 * CHUNK, 0, CHUNK + 1, CHUNK, 1, 40 * CHUNK - 1, CHUNK - 1];
    let mut writer = FileWriter::default();
    for size in sizes {
        let target = target(folder.path(), &size.to_string());
        let bytes = content(size);
        let written = writer.write(target, size as u64, &mut bytes.as_slice());
        assert_eq!(written.unwrap(), size as u64);
    }
    let digests = writer.finish().unwrap();
    assert_eq!(digests.len(), sizes.len());
    for (size, digest) in sizes.into_iter().zip(digests) {
        let bytes = std::fs::read(folder.path().join(size.to_string())).unwrap();
        assert_eq!(bytes, content(size));
        assert_eq!(digest, Some(Sha256(Hasher::digest(&bytes).into())));
    }
}

#[test]
fn unwritable_large_file_is_reported_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let mut writer = FileWriter::default();
    let bytes = content(40 * CHUNK);
    let size = bytes.len() as u64;
    let first = writer.write(target(&nowhere, "a"), size, &mut bytes.as_slice());
    let ended = first.and_then(|_| writer.finish().map(|_| 0));
    let Err(ArchiveRefusal::Unwritable { path, error }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(path, nowhere.join("a"));
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

#[test]
fn large_file_that_ends_early_has_fewer_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = FileWriter::default();
    let bytes = content(3 * CHUNK);
    let more = bytes.len() as u64 + 1;
    let written = writer.write(target(folder.path(), "a"), more, &mut bytes.as_slice());
    assert_eq!(written.unwrap(), bytes.len() as u64);
}

/// Gives some bytes and then an error.
struct Breaking(usize);

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let read = self.0.min(buffer.len());
        self.0 -= read;
        Ok(read)
    }
}

#[test]
fn large_file_that_cannot_be_read_has_no_digest() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = FileWriter::default();
    let size = 9 * CHUNK as u64;
    let mut breaking = Breaking(2 * CHUNK + 7);
    let written = writer.write(target(folder.path(), "a"), size, &mut breaking);
    assert!(
        matches!(written, Err(ArchiveRefusal::Corrupt(_))),
        "{written:?}"
    );
    assert_eq!(writer.finish().unwrap(), [None]);
    let found = std::fs::metadata(folder.path().join("a")).unwrap();
    assert_eq!(found.len(), 2 * CHUNK as u64 + 7);
}
