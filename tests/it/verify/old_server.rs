//! TDengine 2, asked for its version by commands that need it.
#![cfg(target_os = "linux")]

use crate::fault_matrix::limits::tdengine_2;
use crate::support::program::TestContext;

#[test]
fn tdengine_2_is_reported_by_install_and_init() {
    let context = TestContext::new();
    let server = tdengine_2();
    let address = server.address.to_string();
    for args in [
        ["install", "--match", &address].as_slice(),
        &["init", "--lang", "python", "--server", &address],
    ] {
        let run = context.program(args).env("TAOS_PASSWORD", "taosdata").run();
        assert_eq!(run.exit, Some(12), "{run}");
        assert!(run.stderr.contains("error[server-too-old]"), "{run}");
        assert!(run.stderr.contains("2.2.2.0"), "{run}");
    }
}
