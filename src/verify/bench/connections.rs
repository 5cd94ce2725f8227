//! The connections of a transport that load runs on, whatever carries them.

use std::time::Duration;

use super::remote::{RemoteLoad, RemoteOpener};
use crate::driver::process::parent::{DriverProcess, DriverSetting};
use crate::driver::process::{DriverLogin, DriverReply};
use crate::dsn::Transport;
use crate::error::describe_io_error;
use crate::message::message;
use crate::probe::Reply;
use crate::probe::load::{LoadReport, TimedLoad};
use crate::probe::rest::Rest;
use crate::tdengine::platform::Platform;
use crate::tdengine::version::Version;
use crate::verify::site::Site;
use crate::verify::transport::{library, native};
use crate::verify::write::connection::{Connection, driver_reply};
use crate::verify::write::undo::UndoConnection;

/// The first taosAdapter that sends blocks in binary.
const RAW_BLOCKS: Version = Version([3, 3, 2, 0]);

/// A transport's connections.
#[derive(Debug)]
pub(super) enum BenchConnections {
    /// REST or WebSocket.
    Remote(Box<RemoteLoad>),
    /// The driver in its process.
    Native(Box<DriverProcess>),
}

/// The means to open them.
pub(super) enum BenchOpener {
    /// REST or WebSocket.
    Remote(Box<RemoteOpener>),
    /// The driver.
    Native(Box<(DriverSetting, DriverLogin)>),
}

impl BenchOpener {
    /// Returns the means to open connections over `transport` to `site`; `server_version` is the server's. `None` if nothing is there any more.
    pub(super) async fn of(
        site: &Site,
        transport: Transport,
        server_version: Option<&str>,
    ) -> Option<Self> {
        if transport == Transport::Native {
            let found = library::find(Platform::host()?).ok()?;
            let native = (found.setting(&site.plan), native::dial(site));
            return Some(Self::Native(Box::new(native)));
        }
        let version = server_version.and_then(Version::find);
        Some(Self::Remote(Box::new(RemoteOpener {
            way: site.adapter.way().await?,
            host: site.adapter.bracketed_host(),
            prefix: site.plan.prefix.clone(),
            who: site.plan.credentials(),
            is_ws: transport == Transport::Ws,
            raw_blocks: version.is_some_and(|version| version >= RAW_BLOCKS),
            limit: site.plan.limit,
        })))
    }

    /// How statements are run after the connections broke.
    pub(super) fn undo(&self) -> Option<UndoConnection> {
        Some(match self {
            Self::Remote(opener) if opener.is_ws => UndoConnection::Ws {
                wire: opener.way.clone(),
                host: opener.address(),
                prefix: opener.prefix.clone(),
                who: opener.who.clone(),
            },
            Self::Remote(opener) => {
                let rest = Rest::new(&opener.way, &opener.host, &opener.prefix, &opener.who);
                UndoConnection::Rest(rest.ok()?)
            }
            Self::Native(native) => UndoConnection::Native(native.clone()),
        })
    }

    /// Starts what connections need before they are opened: the driver, which is not part of any figure.
    pub(super) async fn start(&self) -> Result<BenchConnections, LoadFailure> {
        let (setting, login) = match self {
            Self::Remote(opener) => {
                let load = RemoteLoad::new((**opener).clone());
                return Ok(BenchConnections::Remote(Box::new(load)));
            }
            Self::Native(native) => native.as_ref(),
        };
        let mut process = match DriverProcess::start(setting) {
            Ok(process) => process,
            Err(error) => {
                let unstarted = DriverReply::Unstarted(describe_io_error(&error));
                return Err(LoadFailure::Driver(unstarted));
            }
        };
        let mut started = process.ready().await;
        if matches!(started, DriverReply::Data(_)) {
            started = process.connect(login).await;
        }
        match started {
            DriverReply::Data(_) => Ok(BenchConnections::Native(Box::new(process))),
            other => Err(LoadFailure::Driver(other.map(drop))),
        }
    }
}

/// The reply of the server or the driver that ended a load.
#[derive(Debug)]
pub(super) enum LoadFailure {
    /// Through taosAdapter.
    Remote(Reply<()>),
    /// The driver.
    Driver(DriverReply<()>),
}

impl LoadFailure {
    /// The same for all transports.
    pub(super) fn reply(self) -> Reply<()> {
        match self {
            Self::Remote(reply) => reply,
            Self::Driver(reply) => driver_reply(reply),
        }
    }
}

impl BenchConnections {
    /// Runs `load`.
    pub(super) async fn run(&mut self, load: &TimedLoad) -> (LoadReport, Option<LoadFailure>) {
        match self {
            Self::Remote(remote) => {
                let (report, failure) = remote.run(load).await;
                (report, failure.map(LoadFailure::Remote))
            }
            Self::Native(process) => match process.load(load).await {
                DriverReply::Data((report, failure)) => {
                    let refused = |(code, message)| DriverReply::Refused { code, message };
                    (report, failure.map(refused).map(LoadFailure::Driver))
                }
                other => {
                    let failure = LoadFailure::Driver(other.map(drop));
                    (LoadReport::default(), Some(failure))
                }
            },
        }
    }

    /// Runs a statement between measurements.
    pub(super) async fn statement(&mut self, sql: &str, limit: Duration) -> Reply<()> {
        let mut connection = match self {
            Self::Remote(remote) => match remote.control() {
                Some(connection) => connection,
                None => return Reply::Broken(message!("probe-closed-by-server", reason = "")),
            },
            Self::Native(process) => Connection::Native(process),
        };
        connection.run(sql, limit).await.and_then(|_| Some(()))
    }
}
