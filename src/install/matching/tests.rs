use super::*;

fn server(version: &str, edition: Option<Edition>, dnodes: &[&str]) -> Server {
    Server {
        target: "db".into(),
        version: version.parse().unwrap(),
        edition,
        host: "db".into(),
        native_port: 6030,
        adapter: Default::default(),
        dnodes: dnodes.iter().map(|text| (*text).to_owned()).collect(),
        user: "root".into(),
    }
}

fn request(origin: Origin) -> InstallRequest {
    let fetch = crate::fetch::FetchOptions {
        cache: crate::fetch::DownloadCache::at("/nowhere".into()),
        offline: true,
        insecure_http: false,
        limits: crate::fetch::DownloadLimits::default(),
    };
    InstallRequest {
        server: Some("db".into()),
        ..InstallRequest::new(origin, Vec::new(), fetch)
    }
}

fn settled(version: &str, edition: Option<Edition>, origin: Origin) -> Result<(String, String)> {
    let catalog = Clients::builtin().unwrap();
    let platform = "linux-x64".parse().unwrap();
    let server = server(version, edition, &[]);
    let request = request(origin);
    let events: EventSink = std::sync::Arc::new(crate::system::events::Silent);
    // Offline, nothing is asked.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let selected = runtime.block_on(select(&request, server, catalog, platform, &events));
    selected.map(|selection| {
        let version = selection.request.version.unwrap().to_string();
        (version, selection.matched.unwrap().why.to_string())
    })
}

#[test]
fn match_has_reason() {
    let oss = Some(Edition::Oss);
    let (version, why) = settled("3.3.6.13", oss, Origin::Vendor).unwrap();
    assert_eq!(version, "3.3.6.13");
    assert_eq!(
        why,
        "db is TDengine 3.3.6.13 oss: client 3.3.6.13 has the same four parts"
    );
    let (version, why) = settled("3.3.6.12", oss, Origin::Vendor).unwrap();
    assert_eq!(version, "3.3.6.9");
    assert!(
        why.ends_with("client 3.3.6.9 is the newest of 3.3.6 that is not newer than the server")
    );
    let (version, why) = settled("3.9.1.2", oss, Origin::Vendor).unwrap();
    assert_eq!(version, "3.9.1.2");
    assert!(why.ends_with("the catalog has no client 3.9.1, so the same four parts are tried"));
    let (_, why) = settled("3.3.6.13", None, Origin::Vendor).unwrap();
    assert!(
        why.ends_with("root may not see the edition, so oss is assumed: --edition sets another")
    );
}

#[test]
fn enterprise_is_handed_out() {
    let error = settled("3.3.7.5", Some(Edition::Enterprise), Origin::Vendor).unwrap_err();
    assert_eq!(error.exit(), 3);
    assert!(error.next.to_string().starts_with(
            "ask TDengine's support for tdengine-tsdb-enterprise-client-3.3.7.5-linux-x64.tar.gz, then: taos-setup install --from"
        ));
}

#[test]
fn file_that_does_not_fit() {
    let file = |name: &str| Origin::File(name.into());
    for name in [
        "TDengine-client-3.3.6.13-Linux-x64.tar.gz",
        "tdengine-tsdb-oss-client-3.3.7.6-linux-x64.tar.gz",
        "tdengine-tsdb-oss-client-3.3.7.5-linux-arm64.tar.gz",
        "tdengine-tsdb-enterprise-client-3.3.7.5-linux-x64.tar.gz",
    ] {
        let error = settled("3.3.7.5", Some(Edition::Oss), file(name)).unwrap_err();
        assert_eq!(error.exit(), 3, "{name}");
    }
    let name = "tdengine-tsdb-oss-client-3.3.7.4-linux-x64.tar.gz";
    assert_eq!(
        settled("3.3.7.5", Some(Edition::Oss), file(name))
            .unwrap()
            .0,
        "3.3.7.4"
    );
}

#[test]
fn first_endpoints_are_read() {
    let ep = |dnodes: &[&str]| first_ep(&server("3.3.7.5", None, dnodes));
    assert_eq!(ep(&[]), "db:6030");
    assert_eq!(ep(&["tdengine:6030"]), "tdengine:6030");
    assert_eq!(ep(&["n1:6030", "DB:7030"]), "DB:7030");
    assert_eq!(ep(&["localhost:6030"]), "db:6030");
    assert_eq!(ep(&["a b:6030\nlogDir /", "x#:1"]), "db:6030");
}
