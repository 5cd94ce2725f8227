//! The use case of `which`: finds the client and the library that `run` and `verify` would use, and the reason. Nothing is loaded.

use std::path::{Path, PathBuf};

use crate::driver::search::{self, Candidate};
use crate::driver::{self, Source};
use crate::error::{Error, ErrorId, Result};
use crate::message::message;
use crate::store::{Client, Store};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;

/// The reason for a choice of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LibraryReason {
    /// It was requested with `--client`.
    Requested,
    /// It is the store's current client.
    Current,
    /// The loader's search path in the environment names its folder.
    Environment,
    /// The loader finds it in one of the system's folders.
    System,
    /// There is none.
    Missing,
}

/// The library that a command would load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenLibrary {
    /// The library's file, under the name that is asked for.
    pub library: Option<PathBuf>,
    /// The client of the store that it belongs to, if it does.
    pub client: Option<Client>,
    /// The reason.
    pub why: LibraryReason,
}

/// The libraries that `run` and `verify` would load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryChoice {
    /// The one of a command under `run`.
    pub run: ChosenLibrary,
    /// The one that `verify` checks.
    pub verify: ChosenLibrary,
    /// The variable that holds the loader's search path here.
    pub variable: &'static str,
}

/// Finds the library of `run`, with `requested` as its `--client`, and that of `verify`.
///
/// # Errors
/// `nothing-installed` if neither finds a library or `requested` is not installed; `platform-unsupported`; those of reading the
/// store.
pub fn which(store: &Store, requested: Option<&Request>) -> Result<LibraryChoice> {
    let platform = Platform::host().ok_or_else(|| {
        Error::new(
            ErrorId::PlatformUnsupported,
            message!("which-platform-tried"),
            message!("which-platform-observed"),
            message!("which-platform-next"),
        )
    })?;
    let name = platform.library_file("taos");
    let path = std::env::var_os(search::variable(platform.os));
    let loaders = driver::locate(platform, path.as_deref(), std::slice::from_ref(&name)).chosen;
    let current = store.current()?;
    let run = match (requested, &current) {
        (Some(requested), _) => in_client(
            store.choose(Some(requested))?,
            &name,
            LibraryReason::Requested,
        ),
        (None, Some(current)) => in_client(current.clone(), &name, LibraryReason::Current),
        (None, None) if store.uses_system()? => loaded(store, loaders.as_ref())?,
        (None, None) => missing(),
    };
    let verify = match (&loaders, current) {
        (None, Some(current)) => in_client(current, &name, LibraryReason::Current),
        (found, _) => loaded(store, found.as_ref())?,
    };
    if run.library.is_none() && verify.library.is_none() {
        // Its error names what is missing.
        store.choose(requested)?;
    }
    Ok(LibraryChoice {
        run,
        verify,
        variable: search::variable(platform.os),
    })
}

fn missing() -> ChosenLibrary {
    ChosenLibrary {
        library: None,
        client: None,
        why: LibraryReason::Missing,
    }
}

fn in_client(client: Client, name: &str, why: LibraryReason) -> ChosenLibrary {
    ChosenLibrary {
        library: Some(client.lib_dir().join(name)),
        client: Some(client),
        why,
    }
}

/// The library that the loader finds.
fn loaded(store: &Store, found: Option<&Candidate>) -> Result<ChosenLibrary> {
    let Some(found) = found else {
        return Ok(missing());
    };
    let real = found.folder.canonicalize().ok();
    let same = |folder: &Path| real.is_some() && folder.canonicalize().ok() == real;
    let mut clients = store.installed()?.into_iter();
    Ok(ChosenLibrary {
        library: Some(found.file.clone()),
        client: clients.find(|client| same(&client.lib_dir())),
        why: match found.source {
            Source::Environment => LibraryReason::Environment,
            Source::System | Source::Cache => LibraryReason::System,
            Source::Store => LibraryReason::Current,
        },
    })
}
