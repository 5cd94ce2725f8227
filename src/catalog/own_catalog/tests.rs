use proptest::prelude::*;

use super::*;

fn identity(text: &str) -> Identity {
    Identity {
        edition: Edition::Enterprise,
        version: text.parse().unwrap(),
        platform: "linux-x64".parse().unwrap(),
    }
}

#[test]
fn package_is_added_once() {
    let mut catalog = OwnCatalog::default();
    let file = "TDengine-enterprise-client-3.3.6.13-Linux-x64.tar.gz";
    assert!(catalog.add(identity("3.3.6.13"), file, Sha256([1; 32])));
    assert!(!catalog.add(identity("3.3.6.13"), file, Sha256([1; 32])));
    assert!(catalog.add(identity("3.3.6.13"), file, Sha256([2; 32])));
    let text = catalog.render();
    assert_eq!(OwnCatalog::parse(text.as_bytes()), Ok(catalog), "{text}");
}

#[test]
fn other_files_are_refused() {
    for text in [
        "",
        "schema = 2\n",
        "schema = 1\nmore = 1\n",
        "schema = 1\n[digests]\n\"../a\" = []\n",
        "schema = 1\n[digests]\n\"a\" = [\"0\"]\n",
        "schema = 1\n[[release]]\nedition = \"oss\"\nversion = \"3.3\"\nplatform = \"linux-x64\"\n",
        "schema = 1\n[[release]]\nedition = \"oss\"\nversion = \"3.3.7.5\"\nplatform = \"solaris\"\n",
    ] {
        assert!(OwnCatalog::parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(OwnCatalog::parse(&vec![b'#'; LARGEST_OWN_CATALOG + 1]).is_err());
    assert!(OwnCatalog::parse(b"\xff").is_err());
}

proptest! {
    #[test]
    fn any_catalog_is_read_as_written(files in prop::collection::btree_map("[a-zA-Z0-9.-]{1,40}", any::<[u8; 32]>(), 0..8)) {
        let mut catalog = OwnCatalog::default();
        for (file, digest) in files {
            catalog.add(identity("3.3.7.5"), &file, Sha256(digest));
        }
        prop_assert_eq!(OwnCatalog::parse(catalog.render().as_bytes()), Ok(catalog));
    }
}
