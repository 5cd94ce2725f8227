//! The ways in which the sandbox can be made to fail.

use std::time::Duration;

use crate::data_faults::DataFaults;
use crate::sql::SqlError;

/// What goes wrong; the default is a healthy server. [`crate::server::Sandbox::set_faults`] changes it while connections are open.
#[derive(Clone, Debug)]
pub struct Faults {
    /// taosd dead behind a live adapter.
    pub backend: BackendDown,
    /// How long a dead backend takes to answer; 20.3 s as recorded.
    pub backend_delay: Duration,
    /// What becomes of connections to the adapter's port.
    pub adapter: Listener,
    /// What becomes of connections to the native port.
    pub native: Listener,
    /// Every login ends with this error (0x315 for a disabled user, say).
    pub reject_logins: Option<SqlError>,
    /// A refused login is answered with code 0, "success" and no data, as a real adapter sometimes does under load.
    pub empty_success: bool,
    /// Waited before every answer.
    pub latency: Duration,
    /// The version reported instead of the true one, by `version`, `conn` and `server_version()`.
    pub says_version: Option<String>,
    /// What goes wrong with data, clocks and dnodes.
    pub data: DataFaults,
    /// Answers of more bytes than this never arrive, over any transport: their packets of full size are lost.
    pub loses_answers_over: Option<usize>,
    /// taosd accepts native logins and answers no statement, as when a client is sent to an endpoint behind a NAT without hairpin.
    pub native_statements_hang: bool,
    /// taosAdapter's pool for REST has no free connection (transcripts/README.md, "Under stress"); WebSocket needs none.
    pub rest_pool_used_up: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            backend: BackendDown::None,
            backend_delay: Duration::from_millis(20_300),
            adapter: Listener::Serves,
            native: Listener::Serves,
            reject_logins: None,
            empty_success: false,
            latency: Duration::ZERO,
            says_version: None,
            data: DataFaults::default(),
            loses_answers_over: None,
            native_statements_hang: false,
            rest_pool_used_up: false,
        }
    }
}

/// Whether taosd is dead, and whether the adapter still holds connections from before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackendDown {
    /// taosd is up.
    #[default]
    None,
    /// Dead, but the adapter has pooled connections: what needs no taosd still succeeds (transcripts/rest_down_pooled.jsonl).
    Pooled,
    /// Dead, and the adapter freshly started: no login succeeds (transcripts/rest_down_fresh.jsonl).
    Fresh,
}

/// What becomes of the connections to a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listener {
    /// They are served.
    #[default]
    Serves,
    /// They are accepted and never answered.
    Hangs,
    /// They are accepted and closed.
    ClosesAtOnce,
    /// Another HTTP server answers.
    Foreign(ForeignHttp),
    /// Bytes are answered that are no HTTP.
    Garbage,
}

/// HTTP servers that people reach instead of taosAdapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignHttp {
    /// A web server that knows none of the paths: 404 and an HTML page for everything.
    NotFound,
    /// A reverse proxy whose backend is away: 502 and nginx's page for everything.
    BadGateway,
    /// A proxy that serves REST but answers a WebSocket Upgrade with this status (400 and 200 are common).
    NoUpgrade(u16),
}
