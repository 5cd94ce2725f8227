//! Arguments of `taos-setup uninstall`.

use std::path::PathBuf;

use crate::clients::uninstall::UninstallChoice;
use crate::commands::completion_values;

/// Remove installed clients
///
/// Deletes only the files that the installation created: files that you added or changed are kept and listed. If the current client
/// is removed, the newest remaining one becomes current.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  taos-setup uninstall 3.3.6.13\n  sudo taos-setup uninstall --system"
)]
pub struct Args {
    /// Installed version (3.3.6.13), prefix of exactly one (3.3), or name of a directory in the store
    #[arg(value_name = "VERSION", required_unless_present_any = ["prefix", "system"], add = completion_values::installed_versions())]
    pub(super) choices: Vec<UninstallChoice>,
    /// Remove the client that install --prefix put into this directory; the store does not change
    #[arg(long, value_name = "DIR", conflicts_with = "choices")]
    pub(super) prefix: Option<PathBuf>,
    /// Remove the files of install --system and restore the files that it replaced; logs and data stay
    #[arg(long, conflicts_with_all = ["choices", "prefix"])]
    pub(super) system: bool,
}
