use std::fs;

use super::*;

#[test]
fn file_is_replaced_and_nothing_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a");
    write(&path, b"one").unwrap();
    write(&path, b"two").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    fs::create_dir(directory.path().join("b")).unwrap();
    assert!(write(&directory.path().join("b"), b"x").is_err());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    assert!(write(&directory.path().join("no/such"), b"x").is_err());
}

#[cfg(unix)]
#[test]
fn link_is_replaced_and_special_bits_go() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let directory = tempfile::tempdir().unwrap();
    let (victim, path) = (directory.path().join("victim"), directory.path().join("a"));
    fs::write(&victim, "only copy").unwrap();
    symlink(&victim, &path).unwrap();
    write(&path, b"new").unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "only copy");
    assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
    fs::set_permissions(&path, Permissions::from_mode(0o4750)).unwrap();
    write(&path, b"newer").unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o750);
}
