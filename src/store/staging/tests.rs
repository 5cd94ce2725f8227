use super::*;
use crate::tdengine::version::Edition;
use std::path::PathBuf;

/// A locked store, a client to be, and a staging folder that holds `text`.
fn staged(home: &Path, text: &str) -> (Lock, Client, Staging) {
    let store = Store::at(home.to_path_buf());
    let lock = store.try_lock().unwrap().unwrap();
    let (version, platform) = ("3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
    let client = Client::new(&store, Edition::Oss, version, platform);
    let staging = Staging::new(&lock, &client).unwrap();
    fs::write(staging.path().join("file"), text).unwrap();
    (lock, client, staging)
}

fn names(folder: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn published_replaced_and_nothing_beside() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["one", "two"] {
        let (lock, client, staging) = staged(folder.path(), text);
        staging.publish(&lock, &client, None).unwrap();
        assert_eq!(
            fs::read_to_string(client.prefix.join("file")).unwrap(),
            text
        );
        assert_eq!(names(folder.path().join("clients")), [client.folder_name()]);
        let current = fs::read_link(folder.path().join("current")).unwrap();
        assert_eq!(current, Path::new("clients/oss-3.3.7.5-linux-x64"));
    }
}

#[test]
fn failure_puts_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let (lock, client, staging) = staged(folder.path(), "one");
    staging.publish(&lock, &client, None).unwrap();
    drop(lock);
    fs::remove_file(folder.path().join("current")).unwrap();
    fs::create_dir(folder.path().join("current")).unwrap();
    let (lock, client, staging) = staged(folder.path(), "two");
    assert_eq!(staging.publish(&lock, &client, None).unwrap_err().exit(), 8);
    assert_eq!(
        fs::read_to_string(client.prefix.join("file")).unwrap(),
        "one"
    );
    assert_eq!(names(folder.path().join("clients")), [client.folder_name()]);
    assert_eq!(
        names(folder.path().to_path_buf()).len(),
        3,
        "clients, current and lock"
    );
}
