//! Schemaless writes over REST: Influx's line protocol, OpenTSDB's telnet lines and JSON.

use std::collections::HashMap;
use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::json;

use super::reply::{self, Reply};
use super::{auth, patience};
use crate::schemaless::Protocol;
use crate::sql::SqlError;
use crate::state::State;

/// Longest body that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// `POST /influxdb/v1/write?db=…&precision=…`.
pub(super) async fn influx(request: &mut Request<Incoming>, state: &Arc<State>) -> Reply {
    let query: HashMap<String, String> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let named = |name: &str| query.get(name).map(String::as_str);
    let login = match (named("u"), named("p")) {
        (Some(user), Some(password)) => Ok((user.to_owned(), password.to_owned())),
        _ => auth::credentials(request.headers()),
    };
    let database = named("db").unwrap_or_default().to_owned();
    let precision = named("precision").unwrap_or_default().to_owned();
    let key = named("table_name_key").map(str::to_owned);
    let write = Write {
        protocol: Protocol::Line,
        precision: &precision,
        database: &database,
        key: key.as_deref(),
    };
    match write.run(request, state, login).await {
        Ok(()) => reply::empty(StatusCode::NO_CONTENT),
        Err((status, error)) => {
            let message = format!("[{:#x}] {}", error.code, error.text);
            let body = json!({"code": "internal error", "message": message});
            reply::json(status, body.to_string())
        }
    }
}

/// `POST /opentsdb/v1/put/json/DATABASE` and `…/telnet/DATABASE`.
pub(super) async fn opentsdb(
    request: &mut Request<Incoming>,
    state: &Arc<State>,
    format: &str,
    database: &str,
) -> Reply {
    let login = auth::credentials(request.headers());
    let write = Write {
        protocol: if format == "json" {
            Protocol::Json
        } else {
            Protocol::Telnet
        },
        precision: "",
        database,
        key: None,
    };
    match write.run(request, state, login).await {
        Ok(()) => reply::empty(StatusCode::NO_CONTENT),
        Err((status, error)) => {
            let body = json!({"code": error.code, "message": error.text});
            reply::json(status, body.to_string())
        }
    }
}

struct Write<'a> {
    protocol: Protocol,
    precision: &'a str,
    database: &'a str,
    key: Option<&'a str>,
}

impl Write<'_> {
    async fn run(
        &self,
        request: &mut Request<Incoming>,
        state: &Arc<State>,
        login: Result<(String, String), auth::Refusal>,
    ) -> Result<(), (StatusCode, SqlError)> {
        let failed = |error| (StatusCode::INTERNAL_SERVER_ERROR, error);
        let (user, password) = match state.cloud_login() {
            Some(login) => login,
            None => login
                .map_err(|(code, text)| (StatusCode::UNAUTHORIZED, SqlError::new(code, text)))?,
        };
        let body = Limited::new(request.body_mut(), LONGEST).collect().await;
        let body = body.map_err(|_| {
            let error = SqlError::new(0xffff, "request body is too large or broken off");
            (StatusCode::BAD_REQUEST, error)
        })?;
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        let login = state.login_pooled(&user, &password);
        patience(state, &login).await;
        let mut session = login.map_err(failed)?;
        if !state.has_database(self.database) {
            return Err(failed(SqlError::missing_database()));
        }
        state.select_database(&mut session, self.database);
        let points = self
            .protocol
            .points(&text, self.precision, state.release())
            .map_err(failed)?;
        state
            .write_points(&session, &points, self.key)
            .map_err(failed)
    }
}
