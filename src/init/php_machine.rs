//! The kinds of PHP on this machine: the command line, FPM, and Apache's module, each with files of its own, and which of them load the
//! extension. Files are only read. `php -i` and `php-fpm -i` say which files count; Apache's module is known by its directories.

mod build_lines;
mod enabling;
mod info;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::message::{Message, message};
use crate::project::php_ini::{self, ExtensionLine};
use crate::system::env_vars;
use crate::system::files::read_named;
use crate::system::program_output;
use crate::system::test_machine::host_path;
pub(super) use build_lines::{BuildTools, build_lines};
pub(super) use enabling::{Enabling, EnablingQuery};
use info::PhpInfo;

/// The extension.
const EXTENSION: &str = "tdengine";
/// The most files of a directory of settings.
const MOST_FILES: usize = 500;
/// The most versions of FPM that are asked.
const MOST_PROGRAMS: usize = 8;
/// Directories of programs that the search path of users may lack.
const PROGRAM_DIRECTORIES: [&str; 5] = [
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/sbin",
];
/// Directories of Apache's modules.
const MODULE_DIRECTORIES: [&str; 5] = [
    "/usr/lib/apache2/modules",
    "/usr/lib/apache2",
    "/usr/lib64/httpd/modules",
    "/usr/lib/httpd/modules",
    "/usr/local/libexec/apache2",
];
/// Debian's directories of settings, one a version of PHP.
const DEBIAN: &str = "/etc/php";

/// A kind of PHP that has settings of its own, as `--php-ini` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhpKind {
    /// The command line.
    Cli,
    /// The FastCGI process manager.
    Fpm,
    /// Apache's module.
    Apache,
}

impl PhpKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Cli, Self::Fpm, Self::Apache];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Fpm => "fpm",
            Self::Apache => "apache",
        }
    }

    /// Its name in prose.
    const fn title(self) -> &'static str {
        match self {
            Self::Cli => "CLI",
            Self::Fpm => "FPM",
            Self::Apache => "Apache",
        }
    }
}

/// One kind of PHP on this machine. Paths are the machine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhpRuntime {
    /// The kind.
    pub kind: PhpKind,
    /// The version, `8.2`.
    pub version: String,
    /// Its `php.ini`; where that would be if there is none.
    pub main: Option<PathBuf>,
    /// The directories of its other files.
    pub directories: Vec<PathBuf>,
    /// The directory in which it looks for extensions.
    pub extensions: Option<PathBuf>,
    /// The lines that load the extension, each with its file; more than one is a mistake.
    pub loads: Vec<(PathBuf, ExtensionLine)>,
}

/// The PHP of this machine.
#[derive(Clone, Debug, Default)]
pub(super) struct PhpMachine {
    /// The kinds that were found, the command line first.
    pub(super) runtimes: Vec<PhpRuntime>,
}

impl PhpMachine {
    /// Looks at this machine.
    pub(super) fn find() -> Self {
        let mut runtimes = Vec::new();
        if !cfg!(windows) {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let command_line = programs(&path, |name| name == "php").into_iter().next();
            let of_fpm = programs(&path, is_fpm);
            for program in command_line.into_iter().chain(of_fpm) {
                let runtime = asked(&program);
                let known = |it: &PhpRuntime| runtimes.iter().any(|known| is_same(known, it));
                runtimes.extend(runtime.filter(|it| !known(it)));
            }
            runtimes.extend(apache(&runtimes));
        }
        for runtime in &mut runtimes {
            runtime.loads = loads(runtime);
        }
        Self { runtimes }
    }

    /// The version of the PHP that `phpize` is for: that of the command line.
    pub(super) fn version(&self) -> Option<&str> {
        self.runtimes.first().map(|it| it.version.as_str())
    }

    /// Whether some kind loads the extension, or could by its name.
    pub(super) fn has_extension(&self) -> bool {
        let is_there = |it: &PhpRuntime| it.installed().is_some() || !it.loads.is_empty();
        self.runtimes.iter().any(is_there)
    }

    /// A note for each kind: whether it loads the extension, and from where.
    pub(super) fn notes(&self) -> Vec<Message> {
        self.runtimes.iter().map(PhpRuntime::note).collect()
    }
}

impl PhpRuntime {
    /// Its name in prose.
    pub(super) fn title(&self) -> String {
        format!("PHP {} ({})", self.version, self.kind.title())
    }

    /// The extension in its own directory, if it is there.
    fn installed(&self) -> Option<PathBuf> {
        let file = self.extensions.as_ref()?.join(format!("{EXTENSION}.so"));
        host_path(&file).is_file().then_some(file)
    }

    /// The file that `load` means.
    fn file_of(&self, load: &ExtensionLine) -> Option<PathBuf> {
        if !load.is_name() {
            return Some(PathBuf::from(&load.value));
        }
        let name = match load.value.ends_with(".so") {
            true => load.value.clone(),
            false => format!("{}.so", load.value),
        };
        self.extensions.as_ref().map(|it| it.join(name))
    }

    fn note(&self) -> Message {
        let php = self.title();
        let Some((file, load)) = self.loads.first() else {
            let kind = self.kind.as_str();
            return message!("init-php-off", php = php, kind = kind);
        };
        let place = format!("{}:{}", file.display(), load.line);
        if let Some((other, second)) = self.loads.get(1) {
            let other = format!("{}:{}", other.display(), second.line);
            return message!("init-php-twice", php = php, place = place, other = other);
        }
        match self.file_of(load).filter(|it| !host_path(it).is_file()) {
            Some(missing) => message!(
                "init-php-missing",
                php = php,
                place = place,
                file = missing.display()
            ),
            None => message!("init-php-on", php = php, place = place),
        }
    }
}

/// Whether both read the same files for the same purpose.
fn is_same(one: &PhpRuntime, other: &PhpRuntime) -> bool {
    one.kind == other.kind && one.version == other.version && one.main == other.main
}

/// The programs in the directories of `path`, and in those of the system, whose names `is_meant`; each once.
fn programs(path: &OsStr, is_meant: fn(&str) -> bool) -> Vec<PathBuf> {
    let directories = std::env::split_paths(path).filter(|it| it.is_absolute());
    let directories = directories.chain(PROGRAM_DIRECTORIES.map(PathBuf::from));
    let mut found: Vec<(PathBuf, PathBuf)> = Vec::new();
    for directory in directories {
        for name in names_in(&directory).iter().filter(|it| is_meant(it)) {
            let place = host_path(directory.join(name));
            let real = fs::canonicalize(&place).unwrap_or_else(|_| place.clone());
            if found.len() < MOST_PROGRAMS && !found.iter().any(|(known, _)| *known == real) {
                found.push((real, place));
            }
        }
    }
    found.into_iter().map(|(_, place)| place).collect()
}

/// Whether `name` is that of FPM: `php-fpm`, `php-fpm8.2`, `php-fpm83`.
fn is_fpm(name: &str) -> bool {
    let version = name.strip_prefix("php-fpm");
    version.is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}

/// The names of the files in `directory` of this machine, sorted.
fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(host_path(directory)).into_iter().flatten();
    let names = entries.filter_map(|it| it.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// What `program` says about itself; nothing if it cannot be run, or is another program.
fn asked(program: &Path) -> Option<PhpRuntime> {
    let mut command = std::process::Command::new(program);
    command.arg("-i");
    // It prints its environment.
    for secret in [
        env_vars::TAOS_PASSWORD,
        env_vars::TAOS_TOKEN,
        env_vars::CLOUD_TOKEN,
    ] {
        command.env_remove(secret.name);
    }
    let text = program_output::read(command).ok()?;
    PhpInfo::read(&text)?.runtime()
}

/// Apache's modules: Debian has a directory of settings for each, others share those of the command line.
fn apache(known: &[PhpRuntime]) -> Vec<PhpRuntime> {
    let mut found = Vec::new();
    for version in names_in(Path::new(DEBIAN)) {
        let directory = Path::new(DEBIAN).join(&version).join("apache2");
        if !host_path(directory.join("conf.d")).is_dir() {
            continue;
        }
        let same = known.iter().find(|it| it.version == version);
        found.push(PhpRuntime {
            kind: PhpKind::Apache,
            main: Some(directory.join("php.ini")),
            directories: vec![directory.join("conf.d")],
            extensions: same.and_then(|it| it.extensions.clone()),
            loads: Vec::new(),
            version,
        });
    }
    let is_module = |name: &String| {
        let is_named = ["libphp", "mod_php"].iter().any(|it| name.starts_with(it));
        is_named && name.ends_with(".so")
    };
    let has_module = || {
        let mut all = MODULE_DIRECTORIES.iter();
        all.any(|it| names_in(Path::new(it)).iter().any(is_module))
    };
    let shared = known.first().filter(|it| !it.is_of_debian());
    if let Some(shared) = shared.filter(|_| found.is_empty() && has_module()) {
        found.push(PhpRuntime {
            kind: PhpKind::Apache,
            ..shared.clone()
        });
    }
    found
}

impl PhpRuntime {
    /// Whether its settings are laid out as Debian does it, for `phpenmod`.
    fn is_of_debian(&self) -> bool {
        // PHP_INI_SCAN_DIR leads elsewhere.
        let usual = || Some(self.main.as_ref()?.parent()?.join("conf.d"));
        let main = self.main.as_ref();
        main.is_some_and(|it| it.starts_with(DEBIAN))
            && self.directories.first() == usual().as_ref()
            && self.available().is_some()
    }

    /// Debian's directory of the settings of all extensions of its version.
    fn available(&self) -> Option<PathBuf> {
        let of_version = self.main.as_ref()?.parent()?.parent()?;
        let directory = of_version.join("mods-available");
        host_path(&directory).is_dir().then_some(directory)
    }
}

/// The lines that load the extension in the files of `runtime`, in the order in which PHP reads them.
fn loads(runtime: &PhpRuntime) -> Vec<(PathBuf, ExtensionLine)> {
    let mut found = Vec::new();
    for file in files(runtime) {
        let bytes = read_named(&host_path(&file), php_ini::LARGEST).unwrap_or_default();
        let lines = php_ini::loads(&String::from_utf8_lossy(&bytes), EXTENSION);
        found.extend(lines.into_iter().map(|line| (file.clone(), line)));
    }
    found
}

/// The files that `runtime` reads.
fn files(runtime: &PhpRuntime) -> Vec<PathBuf> {
    let mut files: Vec<_> = runtime.main.iter().cloned().collect();
    for directory in &runtime.directories {
        let names = names_in(directory).into_iter();
        let names = names.filter(|name| name.ends_with(".ini")).take(MOST_FILES);
        files.extend(names.map(|name| directory.join(name)));
    }
    files
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
