//! Endpoints that the dnodes advertise: native clients are redirected there, others are not.

use crate::support::program::Run;
use crate::support::served::{Served, findings, install_driver};
use insta::assert_snapshot;
use taos_sandbox::server::Options;

/// All transports against a server whose dnode advertises `endpoint`.
fn verify(endpoint: &str, args: &[&str]) -> (Served, Run) {
    let served = Served::new(Options {
        dnode_endpoints: Some(vec![endpoint.to_owned()]),
        ..Options::default()
    });
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    (served, run)
}

/// A port of 127.0.0.1 that refuses connections while the sandbox lives.
pub fn refused() -> (Served, u16) {
    let served = Served::new(crate::support::served::without_adapter());
    let port = served.sandbox.adapter().port();
    (served, port)
}

#[test]
fn unreachable_is_a_warning_for_ws_and_rest() {
    let (_other, port) = refused();
    let endpoint = format!("127.0.0.2:{port}");
    let (_, run) = verify(&endpoint, &["--transport", "ws,rest", "--timeout", "1s"]);
    assert_eq!(run.exit, Some(0), "{run}");
    assert!(run.stdout.contains("warning[dnode-unreachable]"), "{run}");
    assert!(
        run.stdout
            .contains("✓ rest   taosAdapter 3.3.7.5, root, 1 dnode"),
        "{run}"
    );
}

#[test]
fn unreachable_is_an_error_for_native() {
    let (_other, port) = refused();
    let endpoint = format!("127.0.0.2:{port}");
    let (_, run) = verify(&endpoint, &["--timeout", "1s", "--json"]);
    assert_eq!(run.exit, Some(14), "{run}");
    let json = run.json();
    assert_eq!(findings(&run), ["dnode-unreachable"]);
    assert_eq!(json["findings"][0]["severity"], "error");
    assert_eq!(
        json["findings"][0]["transports"],
        serde_json::json!(["native"])
    );
}

#[test]
fn another_port_of_the_same_host_is_a_port_mapping() {
    let (_other, port) = refused();
    let (_, run) = verify(&format!("127.0.0.1:{port}"), &[]);
    let shown = run.to_string().replace(&port.to_string(), "[ADVERTISED]");
    assert_snapshot!(shown, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
        ! endpoints      127.0.0.1:[ADVERTISED] refused the connection ([ms])
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]
        ! endpoints      127.0.0.1:[ADVERTISED] refused the connection ([ms])
      ✗ native failed at endpoints
        ✓ library        [ROOT]/driver/libtaos.so, first on the library search path ([ms])
        ✓ load           loaded and started ([ms])
        ✓ client_version 3.3.7.5, server 3.3.7.5 ([ms])
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[NATIVE] accepts ([ms])
        ✓ fingerprint    answers unknown requests like taosd ([ms])
        ✓ connect        root, server 3.3.7.5 ([ms])
        ✓ query          1 dnode: 127.0.0.1:[ADVERTISED] ([ms])
        ✗ endpoints      127.0.0.1:[ADVERTISED] refused the connection ([ms])

    error[dnode-port-remapped]: the server answers on port [NATIVE] but redirects clients to 127.0.0.1:[ADVERTISED] (over native)
      observed: 127.0.0.1:[ADVERTISED] refused the connection
      expected: every dnode endpoint accepts connections from this machine
      cause:    A port mapping is in between: native clients are redirected to the advertised port, so host and container must use the same one. WebSocket and REST are not redirected.
      fix:      docker run -h localhost -e TAOS_FQDN=localhost -p [ADVERTISED]:[ADVERTISED] -p [ADAPTER]:6041 tdengine/tdengine    # native only: the same port on both sides; WebSocket and REST do not need this
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn name_that_does_not_resolve() {
    let (_, run) = verify(
        "buildkitsandbox.invalid:6030",
        &["--transport", "ws", "--json"],
    );
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["dnode-unresolved".to_owned()]),
        "{run}"
    );
    assert_eq!(run.json()["findings"][0]["severity"], "warning");
    let fix = run.json()["findings"][0]["fix"].to_string();
    assert!(fix.contains("buildkitsandbox.invalid"), "{fix}");
}

#[test]
fn hostile_name_is_neither_shown_nor_pasted() {
    let (_, run) = verify(
        "$(reboot)\u{1b}[31m:6030",
        &["--transport", "ws", "--timeout", "1s"],
    );
    assert!(!run.stdout.contains('\u{1b}'), "{run}");
    let fix = run
        .stdout
        .lines()
        .find(|line| line.contains("fix:"))
        .unwrap();
    assert!(!fix.contains("reboot"), "{fix}");
}

/// A server whose dnodes advertise `endpoints`, some of them offline; PORT stands for its native port.
pub fn cluster(endpoints: &[&str], offline: &[&str], options: Options) -> Served {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let named = |text: &&str| text.replace("PORT", &port.to_string());
    Served::new(Options {
        native: taos_sandbox::server::Listen::Port(port),
        dnode_endpoints: Some(endpoints.iter().map(named).collect()),
        faults: taos_sandbox::faults::Faults {
            data: taos_sandbox::data_faults::DataFaults {
                offline: offline.iter().map(named).collect(),
                ..Default::default()
            },
            ..Default::default()
        },
        ..options
    })
}

/// `verify` against dnodes that advertise `endpoints`.
fn verify_cluster(endpoints: &[&str], offline: &[&str], args: &[&str]) -> Run {
    let served = cluster(endpoints, offline, Options::default());
    let folder = install_driver(&served.context, "3.3.7.5");
    served
        .verify_adapter(args)
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run()
}

#[test]
fn three_healthy_dnodes_are_no_finding() {
    let dnodes = ["localhost:PORT", "127.0.0.1:PORT", "LOCALHOST:PORT"];
    let run = verify_cluster(&dnodes, &[], &["--json"]);
    assert_eq!((run.exit, findings(&run)), (Some(0), vec![]), "{run}");
}

#[test]
fn offline_dnode_differs_from_unreachable_one() {
    let dnodes = ["localhost:PORT", "td2.invalid:6030"];
    let run = verify_cluster(&dnodes, &["td2.invalid:6030"], &["--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["dnode-offline".to_owned()]),
        "{run}"
    );
    assert_eq!(run.json()["findings"][0]["severity"], "warning");
    let both = ["localhost:PORT", "td2.invalid:6030", "td3.invalid:6030"];
    let run = verify_cluster(&both, &["td2.invalid:6030"], &["--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (
            Some(14),
            vec!["dnode-unresolved".to_owned(), "dnode-offline".to_owned()]
        ),
        "{run}"
    );
}

/// The fix for a server whose one dnode advertises `endpoint`.
fn fix(endpoint: &str) -> String {
    let (served, run) = verify(
        endpoint,
        &["--transport", "ws", "--timeout", "1s", "--json"],
    );
    let json = run.json();
    assert_eq!(run.exit, Some(0), "{run}");
    let port = served.sandbox.adapter().port().to_string();
    let finding = &json["findings"][0];
    let text = format!(
        "{}: {}",
        finding["id"].as_str().unwrap(),
        finding["fix"].as_str().unwrap()
    );
    text.replace(&port, "[ADAPTER]")
}

#[test]
fn plain_name_gets_its_hosts_line() {
    assert_snapshot!(fix("td1.invalid:6030"), @r"dnode-unresolved: printf '%s\n' '127.0.0.1 td1.invalid' | sudo tee -a /etc/hosts    # native only, on this machine and every other native client; WebSocket and REST do not need this");
}

#[test]
fn containers_id_gets_a_name() {
    assert_snapshot!(fix("3f2a9c81d07b:6030"), @r"dnode-unresolved: docker run -h localhost -e TAOS_FQDN=localhost -p 6030:6030 -p [ADAPTER]:6041 tdengine/tdengine    # native only, with every other option as before; for this machine only: printf '%s\n' '127.0.0.1 3f2a9c81d07b' | sudo tee -a /etc/hosts; WebSocket and REST do not need this");
}

#[test]
fn name_of_kubernetes_gets_host_aliases() {
    assert_snapshot!(fix("td-0.td.default.svc.cluster.local:6030"), @r#"dnode-unresolved: hostAliases: [{ip: "127.0.0.1", hostnames: ["td-0.td.default.svc.cluster.local"]}]    # in the spec of pods that use native; from outside Kubernetes use WebSocket or REST, which do not need this"#);
}

#[test]
fn another_program_at_the_endpoint_is_not_taosd() {
    let other = Served::healthy();
    let endpoint = other.sandbox.adapter().to_string();
    let (_, run) = verify(&endpoint, &["--transport", "ws", "--json"]);
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(0), vec!["dnode-unreachable".to_owned()]),
        "{run}"
    );
}
