use super::*;

#[test]
fn releases_are_sorted_and_marked() {
    let catalog = Clients::builtin().unwrap();
    let platform = "linux-x64".parse().unwrap();
    let store = Store::at("/nowhere".into());
    let client = Client::new(&store, Edition::Oss, "3.0.4.2".parse().unwrap(), platform);
    let releases = in_catalog(catalog, platform, &[client]);
    assert!(
        releases
            .windows(2)
            .all(|pair| pair[0].version >= pair[1].version)
    );
    let installed: Vec<_> = releases
        .iter()
        .filter(|release| release.installed)
        .collect();
    assert_eq!(installed.len(), 1);
    assert_eq!(installed[0].trust, PackageTrust::Digest);
    let trust = |version: &str| {
        let version = version.parse().unwrap();
        releases
            .iter()
            .find(|release| release.version == version)
            .unwrap()
            .trust
    };
    assert_eq!(trust("3.4.2.5"), PackageTrust::VendorList);
    assert_eq!(trust("3.3.6.13"), PackageTrust::None);
}
