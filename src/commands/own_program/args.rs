//! Arguments of `taos-setup self`.

use semver::Version;

use crate::commands::install::trusted_key;
use crate::signature::TrustedKey;

/// Update or remove taos-setup itself
///
/// Works if install.sh or install.ps1 installed the program. If a package manager did, its command is shown.
#[derive(Debug, clap::Subcommand)]
#[command(
    subcommand_required = true,
    after_help = "Examples:\n  taos-setup self update\n  taos-setup self update --from /srv/taos-setup-0.2.0\n  taos-setup self uninstall"
)]
pub enum Args {
    Update(OwnUpdateArgs),
    Uninstall(OwnUninstallArgs),
}

/// Replace this program with the newest release
///
/// The signature of the release, the digest of its archive, and the version that the new program reports are verified before it is
/// replaced in one step. An older release is refused unless --to names it.
#[derive(Debug, clap::Args)]
pub struct OwnUpdateArgs {
    /// Version to install, also an older one [default: the newest]
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(super) to: Option<Version>,
    /// Directory or address with the files of one release [default: the place that the installation script recorded]
    #[arg(long, value_name = "URL|DIR")]
    pub(super) from: Option<String>,
    /// Minisign key that signs releases [default: the key that the installation script recorded]
    #[arg(long, value_name = "KEY|FILE", value_parser = trusted_key)]
    pub(super) trust_key: Option<TrustedKey>,
    /// Report whether another version is available, and exit with 7 if so; make no changes
    #[arg(long)]
    pub(super) check: bool,
    /// Show what would be downloaded and replaced; make no changes
    #[arg(long, conflicts_with = "check")]
    pub(super) dry_run: bool,
    /// Allow plain http from another machine; the signature protects the program
    #[arg(long, hide_short_help = true)]
    pub(super) allow_insecure_http: bool,
}

/// Delete this program and its receipt; installed clients are kept
#[derive(Debug, clap::Args)]
pub struct OwnUninstallArgs {
    /// Show what would be deleted; make no changes
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// Parses the version of a release, with or without the `v` of its tag.
fn version(text: &str) -> std::result::Result<Version, String> {
    let plain = text.strip_prefix('v').unwrap_or(text);
    plain
        .parse()
        .map_err(|_| "expected a version such as 0.2.0".to_owned())
}
