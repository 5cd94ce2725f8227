use super::*;

#[test]
fn program_is_found_in_any_directory_of_the_path() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = if cfg!(windows) { "tool.exe" } else { "tool" };
    std::fs::write(two.path().join(file), "").unwrap();
    std::fs::create_dir(one.path().join("directory")).unwrap();
    let path = std::env::join_paths([one.path(), two.path()]).unwrap();
    assert!(has_program(Some(&path), "tool"));
    assert!(!has_program(Some(one.path().as_os_str()), "tool"));
    assert!(!has_program(Some(&path), "directory"));
    assert!(!has_program(None, "tool"));
}
