//! A list of the endpoints that clients need: written on a machine that works, checked on another one without a login. The file
//! travels between networks: it is read strictly, within limits.

use std::net::IpAddr;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::TargetOutcome;
use super::route::PortRole;
use crate::dsn::Transport;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::files;

/// The version of the form.
const SCHEMA: u32 = 1;
/// The word that tells such a file from other JSON.
const KIND: &str = "taos-setup-endpoints";
/// The most bytes of a file.
const MOST_BYTES: u64 = 256 << 10;
/// The most endpoints of a list.
const MOST_ENDPOINTS: usize = 256;
/// The most addresses of an endpoint.
const MOST_ADDRESSES: usize = 32;

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointList {
    schema: u32,
    kind: String,
    /// When it was written, in UTC.
    pub created: String,
    /// The endpoints.
    pub endpoints: Vec<ListedEndpoint>,
}

/// An endpoint that clients need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedEndpoint {
    /// The host as clients name it: a name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Always TCP.
    protocol: Protocol,
    /// Whether clients use TLS.
    pub tls: bool,
    /// Whose port it is.
    pub role: EndpointRole,
    /// The transports that need it.
    pub transports: Vec<Transport>,
    /// The addresses that the host had where the list was written; only for people.
    pub addresses: Vec<String>,
}

/// Whose port an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndpointRole {
    /// taosAdapter's.
    Adapter,
    /// taosd's, as the user named it.
    Native,
    /// A dnode's, as its cluster advertises it.
    Dnode,
}

/// The protocol below TDengine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Protocol {
    Tcp,
}

impl EndpointList {
    /// The endpoints of `targets`, each once.
    pub fn of(targets: &[TargetOutcome], created: String) -> Self {
        let mut endpoints: Vec<ListedEndpoint> = Vec::new();
        let mut add = |endpoint: ListedEndpoint| {
            let same =
                |other: &ListedEndpoint| other.host == endpoint.host && other.port == endpoint.port;
            if endpoints.len() < MOST_ENDPOINTS
                && !endpoints.iter().any(same)
                && check(&endpoint).is_ok()
            {
                endpoints.push(endpoint);
            }
        };
        for route in targets.iter().map(|target| &target.route) {
            for port in &route.ports {
                add(ListedEndpoint {
                    host: route.host.clone(),
                    port: port.number,
                    protocol: Protocol::Tcp,
                    tls: port.tls,
                    role: match port.role {
                        PortRole::Adapter => EndpointRole::Adapter,
                        PortRole::Native => EndpointRole::Native,
                    },
                    transports: port.transports.clone(),
                    addresses: route.name.addresses.clone(),
                });
            }
            for dnode in route.dnodes.iter().flatten() {
                add(ListedEndpoint {
                    host: dnode.host.clone(),
                    port: dnode.port.unwrap_or_default(),
                    protocol: Protocol::Tcp,
                    tls: false,
                    role: EndpointRole::Dnode,
                    transports: vec![Transport::Native],
                    addresses: dnode.name.addresses.clone(),
                });
            }
        }
        Self {
            schema: SCHEMA,
            kind: KIND.to_owned(),
            created,
            endpoints,
        }
    }

    /// The list as a file.
    pub fn to_json(&self) -> String {
        // Only a map with keys that are not strings could fail here, and there is none.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads the list in `file`.
    ///
    /// # Errors
    /// `file-unreadable` and `file-unparsable`.
    pub fn read(file: &Path) -> Result<Self> {
        let failed = |id, observed| {
            let tried = message!("verify-read-endpoints", file = file.display());
            Error::new(id, tried, observed, message!("verify-read-endpoints-next"))
        };
        let bytes = files::read_named(file, MOST_BYTES)
            .map_err(|error| failed(ErrorId::FileUnreadable, describe_io_error(&error)))?;
        Self::parse(&bytes).map_err(|complaint| failed(ErrorId::FileUnparsable, complaint))
    }

    /// Parses a list. The complaint names what is wrong.
    pub fn parse(bytes: &[u8]) -> std::result::Result<Self, Message> {
        let list: Self =
            serde_json::from_slice(bytes).map_err(|error| Message::quoted(error.to_string()))?;
        if list.kind != KIND || list.schema != SCHEMA {
            return Err(message!(
                "verify-endpoints-kind",
                kind = KIND,
                schema = SCHEMA
            ));
        }
        if list.endpoints.is_empty() || list.endpoints.len() > MOST_ENDPOINTS {
            return Err(message!("verify-endpoints-count", most = MOST_ENDPOINTS));
        }
        if list.created.len() > 40 || list.created.chars().any(|c| !c.is_ascii_graphic()) {
            return Err(message!("verify-endpoints-created"));
        }
        for (at, endpoint) in list.endpoints.iter().enumerate() {
            check(endpoint).map_err(|field| {
                message!("verify-endpoints-field", number = at + 1, field = field)
            })?;
        }
        Ok(list)
    }
}

/// Checks the values of `endpoint`; the error is the name of the field that is wrong.
fn check(endpoint: &ListedEndpoint) -> std::result::Result<(), &'static str> {
    let ListedEndpoint {
        host,
        port,
        protocol: Protocol::Tcp,
        tls,
        role,
        transports,
        addresses,
    } = endpoint;
    let native = transports.as_slice() == [Transport::Native];
    let fits = match role {
        EndpointRole::Adapter => !transports.contains(&Transport::Native),
        EndpointRole::Native | EndpointRole::Dnode => native && !tls,
    };
    let mut distinct = transports.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if !is_host(host) {
        Err("host")
    } else if *port == 0 {
        Err("port")
    } else if transports.is_empty() || distinct.len() != transports.len() || !fits {
        Err("transports")
    } else if addresses.len() > MOST_ADDRESSES
        || addresses
            .iter()
            .any(|address| address.parse::<IpAddr>().is_err())
    {
        Err("addresses")
    } else {
        Ok(())
    }
}

/// Whether `host` is an address or can be a host's name, also one in another script.
fn is_host(host: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    host.parse::<IpAddr>().is_ok()
        || (1..=253).contains(&host.len())
            && host.chars().all(allowed)
            && !host.starts_with(['-', '.'])
            && !host.contains("..")
}

#[cfg(test)]
mod tests;
