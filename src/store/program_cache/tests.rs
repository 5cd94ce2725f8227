use super::*;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("home"));
    (folder, store)
}

fn digest(of: &str) -> Sha256 {
    Sha256::of(of.as_bytes()).unwrap()
}

#[test]
fn program_is_kept_until_it_is_forgotten() {
    let (_folder, store) = store();
    let place = store
        .try_program_place("go", &digest("a"))
        .unwrap()
        .unwrap();
    assert!(!place.is_built());
    let files = [("a/b.txt", &b"x"[..]), ("run", &b"#!/bin/sh\n"[..])];
    place.start_over(files).unwrap();
    place.finish().unwrap();
    assert_eq!(fs::read(place.work().join("a/b.txt")).unwrap(), b"x");
    assert!(
        store
            .try_program_place("go", &digest("a"))
            .unwrap()
            .is_none()
    );
    drop(place);
    let place = store
        .try_program_place("go", &digest("a"))
        .unwrap()
        .unwrap();
    assert!(place.is_built());
    place.forget().unwrap();
    assert!(!place.is_built());
}

#[test]
fn unused_programs_are_removed() {
    let (_folder, store) = store();
    let used = store
        .try_program_place("go", &digest("a"))
        .unwrap()
        .unwrap();
    drop(
        store
            .try_program_place("node", &digest("b"))
            .unwrap()
            .unwrap(),
    );
    let foreign = store.programs_dir().join("mine");
    fs::write(&foreign, "").unwrap();
    let names = unused(&store).unwrap();
    assert_eq!(names.len(), 1);
    assert!(names[0].to_str().unwrap().starts_with("node-"));
    remove(&store, &names[0]).unwrap();
    assert_eq!(unused(&store).unwrap().len(), 0);
    assert!(foreign.exists() && used.work().parent().unwrap().exists());
}

#[test]
fn links_and_open_directories_are_refused() {
    let (folder, store) = store();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(store.home()).unwrap();
    std::os::unix::fs::symlink(&elsewhere, store.programs_dir()).unwrap();
    assert!(store.try_program_place("go", &digest("a")).is_err());
    fs::remove_file(store.programs_dir()).unwrap();
    fs::create_dir(store.programs_dir()).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs::set_permissions(store.programs_dir(), mode).unwrap();
    assert!(store.try_program_place("go", &digest("a")).is_err());
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}
