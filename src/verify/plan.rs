//! Plans, one for each target: from the command line and the environment.

mod listed;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::endpoint_list::EndpointList;
use super::write::Writing;
use super::{FleetView, RequestedTarget, TargetLabels};
use crate::driver::taos_cfg;
use crate::dsn::{Scheme, Target, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::lock;
use crate::message::{Message, message};
use crate::probe::Credentials;
use crate::probe::tls::Setup;
use crate::safety::aliases::Aliases;
use crate::safety::printable::{printable, printable_path};
use crate::safety::redaction::redact_argument;
use crate::safety::secret::Secret;
use crate::store::Store;
use crate::system::env_vars;
use crate::system::events::{Event, EventSink};
use crate::system::tls::TlsTrust;
use crate::tdengine::ports::{ADAPTER_PORT, HTTPS_PORT, NATIVE_PORT};
use crate::verify::cloud::Cloud;

/// What the user asks for.
#[derive(Clone, Debug)]
pub struct VerifyRequest {
    /// The targets as they were named; empty: the environment's.
    pub targets: Vec<RequestedTarget>,
    /// The transports that were named; empty: the target's scheme, else all.
    pub transports: Vec<Transport>,
    /// The native port that was named.
    pub native_port: Option<u16>,
    /// The bound of every check.
    pub limit: Duration,
    /// Whether, and where, to write.
    pub writing: Option<Writing>,
    /// TDengine Cloud is asked, with its token.
    pub cloud: bool,
    /// A file of certificates that are trusted besides.
    pub ca_cert: Option<PathBuf>,
    /// Untrusted certificates are accepted.
    pub insecure: bool,
    /// How long to wait for a server that is not ready; `None`: not at all.
    pub wait: Option<Duration>,
    /// Ports are connected to and certificates are read that no check needs: for tickets and lists of endpoints.
    pub thorough: bool,
    /// Aliases for hosts, addresses, and users in everything that is shown.
    pub aliases: Option<Arc<Aliases>>,
    /// Endpoints to check without a login, instead of targets.
    pub endpoints: Option<EndpointList>,
    /// How targets are shown, if an inventory names them.
    pub fleet: Option<FleetView>,
}

impl Default for VerifyRequest {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            transports: Vec::new(),
            native_port: None,
            limit: Duration::from_secs(3),
            writing: None,
            cloud: false,
            ca_cert: None,
            insecure: false,
            wait: None,
            thorough: false,
            aliases: None,
            endpoints: None,
            fleet: None,
        }
    }
}

/// A transport to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedTransport {
    /// Which.
    pub transport: Transport,
    /// Whether it was asked for by name: then a missing library is a failure.
    pub named: bool,
}

/// One target and how to ask it.
#[derive(Clone, Debug)]
pub struct TargetPlan {
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
    /// Targets with the same number are hosts of one cluster, as one connection string names them.
    pub cluster: usize,
    /// The Cloud's token, which takes the place of user and password; native is then not available.
    pub token: Option<Secret>,
    /// A server's own token, which replaces user and password.
    pub bearer: Option<Secret>,
    /// How taosAdapter's port is spoken to over TLS; `None`: in plain text.
    pub tls: Option<Arc<Setup>>,
    /// The transports to verify, in order.
    pub transports: Vec<WantedTransport>,
    /// The bound of every check.
    pub limit: Duration,
    /// Whether, and where, to write.
    pub writing: Option<Writing>,
    /// Nobody logs in: the checks end where TDengine answers.
    pub reach_only: bool,
    /// Its group and labels, if an inventory names it.
    pub labels: Option<Arc<TargetLabels>>,
}

impl TargetPlan {
    /// Who logs in.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            user: self.user.clone(),
            password: self.password.clone(),
            token: self.token.clone(),
            bearer: self.bearer.clone(),
        }
    }

    /// What must never be shown: the password or the token, in every form in which they are sent.
    pub fn secrets(&self) -> Vec<Secret> {
        self.credentials().secrets(self.assumed)
    }
}

/// Plans for `request`; choices that were made for the user go to `events`.
pub fn plans(request: &VerifyRequest, events: &EventSink) -> Result<Vec<TargetPlan>> {
    if let Some(list) = &request.endpoints {
        return listed::plans(list, request);
    }
    let cloud = Cloud::of_environment()?;
    let targets: Vec<(Target, Option<Arc<TargetLabels>>)> = if request.targets.is_empty() {
        let (target, why) = if request.cloud {
            (cloud.required()?, named_by("TDENGINE_CLOUD_URL"))
        } else {
            default_target(&cloud, events)?
        };
        events.emit(Event::note(message!(
            "verify-default-target",
            target = target,
            why = why
        )));
        vec![(target, None)]
    } else {
        let parse = |named: &RequestedTarget| {
            let target = parse(&named.text, message!("verify-next-forms"))?;
            Ok((target, named.labels.clone()))
        };
        request.targets.iter().map(parse).collect::<Result<_>>()?
    };
    let mut notes = Notes {
        events,
        seen: Vec::new(),
    };
    let secure = targets
        .iter()
        .any(|(target, _)| target.scheme.is_some_and(Scheme::tls));
    let tls = if secure { Some(tls(request)?) } else { None };
    if request.insecure && secure {
        notes.emit(message!("verify-insecure"));
    }
    let mut plans = Vec::new();
    for (cluster, (target, labels)) in targets.into_iter().enumerate() {
        let token = match (target.token.clone(), request.cloud) {
            (Some(token), _) => Some(token),
            (None, true) => Some(cloud.token()?),
            (None, false) => cloud.token_for(&target),
        };
        for host in each_host(target) {
            let mut plan = plan(
                host,
                labels.clone(),
                token.clone(),
                request,
                tls.as_ref(),
                &mut notes,
            )?;
            plan.cluster = cluster;
            plans.push(plan);
        }
    }
    Ok(plans)
}

/// A target for every host that a connection string names: clients take the next one where one is down, and each should
/// work.
fn each_host(mut target: Target) -> Vec<Target> {
    let others = std::mem::take(&mut target.others);
    let more: Vec<Target> = others
        .into_iter()
        .map(|(host, port)| Target {
            host,
            port,
            ..target.clone()
        })
        .collect();
    std::iter::once(target).chain(more).collect()
}

/// How this run speaks TLS.
fn tls(request: &VerifyRequest) -> Result<Arc<Setup>> {
    let mut trust = TlsTrust::of_this_machine()?;
    if let Some(file) = &request.ca_cert {
        trust = trust.with_file(file)?;
    }
    let setup = Setup::new(&trust, request.insecure).map_err(|why| {
        Error::new(
            ErrorId::Unexpected,
            message!("verify-set-up-tls"),
            Message::quoted(why),
            Message::default(),
        )
    })?;
    Ok(Arc::new(setup))
}

/// Notes about many targets, each emitted once.
struct Notes<'a> {
    events: &'a EventSink,
    seen: Vec<Message>,
}

impl Notes<'_> {
    fn emit(&mut self, note: Message) {
        if !self.seen.contains(&note) {
            self.seen.push(note.clone());
            self.events.emit(Event::note(note));
        }
    }
}

/// A target from `text`; what may be a password is not repeated. Error `usage`, with `next`.
pub(super) fn parse(text: &str, next: Message) -> Result<Target> {
    text.parse().map_err(|complaint: Message| {
        Error::new(
            ErrorId::Usage,
            message!("verify-read-target", text = redact_argument(text)),
            complaint,
            next,
        )
    })
}

fn plan(
    target: Target,
    labels: Option<Arc<TargetLabels>>,
    token: Option<Secret>,
    request: &VerifyRequest,
    tls: Option<&Arc<Setup>>,
    notes: &mut Notes<'_>,
) -> Result<TargetPlan> {
    let secure = target.scheme.is_some_and(Scheme::tls);
    let holds_secret =
        target.password.is_some() || target.token.is_some() || target.bearer.is_some();
    // Other users cannot read an inventory as they can read arguments.
    if holds_secret && labels.is_none() {
        let variable = match (&target.password, &target.bearer) {
            (Some(_), None) => "TAOS_PASSWORD",
            (_, Some(_)) => "TAOS_TOKEN",
            (None, None) => "TDENGINE_CLOUD_TOKEN",
        };
        notes.emit(message!(
            "verify-secret-in-argument",
            token = target.password.is_none() || target.bearer.is_some(),
            variable = variable
        ));
    }
    if token.is_some() && !secure && !is_local(&target.host) {
        notes.emit(message!(
            "verify-token-in-plain",
            host = target.bracketed_host()
        ));
    }
    let (adapter_port, native_port, ambiguous) = ports(&target, request.native_port);
    if secure && target.port.is_none() && token.is_none() {
        notes.emit(message!(
            "verify-no-port",
            target = target,
            port = adapter_port,
            usual = ADAPTER_PORT
        ));
    }
    if target.scheme.is_none() && target.port == Some(native_port) && adapter_port != native_port {
        notes.emit(message!(
            "verify-native-port-given",
            native = native_port,
            adapter = adapter_port
        ));
    }
    let named = !request.transports.is_empty() || target.scheme.is_some();
    let mut transports = match (request.transports.is_empty(), target.scheme) {
        (false, _) => request.transports.clone(),
        (true, _) if token.is_some() => Transport::ALL.to_vec(),
        (true, Some(scheme)) => vec![scheme.transport()],
        (true, None) => Transport::ALL.to_vec(),
    };
    transports.sort_unstable();
    transports.dedup();
    if token.is_some() && transports == [Transport::Native] {
        return Err(Error::new(
            ErrorId::Usage,
            message!("verify-target", target = target),
            message!("verify-cloud-native"),
            message!("verify-next-cloud"),
        ));
    }
    let bearer = match &token {
        Some(_) => None,
        None => bearer(&target)?,
    };
    // A token needs no password, and one that is meant for another server must not be sent.
    let with_token = token.is_some() || bearer.is_some();
    let (user, given) = if with_token {
        ("root".into(), None)
    } else {
        credentials(&target)?
    };
    if given.is_none() && !with_token {
        notes.emit(message!("verify-no-password", user = user));
    }
    Ok(TargetPlan {
        target: target.to_string(),
        adapter_port,
        native_port,
        ambiguous,
        named_native_port: request.native_port,
        user,
        assumed: given.is_none(),
        cluster: 0,
        tls: tls.filter(|_| secure).cloned(),
        token,
        bearer,
        password: given.unwrap_or_else(|| Secret::new("taosdata")),
        transports: transports
            .into_iter()
            .map(|transport| WantedTransport { transport, named })
            .collect(),
        limit: request.limit,
        reach_only: false,
        labels,
        writing: request.writing.clone(),
        host: target.host,
        prefix: target.prefix,
        database: target.database,
    })
}

/// The server's own token for `target`: the one in it, else `TAOS_TOKEN` if the target names no user.
fn bearer(target: &Target) -> Result<Option<Secret>> {
    if target.bearer.is_some() {
        return Ok(target.bearer.clone());
    }
    if target.user.is_some() || target.password.is_some() {
        return Ok(None);
    }
    let Some(text) = env_vars::TAOS_TOKEN.checked_text()? else {
        return Ok(None);
    };
    let token = text.trim();
    if token.is_empty() || token.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Error::new(
            ErrorId::Usage,
            message!("verify-read-variable", name = env_vars::TAOS_TOKEN.name),
            message!("verify-token-with-blanks"),
            message!("verify-export-token"),
        ));
    }
    Ok(Some(Secret::new(token)))
}

/// The user and the password for `target`; `None` where no password was given.
fn credentials(target: &Target) -> Result<(String, Option<Secret>)> {
    let given = match target.password.clone() {
        Some(password) => Some(password),
        None => password_of_environment()?,
    };
    let user = match target.user.clone() {
        Some(user) => user,
        None => user_of_environment()?.unwrap_or_else(|| "root".into()),
    };
    Ok((user, given))
}

/// Whether `host` is this machine.
fn is_local(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// taosAdapter's port, taosd's, and whether the target's port may be either (docs/decisions.md, "Contracts").
fn ports(target: &Target, named: Option<u16>) -> (u16, u16, bool) {
    let native = named.unwrap_or(NATIVE_PORT);
    match (target.scheme, target.port) {
        (Some(Scheme::Taos), port) => (ADAPTER_PORT, named.or(port).unwrap_or(NATIVE_PORT), false),
        (Some(Scheme::Https | Scheme::Wss), None) => (HTTPS_PORT, native, false),
        (_, None) => (ADAPTER_PORT, native, false),
        (Some(_), Some(port)) => (port, native, false),
        (None, Some(NATIVE_PORT)) if named.is_none() => (ADAPTER_PORT, NATIVE_PORT, false),
        (None, Some(port)) => (port, native, named.is_none()),
    }
}

fn password_of_environment() -> Result<Option<Secret>> {
    Ok(env_vars::TAOS_PASSWORD.checked_text()?.map(Secret::new))
}

fn user_of_environment() -> Result<Option<String>> {
    match env_vars::TAOS_USER.checked_text()? {
        Some(user) if user.chars().any(char::is_control) || user.contains(':') => Err(Error::new(
            ErrorId::Usage,
            message!("verify-read-variable", name = env_vars::TAOS_USER.name),
            message!("verify-user-with-colon"),
            message!("verify-export-user"),
        )),
        user => Ok(user),
    }
}

/// The server that commands use if none is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultServer {
    /// The server, as a target.
    pub target: String,
    /// The place that names it.
    pub source: ServerSource,
}

/// The place that names a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerSource {
    /// `TAOS_HOST`.
    Variable,
    /// This taos-setup.toml.
    SetupFile(PathBuf),
    /// `firstEp` of this taos.cfg.
    Config(PathBuf),
    /// Nothing: it is on this machine.
    Localhost,
}

/// The server that `TAOS_HOST` names, with the port in `TAOS_PORT`.
///
/// # Errors
/// `usage` if they are not a target.
pub fn server_of_variables() -> Result<Option<String>> {
    Ok(taos_host()?.map(|(text, _)| text))
}

/// The server that `TAOS_HOST`, the taos-setup.toml, or the taos.cfg in effect names, else this machine's.
///
/// # Errors
/// `usage` if `TAOS_HOST` or `TAOS_PORT` is not valid; those of reading the taos-setup.toml.
pub fn default_server(events: &EventSink) -> Result<DefaultServer> {
    let (target, source) = match taos_host()? {
        Some((text, _)) => (text, ServerSource::Variable),
        None => match (setup_file(events)?, first_ep()) {
            (Some((text, _, file)), _) => (text, ServerSource::SetupFile(file)),
            (None, Some((target, file))) => (target.to_string(), ServerSource::Config(file)),
            (None, None) => ("localhost".into(), ServerSource::Localhost),
        },
    };
    Ok(DefaultServer { target, source })
}

/// The target when none is named, and where it comes from.
fn default_target(cloud: &Cloud, events: &EventSink) -> Result<(Target, Message)> {
    if let Some((_, target)) = taos_host()? {
        return Ok((target, named_by("TAOS_HOST")));
    }
    if let (Some(gateway), Some(_)) = (&cloud.gateway, &cloud.token) {
        return Ok((gateway.clone(), named_by("TDENGINE_CLOUD_URL")));
    }
    if let Some((_, target, file)) = setup_file(events)? {
        return Ok((target, named_by(&printable_path(&file))));
    }
    if let Some((target, file)) = first_ep() {
        let why = message!("verify-named-by-first-ep", file = file.display());
        return Ok((target, why));
    }
    let localhost = parse("localhost", message!("verify-next-forms"))?;
    Ok((localhost, message!("verify-no-other-server")))
}

fn named_by(variable: &str) -> Message {
    message!("verify-named-by", variable = variable)
}

/// The target in `TAOS_HOST`, with the port in `TAOS_PORT` if it names none, as it is written and parsed.
fn taos_host() -> Result<Option<(String, Target)>> {
    let Some(text) = env_vars::TAOS_HOST.checked_text()? else {
        return Ok(None);
    };
    let mut target = parse(&text, message!("verify-export-host"))?;
    let is_plain = target.scheme.is_none() && target.port.is_none() && target.others.is_empty();
    let Some(port) = env_vars::TAOS_PORT.checked_text()?.filter(|_| is_plain) else {
        return Ok(Some((text, target)));
    };
    let number = port.parse().ok().filter(|it| *it != 0).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("verify-read-port"),
            message!("verify-not-a-port", text = printable(&port)),
            message!("verify-unset-port"),
        )
    })?;
    target.port = Some(number);
    Ok(Some((target.to_string(), target)))
}

/// The target in the taos-setup.toml in effect, as it is written and parsed, and that file.
fn setup_file(events: &EventSink) -> Result<Option<(String, Target, PathBuf)>> {
    let setup = lock::in_effect()?;
    if let Some(note) = setup.note {
        events.emit(Event::note(note));
    }
    let Some(file) = setup.file else {
        return Ok(None);
    };
    let Some(text) = file.server_target() else {
        return Ok(None);
    };
    let target = parse(text, message!("verify-next-forms"))?;
    Ok(Some((text.to_owned(), target, file.path.clone())))
}

/// The `firstEp` of the taos.cfg in effect, and that file.
fn first_ep() -> Option<(Target, PathBuf)> {
    config_folders().into_iter().find_map(|folder| {
        let first = taos_cfg::read_first_ep(&folder)?;
        let target = Target {
            host: first.host,
            port: Some(first.port),
            ..Target::default()
        };
        Some((target, first.file))
    })
}

/// The folders whose taos.cfg may be in effect, the strongest first.
fn config_folders() -> Vec<PathBuf> {
    let named = env_vars::TAOS_CONFIG_DIR.get().map(PathBuf::from);
    let store = Store::from_environment().and_then(|store| store.current());
    let store = store.ok().flatten().map(|client| client.config_dir());
    named
        .into_iter()
        .chain(store)
        .chain([taos_cfg::default_directory()])
        .collect()
}

#[cfg(test)]
mod tests;
