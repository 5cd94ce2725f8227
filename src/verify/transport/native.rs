//! Native.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::ground;
use super::library::{self, FoundLibrary};
use crate::diagnose::judge;
use crate::diagnose::{CauseKind, FindingCause, Id, Judgement, Status, codes};
use crate::driver::process::parent::{DriverProcess, log_dir_problem};
use crate::driver::process::{DriverLogin, DriverReply};
use crate::driver::taos_cfg::ConfiguredEndpoint;
use crate::driver::{needs, search, vc_runtime};
use crate::dsn::Transport;
use crate::error::describe_io_error;
use crate::message::message;
use crate::probe::dns;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::sql::{self, Cluster};
use crate::probe::tcp::millis;
use crate::probe::{Check, Reply};
use crate::safety::printable::printable;
use crate::tdengine::platform::{Os, Platform};
use crate::tdengine::version::Version;
use crate::verify::login_gate::Turn;
use crate::verify::port::{Timed, timed};
use crate::verify::site::Site;
use crate::verify::transport_checks::TransportChecks;
use crate::verify::write;
use crate::verify::write::connection::Connection;
use crate::verify::write::undo::UndoConnection;

const ME: Transport = Transport::Native;

/// library, load, client version, dns, tcp, fingerprint, connect, query, endpoints; and what the driver printed meanwhile.
pub(super) async fn run(site: &Site, named: bool, checks: &mut TransportChecks) -> Option<()> {
    let Some(platform) = Platform::host() else {
        let why = message!("verify-platform-without-library");
        return checks.add_untimed(Check::Library, Judgement::skipped(why));
    };
    if let Some(judgement) =
        judge::library::musl(named, cfg!(target_env = "musl"), needs::host_is_musl())
    {
        return checks.add_untimed(Check::Library, judgement);
    }
    let begun = std::time::Instant::now();
    let found = match library::find(platform) {
        Ok(found) => found,
        Err(located) => {
            let judgement = judge::native::missing(
                &platform.library_file("taos"),
                search::variable(platform.os),
                located.unfound.as_ref(),
                library::closed_directory(platform).as_deref(),
                named,
            );
            tell_server_version(site, checks, &judgement).await;
            return checks.add_untimed(Check::Library, judgement);
        }
    };
    let driver = &found.driver;
    let mut judgement = judge::native::library(driver, &found.located.passed, platform);
    if judgement.status != Status::Failed
        && let Some(trouble) = found.files().iter().find_map(|file| needs_trouble(file))
    {
        judgement = trouble;
    }
    let took = millis(begun);
    tell_server_version(site, checks, &judgement).await;
    checks.add(Check::Library, took, judgement)?;
    let mut process = None;
    let climbed = driven(site, platform, &found, checks, &mut process).await;
    if let Some(process) = process {
        let printed = process.printed();
        if let Some(judgement) = judge::library::noise(&driver.file, &printed, &site.plan.secrets())
        {
            checks.add_untimed(Check::Load, judgement)?;
        }
    }
    climbed
}

/// Asks for the server's version, which needs no login, where `judgement` ends the checks: it is the one to install.
async fn tell_server_version(site: &Site, checks: &mut TransportChecks, judgement: &Judgement) {
    if judgement.status == Status::Failed
        && let Some(hello) = site.adapter.hello().await
        && let Some(version) = hello.seen.0.version.as_ref().and_then(Reply::data)
    {
        checks.server_version = Some(checks.safe(version));
    }
}

/// This machine's own host name, if the resolver gives no address for it within `limit`: the driver looks its own name up when
/// it is loaded, and waits for the answer.
async fn unresolved_own_name(limit: Duration) -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name = name.trim();
    let known = !dns::resolve(name, limit).await.addresses().is_empty();
    (!known && !name.is_empty()).then(|| name.to_owned())
}

/// What a library asks of this machine that it does not have.
fn needs_trouble(file: &Path) -> Option<Judgement> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let needs = needs::of(file).ok()?;
    let host = needs::host_glibc().map(|(glibc, _)| glibc);
    judge::library::needs(file, needs, host, host.is_none() && needs::host_is_musl())
}

/// The runtime of Visual C++ is older than the compiler of the driver's `files`.
fn old_runtime(files: &[PathBuf], platform: Platform) -> Option<Judgement> {
    if platform.os != Os::Windows {
        return None;
    }
    let (file, needed) = vc_runtime::newest_needed(files)?;
    judge::library::old_vc_runtime(&file, needed, vc_runtime::installed(platform))
}

/// The checks for which the driver runs.
async fn driven(
    site: &Site,
    platform: Platform,
    found: &FoundLibrary,
    checks: &mut TransportChecks,
    running: &mut Option<DriverProcess>,
) -> Option<()> {
    let plan = &site.plan;
    let driver = &found.driver;
    if let Some(folder) = &found.log_dir
        && let Some(why) = log_dir_problem(folder)
    {
        return checks.add_untimed(Check::Load, judge::native::log_dir(folder, &why));
    }
    let setting = found.setting(plan);
    let load = timed(async {
        match DriverProcess::start(&setting) {
            Ok(mut process) => (process.ready().await, Some(process)),
            Err(error) => (DriverReply::Unstarted(describe_io_error(&error)), None),
        }
    });
    // The server's version, which needs no login, and who answers on the native port are asked for meanwhile.
    let (load, hello, _) = tokio::join!(load, site.adapter.hello(), site.native.fingerprint());
    let server = hello.and_then(|hello| hello.seen.0.version.as_ref()?.data());
    checks.server_version = server.map(|version| checks.safe(version));
    let (ready, process) = load.seen;
    let process = match process {
        Some(process) => running.insert(process),
        None => {
            return checks.add(
                Check::Load,
                load.ms,
                judge::native::load(&driver.file, &ready),
            );
        }
    };
    let mut judgement = judge::native::load(&driver.file, &ready);
    let runtime = old_runtime(&found.files(), platform);
    if matches!(
        ready,
        DriverReply::Crashed { .. } | DriverReply::Unloadable(_)
    ) && let Some(runtime) = &runtime
    {
        judgement = runtime.clone();
    }
    if matches!(ready, DriverReply::Hung { .. })
        && let Some(name) = unresolved_own_name(plan.limit).await
    {
        judgement = judgement
            .of_kind(CauseKind::OwnName)
            .with("own_name", printable(&name));
    }
    if let DriverReply::Data(said) = &ready
        && let Some(folder) = found.usual_log_dir(Version::find(said))
        && let Some(why) = log_dir_problem(&folder)
    {
        judgement = judge::native::usual_log_dir(&folder, &why);
    }
    checks.add(Check::Load, load.ms, judgement)?;
    let DriverReply::Data(said) = ready else {
        return None;
    };
    if let Some(runtime) = runtime {
        checks.add_untimed(Check::Load, runtime.into_warning())?;
    }

    let version = Version::find(&said);
    checks.client_version =
        Some(checks.safe(&version.map_or_else(|| said.clone(), |version| version.to_string())));
    if let Some(version) = version {
        for (file, other) in found.hidden(version, plan).await {
            let judgement = judge::library::shadowed(&driver.file, version, &file, other)
                .with("variable", search::variable(Os::host()));
            checks.add_untimed(Check::Library, judgement)?;
        }
    }
    let private = found.private_libraries();
    if !private.is_empty() {
        let judgement = judge::library::private(&driver.file, &private);
        checks.add_untimed(Check::Load, judgement)?;
    }
    let missing = found.missing(version);
    let judgement =
        judge::native::client_version(&driver.file, &said, &missing, server.map(String::as_str));
    checks.add_untimed(Check::ClientVersion, judgement)?;
    if let Some(judgement) = first_ep(site, found).await {
        checks.add_untimed(Check::Config, judgement)?;
    }

    ground(&site.native, checks).await?;
    let shown = site.native.address();
    let fingerprint = site.native.fingerprint().await?;
    let judgement = judge::native::fingerprint(&shown, &fingerprint.seen, found.enables_tls())
        .with("port", site.native.number);
    checks.add(Check::Fingerprint, fingerprint.ms, judgement)?;
    let known = fingerprint.seen == Fingerprint::NativeLike;

    if let Turn::Rejected(judgement) = site.login_gate.turn(ME).await {
        return checks.add_untimed(Check::Connect, judgement);
    }
    let connected = timed(process.connect(&dial(site))).await;
    let who = plan.credentials();
    let judgement = judge::native::connect(&who, &connected.seen, known)
        .with("address", &shown)
        .with("library", driver.file.display())
        .with(
            "client_version",
            checks.client_version.as_deref().unwrap_or_default(),
        )
        .with("database", plan.database.as_deref().unwrap_or_default());
    let judgement = explained(site, judgement).await;
    site.login_gate.tell(
        ME,
        judge::native::verdict(&connected.seen),
        false,
        &judgement,
    );
    checks.add(Check::Connect, connected.ms, judgement)?;
    if let DriverReply::Data(server) = &connected.seen
        && let Some(version) = Version::find(server)
    {
        checks.server_version = Some(version.to_string());
    }

    let cluster = timed(cluster(process)).await;
    let edition = match (&found.edition, &cluster.seen) {
        (Some(client), DriverReply::Data(Some(Cluster::Dnodes(_)))) => {
            let rows = process.query(sql::CLUSTER).await;
            judge::library::edition(*client, rows.map(|rows| sql::edition(&rows)))
        }
        _ => None,
    };
    if let Some(judgement) = edition {
        checks.add_untimed(Check::Version, judgement)?;
    }
    let disabled = match &cluster.seen {
        DriverReply::Refused { code, .. } if codes::low(*code) == codes::NO_OBJECT => {
            let mut connection = Connection::Native(&mut *process);
            super::is_disabled(&mut connection, &plan.user, plan.limit).await
        }
        _ => false,
    };
    let large = match &cluster.seen {
        DriverReply::Data(Some(seen)) if !seen.has_offline_dnode() => {
            let mut connection = Connection::Native(&mut *process);
            Some(connection.run(sql::SYSTEM_TABLES, plan.limit).await)
        }
        _ => None,
    };
    let lost = large.as_ref().and_then(judge::query::large_answer);
    data_path(site, checks, cluster, disabled, lost).await?;
    let way = UndoConnection::Native(Box::new((setting, dial(site))));
    write::check(site, checks, &mut Connection::Native(process), way).await
}

/// Query and endpoints: the driver is redirected to the endpoints, so one that fails here fails native.
async fn data_path(
    site: &Site,
    checks: &mut TransportChecks,
    cluster: Timed<DriverReply<Option<Cluster>>>,
    disabled: bool,
    lost: Option<Judgement>,
) -> Option<()> {
    let judgement = match (&cluster.seen, lost) {
        (DriverReply::Data(_), Some(lost)) => lost.with("address", site.native.address()),
        (DriverReply::Refused { code, .. }, _)
            if codes::low(*code) == codes::NO_OBJECT && disabled =>
        {
            judge::query::disabled(&printable(&site.plan.user))
        }
        (seen, _) => judge::native::cluster(seen).with("address", site.native.address()),
    };
    let judgement = explained(site, judgement).await;
    checks.add(Check::Query, cluster.ms, judgement)?;
    let DriverReply::Data(Some(Cluster::Dnodes(dnodes))) = &cluster.seen else {
        return Some(());
    };
    checks.dnodes = Some(dnodes.len());
    let seen = site.endpoints(dnodes).await;
    let mut continues = Some(());
    for judgement in judge::endpoints::endpoints(&seen.seen, site.view().await) {
        continues = checks
            .add(Check::Endpoints, seen.ms, judgement)
            .and(continues);
    }
    continues
}

/// `judgement`, or why nothing came: a driver that gets no answer has most often been sent to an endpoint that cannot be
/// reached from here, which another transport may have found out.
async fn explained(site: &Site, judgement: Judgement) -> Judgement {
    let unanswered = |cause: &FindingCause| {
        matches!(
            cause.id,
            Id::NoAnswer | Id::LibraryHung | Id::DnodeUnresolved
        )
    };
    if judgement.cause.as_ref().is_some_and(unanswered)
        && let Some(seen) = site.endpoints_if_known().await
    {
        let endpoints = judge::endpoints::endpoints(&seen.seen, site.view().await);
        if let Some(endpoints) = endpoints.into_iter().next()
            && endpoints.status == Status::Failed
        {
            return endpoints;
        }
    }
    judgement
}

/// Where programs that name no host connect, if that is another server than this one.
async fn first_ep(site: &Site, found: &FoundLibrary) -> Option<Judgement> {
    let ConfiguredEndpoint { file, host, port } = found.first_ep()?;
    let same_port = port == site.native.number;
    let mut same = same_port && host.eq_ignore_ascii_case(&site.native.host);
    if same_port && !same {
        let named = dns::resolve(&host, site.plan.limit).await.addresses();
        let here = site.native.dns().await.seen.addresses();
        same = named.iter().any(|address| here.contains(address));
    }
    let endpoint = format!("{}:{port}", crate::dsn::target::bracketed(&host));
    (!same).then(|| judge::library::first_ep(&file, &endpoint, &site.native.address()))
}

/// Who logs in, and where.
pub(in crate::verify) fn dial(site: &Site) -> DriverLogin {
    DriverLogin {
        host: site.plan.host.clone(),
        port: site.native.number,
        user: site.plan.user.clone(),
        password: site.plan.password.reveal().to_owned(),
        token: site.plan.bearer.as_ref().map(|it| it.reveal().to_owned()),
        database: site.plan.database.clone(),
    }
}

/// What taosd says about its cluster: its dnodes, or what a user who may not see them may ask instead.
async fn cluster(process: &mut DriverProcess) -> DriverReply<Option<Cluster>> {
    let rows = process.query(sql::DNODES).await;
    let lacks_sysinfo =
        |code: u32| [sql::NO_SYSINFO, sql::NO_PRIVILEGE].contains(&codes::low(code));
    match rows {
        DriverReply::Refused { code, .. } if lacks_sysinfo(code) => {
            let rows = process.query(sql::DATABASES).await;
            rows.map(|rows| sql::databases(&rows))
        }
        rows => rows.map(|rows| sql::dnodes(&rows)),
    }
}
