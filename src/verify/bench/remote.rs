//! Load over REST and WebSocket: each connection in a task of its own, which gives the connection back.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::message::Message;
use crate::probe::load::{LoadReport, LoadTask, TimedLoad, micros};
use crate::probe::rest::Rest;
use crate::probe::wire::Way;
use crate::probe::ws::Session;
use crate::probe::{Credentials, Reply, sql};
use crate::verify::write::connection::Connection;

/// The means to open a connection to taosAdapter.
#[derive(Clone, Debug)]
pub(super) struct RemoteOpener {
    /// How the open address is spoken to.
    pub way: Way,
    /// The host as in URLs, without its port.
    pub host: String,
    /// The prefix of taosAdapter's paths.
    pub prefix: String,
    /// Who logs in.
    pub who: Credentials,
    /// Over WebSocket instead of REST.
    pub is_ws: bool,
    /// taosAdapter sends blocks in binary.
    pub raw_blocks: bool,
    /// The bound of each statement.
    pub limit: Duration,
}

/// A connection that stays open from one measurement to the next.
#[derive(Debug)]
enum RemoteConnection {
    Rest(Box<Rest>),
    Ws(Box<Session>),
}

/// The connections of one transport.
#[derive(Debug)]
pub(super) struct RemoteLoad {
    opener: RemoteOpener,
    open: Vec<RemoteConnection>,
}

/// The figures of a load, and the server's reply if it failed.
pub(super) type RemoteEnd = (LoadReport, Option<Reply<()>>);

impl RemoteOpener {
    /// `host:port` as in URLs.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.host, self.way.address.port())
    }

    /// A new connection that is logged in and has answered.
    async fn open(&self) -> Reply<RemoteConnection> {
        if self.is_ws {
            let host = self.address();
            let (way, who) = (&self.way, &self.who);
            let session = Session::connect(way, &host, &self.prefix, who, self.limit).await;
            return session.and_then(|session| Some(RemoteConnection::Ws(Box::new(session))));
        }
        let rest = match Rest::new(&self.way, &self.host, &self.prefix, &self.who) {
            Ok(rest) => rest,
            Err(why) => return Reply::Broken(why),
        };
        // REST logs in with each request: the first one shows that the connection works.
        let answer = rest.query(sql::VERSION, self.limit).await;
        answer.and_then(|_| Some(RemoteConnection::Rest(Box::new(rest))))
    }
}

impl RemoteLoad {
    /// No connections yet.
    pub(super) const fn new(opener: RemoteOpener) -> Self {
        Self {
            opener,
            open: Vec::new(),
        }
    }

    /// A connection for statements between measurements.
    pub(super) fn control(&mut self) -> Option<Connection<'_>> {
        Some(match self.open.first_mut()? {
            RemoteConnection::Rest(rest) => Connection::Rest(rest),
            RemoteConnection::Ws(session) => Connection::Ws(session),
        })
    }

    /// Runs `load` on every connection.
    pub(super) async fn run(&mut self, load: &TimedLoad) -> RemoteEnd {
        let begun = Instant::now();
        let stop = begun + Duration::from_micros(load.micros);
        if let LoadTask::Connect {
            connections,
            rounds,
        } = load.task
        {
            return self.connect(connections, rounds, begun, stop).await;
        }
        let mut tasks = JoinSet::new();
        for (at, mut connection) in self.open.drain(..).enumerate() {
            let (task, opener) = (load.task.clone(), self.opener.clone());
            tasks.spawn(async move {
                let end = work(&mut connection, &opener, at, &task, begun, stop).await;
                (connection, end)
            });
        }
        let mut whole = LoadReport::default();
        let mut failure = None;
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok((connection, (report, failed))) => {
                    self.open.push(connection);
                    whole.merge(&report);
                    failure = failure.or(failed);
                }
                Err(error) => failure = failure.or(Some(lost(&error))),
            }
        }
        (whole, failure)
    }

    /// Opens `count` connections at the same time, `rounds` times, and keeps the last ones.
    async fn connect(
        &mut self,
        count: usize,
        rounds: usize,
        begun: Instant,
        stop: Instant,
    ) -> RemoteEnd {
        let mut report = LoadReport::default();
        for round in 0..rounds.max(1) {
            if round > 0 && Instant::now() >= stop {
                break;
            }
            self.open.clear();
            let mut tasks = JoinSet::new();
            for _ in 0..count {
                let opener = self.opener.clone();
                tasks.spawn(async move {
                    let begun = Instant::now();
                    let opened = opener.open().await;
                    (opened, begun.elapsed())
                });
            }
            while let Some(ended) = tasks.join_next().await {
                match ended {
                    Ok((Reply::Data(connection), took)) => {
                        report.latencies.add(micros(took));
                        self.open.push(connection);
                    }
                    Ok((other, _)) => return (report, Some(other.and_then(|_| None))),
                    Err(error) => return (report, Some(lost(&error))),
                }
            }
        }
        report.micros = micros(begun.elapsed());
        (report, None)
    }
}

/// A task that did not end by itself.
fn lost(error: &tokio::task::JoinError) -> Reply<()> {
    Reply::Broken(Message::quoted(error.to_string()))
}

/// Runs `task` on connection number `at` until `stop`.
async fn work(
    connection: &mut RemoteConnection,
    opener: &RemoteOpener,
    at: usize,
    task: &LoadTask,
    begun: Instant,
    stop: Instant,
) -> RemoteEnd {
    let limit = opener.limit;
    let mut report = LoadReport::default();
    let mut failure = None;
    while Instant::now() < stop && !task.is_enough(&report, begun.elapsed()) {
        let statement = Instant::now();
        let done = match task {
            // Connections are opened elsewhere.
            LoadTask::Connect { .. } => break,
            LoadTask::Query { sql } => {
                let answer = connection.query(sql, opener.raw_blocks, limit).await;
                answer.and_then(|()| Some(0))
            }
            LoadTask::Fetch { sql, .. } => match connection {
                RemoteConnection::Rest(rest) => rest.read_rows(sql, limit, stop).await,
                RemoteConnection::Ws(session) => {
                    let raw = opener.raw_blocks;
                    session.read_rows(sql, raw, limit, stop).await
                }
            },
            LoadTask::Insert { .. } => {
                let Some((sql, count)) = task.next_insert(at, &report) else {
                    break;
                };
                connection.run(&sql, limit).await.and_then(|()| Some(count))
            }
        };
        match done {
            Reply::Data(rows) => report.count(statement, rows),
            other => {
                failure = Some(other.and_then(|_| None));
                break;
            }
        }
    }
    report.micros = micros(begun.elapsed());
    (report, failure)
}

impl RemoteConnection {
    /// Runs `sql` and reads its few rows, as connectors do.
    async fn query(&mut self, sql: &str, raw: bool, limit: Duration) -> Reply<()> {
        match self {
            Self::Rest(rest) => rest.query(sql, limit).await.and_then(|_| Some(())),
            Self::Ws(session) => {
                let stop = Instant::now() + limit;
                let rows = session.read_rows(sql, raw, limit, stop).await;
                rows.and_then(|rows| (rows > 0).then_some(()))
            }
        }
    }

    /// Runs a statement that writes.
    async fn run(&mut self, sql: &str, limit: Duration) -> Reply<()> {
        let reply = match self {
            Self::Rest(rest) => rest.query(sql, limit).await,
            Self::Ws(session) => session.query(sql, limit).await,
        };
        reply.and_then(|_| Some(()))
    }
}
