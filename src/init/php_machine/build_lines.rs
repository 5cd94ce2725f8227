//! The lines that build the extension for the PHP and the client of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::PhpMachine;
use crate::project::language::NativeModule;
use crate::safety::shell;
use crate::store::Store;
use crate::system::program_output;
use crate::system::test_machine::host_path;

/// Where the vendor's package puts the client.
const SYSTEM_CLIENT: &str = "/usr/local/taos";

/// The programs of PHP that prepare a build, and the client that it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::init) struct BuildTools {
    /// `phpize` and `php-config` of the PHP of the command line.
    pub(in crate::init) programs: Option<(PathBuf, PathBuf)>,
    /// The directory with `include` and `driver`.
    pub(in crate::init) client: Option<PathBuf>,
}

impl BuildTools {
    /// Looks for the tools of `machine`.
    pub(in crate::init) fn find(machine: &PhpMachine) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let directories: Vec<_> = std::env::split_paths(&path)
            .filter(|it| it.is_absolute())
            .collect();
        let programs = machine
            .version()
            .and_then(|version| programs(&directories, version));
        Self {
            programs,
            client: client(),
        }
    }
}

/// The pair for the PHP `version`, `8.2`, in the first of `directories` that has it.
fn programs(directories: &[PathBuf], version: &str) -> Option<(PathBuf, PathBuf)> {
    let joined = version.replace('.', "");
    let endings = [version, &joined, &format!("-{version}"), ""].map(str::to_owned);
    for ending in endings {
        for directory in directories {
            let phpize = directory.join(format!("phpize{ending}"));
            let config = directory.join(format!("php-config{ending}"));
            let is_there = host_path(&phpize).is_file() && host_path(&config).is_file();
            if is_there && is_for(&config, version) {
                return Some((phpize, config));
            }
        }
    }
    None
}

/// Whether `config`, a `php-config`, belongs to the PHP `version`.
fn is_for(config: &Path, version: &str) -> bool {
    let mut command = Command::new(host_path(config));
    command.arg("--version");
    let found = program_output::read(command).unwrap_or_default();
    let rest = found.trim().strip_prefix(version);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The current client, else the system's.
fn client() -> Option<PathBuf> {
    let current = Store::from_environment().and_then(|store| store.current());
    if let Ok(Some(client)) = current {
        return Some(client.prefix);
    }
    let system = Path::new(SYSTEM_CLIENT);
    let is_whole = host_path(system.join("include/taos.h")).is_file()
        && host_path(system.join("driver")).is_dir();
    is_whole.then(|| system.to_path_buf())
}

/// The lines that build the extension `module` in `version` for `machine` with `tools`.
pub(in crate::init) fn build_lines(
    machine: &PhpMachine,
    tools: &BuildTools,
    module: &NativeModule,
    version: &str,
) -> Vec<String> {
    let address = &module.address;
    let quoted = |path: &Path| shell::quoted(&path.display().to_string());
    let mut lines = Vec::new();
    let php = machine.version().unwrap_or_default();
    if tools.programs.is_none() {
        let is_of_debian = machine.runtimes.iter().any(super::PhpRuntime::is_of_debian);
        lines.push(match is_of_debian {
            true => format!("sudo apt install php{php}-dev g++ make"),
            false => format!("# install phpize of PHP {php}: php-devel, php-dev, or the like"),
        });
    }
    if tools.client.is_none() {
        lines.push("taos-setup install".into());
    }
    let directory = address.rsplit('/').next().unwrap_or(address);
    lines.push(format!(
        "git clone --branch v{version} --depth 1 {address}.git"
    ));
    lines.push(format!("cd {directory}"));
    // A tag can be moved; a commit is a digest of its files.
    let commit = module.commits.get(version);
    lines.extend(commit.map(|commit| format!("git checkout --detach {commit}")));
    let client = match &tools.client {
        Some(client) => quoted(client),
        None => "\"$(taos-setup run -- pkg-config --variable=prefix taos)\"".into(),
    };
    match &tools.programs {
        Some((phpize, config)) => {
            let config = quoted(config);
            lines.push(quoted(phpize));
            lines.push(format!(
                "./configure --with-php-config={config} --with-tdengine-dir={client}"
            ));
        }
        None => {
            lines.push("phpize".into());
            lines.push(format!("./configure --with-tdengine-dir={client}"));
        }
    }
    lines.push("make".into());
    lines.push("sudo make install".into());
    lines
}
