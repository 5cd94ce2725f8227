use super::*;
use crate::store::Store;
use crate::tdengine::version::Edition;
use std::os::unix::fs::PermissionsExt;

/// A cache that keeps two files and a configuration.
struct Case {
    folder: TempDir,
    client: Client,
}

const PACKAGE: Sha256 = Sha256([7; 32]);

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path().join("home"));
        let (version, platform) = ("3.3.7.5".parse().unwrap(), "linux-x64".parse().unwrap());
        let client = Client::new(&store, Edition::Oss, version, platform);
        let case = Self { folder, client };
        let root = case.at("root");
        let mut files = Vec::new();
        for (path, text) in [
            ("lib/a.so", "one"),
            ("bin/taos", "two"),
            ("etc/taos.cfg", "cfg"),
        ] {
            let on_disk = root.join(path);
            make_parent(&on_disk).unwrap();
            fs::write(&on_disk, text).unwrap();
            fs::set_permissions(&on_disk, fs::Permissions::from_mode(0o644)).unwrap();
            // Long ago, so that every change shows, however coarse the clock.
            let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
            let file = File::options().write(true).open(&on_disk).unwrap();
            file.set_modified(long_ago).unwrap();
            files.push(InstalledFile {
                path: path.to_owned(),
                size: text.len() as u64,
                sha256: Sha256(Hasher::digest(text).into()),
            });
        }
        let contents = CachedTreeContents {
            source: "x.tar.gz",
            size: 10,
            sha256: PACKAGE,
            package: None,
            files: &files,
            links: &[],
        };
        fs::create_dir(case.at("cache")).unwrap();
        let draft = CachedTreeDraft::new(&case.at("cache"), &case.client, &root, contents).unwrap();
        draft.keep().unwrap();
        case
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn kept(&self, path: &str) -> PathBuf {
        let folder = place(&self.at("cache"), &self.client);
        folder.join(FILES).join(path)
    }

    fn find(&self) -> Option<CachedTree> {
        CachedTree::find(&self.at("cache"), &PACKAGE, None, &self.client)
    }

    /// What comes back, by name; `None` where the tree is void.
    fn put(&self, thoroughly: bool) -> Option<Vec<String>> {
        let into = tempfile::tempdir_in(self.folder.path()).unwrap();
        let put = self.find().unwrap().put_into(into.path(), thoroughly);
        let put = put.unwrap()?;
        for file in &put {
            let on_disk = File::open(into.path().join(&file.path)).unwrap();
            assert_eq!(Sha256::of(on_disk).unwrap(), file.sha256, "{file:?}");
        }
        Some(put.into_iter().map(|file| file.path).collect())
    }
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

/// Writes `text` and keeps the time, as damage to the disk would.
fn write_unseen(path: &Path, text: &str) {
    let before = modified(path);
    fs::write(path, text).unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(before).unwrap();
}

#[test]
fn libraries_are_linked_and_configurations_are_copied() {
    use std::os::unix::fs::MetadataExt;
    let case = Case::new();
    let into = case.at("into");
    fs::create_dir(&into).unwrap();
    let put = case
        .find()
        .unwrap()
        .put_into(&into, false)
        .unwrap()
        .unwrap();
    assert_eq!(put.len(), 3);
    let number = |path: &Path| fs::metadata(path).unwrap().ino();
    for (path, shared) in [("lib/a.so", true), ("etc/taos.cfg", false)] {
        let same = number(&into.join(path)) == number(&case.kept(path));
        assert_eq!(same, shared, "{path}");
    }
}

#[test]
fn change_makes_it_void() {
    type Change = fn(&Case);
    let changes: [Change; 6] = [
        |case| fs::write(case.kept("lib/a.so"), "eno").unwrap(),
        |case| fs::write(case.kept("lib/a.so"), "longer").unwrap(),
        |case| fs::write(case.kept("etc/taos.cfg"), "gfc").unwrap(),
        |case| fs::remove_file(case.kept("bin/taos")).unwrap(),
        |case| {
            let mode = fs::Permissions::from_mode(0o666);
            fs::set_permissions(case.kept("lib/a.so"), mode).unwrap();
        },
        |case| {
            fs::remove_file(case.kept("lib/a.so")).unwrap();
            fs::write(case.at("elsewhere"), "one").unwrap();
            let kept = case.kept("lib/a.so");
            std::os::unix::fs::symlink(case.at("elsewhere"), kept).unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let case = Case::new();
        assert!(case.put(false).is_some());
        change(&case);
        // A link in a file's place is an error or a refusal; nothing comes of it either way.
        let into = tempfile::tempdir_in(case.folder.path()).unwrap();
        let put = case.find().unwrap().put_into(into.path(), false);
        assert!(!matches!(put, Ok(Some(_))), "{number}: {put:?}");
    }
}

#[test]
fn file_that_was_put_back_is_known_by_its_digest() {
    let case = Case::new();
    fs::remove_file(case.kept("lib/a.so")).unwrap();
    fs::write(case.kept("lib/a.so"), "one").unwrap();
    assert_eq!(case.put(false).unwrap().len(), 3);
}

#[test]
fn damage_that_keeps_the_time_is_seen_by_the_thorough() {
    let case = Case::new();
    write_unseen(&case.kept("lib/a.so"), "eno");
    assert_eq!(case.put(true), None);
}

#[test]
fn folder_that_others_may_write_is_not_used() {
    let case = Case::new();
    let folder = place(&case.at("cache"), &case.client);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(case.find().is_none());
}

#[test]
fn record_that_names_paths_elsewhere_names_nothing() {
    let case = Case::new();
    fs::write(case.at("outside"), "one").unwrap();
    let record = place(&case.at("cache"), &case.client).join(RECORD);
    let text = fs::read_to_string(&record).unwrap();
    let forged = text.replace("lib/a.so", "../../../outside");
    assert_ne!(text, forged);
    fs::write(&record, forged).unwrap();
    assert_eq!(case.put(false), None);
    assert!(CachedTree::find(&case.at("cache"), &Sha256([8; 32]), None, &case.client).is_none());
    fs::write(&record, "schema = 9").unwrap();
    assert!(case.find().is_none());
}
