//! What all protocols share: the cluster, its logins, and the faults in force.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::data_faults::{DataFaults, NONE};
use crate::faults::{BackendDown, Faults};
use crate::front::{Cloud, Proxy};
use crate::release::Release;
use crate::schemaless::{self, Point};
use crate::sql::{About, Answer, Batch, Caller, Engine, Prepared, SqlError, Statement, parse};

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

/// What stands before the adapter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Front {
    pub(crate) cloud: Option<Cloud>,
    pub(crate) proxy: Option<Proxy>,
}

/// The shared state of a sandbox.
#[derive(Debug)]
pub struct State {
    version: String,
    release: Release,
    http_code_server_error: bool,
    front: Front,
    faults: watch::Sender<Faults>,
    cluster: Mutex<Cluster>,
    tokens: Vec<(String, String)>,
    /// Changes with everything that may bring a consumer a message.
    changes: watch::Sender<u64>,
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
        front: Front,
        engine: Engine,
        faults: Faults,
    ) -> Self {
        let cluster = Cluster {
            engine,
            pool: HashSet::new(),
            logins: Logins::default(),
        };
        Self {
            release: Release::of(&version),
            version,
            http_code_server_error,
            front,
            faults: watch::Sender::new(faults),
            cluster: Mutex::new(cluster),
            tokens: Vec::new(),
            changes: watch::Sender::new(0),
        }
    }

    pub(crate) fn with_tokens(self, tokens: Vec<(String, String)>) -> Self {
        Self { tokens, ..self }
    }

    /// Whether this server knows tokens: from 3.4 on.
    pub(crate) fn knows_tokens(&self) -> bool {
        let mut parts = self.version.split('.').map_while(|part| part.parse().ok());
        let version: (u32, u32) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        version >= (3, 4)
    }

    /// User and password of the owner of `token`. The code of the refusal is not recorded; the text is
    /// the Community edition's (read in the vendor's source).
    pub(crate) fn user_of_token(&self, token: &str) -> Result<(String, String), SqlError> {
        let user = self.tokens.iter().find(|(known, _)| known == token);
        let user = user.map(|(_, user)| user.clone());
        let cluster = self.cluster();
        let known = user.and_then(|user| {
            let password = cluster.engine.user(&user)?.password.clone();
            Some((user, password))
        });
        drop(cluster);
        known.ok_or_else(|| {
            self.cluster().logins.refused += 1;
            SqlError::new(0x0367, "token does not exist")
        })
    }

    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reported version: the true one unless [`Faults::says_version`] lies.
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

    /// What stands before the adapter.
    pub(crate) fn front(&self) -> &Front {
        &self.front
    }

    /// The user and password that the gateway's token represents; `None` without a gateway.
    pub(crate) fn cloud_login(&self) -> Option<(String, String)> {
        let cloud = self.front.cloud.as_ref()?;
        let password = self
            .cluster()
            .engine
            .user(&cloud.user)
            .map(|user| user.password.clone());
        Some((cloud.user.clone(), password.unwrap_or_default()))
    }

    /// Counts a token that the gateway refused.
    pub(crate) fn refuse_token(&self) {
        self.cluster().logins.refused += 1;
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

    /// Whether user and password are right; no login is counted.
    pub(crate) fn is_right(&self, user: &str, password: &str) -> bool {
        let cluster = self.cluster();
        let known = cluster.engine.user(user);
        known.is_some_and(|known| known.password == password)
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
            _ if password.is_empty() => Err(SqlError::password_length(self.release)),
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
        let statement = parse(sql, self.release)?;
        if self.faults.borrow().backend != BackendDown::None {
            match &statement {
                Statement::Select(query) => match &query.from {
                    None => {}
                    Some(table) if table.database.as_deref() == Some("information_schema") => {
                        return Err(SqlError::unreachable());
                    }
                    Some(_) => return Err(SqlError::dead_backend(self.release)),
                },
                _ => return Err(SqlError::unreachable()),
            }
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
        let mut answer = self.cluster().engine.run(
            Caller {
                data: &data,
                ..self.caller(session, &version)
            },
            statement,
        )?;
        self.tell_change();
        if stored {
            data.spoil(&mut answer);
        }
        session.database = used.or(session.database.take());
        Ok(answer)
    }

    /// Prepares an insert or a query.
    pub(crate) fn prepare(&self, session: &Session, sql: &str) -> Result<Prepared, SqlError> {
        let statement = parse(sql, self.release)?;
        self.cluster()
            .engine
            .prepare(self.caller(session, &self.version), statement)
    }

    /// Tells a prepared insert its table.
    pub(crate) fn bind_table(
        &self,
        session: &Session,
        prepared: &mut Prepared,
        table: &str,
    ) -> Result<(), SqlError> {
        self.cluster()
            .engine
            .bind_table(self.caller(session, &self.version), prepared, table)
    }

    /// Runs a prepared statement with what was bound.
    pub(crate) fn execute_prepared(
        &self,
        session: &Session,
        prepared: &Prepared,
        batches: &[Batch],
    ) -> Result<Answer, SqlError> {
        if self.faults.borrow().backend != BackendDown::None {
            return Err(SqlError::unreachable());
        }
        let answer = self.cluster().engine.execute_prepared(
            self.caller(session, &self.version),
            prepared,
            batches,
        );
        self.tell_change();
        answer
    }

    fn tell_change(&self) {
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells of everything that may bring a consumer a message.
    pub(crate) fn watch_changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Does something with the cluster's topics, on behalf of a consumer's session.
    pub(crate) fn with_topics<T>(
        &self,
        session: &Session,
        act: impl FnOnce(&mut Engine, Caller<'_>) -> T,
    ) -> T {
        let mut cluster = self.cluster();
        act(&mut cluster.engine, self.caller(session, &self.version))
    }

    /// Writes points into the session's database.
    pub(crate) fn write_points(
        &self,
        session: &Session,
        points: &[Point],
        table_key: Option<&str>,
    ) -> Result<(), SqlError> {
        if self.faults.borrow().backend != BackendDown::None {
            return Err(SqlError::unreachable());
        }
        let name = session
            .database()
            .ok_or_else(SqlError::database_not_specified)?;
        let mut cluster = self.cluster();
        let database = cluster.engine.catalog.database_mut(name)?;
        schemaless::write(database, points, table_key)?;
        drop(cluster);
        self.tell_change();
        Ok(())
    }

    /// Whether a text is SQL that the sandbox understands.
    pub(crate) fn validate(&self, sql: &str) -> Result<(), SqlError> {
        parse(sql, self.release).map(|_| ())
    }

    /// After which recording requests are answered.
    pub(crate) fn release(&self) -> Release {
        self.release
    }

    fn caller<'a>(&self, session: &'a Session, version: &'a str) -> Caller<'a> {
        Caller {
            user: &session.user,
            database: session.database.as_deref(),
            zone: &session.zone,
            version,
            release: self.release,
            data: &NONE,
        }
    }
}

/// What a cluster tells about itself, from its dnodes' endpoints.
pub(crate) fn about(endpoints: Vec<String>) -> About {
    About {
        endpoints,
        created: crate::sql::instant::now(crate::sql::Precision::Milli),
    }
}
