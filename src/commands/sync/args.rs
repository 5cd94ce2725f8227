//! Arguments of `taos-setup sync`.

use crate::commands::lock::SourceArgs;

/// Bring the client and the projects' connectors to taos-setup.lock
///
/// Installs the locked client for this machine, makes it the current one, and changes the manifests of the projects to the locked connectors:
/// all of them or none. What taos-setup.toml asks for and the lock lacks is added to the lock; locked entries do not change.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  taos-setup sync\n  taos-setup sync --locked --mirror /mnt/usb"
)]
pub struct Args {
    /// Ask no server and do not write the lock; fail if it does not hold all that taos-setup.toml asks for
    #[arg(long)]
    pub(super) locked: bool,
    /// Write nothing; exit with 7 if something would change
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
}
