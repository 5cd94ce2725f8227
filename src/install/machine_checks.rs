//! Checks before publication: the needs of the libraries on this machine, and the version that the driver reports.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256 as Hasher};

use super::run_path;
use crate::driver::needs::{self, Glibc};
use crate::driver::process::DriverReply;
use crate::driver::process::parent::{DriverProcess, DriverSetting};
use crate::driver::search;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::Client;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::Version;
use crate::unpack::{Unpacked, UnpackedFile};

/// The time limit for the driver to load and start. The real one takes well under a second.
const LIMIT: Duration = Duration::from_secs(10);

/// The needs of a package's libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LibraryNeeds {
    /// The newest glibc that one of them needs, and which.
    pub(super) glibc: Option<(Glibc, String)>,
    /// Those that request an executable stack.
    pub(super) stacks: Vec<ExecutableStack>,
}

/// A library that requests an executable stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExecutableStack {
    /// Its path in the client's folder.
    pub(super) file: String,
    /// The position of the flags in it, and their value without the request.
    place: u64,
    flags: [u8; 4],
}

/// Reads the needs of the libraries below `root`, on Linux. Error `file-unreadable`.
fn read_needs(client: &Client, root: &Path, unpacked: &Unpacked) -> Result<LibraryNeeds> {
    let mut needs_found = LibraryNeeds::default();
    if client.platform.os != Os::Linux {
        return Ok(needs_found);
    }
    for file in unpacked.files.iter().filter(|file| is_library(&file.path)) {
        let path = root.join(&file.path);
        let found = needs::of(&path).map_err(|error| {
            Error::new(
                ErrorId::FileUnreadable,
                message!("store-read", path = printable_path(&path)),
                describe_io_error(&error),
                Message::default(),
            )
        })?;
        if let Some(glibc) = found.glibc
            && needs_found
                .glibc
                .as_ref()
                .is_none_or(|(known, _)| glibc > *known)
        {
            needs_found.glibc = Some((glibc, file.path.clone()));
        }
        if let Some((place, flags)) = found.executable_stack {
            let file = file.path.clone();
            needs_found
                .stacks
                .push(ExecutableStack { file, place, flags });
        }
    }
    Ok(needs_found)
}

/// Error `platform-unsupported` if this machine's glibc is older than `needed`; clients for other platforms pass.
fn judge_glibc(client: &Client, needed: Option<&(Glibc, String)>) -> Result<()> {
    match needed {
        Some((needed, file)) if Platform::host() == Some(client.platform) => {
            check_glibc(client, *needed, file, needs::host_glibc())
        }
        _ => Ok(()),
    }
}

/// Checks the libraries below `root`, clears their flags for an executable stack, and adds the run path of the client library. Returns
/// the changed `unpacked`, and the needs.
///
/// # Errors
/// `platform-unsupported`; `file-unreadable`, `file-unwritable` for the unpacked files.
pub(super) fn check_libraries(
    client: &Client,
    root: &Path,
    unpacked: &Unpacked,
    events: &EventSink,
) -> Result<(Unpacked, LibraryNeeds)> {
    let mut files = unpacked.files.clone();
    let needs_found = read_needs(client, root, unpacked)?;
    for stack in &needs_found.stacks {
        if let Some(file) = files.iter_mut().find(|file| file.path == stack.file) {
            clear(&root.join(&stack.file), stack.place, stack.flags, file)?;
        }
        events.emit(Event::note(message!(
            "install-stack-cleared",
            file = printable(&stack.file)
        )));
    }
    run_path::add(client, root, &mut files, events)?;
    judge_glibc(client, needs_found.glibc.as_ref())?;
    if let Some((needed, file)) = &needs_found.glibc
        && Platform::host() != Some(client.platform)
    {
        events.emit(Event::note(message!(
            "install-glibc-elsewhere",
            file = printable(file),
            glibc = needed
        )));
    }
    let unpacked = Unpacked {
        files,
        links: unpacked.links.clone(),
        left_out: unpacked.left_out.clone(),
        nested: unpacked.nested,
        layout: unpacked.layout,
    };
    Ok((unpacked, needs_found))
}

fn is_library(path: &str) -> bool {
    path.strip_prefix("lib/")
        .is_some_and(|name| name.ends_with(".so") || name.contains(".so."))
}

/// Error `platform-unsupported` if `host` is older than `needed`. On a host without glibc the loader reports the problem.
fn check_glibc(
    client: &Client,
    needed: Glibc,
    file: &str,
    host: Option<(Glibc, std::path::PathBuf)>,
) -> Result<()> {
    match host {
        Some((host, libc)) if host < needed => Err(Error::new(
            ErrorId::PlatformUnsupported,
            message!("install-here-tried", version = client.version),
            message!(
                "install-glibc-old",
                file = printable(file),
                needed = needed,
                host = host,
                libc = printable_path(&libc)
            ),
            message!("install-glibc-next"),
        )),
        _ => Ok(()),
    }
}

/// Writes `flags` into the unpacked file, and updates its digest.
fn clear(path: &Path, place: u64, flags: [u8; 4], file: &mut UnpackedFile) -> Result<()> {
    let write = || -> std::io::Result<Sha256> {
        let mut library = OpenOptions::new().write(true).open(path)?;
        library.seek(SeekFrom::Start(place))?;
        library.write_all(&flags)?;
        drop(library);
        let mut hasher = Hasher::new();
        std::io::copy(&mut fs::File::open(path)?, &mut Hashing(&mut hasher))?;
        Ok(Sha256(hasher.finalize().into()))
    };
    file.sha256 = write().map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("store-write", path = printable_path(path)),
            describe_io_error(&error),
            Message::default(),
        )
    })?;
    Ok(())
}

struct Hashing<'a>(&'a mut Hasher);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Asks the completed driver in the directory `lib`, with the configuration in `etc`, for its version, in a child process. If this
/// machine cannot load it, a note says so: the package may be right.
///
/// # Errors
/// `package-mismatch` if the driver reports another version.
pub(super) async fn check_version(
    client: &Client,
    lib: &Path,
    etc: &Path,
    events: &EventSink,
) -> Result<()> {
    let note = |why: Message| {
        let text = message!("install-driver-unasked", why = why);
        events.emit(Event::note(text));
        Ok(())
    };
    if Platform::host() != Some(client.platform) {
        return note(message!(
            "install-driver-foreign",
            platform = client.platform
        ));
    }
    if cfg!(target_env = "musl") {
        return note(message!("verify-static-build"));
    }
    let folder = lib.to_path_buf();
    let variable = search::variable(client.platform.os);
    let rest = std::env::var_os(variable).unwrap_or_default();
    let folders = std::iter::once(folder.clone()).chain(std::env::split_paths(&rest));
    let path = std::env::join_paths(folders).unwrap_or(folder.clone().into_os_string());
    let setting = DriverSetting {
        library: folder.join(client.platform.library_file("taos")),
        variables: vec![
            (variable, path),
            (env_vars::TAOS_CONFIG_DIR.name, etc.as_os_str().to_owned()),
        ],
        log_dir: None,
        limit: LIMIT,
    };
    let mut process = match DriverProcess::start(&setting) {
        Ok(process) => process,
        Err(error) => {
            let why = describe_io_error(&error);
            return note(message!("install-driver-unstarted", why = why));
        }
    };
    let root = lib.parent().unwrap_or(lib).display().to_string();
    match process.ready().await {
        DriverReply::Data(reply) => match Version::find(&reply) {
            Some(found) if found == client.version => Ok(()),
            _ => Err(Error::new(
                ErrorId::PackageMismatch,
                message!("install-tried", version = client.version),
                message!("install-driver-other", reply = printable(&reply)),
                message!("install-driver-other-next"),
            )),
        },
        DriverReply::Unstarted(words) => note(message!("install-driver-unstarted", why = words)),
        DriverReply::Unloadable(words) => {
            let why = printable(&words).replace(&root, "");
            note(message!("install-driver-unloadable", why = why))
        }
        DriverReply::Crashed { how, .. } => note(message!("install-driver-crashed", how = how)),
        DriverReply::Hung { .. } => {
            note(message!("install-driver-hung", seconds = LIMIT.as_secs()))
        }
        DriverReply::Refused { message, .. } => {
            let why = printable(&message);
            note(message!("install-driver-refused", why = why))
        }
    }
}

#[cfg(test)]
mod tests;
