//! `--report`: one file a form, written whole, also if verify fails.

use std::fs;

use insta::assert_snapshot;
use taos_sandbox::server::{Listen, Options};

use crate::support::served::{Served, without_adapter};

/// A server whose ports refuse connections.
fn unreachable() -> Served {
    Served::new(Options {
        native: Listen::Refused,
        ..without_adapter()
    })
}

/// The text of the report `name`, with the ports, times, and instants masked.
fn report(served: &Served, name: &str) -> String {
    let text = fs::read_to_string(served.context.work().join(name)).unwrap();
    let text = text
        .replace(&served.sandbox.adapter().port().to_string(), "[ADAPTER]")
        .replace(&served.sandbox.native().port().to_string(), "[NATIVE]");
    masked(&text)
}

/// `text` with every instant and measured number as `[n]`.
fn masked(text: &str) -> String {
    let mask = |line: &str| {
        let mut line = line.to_owned();
        for before in [
            "\"ms\": ",
            " time=\"",
            "timestamp=\"",
            "taos-setup 0.1.0, ",
            "timestamp_seconds ",
            "\"} ",
        ] {
            let Some(from) = line.find(before).map(|at| at + before.len()) else {
                continue;
            };
            let of_number = |c: char| c.is_ascii_digit() || ".:-TZ".contains(c);
            let length = line[from..]
                .find(|c| !of_number(c))
                .unwrap_or(line.len() - from);
            // Not 0 and 1, which say whether something is so.
            if length > 1 {
                line.replace_range(from..from + length, "[n]");
            }
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        match cells.as_slice() {
            [cells @ .., last] if cells.len() == 3 && last.ends_with(" |") => {
                format!("{} | [n] |", cells.join(" | "))
            }
            _ => line,
        }
    };
    text.lines().map(|line| mask(line) + "\n").collect()
}

#[test]
fn every_form_is_written_if_verify_fails() {
    let served = unreachable();
    let files = ["a.json", "a.xml", "a.md", "a.prom", "a.html"];
    let args: Vec<&str> = files.iter().flat_map(|file| ["--report", file]).collect();
    let run = served
        .verify_adapter(&[&args[..], &["--transport", "ws,rest"]].concat())
        .run();
    assert_eq!(run.exit, Some(10), "{run}");
    let json: serde_json::Value = serde_json::from_str(
        &report(&served, "a.json")
            .replace("[n]", "0")
            .replace("[ADAPTER]", "1")
            .replace("[NATIVE]", "2"),
    )
    .unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!(
        json["data"]["targets"][0]["path"]["ports"][0]["addresses"][0]["outcome"],
        "refused"
    );
    // The target is this machine: there is no way to look at.
    assert_eq!(
        json["data"]["targets"][0]["control"]["resolver"]["reason"],
        "the target is this machine"
    );
    let page = report(&served, "a.html");
    assert!(
        page.contains("<svg class=\"wide\"") && page.contains("tcp-refused"),
        "{page}"
    );
    assert_snapshot!(report(&served, "a.xml"), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="127.0.0.1:[ADAPTER] ws" package="taos-setup.verify" id="0" timestamp="[n]" hostname="localhost" tests="2" failures="1" errors="0" skipped="0" time="[n]">
        <properties/>
        <testcase name="dns" classname="127.0.0.1:[ADAPTER].ws" time="[n]"/>
        <testcase name="tcp" classname="127.0.0.1:[ADAPTER].ws" time="[n]">
          <failure message="127.0.0.1:[ADAPTER] refused the connection" type="tcp-refused">a connection</failure>
        </testcase>
        <system-out><![CDATA[failed at tcp
    IPv4 routes unknown; IPv6 routes unknown; resolver not asked (the target is this machine)]]></system-out>
        <system-err><![CDATA[]]></system-err>
      </testsuite>
      <testsuite name="127.0.0.1:[ADAPTER] rest" package="taos-setup.verify" id="1" timestamp="[n]" hostname="localhost" tests="2" failures="1" errors="0" skipped="0" time="[n]">
        <properties/>
        <testcase name="dns" classname="127.0.0.1:[ADAPTER].rest" time="[n]"/>
        <testcase name="tcp" classname="127.0.0.1:[ADAPTER].rest" time="[n]">
          <failure message="127.0.0.1:[ADAPTER] refused the connection" type="tcp-refused">a connection</failure>
        </testcase>
        <system-out><![CDATA[failed at tcp
    IPv4 routes unknown; IPv6 routes unknown; resolver not asked (the target is this machine)]]></system-out>
        <system-err><![CDATA[]]></system-err>
      </testsuite>
    </testsuites>
    "#);
    assert_snapshot!(report(&served, "a.md"), @"
    # TDengine connection report

    **❌ no program listens on 127.0.0.1:[ADAPTER]**

    taos-setup 0.1.0, [n]

    ## Error: no program listens on 127.0.0.1:[ADAPTER]

    - **Target**: 127.0.0.1:[ADAPTER]
    - **Transports**: ws, rest
    - **Observed**: 127.0.0.1:[ADAPTER] refused the connection
    - **Expected**: a connection
    - **Cause**: The machine answers, but no program on it has this port open: the server is not running there, or it uses another port.
    - **ID**: `tcp-refused`

    Fix

    ```sh
    systemctl status taosd taosadapter    # on 127.0.0.1; start what is stopped, or pass the right host and port
    ```

    ## 127.0.0.1:[ADAPTER]

    ### ❌ WebSocket: failed at tcp

    | | Check | Observed | [n] |
    | --- | --- | --- | [n] |
    | ✅ | name | 127.0.0.1 (no name to resolve) | [n] |
    | ❌ | port | 127.0.0.1:[ADAPTER] refused the connection | [n] |

    ### ❌ REST: failed at tcp

    | | Check | Observed | [n] |
    | --- | --- | --- | [n] |
    | ✅ | name | 127.0.0.1 (no name to resolve) | [n] |
    | ❌ | port | 127.0.0.1:[ADAPTER] refused the connection | [n] |

    **From this machine:** IPv4 routes unknown; IPv6 routes unknown; resolver not asked (the target is this machine)
    ");
    assert_snapshot!(report(&served, "a.prom"), @r#"
    # HELP taos_setup_verify_up Whether the transport works, up to a query that taosd answers.
    # TYPE taos_setup_verify_up gauge
    taos_setup_verify_up{target="127.0.0.1:[ADAPTER]",transport="ws"} 0
    taos_setup_verify_up{target="127.0.0.1:[ADAPTER]",transport="rest"} 0
    # HELP taos_setup_verify_check_success Whether the check passed.
    # TYPE taos_setup_verify_check_success gauge
    taos_setup_verify_check_success{target="127.0.0.1:[ADAPTER]",transport="ws",check="tcp"} 0
    taos_setup_verify_check_success{target="127.0.0.1:[ADAPTER]",transport="ws",check="dns"} 1
    taos_setup_verify_check_success{target="127.0.0.1:[ADAPTER]",transport="rest",check="tcp"} 0
    taos_setup_verify_check_success{target="127.0.0.1:[ADAPTER]",transport="rest",check="dns"} 1
    # HELP taos_setup_verify_check_duration_seconds Seconds that the check took.
    # TYPE taos_setup_verify_check_duration_seconds gauge
    taos_setup_verify_check_duration_seconds{target="127.0.0.1:[ADAPTER]",transport="ws",check="tcp"} [n]
    taos_setup_verify_check_duration_seconds{target="127.0.0.1:[ADAPTER]",transport="ws",check="dns"} [n]
    taos_setup_verify_check_duration_seconds{target="127.0.0.1:[ADAPTER]",transport="rest",check="tcp"} [n]
    taos_setup_verify_check_duration_seconds{target="127.0.0.1:[ADAPTER]",transport="rest",check="dns"} [n]
    # HELP taos_setup_verify_finding A finding: 1 for each that was seen.
    # TYPE taos_setup_verify_finding gauge
    taos_setup_verify_finding{target="127.0.0.1:[ADAPTER]",id="tcp-refused",severity="error"} 1
    # HELP taos_setup_verify_exit_code The exit code of taos-setup verify.
    # TYPE taos_setup_verify_exit_code gauge
    taos_setup_verify_exit_code 10
    # HELP taos_setup_verify_timestamp_seconds When the checks ended, in seconds since 1970.
    # TYPE taos_setup_verify_timestamp_seconds gauge
    taos_setup_verify_timestamp_seconds [n]
    "#);
}

#[test]
fn unknown_ending_is_refused_before_anything_runs() {
    let served = Served::healthy();
    let run = served.verify_adapter(&["--report", "a.pdf"]).run();
    assert_eq!(run.exit, Some(2), "{run}");
    assert_eq!(run.stdout, "");
    assert_eq!(served.sandbox.logins().accepted, 0);
}

#[test]
fn unwritable_report_is_an_error_next_to_the_verdict() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&[
            "--transport",
            "ws",
            "--report",
            "missing/a.md",
            "--report",
            "b.md",
            "--quiet",
        ])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 8
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    error[file-unwritable]: could not write missing/a.md
      no such file or directory
      next: check that the directory exists and is writable, then run the command again
    ");
    assert!(served.context.work().join("b.md").exists());
}

#[test]
fn password_is_in_no_report() {
    let served = Served::new(Options {
        users: vec![taos_sandbox::server::User {
            name: "root".to_owned(),
            password: "s3cret-Word!".to_owned(),
            sysinfo: true,
            createdb: true,
        }],
        ..Options::default()
    });
    let files = ["a.json", "a.xml", "a.md", "a.prom", "a.html"];
    let args: Vec<&str> = files.iter().flat_map(|file| ["--report", file]).collect();
    let run = served
        .verify_adapter(&[&args[..], &["--transport", "ws,rest"]].concat())
        .env("TAOS_PASSWORD", "s3cret-Word!")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    for file in files {
        let text = fs::read_to_string(served.context.work().join(file)).unwrap();
        assert!(!text.contains("s3cret"), "{file}");
        assert!(text.len() > 100, "{file}");
    }
}
