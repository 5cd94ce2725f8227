use super::*;

#[test]
fn temporary_directory_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let around = tempfile::tempdir().unwrap();
    let folder = temporary(around.path()).unwrap();
    let mode = |mode| std::fs::set_permissions(&folder, PermissionsExt::from_mode(mode));
    assert_eq!(temporary(around.path()), Some(folder.clone()));
    mode(0o777).unwrap();
    assert_eq!(temporary(around.path()), None, "others may write");
    std::fs::remove_dir(&folder).unwrap();
    std::os::unix::fs::symlink(around.path(), &folder).unwrap();
    assert_eq!(temporary(around.path()), None, "a link");
}

#[test]
fn missing_directory_is_created_by_parent() {
    let folder = tempfile::tempdir().unwrap();
    assert!(may_write(&folder.path().join("a/b")).is_ok());
    // Not even root gets through a link that leads to itself, or makes a folder below a file.
    std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
    assert!(may_write(&folder.path().join("loop/log")).is_err());
    std::fs::write(folder.path().join("file"), "").unwrap();
    assert!(may_write(&folder.path().join("file/log")).is_err());
}
