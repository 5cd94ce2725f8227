//! Logins that the server refuses.

use crate::support::served::{Served, findings, install_driver};
use insta::assert_snapshot;
use taos_sandbox::faults::Faults;
use taos_sandbox::server::{Options, User};
use taos_sandbox::sql::SqlError;

#[test]
fn wrong_password_is_tried_once() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ ws     failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])
      ✗ rest   failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])

    error[auth-failed]: the server rejected the password of root (over ws, rest)
      observed: Authentication failure [0x0357]
      expected: a login as root
      cause:    The password is wrong for this server. It was tried once; servers lock accounts after three failed logins.
      fix:      read -rs TAOS_PASSWORD && export TAOS_PASSWORD && TAOS_USER=root taos-setup verify 127.0.0.1:[ADAPTER] --native-port [NATIVE]
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert_eq!(served.sandbox.logins().refused, 1);
    assert!(!run.stdout.contains("hunter2"));
}

/// Kubernetes secrets made with `echo`, files of Docker secrets: the line break is a part of the password.
#[test]
fn password_with_a_line_break_is_said_to_have_one() {
    let served = Served::healthy();
    let cause = |password: &str| {
        let run = served
            .verify_adapter(&["--transport", "rest"])
            .env("TAOS_PASSWORD", password)
            .run();
        assert_eq!(run.exit, Some(11), "{run}");
        let cause = run.stdout.lines().find(|line| line.starts_with("  cause:"));
        cause.unwrap().to_owned()
    };
    assert_snapshot!(cause("taosdata\n"), @"  cause:    The password begins or ends with a blank or a line break, which is part of it: a file or 'echo' often adds one. It was tried once; servers lock accounts after three failed logins.");
    assert!(!cause("taos data").contains("line break"));
}

#[test]
fn default_password_is_said_to_be_one() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "rest"])
        .env("TAOS_USER", "unknown")
        .run();
    assert_snapshot!(run, @r#"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      ✗ rest   failed at auth
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           Invalid user [0x0351] ([ms])

    error[auth-user-unknown]: user unknown does not exist on the server (over rest)
      observed: Invalid user [0x0351]
      expected: a login as unknown
      cause:    User names are case-sensitive.
      fix:      taos -s "show users;"    # on 127.0.0.1, as root; then set TAOS_USER and TAOS_PASSWORD to a listed user
    --- stderr
    note: no password given: trying the default unknown/taosdata once; set TAOS_USER and TAOS_PASSWORD for another
    "#);
}

/// A server where `t_low` may not see what tells of the cluster.
pub fn with_a_lesser_user() -> Options {
    Options {
        users: vec![User {
            name: "t_low".into(),
            password: "Low-pass123".into(),
            sysinfo: false,
            createdb: false,
        }],
        ..Options::default()
    }
}

#[test]
fn wrong_password_is_tried_once_by_all_three() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&["--json"])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(11), vec!["auth-failed".to_owned()]),
        "{run}"
    );
    assert_eq!(
        run.json()["findings"][0]["transports"],
        serde_json::json!(["ws", "rest", "native"])
    );
    let logins = served.sandbox.logins();
    assert_eq!((logins.accepted, logins.refused), (0, 1));
}

#[test]
fn native_alone_says_the_same() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let verify = |user: &str, password: &str| {
        let run = served
            .verify_adapter(&["--transport", "native", "--json"])
            .env("TAOS_USER", user)
            .env("TAOS_PASSWORD", password)
            .env("LD_LIBRARY_PATH", &folder)
            .run();
        (run.exit, findings(&run))
    };
    assert_eq!(
        verify("root", "wrong"),
        (Some(11), vec!["auth-failed".to_owned()])
    );
    assert_eq!(
        verify("unknown", "x"),
        (Some(11), vec!["auth-user-unknown".to_owned()])
    );
}

#[test]
fn user_without_sysinfo_is_healthy() {
    let served = Served::new(with_a_lesser_user());
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&[])
        .env("TAOS_USER", "t_low")
        .env("TAOS_PASSWORD", "Low-pass123")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, t_low, [ms]
      ✓ rest   taosAdapter 3.3.7.5, t_low, [ms]
      ✓ native 3.3.7.5, t_low, [ms]
    --- stderr
    ");
}

#[test]
fn disabled_user_is_found() {
    let served = Served::with_faults(Faults {
        reject_logins: Some(SqlError::new(0x0315, "User is disabled")),
        ..Faults::default()
    });
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(11), vec!["user-locked".to_owned()]),
        "{run}"
    );
    assert_eq!(served.sandbox.logins().refused, 1);
}

#[test]
fn refusal_for_another_reason() {
    let served = Served::with_faults(Faults {
        reject_logins: Some(SqlError::new(
            0x0303,
            "Insufficient privilege for operation",
        )),
        ..Faults::default()
    });
    let run = served
        .verify_adapter(&["--transport", "rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert!(run.stdout.contains("error[auth-denied]"), "{run}");
    assert!(
        run.stdout
            .contains("Insufficient privilege for operation [0x0303]"),
        "{run}"
    );
    assert_eq!(run.exit, Some(11));
}

#[test]
fn refusal_with_success_code_is_rejected() {
    let served = Served::with_faults(Faults {
        empty_success: true,
        ..Faults::default()
    });
    for transport in ["ws", "rest"] {
        let run = served
            .verify_adapter(&["--transport", transport, "--json"])
            .env("TAOS_PASSWORD", "wrong")
            .run();
        assert_eq!(
            (run.exit, findings(&run)),
            (Some(11), vec!["auth-failed".to_owned()]),
            "{run}"
        );
    }
    assert_eq!(served.sandbox.logins().refused, 2);
}

#[test]
fn database_that_does_not_exist() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let url = format!("taos://root:taosdata@{}/power", served.sandbox.native());
    let run = served
        .verify(&url, &[])
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_eq!(run.exit, Some(14), "{run}");
    assert!(
        run.stdout
            .contains("error[database-missing]: the server has no database power"),
        "{run}"
    );
    assert_snapshot!(run.stderr, @"note: every user of this machine can see a password in an argument; set TAOS_PASSWORD instead");
}

#[test]
fn http_status_decides_nothing() {
    let served = Served::new(Options {
        http_code_server_error: true,
        ..Options::default()
    });
    let run = served
        .verify_adapter(&["--transport", "rest", "--json"])
        .env("TAOS_PASSWORD", "wrong")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(11), vec!["auth-failed".to_owned()]),
        "{run}"
    );
}

#[test]
fn another_name_of_the_same_server_is_not_another_try() {
    let served = Served::healthy();
    let port = served.sandbox.adapter().port();
    let (rest, ws) = (
        format!("http://127.0.0.1:{port}"),
        format!("ws://localhost:{port}/"),
    );
    let run = served
        .verify_adapter(&[&rest, &ws, "--transport", "ws,rest", "--json"])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .run();
    assert_eq!(
        (run.exit, findings(&run)),
        (Some(11), vec!["auth-failed".to_owned(); 3]),
        "{run}"
    );
    assert_eq!(served.sandbox.logins().refused, 1);
    // Other credentials are another login.
    let other = format!("http://root:taosdata@127.0.0.1:{port}");
    let run = served
        .verify_adapter(&[&other, "--transport", "rest", "--json"])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .run();
    assert_eq!(
        run.json()["data"]["targets"][1]["transports"][0]["status"],
        "ok",
        "{run}"
    );
}

#[test]
fn server_reasons_have_findings_over_all_transports() {
    for (code, words, id, exit) in [
        (
            0x0134,
            "IP address is not in the white list",
            "ip-not-allowed",
            11,
        ),
        (0xFFFF, "ip not in whitelist", "ip-not-allowed", 11),
        (0x0361, "User password is expired", "password-expired", 11),
        (0x0362, "Wrong TOTP code", "totp-required", 11),
        (0x0800, "License expired", "licence-expired", 14),
        (
            0x0806,
            "Number of connections has reached the licensed upper limit",
            "licence-limit",
            14,
        ),
    ] {
        let served = Served::with_faults(Faults {
            reject_logins: Some(SqlError::new(code, words)),
            ..Faults::default()
        });
        let folder = install_driver(&served.context, "3.3.7.5");
        for transport in ["ws", "rest", "native", "ws,rest,native"] {
            let before = served.sandbox.logins().refused;
            let run = served
                .verify_adapter(&["--transport", transport, "--json"])
                .env("TAOS_PASSWORD", "taosdata")
                .env("LD_LIBRARY_PATH", &folder)
                .run();
            assert_eq!(
                (findings(&run), run.exit),
                (vec![id.to_owned()], Some(exit)),
                "{run}"
            );
            let refused = served.sandbox.logins().refused - before;
            let most = if exit == 11 { 1 } else { 3 };
            assert!(refused <= most, "{id} over {transport}: {refused}");
        }
    }
}

#[test]
fn adapter_over_its_limit() {
    let served = Served::with_faults(Faults {
        reject_logins: Some(SqlError::new(0xFFFE, "request over limit")),
        ..Faults::default()
    });
    let run = served
        .verify_adapter(&["--transport", "ws,rest", "--json"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_eq!(
        (findings(&run), run.exit),
        (vec!["rate-limited".to_owned()], Some(14)),
        "{run}"
    );
}
