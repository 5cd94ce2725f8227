//! The command line: one file and one directory for each command.

mod catalog;
mod ci;
mod client_texts;
mod client_values;
mod completion_values;
mod completions;
mod context;
mod data_words;
mod doctor;
mod env;
mod explain;
mod gc;
mod init;
mod install;
mod list;
mod lock;
mod man;
mod migrate;
mod mirror;
mod native_probe;
mod own_program;
mod run;
mod signing;
mod start;
mod sync;
mod uninstall;
mod url;
mod use_client;
pub(crate) mod verify;
mod version;
mod which;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::catalog::{connectors, endings};
use crate::diagnose::service;
use crate::dsn::format::forms;
use crate::error::Result;
use crate::output;
use crate::system::env_vars;
pub use context::Context;

/// Set up and verify TDengine clients
///
/// Installs the client driver that matches your server, adds the right connector and a working example to your project, and
/// verifies native, REST, and WebSocket connections.
#[derive(Debug, Parser)]
#[command(
    name = "taos-setup",
    version,
    propagate_version = true,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = EXAMPLES,
    after_long_help = long_help()
)]
struct Cli {
    #[command(flatten)]
    output: context::OutputArgs,
    #[command(subcommand)]
    command: Command,
}

/// The end of the short help.
const EXAMPLES: &str = "\
Examples:
  taos-setup install                  install the client that matches your server
  taos-setup init --lang python       add the connector and an example to a project
  taos-setup verify db.example        verify connections to a server

Read on:
  taos-setup --help                   options, environment variables, exit codes
  taos-setup COMMAND -h               the options of a command; --help explains them
  taos-setup explain ERROR            the cause and the fix of an error";

/// The help without options, which `taos-setup` alone prints.
const SHORT_HELP: &str =
    "{about}\n\n{usage-heading} {usage}\n\nCommands:\n{subcommands}{after-help}";

/// The end of the long help: examples, the variables of `env_vars.rs`, the exit codes.
fn long_help() -> String {
    let mut text = format!("{EXAMPLES}\n\nEnvironment:\n");
    for variable in env_vars::ALL {
        text.push_str(&format!("  {}\n      {}\n", variable.name, variable.about));
    }
    text.push_str("\nExit codes:\n");
    for line in [
        "0 done, 1 unexpected, 2 usage, 3 nothing matches, 4 integrity, 5 network,",
        "6 busy, 7 conflict, 8 local file, 130 interrupted",
        "verify: 10 unreachable, 11 rejected, 12 wrong protocol, port, or version,",
        "13 client library, 14 data path; init --run: 15 the project's program;",
        "doctor: the code of the first error, 4, 8, or as verify",
    ] {
        text.push_str(&format!("  {line}\n"));
    }
    text.truncate(text.trim_end().len());
    text
}

#[derive(Debug, Subcommand)]
enum Command {
    Install(install::Args),
    List(list::Args),
    Use(use_client::Args),
    Which(which::Args),
    Uninstall(uninstall::Args),
    Gc(gc::Args),
    Env(env::Args),
    Run(run::Args),
    Start(start::Args),
    Init(Box<init::Args>),
    Migrate(migrate::Args),
    Ci(ci::Args),
    Lock(lock::Args),
    Sync(sync::Args),
    #[command(subcommand)]
    Catalog(catalog::Args),
    #[command(subcommand)]
    Mirror(mirror::Args),
    Verify(Box<verify::Args>),
    Doctor(doctor::Args),
    Explain(explain::Args),
    Url(url::Args),
    #[command(subcommand, name = "self")]
    OwnProgram(own_program::Args),
    Completions(completions::Args),
    #[command(hide = true)]
    Man(man::Args),
    #[command(hide = true)]
    NativeProbe(native_probe::Args),
}

/// The definition of the command line, for tests of all commands.
pub fn command_line() -> clap::Command {
    Cli::command()
}

impl Command {
    /// Checks the built-in data that this command reads through readers that cannot fail. What it does not read is not parsed.
    ///
    /// # Errors
    /// `unexpected` if it is damaged.
    fn check_built_in_data(&self) -> Result<()> {
        match self {
            // Each may ask a server.
            Self::Install(_) => service::check(),
            Self::Start(_) => connectors::check(),
            Self::Verify(_) => {
                connectors::check()?;
                service::check()?;
                endings::check()
            }
            Self::Init(_)
            | Self::Lock(_)
            | Self::Sync(_)
            | Self::Mirror(mirror::Args::Create(_)) => {
                connectors::check()?;
                service::check()?;
                endings::check()?;
                crate::project::spring::check_built_in()?;
                crate::init::check_built_in_data()
            }
            Self::Migrate(_) => {
                connectors::check()?;
                endings::check()?;
                crate::migrate::file_kind::check_built_in()
            }
            Self::Ci(_) => {
                crate::pipeline::check_built_in()?;
                service::check()
            }
            Self::Doctor(_) => connectors::check(),
            Self::Url(_) => forms::check().and_then(|()| endings::check()),
            Self::List(_)
            | Self::Use(_)
            | Self::Which(_)
            | Self::Uninstall(_)
            | Self::Gc(_)
            | Self::Env(_)
            | Self::Run(_)
            | Self::Catalog(_)
            | Self::Mirror(
                mirror::Args::Verify(_) | mirror::Args::Serve(_) | mirror::Args::Check(_),
            )
            | Self::OwnProgram(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::NativeProbe(_) => Ok(()),
            Self::Explain(_) => endings::check(),
        }
    }
}

/// Parses the process's arguments, runs the command, prints its result, and returns the exit code.
pub fn main() -> ExitCode {
    if let Some(shell) = env_vars::COMPLETION_SHELL.get() {
        // PROGRAM -- WORD…, as the script of `completions` calls it.
        let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
        return output::print_text(&completions::candidates(&shell, words.collect())).into();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let mut command = Cli::command().help_template(SHORT_HELP);
            return output::print_help(&command.render_help()).into();
        }
        Err(error) => {
            let words = || std::env::args_os().take_while(|arg| arg != "--");
            let json = words().any(|arg| arg == "--json");
            if error.kind() == ErrorKind::DisplayVersion
                && version::wants_details(words().map(|word| word.to_string_lossy().into_owned()))
            {
                let context = Context::new(&context::OutputArgs::plain(json));
                return context.output.finish("version", version::details()).into();
            }
            return output::command_line(&error, json).into();
        }
    };
    let context = Context::new(&cli.output);
    if let Err(error) = cli.command.check_built_in_data() {
        return context.output.finish("", Err(error)).into();
    }
    let (name, ended) = match cli.command {
        Command::Install(args) => ("install", install::run(args, &context)),
        Command::List(args) => ("list", list::run(args, &context)),
        Command::Use(args) => ("use", use_client::run(args, &context)),
        Command::Which(args) => ("which", which::run(args, &context)),
        Command::Uninstall(args) => ("uninstall", uninstall::run(args, &context)),
        Command::Gc(args) => ("gc", gc::run(args, &context)),
        Command::Env(args) => ("env", env::run(args, &context)),
        Command::Run(args) => ("run", run::run(args, &context)),
        Command::Start(args) => ("start", start::run(args, &context)),
        Command::Init(args) => ("init", init::run(*args, &context)),
        Command::Migrate(args) => ("migrate", migrate::run(args, &context)),
        Command::Ci(args) => ("ci", ci::run(args, &context)),
        Command::Lock(args) => ("lock", lock::run(args, &context)),
        Command::Sync(args) => ("sync", sync::run(args, &context)),
        Command::Catalog(args) => ("catalog", catalog::run(args, &context)),
        Command::Mirror(args) => ("mirror", mirror::run(args, &context)),
        Command::Verify(args) => ("verify", verify::run(*args, &context)),
        Command::Doctor(args) => ("doctor", doctor::run(args, &context)),
        Command::Explain(args) => ("explain", explain::run(args, &context)),
        Command::Url(args) => ("url", url::run(args, &context)),
        Command::OwnProgram(args) => ("self", own_program::run(args, &context)),
        Command::Completions(args) => ("completions", completions::run(args, &context)),
        Command::Man(args) => ("man", man::run(args, &context)),
        Command::NativeProbe(args) => return native_probe::run(args),
    };
    context.output.finish(name, ended).into()
}
