//! Runs load on connections of the driver, each on a thread of its own.

use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::DriverLogin;
use super::library::{ClientLibrary, LibraryConnection, LibraryError};
use crate::probe::load::{LoadReport, LoadTask, TimedLoad, micros};

/// `Out of Memory`: what a thread that cannot be started amounts to.
const NO_THREAD: u32 = 0x8000_0102;

/// The connections that load runs on.
pub(super) struct DriverLoad<'a> {
    driver: &'a ClientLibrary,
    login: &'a DriverLogin,
    connections: Vec<LibraryConnection<'a>>,
}

/// The figures of a load, and the error that ended it early.
pub(super) type LoadEnd = (LoadReport, Option<LibraryError>);

impl<'a> DriverLoad<'a> {
    /// No connections yet; `login` opens them.
    pub(super) const fn new(driver: &'a ClientLibrary, login: &'a DriverLogin) -> Self {
        Self {
            driver,
            login,
            connections: Vec::new(),
        }
    }

    /// Runs `load` on every connection.
    pub(super) fn run(&mut self, load: &TimedLoad) -> LoadEnd {
        let stop = Instant::now() + Duration::from_micros(load.micros);
        if let LoadTask::Connect {
            connections,
            rounds,
        } = load.task
        {
            return self.connect(connections, rounds, stop);
        }
        let begun = Instant::now();
        let ends = thread::scope(|scope| {
            let run = |(at, connection): (usize, LibraryConnection<'a>)| {
                let task = &load.task;
                thread::Builder::new().spawn_scoped(scope, move || {
                    let end = work(&connection, at, task, begun, stop);
                    (connection, end)
                })
            };
            let threads: Vec<_> = self.connections.drain(..).enumerate().map(run).collect();
            threads.into_iter().map(joined).collect::<Vec<_>>()
        });
        let mut whole = LoadReport::default();
        let mut failure = None;
        for (connection, (report, failed)) in ends {
            self.connections.extend(connection);
            whole.merge(&report);
            failure = failure.or(failed);
        }
        (whole, failure)
    }

    /// Opens `count` connections at the same time, `rounds` times, and keeps the last ones.
    fn connect(&mut self, count: usize, rounds: usize, stop: Instant) -> LoadEnd {
        let mut report = LoadReport::default();
        let begun = Instant::now();
        for round in 0..rounds.max(1) {
            if round > 0 && Instant::now() >= stop {
                break;
            }
            for connection in self.connections.drain(..) {
                connection.close();
            }
            let (driver, login) = (self.driver, self.login);
            let opened = thread::scope(|scope| {
                let open = |_| {
                    thread::Builder::new().spawn_scoped(scope, move || {
                        let begun = Instant::now();
                        let connection = open(driver, login);
                        (Some(connection), begun.elapsed())
                    })
                };
                let threads: Vec<_> = (0..count).map(open).collect();
                let join = |thread: std::io::Result<ScopedJoinHandle<'_, _>>| {
                    thread.ok().and_then(|thread| thread.join().ok())
                };
                threads.into_iter().map(join).collect::<Vec<_>>()
            });
            for end in opened {
                match end {
                    Some((Some(Ok(connection)), took)) => {
                        report.latencies.add(micros(took));
                        self.connections.push(connection);
                    }
                    Some((Some(Err(refusal)), _)) => return (report, Some(refusal)),
                    Some((None, _)) | None => {
                        return (report, Some((NO_THREAD, String::new())));
                    }
                }
            }
        }
        report.micros = micros(begun.elapsed());
        (report, None)
    }
}

/// Opens a connection as `login` says.
pub(super) fn open<'a>(
    driver: &'a ClientLibrary,
    login: &DriverLogin,
) -> Result<LibraryConnection<'a>, LibraryError> {
    let database = login.database.as_deref();
    match &login.token {
        Some(token) => driver.connect_with_token(&login.host, login.port, token, database),
        None => driver.connect(
            &login.host,
            login.port,
            &login.user,
            &login.password,
            database,
        ),
    }
}

/// Returns the result of a thread; without one the connection is lost.
fn joined<'a>(
    thread: std::io::Result<ScopedJoinHandle<'_, (LibraryConnection<'a>, LoadEnd)>>,
) -> (Option<LibraryConnection<'a>>, LoadEnd) {
    match thread.ok().and_then(|thread| thread.join().ok()) {
        Some((connection, end)) => (Some(connection), end),
        None => {
            let failure = Some((NO_THREAD, String::new()));
            (None, (LoadReport::default(), failure))
        }
    }
}

/// Runs `task` on connection number `at` until `stop`.
fn work(
    connection: &LibraryConnection<'_>,
    at: usize,
    task: &LoadTask,
    begun: Instant,
    stop: Instant,
) -> LoadEnd {
    let mut report = LoadReport::default();
    let mut failure = None;
    while Instant::now() < stop && !task.is_enough(&report, begun.elapsed()) {
        let statement = Instant::now();
        let done = match task {
            // Connections are opened elsewhere.
            LoadTask::Connect { .. } => break,
            LoadTask::Query { sql } => connection.query(sql).map(|_| 0),
            LoadTask::Fetch { sql, .. } => connection.read_rows(sql, stop),
            LoadTask::Insert { .. } => {
                let Some((sql, count)) = task.next_insert(at, &report) else {
                    break;
                };
                connection.query(&sql).map(|_| count)
            }
        };
        match done {
            Ok(rows) => report.count(statement, rows),
            Err(refusal) => {
                failure = Some(refusal);
                break;
            }
        }
    }
    report.micros = micros(begun.elapsed());
    (report, failure)
}
