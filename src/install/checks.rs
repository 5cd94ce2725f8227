//! Before publication: what the libraries ask of this machine, and whether the driver says the version that it was taken for.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256 as Hasher};

use crate::driver::needs::{self, Glibc};
use crate::driver::process::DriverReply;
use crate::driver::process::parent::{DriverProcess, DriverSetting};
use crate::driver::search;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::store::Client;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::Version;
use crate::unpack::{Unpacked, UnpackedFile};

/// How long the driver may take to load and start. The real one takes well under a second.
const LIMIT: Duration = Duration::from_secs(10);

/// What the libraries of a package ask of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Looked {
    /// The newest glibc that one of them needs, and which.
    pub(super) glibc: Option<(Glibc, String)>,
    /// Those that want an executable stack.
    pub(super) stacks: Vec<Stack>,
}

/// A library that wants an executable stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// Its path in the client's folder.
    pub(super) file: String,
    /// The place of the flags in it, and what they are without that wish.
    place: u64,
    flags: [u8; 4],
}

/// Looks at the libraries below `root`; for other systems than Linux there is nothing to see. Error `file-unreadable`.
fn look(client: &Client, root: &Path, unpacked: &Unpacked) -> Result<Looked> {
    let mut looked = Looked::default();
    if client.platform.os != Os::Linux {
        return Ok(looked);
    }
    for file in unpacked.files.iter().filter(|file| is_library(&file.path)) {
        let path = root.join(&file.path);
        let found = needs::of(&path).map_err(|error| {
            let tried = format!("read {}", path.display());
            Error::new(
                ErrorId::FileUnreadable,
                tried,
                describe_io_error(&error),
                "",
            )
        })?;
        if let Some(glibc) = found.glibc
            && looked
                .glibc
                .as_ref()
                .is_none_or(|(known, _)| glibc > *known)
        {
            looked.glibc = Some((glibc, file.path.clone()));
        }
        if let Some((place, flags)) = found.executable_stack {
            let file = file.path.clone();
            looked.stacks.push(Stack { file, place, flags });
        }
    }
    Ok(looked)
}

/// Error `platform-unsupported` where this machine's glibc is older than `needed`, which a client for another platform is not
/// asked.
fn judge_glibc(client: &Client, needed: Option<&(Glibc, String)>) -> Result<()> {
    match needed {
        Some((needed, file)) if Platform::host() == Some(client.platform) => {
            glibc(client, *needed, file, needs::host_glibc())
        }
        _ => Ok(()),
    }
}

/// Checks the libraries below `root`, and takes back their wish for an executable stack, which changes the files: gives
/// `unpacked` as it is now, and what they need. Errors: `platform-unsupported`; `file-unreadable`, `file-unwritable` where our own copy cannot be read
/// or changed.
pub(super) fn libraries(
    client: &Client,
    root: &Path,
    unpacked: &Unpacked,
    events: &EventSink,
) -> Result<(Unpacked, Looked)> {
    let mut files = unpacked.files.clone();
    let looked = look(client, root, unpacked)?;
    for stack in &looked.stacks {
        if let Some(file) = files.iter_mut().find(|file| file.path == stack.file) {
            clear(&root.join(&stack.file), stack.place, stack.flags, file)?;
        }
        events.emit(Event::note(format!(
            "{} asks for an executable stack, which new systems refuse: the flag is cleared in this copy",
            stack.file
        )));
    }
    judge_glibc(client, looked.glibc.as_ref())?;
    if let Some((needed, file)) = &looked.glibc
        && Platform::host() != Some(client.platform)
    {
        events.emit(Event::note(format!(
            "{file} needs glibc {needed} on the machine that it is for"
        )));
    }
    let unpacked = Unpacked {
        files,
        links: unpacked.links.clone(),
        left_out: unpacked.left_out.clone(),
        nested: unpacked.nested,
        layout: unpacked.layout,
    };
    Ok((unpacked, looked))
}

fn is_library(path: &str) -> bool {
    path.strip_prefix("lib/")
        .is_some_and(|name| name.ends_with(".so") || name.contains(".so."))
}

/// Error `platform-unsupported` where `host` is older than `needed`. A host without glibc is left to the loader's own words.
fn glibc(
    client: &Client,
    needed: Glibc,
    file: &str,
    host: Option<(Glibc, std::path::PathBuf)>,
) -> Result<()> {
    match host {
        Some((host, libc)) if host < needed => Err(Error::new(
            ErrorId::PlatformUnsupported,
            format!("install {} on this machine", client.version),
            format!(
                "{file} needs glibc {needed}, and this machine has {host} ({})",
                libc.display()
            ),
            "use the WebSocket connector, which needs no client: taos-setup init; or install on a newer Linux",
        )),
        _ => Ok(()),
    }
}

/// Writes `flags` into our copy, and notes its new digest.
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
            format!("write {}", path.display()),
            describe_io_error(&error),
            "",
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

/// Asks the completed driver in the folder `lib`, with the configuration in `etc`, in a process of its own, for its version. Where this machine cannot load it that
/// is told and nothing else: the package may be right all the same. Error `package-mismatch`.
pub(super) async fn version(
    client: &Client,
    lib: &Path,
    etc: &Path,
    events: &EventSink,
) -> Result<()> {
    let note = |why: String| {
        let text = format!("the driver was not asked for its version: {why}");
        events.emit(Event::note(text));
        Ok(())
    };
    if Platform::host() != Some(client.platform) {
        return note(format!("it is for {}", client.platform));
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
            return note(format!(
                "its process cannot be started: {}",
                describe_io_error(&error)
            ));
        }
    };
    let root = lib.parent().unwrap_or(lib).display().to_string();
    match process.ready().await {
        DriverReply::Data(said) => match Version::find(&said) {
            Some(found) if found == client.version => Ok(()),
            _ => Err(Error::new(
                ErrorId::PackageMismatch,
                format!("install {}", client.version),
                format!(
                    "the driver in the package says that it is {}",
                    crate::safety::printable::printable(&said)
                ),
                "get the package again from the vendor or another mirror; this one is not what its name says",
            )),
        },
        DriverReply::Unstarted(words) => note(format!("its process cannot be started: {words}")),
        DriverReply::Unloadable(words) => note(format!(
            "this machine cannot load it: {}",
            crate::safety::printable::printable(&words).replace(&root, "")
        )),
        DriverReply::Crashed { how, .. } => note(format!("its process {how}")),
        DriverReply::Hung { .. } => note(format!("it did not start within {} s", LIMIT.as_secs())),
        DriverReply::Refused { message, .. } => note(format!(
            "it does not start: {}",
            crate::safety::printable::printable(&message)
        )),
    }
}

#[cfg(test)]
mod tests;
