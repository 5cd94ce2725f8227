use super::*;

#[test]
fn own_file_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    assert_eq!(
        open(&path, Access::Change).unwrap_err().kind(),
        io::ErrorKind::NotFound
    );
    open(&path, Access::Create).unwrap();
    open(&path, Access::Change).unwrap();
    open(&path, Access::Read).unwrap();
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    fs::write(&victim, "kept").unwrap();
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    std::os::unix::fs::symlink(&victim, own.join("link")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("new"), own.join("dangling")).unwrap();
    fs::hard_link(&victim, own.join("hard")).unwrap();
    fs::create_dir(own.join("folder")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(own.join("pipe"))
        .status();
    assert!(pipe.unwrap().success());
    for name in ["link", "dangling", "hard", "folder", "pipe"] {
        for access in [Access::Read, Access::Change, Access::Create] {
            assert!(open(&own.join(name), access).is_err(), "{name} {access:?}");
        }
    }
    assert_eq!(fs::read(&victim).unwrap(), b"kept");
    assert!(!folder.path().join("new").exists());
    std::os::unix::fs::symlink(&own, folder.path().join("other")).unwrap();
    assert!(create_directory(&folder.path().join("other")).is_err());
    assert!(open(&folder.path().join("other/file"), Access::Create).is_err());
    assert!(!own.join("file").exists());
}
