//! `mirror`.

#[cfg(unix)]
mod closures;
mod create;
mod projects;
mod serve;
mod signed;
mod verify;

use std::path::PathBuf;

use taos_sandbox::mirror::{Package, sha256};

use crate::support::client_package::file;
use crate::support::program::{Program, TestContext};

/// `manifest` with the last line that belongs to its other lines.
fn sealed(manifest: &str) -> String {
    let lines: String = manifest
        .split_inclusive('\n')
        .filter(|line| !line.contains("manifest_sha256"))
        .collect();
    let digest = sha256(lines.as_bytes());
    format!("{lines}{{\"manifest_sha256\":\"{digest}\"}}\n")
}

/// The package of these tests.
const VERSION: &str = "3.3.7.5";

/// A directory of packages, and a mirror to make of it.
struct MirrorScene {
    context: TestContext,
    package: PathBuf,
    digest: String,
}

impl MirrorScene {
    fn new() -> Self {
        let context = TestContext::new();
        let (package, digest) = file(&context, &Package::new(VERSION));
        let packages = context.work().join("packages");
        std::fs::create_dir(&packages).unwrap();
        let place = packages.join(package.file_name().unwrap());
        std::fs::rename(&package, &place).unwrap();
        Self {
            context,
            package: place,
            digest,
        }
    }

    /// The same with a mirror `m`.
    fn mirrored() -> Self {
        let scene = Self::new();
        let run = scene.create(&[]).run();
        assert_eq!(run.exit, Some(0), "{run}");
        scene
    }

    /// `mirror create m` of the package, with more arguments.
    fn create(&self, more: &[&str]) -> Program<'_> {
        let arguments = [
            "mirror",
            "create",
            "m",
            "--client",
            VERSION,
            "--platforms",
            "linux-x64",
            "--mirror",
            "packages",
            "--sha256",
            &self.digest,
        ];
        self.program(&[&arguments, more].concat())
    }

    fn program(&self, arguments: &[&str]) -> Program<'_> {
        self.context
            .program(arguments)
            .env("TAOS_SETUP_NO_PROGRESS", "1")
            .showing(&self.digest, "SHA256")
    }

    /// The mirror.
    fn dir(&self) -> PathBuf {
        self.context.work().join("m")
    }
}
