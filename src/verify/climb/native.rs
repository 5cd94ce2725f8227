//! Native.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::ground;
use crate::diagnose::judge;
use crate::diagnose::{Cause, Id, Judgement, Status};
use crate::dsn::Transport;
use crate::env_vars;
use crate::loader::search::{self, Candidate};
use crate::loader::{self, Driver, Source};
use crate::platform::Platform;
use crate::probe::Rung;
use crate::probe::fingerprint::Fingerprint;
use crate::probe::native::parent::{Process, Setting, log_dir_problem};
use crate::probe::native::{Dial, Native, Stage};
use crate::probe::sql::{self, Cluster};
use crate::store::{Client, Store};
use crate::verify::canary::Turn;
use crate::verify::ladder::Ladder;
use crate::verify::plan::Plan;
use crate::verify::port::{Timed, timed};
use crate::verify::site::Site;
use crate::version::{FIRST_SPLIT_DRIVER, Version};

const ME: Transport = Transport::Native;

/// library, load, client version, dns, tcp, fingerprint, connect, query, endpoints.
pub(super) async fn climb(site: &Site, named: bool, ladder: &mut Ladder) -> Option<()> {
    let plan = &site.plan;
    let Some(platform) = Platform::host() else {
        let why = "no client library is published for this platform";
        return ladder.step(Rung::Library, 0, Judgement::skipped(why));
    };
    let begun = std::time::Instant::now();
    let Some(found) = find(platform) else {
        let judgement = judge::native::missing(
            &platform.library_file("taos"),
            search::variable(platform.os),
            named,
        );
        return ladder.step(Rung::Library, 0, judgement);
    };
    let driver = &found.driver;
    let judgement = judge::native::library(driver, platform);
    ladder.step(Rung::Library, crate::probe::tcp::millis(begun), judgement)?;

    if let Some(folder) = &found.log_dir
        && let Some(why) = log_dir_problem(folder)
    {
        return ladder.step(Rung::Load, 0, judge::native::log_dir(folder, &why));
    }
    let setting = found.setting(platform, plan);
    let load = timed(async {
        match Process::start(&setting) {
            Ok(mut process) => (process.ready().await, Some(process)),
            Err(error) => {
                let how = format!("cannot be started: {}", crate::error::io_words(&error));
                (
                    Native::Crashed {
                        stage: Stage::Load,
                        how,
                    },
                    None,
                )
            }
        }
    });
    // The server's version, which needs no login, and who answers on the native port are asked for meanwhile.
    let (load, hello, _) = tokio::join!(load, site.adapter.hello(), site.native.fingerprint());
    let (ready, process) = load.seen;
    let mut judgement = judge::native::load(&driver.file, &ready);
    if let Native::Data(said) = &ready
        && let Some(folder) = found.usual_log_dir(Version::find(said))
        && let Some(why) = log_dir_problem(folder)
    {
        judgement = judge::native::usual_log_dir(folder, &why);
    }
    ladder.step(Rung::Load, load.ms, judgement)?;
    let (Native::Data(said), Some(mut process)) = (ready, process) else {
        return None;
    };

    let server = hello.and_then(|hello| hello.seen.0.version.as_ref()?.data());
    let version = Version::find(&said);
    ladder.client_version =
        Some(ladder.safe(&version.map_or_else(|| said.clone(), |version| version.to_string())));
    let folder = driver.file.parent().unwrap_or(Path::new(""));
    let missing = loader::missing(folder, platform, version);
    let judgement =
        judge::native::client_version(&driver.file, &said, &missing, server.map(String::as_str));
    ladder.server_version = server.map(|version| ladder.safe(version));
    ladder.step(Rung::ClientVersion, 0, judgement)?;

    ground(&site.native, ladder).await?;
    let shown = site.native.address();
    let fingerprint = site.native.fingerprint().await?;
    let judgement =
        judge::native::fingerprint(&shown, &fingerprint.seen).with("port", site.native.number);
    ladder.step(Rung::Fingerprint, fingerprint.ms, judgement)?;
    let known = fingerprint.seen == Fingerprint::NativeLike;

    if let Turn::Rejected(judgement) = site.canary.turn(ME).await {
        return ladder.step(Rung::Connect, 0, judgement);
    }
    let connected = timed(process.connect(&dial(site))).await;
    let judgement = judge::native::connect(&plan.user, &connected.seen, known)
        .with("address", &shown)
        .with("library", driver.file.display())
        .with(
            "client_version",
            ladder.client_version.as_deref().unwrap_or_default(),
        )
        .with("database", plan.database.as_deref().unwrap_or_default());
    let judgement = explained(site, judgement).await;
    site.canary.tell(
        ME,
        judge::native::verdict(&connected.seen),
        false,
        &judgement,
    );
    ladder.step(Rung::Connect, connected.ms, judgement)?;
    if let Native::Data(server) = &connected.seen
        && let Some(version) = Version::find(server)
    {
        ladder.server_version = Some(version.to_string());
    }

    let cluster = timed(async { cluster(process.rows().await) }).await;
    drop(process);
    data_path(site, ladder, cluster).await
}

/// Query and endpoints: the driver is redirected to the endpoints, so one that fails here fails native.
async fn data_path(
    site: &Site,
    ladder: &mut Ladder,
    cluster: Timed<Native<Option<Cluster>>>,
) -> Option<()> {
    let judgement = judge::native::cluster(&cluster.seen).with("address", site.native.address());
    let judgement = explained(site, judgement).await;
    ladder.step(Rung::Query, cluster.ms, judgement)?;
    let Native::Data(Some(Cluster::Dnodes(advertised))) = &cluster.seen else {
        return Some(());
    };
    let seen = site.endpoints(advertised).await;
    let tcp = &site.native.tcp().await.seen;
    ladder.step(
        Rung::Endpoints,
        seen.ms,
        judge::endpoints::endpoints(&seen.seen, Some(tcp)),
    )
}

/// `judgement`, or why nothing came: a driver that gets no answer has most often been sent to an endpoint that cannot be
/// reached from here, which another transport may have found out.
async fn explained(site: &Site, judgement: Judgement) -> Judgement {
    let unanswered = |cause: &Cause| {
        matches!(
            cause.id,
            Id::NoAnswer | Id::LibraryHung | Id::DnodeUnresolved
        )
    };
    if judgement.cause.as_ref().is_some_and(unanswered)
        && let Some(seen) = site.known_endpoints()
    {
        let tcp = &site.native.tcp().await.seen;
        let endpoints = judge::endpoints::endpoints(&seen.seen, Some(tcp));
        if endpoints.status == Status::Failed {
            return endpoints;
        }
    }
    judgement
}

fn dial(site: &Site) -> Dial {
    Dial {
        host: site.plan.host.clone(),
        port: site.native.number,
        user: site.plan.user.clone(),
        password: site.plan.password.reveal().to_owned(),
        database: site.plan.database.clone(),
        statements: [sql::DNODES.into(), sql::DATABASES.into()],
    }
}

/// What the rows of one of the two statements say.
fn cluster(rows: Native<(usize, sql::Rows)>) -> Native<Option<Cluster>> {
    match rows {
        Native::Data((0, rows)) => Native::Data(sql::dnodes(&rows)),
        Native::Data((_, rows)) => Native::Data(sql::databases(&rows)),
        Native::Refused { code, message } => Native::Refused { code, message },
        Native::Unloadable(words) => Native::Unloadable(words),
        Native::Crashed { stage, how } => Native::Crashed { stage, how },
        Native::Hung { stage } => Native::Hung { stage },
    }
}

/// The driver to prove, and the folders that go with it.
struct Found {
    driver: Driver,
    folder: PathBuf,
    config_dir: Option<PathBuf>,
    log_dir: Option<PathBuf>,
}

/// What the loader would pick, else the store's current client.
fn find(platform: Platform) -> Option<Found> {
    let path = std::env::var_os(search::variable(platform.os));
    let folders = search::folders(platform.os, path.as_deref());
    let client = Store::from_environment().and_then(|store| store.current());
    let client: Option<Client> = client.ok().flatten();
    let names = loader::names(platform);
    let find = |folders: &[_]| names.iter().find_map(|name| search::find(folders, name));
    let candidate = find(&folders).or_else(|| {
        let folder = client.as_ref()?.lib_dir();
        find(&[(folder, Source::Store)])
    })?;
    let store = client.filter(|client| is_of(client, &candidate));
    let version = store.as_ref().map(|client| client.version);
    Some(Found {
        driver: Driver::examine(&candidate, platform, version),
        config_dir: env_vars::TAOS_CONFIG_DIR
            .get()
            .map(PathBuf::from)
            .or_else(|| store.map(|client| client.config_dir())),
        log_dir: env_vars::TAOS_LOG_DIR.get().map(PathBuf::from),
        folder: candidate.folder,
    })
}

/// Whether `candidate` is `client`'s library, however it was found.
fn is_of(client: &Client, candidate: &Candidate) -> bool {
    let same = |a: &Path, b: &Path| {
        a.canonicalize()
            .ok()
            .is_some_and(|a| b.canonicalize().ok() == Some(a))
    };
    same(&client.lib_dir(), &candidate.folder)
}

impl Found {
    /// The folder that a driver of `version` writes its log to where programs start it without `TAOS_LOG_DIR`; `None` where
    /// that is set, where `taos-setup env` sets it, and where an old driver goes by its taos.cfg (`transcripts/README.md`,
    /// `nobody_3.2.txt`: from the split on it is not even read in time).
    fn usual_log_dir(&self, version: Option<Version>) -> Option<&'static Path> {
        let told = self.log_dir.is_some() || self.driver.source == Source::Store;
        let configured =
            self.config_dir.is_some() && version.is_none_or(|version| version < FIRST_SPLIT_DRIVER);
        (cfg!(target_os = "linux") && !told && !configured).then(|| Path::new("/var/log/taos"))
    }

    /// How the driver's process is started: its folder first on the loader's path, so that it finds its siblings.
    fn setting(&self, platform: Platform, plan: &Plan) -> Setting {
        let variable = search::variable(platform.os);
        let rest = std::env::var_os(variable).unwrap_or_default();
        let folders = std::iter::once(self.folder.clone()).chain(std::env::split_paths(&rest));
        let path: OsString = std::env::join_paths(folders).unwrap_or(rest.clone());
        let config = self
            .config_dir
            .iter()
            .map(|folder| (env_vars::TAOS_CONFIG_DIR.name, folder.clone().into()));
        Setting {
            library: self.driver.file.clone(),
            variables: std::iter::once((variable, path)).chain(config).collect(),
            log_dir: self.log_dir.clone(),
            limit: plan.limit,
        }
    }
}
