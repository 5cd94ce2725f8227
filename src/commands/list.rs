//! `taos-setup list`

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::fetch::{self, Origin};
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
    /// List the releases that can be installed, the newest first, and how each can be verified; without a mirror no network is
    /// used
    #[arg(long)]
    available: bool,
    /// The platform to list releases for: linux-x64, linux-arm64, windows-x64, macos-x64, macos-arm64; without it this
    /// machine's
    #[arg(long, value_name = "PLATFORM", requires = "available")]
    platform: Option<Platform>,
    /// List what this mirror has, an address or a directory; without it TAOS_SETUP_MIRROR
    ///
    /// A directory is read, and an address is asked for its index: a directory listing, index.json, or SHA256SUMS. If it has
    /// none, the newest versions are asked for one by one.
    #[arg(long, value_name = "URL|DIR", requires = "available")]
    mirror: Option<String>,
    /// Ask a mirror over plain http on other machines too
    #[arg(long, requires = "available")]
    allow_insecure_http: bool,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    if args.available {
        return available(args, &store, context);
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
fn available(args: Args, store: &Store, context: &Context) -> Result<Report> {
    let Some(platform) = args.platform.or(Platform::host()) else {
        return Err(Error::new(
            ErrorId::PlatformUnsupported,
            "list the releases for this machine",
            "no client is published for this kind of machine",
            "name another one: taos-setup list --available --platform linux-x64",
        ));
    };
    let insecure_http = args.allow_insecure_http;
    let (origin, _) = super::install::origin(None, args.mirror, insecure_http)?;
    let options =
        fetch::FetchOptions::from_environment(store.downloads_dir(), false, insecure_http)?;
    let installed = store.installed()?;
    let events = &context.events;
    let releases = install::available::on_mirror(&origin, &options, platform, &installed, events)?;
    let mirror = match &origin {
        Origin::Vendor | Origin::File(_) | Origin::Address(_) => None,
        Origin::Mirror(url) => Some(fetch::shown(url)),
        Origin::Folder(path) => Some(path.display().to_string()),
    };
    let style = context.output.stdout_style;
    let (stdout, stderr) = output::human::available(
        &releases,
        platform,
        mirror.as_deref(),
        style,
        context.locale,
    );
    Ok(Report {
        stdout,
        stderr,
        data: output::json::available(&releases, platform, mirror.as_deref()),
        ..Report::default()
    })
}
