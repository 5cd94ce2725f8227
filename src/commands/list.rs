//! `taos-setup list`

use super::Context;
use crate::catalog::Clients;
use crate::error::{Error, ErrorId, Result};
use crate::install;
use crate::output::{self, Report};
use crate::store::{Client, Receipt, Store, System};
use crate::tdengine::platform::Platform;

/// List the installed clients, or those that can be installed
///
/// The current client, which env and run use, is marked with an asterisk; with --available every installed one is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: taos-setup list --available --platform linux-arm64 --json")]
pub(super) struct Args {
    /// List the releases that this program knows, the newest first, and how each can be trusted; no network is used
    #[arg(long)]
    available: bool,
    /// The platform to list releases for: linux-x64, linux-arm64, windows-x64, macos-x64, macos-arm64; without it this
    /// machine's
    #[arg(long, value_name = "PLATFORM", requires = "available")]
    platform: Option<Platform>,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    if args.available {
        return available(args.platform, &store, context);
    }
    let current = store.current()?;
    let clients = store
        .installed()?
        .into_iter()
        .map(|client| client.receipt().map(|receipt| (client, receipt)))
        .collect::<Result<Vec<(Client, Receipt)>>>()?;
    let receipt = System::of_this_machine().receipt()?;
    let uses_system = store.uses_system()?;
    let system = receipt.as_ref().map(|receipt| (receipt, uses_system));
    let (stdout, stderr) = output::human::list(
        store.home(),
        &clients,
        current.as_ref(),
        system,
        context.output.stdout_style,
    );
    Ok(Report {
        stdout,
        stderr,
        data: output::json::list(store.home(), &clients, current.as_ref(), system),
        ..Report::default()
    })
}

/// `list --available`
fn available(platform: Option<Platform>, store: &Store, context: &Context) -> Result<Report> {
    let Some(platform) = platform.or(Platform::host()) else {
        return Err(Error::new(
            ErrorId::PlatformUnsupported,
            "list the releases for this machine",
            "no client is published for this kind of machine",
            "name another one: taos-setup list --available --platform linux-x64",
        ));
    };
    let releases =
        install::available::available(Clients::builtin()?, platform, &store.installed()?);
    let (stdout, stderr) =
        output::human::available(&releases, platform, context.output.stdout_style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::available(&releases, platform),
        ..Report::default()
    })
}
