//! `taos-setup explain`

use std::io::{IsTerminal, Read};

use super::Context;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::explain::{LIMIT, Request, all, explain};
use crate::output::{Report, human, json};
use crate::tdengine::platform::{Os, Platform};

/// How to use it: what a run without a query prints.
const USAGE: &str = "\
Say what to explain:
  taos-setup explain 0x80000357                            a code in any form: 0x357, 855, -2147482793, HTTP 503
  taos-setup explain tcp-refused                           the id of a finding
  taos-setup explain \"no taos in java.library.path\"        an error message
  my-program 2>&1 | taos-setup explain                     a whole log or stack trace, up to 1 MiB
  taos-setup explain --list                                everything that is known
";

/// Explain an error code, a finding's id or a pasted error message, offline
///
/// Codes are taken in every form that TDengine and its connectors print. In a text, the code and the words in it decide; the
/// best match is told first, others are named. Fixes name your own host and port: of --host, else of the text, else of
/// TAOS_HOST, else localhost. Exits 3 where nothing known fits.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: taos-setup explain \"failed to connect to db01:6041: connection refused\""
)]
pub(super) struct Args {
    /// A code, an id, or a text (quoted or not); - reads it from stdin, as a pipe without a query does
    #[arg(value_name = "CODE|ID|TEXT", allow_negative_numbers = true)]
    query: Vec<String>,
    /// List every entry
    #[arg(long, conflicts_with = "query")]
    list: bool,
    /// The server that fixes name: HOST, HOST:PORT or a URL
    #[arg(long, value_name = "TARGET")]
    host: Option<String>,
    /// Whose commands fixes are made of; this machine's without it
    #[arg(long, value_name = "OS", value_parser = os)]
    platform: Option<Os>,
}

/// Runs the command.
pub(super) fn run(args: Args, context: &Context) -> Result<Report> {
    let query = if args.list {
        String::new()
    } else if args.query.is_empty() && !std::io::stdin().is_terminal() || args.query == ["-"] {
        pasted()?
    } else {
        args.query.join(" ")
    };
    let request = Request {
        query,
        host: args.host,
        os: args
            .platform
            .or(Platform::host().map(|host| host.os))
            .unwrap_or(Os::Linux),
        locale: context.locale,
    };
    if args.list {
        let entries = all(&request)?;
        return Ok(Report {
            stdout: human::explain_list(&entries),
            data: json::explain_list(&entries),
            ..Report::default()
        });
    }
    if request.query.trim().is_empty() {
        return Ok(Report {
            stdout: USAGE.to_owned(),
            data: json::explain_list(&[]),
            ..Report::default()
        });
    }
    let explanation = explain(&request)?;
    Ok(Report {
        stdout: human::explain(&explanation, context.locale, context.output.stdout_style),
        stderr: human::explain_place(&explanation, context.locale),
        data: json::explain(&explanation),
        ..Report::default()
    })
}

/// What stands on stdin, as far as it is looked at; bytes that are not UTF-8 are replaced.
fn pasted() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LIMIT as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Error::new(
                ErrorId::FileUnreadable,
                "read the text from stdin",
                describe_io_error(&error),
                "taos-setup explain TEXT",
            )
        })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// `linux`, `windows`, `macos`, or a platform such as `linux-x64`.
fn os(text: &str) -> std::result::Result<Os, String> {
    let name = text.split('-').next().unwrap_or(text);
    format!("{name}-x64")
        .parse::<Platform>()
        .map(|platform| platform.os)
        .map_err(|_| "say linux, windows or macos".into())
}
