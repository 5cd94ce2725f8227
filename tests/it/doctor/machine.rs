//! Machines as installers leave them, in a directory that the program takes for the root of its own.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::support::program::{Program, Run, TestContext};

/// The parts of a driver from 3.3.6 on.
pub const PARTS: [&str; 3] = ["taos", "taosnative", "taosws"];

/// A machine without anything, and a user with an empty home.
pub struct Machine {
    pub context: TestContext,
}

impl Machine {
    pub fn new() -> Self {
        Self::of(TestContext::new())
    }

    /// The same with the clients of `context`.
    pub fn of(context: TestContext) -> Self {
        let machine = Self { context };
        fs::create_dir_all(machine.at("/usr/lib")).unwrap();
        fs::create_dir_all(machine.at("/empty")).unwrap();
        // What the stand-in driver needs besides glibc.
        let own = [
            "/lib/x86_64-linux-gnu",
            "/lib/aarch64-linux-gnu",
            "/lib64",
            "/usr/lib",
        ];
        let mut own = own.iter().map(|it| Path::new(it).join("libgcc_s.so.1"));
        let own = own.find(|it| it.exists()).expect("libgcc_s.so.1");
        symlink(own, machine.at("/usr/lib/libgcc_s.so.1")).unwrap();
        machine
    }

    /// Where the machine has `path`.
    pub fn at(&self, path: &str) -> PathBuf {
        self.context
            .root()
            .join("machine")
            .join(path.trim_start_matches('/'))
    }

    /// The user's home.
    pub fn home(&self) -> PathBuf {
        self.context.root().join("home")
    }

    /// Puts a driver of `version` into `folder`, with the versioned names of packages.
    pub fn driver(&self, folder: &Path, version: &str, parts: &[&str]) {
        fs::create_dir_all(folder).unwrap();
        let mut bytes = fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
        // Each release is another file.
        bytes.extend(version.bytes());
        for part in parts {
            let file = folder.join(format!("lib{part}.so.{version}"));
            fs::write(&file, &bytes).unwrap();
            // As the vendor's installer leaves it.
            fs::set_permissions(&file, PermissionsExt::from_mode(0o777)).unwrap();
        }
    }

    /// Links the parts in `folder` by their usual names in `links`.
    pub fn link(&self, folder: &Path, version: &str, parts: &[&str], links: &Path) {
        fs::create_dir_all(links).unwrap();
        for part in parts {
            let file = folder.join(format!("lib{part}.so.{version}"));
            symlink(&file, links.join(format!("lib{part}.so.1"))).unwrap();
            symlink(
                format!("lib{part}.so.1"),
                links.join(format!("lib{part}.so")),
            )
            .unwrap();
        }
    }

    /// The driver's package of Debian, or the vendor's installer: files in /usr/local/taos, links in the system's directories.
    pub fn with_package(version: &str, parts: &[&str]) -> Self {
        let machine = Self::new();
        let folder = machine.at("/usr/local/taos/driver");
        machine.driver(&folder, version, parts);
        machine.link(&folder, version, parts, &machine.at("/usr/lib"));
        machine.header();
        machine.configured(
            "# firstEp  hostname:6030\nfirstEp localhost:6030\ndataDir /var/lib/taos\n",
        );
        let log = machine.at("/var/log/taos");
        fs::create_dir_all(&log).unwrap();
        fs::set_permissions(&log, PermissionsExt::from_mode(0o777)).unwrap();
        machine
    }

    /// Writes the taos.cfg of the machine.
    pub fn configured(&self, text: &str) {
        fs::create_dir_all(self.at("/etc/taos")).unwrap();
        fs::write(self.at("/etc/taos/taos.cfg"), text).unwrap();
    }

    fn header(&self) {
        let text =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox/src/mirror/files/inc/taos.h");
        let folder = self.at("/usr/local/taos/include");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(text, folder.join("taos.h")).unwrap();
        fs::create_dir_all(self.at("/usr/include")).unwrap();
        symlink(folder.join("taos.h"), self.at("/usr/include/taos.h")).unwrap();
    }

    /// `doctor` with `args`, without any toolchain of the machine that runs the tests.
    pub fn doctor(&self, args: &[&str]) -> Program<'_> {
        let program = self.context.program(["doctor"].iter().chain(args));
        program.env("PATH", self.at("/empty")).env("TZ", "UTC")
    }
}

/// The ids of a run's findings with their severities' first letters: `e:library-missing`.
pub fn findings(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let severity = &finding["severity"].as_str().unwrap()[..1];
            for text in ["summary", "observed", "expected", "cause", "fix", "rung"] {
                let empty = finding[text].as_str().unwrap().is_empty();
                assert!(!empty || (text == "expected"), "{text} of {finding}");
            }
            format!("{severity}:{}", finding["id"].as_str().unwrap())
        })
        .collect()
}

/// A run with the versions of this machine's glibc taken out.
pub fn shown(run: &Run) -> String {
    let text = run.to_string();
    let mut parts = text.split("glibc ");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("glibc [GLIBC]");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    }
    out.replace("linux-arm64", "linux-x64")
}
