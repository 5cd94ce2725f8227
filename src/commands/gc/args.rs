//! Arguments of `taos-setup gc`.

/// Remove leftovers of interrupted commands, and downloaded packages
///
/// Installed clients stay. A package that is needed again is downloaded again, and a program of `verify --project` is built again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup gc --dry-run")]
pub struct Args {
    /// Show what would be removed; make no changes
    #[arg(long)]
    pub(super) dry_run: bool,
}
