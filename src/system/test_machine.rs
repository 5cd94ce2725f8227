//! What tests exchange for this machine (CONTRIBUTING.md, "Tests"): the root of its directories, and the ports of TDengine.

use std::path::{Path, PathBuf};

use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};

/// The variable that names another root directory.
const ROOT: &str = "TAOS_SETUP_TEST_ROOT";
/// The variable that names taosAdapter's and taosd's usual ports, `6041,6030`; an empty part means that there is none.
const PORTS: &str = "TAOS_SETUP_TEST_PORTS";

/// Returns where this machine has `path`, an absolute path of the operating system or of an installed TDengine.
pub fn host_path(path: impl AsRef<Path>) -> PathBuf {
    let path = path.as_ref();
    match std::env::var_os(ROOT).filter(|root| !root.is_empty()) {
        Some(root) => Path::new(&root).join(path.strip_prefix("/").unwrap_or(path)),
        None => path.to_path_buf(),
    }
}

/// Whether a test has exchanged this machine's directories for others.
pub fn is_exchanged() -> bool {
    std::env::var_os(ROOT).is_some_and(|root| !root.is_empty())
}

/// Returns the ports of taosAdapter and taosd that are looked at if others refuse connections.
pub fn usual_ports() -> (Option<u16>, Option<u16>) {
    match std::env::var(PORTS) {
        Ok(ports) => {
            let mut ports = ports.split(',').map(|port| port.parse().ok());
            (ports.next().flatten(), ports.next().flatten())
        }
        Err(_) => (Some(ADAPTER_PORT), Some(NATIVE_PORT)),
    }
}
