use super::*;

/// A receipt that names no files, of the package `source`.
fn receipt(source: &str) -> String {
    let sha256 = "0".repeat(64);
    format!(
        "schema = 1\nedition = \"oss\"\nversion = \"3.3.7.5\"\nplatform = \"linux-x64\"\nsource = \"{source}\"\n\
         size = 1\nsha256 = \"{sha256}\"\nverified = \"given\"\ninstalled_at = \"\"\nfiles = []\n"
    )
}

fn staged(prefix: &Path, source: &str) -> Beside {
    let beside = Beside::new(prefix).unwrap();
    fs::write(beside.path().join(receipt::FILE), receipt(source)).unwrap();
    beside
}

fn source(folder: &Path) -> String {
    Receipt::read(&folder.join(receipt::FILE)).unwrap().source
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn published_replaced_and_nothing_beside() {
    let around = tempfile::tempdir().unwrap();
    let prefix = around.path().join("a/b/taos");
    drop(staged(&prefix, "none"));
    assert_eq!(names(around.path()), [""; 0], "what was made is taken away");
    for text in ["one", "two"] {
        staged(&prefix, text).publish(&prefix).unwrap();
        assert_eq!(source(&prefix), text);
        assert_eq!(names(&around.path().join("a/b")), ["taos"]);
    }
    let late = staged(&prefix, "three");
    fs::write(prefix.join("mine"), "").unwrap();
    assert_eq!(late.publish(&prefix).unwrap_err().exit(), 7);
    assert_eq!(source(&prefix), "two");
    assert_eq!(names(&prefix), ["mine", "receipt.toml"]);
}

#[test]
fn leftovers_of_killed_process_are_recovered() {
    let around = tempfile::tempdir().unwrap();
    let prefix = around.path().join("taos");
    let old = around.path().join(".taos.taos-setup-abc-old");
    let left = around.path().join(".taos.taos-setup-def");
    for folder in [&old, &left] {
        fs::create_dir(folder).unwrap();
    }
    fs::write(old.join(receipt::FILE), receipt("old")).unwrap();
    let busy = staged(&prefix, "busy");
    assert_eq!(source(&prefix), "old");
    drop(staged(&prefix, "other"));
    assert_eq!(source(busy.path()), "busy", "another process works in it");
    drop(busy);
    assert_eq!(names(around.path()), ["taos"]);
}
