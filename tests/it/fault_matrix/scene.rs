//! What stands around one run of `verify`: a server, a driver, variables.

use std::any::Any;
use std::ffi::OsString;

use crate::support::program::Run;
use crate::support::served::{Served, install_driver};
use taos_sandbox::data_faults::DataFaults;
use taos_sandbox::faults::{Faults, Listener};
use taos_sandbox::server::{Options, User};

/// One run to come.
pub struct Scene {
    pub served: Served,
    others: Vec<Box<dyn Any>>,
    target: Option<String>,
    args: Vec<String>,
    variables: Vec<(&'static str, OsString)>,
    /// Words of a program that starts `verify`.
    through: &'static [&'static str],
    as_nobody: bool,
}

/// A user with no rights.
const NOBODY: u32 = 65_534;

impl Scene {
    /// A server as `options` say, and a driver of its version.
    pub fn of(options: Options) -> Self {
        let version = options.version.clone();
        Self::around(Served::new(options), &version)
    }

    /// `served`, and a driver of `version`.
    pub fn around(served: Served, version: &str) -> Self {
        let driver = install_driver(&served.context, version);
        let variables = vec![
            ("TAOS_PASSWORD", "taosdata".into()),
            ("TZ", "UTC".into()),
            ("LD_LIBRARY_PATH", driver.into()),
        ];
        Self {
            served,
            others: Vec::new(),
            target: None,
            args: Vec::new(),
            variables,
            through: &[],
            as_nobody: false,
        }
    }

    /// Started by this program.
    pub fn through(mut self, words: &'static [&'static str]) -> Self {
        self.through = words;
        self
    }

    /// As a user without rights, who may use the directories of the context.
    pub fn unprivileged(mut self) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let context = &self.served.context;
        let directories = ["", "home", "work", "tmp"];
        for directory in directories.map(|name| context.root().join(name)) {
            let open = std::fs::Permissions::from_mode(0o777);
            std::fs::set_permissions(directory, open).unwrap();
        }
        self.as_nobody = true;
        self
    }

    pub fn healthy() -> Self {
        Self::of(Options::default())
    }

    /// A server of 3.2.2.2, with `faults`.
    pub fn old(faults: Faults) -> Self {
        Self::of(Options {
            version: "3.2.2.2".into(),
            faults,
            ..Options::default()
        })
    }

    pub fn faults(faults: Faults) -> Self {
        Self::of(Options {
            faults,
            ..Options::default()
        })
    }

    pub fn data(data: DataFaults) -> Self {
        Self::faults(Faults {
            data,
            ..Faults::default()
        })
    }

    pub fn adapter(adapter: Listener) -> Self {
        Self::faults(Faults {
            adapter,
            ..Faults::default()
        })
    }

    pub fn native(native: Listener) -> Self {
        Self::faults(Faults {
            native,
            ..Faults::default()
        })
    }

    /// A server whose users are root and `user`, who runs `verify`.
    pub fn user(user: User) -> Self {
        let (name, password) = (user.name.clone(), user.password.clone());
        let mut options = Options::default();
        options.users.push(user);
        Self::of(options)
            .env("TAOS_USER", name)
            .env("TAOS_PASSWORD", password)
    }

    /// With another driver than the server's.
    pub fn driver(self, version: &str) -> Self {
        let folder = self.served.context.root().join("driver");
        std::fs::remove_dir_all(folder).unwrap();
        install_driver(&self.served.context, version);
        self
    }

    /// With a driver that has this fault.
    pub fn driver_fault(self, fault: &str) -> Self {
        self.env("TAOS_SANDBOX_DRIVER_FAULT", fault)
    }

    /// With the native port of another server.
    pub fn with_native_of(self, other: Served) -> Self {
        let port = other.sandbox.native().port().to_string();
        self.arg("--native-port").arg(port).keep(other)
    }

    /// With the native port `port`.
    pub fn native_port(self, port: u16) -> Self {
        self.arg("--native-port").arg(port.to_string())
    }

    pub fn wrong_password(self) -> Self {
        self.env("TAOS_PASSWORD", "hunter2-is-wrong")
    }

    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// The adapter by a URL of `scheme`, with `path` behind it.
    pub fn url(self, scheme: &str, path: &str) -> Self {
        let url = format!("{scheme}://{}{path}", self.served.sandbox.adapter());
        self.native_port_of_its_own().target(url)
    }

    /// Names the native port, which a URL does not.
    pub fn native_port_of_its_own(self) -> Self {
        let port = self.served.sandbox.native().port();
        self.native_port(port)
    }

    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// The last setting of a variable holds.
    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// A file of the folder in which `verify` runs.
    pub fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.served.context.work().join(name), text).unwrap();
        self
    }

    /// What must live as long as the run.
    pub fn keep(mut self, other: impl Any) -> Self {
        self.others.push(Box::new(other));
        self
    }

    /// Runs `verify TARGET ARGS… --json`.
    pub fn run(&self, args: &[&str]) -> Run {
        let adapter = self.served.sandbox.adapter().to_string();
        let target = self.target.clone().unwrap_or(adapter);
        let mut all: Vec<&str> = self.args.iter().map(String::as_str).collect();
        all.extend(args);
        all.push("--json");
        let mut program = self.served.verify(&target, &all);
        for (name, value) in &self.variables {
            program = program.env(name, value);
        }
        if !self.through.is_empty() {
            program = program.through(self.through);
        }
        if self.as_nobody {
            program = program.unprivileged(NOBODY);
        }
        program.run()
    }
}
