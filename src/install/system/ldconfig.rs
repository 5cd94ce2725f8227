//! The loader's cache, and what else has to be right for every user's programs to find the client.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::driver::search;
use crate::safety::printable::printable;
use crate::store::Client;
use crate::tdengine::platform::Os;

/// Where ldconfig is: under sudo, PATH may be anybody's.
const PLACES: &[&str] = &["/sbin/ldconfig", "/usr/sbin/ldconfig"];
const LIB: &str = "/usr/local/lib";
const LOG: &str = "/var/log/taos";

/// Brings the loader's cache up to date, on Linux. Gives what went wrong, with the command that mends it.
pub(super) fn refresh() -> Vec<String> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let Some(program) = PLACES.iter().find(|place| Path::new(place).is_file()) else {
        return vec![format!(
            "there is no {}; where the C library keeps a cache of libraries, bring it up to date",
            PLACES.join(" and no ")
        )];
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
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.lines().last().unwrap_or_default();
            format!("{}: {}", output.status, printable(said))
        }
        Err(error) => crate::error::describe_io_error(&error).to_string(),
    };
    vec![format!(
        "{program} failed ({why}), so programs may not find the libraries; mend that, then: sudo {program}"
    )]
}

/// What users would meet after the client is placed: a loader that does not look there, another driver before it, no log folder.
pub(super) fn after(client: &Client) -> Vec<String> {
    let mut notes = Vec::new();
    let os = client.platform.os;
    let folders = search::folders(os, None);
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let lib = real(Path::new(LIB));
    if os == Os::Linux && !folders.iter().any(|(folder, _)| real(folder) == lib) {
        notes.push(format!(
            "the loader does not look into {LIB}; add it: echo {LIB} | sudo tee /etc/ld.so.conf.d/taos.conf && sudo {}",
            PLACES[0]
        ));
    } else if let Some(other) = search::find(&folders, &client.platform.library_file("taos"))
        && real(&other.folder) != lib
    {
        notes.push(format!(
            "the loader finds another driver first: {}; remove it, or programs take that one",
            other.file.display()
        ));
    }
    if !may_all_write(Path::new(LOG)) {
        notes.push(format!(
            "users other than root need a log folder that they may write: TAOS_LOG_DIR names one, or once for all: sudo install -d -m 1777 {LOG}"
        ));
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
