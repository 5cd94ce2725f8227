use super::*;
use proptest::prelude::*;

fn client(version: &str, platform: &str) -> Identity {
    Identity {
        edition: Edition::Oss,
        version: version.parse().unwrap(),
        platform: platform.parse().unwrap(),
    }
}

fn paths(version: &str, platform: &str) -> Vec<String> {
    let clients = Clients::builtin().unwrap();
    clients
        .packages(client(version, platform))
        .into_iter()
        .map(|package| package.path)
        .collect()
}

#[test]
fn names_of_the_three_eras() {
    assert_eq!(
        paths("2.6.0.22", "linux-arm64"),
        ["assets-download/TDengine-client-2.6.0.22-Linux-aarch64.tar.gz"]
    );
    assert_eq!(
        paths("3.0.4.2", "linux-x64"),
        ["assets-download/3.0/TDengine-client-3.0.4.2-Linux-x64.tar.gz"]
    );
    assert_eq!(
        paths("3.4.2.5", "windows-x64"),
        ["tdengine-tsdb-oss/3.4.2.5/tdengine-tsdb-oss-client-3.4.2.5-windows-x64.exe"]
    );
}

#[test]
fn near_the_border_both_names() {
    let old = |v: &str| format!("assets-download/3.0/TDengine-client-{v}-Linux-x64.tar.gz");
    let new =
        |v: &str| format!("tdengine-tsdb-oss/{v}/tdengine-tsdb-oss-client-{v}-linux-x64.tar.gz");
    assert_eq!(paths("3.3.6.12", "linux-x64"), [old("3.3.6.12")]);
    assert_eq!(
        paths("3.3.6.13", "linux-x64"),
        [old("3.3.6.13"), new("3.3.6.13")]
    );
    assert_eq!(
        paths("3.3.7.0", "linux-x64"),
        [new("3.3.7.0"), old("3.3.7.0")]
    );
    assert_eq!(
        paths("3.3.8.8", "linux-x64"),
        [new("3.3.8.8"), old("3.3.8.8")]
    );
    assert_eq!(paths("3.3.9.0", "linux-x64"), [new("3.3.9.0")]);
}

#[test]
fn vendor_has_two_hosts() {
    let packages = Clients::builtin()
        .unwrap()
        .packages(client("3.4.2.5", "linux-x64"));
    assert_eq!(
        packages[0].addresses(),
        [
            "https://downloads.taosdata.com/tdengine-tsdb-oss/3.4.2.5/tdengine-tsdb-oss-client-3.4.2.5-linux-x64.tar.gz",
            "https://downloads.tdengine.com/tdengine-tsdb-oss/3.4.2.5/tdengine-tsdb-oss-client-3.4.2.5-linux-x64.tar.gz",
        ]
    );
}

#[test]
fn requests_meet_the_platform() {
    let clients = Clients::builtin().unwrap();
    let resolve = |request: &str, platform: &str| {
        clients.resolve(
            &request.parse().unwrap(),
            Edition::Oss,
            platform.parse().unwrap(),
        )
    };
    let v = |text: &str| text.parse::<Version>().unwrap();
    assert_eq!(resolve("latest", "linux-x64"), Ok(v("3.4.2.5")));
    assert_eq!(resolve("3.3.7", "linux-x64"), Ok(v("3.3.7.5")));
    assert_eq!(resolve("3.3", "windows-x64"), Ok(v("3.3.6.13")));
    assert_eq!(resolve("3.9.1.7", "linux-x64"), Ok(v("3.9.1.7")));
    let error = resolve("3.5", "linux-x64").unwrap_err();
    assert_eq!(error.exit(), 3);
    assert!(
        error
            .observed
            .to_string()
            .ends_with("the nearest is 3.4.2.5")
    );
}

#[test]
fn digests_are_found_by_client() {
    let clients = Clients::builtin().unwrap();
    assert_eq!(clients.digests(client("3.0.4.2", "linux-x64")).len(), 1);
    assert_eq!(clients.digests(client("3.0.4.0", "windows-x64")).len(), 2);
    assert!(clients.digests(client("3.3.7.5", "linux-x64")).is_empty());
}

#[test]
fn file_names_are_recognized() {
    let clients = Clients::builtin().unwrap();
    for (file, version) in [
        ("TDengine-client-3.3.7.5-Linux-x64.tar.gz", "3.3.7.5"),
        ("TDengine-client-3.3.7.5-Linux-x64-Lite.tar.gz", "3.3.7.5"),
        (
            "tdengine-tsdb-oss-client-3.3.6.0-linux-x64.tar.gz",
            "3.3.6.0",
        ),
    ] {
        assert_eq!(clients.identify(file), Some(client(version, "linux-x64")));
    }
    let zip = "tdengine-tsdb-oss-client-3.3.7.5-windows-x64.zip";
    assert_eq!(
        clients.identify(zip),
        Some(client("3.3.7.5", "windows-x64"))
    );
    assert_eq!(clients.identify("client.zip"), None);
    for other in [
        "TDengine-server-3.3.7.5-Linux-x64.tar.gz",
        "client.tar.gz",
        "3.3.7.5",
        "",
    ] {
        assert_eq!(clients.identify(other), None);
    }
    for (file, version) in [
        ("TDengine-server-3.3.6.13-Linux-x64.tar.gz", "3.3.6.13"),
        ("tdengine-tsdb-oss-3.3.7.5-linux-x64.tar.gz", "3.3.7.5"),
    ] {
        assert_eq!(
            clients.identify_server(file),
            Some(client(version, "linux-x64"))
        );
        assert_eq!(clients.identify(file), None);
    }
    let enterprise = "TDengine-enterprise-3.3.6.9-Linux-arm64.tar.gz";
    let identity = clients.identify_server(enterprise).unwrap();
    assert_eq!(identity.edition, Edition::Enterprise);
    let client = "tdengine-tsdb-oss-client-3.3.7.5-linux-x64.tar.gz";
    assert_eq!(clients.identify_server(client), None);
}

proptest! {
    #[test]
    fn version_is_in_each_name(parts in prop::array::uniform4(0u32..=9999)) {
        let clients = Clients::builtin().unwrap();
        for edition in [Edition::Oss, Edition::Enterprise] {
            let identity = Identity { edition, ..client(&Version(parts).to_string(), "linux-arm64") };
            let packages = clients.packages(identity);
            prop_assert!(!packages.is_empty());
            for package in packages {
                prop_assert_eq!(clients.identify(&package.file), Some(identity));
            }
        }
    }

    #[test]
    fn any_file_name_is_read(file in any::<String>()) {
        let _ = Clients::builtin().unwrap().identify(&file);
    }
}
