//! Enables the extension for kinds of PHP (`init --php-ini`): plans files from what the machine has, and writes all of them or none. It
//! never becomes another user: without the permission, it returns the lines that do the same with sudo.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{EXTENSION, PhpKind, PhpMachine, PhpRuntime, names_in};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::project::php_ini::{self, with_extension};
use crate::project::plan::FileChange;
use crate::safety::printable::printable_path;
use crate::safety::shell;
use crate::system::atomic_file;
use crate::system::files::read_named;
use crate::system::test_machine::host_path;

/// The number with which Debian orders files of settings: after Swoole's, which has 25.
const DEBIAN_ORDER: &str = "30";
/// The number that `phpenmod` takes if a file says none.
const USUAL_ORDER: &str = "20";
/// The number for other machines.
const ORDER: &str = "40";

/// What the plan depends on besides the machine.
#[derive(Clone, Debug)]
pub(in crate::init) struct EnablingQuery<'a> {
    /// The kinds that were asked for; empty for all.
    pub(in crate::init) kinds: &'a [PhpKind],
    /// The extension that the project has or gets, as an absolute path.
    pub(in crate::init) built: Option<PathBuf>,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
enum IniWrite {
    /// A file with settings.
    File {
        path: PathBuf,
        before: Option<Vec<u8>>,
        after: Vec<u8>,
    },
    /// A link to Debian's file of the extension.
    Link { path: PathBuf, target: PathBuf },
}

/// The files that enable the extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::init) struct Enabling {
    writes: Vec<IniWrite>,
    /// Services that read them at their start, by kind and version.
    restarts: Vec<(PhpKind, String)>,
    /// The same in lines with sudo.
    lines: Vec<String>,
    pub(in crate::init) notes: Vec<Message>,
}

impl Enabling {
    /// Plans what `query` asks for on `machine`. Kinds that load the extension stay as they are.
    ///
    /// # Errors
    /// `usage` if there is no such kind, or no extension for it; `file-unreadable` if a file cannot be read.
    pub(in crate::init) fn plan(machine: &PhpMachine, query: &EnablingQuery) -> Result<Self> {
        let mut plan = Self::default();
        for kind in query.kinds {
            if machine.runtimes.iter().all(|it| it.kind != *kind) {
                return Err(refusal(
                    ErrorId::Usage,
                    message!("init-php-no-kind", kind = kind.as_str()),
                    message!("init-omit", option = "--php-ini"),
                ));
            }
        }
        if machine.runtimes.is_empty() {
            let observed = message!("init-php-none");
            let next = message!("init-omit", option = "--php-ini");
            return Err(refusal(ErrorId::Usage, observed, next));
        }
        let is_meant = |it: &&PhpRuntime| query.kinds.is_empty() || query.kinds.contains(&it.kind);
        let mut missing = None;
        for runtime in machine.runtimes.iter().filter(is_meant) {
            if !runtime.loads.is_empty() {
                continue;
            }
            match value(runtime, machine, query) {
                Some(value) => plan.add(runtime, &value)?,
                None => {
                    missing.get_or_insert(runtime);
                }
            }
        }
        // One that has none is an error only if it was asked for, or none has one.
        match missing {
            Some(runtime) if !query.kinds.is_empty() || plan.writes.is_empty() => Err(refusal(
                ErrorId::Usage,
                message!("init-php-no-extension", php = runtime.title()),
                message!("init-php-no-extension-next"),
            )),
            Some(runtime) => {
                let php = runtime.title();
                plan.notes.push(message!("init-php-not-built", php = php));
                Ok(plan)
            }
            None => Ok(plan),
        }
    }

    fn add(&mut self, runtime: &PhpRuntime, value: &str) -> Result<()> {
        let is_of_debian = runtime.is_of_debian();
        let file = match (is_of_debian, runtime.available()) {
            (true, Some(available)) => available.join(format!("{EXTENSION}.ini")),
            (_, None) | (false, _) => own_file(runtime).ok_or_else(|| {
                let observed = message!("init-php-no-file", php = runtime.title());
                let next = message!("init-omit", option = "--php-ini");
                refusal(ErrorId::Usage, observed, next)
            })?,
        };
        let is_planned = |it: &IniWrite| it.path() == file;
        if !self.writes.iter().any(is_planned) {
            self.add_file(&file, value, is_of_debian)?;
        }
        if is_of_debian && let Some(directory) = runtime.directories.first() {
            let ending = format!("-{EXTENSION}.ini");
            if names_in(directory).iter().any(|it| it.ends_with(&ending)) {
                return Ok(());
            }
            let order = self.order_of(&file)?;
            let path = directory.join(format!("{order}{ending}"));
            let name = directory.parent().and_then(Path::file_name);
            let sapi = name.unwrap_or_default().to_string_lossy();
            let version = &runtime.version;
            self.lines
                .push(format!("sudo phpenmod -v {version} -s {sapi} {EXTENSION}"));
            self.writes.push(IniWrite::Link { path, target: file });
        }
        if runtime.kind != PhpKind::Cli {
            self.restarts.push((runtime.kind, runtime.version.clone()));
        }
        Ok(())
    }

    /// The number that `phpenmod` gives the link to `file`.
    fn order_of(&self, file: &Path) -> Result<String> {
        let planned = self.writes.iter().find_map(|it| match it {
            IniWrite::File { path, after, .. } if path == file => Some(after.clone()),
            IniWrite::File { .. } | IniWrite::Link { .. } => None,
        });
        let bytes = match planned {
            Some(bytes) => bytes,
            None => read(file)?.unwrap_or_default(),
        };
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        let order = lines
            .find_map(|line| line.strip_prefix("; priority="))
            .map(str::trim);
        let order = order.filter(|it| it.len() == 2 && it.bytes().all(|b| b.is_ascii_digit()));
        Ok(order.unwrap_or(USUAL_ORDER).to_owned())
    }

    /// Adds the line to `file`, or makes it; for Debian with the order of what `phpenmod` links.
    fn add_file(&mut self, file: &Path, value: &str, is_of_debian: bool) -> Result<()> {
        let before = read(file)?;
        let source = String::from_utf8(before.clone().unwrap_or_default()).map_err(|_| {
            let observed = message!("init-php-not-text", file = printable_path(file));
            refusal(ErrorId::FileUnreadable, observed, Message::default())
        })?;
        if !php_ini::loads(&source, EXTENSION).is_empty() {
            // Debian's file is there already; only its link is missing.
            return Ok(());
        }
        let head = match (is_of_debian, &before) {
            (true, None) => format!("; priority={DEBIAN_ORDER}\n"),
            (_, Some(_)) | (false, None) => source,
        };
        let after = with_extension(&head, value);
        let place = shell::quoted(&file.display().to_string());
        self.lines.push(match before {
            Some(_) => {
                let line = shell::quoted(with_extension("", value).trim_end());
                format!("printf '%s\\n' {line} | sudo tee -a {place}")
            }
            None => {
                let lines = after.lines().map(shell::quoted).collect::<Vec<_>>();
                format!("printf '%s\\n' {} | sudo tee {place}", lines.join(" "))
            }
        });
        self.writes.push(IniWrite::File {
            path: file.to_path_buf(),
            before,
            after: after.into_bytes(),
        });
        Ok(())
    }

    /// Whether nothing is left to do.
    pub(in crate::init) fn is_done(&self) -> bool {
        self.writes.is_empty()
    }

    /// The files as a plan shows them, with their absolute paths.
    pub(in crate::init) fn changes(&self) -> Vec<FileChange> {
        let change = |write: &IniWrite| match write {
            IniWrite::File {
                path,
                before,
                after,
            } => FileChange {
                path: path.display().to_string(),
                before: before.clone(),
                after: after.clone(),
            },
            // As git shows a link.
            IniWrite::Link { path, target } => FileChange {
                path: path.display().to_string(),
                before: None,
                after: target.display().to_string().into_bytes(),
            },
        };
        self.writes.iter().map(change).collect()
    }

    /// What is left to do after the files are written.
    pub(in crate::init) fn restart_notes(&self) -> Vec<Message> {
        let mut notes = Vec::new();
        for (kind, version) in &self.restarts {
            let note = match kind {
                PhpKind::Cli => continue,
                PhpKind::Fpm => message!("init-php-restart-fpm", version = version),
                PhpKind::Apache => message!("init-php-restart-apache"),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    /// Checks that this user may write every file.
    ///
    /// # Errors
    /// `file-unwritable`, with the lines that do the same with sudo.
    pub(in crate::init) fn check_permission(&self) -> Result<()> {
        let directories: BTreeSet<_> = self
            .writes
            .iter()
            .filter_map(|it| it.path().parent())
            .collect();
        for directory in directories {
            if let Err(error) = check_writable(&host_path(directory)) {
                let place = printable_path(directory);
                let reason = describe_io_error(&error);
                let observed = message!("init-php-unwritable", directory = place, reason = reason);
                let lines = self.lines.iter().map(Message::quoted);
                let next = Message::joined(lines.collect::<Vec<_>>(), "\n");
                return Err(refusal(ErrorId::FileUnwritable, observed, next));
            }
        }
        Ok(())
    }

    /// Writes all files. If one cannot be written, those before it are restored.
    ///
    /// # Errors
    /// `file-unwritable`
    pub(in crate::init) fn apply(&self) -> Result<()> {
        for (index, write) in self.writes.iter().enumerate() {
            if let Err(error) = write.publish() {
                let written = self.writes[..index].iter().rev();
                let restored = written.map(IniWrite::undo).all(|it| it.is_ok());
                let place = printable_path(write.path());
                let observed = message!(
                    "init-php-failed",
                    file = place,
                    reason = describe_io_error(&error),
                    restored = restored
                );
                return Err(refusal(
                    ErrorId::FileUnwritable,
                    observed,
                    Message::default(),
                ));
            }
        }
        Ok(())
    }
}

impl IniWrite {
    fn path(&self) -> &Path {
        match self {
            Self::File { path, .. } | Self::Link { path, .. } => path,
        }
    }

    fn publish(&self) -> io::Result<()> {
        let place = host_path(self.path());
        match self {
            Self::File { before, after, .. } => {
                // One that another program made or changed since is not replaced.
                if read_if_there(&place)? != *before {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                atomic_file::write(&place, after)
            }
            Self::Link { target, .. } => link(target, &place),
        }
    }

    fn undo(&self) -> io::Result<()> {
        let place = host_path(self.path());
        match self {
            Self::File {
                before: Some(before),
                ..
            } => atomic_file::write(&place, before),
            Self::File { before: None, .. } | Self::Link { .. } => fs::remove_file(&place),
        }
    }
}

#[cfg(unix)]
fn link(target: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn link(_target: &Path, _place: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn check_writable(directory: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(directory, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn check_writable(directory: &Path) -> io::Result<()> {
    fs::metadata(directory).map(drop)
}

/// The extension as the files of `runtime` name it: by its name if it is in PHP's directory, else the one of the project, which is for the
/// PHP that `phpize` belongs to.
fn value(runtime: &PhpRuntime, machine: &PhpMachine, query: &EnablingQuery) -> Option<String> {
    if runtime.installed().is_some() {
        return Some(EXTENSION.to_owned());
    }
    let is_for_it = machine.version() == Some(runtime.version.as_str());
    let built = query.built.as_ref().filter(|_| is_for_it)?;
    let text = built.to_str()?;
    // PHP has no way to write these.
    (!text.contains(['"', '\n', '$'])).then(|| text.to_owned())
}

/// The file of the extension in the directory of settings, named as those there; `php.ini` if there is no directory.
fn own_file(runtime: &PhpRuntime) -> Option<PathBuf> {
    let is_there = |it: &&PathBuf| host_path(it.as_path()).is_dir();
    let Some(directory) = runtime.directories.iter().find(is_there) else {
        return runtime.main.clone();
    };
    let names = names_in(directory);
    let has = |mark: &str| {
        let mut names = names.iter().filter(|it| it.ends_with(".ini"));
        names.any(|name| {
            let rest = name.strip_prefix(|c: char| c.is_ascii_digit());
            let rest = rest.and_then(|it| it.strip_prefix(|c: char| c.is_ascii_digit()));
            rest.is_some_and(|it| it.starts_with(mark))
        })
    };
    let name = if names.iter().any(|it| it.starts_with("docker-php-ext-")) {
        format!("docker-php-ext-{EXTENSION}.ini")
    } else if has("-") {
        format!("{ORDER}-{EXTENSION}.ini")
    } else if has("_") {
        format!("{ORDER}_{EXTENSION}.ini")
    } else {
        format!("{EXTENSION}.ini")
    };
    Some(directory.join(name))
}

fn read(file: &Path) -> Result<Option<Vec<u8>>> {
    read_if_there(&host_path(file)).map_err(|error| {
        let observed = message!(
            "init-build-unreadable",
            path = printable_path(file),
            error = describe_io_error(&error)
        );
        refusal(ErrorId::FileUnreadable, observed, Message::default())
    })
}

fn read_if_there(place: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_named(place, php_ini::LARGEST) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn refusal(id: ErrorId, observed: Message, next: Message) -> Error {
    Error::new(id, message!("init-php-enable"), observed, next)
}
