//! Hosts and ports in an address that may have placeholders: `${HOST:db}:6030`, `{{ host }}:%d`, `[::1]:6030`.

use super::deprecated_use::ManualReason;
use crate::project::edit::Splice;
use crate::tdengine::ports::{ADAPTER_PORT, NATIVE_PORT};

/// The hosts of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Each host with its port.
    pub hosts: Vec<HostAndPort>,
    /// Where the authority ends.
    pub end: usize,
}

/// A host and its port: offsets `(start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostAndPort {
    /// The host.
    pub host: (usize, usize),
    /// The port, if there is a colon.
    pub port: Option<(usize, usize)>,
}

/// Returns where the URL that begins at `at` ends: at white space, a quote, or a bracket that it did not open, `limit` at the latest.
pub fn url_end(bytes: &[u8], at: usize, limit: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in bytes[at..limit].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            b'}' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' => return at + offset,
            byte if byte.is_ascii_whitespace() && depth == 0 => return at + offset,
            _ => {}
        }
    }
    limit
}

/// Reads the hosts that begin at `at` in `bytes`, which end with the URL.
pub fn read_authority(bytes: &[u8], at: usize) -> Authority {
    read_hosts(bytes, at, b"/?;&#")
}

/// Reads the hosts that begin at `at` and end at one of `stops` or with `bytes`.
pub fn read_hosts(bytes: &[u8], at: usize, stops: &[u8]) -> Authority {
    let mut hosts = Vec::new();
    let (mut braces, mut bracket) = (0_usize, false);
    let mut start = at;
    let mut colon = None;
    let mut end = bytes.len();
    let finish = |start: usize, colon: Option<usize>, end: usize| HostAndPort {
        host: (start, colon.unwrap_or(end)),
        port: colon.map(|colon| (colon + 1, end)),
    };
    for (at, byte) in bytes.iter().enumerate().skip(at) {
        match byte {
            b'{' => braces += 1,
            b'}' => braces = braces.saturating_sub(1),
            _ if braces > 0 => {}
            b'[' => bracket = true,
            b']' => bracket = false,
            b':' if !bracket => colon = Some(at),
            b',' => {
                hosts.push(finish(start, colon, at));
                (start, colon) = (at + 1, None);
            }
            byte if stops.contains(byte) => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    hosts.push(finish(start, colon, end));
    Authority { hosts, end }
}

impl Authority {
    /// The splices that turn the native port of every host into taosAdapter's. A host without a port stays: both connections have a
    /// default.
    ///
    /// # Errors
    /// Why a person has to say what the port is.
    pub fn adapter_ports(&self, bytes: &[u8]) -> Result<Vec<Splice>, ManualReason> {
        let mut splices = Vec::new();
        for HostAndPort { host, port } in &self.hosts {
            if bytes[host.0..host.1].trim_ascii().is_empty() {
                return Err(ManualReason::HostFromConfiguration);
            }
            let Some((start, end)) = *port else {
                continue;
            };
            if bytes[start..end] != *NATIVE_PORT.to_string().as_bytes() {
                return Err(ManualReason::PortUnknown);
            }
            splices.push(Splice {
                at: start,
                removes: end - start,
                text: ADAPTER_PORT.to_string(),
            });
        }
        Ok(splices)
    }
}
