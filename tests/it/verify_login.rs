//! Logins that the server refuses.

use crate::verify_bench::Served;
use insta::assert_snapshot;

#[test]
fn a_wrong_password_is_tried_once() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "hunter2-is-wrong")
        .run();
    assert_snapshot!(run, @"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      ws
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])
      rest
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           Authentication failure [0x0357] ([ms])

    error[auth-failed] The server refuses the password of root (over ws, rest)
      observed: Authentication failure [0x0357]
      expected: a login as root
      cause:    The password is not the one that the server knows. It was tried once; servers lock accounts after three failed logins.
      fix:      read -rs TAOS_PASSWORD && export TAOS_PASSWORD && TAOS_USER=root taos-setup verify 127.0.0.1:[ADAPTER]
      read:     https://docs.taosdata.com/train-faq/faq
    --- stderr
    ");
    assert_eq!(served.sandbox.logins().refused, 1);
    assert!(!run.stdout.contains("hunter2"));
}

#[test]
fn the_default_password_is_said_to_be_one() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "rest"])
        .env("TAOS_USER", "nobody")
        .run();
    assert_snapshot!(run, @r#"
    exit 11
    --- stdout
    127.0.0.1:[ADAPTER]
      rest
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✗ auth           Invalid user [0x0351] ([ms])

    error[auth-user-unknown] The server knows no user nobody (over rest)
      observed: Invalid user [0x0351]
      expected: a login as nobody
      cause:    The user does not exist on this server; names are case-sensitive.
      fix:      taos -s "show users;"    # on 127.0.0.1, as root; then set TAOS_USER and TAOS_PASSWORD to a user of that list
    --- stderr
    note: no password was given: the default nobody/taosdata is tried once; TAOS_USER and TAOS_PASSWORD set others
    "#);
}
