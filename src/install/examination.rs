//! The facts about a package that a dry run reports.

use super::chosen_package::ChosenPackage;
use super::driver_libraries;
use super::pipeline::Workspace;
use crate::driver::needs::{self, Glibc};
use crate::store::{Client, Receipt};
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Os;

/// The checks before a client is published, as far as their result is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageChecks {
    /// Nothing would be fetched: the client was checked when it was installed.
    Done,
    /// The package is not on this machine, or its digest is not known.
    Pending {
        /// The libraries that it must contain.
        libraries: Vec<String>,
        /// The machine's glibc, if the client is for this machine.
        host_glibc: Option<Glibc>,
    },
    /// The package is a Windows installer, which would be verified and kept.
    Installer,
    /// The package was examined.
    Examined(ExaminedLibraries),
}

/// The libraries of an examined package, which passed every check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminedLibraries {
    /// The driver's libraries, complete and made for the client's platform.
    pub libraries: Vec<String>,
    /// The newest glibc that one of them needs, and which.
    pub glibc: Option<(Glibc, String)>,
    /// The machine's glibc, if the client is for this machine.
    pub host_glibc: Option<Glibc>,
    /// Libraries that ask for an executable stack: the flag would be cleared in the installed copy.
    pub executable_stack: Vec<String>,
    /// Whether this machine could ask the driver for its version.
    pub could_be_asked: bool,
}

/// A package that went through the pipeline and was not published.
pub(super) struct ExaminedPackage {
    /// Where the package is, and its size in bytes.
    pub(super) place: String,
    pub(super) size: u64,
    /// Its SHA-256, if no digest was known.
    pub(super) digest: Option<Sha256>,
    pub(super) checks: PackageChecks,
    /// The completed client, if the package was unpacked.
    pub(super) completed: Option<(Workspace, Receipt)>,
}

/// The checks of a package that is not on this machine.
pub(super) fn pending(client: &Client, chosen: &ChosenPackage) -> PackageChecks {
    let is_installer = chosen.trust_name.to_ascii_lowercase().ends_with(".exe");
    if client.platform.os == Os::Windows && is_installer {
        return PackageChecks::Installer;
    }
    PackageChecks::Pending {
        libraries: driver_libraries::expected_files(client),
        host_glibc: host_glibc(client),
    }
}

/// The machine's glibc, if the client is for this machine.
pub(super) fn host_glibc(client: &Client) -> Option<Glibc> {
    let here = client.platform.os == Os::Linux && client.is_for_this_machine();
    here.then(needs::host_glibc)?.map(|(version, _)| version)
}
