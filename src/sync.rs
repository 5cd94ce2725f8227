//! The use cases of `lock` and `sync`: resolves what `taos-setup.toml` asks for into `taos-setup.lock`, and brings the client and the
//! projects to it.

mod beginning;
mod changes;
mod client;
mod gaps;
mod lock_command;
mod projects;
mod resolution;
mod sync_command;
mod wanted;

use crate::fetch::{FetchOptions, Origin};
use crate::install::InstallRequest;
use crate::signature::TrustedKey;
use crate::tdengine::digest::Sha256;
pub use changes::{LockChange, LockEntry};
pub use client::ClientState;
pub use lock_command::{LockOutcome, LockRequest, LockUpgrade, lock};
pub use sync_command::{SyncOutcome, SyncRequest, sync};

/// Where packages come from, and what is trusted.
#[derive(Clone, Debug)]
pub struct PackageSources {
    /// The origin of packages.
    pub origin: Origin,
    /// The arguments that name it again.
    pub origin_arguments: Vec<String>,
    /// How they are fetched.
    pub fetch: FetchOptions,
    /// The mirror, as it was given, for connectors' files.
    pub mirror: Option<String>,
    /// Digests that the user trusts.
    pub sha256: Vec<Sha256>,
    /// Keys whose signed list of digests is accepted.
    pub trust_keys: Vec<TrustedKey>,
    /// Whether a package that has no known digest is accepted.
    pub trust_on_first_use: bool,
}

impl PackageSources {
    /// The request for a client's package; version, edition, and platform are still open.
    fn install_request(&self) -> InstallRequest {
        InstallRequest {
            sha256: self.sha256.clone(),
            trust_keys: self.trust_keys.clone(),
            trust_on_first_use: self.trust_on_first_use,
            ..InstallRequest::new(
                self.origin.clone(),
                self.origin_arguments.clone(),
                self.fetch.clone(),
            )
        }
    }
}
