//! The known digests of a package, and whether its bytes match (docs/decisions.md).

use super::InstallRequest;
use super::chosen_package::ChosenPackage;
use super::stream::Streamed;
use crate::catalog::{Clients, Listed, Md5};
use crate::error::{Error, ErrorId, Result};
use crate::lock::LockedPackage;
use crate::message::message;
use crate::safety::shell::quoted;
use crate::store::{Trust, Verified};
use crate::tdengine::digest::Sha256;

/// The knowledge about the right bytes before they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// One of these digests.
    Known {
        accepted: Vec<Sha256>,
        verified: Verified,
    },
    /// One of these entries of the vendor's own list.
    Listed(Vec<Listed>),
    /// Nothing, and the user trusts the bytes on first use.
    FirstUse,
    /// Nothing.
    Nothing,
}

impl Expectation {
    /// The digests that the user gives, else those of a lock, else those of a signed list, else those of the catalog, else the one that was trusted before.
    pub(super) fn new(
        request: &InstallRequest,
        catalog: &Clients,
        trust: &Trust,
        chosen: &ChosenPackage,
        signed: &[Sha256],
    ) -> Self {
        let known = |accepted, verified| Self::Known { accepted, verified };
        if !request.sha256.is_empty() {
            return known(request.sha256.clone(), Verified::Given);
        }
        if !request.locked.is_empty() {
            let counts = |it: &&LockedPackage| !request.require_digest || is_digest(it.known);
            let counting = request.locked.iter().filter(counts);
            let accepted: Vec<Sha256> = counting.map(|it| it.sha256).collect();
            return match accepted.is_empty() {
                true => Self::Nothing,
                false => known(accepted, Verified::LockFile),
            };
        }
        if !signed.is_empty() {
            return known(signed.to_vec(), Verified::SignedList);
        }
        let listed = if chosen.by_file {
            catalog.digests_of_file(&chosen.trust_name)
        } else {
            catalog.digests(chosen.identity)
        };
        if !listed.is_empty() {
            return known(listed, Verified::Catalog);
        }
        match trust.of(&chosen.trust_name) {
            // What was trusted for less than a digest does not count as one now.
            Some(package) if !request.require_digest || is_digest(package.verified) => {
                known(vec![package.sha256], package.verified)
            }
            Some(_) => Self::Nothing,
            None if request.trust_on_first_use => Self::FirstUse,
            None => Self::Nothing,
        }
    }

    /// The digests that the package may have, where they are known before it comes.
    pub(super) fn accepted(&self) -> &[Sha256] {
        match self {
            Self::Known { accepted, .. } => accepted,
            Self::Listed(_) | Self::FirstUse | Self::Nothing => &[],
        }
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self, Self::Known { .. } | Self::Listed(_))
    }

    pub(super) fn needs_md5(&self) -> bool {
        matches!(self, Self::Listed(_))
    }

    /// The vendor's entries `listed`, if there are any.
    pub(super) fn or_listed(self, listed: Vec<Listed>) -> Self {
        if listed.is_empty() {
            self
        } else {
            Self::Listed(listed)
        }
    }

    /// Whether the bytes that came are the right ones, and how that is known. Errors: `digest-mismatch` before any other
    /// fault of the archive, `digest-unknown`.
    pub(super) fn judge(
        &self,
        request: &InstallRequest,
        chosen: &ChosenPackage,
        place: &str,
        streamed: &Streamed,
    ) -> Result<Verified> {
        match self {
            Self::Known { accepted, verified } if accepted.contains(&streamed.sha256) => {
                Ok(*verified)
            }
            Self::Known { accepted, verified } => {
                Err(mismatch(accepted, *verified, place, streamed.sha256))
            }
            Self::Listed(listed) => match streamed.md5 {
                Some(md5) if listed.iter().any(|entry| entry.admits(md5, streamed.size)) => {
                    Ok(Verified::VendorList)
                }
                found => Err(unlisted(listed, place, found, streamed.size)),
            },
            Self::FirstUse => Ok(Verified::FirstUse),
            // No digest is offered for bytes that are not a package.
            Self::Nothing => Err(streamed
                .refusal(place)
                .unwrap_or_else(|| unknown(request, chosen, place, streamed))),
        }
        .and_then(|verified| match streamed.refusal(place) {
            Some(error) => Err(error),
            None => Ok(verified),
        })
    }
}

fn mismatch(accepted: &[Sha256], verified: Verified, place: &str, found: Sha256) -> Error {
    let source = match verified {
        Verified::Catalog => message!("install-digest-catalog"),
        Verified::Given => message!("install-digest-given"),
        Verified::LockFile => message!("install-digest-lock"),
        Verified::SignedList => message!("install-digest-signed"),
        Verified::FirstUse | Verified::VendorList => message!("install-digest-recorded"),
    };
    let expected: Vec<String> = accepted.iter().map(Sha256::to_string).collect();
    Error::new(
        ErrorId::DigestMismatch,
        message!("install-package-tried", place = place),
        message!(
            "install-digest-mismatch",
            found = found,
            source = source,
            expected = expected.join(", ")
        ),
        match verified {
            Verified::FirstUse | Verified::VendorList => {
                message!("install-digest-changed-next", sha256 = found)
            }
            Verified::LockFile => message!("install-digest-lock-next"),
            Verified::Catalog | Verified::Given | Verified::SignedList => {
                message!("install-digest-mismatch-next")
            }
        },
    )
}

/// Whether this kind of trust is a SHA-256 from a trusted source, which `--require-digest` accepts.
pub(super) fn is_digest(verified: Verified) -> bool {
    match verified {
        Verified::Catalog | Verified::Given | Verified::LockFile | Verified::SignedList => true,
        Verified::VendorList | Verified::FirstUse => false,
    }
}

fn unlisted(listed: &[Listed], place: &str, found: Option<Md5>, size: u64) -> Error {
    let expected: Vec<String> = listed
        .iter()
        .map(|entry| match entry.size {
            Some(size) => format!("{} ({size} bytes)", entry.md5),
            None => entry.md5.to_string(),
        })
        .collect();
    let found = found.map(|md5| md5.to_string()).unwrap_or_default();
    Error::new(
        ErrorId::DigestMismatch,
        message!("install-package-tried", place = place),
        message!(
            "install-md5-mismatch",
            found = found,
            size = size,
            expected = expected.join(", ")
        ),
        message!("install-md5-mismatch-next"),
    )
}

fn unknown(
    request: &InstallRequest,
    chosen: &ChosenPackage,
    place: &str,
    streamed: &Streamed,
) -> Error {
    let Streamed { sha256, size, .. } = streamed;
    let mut command = match &request.server {
        Some(server) => format!(
            "taos-setup install --match {}",
            quoted(&crate::safety::redaction::redact_argument(server))
        ),
        None => format!("taos-setup install {}", chosen.identity.version),
    };
    for argument in &request.origin_arguments {
        command.push(' ');
        command.push_str(&quoted(argument));
    }
    Error::new(
        ErrorId::DigestUnknown,
        message!("install-package-tried", place = place),
        message!(
            "install-digest-unknown",
            required = request.require_digest,
            sha256 = sha256,
            size = size
        ),
        message!(
            "install-digest-unknown-next",
            command = command,
            sha256 = sha256
        ),
    )
}
