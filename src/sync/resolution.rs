//! Resolves a `taos-setup.toml`: keeps what a lock holds and still fits, and looks up the rest.

use super::PackageSources;
use super::wanted::{self, ClientWish};
use crate::error::{Error, ErrorId, Result};
use crate::init::PinnedProject;
use crate::install::InstallRequest;
use crate::install::survey::{WantedClient, survey};
use crate::lock::{
    LockFile, LockedConnector, LockedPackage, LockedServer, SetupFile, WantedClientSettings,
};
use crate::message::message;
use crate::store::Store;
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;
use crate::verify::{self, Server};

/// What is not kept, although it fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Renewal {
    /// The server's version is asked for again.
    pub(super) server: bool,
    /// The client is chosen again.
    pub(super) client: bool,
    /// The packages of the chosen client are looked up again, even if it is the same.
    pub(super) packages: bool,
    /// The connectors of these entries are chosen again.
    pub(super) connectors: Vec<usize>,
}

/// The place of a resolution.
pub(super) struct Resolver<'a> {
    pub(super) setup: &'a SetupFile,
    pub(super) sources: &'a PackageSources,
    pub(super) store: &'a Store,
    pub(super) events: &'a EventSink,
}

impl Resolver<'_> {
    /// Returns the lock for the settings, with the entries of `lock` that fit and that `renewal` does not name.
    ///
    /// # Errors
    /// Those of asking a server, and of choosing and downloading packages.
    pub(super) fn resolve(&self, lock: &LockFile, renewal: &Renewal) -> Result<LockFile> {
        let (server, asked) = self.server(lock, renewal)?;
        let mut resolved = LockFile {
            server,
            ..LockFile::default()
        };
        if let Some(client) = &self.setup.client {
            resolved.packages =
                self.packages(client, resolved.server.as_ref(), asked, lock, renewal)?;
        }
        resolved.connectors = self.connectors(resolved.server.as_ref(), lock, renewal)?;
        resolved.sort();
        Ok(resolved)
    }

    /// The server, and what it said if it was asked.
    fn server(
        &self,
        lock: &LockFile,
        renewal: &Renewal,
    ) -> Result<(Option<LockedServer>, Option<Server>)> {
        let known = wanted::known_server(self.setup, lock);
        let Some(target) = self.setup.server_target() else {
            return Ok((known, None));
        };
        let is_named = self.setup.server_version().is_some();
        if is_named || (known.is_some() && !renewal.server) {
            return Ok((known, None));
        }
        if self.sources.fetch.offline {
            return Err(Error::new(
                ErrorId::LockStale,
                message!("lock-server-tried"),
                message!("lock-server-offline"),
                message!("lock-server-offline-next"),
            ));
        }
        // The same server by another way.
        let target = verify::server_of_variables()?.unwrap_or_else(|| target.to_owned());
        let server = verify::ask_and_wait(&target, self.events)?;
        let locked = LockedServer {
            version: server.version,
            edition: server.edition,
        };
        Ok((Some(locked), Some(server)))
    }

    fn packages(
        &self,
        client: &WantedClientSettings,
        server: Option<&LockedServer>,
        asked: Option<Server>,
        lock: &LockFile,
        renewal: &Renewal,
    ) -> Result<Vec<LockedPackage>> {
        // Always a wish: the server is known by now.
        let latest = ClientWish::Version(Request::Latest);
        let wish = ClientWish::of(self.setup, client, server).unwrap_or(latest);
        let edition = wanted::edition(client, server);
        let fits = |package: &&LockedPackage| !renewal.client && wish.is_met_by(package, edition);
        let kept: Vec<_> = lock.packages.iter().filter(fits).cloned().collect();
        let (platforms, series) = wanted::platforms(self.setup, client, &wish, edition, &kept)?;
        let mut packages: Vec<LockedPackage> = Vec::new();
        let mut missing: Vec<Platform> = Vec::new();
        for platform in platforms {
            let there: Vec<_> = kept.iter().filter(|it| it.platform == platform).collect();
            if there.is_empty() {
                missing.push(platform);
            }
            packages.extend(there.into_iter().cloned());
        }
        if missing.is_empty() {
            return Ok(packages);
        }
        let wanted = match (&wish, asked) {
            (ClientWish::Version(Request::Exact(version)), _) => {
                WantedClient::Version(Request::Exact(*version))
            }
            (ClientWish::Version(request), _) => WantedClient::Version(match series {
                Some(series) => Request::Prefix(series.to_vec()),
                None => request.clone(),
            }),
            (ClientWish::Server(_), Some(server)) => WantedClient::Server(server),
            (ClientWish::Server(version), None) => {
                WantedClient::Server(Server::of_version(*version, Some(edition)))
            }
        };
        let request = InstallRequest {
            edition: Some(edition),
            ..self.sources.install_request()
        };
        let known = match renewal.packages {
            true => &[],
            false => lock.packages.as_slice(),
        };
        let found = survey(&request, &wanted, &missing, known, self.store, self.events)?;
        packages.extend(found);
        Ok(packages)
    }

    /// The package of the locked client for one more platform.
    ///
    /// # Errors
    /// Those of choosing and downloading packages.
    pub(super) fn package_for(
        &self,
        platform: Platform,
        lock: &LockFile,
    ) -> Result<Vec<LockedPackage>> {
        let Some(client) = &self.setup.client else {
            return Ok(Vec::new());
        };
        let server = lock.server.as_ref();
        let edition = wanted::edition(client, server);
        let latest = ClientWish::Version(Request::Latest);
        let wanted = match ClientWish::of(self.setup, client, server).unwrap_or(latest) {
            ClientWish::Version(Request::Exact(version)) => {
                WantedClient::Version(Request::Exact(version))
            }
            ClientWish::Version(request) => {
                let series = lock.packages.first().map(|it| it.version.series());
                let series = series.map(|series| Request::Prefix(series.to_vec()));
                WantedClient::Version(series.unwrap_or(request))
            }
            ClientWish::Server(version) => {
                WantedClient::Server(Server::of_version(version, Some(edition)))
            }
        };
        let request = InstallRequest {
            edition: Some(edition),
            ..self.sources.install_request()
        };
        survey(&request, &wanted, &[platform], &[], self.store, self.events)
    }

    fn connectors(
        &self,
        server: Option<&LockedServer>,
        lock: &LockFile,
        renewal: &Renewal,
    ) -> Result<Vec<LockedConnector>> {
        let mut connectors = Vec::new();
        for (index, settings) in self.setup.projects.iter().enumerate() {
            let transport = wanted::transport(settings)?;
            if !wanted::has_connector(&settings.lang, transport) {
                continue;
            }
            let is_renewed = renewal.connectors.contains(&index);
            let present = lock.connector(&settings.dir, &settings.lang, transport);
            let kept = present.filter(|it| !is_renewed && wanted::still_works(it, server));
            if let Some(kept) = kept.filter(|it| it.digest.is_some()) {
                connectors.push(kept.clone());
                continue;
            }
            let project = PinnedProject {
                root: self.setup.directory(),
                dir: &settings.dir,
                lang: &settings.lang,
                transport,
                manifest: settings.manifest.as_deref(),
                server: server.map(|server| server.version),
            };
            if let Some(kept) = kept {
                // The project's own lock file may have come since.
                let digest = project
                    .digest(&kept.package, &kept.version)
                    .unwrap_or_default();
                connectors.push(LockedConnector {
                    digest,
                    ..kept.clone()
                });
                continue;
            }
            let Some(release) = project.release(is_renewed)? else {
                continue;
            };
            connectors.push(LockedConnector {
                dir: settings.dir.clone(),
                lang: settings.lang.clone(),
                transport,
                package: release.package,
                version: release.version,
                digest: release.digest,
            });
        }
        Ok(connectors)
    }
}

#[cfg(test)]
mod tests;
