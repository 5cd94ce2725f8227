use super::*;

#[test]
fn environment_comes_first_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::join_paths([folder.path(), Path::new("/usr/lib"), folder.path()]).unwrap();
    let folders = folders(Os::Linux, Some(&path));
    assert_eq!(
        folders[0],
        (folder.path().to_path_buf(), Source::Environment)
    );
    assert_eq!(
        folders
            .iter()
            .filter(|(path, _)| path == Path::new("/usr/lib"))
            .count(),
        1
    );
    assert_eq!(find(&folders[..1], "libx.so"), None);
    std::fs::write(folder.path().join("libx.so"), b"").unwrap();
    assert_eq!(
        find(&folders, "libx.so").unwrap().source,
        Source::Environment
    );
}

#[test]
fn configuration_files_include_others() {
    let folder = tempfile::tempdir().unwrap();
    let conf = folder.path().join("ld.so.conf");
    std::fs::create_dir(folder.path().join("d")).unwrap();
    std::fs::write(
        folder.path().join("d/a.conf"),
        "# x\n/opt/a # y\nrelative\n",
    )
    .unwrap();
    std::fs::write(
        &conf,
        format!("include {}/d/*.conf\n/opt/b\n", folder.path().display()),
    )
    .unwrap();
    assert_eq!(
        configured(&conf, 0),
        [PathBuf::from("/opt/a"), "/opt/b".into()]
    );
}
