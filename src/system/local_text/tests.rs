use super::*;

fn said(path: &Path) -> String {
    crate::error::io_words(&read(path).unwrap_err())
}

#[test]
fn what_is_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    assert_eq!(said(&path), "there is no such file or folder");
    assert_eq!(said(folder.path()), "it is a folder");
    fs::write(&path, b"\xff").unwrap();
    assert_eq!(said(&path), "it is no text in UTF-8");
    File::create(&path).unwrap().set_len(MOST + 1).unwrap();
    assert_eq!(said(&path), "it is larger than 64 MiB");
    fs::write(&path, "text").unwrap();
    assert_eq!(read(&path).unwrap(), "text");
    #[cfg(target_os = "linux")]
    assert_eq!(said(Path::new("/dev/zero")), "it is no file");
}
