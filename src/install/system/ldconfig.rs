//! Updates the loader's cache, and checks that the programs of all users find the client.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::driver::search;
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::Client;
use crate::tdengine::platform::Os;

/// The paths of ldconfig: under sudo, PATH may be another user's.
const PLACES: &[&str] = &["/sbin/ldconfig", "/usr/sbin/ldconfig"];
const LIB: &str = "/usr/local/lib";
const LOG: &str = "/var/log/taos";

/// Updates the loader's cache, on Linux. Returns notes about failures, with the command that fixes them.
pub(super) fn refresh() -> Vec<Message> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let Some(program) = PLACES.iter().find(|place| Path::new(place).is_file()) else {
        let places = PLACES.join(", ");
        return vec![message!("system-no-ldconfig", places = places)];
    };
    // Without links (-X): the client's own are placed already, and recorded.
    let ended = Command::new(program)
        .arg("-X")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .output();
    let why = match ended {
        Ok(output) if output.status.success() => return Vec::new(),
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stderr);
            let words = words.lines().last().unwrap_or_default();
            Message::quoted(format!("{}: {}", output.status, printable(words)))
        }
        Err(error) => crate::error::describe_io_error(&error),
    };
    vec![message!(
        "system-ldconfig-failed",
        program = program,
        why = why
    )]
}

/// Notes about problems of users after the client is placed: the loader does not search there, another driver is first, no log directory.
pub(super) fn after(client: &Client) -> Vec<Message> {
    let mut notes = Vec::new();
    let os = client.platform.os;
    let folders = search::folders(os, None);
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let lib = real(Path::new(LIB));
    if os == Os::Linux && !folders.iter().any(|(folder, _)| real(folder) == lib) {
        notes.push(message!(
            "system-loader-path",
            lib = LIB,
            ldconfig = PLACES[0]
        ));
    } else if let Some(other) = search::find(&folders, &client.platform.library_file("taos"))
        && real(&other.folder) != lib
    {
        let file = printable_path(&other.file);
        notes.push(message!("system-other-driver", file = file));
    }
    if !may_all_write(Path::new(LOG)) {
        notes.push(message!("system-log-directory", log = LOG));
    }
    notes
}

#[cfg(unix)]
fn may_all_write(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).is_ok_and(|found| found.is_dir() && found.mode() & 0o003 == 0o003)
}

#[cfg(not(unix))]
fn may_all_write(_folder: &Path) -> bool {
    true
}
