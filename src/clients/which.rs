//! The use case of `which`: the client and the library that `run` and `verify` would take, and why. Nothing is loaded.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::driver::search::{self, Candidate};
use crate::driver::{self, Source};
use crate::error::{Error, ErrorId, Result};
use crate::store::{Client, Store};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;

/// Why a library is taken, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was asked for with `--client`.
    Asked,
    /// It is the store's current client.
    Current,
    /// The loader's search path in the environment names its folder.
    Environment,
    /// The loader finds it in one of the system's folders.
    System,
    /// There is none.
    Nothing,
}

/// What a command would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The library's file, under the name that is asked for.
    pub library: Option<PathBuf>,
    /// The store's client that it belongs to; `None` where it is none of the store's.
    pub client: Option<Client>,
    /// Why.
    pub why: Why,
}

/// What `run` and `verify` would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// What a command under `run` finds.
    pub run: Taken,
    /// What `verify` proves.
    pub verify: Taken,
    /// The variable that holds the loader's search path here.
    pub variable: &'static str,
}

/// Looks up what `run`, with `asked` as its `--client`, and `verify` would take. `path` is the value of the loader's search
/// path. Errors: `nothing-installed` where neither finds a library or `asked` is not installed, `platform-unsupported`, and
/// those of reading the store.
pub fn which(store: &Store, asked: Option<&Request>, path: Option<&OsStr>) -> Result<Which> {
    let platform = Platform::host().ok_or_else(|| {
        Error::new(
            ErrorId::PlatformUnsupported,
            "find a client library",
            "none is published for this platform",
            "connect over WebSocket, which needs none: taos-setup verify --help",
        )
    })?;
    let name = platform.library_file("taos");
    let loaders = driver::locate(platform, path, std::slice::from_ref(&name)).chosen;
    let current = store.current()?;
    let run = match (asked, &current) {
        (Some(asked), _) => of(store.choose(Some(asked))?, &name, Why::Asked),
        (None, Some(current)) => of(current.clone(), &name, Why::Current),
        (None, None) if store.uses_system()? => loaded(store, loaders.as_ref())?,
        (None, None) => nothing(),
    };
    let verify = match (&loaders, current) {
        (None, Some(current)) => of(current, &name, Why::Current),
        (found, _) => loaded(store, found.as_ref())?,
    };
    if run.library.is_none() && verify.library.is_none() {
        // Its own words for what is missing.
        store.choose(asked)?;
    }
    Ok(Which {
        run,
        verify,
        variable: search::variable(platform.os),
    })
}

fn nothing() -> Taken {
    Taken {
        library: None,
        client: None,
        why: Why::Nothing,
    }
}

fn of(client: Client, name: &str, why: Why) -> Taken {
    Taken {
        library: Some(client.lib_dir().join(name)),
        client: Some(client),
        why,
    }
}

/// What the loader finds.
fn loaded(store: &Store, found: Option<&Candidate>) -> Result<Taken> {
    let Some(found) = found else {
        return Ok(nothing());
    };
    let real = found.folder.canonicalize().ok();
    let same = |folder: &Path| real.is_some() && folder.canonicalize().ok() == real;
    let mut clients = store.installed()?.into_iter();
    Ok(Taken {
        library: Some(found.file.clone()),
        client: clients.find(|client| same(&client.lib_dir())),
        why: match found.source {
            Source::Environment => Why::Environment,
            Source::System | Source::Cache => Why::System,
            Source::Store => Why::Current,
        },
    })
}
