//! `POST /rest/sql[/DATABASE]`: stateless, one statement a request.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use jiff::tz::TimeZone;

use super::reply::{self, Reply};
use super::{auth, json, patience};
use crate::sql::SqlError;
use crate::state::State;

/// Longest statement that is read.
const LONGEST: usize = 16 * 1024 * 1024;

pub(crate) async fn respond(
    request: &mut Request<Incoming>,
    state: &Arc<State>,
    database: Option<&str>,
    start: Instant,
) -> Reply {
    let refuse = |status: StatusCode, code: i32, text: &str| {
        reply::json(status, json::error(state.release(), code, text, start))
    };
    let bearer = auth::bearer(request.headers()).filter(|_| state.knows_tokens());
    let credentials = auth::credentials(request.headers());
    let (user, password) = match (state.cloud_login(), bearer, credentials) {
        (Some(login), _, _) => login,
        (None, Some(token), _) => match state.user_of_token(token) {
            Ok(login) => login,
            Err(error) => return failed(state, &error, start),
        },
        (None, None, Ok(credentials)) => credentials,
        (None, None, Err((code, text))) => return refuse(StatusCode::UNAUTHORIZED, code, text),
    };
    let query: HashMap<String, String> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    if let Some(id) = query.get("req_id").filter(|id| id.parse::<i64>().is_err()) {
        let text = format!(
            "illegal param, req_id must be numeric strconv.ParseInt: parsing \"{id}\": invalid syntax"
        );
        return refuse(StatusCode::BAD_REQUEST, 0xffff, &text);
    }
    let body = match Limited::new(request.body_mut(), LONGEST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            return refuse(
                StatusCode::BAD_REQUEST,
                0xffff,
                "request body is too large or broken off",
            );
        }
    };
    let sql = String::from_utf8_lossy(&body);
    if sql.is_empty() {
        return refuse(StatusCode::BAD_REQUEST, 0x1106, "request is empty");
    }
    let mut zone = None;
    let old = state.release().is_before_33();
    let parameters: &[&str] = if old { &["tz"] } else { &["tz", "conn_tz"] };
    for parameter in parameters {
        let Some(name) = query.get(*parameter).filter(|name| !name.is_empty()) else {
            continue;
        };
        match TimeZone::get(name) {
            Ok(known) => zone = Some(known),
            Err(_) => {
                return refuse(
                    StatusCode::BAD_REQUEST,
                    0xffff,
                    &format!("unknown time zone {name}"),
                );
            }
        }
    }
    if state.faults().rest_pool_used_up && state.is_right(&user, &password) {
        return refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            0xffff,
            "get connection timeout",
        );
    }
    let login = state.login_pooled(&user, &password);
    patience(state, &login).await;
    let mut session = match login {
        Ok(session) => session,
        Err(error) => return failed(state, &error, start),
    };
    // 3.2 knows no time zone of a connection.
    if let Some(name) = query.get("conn_tz")
        && !state.release().is_before_33()
    {
        session.set_zone(name);
    }
    if let Some(database) = database.filter(|name| state.has_database(name)) {
        state.select_database(&mut session, database);
    }
    let answer = state.execute(&mut session, &sql);
    patience(state, &answer).await;
    tokio::time::sleep(state.faults().data.delay(&sql, state.release())).await;
    match answer {
        Ok(answer) => {
            let row_with_meta = query
                .get("row_with_meta")
                .is_some_and(|value| value == "true" && !state.release().is_before_33());
            reply::streamed(json::answer(
                &answer,
                zone.as_ref().unwrap_or(session.zone()),
                row_with_meta,
            ))
        }
        Err(error) => failed(state, &error, start),
    }
}

/// An SQL error: status 200 unless the adapter is set to show errors in the status.
fn failed(state: &State, error: &SqlError, start: Instant) -> Reply {
    let status = match error.code {
        _ if !state.http_code_server_error() => StatusCode::OK,
        0 => StatusCode::OK,
        0x357 | 0x351 => StatusCode::UNAUTHORIZED,
        0x2600 | 0x2601 | 0x216 => StatusCode::BAD_REQUEST,
        0xb => StatusCode::BAD_GATEWAY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    reply::json(
        status,
        json::error(state.release(), error.code, &error.text, start),
    )
}
