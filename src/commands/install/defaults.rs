//! What `taos-setup.toml` and `taos-setup.lock` say about a client that the command line leaves open.

use super::Args;
use crate::catalog::Clients;
use crate::error::Result;
use crate::lock::{self, LockedPackage};
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::{Request, client_for};

/// Fills in what `args` leaves open: edition and parts, and without a version, a server, and a file also the version, of which the
/// packages are returned if it is locked. `TAOS_HOST` is preferred to the server of the file, not to a version.
///
/// # Errors
/// Those of reading both files.
pub(super) fn fill_in(args: &mut Args, events: &EventSink) -> Result<Vec<LockedPackage>> {
    let is_whole = args.from.is_some() || args.requested.is_some() || args.server.is_some();
    let setup = lock::in_effect()?;
    if let Some(note) = &setup.note {
        events.emit(Event::note(note.clone()));
    }
    let Some(file) = &setup.file else {
        return Ok(Vec::new());
    };
    let client = file.client.clone().unwrap_or_default();
    if args.from.is_none() {
        args.edition = args.edition.or(client.edition);
    }
    args.only = args.only.or(client.parts);
    if is_whole {
        return Ok(Vec::new());
    }
    let path = printable_path(&file.path);
    let platform = args.platform.or(Platform::host());
    let locked: Vec<LockedPackage> = match (setup.lock()?, platform) {
        (Some(lock), Some(platform)) if file.client.is_some() => {
            lock.packages_for(platform).cloned().collect()
        }
        (Some(_) | None, _) => Vec::new(),
    };
    let admits = |package: &LockedPackage| {
        let version = client.version.as_ref();
        version.is_none_or(|it| it.admits(package.version))
            && args.edition.is_none_or(|it| it == package.edition)
    };
    let locked: Vec<_> = locked.into_iter().filter(admits).collect();
    if let Some(first) = locked.first() {
        args.requested = Some(Request::Exact(first.version));
        args.edition = Some(first.edition);
    } else if let Some(version) = client.version {
        args.requested = Some(version);
    } else if let (Some(server), None) = (file.server_target(), env_vars::TAOS_HOST.get()) {
        let note = message!("lock-default-server", path = path, server = server);
        events.emit(Event::note(note));
        args.server = Some(server.to_owned());
    } else if let Some(Request::Prefix(parts)) = &file.server.version {
        args.requested = Some(Request::Prefix(parts.clone()));
    } else if let (Some(version), Some(platform)) = (file.server_version(), platform) {
        let edition = args.edition.unwrap_or_default();
        let published = Clients::builtin()?.published(edition, platform);
        let version = client_for(version, published).unwrap_or(version);
        args.requested = Some(Request::Exact(version));
    }
    if let Some(version) = &args.requested {
        let note = message!("lock-default-version", path = path, version = version);
        events.emit(Event::note(note));
    }
    Ok(locked)
}
