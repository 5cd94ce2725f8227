//! The differences between two locks, entry by entry.

use crate::lock::{LockFile, LockedConnector, LockedPackage, LockedServer};
use crate::tdengine::platform::Platform;

/// What an entry of a lock is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockEntry {
    /// The server.
    Server,
    /// The client for a platform.
    Client(Platform),
    /// The connector of a project: directory, language, and transport.
    Connector(String, String, &'static str),
}

/// An entry that is added, changed, or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockChange {
    /// The entry.
    pub entry: LockEntry,
    /// Its value before; `None` if it is added.
    pub before: Option<String>,
    /// Its value afterwards; `None` if it is removed.
    pub after: Option<String>,
}

/// Returns what changes from `before` to `after`, in the order of a lock.
pub(super) fn between(before: &LockFile, after: &LockFile) -> Vec<LockChange> {
    let mut changes = Vec::new();
    let mut add = |entry, before: Option<String>, after: Option<String>| {
        if before != after {
            changes.push(LockChange {
                entry,
                before,
                after,
            });
        }
    };
    let server = |lock: &LockFile| lock.server.as_ref().map(describe_server);
    add(LockEntry::Server, server(before), server(after));
    for platform in Platform::ALL {
        let (old, new) = (packages(before, platform), packages(after, platform));
        let same_version = old.first().map(|it| it.version) == new.first().map(|it| it.version);
        let text = |packages: &[&LockedPackage]| {
            let first = packages.first()?;
            Some(match same_version {
                // Only names, sizes, or digests differ.
                true if old != new => {
                    let digests: Vec<_> = packages.iter().map(|it| describe_digest(it)).collect();
                    format!("{} ({})", first.version, digests.join(", "))
                }
                true | false => format!("{} ({})", first.version, first.edition),
            })
        };
        add(LockEntry::Client(platform), text(&old), text(&new));
    }
    let all = before.connectors.iter().chain(&after.connectors);
    let mut seen: Vec<&LockedConnector> = Vec::new();
    for connector in all {
        let (dir, lang) = (&connector.dir, &connector.lang);
        let transport = connector.transport;
        if seen.iter().any(|it| it.is_of(dir, lang, transport)) {
            continue;
        }
        seen.push(connector);
        let entry = LockEntry::Connector(dir.clone(), lang.clone(), transport.as_str());
        let text = |lock: &LockFile| lock.connector(dir, lang, transport).map(describe_connector);
        add(entry, text(before), text(after));
    }
    changes
}

fn packages(lock: &LockFile, platform: Platform) -> Vec<&LockedPackage> {
    lock.packages_for(platform).collect()
}

fn describe_server(server: &LockedServer) -> String {
    match server.edition {
        Some(edition) => format!("{} ({edition})", server.version),
        None => server.version.to_string(),
    }
}

fn describe_digest(package: &LockedPackage) -> String {
    let digest = package.sha256.to_string();
    format!(
        "sha256 {}…, {}",
        digest.get(..12).unwrap_or(&digest),
        package.known
    )
}

fn describe_connector(connector: &LockedConnector) -> String {
    let release = format!("{} {}", connector.package, connector.version);
    match &connector.digest {
        Some(digest) => format!("{release} ({digest})"),
        None => release,
    }
}
