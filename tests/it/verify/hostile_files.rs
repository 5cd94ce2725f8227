//! Files that people name and that never end, never answer, or are larger than any honest one.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::program::TestContext;
use taos_sandbox::server::Sandbox;

/// Paths that an honest user never names: devices, a pipe, a sparse file of 10 GiB.
fn hostile(directory: &Path) -> Vec<PathBuf> {
    let pipe = directory.join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .unwrap();
    let sparse = directory.join("sparse");
    File::create(&sparse).unwrap().set_len(10 << 30).unwrap();
    ["/dev/zero", "/dev/urandom"]
        .map(PathBuf::from)
        .into_iter()
        .chain([pipe, sparse])
        .collect()
}

#[test]
fn certificates_are_read_within_bounds() {
    let context = TestContext::new();
    let files = hostile(&context.work());
    for file in &files {
        for (variable, value, option) in [
            ("SSL_CERT_FILE", file.clone(), false),
            ("SSL_CERT_DIR", context.work(), false),
            ("UNUSED", PathBuf::from("x"), true),
        ] {
            let file = file.to_str().unwrap();
            let target = "https://127.0.0.1:1";
            let mut verify = vec!["verify", target, "--transport", "rest", "--timeout", "2s"];
            if option {
                verify.extend(["--ca-cert", file]);
            }
            let commands = [
                verify,
                vec!["install", "--match", target, "--dry-run"],
                vec!["init", "--lang", "python", "--server", target, "--dry-run"],
                vec!["install", "3.3.7.5", "--mirror", target, "--dry-run"],
            ];
            for args in commands
                .iter()
                .filter(|args| !option || args[0] == "verify")
            {
                let program = context
                    .program(args)
                    .env(variable, &value)
                    .env("TAOS_SETUP_RETRIES", "0");
                let (_, cost) = program.run_measured();
                cost.check(Duration::from_secs(2), &format!("{args:?} {file}"));
            }
        }
    }
}

#[test]
fn taos_cfg_is_read_within_bounds() {
    let sandbox = Sandbox::start(Default::default()).unwrap();
    let context = TestContext::new();
    let target = sandbox.adapter().to_string();
    for file in hostile(&context.work()) {
        let directory = context.root().join("cfg");
        std::fs::create_dir_all(&directory).unwrap();
        let config = directory.join("taos.cfg");
        let _ = std::fs::remove_file(&config);
        std::os::unix::fs::symlink(&file, &config).unwrap();
        for target in [Some(target.as_str()), None] {
            let mut args = vec!["verify", "--transport", "rest", "--timeout", "1s"];
            args.extend(target);
            let program = context
                .program(&args)
                .env("TAOS_PASSWORD", "taosdata")
                .env("TAOS_CONFIG_DIR", &directory);
            let (_, cost) = program.run_measured();
            cost.check(Duration::from_secs(3), &format!("{}", file.display()));
        }
    }
}
