//! The differences between what `taos-setup.toml` asks for and what a lock holds. Nothing is asked or read.

use super::wanted::{self, ClientWish};
use crate::error::Result;
use crate::lock::{LockFile, LockedPackage, SetupFile};
use crate::message::{Message, message};
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockGap {
    /// The version of the server is not locked.
    ServerUnknown,
    /// The lock is for another server.
    ServerChanged,
    /// There is no package for the platform.
    PlatformMissing(Platform),
    /// The package for the platform is of another version or edition.
    PackageUnfit(Platform),
    /// The platform is not wanted any more.
    PlatformSurplus(Platform),
    /// There is no connector for the project.
    ConnectorMissing(String, String),
    /// The connector of the project does not work with the server.
    ConnectorUnfit(String, String),
    /// The project is not listed any more.
    ConnectorSurplus(String, String),
}

impl LockGap {
    /// Whether adding entries closes it.
    pub const fn is_addition(&self) -> bool {
        match self {
            Self::ServerUnknown | Self::PlatformMissing(_) | Self::ConnectorMissing(..) => true,
            Self::ServerChanged
            | Self::PackageUnfit(_)
            | Self::PlatformSurplus(_)
            | Self::ConnectorUnfit(..)
            | Self::ConnectorSurplus(..) => false,
        }
    }

    /// The difference in words.
    pub fn describe(&self) -> Message {
        match self {
            Self::ServerUnknown => message!("lock-gap-server-unknown"),
            Self::ServerChanged => message!("lock-gap-server-changed"),
            Self::PlatformMissing(platform) => {
                message!("lock-gap-platform-missing", platform = platform)
            }
            Self::PackageUnfit(platform) => message!("lock-gap-package", platform = platform),
            Self::PlatformSurplus(platform) => {
                message!("lock-gap-platform-surplus", platform = platform)
            }
            Self::ConnectorMissing(dir, lang) => {
                message!("lock-gap-connector-missing", dir = dir, lang = lang)
            }
            Self::ConnectorUnfit(dir, lang) => {
                message!("lock-gap-connector", dir = dir, lang = lang)
            }
            Self::ConnectorSurplus(dir, lang) => {
                message!("lock-gap-connector-surplus", dir = dir, lang = lang)
            }
        }
    }
}

/// Returns every difference between `setup` and `lock`.
///
/// # Errors
/// `nothing-published` if the platforms of the client are not known; `unexpected` if built-in data is damaged.
pub(super) fn find(setup: &SetupFile, lock: &LockFile) -> Result<Vec<LockGap>> {
    let mut gaps = Vec::new();
    let server = wanted::known_server(setup, lock);
    let is_unknown = server.is_none() && setup.server_target().is_some();
    if is_unknown || (lock.server.is_none() && server.is_some()) {
        gaps.push(LockGap::ServerUnknown);
    } else if server != lock.server {
        gaps.push(LockGap::ServerChanged);
    }
    let mut platforms: Vec<Platform> = Vec::new();
    if let Some(client) = &setup.client
        && let Some(wish) = ClientWish::of(setup, client, server.as_ref())
    {
        let edition = wanted::edition(client, server.as_ref());
        let fits = |package: &&LockedPackage| wish.is_met_by(package, edition);
        let kept: Vec<_> = lock.packages.iter().filter(fits).cloned().collect();
        (platforms, _) = wanted::platforms(setup, client, &wish, edition, &kept)?;
        for platform in &platforms {
            let mut there = lock.packages_for(*platform).peekable();
            if there.peek().is_none() {
                gaps.push(LockGap::PlatformMissing(*platform));
            } else if !there.all(|package| fits(&package)) {
                gaps.push(LockGap::PackageUnfit(*platform));
            }
        }
    } else if setup.client.is_some() {
        // The server decides.
        platforms = Platform::ALL.to_vec();
    }
    for platform in Platform::ALL {
        if lock.packages_for(platform).next().is_some() && !platforms.contains(&platform) {
            gaps.push(LockGap::PlatformSurplus(platform));
        }
    }
    let mut projects: Vec<(&str, &str, Transport)> = Vec::new();
    for project in &setup.projects {
        let transport = wanted::transport(project)?;
        if !wanted::has_connector(&project.lang, transport) {
            continue;
        }
        let (dir, lang) = (project.dir.clone(), project.lang.clone());
        match lock.connector(&dir, &lang, transport) {
            None => gaps.push(LockGap::ConnectorMissing(dir, lang)),
            Some(found) if !wanted::still_works(found, server.as_ref()) => {
                gaps.push(LockGap::ConnectorUnfit(dir, lang));
            }
            Some(_) => {}
        }
        projects.push((&project.dir, &project.lang, transport));
    }
    for connector in &lock.connectors {
        let is_listed = projects
            .iter()
            .any(|(dir, lang, transport)| connector.is_of(dir, lang, *transport));
        if !is_listed {
            let (dir, lang) = (connector.dir.clone(), connector.lang.clone());
            gaps.push(LockGap::ConnectorSurplus(dir, lang));
        }
    }
    Ok(gaps)
}
