//! taos.cfg: where it is and what it says. Lines of key, spaces, value; keys in any case; a number sign begins a remark.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

/// The port of a server that names none.
const DEFAULT_PORT: u16 = 6030;
/// A configuration is read up to this size, in bytes.
const MAX_CONFIG: u64 = 1024 * 1024;

/// The folder set by `taos_options`.
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Sets the configuration folder (option 3).
pub(crate) fn set_folder(folder: PathBuf) {
    *FOLDER.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
}

/// The text of the configuration in effect; empty if there is none. The folder is `taos_options`', else
/// `TAOS_CONFIG_DIR`, else the system's.
pub(crate) fn text() -> String {
    let set = FOLDER
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let folder = set
        .or_else(|| env::var_os("TAOS_CONFIG_DIR").map(PathBuf::from))
        .unwrap_or_else(|| {
            PathBuf::from(if cfg!(windows) {
                r"C:\TDengine\cfg"
            } else {
                "/etc/taos"
            })
        });
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(folder.join("taos.cfg")) {
        // What could be read before an error is used, as with a file that ends there.
        let _ = file.take(MAX_CONFIG).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The last value of `key` in a configuration.
pub(crate) fn value<'a>(config: &'a str, key: &str) -> Option<&'a str> {
    config
        .lines()
        .filter_map(|line| {
            let mut words = line
                .split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .filter(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value)
        .next_back()
}

/// Where to connect: `host` and `port` as given to `taos_connect` (an empty host and port 0 mean "not given"), then
/// `TAOS_FIRST_EP` (`first_ep`), then the configuration.
pub(crate) fn end_point(
    host: &str,
    port: u16,
    first_ep: Option<&str>,
    config: &str,
) -> (String, u16) {
    let default_port = || {
        value(config, "serverPort")
            .and_then(|port| port.parse().ok())
            .unwrap_or(DEFAULT_PORT)
    };
    if !host.is_empty() {
        return (
            host.to_owned(),
            if port == 0 { default_port() } else { port },
        );
    }
    let end_point = first_ep
        .or_else(|| value(config, "firstEp"))
        .unwrap_or("localhost");
    let (host, named) = match end_point.rsplit_once(':') {
        Some((host, named)) => (host, named.parse().ok()),
        None => (end_point, None),
    };
    (
        host.to_owned(),
        if port == 0 {
            named.unwrap_or_else(default_port)
        } else {
            port
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str =
        "# firstEp  remark:1\nFIRSTEP \t db.example:6130  # main\nlogDir\nserverPort 6230\n";

    #[test]
    fn values_are_read_as_the_real_library_reads_them() {
        assert_eq!(value(CONFIG, "firstEp"), Some("db.example:6130"));
        assert_eq!(value(CONFIG, "logDir"), None);
    }

    #[test]
    fn argument_beats_environment_and_file() {
        let at = |host, port, first_ep| {
            let (host, port) = end_point(host, port, first_ep, CONFIG);
            format!("{host}:{port}")
        };
        assert_eq!(at("given", 1, Some("env:2")), "given:1");
        assert_eq!(at("given", 0, Some("env:2")), "given:6230");
        assert_eq!(at("", 0, Some("env:2")), "env:2");
        assert_eq!(at("", 0, Some("env")), "env:6230");
        assert_eq!(at("", 0, None), "db.example:6130");
        assert_eq!(at("", 7, None), "db.example:7");
        assert_eq!(end_point("", 0, None, ""), ("localhost".to_owned(), 6030));
    }
}
