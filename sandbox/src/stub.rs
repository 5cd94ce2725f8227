//! Plays the engine until the real one is merged.
#![allow(
    missing_docs,
    dead_code,
    clippy::unwrap_used,
    reason = "goes away with the merge"
)]
pub mod faults {
    use crate::sql::SqlError;
    use std::time::Duration;
    #[derive(Clone, Debug, Default)]
    pub struct Faults {
        pub backend: BackendDown,
        pub backend_delay: Duration,
        pub adapter: Listener,
        pub native: Listener,
        pub reject_logins: Option<SqlError>,
        pub latency: Duration,
        pub says_version: Option<String>,
    }
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum BackendDown {
        #[default]
        None,
        Pooled,
        Fresh,
    }
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Listener {
        #[default]
        Serves,
        Hangs,
        ClosesAtOnce,
        Foreign(ForeignHttp),
        Garbage,
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ForeignHttp {
        NotFound,
    }
}
pub mod sql {
    #[derive(Clone, Copy, Debug, Default)]
    pub enum Precision {
        #[default]
        Milli,
    }
    impl Precision {
        pub fn code(self) -> u8 {
            0
        }
    }
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Type {
        Bool,
        TinyInt,
        Int,
        BigInt,
        UBigInt,
        Float,
        Varchar,
        Timestamp,
        Nchar,
        Decimal64 { precision: u8, scale: u8 },
        Decimal128 { precision: u8, scale: u8 },
    }
    impl Type {
        pub fn code(self) -> u8 {
            match self {
                Self::Bool => 1,
                Self::TinyInt => 2,
                Self::Int => 4,
                Self::BigInt => 5,
                Self::UBigInt => 14,
                Self::Float => 6,
                Self::Varchar => 8,
                Self::Timestamp => 9,
                Self::Nchar => 10,
                _ => 17,
            }
        }
        pub fn width(self) -> Option<usize> {
            match self {
                Self::Bool | Self::TinyInt => Some(1),
                Self::Int | Self::Float => Some(4),
                Self::Varchar | Self::Nchar => None,
                _ => Some(8),
            }
        }
    }
    #[derive(Clone, Debug, PartialEq)]
    pub enum Value {
        Null,
        Bool(bool),
        Int(i64),
        UInt(u64),
        Float(f32),
        Double(f64),
        Text(String),
        Timestamp(i64),
        Json(String),
        Bytes(Vec<u8>),
        Decimal(i128),
    }
    #[derive(Clone, Debug)]
    pub struct Column {
        pub name: String,
        pub kind: Type,
        pub bytes: i32,
    }
    #[derive(Clone, Debug, Default)]
    pub struct ResultSet {
        pub columns: Vec<Column>,
        pub precision: Precision,
        pub rows: Vec<Vec<Value>>,
    }
    pub enum Answer {
        Update { affected_rows: u64 },
        Rows(ResultSet),
    }
    #[derive(Clone, Debug)]
    pub struct SqlError {
        pub code: i32,
        pub text: String,
    }
}
pub mod state {
    use crate::{faults::Faults, sql::*};
    use std::sync::Mutex;
    pub struct Session;
    pub struct State {
        pub version: String,
        pub faults: Mutex<Faults>,
        pub logins: Mutex<Vec<String>>,
    }
    impl State {
        pub fn version(&self) -> String {
            self.version.clone()
        }
        pub fn faults(&self) -> Faults {
            self.faults.lock().unwrap().clone()
        }
        pub fn login(&self, user: &str, password: &str, db: &str) -> Result<Session, SqlError> {
            let error = |code, text: &str| {
                Err(SqlError {
                    code,
                    text: text.to_owned(),
                })
            };
            if let Some(error) = self.faults().reject_logins {
                return Err(error);
            }
            match (user, password, db) {
                ("root", "taosdata", "") => Ok(Session),
                ("root", "taosdata", _) => error(0x388, "Database not exist"),
                ("root", ..) => error(0x357, "Authentication failure"),
                _ => error(0x351, "Invalid user"),
            }
        }
        pub fn execute(&self, _session: &mut Session, sql: &str) -> Result<Answer, SqlError> {
            match sql {
                "select server_version()" => Ok(Answer::Rows(ResultSet {
                    columns: vec![Column {
                        name: "server_version()".into(),
                        kind: Type::Varchar,
                        bytes: 7,
                    }],
                    rows: vec![vec![Value::Text(self.version())]],
                    ..Default::default()
                })),
                "select * from nosuch.t" => Err(SqlError {
                    code: 0x388,
                    text: "Database not exist".to_owned(),
                }),
                _ => Err(SqlError {
                    code: 0x2600,
                    text: format!("syntax error near \"{sql}\""),
                }),
            }
        }
    }
}
pub mod server {
    use crate::{faults::Faults, state::State};
    use std::sync::{Arc, Mutex};
    #[derive(Default)]
    pub struct Options {
        pub version: String,
    }
    pub struct Sandbox {
        native: std::net::SocketAddr,
        state: Arc<State>,
        _rt: tokio::runtime::Runtime,
    }
    impl Sandbox {
        pub fn start(options: Options) -> std::io::Result<Self> {
            let rt = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?;
            let listener = rt.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
            let native = listener.local_addr()?;
            let state = Arc::new(State {
                version: options.version,
                faults: Mutex::default(),
                logins: Mutex::default(),
            });
            rt.spawn(crate::native::serve(listener, Arc::clone(&state)));
            Ok(Self {
                native,
                state,
                _rt: rt,
            })
        }
        pub fn native(&self) -> std::net::SocketAddr {
            self.native
        }
        pub fn set_faults(&self, faults: Faults) {
            *self.state.faults.lock().unwrap() = faults;
        }
    }
}
