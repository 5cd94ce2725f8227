//! The use case of `env`: the variables that make a client work, as a shell reads them.

mod script;

use std::path::PathBuf;

use clap::ValueEnum;

use super::client_variables::find_variables;
use crate::error::{Error, ErrorId, Result};
use crate::lock;
use crate::message::message;
use crate::safety::printable::printable_path;
use crate::store::{Client, Store, Variable};
use crate::system::events::{Event, EventSink};
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Request;

/// The reader of the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// POSIX shells: sh, bash, zsh, dash, ksh
    Sh,
    /// fish
    Fish,
    /// Windows PowerShell and PowerShell
    Powershell,
    /// A batch file of the Windows command processor
    Cmd,
    /// The file that GITHUB_ENV names, for later steps of a GitHub Actions job
    Github,
    /// A .env file
    Dotenv,
    /// A file for EnvironmentFile= of a systemd unit
    Systemd,
}

/// The client whose variables are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientChoice {
    /// The current client, or the machine's own driver after `use system`.
    Current,
    /// The newest installed client that the request admits.
    Version(Request),
    /// The client that `install --prefix` put into this directory.
    Prefix(PathBuf),
}

impl ClientChoice {
    /// The choice that the options `--client` and `--prefix` make; without them, that of the `taos-setup.toml` in effect and its lock, else
    /// the current client. A file that is not used is noted to `events`.
    ///
    /// # Errors
    /// Those of reading both files.
    pub fn from_options(
        client: Option<Request>,
        prefix: Option<PathBuf>,
        events: &EventSink,
    ) -> Result<Self> {
        match (prefix, client) {
            (Some(prefix), _) => return Ok(Self::Prefix(prefix)),
            (None, Some(request)) => return Ok(Self::Version(request)),
            (None, None) => {}
        }
        let setup = lock::in_effect()?;
        if let Some(note) = &setup.note {
            events.emit(Event::note(note.clone()));
        }
        let Some(settings) = setup.file.as_ref().and_then(|file| file.client.as_ref()) else {
            return Ok(Self::Current);
        };
        let locked = match (setup.lock()?, Platform::host()) {
            (Some(lock), Some(host)) => lock.packages_for(host).next().map(|it| it.version),
            (Some(_) | None, _) => None,
        };
        let locked = locked.map(Request::Exact);
        let request = locked.or_else(|| settings.version.clone());
        Ok(request.map_or(Self::Current, Self::Version))
    }

    /// The client in `store`; `None` after `use system`.
    ///
    /// # Errors
    /// `nothing-installed`, and those of reading the store.
    pub(super) fn find(&self, store: &Store) -> Result<Option<Client>> {
        match self {
            Self::Current if store.uses_system()? => Ok(None),
            Self::Current => store.choose(None).map(Some),
            Self::Version(request) => store.choose(Some(request)).map(Some),
            Self::Prefix(prefix) => store.client_in(prefix).map(Some),
        }
    }
}

/// The result of `env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEnvironment {
    /// The machine's own driver is used, which needs no variables.
    System,
    /// A client's variables.
    Client {
        /// The client.
        client: Client,
        /// Its variables.
        variables: Vec<Variable>,
        /// The lines that set them, for the shell that was asked for.
        script: String,
    },
}

/// Finds the variables of a client and writes them for `shell`.
///
/// # Errors
/// `nothing-installed`; `usage` if the shell has no form for a value; those of reading the store.
pub fn env(store: &Store, choice: &ClientChoice, shell: Shell) -> Result<ClientEnvironment> {
    let Some(client) = choice.find(store)? else {
        return Ok(ClientEnvironment::System);
    };
    // The log directory may be missing if another user installed the client; `run` reports a failure.
    let _ = std::fs::create_dir_all(client.log_dir());
    let variables = find_variables(&client);
    let existing = |name: &str| std::env::var_os(name);
    let script = script::write(shell, &client, &variables, existing).map_err(|name| {
        Error::new(
            ErrorId::Usage,
            message!("env-tried"),
            message!(
                "env-unprintable",
                name = name,
                prefix = printable_path(&client.prefix)
            ),
            message!("env-unprintable-next"),
        )
    })?;
    Ok(ClientEnvironment::Client {
        client,
        variables,
        script,
    })
}
