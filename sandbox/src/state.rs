//! What all protocols share: the cluster, its logins, and the faults in force.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::data_faults::DataFaults;
use crate::faults::{BackendDown, Faults};
use crate::sql::{About, Answer, Caller, Engine, Prepared, SqlError, Statement, Value, parse};

/// How many logins were tried, on every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Logins {
    /// Accepted ones; a REST request on a pooled user and password counts too.
    pub accepted: u64,
    /// Refused ones.
    pub refused: u64,
}

/// How a login ended.
pub type Login = Result<Session, SqlError>;

/// A connection's user, database and time zone.
#[derive(Clone, Debug)]
pub struct Session {
    user: String,
    database: Option<String>,
    zone: TimeZone,
}

impl Session {
    /// The user's name.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The current database, if one is in use.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The zone in which times without one are read, and in which times are shown as text.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Sets the zone by its IANA name; an unknown name changes nothing, as on the real server.
    pub fn set_zone(&mut self, name: &str) {
        if let Ok(zone) = TimeZone::get(name) {
            self.zone = zone;
        }
    }
}

/// The shared state of a sandbox.
#[derive(Debug)]
pub struct State {
    version: String,
    http_code_server_error: bool,
    faults: watch::Sender<Faults>,
    cluster: Mutex<Cluster>,
}

#[derive(Debug)]
struct Cluster {
    engine: Engine,
    /// Users and passwords with which the adapter holds connections.
    pool: HashSet<(String, String)>,
    logins: Logins,
}

impl State {
    pub(crate) fn new(
        version: String,
        http_code_server_error: bool,
        engine: Engine,
        faults: Faults,
    ) -> Self {
        let cluster = Cluster {
            engine,
            pool: HashSet::new(),
            logins: Logins::default(),
        };
        Self {
            version,
            http_code_server_error,
            faults: watch::Sender::new(faults),
            cluster: Mutex::new(cluster),
        }
    }

    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version that is told: the true one unless [`Faults::says_version`] lies.
    #[must_use]
    pub fn version(&self) -> String {
        self.faults
            .borrow()
            .says_version
            .clone()
            .unwrap_or_else(|| self.version.clone())
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.borrow().clone()
    }

    pub(crate) fn set_faults(&self, faults: Faults) {
        self.faults.send_replace(faults);
    }

    /// Tells of every change of the faults.
    pub(crate) fn watch_faults(&self) -> watch::Receiver<Faults> {
        self.faults.subscribe()
    }

    /// The logins so far.
    #[must_use]
    pub fn logins(&self) -> Logins {
        self.cluster().logins
    }

    /// Whether REST tells SQL errors by the HTTP status too.
    pub(crate) fn http_code_server_error(&self) -> bool {
        self.http_code_server_error
    }

    /// The dnodes' `host:port`.
    #[must_use]
    pub fn dnode_endpoints(&self) -> Vec<String> {
        self.cluster().engine.about.endpoints.clone()
    }

    /// A login over a new connection to taosd. `db` may be empty. Counted. Errors: 0x357 wrong password, 0x351 unknown
    /// user, 0x208 empty password, 0x388 missing database, 0xb when taosd is dead (the caller waits `backend_delay`).
    pub fn login(&self, user: &str, password: &str, db: &str) -> Login {
        let backend = self.faults.borrow().backend;
        self.attempt(user, password, db, backend == BackendDown::None)
    }

    /// A login for one REST request: on a pooled connection if there is one. A database that does not exist is as none.
    pub(crate) fn login_pooled(&self, user: &str, password: &str) -> Login {
        let alive = match self.faults.borrow().backend {
            BackendDown::None => true,
            BackendDown::Pooled => self.is_pooled(user, password),
            BackendDown::Fresh => false,
        };
        let login = self.attempt(user, password, "", alive);
        if login.is_ok() {
            self.cluster()
                .pool
                .insert((user.to_owned(), password.to_owned()));
        }
        login
    }

    /// Whether the adapter is taken to hold connections of this user: from a request before, or from a time before the
    /// sandbox started, if the password is right.
    fn is_pooled(&self, user: &str, password: &str) -> bool {
        let cluster = self.cluster();
        let known = cluster
            .engine
            .user(user)
            .is_some_and(|known| known.password == password);
        known
            || cluster
                .pool
                .contains(&(user.to_owned(), password.to_owned()))
    }

    fn attempt(&self, user: &str, password: &str, db: &str, alive: bool) -> Login {
        let faults = self.faults();
        let mut cluster = self.cluster();
        let outcome = match (&faults.reject_logins, cluster.engine.user(user)) {
            _ if password.is_empty() => Err(SqlError::password_length()),
            _ if !alive => Err(SqlError::unreachable()),
            (Some(error), _) => Err(error.clone()),
            (None, None) => Err(SqlError::invalid_user()),
            (None, Some(known)) if known.password != password => Err(SqlError::authentication()),
            (None, Some(_)) if !db.is_empty() => cluster.engine.catalog.database(db).map(|_| ()),
            (None, Some(_)) => Ok(()),
        };
        match outcome {
            Ok(()) => {
                cluster.logins.accepted += 1;
                let database = (!db.is_empty()).then(|| db.to_owned());
                Ok(Session {
                    user: user.to_owned(),
                    database,
                    zone: faults
                        .data
                        .zone
                        .as_deref()
                        .and_then(|name| TimeZone::get(name).ok())
                        .unwrap_or(TimeZone::UTC),
                })
            }
            Err(error) => {
                cluster.logins.refused += 1;
                let emptied = faults.empty_success && error.code != 0xb;
                Err(if emptied {
                    SqlError::new(0, "success")
                } else {
                    error
                })
            }
        }
    }

    /// Whether a database exists.
    pub(crate) fn has_database(&self, name: &str) -> bool {
        self.cluster().engine.catalog.database(name).is_ok()
    }

    /// Sets a session's database without looking whether it exists.
    pub(crate) fn select_database(&self, session: &mut Session, name: &str) {
        session.database = Some(name.to_owned());
    }

    /// Executes the first statement of a text. `use` changes the session. With taosd dead, what needs it gives 0xb, and
    /// the caller waits `backend_delay`.
    pub fn execute(&self, session: &mut Session, sql: &str) -> Result<Answer, SqlError> {
        let statement = parse(sql)?;
        let local = matches!(&statement, Statement::Select(query) if query.from.is_none());
        if !local && self.faults.borrow().backend != BackendDown::None {
            return Err(SqlError::unreachable());
        }
        let used = if let Statement::Use(name) = &statement {
            Some(name.clone())
        } else {
            None
        };
        let version = self.version();
        let data = self.faults.borrow().data.clone();
        if let Some(refusal) = data.refusal(&statement) {
            return Err(refusal);
        }
        let stored = DataFaults::reads_stored_rows(&statement);
        let mut answer = self
            .cluster()
            .engine
            .run(caller(session, &version, &data), statement)?;
        if stored {
            data.spoil(&mut answer);
        }
        session.database = used.or(session.database.take());
        Ok(answer)
    }

    /// Prepares an insert.
    pub(crate) fn prepare(&self, session: &Session, sql: &str) -> Result<Prepared, SqlError> {
        let statement = parse(sql)?;
        self.cluster().engine.prepare(
            caller(session, &self.version, &DataFaults::default()),
            statement,
        )
    }

    /// Writes the rows of a prepared insert; gives their number.
    pub(crate) fn execute_prepared(
        &self,
        prepared: &Prepared,
        rows: &[Vec<Value>],
    ) -> Result<u64, SqlError> {
        if self.faults.borrow().backend != BackendDown::None {
            return Err(SqlError::unreachable());
        }
        self.cluster().engine.execute_prepared(prepared, rows)
    }

    /// Whether a text is SQL that the sandbox understands.
    pub(crate) fn validate(&self, sql: &str) -> Result<(), SqlError> {
        parse(sql).map(|_| ())
    }
}

fn caller<'a>(session: &'a Session, version: &'a str, data: &'a DataFaults) -> Caller<'a> {
    Caller {
        user: &session.user,
        database: session.database.as_deref(),
        zone: &session.zone,
        version,
        data,
    }
}

/// What a cluster tells about itself, from its dnodes' endpoints.
pub(crate) fn about(endpoints: Vec<String>) -> About {
    About {
        endpoints,
        created: crate::sql::instant::now(crate::sql::Precision::Milli),
    }
}
