//! `taos-sandbox serve`: the stand-in server (and, asked for, its package mirror) for programs that are not tests of this
//! workspace: other people's connectors, and people.
#![allow(
    clippy::print_stdout,
    reason = "a program's results go to standard output"
)]
#![allow(clippy::print_stderr, reason = "and its errors to standard error")]

use std::collections::VecDeque;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::json;
use taos_sandbox::driver;
use taos_sandbox::front::Cloud;
use taos_sandbox::mirror::{Mirror, MirrorFaults, MirrorOptions, Package};
use taos_sandbox::server::{Listen, Options, Sandbox};
use taos_sandbox::tls::TlsIdentity;

/// What `--help` prints.
const HELP: &str = "\
taos-sandbox: a stand-in for a TDengine server, for tests. It is not TDengine.

Usage: taos-sandbox serve [--version V] [--adapter-port P] [--native-port P] [--mirror V]...
                          [--tls-cert FILE --tls-key FILE] [--cloud-token T]

  --version V        the server's version (3.3.7.5)
  --adapter-port P   the port of REST and WebSocket (a free one)
  --native-port P    the port of the stand-in driver (a free one)
  --tls-cert FILE    speak TLS on the adapter's port, with this certificate (PEM)
  --tls-key FILE     and this private key (PEM)
  --cloud-token T    ask for this token in the query, as TDengine Cloud's gateway does
  --mirror V         serve a client package of this version too; may be repeated

Prints one line of JSON with the addresses, then runs until its standard input ends or Ctrl-C.
";

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    version: Option<String>,
    adapter_port: u16,
    native_port: u16,
    mirror: Vec<String>,
    tls_cert: Option<String>,
    tls_key: Option<String>,
    cloud_token: Option<String>,
}

fn main() -> ExitCode {
    let arguments = env::args().skip(1).collect::<VecDeque<_>>();
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let request = match parse(arguments) {
        Ok(request) => request,
        Err(message) => {
            eprintln!("taos-sandbox: {message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match serve(request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("taos-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the command line.
fn parse(mut arguments: VecDeque<String>) -> Result<Request, String> {
    if arguments.pop_front().as_deref() != Some("serve") {
        return Err("the command is missing: serve".to_owned());
    }
    let mut request = Request::default();
    while let Some(option) = arguments.pop_front() {
        let mut value = || {
            arguments
                .pop_front()
                .ok_or_else(|| format!("{option} needs a value"))
        };
        match option.as_str() {
            "--version" => request.version = Some(value()?),
            "--adapter-port" => request.adapter_port = port(&value()?)?,
            "--native-port" => request.native_port = port(&value()?)?,
            "--tls-cert" => request.tls_cert = Some(value()?),
            "--tls-key" => request.tls_key = Some(value()?),
            "--cloud-token" => request.cloud_token = Some(value()?),
            "--mirror" => request.mirror.push(value()?),
            _ => return Err(format!("unknown option {option}")),
        }
    }
    if request.tls_cert.is_some() != request.tls_key.is_some() {
        return Err("--tls-cert and --tls-key go together".to_owned());
    }
    Ok(request)
}

/// Reads a port.
fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text} is not a port"))
}

/// Serves until standard input ends.
fn serve(request: Request) -> io::Result<()> {
    let mirror = if request.mirror.is_empty() {
        None
    } else {
        Some(Mirror::start(MirrorOptions {
            packages: request
                .mirror
                .iter()
                .map(|version| Package::new(version))
                .collect(),
            driver: driver::built()?.to_owned(),
            faults: MirrorFaults::None,
        })?)
    };
    let tls = match (&request.tls_cert, &request.tls_key) {
        (Some(certificates), Some(key)) => Some(TlsIdentity {
            certificates: fs::read_to_string(certificates)?,
            key: fs::read_to_string(key)?,
            clients: None,
        }),
        _ => None,
    };
    let cloud = request.cloud_token.map(|token| Cloud {
        token,
        user: "root".to_owned(),
    });
    let defaults = Options::default();
    let sandbox = Sandbox::start(Options {
        version: request.version.unwrap_or_else(|| defaults.version.clone()),
        adapter: Listen::Port(request.adapter_port),
        native: Listen::Port(request.native_port),
        tls,
        cloud,
        ..defaults
    })?;
    let addresses = json!({
        "adapter": sandbox.adapter().to_string(),
        "native": sandbox.native().to_string(),
        "mirror": mirror.as_ref().map(Mirror::url),
    });
    let mut stdout = io::stdout();
    writeln!(stdout, "{addresses}")?;
    stdout.flush()?;
    // Ctrl-C ends the process by the system's default.
    io::copy(&mut io::stdin().lock(), &mut io::sink()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, String> {
        parse(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn command_line_is_read() {
        let request =
            parsed("serve --version 3.2.2.2 --native-port 6030 --mirror 3.3.7.5 --mirror 3.2.2.2")
                .unwrap();
        assert_eq!(request.version.as_deref(), Some("3.2.2.2"));
        assert_eq!((request.adapter_port, request.native_port), (0, 6030));
        assert_eq!(request.mirror, ["3.3.7.5", "3.2.2.2"]);
    }

    #[test]
    fn wrong_command_line_is_reported() {
        assert_eq!(
            parsed("serve --tls-key k.pem"),
            Err("--tls-cert and --tls-key go together".to_owned())
        );
        assert_eq!(parsed(""), Err("the command is missing: serve".to_owned()));
        assert_eq!(
            parsed("serve --native-port"),
            Err("--native-port needs a value".to_owned())
        );
        assert_eq!(
            parsed("serve --native-port 70000"),
            Err("70000 is not a port".to_owned())
        );
        assert_eq!(
            parsed("serve --fast"),
            Err("unknown option --fast".to_owned())
        );
    }
}
