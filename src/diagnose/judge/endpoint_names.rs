//! What the name in an advertised endpoint tells about where the server runs.

use crate::diagnose::CauseKind;
use crate::probe::endpoints::Endpoint;

/// Names that people meet (docs/facts.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A container's id, which Docker gives as host name: another one with every container.
    Container,
    /// `buildkitsandbox`: the name of the machine that the image was built on, which it has unless another was given.
    Image,
    /// `localhost` or a loopback address: it leads everybody to their own machine.
    Local,
    /// A name of a Kubernetes cluster's own DNS.
    Kubernetes,
    /// Any other.
    Plain,
}

impl NameKind {
    /// The kind of `host`.
    pub fn of(host: &str) -> Self {
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let hex = |length| {
            name.len() == length
                && name.bytes().all(|b| b.is_ascii_hexdigit())
                && name.bytes().any(|b| b.is_ascii_digit())
        };
        let loopback = name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
        if name.split('.').next() == Some("buildkitsandbox") {
            Self::Image
        } else if name == "localhost" || name.starts_with("localhost.") || loopback {
            Self::Local
        } else if name.ends_with(".cluster.local") || name.ends_with(".svc") {
            Self::Kubernetes
        } else if hex(12) || hex(64) {
            Self::Container
        } else {
            Self::Plain
        }
    }

    /// The kind of cause that it makes; `None` for a plain name.
    pub const fn cause(self) -> Option<CauseKind> {
        match self {
            Self::Container => Some(CauseKind::Container),
            Self::Image => Some(CauseKind::Image),
            Self::Local => Some(CauseKind::Local),
            Self::Kubernetes => Some(CauseKind::Kubernetes),
            Self::Plain => None,
        }
    }
}

/// The name that a container should be given so that clients who reach it as `dialled` can follow it: its own where that
/// means something to others, else theirs.
pub fn fqdn(advertised: &str, dialled: &str) -> String {
    match NameKind::of(advertised) {
        NameKind::Plain | NameKind::Kubernetes => word(advertised).to_owned(),
        _ if NameKind::of(dialled) == NameKind::Local => "localhost".into(),
        _ => word(dialled).to_owned(),
    }
}

/// A line for the hosts file each: `'ADDRESS NAME'`, quoted for a shell. `address` is the server's where the cluster has one
/// dnode alone.
pub fn hosts(endpoints: &[&Endpoint], address: Option<&str>) -> String {
    let lines = entries(endpoints, address).map(|(address, name)| format!("'{address} {name}'"));
    lines.collect::<Vec<_>>().join(" ")
}

/// The same as entries of a pod's `hostAliases`.
pub fn aliases(endpoints: &[&Endpoint], address: Option<&str>) -> String {
    let lines = entries(endpoints, address)
        .map(|(address, name)| format!("{{ip: \"{address}\", hostnames: [\"{name}\"]}}"));
    lines.collect::<Vec<_>>().join(", ")
}

fn entries<'a>(
    endpoints: &[&'a Endpoint],
    address: Option<&str>,
) -> impl Iterator<Item = (String, &'a str)> {
    endpoints.iter().map(move |endpoint| {
        let name = word(&endpoint.host);
        let address = address.map_or_else(|| format!("ADDRESS_OF_{name}"), str::to_owned);
        (address, name)
    })
}

/// A name as it may stand in a line that users paste: anything but a plain name becomes `HOST`.
pub fn word(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        name
    } else {
        "HOST"
    }
}

#[cfg(test)]
mod tests;
