//! The client of this machine, brought to the locked package.

use super::PackageSources;
use crate::error::{Error, ErrorId, Result};
use crate::install::{self, FirstEp, InstallOutcome, InstallRequest};
use crate::lock::{LockFile, LockedPackage, SetupFile, WantedClientSettings};
use crate::message::{Message, message};
use crate::store::{Client, Parts, Store};
use crate::system::events::EventSink;
use crate::tdengine::platform::Platform;
use crate::tdengine::ports::NATIVE_PORT;
use crate::tdengine::version::Request;

/// How the client of this machine is, or what happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientState {
    /// It is installed and current.
    Ready,
    /// It is installed, and another one is current.
    NotCurrent,
    /// It is not installed, damaged, or lacks parts.
    Missing,
    /// It was installed.
    Installed,
    /// It was made the current one.
    Selected,
}

/// The locked client of this machine.
#[derive(Debug)]
pub(super) struct LockedClient<'a> {
    pub(super) client: Client,
    pub(super) state: ClientState,
    packages: Vec<&'a LockedPackage>,
    settings: &'a WantedClientSettings,
}

/// Looks at the locked client of this machine; `None` if no client is asked for.
///
/// # Errors
/// `platform-not-locked`; `digest-mismatch` if the client was installed from another package.
pub(super) fn examine<'a>(
    setup: &'a SetupFile,
    lock: &'a LockFile,
    store: &Store,
) -> Result<Option<LockedClient<'a>>> {
    let Some(settings) = &setup.client else {
        return Ok(None);
    };
    let packages: Vec<_> = match Platform::host() {
        Some(platform) => lock.packages_for(platform).collect(),
        None => Vec::new(),
    };
    let Some(first) = packages.first() else {
        return Err(not_locked());
    };
    let client = Client::new(store, first.edition, first.version, first.platform);
    let parts = settings.parts.unwrap_or_default();
    let state = state(&client, &packages, parts, store)?;
    Ok(Some(LockedClient {
        client,
        state,
        packages,
        settings,
    }))
}

fn state(
    client: &Client,
    packages: &[&LockedPackage],
    parts: Parts,
    store: &Store,
) -> Result<ClientState> {
    let Ok(receipt) = client.receipt() else {
        return Ok(ClientState::Missing);
    };
    if !receipt.is_of(client) || receipt.first_difference(&client.prefix).is_some() {
        return Ok(ClientState::Missing);
    }
    if packages
        .iter()
        .all(|package| package.sha256 != receipt.sha256)
    {
        let version = client.version;
        return Err(Error::new(
            ErrorId::DigestMismatch,
            message!("install-tried", version = version),
            message!("sync-other-package", sha256 = receipt.sha256),
            message!("sync-other-package-next", version = version),
        ));
    }
    Ok(if receipt.parts < parts {
        ClientState::Missing
    } else if store.current()?.as_ref() != Some(client) {
        ClientState::NotCurrent
    } else {
        ClientState::Ready
    })
}

impl LockedClient<'_> {
    /// Installs the client, and makes it the current one.
    ///
    /// # Errors
    /// Those of `install`.
    pub(super) fn install(
        &self,
        setup: &SetupFile,
        sources: &PackageSources,
        store: &Store,
        events: &EventSink,
    ) -> Result<()> {
        let request = InstallRequest {
            version: Some(Request::Exact(self.client.version)),
            edition: Some(self.client.edition),
            locked: self.packages.iter().copied().cloned().collect(),
            parts: self.settings.parts,
            first_ep: setup.server_target().and_then(first_ep),
            ..sources.install_request()
        };
        match install::install(&request, store, events)? {
            InstallOutcome::Stored(_) | InstallOutcome::Ran(_) => Ok(()),
            InstallOutcome::Planned(_) | InstallOutcome::System(_) => Err(Error::new(
                ErrorId::Unexpected,
                message!("install-tried", version = self.client.version),
                message!("install-not-published"),
                Message::default(),
            )),
        }
    }
}

/// `firstEp` of a client that is new: the native port of a server that is named by its host alone.
fn first_ep(target: &str) -> Option<FirstEp> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let endpoint = target
        .chars()
        .all(is_plain)
        .then(|| format!("{target}:{NATIVE_PORT}"))?;
    Some(FirstEp {
        endpoint,
        asked: false,
    })
}

/// The error of a lock without a client for this machine.
pub(super) fn not_locked() -> Error {
    let platform = Platform::host().map_or_else(String::new, |host| host.to_string());
    Error::new(
        ErrorId::PlatformNotLocked,
        message!("sync-client-tried"),
        message!("sync-platform-missing", platform = platform),
        match platform.as_str() {
            "" => message!("install-websocket-next"),
            platform => Message::quoted(format!("taos-setup lock --platform {platform}")),
        },
    )
}
