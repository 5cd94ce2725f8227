//! Reads taos.cfg, the driver's configuration: `firstEp`, the server that it connects to if a program names none.

use std::path::{Path, PathBuf};

use crate::system::files;
use crate::system::test_machine::host_path;
use crate::tdengine::ports::NATIVE_PORT;

/// The largest taos.cfg that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// The endpoint that a taos.cfg names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredEndpoint {
    /// The file.
    pub file: PathBuf,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Returns the directory whose taos.cfg the driver reads if nothing names another.
pub fn default_directory() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\TDengine\cfg")
    } else {
        host_path("/etc/taos")
    }
}

/// Returns the `firstEp` of the taos.cfg in `directory`; `None` if there is none, or it is not a regular file of at most
/// 1 MiB.
pub fn read_first_ep(directory: &Path) -> Option<ConfiguredEndpoint> {
    let file = directory.join("taos.cfg");
    let bytes = files::read_named(&file, MOST_BYTES).ok()?;
    let (host, port) = first_ep(&String::from_utf8_lossy(&bytes))?;
    Some(ConfiguredEndpoint { file, host, port })
}

/// Returns whether the taos.cfg in `directory` switches TLS on for native connections (`enableTLS 1`, from 3.3.8 on).
pub fn enables_tls(directory: &Path) -> bool {
    let bytes = files::read_named(&directory.join("taos.cfg"), MOST_BYTES).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().any(|line| {
        let code = line.split('#').next().unwrap_or_default();
        let mut words = code.split_whitespace();
        let key = words.next().unwrap_or_default();
        key.eq_ignore_ascii_case("enableTLS") && words.next() == Some("1")
    })
}

/// Returns host and port of the `firstEp` in the text of a taos.cfg; 6030 if it gives no port. Lines are `key value`, `#`
/// begins a comment, and the last line with the key counts: the driver reads top to bottom.
pub fn first_ep(text: &str) -> Option<(String, u16)> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            let key = words.next()?;
            if key.eq_ignore_ascii_case("firstEp") {
                endpoint(words.next()?)
            } else {
                None
            }
        })
        .next_back()
}

/// Host and port of `host:port`, `[v6]:port` or `host`.
fn endpoint(text: &str) -> Option<(String, u16)> {
    let target: crate::dsn::Target = text.parse().ok()?;
    match target.scheme {
        None => Some((target.host, target.port.unwrap_or(NATIVE_PORT))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
