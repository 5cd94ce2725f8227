//! Starting and stopping a sandbox.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use crate::faults::Faults;
use crate::front::{Cloud, Proxy};
use crate::sql::{Catalog, Engine, Topics};
use crate::state::{Front, Logins, State, about};
use crate::tls::TlsIdentity;
use crate::{listener, native};

/// How a sandbox is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server's version. Before 3.3 it is played after the recordings of 3.2.2.2, else after those of 3.3.7.5: what it
    /// says, what it knows, how it fails.
    pub version: String,
    /// Its users.
    pub users: Vec<User>,
    /// Tokens and their users; servers before 3.4 know none.
    pub tokens: Vec<(String, String)>,
    /// The adapter's port (REST and WebSocket).
    pub adapter: Listen,
    /// TLS on the adapter's port, https and wss in place of http and ws.
    pub tls: Option<TlsIdentity>,
    /// TDengine Cloud's gateway before the adapter's port.
    pub cloud: Option<Cloud>,
    /// A reverse proxy before the adapter's port.
    pub proxy: Option<Proxy>,
    /// The native port.
    pub native: Listen,
    /// The endpoints that the dnodes advertise; without, `localhost` and the native port.
    pub dnode_endpoints: Option<Vec<String>>,
    /// The number of the first database's first vgroup.
    pub first_vgroup: i32,
    /// taosAdapter's `httpCodeServerError`: SQL errors change the HTTP status.
    pub http_code_server_error: bool,
    /// What goes wrong from the start.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: "3.3.7.5".to_owned(),
            users: vec![User {
                name: "root".to_owned(),
                password: "taosdata".to_owned(),
                sysinfo: true,
                createdb: true,
            }],
            tokens: Vec::new(),
            adapter: Listen::default(),
            tls: None,
            cloud: None,
            proxy: None,
            native: Listen::default(),
            dnode_endpoints: None,
            first_vgroup: 2,
            http_code_server_error: false,
            faults: Faults::default(),
        }
    }
}

/// A user of the stand-in server; the passwords are those of tests.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// Whether it may read what tells of the cluster (`ins_dnodes` and the like).
    pub sysinfo: bool,
    /// Whether it may create databases.
    pub createdb: bool,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whether a port of the loopback interface is listened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// This port of 127.0.0.1; 0 takes any that is free.
    Port(u16),
    /// This port of ::1 alone; 0 takes any that is free.
    Ipv6(u16),
    /// A free port of 127.0.0.1 that refuses connections for as long as the sandbox lives.
    Refused,
}

impl Default for Listen {
    fn default() -> Self {
        Self::Port(0)
    }
}

/// A running stand-in server on the loopback interface, on a thread of its own. Dropping it stops it and closes every connection.
#[derive(Debug)]
pub struct Sandbox {
    adapter: SocketAddr,
    native: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox and returns once its ports accept connections.
    ///
    /// # Errors
    /// A port is taken, [`Options::tls`] is not an identity, or no thread can be started.
    pub fn start(options: Options) -> io::Result<Self> {
        let tls = options
            .tls
            .as_ref()
            .map(TlsIdentity::acceptor)
            .transpose()?;
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("taos-sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    match open(options) {
                        Ok((adapter, native, state)) => {
                            let addresses = adapter
                                .address()
                                .and_then(|adapter| Ok((adapter, native.address()?)));
                            adapter.serve(&state, |listener, state| {
                                drop(tokio::spawn(listener::serve(listener, state, tls)))
                            });
                            native.serve(&state, |listener, state| {
                                drop(tokio::spawn(native::serve(listener, state)))
                            });
                            let _ = ready
                                .send(addresses.map(|(adapter, native)| (adapter, native, state)));
                            let _ = stopped.await;
                        }
                        Err(error) => drop(ready.send(Err(error))),
                    }
                });
                runtime.shutdown_background();
            })?;
        let (adapter, native, state) = started.recv().map_err(io::Error::other)??;
        Ok(Self {
            adapter,
            native,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The adapter's address; closed if it was started [`Listen::Refused`].
    #[must_use]
    pub fn adapter(&self) -> SocketAddr {
        self.adapter
    }

    /// The native port's address; closed if it was started [`Listen::Refused`].
    #[must_use]
    pub fn native(&self) -> SocketAddr {
        self.native
    }

    /// What the protocols share.
    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Changes what goes wrong, on open connections too.
    pub fn set_faults(&self, faults: Faults) {
        self.state.set_faults(faults);
    }

    /// What goes wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.state.faults()
    }

    /// The logins so far, on every protocol.
    #[must_use]
    pub fn logins(&self) -> Logins {
        self.state.logins()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A port: listened on, or bound without listening, which refuses connections and keeps others from taking it.
enum Port {
    Open(TcpListener),
    Refused(TcpSocket),
}

impl Port {
    fn open(listen: Listen) -> io::Result<Self> {
        let (socket, host) = match listen {
            Listen::Ipv6(_) => (TcpSocket::new_v6()?, IpAddr::from(Ipv6Addr::LOCALHOST)),
            _ => (TcpSocket::new_v4()?, IpAddr::from(Ipv4Addr::LOCALHOST)),
        };
        match listen {
            Listen::Port(port) | Listen::Ipv6(port) => {
                if cfg!(unix) && port != 0 {
                    socket.set_reuseaddr(true)?;
                }
                socket.bind(SocketAddr::from((host, port)))?;
                socket.listen(1024).map(Self::Open)
            }
            Listen::Refused => {
                socket.bind(SocketAddr::from((host, 0)))?;
                Ok(Self::Refused(socket))
            }
        }
    }

    fn address(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Open(listener) => listener.local_addr(),
            Self::Refused(socket) => socket.local_addr(),
        }
    }

    /// Serves an open port; a refused one stays bound for as long as the state lives, by a task that never ends.
    fn serve(self, state: &Arc<State>, serve: impl FnOnce(TcpListener, Arc<State>)) {
        match self {
            Self::Open(listener) => serve(listener, Arc::clone(state)),
            Self::Refused(socket) => drop(tokio::spawn(async move {
                std::future::pending::<()>().await;
                drop(socket);
            })),
        }
    }
}

fn open(options: Options) -> io::Result<(Port, Port, Arc<State>)> {
    let adapter = Port::open(options.adapter)?;
    let native = Port::open(options.native)?;
    let port = native.address()?.port();
    let endpoints = options
        .dnode_endpoints
        .unwrap_or_else(|| vec![format!("localhost:{port}")]);
    let engine = Engine {
        catalog: Catalog::new(options.first_vgroup),
        users: options.users,
        about: about(endpoints),
        topics: Topics::default(),
    };
    let state = State::new(
        options.version,
        options.http_code_server_error,
        Front {
            cloud: options.cloud,
            proxy: options.proxy,
        },
        engine,
        options.faults,
    )
    .with_tokens(options.tokens);
    Ok((adapter, native, Arc::new(state)))
}
