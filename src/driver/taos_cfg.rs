//! Reads taos.cfg, the driver's configuration: every entry, and `firstEp`, the server that it connects to if a program names none.

pub mod edit;

use std::io;
use std::path::{Path, PathBuf};

use crate::system::files::{self, UnfitFile};
use crate::system::test_machine::host_path;
use crate::tdengine::ports::NATIVE_PORT;

/// The file's name.
pub const NAME: &str = "taos.cfg";
/// The largest taos.cfg that is read, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// The most entries that are read. TDengine has fewer than 300 keys.
const MOST_ENTRIES: usize = 4096;

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

/// A line of a taos.cfg that sets something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigEntry {
    /// The number of the line, from 1 on.
    pub line: usize,
    /// The key as it is written; the driver ignores its case.
    pub key: String,
    /// The value, without the `@` that may enclose it.
    pub value: String,
}

impl ConfigEntry {
    /// Whether it sets `key`.
    pub fn sets(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }
}

/// Returns the directory whose taos.cfg the driver reads if nothing names another.
pub fn default_directory() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\TDengine\cfg")
    } else {
        host_path("/etc/taos")
    }
}

/// Reads the taos.cfg in `directory`: a regular file of at most 1 MiB and 4096 entries.
///
/// # Errors
/// The system's, and an [`UnfitFile`] for a file that is none, or too large.
pub fn read(directory: &Path) -> io::Result<Vec<ConfigEntry>> {
    let bytes = files::read_named(&directory.join(NAME), MOST_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let entries: Vec<ConfigEntry> = entries(&text).take(MOST_ENTRIES + 1).collect();
    match entries.len() > MOST_ENTRIES {
        true => Err(UnfitFile::TooManyValues.into()),
        false => Ok(entries),
    }
}

/// Returns the `firstEp` of the taos.cfg in `directory`; `None` if there is none, or it is not a regular file of at most
/// 1 MiB.
pub fn read_first_ep(directory: &Path) -> Option<ConfiguredEndpoint> {
    let (host, port) = first_ep_of(&read(directory).ok()?)?;
    let file = directory.join(NAME);
    Some(ConfiguredEndpoint { file, host, port })
}

/// Returns whether the taos.cfg in `directory` switches TLS on for native connections (`enableTLS 1`, from 3.3.8 on).
pub fn enables_tls(directory: &Path) -> bool {
    let entries = read(directory).unwrap_or_default();
    value(&entries, "enableTLS").is_some_and(is_true)
}

/// Returns whether `value` switches something on: the driver takes `true`, in any case, and every number but 0 for it.
pub fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.parse::<i64>().is_ok_and(|number| number != 0)
}

/// Returns the value of `key`: the last line with it counts, because the driver reads top to bottom.
pub fn value<'a>(entries: &'a [ConfigEntry], key: &str) -> Option<&'a str> {
    let mut all = entries.iter().rev().filter(|entry| entry.sets(key));
    all.next().map(|entry| entry.value.as_str())
}

/// Returns what the lines of `text` set. Lines are `key value`, and `#` begins a comment; one without a value sets nothing.
pub fn entries(text: &str) -> impl Iterator<Item = ConfigEntry> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(at, line)| {
        let key = line.split_whitespace().next()?;
        let range = edit::setting(line.as_bytes(), key).filter(|_| !key.starts_with('#'))?;
        let value = line.get(range)?;
        Some(ConfigEntry {
            line: at + 1,
            key: key.to_owned(),
            value: value.trim_matches('@').to_owned(),
        })
    })
}

/// Returns host and port of the last `firstEp` that names an endpoint; 6030 if it gives no port.
fn first_ep_of(entries: &[ConfigEntry]) -> Option<(String, u16)> {
    let all = entries.iter().filter(|entry| entry.sets("firstEp"));
    all.filter_map(|entry| endpoint(&entry.value)).next_back()
}

/// Returns host and port of `host:port`, `[v6]:port` or `host`; 6030 if it gives no port.
pub fn endpoint(text: &str) -> Option<(String, u16)> {
    let target: crate::dsn::Target = text.parse().ok()?;
    match target.scheme {
        None => Some((target.host, target.port.unwrap_or(NATIVE_PORT))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
