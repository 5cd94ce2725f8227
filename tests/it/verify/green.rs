//! A healthy server: every rung passes, exit 0.

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
      ws
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 dnode: localhost:[NATIVE] ([ms])
        ✓ endpoints      1 of 1 reachable from here ([ms])
      rest
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 dnode: localhost:[NATIVE] ([ms])
        ✓ endpoints      1 of 1 reachable from here ([ms])
    127.0.0.1:[ADAPTER] works over ws, rest
    --- stderr
    ");
    let logins = served.sandbox.logins();
    assert_eq!(logins.refused, 0);
}

#[test]
fn over_all_three() {
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
      ws
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter 3.3.7.5 on /ws ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 dnode: localhost:[NATIVE] ([ms])
        ✓ endpoints      1 of 1 reachable from here ([ms])
      rest
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[ADAPTER] accepts ([ms])
        ✓ protocol       taosAdapter answers ([ms])
        ✓ auth           root ([ms])
        ✓ version        3.3.7.5 ([ms])
        ✓ query          1 dnode: localhost:[NATIVE] ([ms])
        ✓ endpoints      1 of 1 reachable from here ([ms])
      native
        ✓ library        [ROOT]/driver/libtaos.so, first on the loader's search path ([ms])
        ✓ load           loaded and started ([ms])
        ✓ client_version 3.3.7.5, server 3.3.7.5 ([ms])
        ✓ dns            127.0.0.1 (no name to resolve) ([ms])
        ✓ tcp            127.0.0.1:[NATIVE] accepts ([ms])
        ✓ fingerprint    answers strangers as taosd does ([ms])
        ✓ connect        root, server 3.3.7.5 ([ms])
        ✓ query          1 dnode: localhost:[NATIVE] ([ms])
        ✓ endpoints      1 of 1 reachable from here ([ms])
    127.0.0.1:[ADAPTER] works over ws, rest, native
    --- stderr
    ");
}
