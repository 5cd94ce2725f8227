//! Finds a driver outside the store that the loader finds and that fits a server.

use std::path::PathBuf;

use crate::driver::{Driver, search};
use crate::store::Store;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Version, native_compatible};
use crate::verify::Server;

/// A driver on this machine, outside the store, that fits a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemDriver {
    /// The library that the loader picks.
    pub file: PathBuf,
    /// Its version, from the name of the file that the link leads to.
    pub version: Version,
    /// Libraries of it that are not linked there: the vendor's script forgets libtaosws, which WebSocket mode alone needs.
    pub missing: Vec<String>,
    /// The server that it fits.
    pub server: Server,
}

/// What the loader would pick, where it is outside `store` and fits `server`.
pub(in crate::install) fn find(
    store: &Store,
    server: &Server,
    platform: Platform,
) -> Option<SystemDriver> {
    let path = std::env::var_os(search::variable(platform.os));
    let folders = search::folders(platform.os, path.as_deref());
    let candidate = search::find(&folders, &platform.library_file("taos"))?;
    let real = candidate.file.canonicalize().ok()?;
    let home = store
        .home()
        .canonicalize()
        .unwrap_or_else(|_| store.home().to_path_buf());
    if real.starts_with(home) {
        return None;
    }
    let driver = Driver::examine(&candidate, platform, None);
    let version = driver.version?;
    let native = platform.library_file("taosnative");
    let fits = native_compatible(version, server.version)
        && version <= server.version
        && driver.machine.is_ok_and(|machine| machine.serves(platform))
        && !driver.missing.contains(&native);
    fits.then(|| SystemDriver {
        file: driver.file,
        version,
        missing: driver.missing,
        server: server.clone(),
    })
}
