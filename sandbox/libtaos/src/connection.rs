//! What stands behind a `TAOS *`.

use std::env;
use std::ffi::{CStr, CString};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::error::{Error, c_string};
use crate::outcome::{Outcome, Rows};
use crate::wire::Wire;
use crate::{config, faults, log_folder, marker};

/// A user's name is at most this long, in bytes.
const MAX_USER: usize = 23;

/// An open connection.
pub(crate) struct Connection {
    wire: Mutex<Wire>,
    server_info: CString,
}

/// What `taos_connect` was given; an absent user or password means the public default, as for the real library.
pub(crate) struct Login<'a> {
    /// Empty means: as configured.
    pub(crate) host: &'a str,
    /// 0 means: as configured.
    pub(crate) port: u16,
    pub(crate) user: Option<&'a str>,
    pub(crate) password: Option<&'a str>,
    /// Empty means none.
    pub(crate) db: &'a str,
    /// Replaces user and password.
    pub(crate) token: Option<&'a str>,
}

impl Connection {
    /// Starts the library, connects and logs in.
    pub(crate) fn open(login: &Login<'_>) -> Result<Self, Error> {
        faults::on_connect();
        log_folder::check()?;
        if marker::role() == marker::Role::WebSocket {
            return Err(Error::new(
                0x0100,
                "The stand-in driver has no WebSocket mode",
            ));
        }
        let user = login.user.unwrap_or("root");
        let password = login.password.unwrap_or("taosdata");
        if user.is_empty() || user.len() > MAX_USER {
            return Err(Error::new(0x0207, "Invalid user name"));
        }
        if password.is_empty() {
            let text = if marker::at_least([3, 3, 0]) {
                "Invalid password length"
            } else {
                "Invalid password"
            };
            return Err(Error::new(0x0208, text));
        }
        let first_ep = env::var("TAOS_FIRST_EP").ok();
        let (host, port) =
            config::end_point(login.host, login.port, first_ep.as_deref(), &config::text());
        let mut wire = Wire::dial(&host, port)?;
        let request = match login.token {
            Some(token) => json!({"login": {"token": token, "db": login.db}}),
            None => json!({"login": {"user": user, "password": password, "db": login.db}}),
        };
        wire.ask(&request)?;
        let server_info = c_string(&format!(
            "ver:{}\nbuild:taos-setup sandbox, not TDengine\ngitinfo:none",
            wire.server_version()
        ));
        Ok(Self {
            wire: Mutex::new(wire),
            server_info,
        })
    }

    /// `taos_get_server_info`.
    pub(crate) fn server_info(&self) -> &CStr {
        &self.server_info
    }

    /// Sends a request and gives its answer.
    pub(crate) fn ask(&self, request: &Value) -> Result<Value, Error> {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        wire.ask(request)
    }

    /// Runs one statement.
    pub(crate) fn query(&self, sql: &str) -> Outcome {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = wire
            .ask(&json!({ "query": sql }))
            .and_then(|answer| Rows::read(&answer));
        Outcome::from(answer)
    }
}

/// What `taos -k` asks: 2 if a server of this version answers, else 0.
pub(crate) fn server_status(host: &str, port: u16) -> i32 {
    let (host, port) = config::end_point(host, port, None, &config::text());
    if Wire::dial(&host, port).is_ok() {
        2
    } else {
        0
    }
}
