//! Which server is asked, and how it is named.

use std::fs;

use crate::support::program::TestContext;
use crate::support::served::{Served, findings};
use insta::assert_snapshot;

#[test]
fn url_with_credentials_is_accepted() {
    let served = Served::healthy();
    let url = format!("ws://root:taosdata@{}", served.sandbox.adapter());
    let run = served.verify(&url, &[]).run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    ws://127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    note: every user of this machine can see a password in an argument; set TAOS_PASSWORD instead
    ");
}

#[test]
fn path_that_nothing_serves() {
    let served = Served::healthy();
    let adapter = served.sandbox.adapter();
    let run = served.verify(&format!("http://{adapter}/1"), &[]).run();
    assert_eq!(run.exit, Some(12), "{run}");
    let fix = "  fix:      taos-setup verify http://127.0.0.1:[ADAPTER]    # without /1, which nothing serves there; a path \
               names a database only with ws://, wss:// and their like";
    assert!(run.stdout.lines().any(|line| line == fix), "{run}");
    let works = served.verify(&format!("http://{adapter}"), &[]).run();
    assert_eq!(works.exit, Some(0), "{works}");
    // In a WebSocket URL it names a database.
    let run = served
        .verify(&format!("ws://{adapter}/1"), &["--json"])
        .run();
    assert_eq!(findings(&run), ["database-missing"], "{run}");
}

#[test]
fn without_a_target_taos_host_is_asked() {
    let served = Served::healthy();
    let run = served
        .context
        .program(["verify", "--transport", "rest", "--native-port", "1"])
        .env("TAOS_HOST", served.sandbox.adapter().to_string())
        .showing(served.sandbox.adapter().port(), "ADAPTER")
        .run();
    assert_eq!(run.exit, Some(0), "{run}");
    assert_snapshot!(run.stderr, @"
    note: no target given: verifying 127.0.0.1:[ADAPTER], named by TAOS_HOST
    note: no password given: trying the default root/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    ");
}

#[test]
fn without_taos_host_first_ep_is_asked() {
    let context = TestContext::new();
    let config = context.work().join("cfg");
    fs::create_dir(&config).unwrap();
    fs::write(
        config.join("taos.cfg"),
        "firstEp no-such-host.invalid:6030\n",
    )
    .unwrap();
    let run = context
        .program(["verify", "--transport", "rest"])
        .env("TAOS_CONFIG_DIR", &config)
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(run.exit, Some(10), "{run}");
    assert_snapshot!(run.stderr, @"
    note: no target given: verifying no-such-host.invalid:6030, the firstEp in [ROOT]/work/cfg/taos.cfg
    note: 6030 is the native port; ws and rest use 6041
    ");
}

#[test]
fn targets_that_make_no_sense() {
    let context = TestContext::new();
    assert_snapshot!(context.program(["verify", "http://root:hunter2@h:x"]).run(), @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not read the target `http://root:***@h:x`
      the host or port is invalid; percent-encode special characters of the password (/ is %2F, @ is %40)
      next: taos-setup verify HOST    # or HOST:PORT, a URL, or a connection string
    ");
    for target in ["h\u{7}", "a b", "ftp://h", "1.2.3.4.5:1", "-", ""] {
        let run = context.program(["verify", target]).run();
        assert_eq!(run.exit, Some(2), "{target:?}: {run}");
    }
}

#[cfg(unix)]
#[test]
fn password_that_is_not_text_is_not_passed_over() {
    use std::os::unix::ffi::OsStrExt;
    let context = TestContext::new();
    let run = context
        .program(["verify", "localhost"])
        .env("TAOS_PASSWORD", std::ffi::OsStr::from_bytes(b"p\xff"))
        .run();
    assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error[usage]: could not read TAOS_PASSWORD
      it is not UTF-8
      next: set TAOS_PASSWORD to text in UTF-8
    ");
}

#[test]
fn targets_are_reported_in_chinese() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "rest"])
        .env("TAOS_PASSWORD", "wrong")
        .env("LANG", "zh_CN.UTF-8")
        .run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ rest   在 auth 处失败
        ✓ dns            127.0.0.1（无需解析） ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] 接受连接 ([ms])
        ✓ protocol       taosAdapter 有应答 ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])

    错误[auth-failed]：服务端拒绝了用户 root 的密码（rest）
      实际：Authentication failure [0x0357]
      预期：以 root 登录
      原因：密码与服务端上的不一致。只尝试了一次；连续失败三次，服务端会锁定账户。
      修复：read -rs TAOS_PASSWORD && export TAOS_PASSWORD && TAOS_USER=root taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE]
      参考：https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
}

#[test]
fn targets_are_reported_as_json() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "ws", "--json"])
        .env("TAOS_PASSWORD", "wrong")
        .run();
    assert_snapshot!(run, @r#"
    exit 11
    --- stdout
    {
      "schema": 1,
      "command": "verify",
      "ok": false,
      "data": {
        "targets": [
          {
            "target": "127.0.0.1:[ADAPTER]",
            "transports": [
              {
                "transport": "ws",
                "status": "failed",
                "ms": [ms],
                "rungs": [
                  {
                    "rung": "dns",
                    "status": "ok",
                    "ms": [ms],
                    "observed": "127.0.0.1 (no name to resolve)",
                    "expected": "an address for the host name"
                  },
                  {
                    "rung": "tcp",
                    "status": "ok",
                    "ms": [ms],
                    "observed": "127.0.0.1:[ADAPTER] accepts",
                    "expected": "a connection"
                  },
                  {
                    "rung": "protocol",
                    "status": "ok",
                    "ms": [ms],
                    "observed": "taosAdapter 3.3.7.5 on /ws",
                    "expected": "101 Switching Protocols, and taosAdapter's version"
                  },
                  {
                    "rung": "auth",
                    "status": "failed",
                    "ms": [ms],
                    "observed": "Authentication failure [0x0357]",
                    "expected": "a login as root"
                  }
                ],
                "server_version": "3.3.7.5",
                "client_version": null
              }
            ],
            "path": {
              "host": "127.0.0.1",
              "name": {
                "outcome": "literal",
                "addresses": [
                  "127.0.0.1"
                ],
                "ms": null,
                "reason": "an address needs no resolver"
              },
              "proxy": null,
              "ports": [
                {
                  "role": "adapter",
                  "port": [ADAPTER],
                  "protocol": "tcp",
                  "tls": false,
                  "transports": [
                    "ws"
                  ],
                  "open": true,
                  "reason": null,
                  "addresses": [
                    {
                      "address": "127.0.0.1",
                      "source": "127.0.0.1",
                      "interface": null,
                      "outcome": "open",
                      "ms": [ms]
                    }
                  ],
                  "certificate": null
                }
              ],
              "dnodes": null,
              "reason": "no transport has come so far, or the user may not see them"
            },
            "control": null
          }
        ]
      },
      "findings": [
        {
          "id": "auth-failed",
          "severity": "error",
          "target": "127.0.0.1:[ADAPTER]",
          "transports": [
            "ws"
          ],
          "rung": "auth",
          "summary": "the server rejected the password of root",
          "observed": "Authentication failure [0x0357]",
          "expected": "a login as root",
          "cause": "The password is wrong for this server. It was tried once; servers lock accounts after three failed logins.",
          "fix": "read -rs TAOS_PASSWORD && export TAOS_PASSWORD && TAOS_USER=root taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE]",
          "docs": "https://docs.taosdata.com/train-faq/faq"
        }
      ],
      "error": null
    }
    --- stderr
    "#);
}

#[test]
fn two_targets_are_verified() {
    let served = Served::healthy();
    let other = served.sandbox.native().to_string();
    let run = served
        .verify_adapter(&[&format!("http://{other}"), "--transport", "rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(12), vec!["wrong-port".to_owned()]),
        "{run}"
    );
    let targets = &run.json()["data"]["targets"];
    assert_eq!(targets[0]["transports"][0]["status"], "ok");
    assert_eq!(targets[1]["transports"][0]["status"], "failed");
}

#[cfg(unix)]
#[test]
fn interrupt_ends_it_at_once() {
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let context = TestContext::new();
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let target = silent.local_addr().unwrap().to_string();
        let mut child = context
            .program(["verify", &target, "--timeout", "60m"])
            .into_command()
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let _connection = silent.accept().unwrap();
        crate::support::program::send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal:?}");
    }
}
