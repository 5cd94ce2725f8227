//! Examines the client's place before an installation.

use super::{InstallRequest, Installation, expectation, installed_parts};
use crate::catalog::Identity;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;
use crate::store::{Client, Store, prefix_refused};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;

pub(super) fn client(store: &Store, request: &InstallRequest, identity: Identity) -> Client {
    let Identity {
        edition,
        version,
        platform,
    } = identity;
    match &request.prefix {
        Some(prefix) => Client::at(store, prefix.clone(), edition, version, platform),
        None => Client::new(store, edition, version, platform),
    }
}

/// Whether the client is one of the store for this machine: then it is the current one.
pub(super) fn is_for_here(client: &Client) -> bool {
    client.is_in_store() && Platform::host() == Some(client.platform)
}

/// Error `would-overwrite` if the client's place holds something that no installation created.
pub(super) fn not_ours(client: &Client) -> Result<()> {
    let Some(why) = client.foreign()? else {
        return Ok(());
    };
    let tried = message!(
        "install-into",
        version = client.version,
        prefix = printable_path(&client.prefix)
    );
    if !client.is_in_store() {
        return Err(prefix_refused(tried, why));
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        tried,
        why,
        message!(
            "store-move-next",
            path = quoted(&client.prefix.to_string_lossy())
        ),
    ))
}

/// A reason to reinstall a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientDamage {
    /// The file or link with this path is missing or changed.
    Changed(String),
    /// A file cannot be read.
    Unreadable(Message),
}

impl ClientDamage {
    /// One phrase.
    pub fn describe(&self) -> Message {
        match self {
            Self::Changed(path) => message!("install-damage", path = printable(path)),
            Self::Unreadable(why) => why.clone(),
        }
    }
}

/// The first damage of an installed client.
pub(super) fn find_damage(request: &InstallRequest, client: &Client) -> Option<ClientDamage> {
    let receipt = client.receipt().ok()?;
    if !receipt.is_of(client) {
        return None;
    }
    if request.repair {
        match client.first_damage() {
            Ok(path) => path.map(ClientDamage::Changed),
            Err(error) => Some(ClientDamage::Unreadable(error.observed)),
        }
    } else {
        let path = receipt.first_difference(&client.prefix);
        path.map(ClientDamage::Changed)
    }
}

/// The client, if it is installed and complete.
pub(super) fn already_there(
    request: &InstallRequest,
    client: &Client,
) -> Result<Option<Installation>> {
    let Ok(receipt) = client.receipt() else {
        return Ok(None);
    };
    if !receipt.is_of(client) {
        return Ok(None);
    }
    if find_damage(request, client).is_some() {
        return Ok(None);
    }
    let expected: Vec<Sha256> = match request.sha256.is_empty() {
        true => request.locked.iter().map(|it| it.sha256).collect(),
        false => request.sha256.clone(),
    };
    if !expected.is_empty() && !expected.contains(&receipt.sha256) {
        return Err(Error::new(
            ErrorId::DigestMismatch,
            message!("install-tried", version = client.version),
            message!("install-other-package", sha256 = receipt.sha256),
            message!(
                "install-other-package-next",
                prefix = printable_path(&client.prefix)
            ),
        ));
    }
    if request.require_digest && expected.is_empty() && !expectation::is_digest(receipt.verified) {
        return Err(Error::new(
            ErrorId::DigestUnknown,
            message!("install-tried", version = client.version),
            message!("install-present-unverified", verified = receipt.verified),
            message!(
                "install-present-unverified-next",
                version = client.version,
                sha256 = receipt.sha256
            ),
        ));
    }
    if receipt.parts < installed_parts::after(request, Some(&receipt)) {
        return Ok(None);
    }
    Ok(Some(Installation {
        client: client.clone(),
        receipt,
        installed: false,
        current: is_for_here(client),
        matched: None,
        placement: None,
    }))
}
