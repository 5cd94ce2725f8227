//! Many installations of one version at once, as the jobs of a build machine start them.
#![cfg(unix)]

use std::process::Stdio;

use crate::support::client_package::{digest, install, mirror};
use crate::support::program::TestContext;
use taos_sandbox::mirror::Package;

#[test]
fn hundred_processes_share_one_download() {
    let context = TestContext::new();
    let mirror = mirror([Package::new("3.3.7.5")]);
    let (url, sha256) = (mirror.url(), digest(&mirror, "3.3.7.5"));
    let args = ["3.3.7.5", "--mirror", &url, "--sha256", &sha256];
    let started: Vec<_> = (0..100)
        .map(|_| {
            install(&context, &args)
                .env("TAOS_SETUP_LOCK_TIMEOUT", "600")
                .into_command()
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut installed = 0;
    for child in started {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let said = String::from_utf8_lossy(&output.stdout);
        installed += usize::from(said.starts_with("ok installed client 3.3.7.5"));
    }
    assert_eq!(installed, 1);
    assert_eq!(mirror.requests().len(), 1, "{:?}", mirror.requests());
}
