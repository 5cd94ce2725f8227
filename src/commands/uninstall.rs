//! `taos-setup uninstall`

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Context;
use crate::error::{Error, ErrorId, Result};
use crate::install;
use crate::output::{self, Report};
use crate::store::{Client, LeftoverKind, Store};
use crate::tdengine::version::Request;

/// Remove installed clients
///
/// Deletes what the installation made and nothing else: files that you added or changed stay and are named. Where the
/// current client goes, the newest of those that remain takes its place.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  taos-setup uninstall 3.3.6.13\n  sudo taos-setup uninstall --system"
)]
pub(super) struct Args {
    /// An installed version (3.3.6.13), a prefix that only one has (3.3), or the name of its folder in the store
    #[arg(value_name = "VERSION", required_unless_present_any = ["prefix", "system"])]
    wanted: Vec<UninstallChoice>,
    /// Remove the client that install --prefix put into this folder; the store stays as it is
    #[arg(long, value_name = "DIR", conflicts_with = "wanted")]
    prefix: Option<PathBuf>,
    /// Take away what install --system placed for every user, and put back what it replaced; log and data folders stay
    #[arg(long, conflicts_with_all = ["wanted", "prefix"])]
    system: bool,
}

#[derive(Clone, Debug)]
enum UninstallChoice {
    Folder(String),
    Client(Request),
}

impl UninstallChoice {
    fn means(&self, client: &Client) -> bool {
        match self {
            Self::Folder(name) => client.folder_name() == *name,
            Self::Client(request) => request.admits(client.version),
        }
    }
}

impl fmt::Display for UninstallChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(name) => f.write_str(name),
            Self::Client(request) => request.fmt(f),
        }
    }
}

impl FromStr for UninstallChoice {
    type Err = <Request as FromStr>::Err;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        match text.parse() {
            Ok(request) => Ok(Self::Client(request)),
            Err(_) if text.matches('-').count() >= 3 => Ok(Self::Folder(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    if args.system {
        let removal = install::uninstall_system(&context.events)?;
        let (stdout, stderr) =
            output::human::uninstall_system(&removal, context.output.stdout_style);
        return Ok(Report {
            stdout,
            stderr,
            data: output::json::uninstall_system(&removal),
            ..Report::default()
        });
    }
    let store = Store::from_environment()?;
    if let Some(prefix) = &args.prefix {
        return from_prefix(&store, prefix, context);
    }
    // Before the lock: nothing is made where nothing is installed. A removal that was interrupted is completed all the same.
    if let Err(error) = clients(&store, &args.wanted) {
        let (left, _) = store.leftovers()?;
        if left.iter().any(|it| it.kind == LeftoverKind::Interrupted) {
            store.lock("uninstall", &context.events)?;
        }
        return Err(error);
    }
    let lock = store.lock("uninstall", &context.events)?;
    let clients = clients(&store, &args.wanted)?;
    let before = store.current()?;
    let mut done = Vec::new();
    for client in clients {
        let removal = lock.uninstall(&client)?;
        done.push((client, removal));
    }
    let current = store.current()?;
    let moved = before != current;
    let style = context.output.stdout_style;
    let (stdout, stderr) = output::human::uninstall(&done, current.as_ref(), moved, style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::uninstall(&done, current.as_ref()),
        ..Report::default()
    })
}

/// `uninstall --prefix`
fn from_prefix(store: &Store, prefix: &Path, context: &Context) -> Result<Report> {
    let client = store.client_in(prefix)?;
    // Two at one prefix take turns, as they do in the store.
    let _lock = store.lock("uninstall", &context.events)?;
    let done = [(client.clone(), client.remove_prefix()?)];
    let current = store.current()?;
    let style = context.output.stdout_style;
    let (stdout, stderr) = output::human::uninstall(&done, current.as_ref(), false, style);
    Ok(Report {
        stdout,
        stderr,
        data: output::json::uninstall(&done, current.as_ref()),
        ..Report::default()
    })
}

/// The clients that are meant, each once. Errors: `nothing-installed`; `usage` where several would do.
fn clients(store: &Store, wanted: &[UninstallChoice]) -> Result<Vec<Client>> {
    let installed = store.installed()?;
    let mut clients: Vec<Client> = Vec::new();
    for wanted in wanted {
        let name = crate::safety::printable::printable(&wanted.to_string());
        let mut meant = installed.iter().filter(|client| wanted.means(client));
        let Some(client) = meant.next() else {
            return Err(Error::new(
                ErrorId::NothingInstalled,
                format!("uninstall {name}"),
                format!("it is not installed in {}", store.home().display()),
                "taos-setup list",
            ));
        };
        let others: Vec<String> = meant.map(Client::folder_name).collect();
        if !others.is_empty() {
            return Err(Error::new(
                ErrorId::Usage,
                format!("uninstall {name}"),
                format!(
                    "several clients are meant: {}, {}",
                    client.folder_name(),
                    others.join(", ")
                ),
                format!("taos-setup uninstall {}", client.folder_name()),
            ));
        }
        if !clients.contains(client) {
            clients.push(client.clone());
        }
    }
    Ok(clients)
}
