//! The run path of the installed client library: it opens libtaosnative or libtaosws by a bare name, which the loader looks for next to
//! it only with this run path. Programs without library variables (services, PHP under FPM, ODBC managers) load it then by its path.

use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256 as Hasher};

use super::driver_libraries as libraries;
use crate::driver::loader_path;
use crate::driver::run_path::{self, RunPathEdit, RunPathFault};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::Client;
use crate::system::events::{Event, EventSink};
use crate::system::files;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Os;
use crate::tdengine::version::driver_libraries;
use crate::unpack::UnpackedFile;

/// The largest library that is changed, in bytes. libtaos is small since it forwards calls.
const LARGEST: u64 = 64 << 20;

/// Adds a run path to a library.
type AddPath = fn(&[u8]) -> std::result::Result<RunPathEdit, RunPathFault>;

/// Adds the run path to the client library of `client` among `files`, which are below `root`, and updates its size and digest. A library
/// that cannot have it stays unchanged, with a note.
///
/// # Errors
/// `file-unreadable`, `file-unwritable`
pub(super) fn add(
    client: &Client,
    root: &Path,
    files: &mut [UnpackedFile],
    events: &EventSink,
) -> Result<()> {
    let opens_others = driver_libraries(client.version).len() > 1;
    let (added, path) = match client.platform.os {
        Os::Linux if opens_others => (run_path::add_origin as AddPath, "$ORIGIN"),
        Os::Macos if opens_others => (loader_path::add_loader_path as AddPath, "@loader_path"),
        Os::Linux | Os::Macos | Os::Windows => return Ok(()),
    };
    let there: Vec<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("lib/"))
        .collect();
    let name = libraries::find(client.platform, "taos", client.version, &there);
    let Some(file_path) = name.map(|name| format!("lib/{name}")) else {
        return Ok(());
    };
    let Some(file) = files.iter_mut().find(|file| file.path == file_path) else {
        return Ok(());
    };
    let place = root.join(&file_path);
    let library = files::read_named(&place, LARGEST).map_err(|error| {
        let tried = message!("store-read", path = printable_path(&place));
        failed(ErrorId::FileUnreadable, tried, &error)
    })?;
    let shown = printable(&file_path);
    match added(&library) {
        Ok(RunPathEdit::Present) => {}
        Ok(RunPathEdit::Added(new)) => {
            replace(&place, &new).map_err(|error| {
                let tried = message!("store-write", path = printable_path(&place));
                failed(ErrorId::FileUnwritable, tried, &error)
            })?;
            file.size = new.len() as u64;
            file.sha256 = Sha256(Hasher::digest(&new).into());
            let detail = message!("install-run-path-added", file = shown, path = path);
            events.emit(Event::detail(detail));
        }
        Err(RunPathFault::OtherForm) => {
            events.emit(Event::detail(message!(
                "install-run-path-form",
                file = shown
            )));
        }
        Err(RunPathFault::Signed) => {
            events.emit(Event::detail(message!(
                "install-run-path-signed",
                file = shown
            )));
        }
        Err(RunPathFault::NoSpace | RunPathFault::Damaged) => {
            events.emit(Event::note(message!(
                "install-run-path-damaged",
                file = shown
            )));
        }
    }
    Ok(())
}

/// Writes `bytes` to a new file at `path`, with the permissions of the old one, which may have other hard links.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::symlink_metadata(path)?.permissions();
    fs::remove_file(path)?;
    fs::write(path, bytes)?;
    fs::set_permissions(path, permissions)
}

fn failed(id: ErrorId, tried: Message, error: &io::Error) -> Error {
    Error::new(id, tried, describe_io_error(error), Message::default())
}
