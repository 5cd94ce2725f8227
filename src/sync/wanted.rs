//! What a `taos-setup.toml` asks for, before anything is looked up: the client, its platforms, and the connector of each project.

use std::collections::BTreeSet;

use crate::catalog::Clients;
use crate::catalog::connectors::{Connectors, VersionRules, VersionVerdict};
use crate::error::{Error, ErrorId, Result};
use crate::init;
use crate::lock::{
    LockFile, LockedConnector, LockedPackage, LockedServer, ProjectSettings, SetupFile,
    WantedClientSettings,
};
use crate::message::message;
use crate::project::language;
use crate::safety::printable::printable_path;
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::{Edition, Request, Version, client_for, native_compatible};

/// The client that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ClientWish {
    /// A version that this admits.
    Version(Request),
    /// One that fits a server of this version.
    Server(Version),
}

impl ClientWish {
    /// The wish of `client` with the `server` that is known; `None` if a server is to be matched that is not.
    pub(super) fn of(
        setup: &SetupFile,
        client: &WantedClientSettings,
        server: Option<&LockedServer>,
    ) -> Option<Self> {
        if let Some(version) = &client.version {
            return Some(Self::Version(version.clone()));
        }
        match (&setup.server.version, server) {
            // Of a series, the newest client.
            (Some(Request::Prefix(parts)), _) if client.server.is_none() => {
                Some(Self::Version(Request::Prefix(parts.clone())))
            }
            (_, Some(server)) => Some(Self::Server(server.version)),
            (_, None) if setup.server_target().is_some() => None,
            (_, None) => Some(Self::Version(Request::Latest)),
        }
    }

    fn admits(&self, version: Version) -> bool {
        match self {
            Self::Version(request) => request.admits(version),
            Self::Server(server) => native_compatible(version, *server) && version <= *server,
        }
    }

    /// Whether `package` is of this client.
    pub(super) fn is_met_by(&self, package: &LockedPackage, edition: Edition) -> bool {
        package.edition == edition && self.admits(package.version)
    }

    /// The newest of `published` that is wanted.
    fn newest(&self, published: BTreeSet<Version>) -> Option<Version> {
        match self {
            Self::Version(request) => request.newest(published),
            Self::Server(server) => client_for(*server, published),
        }
    }
}

/// The edition that is wanted.
pub(super) fn edition(client: &WantedClientSettings, server: Option<&LockedServer>) -> Edition {
    let of_server = server.and_then(|server| server.edition);
    client.edition.or(of_server).unwrap_or_default()
}

/// The platforms that are wanted, and the first three parts of the version that all have; `kept` are packages that meet the wish.
///
/// # Errors
/// `nothing-published` if neither the catalog nor the file names platforms.
pub(super) fn platforms(
    setup: &SetupFile,
    client: &WantedClientSettings,
    wish: &ClientWish,
    edition: Edition,
    kept: &[LockedPackage],
) -> Result<(Vec<Platform>, Option<[u32; 3]>)> {
    let catalog = Clients::builtin()?;
    let published = |platform: Platform| {
        let all = catalog.published(edition, platform);
        all.into_iter()
            .filter(|it| wish.admits(*it))
            .collect::<BTreeSet<_>>()
    };
    let listed = client.platforms.clone();
    let among = listed.clone().unwrap_or_else(|| Platform::ALL.to_vec());
    // One series for all: a client of another one cannot connect to the same server.
    let series = kept
        .first()
        .map(|package| package.version.series())
        .or_else(|| {
            let newest = among
                .iter()
                .filter_map(|platform| wish.newest(published(*platform)));
            newest.max().map(|version| version.series())
        });
    let mut platforms = listed.unwrap_or_else(|| {
        let has = |platform: &Platform| {
            let mut versions = published(*platform).into_iter();
            versions.any(|version| Some(version.series()) == series)
        };
        among.into_iter().filter(has).collect()
    });
    for package in kept {
        if client.platforms.is_none() && !platforms.contains(&package.platform) {
            platforms.push(package.platform);
        }
    }
    if platforms.is_empty() {
        return Err(Error::new(
            ErrorId::NothingPublished,
            message!("lock-platforms-tried"),
            message!("lock-platforms-unknown"),
            message!("lock-platforms-next", path = printable_path(&setup.path)),
        ));
    }
    Ok((platforms, series))
}

/// How `project` connects.
///
/// # Errors
/// `unexpected` if the built-in data of its language is damaged.
pub(super) fn transport(project: &ProjectSettings) -> Result<Transport> {
    match project.transport {
        Some(transport) => Ok(transport),
        None => Ok(init::preferred_transport(&language::load(&project.lang)?)),
    }
}

/// Whether a manifest names the connector of such a project: C's is the client library.
pub(super) fn has_connector(lang: &str, transport: Transport) -> bool {
    let newest = Connectors::built_in().choose(lang, transport, None);
    newest.is_none_or(|choice| !choice.built_in)
}

/// Whether `connector` works with `server`, as far as it is known.
pub(super) fn still_works(connector: &LockedConnector, server: Option<&LockedServer>) -> bool {
    let found = Connectors::built_in().of_language(&connector.lang, &connector.package);
    let server = server.map(|server| server.version);
    let rules = VersionRules::new(found, connector.transport, server);
    let is_retired = found.is_none_or(|found| found.retired.is_some());
    !is_retired
        && match rules.judge(&connector.version) {
            VersionVerdict::Fails(_) => false,
            VersionVerdict::Works | VersionVerdict::Untested(_) | VersionVerdict::Unknown => true,
        }
}

/// The server of `lock` for the settings of `setup`: the version that those name, else the one that was asked before.
pub(super) fn known_server(setup: &SetupFile, lock: &LockFile) -> Option<LockedServer> {
    match setup.server_version() {
        Some(version) => Some(LockedServer {
            version,
            edition: None,
        }),
        None => setup.server_target().and(lock.server.clone()),
    }
}
