//! A healthy server: every check passes, exit 0.

use crate::support::served::{Served, install_driver};
use insta::assert_snapshot;

#[test]
fn over_ws_and_rest() {
    let served = Served::healthy();
    let run = served
        .verify_adapter(&["--transport", "ws,rest"])
        .env("TAOS_PASSWORD", "taosdata")
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    ");
    let logins = served.sandbox.logins();
    assert_eq!(logins.refused, 0);
}

#[test]
fn all_three_transports_pass() {
    let served = Served::healthy();
    let folder = install_driver(&served.context, "3.3.7.5");
    let run = served
        .verify_adapter(&[])
        .env("TAOS_PASSWORD", "taosdata")
        .env("LD_LIBRARY_PATH", folder)
        .run();
    assert_snapshot!(run, @"
    exit 0
    --- stdout
    127.0.0.1:[ADAPTER]
      ✓ ws     taosAdapter 3.3.7.5, root, 1 dnode, [ms]
      ✓ rest   taosAdapter 3.3.7.5, root, 1 dnode, [ms]
      ✓ native 3.3.7.5, root, 1 dnode, [ms]
    --- stderr
    ");
}
