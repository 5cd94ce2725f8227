//! Arguments of `taos-setup list`.

use std::path::PathBuf;

use crate::tdengine::platform::Platform;

/// List installed clients, or those that can be installed
///
/// An asterisk marks the current client, which env and run use; with --available it marks installed clients.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup list --available --platform linux-arm64 --json")]
pub struct Args {
    /// List the releases that can be installed, newest first, and how each is verified
    ///
    /// If no mirror is given, the built-in catalog is listed, without network access.
    #[arg(long)]
    pub(super) available: bool,
    /// List the client that install --prefix put into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "available")]
    pub(super) prefix: Option<PathBuf>,
    /// Platform: linux-x64, linux-arm64, windows-x64, macos-x64, macos-arm64 [default: this machine's]
    #[arg(long, value_name = "PLATFORM", requires = "available")]
    pub(super) platform: Option<Platform>,
    /// List the releases of this mirror, an address or a directory [env: TAOS_SETUP_MIRROR]
    ///
    /// A directory is read, and an address is asked for its index: a directory listing, index.json, or SHA256SUMS. If it has
    /// none, the newest versions are requested one by one.
    #[arg(long, value_name = "URL|DIR", requires = "available")]
    pub(super) mirror: Option<String>,
    /// Allow plain http to a mirror on another machine
    #[arg(long, requires = "available")]
    pub(super) allow_insecure_http: bool,
}
