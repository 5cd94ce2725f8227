//! A sandbox beside the program under test, for all tests of `verify`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use taos_sandbox::data_faults::DataFaults;
use taos_sandbox::faults::Faults;
use taos_sandbox::server::{Listen, Options, Sandbox};

use crate::support::program::{Program, Run, TestContext};

/// A running stand-in server and a context.
pub struct Served {
    pub sandbox: Sandbox,
    pub context: TestContext,
}

impl Served {
    /// A server as `options` say; its one dnode advertises 127.0.0.1 and the native port.
    pub fn new(options: Options) -> Self {
        // A port that was free on one address may be taken on the other one by a test that runs at the same time.
        let start = || match Sandbox::start(options.clone()) {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => None,
            started => Some(started.unwrap()),
        };
        Self {
            sandbox: (0..5).find_map(|_| start()).expect("a free port"),
            context: TestContext::new(),
        }
    }

    /// A healthy server.
    pub fn healthy() -> Self {
        Self::new(Options::default())
    }

    /// A server with `faults`.
    pub fn with_faults(faults: Faults) -> Self {
        Self::new(Options {
            faults,
            ..Options::default()
        })
    }

    /// `verify TARGET ARGS…`, with the ports masked.
    pub fn verify<'a>(&'a self, target: &str, args: &[&str]) -> Program<'a> {
        let native = self.sandbox.native().port().to_string();
        let mut words = vec!["verify", target];
        words.extend(args);
        if !args.contains(&"--native-port") && !target.contains("://") {
            words.extend(["--native-port", &native]);
        }
        self.context
            .program(words)
            // Else the machine's /var/log/taos is looked at, which this user may not write.
            .env("TAOS_LOG_DIR", self.context.root().join("log"))
            .showing(self.sandbox.adapter().port(), "ADAPTER")
            .showing(native, "NATIVE")
    }

    /// `verify 127.0.0.1:ADAPTER ARGS… --native-port NATIVE`.
    pub fn verify_adapter<'a>(&'a self, args: &[&str]) -> Program<'a> {
        self.verify(&self.sandbox.adapter().to_string(), args)
    }
}

/// Puts the stand-in driver of `version` into the folder `driver` of the context: one library or three.
pub fn install_driver(context: &TestContext, version: &str) -> PathBuf {
    let folder = context.root().join("driver");
    fs::create_dir_all(&folder).unwrap();
    let built = fs::read(taos_sandbox::driver::built().unwrap()).unwrap();
    for (name, bytes) in taos_sandbox::mirror::libraries(&built, version).unwrap() {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

/// A dead taosd that takes `delay` to be noticed by taosAdapter.
pub fn backend(backend: taos_sandbox::faults::BackendDown, delay: Duration) -> Faults {
    Faults {
        backend,
        backend_delay: delay,
        ..Faults::default()
    }
}

/// A server on which `data` goes wrong.
pub fn with_data(data: DataFaults) -> Served {
    Served::with_faults(Faults {
        data,
        ..Faults::default()
    })
}

/// A server whose adapter's port refuses connections.
pub fn without_adapter() -> Options {
    Options {
        adapter: Listen::Refused,
        ..Options::default()
    }
}

/// The findings' ids, for tests that need no more.
pub fn findings(run: &Run) -> Vec<String> {
    let json = run.json();
    let findings = json["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["id"].as_str().unwrap().to_owned())
        .collect()
}
