use super::*;
use crate::fetch::sidecar::Validator;

const ADDRESS: &str = "https://h/x";

fn sidecar() -> Sidecar {
    Sidecar::new(ADDRESS.into(), Validator::Etag("\"e\"".into()), 9)
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("downloads");
    let mut first = Partial::create(&cache, ADDRESS).unwrap();
    first.begin(Some(&sidecar())).unwrap();
    first.append(b"abc").unwrap();
    assert!(Partial::existing(&cache, ADDRESS).is_none());
    assert!(Partial::create(&cache, ADDRESS).is_none());
    drop(first);
    let (second, known) = Partial::existing(&cache, ADDRESS).unwrap();
    assert_eq!((second.length(), known), (3, Some(sidecar())));
}

#[test]
fn it_is_read_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("downloads");
    let mut partial = Partial::create(&cache, ADDRESS).unwrap();
    partial.begin(None).unwrap();
    partial.append(b"abcdef").unwrap();
    partial.cut(4).unwrap();
    let mut bytes = Vec::new();
    assert_eq!(partial.read(1, 2, &mut bytes).unwrap(), 2);
    assert_eq!(bytes, b"bc");
    partial.append(b"E").unwrap();
    let to = cache.join("sha256-0/x");
    partial.publish(&to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"abcdE");
    assert!(Partial::existing(&cache, ADDRESS).is_none());
    assert!(!cache.join(FOLDER).exists());
}

#[test]
fn nothing_stays_of_an_empty_or_unwanted_one() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("downloads");
    let mut partial = Partial::create(&cache, ADDRESS).unwrap();
    partial.begin(Some(&sidecar())).unwrap();
    drop(partial);
    assert!(!cache.exists());
    let mut partial = Partial::create(&cache, ADDRESS).unwrap();
    partial.append(b"abc").unwrap();
    partial.discard();
    assert!(!cache.exists());
}

#[test]
fn sidecar_of_another_file_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("downloads");
    let mut partial = Partial::create(&cache, ADDRESS).unwrap();
    let mut other = sidecar();
    other.address = "https://h/y".into();
    partial.begin(Some(&other)).unwrap();
    partial.append(b"abc").unwrap();
    drop(partial);
    assert_eq!(Partial::existing(&cache, ADDRESS).unwrap().1, None);
}
