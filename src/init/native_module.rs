//! Compiles the native connector of a language from its source on this machine (`init --build`), by the script of
//! `templates/LANGUAGE/template.toml`. It works on a copy of the source in a scratch directory, and needs no root.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::php_machine::BuildTools;
use super::printed_command;
use crate::catalog::connectors::Transport;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::project::files::{self, ProjectRoot, shown};
use crate::project::language::{self, NativeModule, ProjectLanguage};
use crate::project::plan::FileChange;
use crate::safety::printable::printable;
use crate::store::Store;
use crate::system::events::{Event, EventSink};
use crate::system::files::read_named;
use crate::tdengine::digest::Sha256;
use crate::unpack::{ArchiveRefusal, MOST_BYTES, MOST_ENTRIES, unpack_source};

/// How long the script may take.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// The most bytes of an archive, which is kept in memory.
const LARGEST_ARCHIVE: u64 = 32 << 20;

/// How deep the directories of a source may be.
const DEEPEST: usize = 12;

/// A native connector that is compiled.
pub(super) struct NativeModuleBuild<'a> {
    language: &'a ProjectLanguage,
    module: &'a NativeModule,
    source: ModuleSource<'a>,
    /// The directory of the installed client.
    client: PathBuf,
    /// Variables for the script.
    variables: Vec<(&'static str, PathBuf)>,
}

/// The source of a native connector.
enum ModuleSource<'a> {
    Directory(&'a Path),
    /// A checked archive: its path, and its bytes.
    Archive(&'a Path, Vec<u8>),
}

impl<'a> NativeModuleBuild<'a> {
    /// Checks that `language` over `transport` has a module, that a client is installed, and that `source` is a directory with the
    /// module's source or an archive with one of `digests`.
    ///
    /// # Errors
    /// `usage`, `nothing-installed`, `digest-unknown`, `digest-mismatch`, or `file-unreadable`; nothing has been run or written.
    pub(super) fn of(
        language: &'a ProjectLanguage,
        transport: Transport,
        source: &'a Path,
        digests: &[Sha256],
        tools: &BuildTools,
    ) -> Result<Self> {
        let refuse = |id, observed, next| Err(refusal(language, id, observed, next));
        let Some(module) = &language.native_module else {
            let has_module =
                |id: &&str| language::load(id).is_ok_and(|it| it.native_module.is_some());
            let languages: Vec<_> = language::ids().filter(has_module).collect();
            let observed = message!(
                "init-option-for",
                option = "--build",
                languages = languages.join(", ")
            );
            let next = message!("init-omit", option = "--build");
            return refuse(ErrorId::Usage, observed, next);
        };
        if transport != Transport::Native {
            let observed = message!("init-build-native-only");
            return refuse(
                ErrorId::Usage,
                observed,
                message!("init-build-native-only-next"),
            );
        }
        if cfg!(windows) {
            let next = message!("init-omit", option = "--build");
            return refuse(ErrorId::Usage, message!("init-build-unix-only"), next);
        }
        let address = || message!("init-build-source", address = module.address);
        let source = if source.is_dir() {
            if !source.join(&module.source).is_file() {
                let observed = no_source(module, source);
                return refuse(ErrorId::Usage, observed, address());
            }
            ModuleSource::Directory(source)
        } else {
            let bytes = read_named(source, LARGEST_ARCHIVE).map_err(|error| {
                let observed = unreadable(source, &error);
                refusal(language, ErrorId::FileUnreadable, observed, address())
            })?;
            check_digest(language, source, &bytes, digests)?;
            ModuleSource::Archive(source, bytes)
        };
        let current = Store::from_environment()?.current()?;
        let client = current.map(|it| it.prefix).or_else(|| tools.client.clone());
        let Some(client) = client else {
            let observed = message!("init-build-no-client");
            let next = Message::quoted("taos-setup install");
            return refuse(ErrorId::NothingInstalled, observed, next);
        };
        let programs = tools.programs.clone();
        let variables = programs
            .map(|(phpize, config)| vec![("PHPIZE", phpize), ("PHP_CONFIG", config)])
            .unwrap_or_default();
        Ok(Self {
            language,
            module,
            source,
            client,
            variables,
        })
    }

    /// Compiles the module in a scratch directory, and returns the change that puts it into `project`.
    ///
    /// # Errors
    /// Why the source cannot be used, or `program-failed` if the script fails or takes too long.
    pub(super) fn compile(
        &self,
        project: &ProjectRoot,
        quiet: bool,
        events: &EventSink,
    ) -> Result<FileChange> {
        let refuse = |id, observed, next| refusal(self.language, id, observed, next);
        let needs = || Message::from(self.module.needs.clone());
        let cannot_write = |path: &Path, error: &io::Error| {
            refuse(ErrorId::FileUnwritable, unreadable(path, error), needs())
        };
        let scratch = tempfile::Builder::new()
            .prefix("taos-setup-module-")
            .tempdir()
            .map_err(|error| cannot_write(&std::env::temp_dir(), &error))?;
        let path = self.fill(scratch.path())?;
        events.emit(Event::note(message!(
            "init-build-running",
            path = shown(path),
            client = shown(&self.client)
        )));
        let script = language::template(self.language.id, &self.module.script).unwrap_or_default();
        let mut command = Command::new("sh");
        command
            .args(["-euc", script])
            .current_dir(scratch.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("TAOS_CLIENT", &self.client);
        printed_command::run_limited(command, quiet, LONGEST)?
            .map_err(|observed| refuse(ErrorId::ProgramFailed, observed, needs()))?;
        let built = scratch.path().join(&self.module.built);
        let after = read_named(&built, files::LARGEST)
            .map_err(|error| cannot_write(Path::new(&self.module.built), &error))?;
        Ok(FileChange {
            path: self.module.path.clone(),
            before: project.read(&self.module.path)?,
            after,
        })
    }

    /// What is left to do for programs other than the project's.
    pub(super) fn note(&self) -> Message {
        self.module.elsewhere.clone().into()
    }

    /// Puts the source into `scratch`, which is empty, and returns where it came from.
    fn fill(&self, scratch: &Path) -> Result<&Path> {
        let refuse = |id, observed| {
            let next = message!("init-build-source", address = self.module.address);
            refusal(self.language, id, observed, next)
        };
        match &self.source {
            ModuleSource::Directory(path) => {
                let mut copied = CopiedSource::default();
                let is_whole = copied
                    .copy(path, scratch, 0)
                    .map_err(|error| refuse(ErrorId::FileUnreadable, unreadable(path, &error)))?;
                if !is_whole {
                    let observed = message!(
                        "init-build-too-large",
                        path = shown(path),
                        files = MOST_ENTRIES,
                        megabytes = MOST_BYTES >> 20
                    );
                    return Err(refuse(ErrorId::Usage, observed));
                }
                Ok(path)
            }
            ModuleSource::Archive(path, bytes) => {
                unpack_source(bytes, scratch).map_err(|refusal| {
                    let (id, reason) = reason_of(refusal);
                    let path = shown(path);
                    refuse(
                        id,
                        message!("init-build-archive", path = path, reason = reason),
                    )
                })?;
                if !scratch.join(&self.module.source).is_file() {
                    return Err(refuse(ErrorId::Usage, no_source(self.module, path)));
                }
                Ok(path)
            }
        }
    }
}

fn refusal(language: &ProjectLanguage, id: ErrorId, observed: Message, next: Message) -> Error {
    let tried = message!("init-build-module", language = language.title);
    Error::new(id, tried, observed, next)
}

fn unreadable(path: &Path, error: &io::Error) -> Message {
    message!(
        "init-build-unreadable",
        path = shown(path),
        error = describe_io_error(error)
    )
}

fn no_source(module: &NativeModule, path: &Path) -> Message {
    message!(
        "init-build-no-source",
        path = shown(path),
        file = module.source
    )
}

/// Refuses the archive `bytes` at `path` unless it has one of `digests`.
fn check_digest(
    language: &ProjectLanguage,
    path: &Path,
    bytes: &[u8],
    digests: &[Sha256],
) -> Result<()> {
    let found = Sha256::of(bytes).map_err(|error| {
        let next = message!("init-omit", option = "--build");
        refusal(
            language,
            ErrorId::FileUnreadable,
            unreadable(path, &error),
            next,
        )
    })?;
    if digests.contains(&found) {
        return Ok(());
    }
    let (id, observed) = if digests.is_empty() {
        let observed = message!(
            "init-build-digest-unknown",
            path = shown(path),
            sha256 = found
        );
        (ErrorId::DigestUnknown, observed)
    } else {
        let observed = message!("init-build-digest", path = shown(path), sha256 = found);
        (ErrorId::DigestMismatch, observed)
    };
    let next = message!("init-build-digest-next", sha256 = found);
    Err(refusal(language, id, observed, next))
}

/// The error id of `refusal`, and why the archive is refused.
fn reason_of(refusal: ArchiveRefusal) -> (ErrorId, Message) {
    match refusal {
        ArchiveRefusal::Corrupt(reason) => (ErrorId::ArchiveCorrupt, reason),
        ArchiveRefusal::WindowsInstaller => {
            (ErrorId::ArchiveCorrupt, message!("unpack-source-corrupt"))
        }
        ArchiveRefusal::Unsafe { entry, reason } => {
            let entry = printable(&entry);
            let reason = message!("init-build-archive-entry", entry = entry, reason = reason);
            (ErrorId::ArchiveUnsafe, reason)
        }
        ArchiveRefusal::Unwritable { path, error } => {
            (ErrorId::FileUnwritable, unreadable(&path, &error))
        }
    }
}

/// What has been copied of a source.
#[derive(Default)]
struct CopiedSource {
    files: usize,
    bytes: u64,
}

impl CopiedSource {
    /// Copies the files and directories of `from` into `to`, which is empty. Links and special files are left out. Returns whether all of
    /// it is within the limits.
    fn copy(&mut self, from: &Path, to: &Path, depth: usize) -> io::Result<bool> {
        if depth > DEEPEST {
            return Ok(false);
        }
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let target = to.join(entry.file_name());
            // What git keeps of other versions is no part of the source.
            if kind.is_dir() && entry.file_name() != ".git" {
                fs::create_dir(&target)?;
                if !self.copy(&entry.path(), &target, depth + 1)? {
                    return Ok(false);
                }
            } else if kind.is_file() {
                self.files += 1;
                self.bytes += entry.metadata()?.len();
                if self.files > MOST_ENTRIES || self.bytes > MOST_BYTES {
                    return Ok(false);
                }
                fs::copy(entry.path(), &target)?;
            }
        }
        Ok(true)
    }
}
