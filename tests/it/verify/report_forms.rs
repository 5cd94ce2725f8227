//! `--format` and `--anonymize`.

use std::fs;

use insta::assert_snapshot;
use taos_sandbox::server::Options;

use crate::support::program::TestContext;
use crate::support::served::{Served, without_adapter};

#[test]
fn github_prints_annotations_and_appends_the_summary() {
    let served = Served::new(without_adapter());
    let summary = served.context.root().join("summary");
    fs::write(&summary, "first\n").unwrap();
    let run = served
        .verify_adapter(&["--transport", "ws", "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .run();
    assert_snapshot!(run, @"
    exit 14
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at tcp
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✗ tcp            127.0.0.1:[ADAPTER] refused the connection ([ms])

    error[adapter-not-running]: taosd runs on 127.0.0.1, but taosAdapter does not (over ws)
      observed: 127.0.0.1:[ADAPTER] refused the connection
      expected: a connection
      cause:    The native port [NATIVE] answers, and 127.0.0.1:[ADAPTER] refuses connections. taosAdapter, a separate service, serves REST and WebSocket.
      fix:      systemctl enable --now taosadapter    # on 127.0.0.1; in a container, publish the port: -p [ADAPTER]:6041
      read:     https://docs.taosdata.com/train-faq/faq
    ::error title=taos-setup adapter-not-running%3A 127.0.0.1%3A[ADAPTER]::taosd runs on 127.0.0.1, but taosAdapter does not%0AThe native port [NATIVE] answers, and 127.0.0.1:[ADAPTER] refuses connections. taosAdapter, a separate service, serves REST and WebSocket.%0Asystemctl enable --now taosadapter    # on 127.0.0.1; in a container, publish the port: -p [ADAPTER]:6041
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    ");
    let text = fs::read_to_string(&summary).unwrap();
    assert!(
        text.starts_with("first\n# TDengine connection report\n"),
        "{text}"
    );
}

#[test]
fn nagios_has_one_line_and_its_exit_codes() {
    let served = Served::healthy();
    let program = served.verify_adapter(&["--transport", "ws,rest", "--format", "nagios"]);
    let run = program.env("TAOS_PASSWORD", "taosdata").run().to_string();
    let shown: Vec<String> = run
        .split("'=")
        .map(|part| match part.split_once("ms;;;") {
            Some((_, rest)) => format!("[n]ms;;;{rest}"),
            None => part.to_owned(),
        })
        .collect();
    assert_snapshot!(shown.join("'="), @"
    exit 0
    --- stdout
    TDENGINE OK - 127.0.0.1:[ADAPTER] | '127.0.0.1:[ADAPTER] ws'=[n]ms;;;0 '127.0.0.1:[ADAPTER] rest'=[n]ms;;;0
    --- stderr
    ");
    let served = Served::new(without_adapter());
    assert_snapshot!(served.verify_adapter(&["--transport", "rest", "--format", "nagios"]).run(), @"
    exit 2
    --- stdout
    TDENGINE CRITICAL - 127.0.0.1:[ADAPTER]: taosd runs on 127.0.0.1, but taosAdapter does not (adapter-not-running)
    --- stderr
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    ");
}

#[test]
fn nagios_sees_errors_before_the_first_check_as_unknown() {
    let context = TestContext::new();
    let verify = |words: &[&str]| {
        context
            .program(
                ["verify", "--format", "nagios"]
                    .iter()
                    .chain(words)
                    .copied(),
            )
            .run()
    };
    assert_snapshot!(verify(&["@plant.txt"]), @"
    exit 3
    --- stdout
    TDENGINE UNKNOWN - could not read the inventory plant.txt: no such file or directory
    --- stderr
    error[file-unreadable]: could not read the inventory plant.txt
      no such file or directory
      next: write one target a line, [group] headings, and labels as NAME=VALUE after a target; see docs/fleet.md
    ");
    assert_snapshot!(verify(&["bad..host"]), @"
    exit 3
    --- stdout
    TDENGINE UNKNOWN - could not read the target `bad..host`: the host is neither a host name nor an address
    --- stderr
    error[usage]: could not read the target `bad..host`
      the host is neither a host name nor an address
      next: taos-setup verify HOST    # or HOST:PORT, a URL, or a connection string
    ");
    let served = Served::healthy();
    let words = [
        "--transport",
        "ws,rest",
        "--format",
        "nagios",
        "--report",
        "missing/x.prom",
    ];
    let run = served
        .verify_adapter(&words)
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 3
    --- stdout
    TDENGINE UNKNOWN - could not write missing/x.prom: no such file or directory
    --- stderr
    error[file-unwritable]: could not write missing/x.prom
      no such file or directory
      next: check that the directory exists and is writable, then run the command again
    ");
}

#[test]
fn nothing_of_hosts_and_users_survives_anonymize() {
    let served = Served::new(Options {
        dnode_endpoints: Some(vec![
            "td7.secret-corp.invalid:6030".to_owned(),
            "127.0.0.9:6030".to_owned(),
        ]),
        ..Options::default()
    });
    let run = served
        .verify_adapter(&[
            "--transport",
            "ws,rest",
            "--anonymize",
            "--timeout",
            "1s",
            "--verbose",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @r"
    exit 0
    --- stdout
    loopback-1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, user-1, 2 dnodes, [ms]
        ✓ dns            loopback-1 (no name to resolve) ([ms])
        ✓ tcp            loopback-1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✓ auth           user-1 ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          2 dnodes: host-2:6030, loopback-2:6030 ([ms])
        ! endpoints      host-2:6030 does not resolve on this machine ([ms])
        ! endpoints      loopback-2:6030 refused the connection ([ms])
      ✓ rest   taosAdapter 3.3.7.5, user-1, 2 dnodes, [ms]
        ✓ dns            loopback-1 (no name to resolve) ([ms])
        ✓ tcp            loopback-1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✓ auth           user-1 ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          2 dnodes: host-2:6030, loopback-2:6030 ([ms])
        ! endpoints      host-2:6030 does not resolve on this machine ([ms])
        ! endpoints      loopback-2:6030 refused the connection ([ms])

    warning[dnode-unresolved]: the server redirects clients to host-2:6030, which does not resolve on this machine (over ws, rest)
      observed: host-2:6030 does not resolve on this machine
      expected: every dnode endpoint accepts connections from this machine
      cause:    Native clients are redirected to the endpoint that each dnode advertises, so every machine with native clients must be able to connect to it. WebSocket and REST are not redirected and work without it.
      fix:      printf '%s\n' 'ADDRESS_OF_host-2 host-2' | sudo tee -a /etc/hosts    # native only, on this machine and every other native client; WebSocket and REST do not need this
      read:     https://docs.taosdata.com/train-faq/faq

    warning[dnode-unreachable]: the server redirects clients to loopback-2:6030, which this machine cannot connect to (over ws, rest)
      observed: loopback-2:6030 refused the connection
      expected: every dnode endpoint accepts connections from this machine
      cause:    Native clients are redirected to the endpoint that each dnode advertises, so every machine with native clients must be able to connect to it. WebSocket and REST are not redirected and work without it. localhost is the client's own machine for every client: the server is set up only for clients on its own machine.
      fix:      docker run -h localhost -e TAOS_FQDN=localhost -p 6030:6030 -p [ADAPTER]:6041 tdengine/tdengine    # native only; without Docker: fqdn localhost in the taos.cfg of that dnode; WebSocket and REST do not need this
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    let json = served
        .verify_adapter(&[
            "--transport",
            "ws,rest",
            "--anonymize",
            "--timeout",
            "1s",
            "--json",
            "--report",
            "a.md",
            "--report",
            "a.xml",
            "--report",
            "a.prom",
            "--report",
            "a.json",
            "--report",
            "a.html",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    let mut texts = vec![run.to_string(), json.to_string()];
    for file in ["a.md", "a.xml", "a.prom", "a.json", "a.html"] {
        texts.push(fs::read_to_string(served.context.work().join(file)).unwrap());
    }
    for text in texts {
        // The style of a page has a selector of this name.
        let text = text.rsplit("</style>").next().unwrap();
        for original in ["127.0.0", "td7", "secret-corp", "root"] {
            assert!(!text.contains(original), "{original} in {text}");
        }
        assert!(text.contains("loopback-1"), "{text}");
    }
}

#[test]
fn usage_errors_are_anonymized_too() {
    let served = Served::healthy();
    let run = served
        .context
        .program(["verify", "db.corp.invalid:99999", "--anonymize"])
        .run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert!(!run.to_string().contains("corp"), "{run}");
}
