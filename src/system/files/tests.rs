use super::*;

fn refusal(path: &Path) -> String {
    crate::error::describe_io_error(&read_named_text(path, 16).unwrap_err()).to_string()
}

#[test]
fn unfit_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a");
    assert_eq!(refusal(&path), "no such file or directory");
    assert_eq!(refusal(directory.path()), "it is a directory");
    fs::write(&path, b"\xff").unwrap();
    assert_eq!(refusal(&path), "it is not text in UTF-8");
    fs::write(&path, "more than sixteen").unwrap();
    assert_eq!(refusal(&path), "it is larger than 16 bytes");
    fs::write(&path, "sixteen, exactly").unwrap();
    assert_eq!(read_named_text(&path, 16).unwrap(), "sixteen, exactly");
    #[cfg(target_os = "linux")]
    assert_eq!(refusal(Path::new("/dev/zero")), "it is not a regular file");
}

#[cfg(unix)]
#[test]
fn link_is_followed_and_fifo_is_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let (file, link, fifo) = ["file", "link", "fifo"]
        .map(|name| directory.path().join(name))
        .into();
    fs::write(&file, "text").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert_eq!(read_named(&link, 16).unwrap(), b"text");
    crate::system::directory::tests::make_fifo(&fifo);
    let error = open_named(&fifo).unwrap_err();
    assert_eq!(UnfitFile::find(&error), Some(UnfitFile::Special));
}
