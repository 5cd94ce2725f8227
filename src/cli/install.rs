//! `taos-setup install`

use std::path::PathBuf;

use super::Context;
use crate::digest::Sha256;
use crate::env_vars;
use crate::error::Result;
use crate::fetch::{Location, Origin, parse_location};
use crate::install::{self, Request};
use crate::report::{self, Report};
use crate::store::Store;
use crate::version;

/// Install a client and make it the current one
///
/// Takes the client package from the vendor, a mirror, a folder or a file, checks it, and unpacks it into a folder of your
/// own: no root, and nothing of the system is changed. Clients stand side by side; the one that was installed last is the
/// current one. What is there already is left alone.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "taos-setup install VERSION [OPTIONS]\n       taos-setup install --from FILE|URL [OPTIONS]",
    after_help = "Example: taos-setup install 3.3.7.5 --mirror https://mirror.example/tdengine --sha256 HEX"
)]
pub(super) struct Args {
    /// The version: all four parts (3.3.7.5), a prefix for the newest of a series (3.3), or latest
    #[arg(value_name = "VERSION", required_unless_present = "from")]
    wanted: Option<version::Request>,
    /// Take exactly this package file or address; VERSION may be left out where the file's name tells it
    #[arg(long, value_name = "FILE|URL", conflicts_with = "mirror")]
    from: Option<String>,
    /// Take the package from this mirror, an address or a folder, with the vendor's folders or all files side by side
    ///
    /// Without it TAOS_SETUP_MIRROR, else the vendor's own hosts.
    #[arg(long, value_name = "URL|DIR")]
    mirror: Option<String>,
    /// The package's SHA-256, where you know it from a source that you trust; may be given several times
    #[arg(long, value_name = "HEX")]
    sha256: Vec<Sha256>,
    /// Take a package that nothing vouches for, and accept only the same bytes from then on
    #[arg(long)]
    trust_on_first_use: bool,
    /// Where the version is installed already, check the content of every file, and install it again if one is damaged
    ///
    /// Without it a client that is there is only checked for missing files and wrong sizes. Files in etc/ are yours to
    /// change and count as whole.
    #[arg(long)]
    repair: bool,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let store = Store::from_environment()?;
    let (origin, origin_arguments) = origin(args.from, args.mirror)?;
    let request = Request {
        version: args.wanted,
        origin,
        origin_arguments,
        sha256: args.sha256,
        trust_on_first_use: args.trust_on_first_use,
        repair: args.repair,
    };
    let installation = install::install(&request, &store, &context.events)?;
    let (stdout, stderr) = report::human::install(&installation, context.output.stdout_style);
    Ok(Report {
        stdout,
        stderr,
        data: report::json::install(&installation),
        ..Report::default()
    })
}

/// Where the package comes from, and the arguments that say so again.
fn origin(from: Option<String>, mirror: Option<String>) -> Result<(Origin, Vec<String>)> {
    if let Some(from) = from {
        let origin = match parse_location(&from)? {
            Location::Address(url) => Origin::Address(url),
            Location::Path(path) => Origin::File(path),
        };
        return Ok((origin, vec!["--from".into(), without_password(from)]));
    }
    let (text, arguments) = match (mirror, env_vars::MIRROR.get()) {
        (Some(mirror), _) => {
            let arguments = vec!["--mirror".into(), without_password(mirror.clone())];
            (mirror, arguments)
        }
        (None, Some(mirror)) => match mirror.into_string() {
            Ok(mirror) => (mirror, Vec::new()),
            Err(path) => return Ok((Origin::Folder(PathBuf::from(path)), Vec::new())),
        },
        (None, None) => return Ok((Origin::Vendor, Vec::new())),
    };
    let origin = match parse_location(&text)? {
        Location::Address(url) => Origin::Mirror(url),
        Location::Path(path) => Origin::Folder(path),
    };
    Ok((origin, arguments))
}

/// An argument that is an address, without the password in it: it is printed again.
fn without_password(argument: String) -> String {
    match url::Url::parse(&argument) {
        Ok(mut url) if url.password().is_some() => {
            let _ = url.set_password(Some("***"));
            url.into()
        }
        _ => argument,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_printed_again() {
        assert_eq!(
            without_password("https://me:secret@host/x".into()),
            "https://me:***@host/x"
        );
        assert_eq!(without_password("https://host/x".into()), "https://host/x");
        assert_eq!(without_password("a/b".into()), "a/b");
    }
}
