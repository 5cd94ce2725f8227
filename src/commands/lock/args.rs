//! Arguments of `taos-setup lock`.

use super::SourceArgs;
use crate::commands::install::trusted_key;
use crate::signature::TrustedKey;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;

/// Resolve taos-setup.toml into taos-setup.lock
///
/// The lock holds the client's packages for all platforms, with their digests, and the connector of every project. Entries that fit stay as
/// they are. The server is asked only for a version that is not locked; a package is read only if nothing here knows its digest.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  taos-setup lock\n  taos-setup lock --upgrade client\n  taos-setup lock --check"
)]
pub struct Args {
    /// Create taos-setup.toml for the current client and the projects below this directory, then resolve it
    ///
    /// In a git repository, .gitattributes gets a line that lets git merge additions of several branches.
    #[arg(long, conflicts_with_all = ["check", "upgrade"])]
    pub(super) init: bool,
    /// Choose again what is locked: everything, or only client, server, a project's directory, or a connector's package
    #[arg(long, value_name = "NAME", num_args = 0..=1)]
    pub(super) upgrade: Option<Option<String>>,
    /// Lock this platform, too, and add it to the platforms in taos-setup.toml; may be repeated
    #[arg(long, value_name = "PLATFORM", conflicts_with = "check")]
    pub(super) platform: Vec<Platform>,
    /// Write nothing and ask no server; exit with 7 if the lock would change
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
    /// Accept a package with this SHA-256, from a source that you trust; may be repeated
    #[arg(long, value_name = "HEX", hide_short_help = true)]
    pub(super) sha256: Vec<Sha256>,
    /// Accept digests from a SHA256SUMS list that this minisign key signed; may be repeated
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key, hide_short_help = true)]
    pub(super) trust_key: Vec<TrustedKey>,
    /// Accept packages that have no known digest, and lock the digests that they have
    #[arg(long, hide_short_help = true)]
    pub(super) trust_on_first_use: bool,
}
