//! taosd dead behind a live taosAdapter: what looks healthy is not believed.

use std::time::{Duration, Instant};

use crate::support::served::{Served, backend, findings, install_driver};
use insta::assert_snapshot;
use taos_sandbox::faults::BackendDown;

/// As recorded, far beyond the time limit.
const RECORDED: Duration = Duration::from_millis(20_300);

#[test]
fn dead_backend_behind_pooled_connections_is_found() {
    let served = Served::with_faults(backend(BackendDown::Pooled, RECORDED));
    let begun = Instant::now();
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--timeout", "2s"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    let took = begun.elapsed();
    assert_snapshot!(run, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✗ auth           taosAdapter answers, but the login gets no answer in time ([ms])
      ✗ rest   failed at query
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✗ query          the login worked, but a query that only taosd can answer gets no answer in time ([ms])

    error[adapter-backend-down]: taosAdapter answers, but taosd behind it does not (over ws, rest)
      observed: taosAdapter answers, but the login gets no answer in time; the login worked, but a query that only taosd can answer gets no answer in time
      expected: a login as root
      cause:    taosd is stopped or still starting, or taosAdapter cannot connect to it (firstEp in its taos.cfg). Ping, login, and server_version() can look healthy meanwhile: taosAdapter answers them itself.
      fix:      systemctl restart taosd && journalctl -u taosd -n 50    # on 127.0.0.1
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn dead_backend_of_a_fresh_adapter_is_found() {
    let served = Served::with_faults(backend(BackendDown::Fresh, RECORDED));
    let begun = Instant::now();
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--timeout", "2s"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    let took = begun.elapsed();
    assert_snapshot!(run, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✗ auth           taosAdapter answers, but the login gets no answer in time ([ms])
      ✗ rest   failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           taosAdapter answers, but the login gets no answer in time ([ms])

    error[adapter-backend-down]: taosAdapter answers, but taosd behind it does not (over ws, rest)
      observed: taosAdapter answers, but the login gets no answer in time
      expected: a login as root
      cause:    taosd is stopped or still starting, or taosAdapter cannot connect to it (firstEp in its taos.cfg). Ping, login, and server_version() can look healthy meanwhile: taosAdapter answers them itself.
      fix:      systemctl restart taosd && journalctl -u taosd -n 50    # on 127.0.0.1
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn that_answers_with_its_code() {
    let served = Served::with_faults(backend(BackendDown::Fresh, Duration::from_millis(1)));
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✗ auth           Unable to establish connection [0x000B] ([ms])
      ✗ rest   failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           Unable to establish connection [0x000B] ([ms])

    error[adapter-backend-down]: taosAdapter answers, but taosd behind it does not (over ws, rest)
      observed: Unable to establish connection [0x000B]
      expected: a login as root
      cause:    taosd is stopped or still starting, or taosAdapter cannot connect to it (firstEp in its taos.cfg). Ping, login, and server_version() can look healthy meanwhile: taosAdapter answers them itself.
      fix:      systemctl restart taosd && journalctl -u taosd -n 50    # on 127.0.0.1
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn is_one_finding_for_all_three() {
    for down in [BackendDown::Pooled, BackendDown::Fresh] {
        let served = Served::with_faults(backend(down, RECORDED));
        let folder = install_driver(&served.context, "3.3.7.5");
        let run = served
            .verify_adapter(&["--timeout", "2s", "--json"])
            .env("TAOS_PASSWORD", "taosdata")
            .env("LD_LIBRARY_PATH", folder)
            .run();
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(14), vec!["adapter-backend-down".to_owned()]),
            "{run}"
        );
        let transports = &run.json()["findings"][0]["transports"];
        assert_eq!(
            *transports,
            serde_json::json!(["ws", "rest", "native"]),
            "{run}"
        );
    }
}

#[test]
fn working_native_keeps_taosd_out_of_fix() {
    let served = Served::with_faults(backend(BackendDown::Fresh, Duration::ZERO));
    let healthy = Served::healthy();
    let port = healthy.sandbox.native().port().to_string();
    let adapter = served.sandbox.adapter().to_string();
    let run = served
        .verify(&adapter, &["--native-port", &port])
        .env("TAOS_PASSWORD", "taosdata")
        .env(
            "LD_LIBRARY_PATH",
            install_driver(&served.context, "3.3.7.5"),
        )
        .run();
    let reported = run.stdout.lines().filter(|line| {
        ["error[", "  cause:", "  fix:"]
            .iter()
            .any(|start| line.starts_with(start))
    });
    assert_snapshot!(reported.collect::<Vec<_>>().join("\n"), @"
    error[adapter-backend-down]: taosAdapter answers, but taosd behind it does not (over ws, rest)
      cause:    taosd works: a native client connects to it from this machine. taosAdapter does not: firstEp in its own taos.cfg names another server or an unknown host, or all connections of its pool are in use.
      fix:      grep -i firstEp /etc/taos/taos.cfg; systemctl restart taosadapter && journalctl -u taosadapter -n 50    # on 127.0.0.1, where taosAdapter runs
    ");
}
