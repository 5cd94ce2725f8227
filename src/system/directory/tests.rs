use super::*;
use crate::system::files::UnfitFile;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn own_file_must_be_regular_with_one_name() {
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path();
    let directory = Directory::open(path).unwrap();
    let refusal = |name: &str| {
        let error = directory.open_own(OsStr::new(name)).unwrap_err();
        UnfitFile::find(&error)
    };
    fs::write(path.join("file"), "text").unwrap();
    assert_eq!(directory.read_own(OsStr::new("file"), 4).unwrap(), b"text");
    symlink("file", path.join("link")).unwrap();
    assert_eq!(refusal("link"), Some(UnfitFile::Link));
    make_fifo(&path.join("fifo"));
    assert_eq!(refusal("fifo"), Some(UnfitFile::Special));
    fs::create_dir(path.join("directory")).unwrap();
    assert_eq!(refusal("directory"), Some(UnfitFile::Directory));
    fs::hard_link(path.join("file"), path.join("other")).unwrap();
    assert_eq!(refusal("file"), Some(UnfitFile::SeveralNames));
    fs::remove_file(path.join("other")).unwrap();
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(path.join("file"), Some(12), None).unwrap();
        assert_eq!(refusal("file"), Some(UnfitFile::Owner(12)));
    }
}

/// Makes a FIFO.
pub(crate) fn make_fifo(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}
