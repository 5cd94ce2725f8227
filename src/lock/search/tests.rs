use std::fs;

use super::find_from;
#[cfg(unix)]
use super::read;
#[cfg(unix)]
use crate::error::UnfitFile;
use crate::lock::SETUP_FILE;

#[test]
fn nearest_file_is_found_up_to_the_repository() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let inner = root.join("repository/services/a");
    fs::create_dir_all(&inner).unwrap();
    fs::write(root.join(SETUP_FILE), "").unwrap();
    let outer = Some(root.join(SETUP_FILE));
    assert_eq!(find_from(&inner, None), outer);

    fs::create_dir(root.join("repository/.git")).unwrap();
    assert_eq!(find_from(&inner, None), None);

    let own = root.join("repository").join(SETUP_FILE);
    fs::write(&own, "").unwrap();
    assert_eq!(find_from(&inner, None), Some(own));
}

#[test]
fn search_ends_at_the_home_directory() {
    let root = tempfile::tempdir().unwrap();
    let home = root.path().join("home");
    fs::create_dir_all(home.join("a")).unwrap();
    fs::write(root.path().join(SETUP_FILE), "").unwrap();
    assert_eq!(find_from(&home.join("a"), Some(&home)), None);
    fs::write(home.join(SETUP_FILE), "").unwrap();
    assert_eq!(
        find_from(&home.join("a"), Some(&home)),
        Some(home.join(SETUP_FILE))
    );
}

#[cfg(unix)]
#[test]
fn directory_that_anybody_can_write_ends_the_search() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let shared = root.path().join("shared");
    fs::create_dir_all(shared.join("a")).unwrap();
    fs::write(shared.join(SETUP_FILE), "").unwrap();
    assert!(find_from(&shared.join("a"), None).is_some());
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    assert_eq!(find_from(&shared.join("a"), None), None);
    // In the current directory the file's owner decides.
    assert!(find_from(&shared, None).is_some());
}

#[cfg(unix)]
#[test]
fn links_and_oversized_files_are_refused() {
    let root = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/passwd", root.path().join(SETUP_FILE)).unwrap();
    let error = read(root.path(), SETUP_FILE, 1000).unwrap_err();
    assert_eq!(UnfitFile::find(&error), Some(UnfitFile::Link));

    fs::write(root.path().join("large"), [b'#'; 1001]).unwrap();
    let error = read(root.path(), "large", 1000).unwrap_err();
    assert_eq!(UnfitFile::find(&error), Some(UnfitFile::TooLarge(1000)));
}

/// Only root can give files away.
#[cfg(unix)]
#[test]
fn root_uses_no_file_of_another_user() {
    use std::os::unix::fs::chown;
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(SETUP_FILE);
    fs::write(&path, "").unwrap();
    assert_eq!(read(root.path(), SETUP_FILE, 10).unwrap(), "");
    chown(&path, Some(1234), None).unwrap();
    let error = read(root.path(), SETUP_FILE, 10).unwrap_err();
    assert_eq!(UnfitFile::find(&error), Some(UnfitFile::Owner(1234)));
}
