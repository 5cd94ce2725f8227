//! What to ask, of whom: from the command line and the environment to one plan a target.

use std::path::PathBuf;
use std::time::Duration;

use super::write::Writing;
use crate::dsn::target::redacted;
use crate::dsn::{Scheme, Target, Transport, taos_cfg};
use crate::env_vars::{self, EnvVar};
use crate::error::{Error, ErrorId, Result};
use crate::events::{Event, EventSink};
use crate::probe::rest;
use crate::secret::Secret;
use crate::store::Store;

/// taosAdapter's port, unless it was changed (`reference/facts.md`, F).
pub const ADAPTER_PORT: u16 = 6041;
/// taosd's port, unless it was changed.
pub const NATIVE_PORT: u16 = 6030;

/// What the user asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The targets as they were named; empty: the environment's.
    pub targets: Vec<String>,
    /// The transports that were named; empty: the target's scheme, else all.
    pub transports: Vec<Transport>,
    /// The native port that was named.
    pub native_port: Option<u16>,
    /// The bound of every rung.
    pub limit: Duration,
    /// Whether, and where, to write.
    pub writing: Option<Writing>,
}

/// A transport to climb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub transport: Transport,
    /// Whether it was asked for by name: then a missing library is a failure.
    pub named: bool,
}

/// One target and how to ask it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The target as it is shown, without credentials.
    pub target: String,
    /// Name or address, without brackets.
    pub host: String,
    /// taosAdapter's port.
    pub adapter_port: u16,
    /// taosd's port.
    pub native_port: u16,
    /// The adapter's port was named without a scheme: it is the native one if it answers so.
    pub ambiguous: bool,
    /// The native port that the user named besides the target.
    pub named_native_port: Option<u16>,
    /// What stands before taosAdapter's own paths.
    pub prefix: String,
    /// The database to log in to.
    pub database: Option<String>,
    /// The user to log in as.
    pub user: String,
    /// That user's password.
    pub password: Secret,
    /// No password was given: the public default is tried.
    pub assumed: bool,
    /// What to climb, in order.
    pub transports: Vec<Wanted>,
    /// The bound of every rung.
    pub limit: Duration,
    /// Whether, and where, to write.
    pub writing: Option<Writing>,
}

impl Plan {
    /// What must never be shown: the password, and the header that REST sends it in.
    pub fn secrets(&self) -> Vec<Secret> {
        if self.assumed {
            return Vec::new();
        }
        let header = rest::basic(&self.user, &self.password);
        vec![self.password.clone(), header]
    }
}

/// The plans for `request`; choices that were made for the user are told to `events`.
pub fn plans(request: &Request, events: &EventSink) -> Result<Vec<Plan>> {
    let targets = if request.targets.is_empty() {
        let (target, why) = default_target()?;
        events.emit(Event::Note(format!(
            "no target was named: verifying {target}, {why}"
        )));
        vec![target]
    } else {
        let parse = |text: &String| parse(text, "taos-setup verify HOST, HOST:PORT or a URL");
        request.targets.iter().map(parse).collect::<Result<_>>()?
    };
    targets
        .into_iter()
        .map(|target| plan(target, request, events))
        .collect()
}

fn parse(text: &str, next: &str) -> Result<Target> {
    text.parse().map_err(|complaint: String| {
        Error::new(
            ErrorId::Usage,
            format!("read the target {:?}", redacted(text)),
            complaint,
            next,
        )
    })
}

fn plan(target: Target, request: &Request, events: &EventSink) -> Result<Plan> {
    if target.scheme.is_some_and(Scheme::tls) {
        return Err(Error::new(
            ErrorId::Usage,
            format!("verify {target}"),
            "TLS is not supported yet",
            format!(
                "taos-setup verify {}:{ADAPTER_PORT}    # taosAdapter's plain port",
                target.bracketed_host()
            ),
        ));
    }
    if target.password.is_some() {
        events.emit(Event::Note(
            "a password in an argument can be seen by every user of this machine; TAOS_PASSWORD cannot".into(),
        ));
    }
    let (adapter_port, native_port, ambiguous) = ports(&target, request.native_port);
    if target.scheme.is_none() && target.port == Some(native_port) && adapter_port != native_port {
        events.emit(Event::Note(format!(
            "{native_port} is the native port: ws and rest are asked on {adapter_port}"
        )));
    }
    let named = !request.transports.is_empty() || target.scheme.is_some();
    let mut transports = match (request.transports.is_empty(), target.scheme) {
        (false, _) => request.transports.clone(),
        (true, Some(scheme)) => vec![scheme.transport()],
        (true, None) => Transport::ALL.to_vec(),
    };
    transports.sort_unstable();
    transports.dedup();
    let given = match target.password.clone() {
        Some(password) => Some(password),
        None => password_of_environment()?,
    };
    let user = match target.user.clone() {
        Some(user) => user,
        None => user_of_environment()?.unwrap_or_else(|| "root".into()),
    };
    if given.is_none() {
        events.emit(Event::Note(format!(
            "no password was given: the default {user}/taosdata is tried once; TAOS_USER and TAOS_PASSWORD set others"
        )));
    }
    Ok(Plan {
        target: target.to_string(),
        adapter_port,
        native_port,
        ambiguous,
        named_native_port: request.native_port,
        user,
        assumed: given.is_none(),
        password: given.unwrap_or_else(|| Secret::new("taosdata")),
        transports: transports
            .into_iter()
            .map(|transport| Wanted { transport, named })
            .collect(),
        limit: request.limit,
        writing: request.writing.clone(),
        host: target.host,
        prefix: target.prefix,
        database: target.database,
    })
}

/// taosAdapter's port, taosd's, and whether the target's port may be either (design, "Targets").
fn ports(target: &Target, named: Option<u16>) -> (u16, u16, bool) {
    let native = named.unwrap_or(NATIVE_PORT);
    match (target.scheme, target.port) {
        (Some(Scheme::Taos), port) => (ADAPTER_PORT, named.or(port).unwrap_or(NATIVE_PORT), false),
        (_, None) => (ADAPTER_PORT, native, false),
        (Some(_), Some(port)) => (port, native, false),
        (None, Some(NATIVE_PORT)) if named.is_none() => (ADAPTER_PORT, NATIVE_PORT, false),
        (None, Some(port)) => (port, native, named.is_none()),
    }
}

fn password_of_environment() -> Result<Option<Secret>> {
    Ok(text_of(env_vars::TAOS_PASSWORD)?.map(Secret::new))
}

fn user_of_environment() -> Result<Option<String>> {
    match text_of(env_vars::TAOS_USER)? {
        Some(user) if user.chars().any(char::is_control) || user.contains(':') => Err(Error::new(
            ErrorId::Usage,
            "read TAOS_USER",
            "it holds a colon or a control character, which no TDengine user has",
            "export TAOS_USER=root",
        )),
        user => Ok(user),
    }
}

/// A variable's text. One that is not Unicode is an error: to pass over it would try other credentials than the user's.
fn text_of(variable: EnvVar) -> Result<Option<String>> {
    match (variable.get(), variable.text()) {
        (Some(_), None) => Err(Error::new(
            ErrorId::Usage,
            format!("read {}", variable.name),
            "it is not UTF-8",
            format!("set {} to text in UTF-8", variable.name),
        )),
        (_, text) => Ok(text),
    }
}

/// The target when none is named, and where it comes from.
fn default_target() -> Result<(Target, String)> {
    if let Some(host) = text_of(env_vars::TAOS_HOST)? {
        let target = parse(&host, "export TAOS_HOST=HOST, HOST:PORT or a URL")?;
        return Ok((target, "as TAOS_HOST says".into()));
    }
    for folder in config_folders() {
        let file = folder.join("taos.cfg");
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        if let Some((host, port)) = taos_cfg::first_ep(&text) {
            let target = Target {
                scheme: None,
                host,
                port: Some(port),
                prefix: String::new(),
                database: None,
                user: None,
                password: None,
            };
            return Ok((target, format!("the firstEp of {}", file.display())));
        }
    }
    let localhost = parse("localhost", "taos-setup verify HOST")?;
    Ok((localhost, "because nothing names another server".into()))
}

/// The folders whose taos.cfg may be in effect, the strongest first.
fn config_folders() -> Vec<PathBuf> {
    let named = env_vars::TAOS_CONFIG_DIR.get().map(PathBuf::from);
    let store = Store::from_environment().and_then(|store| store.current());
    let store = store.ok().flatten().map(|client| client.config_dir());
    let system = if cfg!(windows) {
        r"C:\TDengine\cfg"
    } else {
        "/etc/taos"
    };
    named
        .into_iter()
        .chain(store)
        .chain([PathBuf::from(system)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_port_is_whose() {
        for (target, named, expected) in [
            ("h", None, (6041, 6030, false)),
            ("h:6030", None, (6041, 6030, false)),
            ("h:7041", None, (7041, 6030, true)),
            ("h:7041", Some(7030), (7041, 7030, false)),
            ("http://h:6030", None, (6030, 6030, false)),
            ("taos://h:7030/db", None, (6041, 7030, false)),
            ("ws://h", Some(7030), (6041, 7030, false)),
        ] {
            assert_eq!(ports(&target.parse().unwrap(), named), expected, "{target}");
        }
    }
}
