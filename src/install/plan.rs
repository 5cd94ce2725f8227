//! The plan of an installation: the change of the client's place, and the result of a dry run.

use super::InstallRequest;
use super::Installation;
use super::ServerMatch;
use super::examination::PackageChecks;
use super::expectation::Expectation;
use super::installed_client::{ClientDamage, already_there, find_damage, not_ours};
use super::installed_parts;
use super::system::SystemPreview;
use crate::error::Result;
use crate::message::{Message, message};
use crate::safety::printable::{printable, printable_path};
use crate::store::{Client, Parts, Verified};
use crate::tdengine::digest::Sha256;

/// The change of the client's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedAction {
    /// It is free: the client is installed.
    Install,
    /// It is installed and damaged: it is installed again.
    Reinstall(ClientDamage),
    /// Some parts of it are installed, these: the others are added.
    Extend(Parts),
    /// The prefix holds another client, which is replaced: its version, edition, and platform.
    Replace(String),
    /// It is installed, and stays as it is.
    Keep(Box<Installation>),
}

/// The way in which a package is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedTrust {
    /// One of these digests, and where they come from.
    Digests(Verified, Vec<Sha256>),
    /// The vendor's own list.
    VendorList,
    /// No digest is known: it is accepted once, and its digest recorded.
    FirstUse,
    /// No digest is known: it is rejected, and its digest shown.
    Nothing,
}

/// The result of a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallPlan {
    /// The client.
    pub client: Client,
    /// The change of its place.
    pub action: PlannedAction,
    /// Its parts afterwards.
    pub parts: Parts,
    /// Where the package would be looked for, in order; the first that has it is used. Empty if it is not needed.
    pub from: Vec<String>,
    /// The package's size in bytes, if it is on this machine.
    pub size: Option<u64>,
    /// How it would be verified.
    pub trust: PlannedTrust,
    /// The package's SHA-256, if no digest is known and it is on this machine.
    pub digest: Option<Sha256>,
    /// The checks before the client is published.
    pub checks: PackageChecks,
    /// `firstEp` of its taos.cfg, if that would be set.
    pub first_ep: Option<String>,
    /// The current client now.
    pub current: Option<Client>,
    /// Whether the client would be the current one.
    pub becomes_current: bool,
    /// The server that it is chosen for.
    pub matched: Option<ServerMatch>,
    /// The changes for every user of the machine, if that is asked for.
    pub system: Option<SystemPreview>,
}

impl PlannedAction {
    /// Decides on the change of `client`'s place. Errors: `digest-mismatch` or `digest-unknown` if another package of the
    /// client is installed than the one asked for; `would-overwrite`.
    pub(super) fn decide(request: &InstallRequest, client: &Client) -> Result<Self> {
        if let Some(there) = already_there(request, client)? {
            return Ok(Self::Keep(Box::new(there)));
        }
        not_ours(client)?;
        let Ok(receipt) = client.receipt() else {
            return Ok(Self::Install);
        };
        if !receipt.is_of(client) {
            return Ok(Self::Replace(format!(
                "{} ({}, {})",
                receipt.version,
                receipt.edition,
                printable(&receipt.platform)
            )));
        }
        Ok(match find_damage(request, client) {
            Some(damage) => Self::Reinstall(damage),
            None => Self::Extend(receipt.parts),
        })
    }

    /// A note about a change of a place that holds something.
    pub(super) fn note(&self, request: &InstallRequest, client: &Client) -> Option<Message> {
        let version = client.version;
        match self {
            Self::Install | Self::Keep(_) => None,
            Self::Replace(other) => Some(message!(
                "install-replacing",
                prefix = printable_path(&client.prefix),
                other = other
            )),
            Self::Reinstall(damage) => Some(message!(
                "install-reinstalling",
                version = version,
                damage = damage.describe()
            )),
            Self::Extend(there) => Some(message!(
                "install-extending",
                version = version,
                before = there,
                after = installed_parts::of(request, client)
            )),
        }
    }
}

impl From<Expectation> for PlannedTrust {
    fn from(expectation: Expectation) -> Self {
        match expectation {
            Expectation::Known { accepted, verified } => Self::Digests(verified, accepted),
            Expectation::Listed(_) => Self::VendorList,
            Expectation::FirstUse => Self::FirstUse,
            Expectation::Nothing => Self::Nothing,
        }
    }
}
