use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn names_stay_in_the_cache(name in "\\PC{0,300}|[./\\\\]{0,9}") {
        let plain = plain(&name);
        let path = Path::new(&plain);
        prop_assert_eq!(path.components().count(), 1);
        prop_assert_eq!(path.file_name().unwrap(), plain.as_str());
    }
}

#[test]
fn file_is_found_by_any_of_its_digests() {
    let folder = tempfile::tempdir().unwrap();
    let cache = DownloadCache::at(folder.path().join("downloads"));
    let [one, two] = [Sha256([1; 32]), Sha256([2; 32])];
    assert_eq!(cache.find(&[one, two]), None);
    let place = cache.place(&two, "x.tar.gz");
    fs::create_dir_all(&place).unwrap();
    assert_eq!(cache.find(&[one, two]), None, "a directory is not a file");
    fs::remove_dir(&place).unwrap();
    fs::write(&place, "x").unwrap();
    assert_eq!(cache.find(&[one, two]), Some(place.clone()));
    discard(&place);
    assert!(!cache.folder().exists());
}

#[test]
fn file_of_several_digests_is_found_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let cache = DownloadCache::at(folder.path().join("downloads"));
    let [one, two] = [Sha256([1; 32]), Sha256([2; 32])];
    let [old, new] = [
        cache.place(&one, "old.tar.gz"),
        cache.place(&two, "new.zip"),
    ];
    for file in [&old, &new] {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "x").unwrap();
    }
    let find = |names: &[&str]| cache.find_named(&[one, two], names.iter().copied());
    assert_eq!(find(&["new.tar.gz", "new.zip"]), Some(new));
    assert_eq!(find(&["old.tar.gz"]), Some(old));
    assert_eq!(find(&["old"]), None);
    assert_eq!(find(&[]), None);
}
