//! What is in the client's place before an installation.

use super::{InstallRequest, Installation, expectation, parts};
use crate::catalog::Identity;
use crate::error::{Error, ErrorId, Result};
use crate::safety::shell::quoted;
use crate::store::{Client, Store, prefix_refused};
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

/// Error `would-overwrite` where something that no installation made is in the client's place.
pub(super) fn not_ours(client: &Client) -> Result<()> {
    let Some(why) = client.foreign()? else {
        return Ok(());
    };
    let tried = format!("install {}", client.version);
    if !client.is_in_store() {
        return Err(prefix_refused(&tried, &client.prefix, why));
    }
    Err(Error::new(
        ErrorId::WouldOverwrite,
        format!("{tried} into {}", client.prefix.display()),
        why,
        format!("mv {0} {0}.old", quoted(&client.prefix.to_string_lossy())),
    ))
}

/// What is missing from an installed client or changed in it.
pub(super) fn damaged(request: &InstallRequest, client: &Client) -> Option<String> {
    let receipt = client.receipt().ok()?;
    if !receipt.is_of(client) {
        return None;
    }
    if request.repair {
        // What cannot be read is damaged, too.
        client
            .first_damage()
            .unwrap_or_else(|error| Some(error.observed.to_string()))
    } else {
        receipt.first_difference(&client.prefix)
    }
}

/// The client, where it is installed and nothing is missing from it.
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
    if damaged(request, client).is_some() {
        return Ok(None);
    }
    if !request.sha256.is_empty() && !request.sha256.contains(&receipt.sha256) {
        return Err(Error::new(
            ErrorId::DigestMismatch,
            format!("install {}", client.version),
            format!(
                "it is installed already, from a package whose SHA-256 is {}",
                receipt.sha256
            ),
            format!(
                "remove {} to install another package",
                client.prefix.display()
            ),
        ));
    }
    if request.require_digest
        && request.sha256.is_empty()
        && !expectation::is_digest(receipt.verified)
    {
        return Err(Error::new(
            ErrorId::DigestUnknown,
            format!("install {}", client.version),
            format!(
                "it is installed already, verified by {}, and a digest is required",
                receipt.verified
            ),
            format!(
                "taos-setup install {} --sha256 HEX    # the package's SHA-256 from a source that you trust; the installed one is {}",
                client.version, receipt.sha256
            ),
        ));
    }
    if receipt.parts < parts::wanted(request, Some(&receipt)) {
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
