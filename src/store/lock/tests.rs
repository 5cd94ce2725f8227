use super::*;

#[test]
fn one_at_a_time_and_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("a/home"));
    let first = store.try_lock().unwrap().unwrap();
    assert!(store.try_lock().unwrap().is_none());
    drop(first);
    assert!(!store.home().exists());
    assert!(store.try_lock().unwrap().is_some());
}

#[test]
fn filled_store_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().to_path_buf());
    let lock = store.try_lock().unwrap().unwrap();
    fs::create_dir(store.clients().join("x")).unwrap();
    fs::create_dir(store.clients().join(".staging-left")).unwrap();
    drop(lock);
    assert!(store.try_lock().unwrap().is_some());
    assert!(store.clients().join("x").is_dir());
    assert!(!store.clients().join(".staging-left").exists());
}
