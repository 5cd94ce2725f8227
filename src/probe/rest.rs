//! REST: one statement a request, judged by the body.

mod bulk;
mod row_scanner;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use serde_json::Value;

use super::answer_budget::{AnswerBudget, most_bytes};
use super::credentials::Credentials;
use super::json;
use super::reply::{Reply, number};
use super::sql::Rows;
use super::wire::Way;
use crate::message::{Message, message};
use crate::safety::secret::Secret;
use crate::system::http_runtime;
use crate::system::resolver::SystemResolver;

/// The most bytes of an unreadable answer that are kept. More than a report shows: what is secret is taken out of it before
/// it is cut again.
pub(super) const EXCERPT: usize = 4096;

/// A taosAdapter to ask over REST.
#[derive(Clone, Debug)]
pub struct Rest {
    client: reqwest::Client,
    /// What makes it again, without kept connections.
    settings: Arc<RestClientSettings>,
    url: Secret,
    authorization: Option<Secret>,
    proxy: Option<&'static str>,
    /// Whether a request was answered: the next one may use the same connection, which the peer may be closing.
    answered: Arc<AtomicBool>,
}

/// How the server's HTTP client is made.
#[derive(Clone, Debug)]
struct RestClientSettings {
    tls: rustls::ClientConfig,
    /// The host of the URL, without brackets, which stands for `address`.
    host: String,
    address: SocketAddr,
}

impl RestClientSettings {
    /// A client that keeps as many idle connections as `kept`.
    fn client(&self, kept: usize) -> Result<reqwest::Client, Message> {
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(SystemResolver)
            .pool_max_idle_per_host(kept)
            .resolve(&self.host, self.address);
        let builder = if self.address.ip().is_loopback() {
            builder.no_proxy()
        } else {
            builder
        };
        builder.build().map_err(|error| words(&error))
    }
}

impl Rest {
    /// A client for the taosAdapter on the `way`, which `host` (as in URLs) and `prefix` name, as `who`. Proxies of the
    /// environment are used, as Go's and Python's connectors do, unless the address is on this machine; redirects are never
    /// followed. Fails only where the client cannot be built; the reason.
    pub fn new(way: &Way, host: &str, prefix: &str, who: &Credentials) -> Result<Self, Message> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let (scheme, tls) = match &way.tls {
            Some((config, _)) => ("https", (**config).clone()),
            None => (
                "http",
                crate::system::tls::without_trust().map_err(Message::quoted)?,
            ),
        };
        let address = way.address;
        let settings = Arc::new(RestClientSettings {
            tls,
            host: bare.to_owned(),
            address,
        });
        let url = format!("{scheme}://{host}:{}{prefix}/rest/sql", address.port());
        let proxy = if address.ip().is_loopback() {
            None
        } else {
            crate::system::proxy::variable_for(&url)
        };
        Ok(Self {
            client: settings.client(usize::MAX)?,
            settings,
            url: Secret::new(format!("{url}{}", who.query())),
            proxy,
            authorization: who.authorization(),
            answered: Arc::default(),
        })
    }

    /// The variable that sends the requests to a proxy, where one does.
    pub const fn proxy(&self) -> Option<&'static str> {
        self.proxy
    }

    /// Runs `sql` and reads its rows.
    pub async fn query(&self, sql: &str, limit: Duration) -> Reply<Rows> {
        let mut budget = AnswerBudget::new(limit);
        let again = self.answered.load(Ordering::Relaxed) && reads(sql);
        let ask = async {
            match self.post(&self.client, sql, &mut budget).await {
                // A kept connection that the peer was closing: once more on a fresh one.
                Reply::Broken(_) if again => match self.settings.client(0) {
                    Ok(fresh) => self.post(&fresh, sql, &mut budget).await,
                    Err(why) => Reply::Broken(why),
                },
                reply => reply,
            }
        };
        let reply = tokio::time::timeout(limit, http_runtime::run(ask))
            .await
            .unwrap_or(Reply::Unanswered);
        if reply.data().is_some() {
            self.answered.store(true, Ordering::Relaxed);
        }
        reply
    }

    async fn post(
        &self,
        client: &reqwest::Client,
        sql: &str,
        budget: &mut AnswerBudget,
    ) -> Reply<Rows> {
        let mut response = match self.send(client, sql).await {
            Ok(response) => response,
            Err(why) => return Reply::Broken(why),
        };
        let status = response.status().as_u16();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= most_bytes() => {
                    body.extend_from_slice(&chunk)
                }
                Ok(Some(_)) => {
                    let kib = most_bytes() >> 10;
                    return Reply::Malformed(message!("probe-body-too-large", kib = kib));
                }
                Ok(None) => break,
                Err(error) => return Reply::Broken(words(&error)),
            }
        }
        read(status, &body, budget)
    }

    /// Sends `sql`; the answer, as far as its head.
    async fn send(
        &self,
        client: &reqwest::Client,
        sql: &str,
    ) -> Result<reqwest::Response, Message> {
        let mut request = client.post(self.url.reveal());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.reveal());
        }
        let sent = request
            .header(CONTENT_TYPE, "text/plain")
            .header(
                USER_AGENT,
                concat!("taos-setup/", env!("CARGO_PKG_VERSION")),
            )
            .body(sql.to_owned())
            .send()
            .await;
        sent.map_err(|error| words(&error))
    }
}

/// Returns whether `sql` changes nothing, so that it may be sent twice.
fn reads(sql: &str) -> bool {
    let word = sql.split_whitespace().next();
    word.is_some_and(|word| {
        ["select", "show"]
            .iter()
            .any(|it| word.eq_ignore_ascii_case(it))
    })
}

/// What a body says. The HTTP status decides nothing: errors come as 200 too (`transcripts/rest.jsonl`).
pub fn read(status: u16, body: &[u8], budget: &mut AnswerBudget) -> Reply<Rows> {
    let unreadable = || Reply::Unreadable {
        status: Some(status),
        excerpt: String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]).into_owned(),
    };
    let object = match json::parse(body, budget) {
        Ok(Some(Value::Object(object))) => object,
        Ok(_) => return unreadable(),
        Err(over) => return Reply::over(over),
    };
    match object.get("code").and_then(number) {
        None => unreadable(),
        Some(0) => rows(&object).map_or(Reply::Empty, Reply::Data),
        Some(code) => Reply::Refused {
            code: low_bits(code),
            message: object
                .get("desc")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
        },
    }
}

/// The low 16 bits of an error number; REST and WebSocket give no more.
pub(super) fn low_bits(code: i64) -> u16 {
    (code & 0xffff) as u16
}

/// The rows of a successful answer; `None` where the data are missing.
fn rows(object: &serde_json::Map<String, Value>) -> Option<Rows> {
    let columns = object
        .get("column_meta")?
        .as_array()?
        .iter()
        .map(|column| Some(column.as_array()?.first()?.as_str()?.to_owned()))
        .collect::<Option<Vec<String>>>()?;
    let rows = object
        .get("data")?
        .as_array()?
        .iter()
        .map(|row| {
            let cells = row.as_array()?.iter();
            Some(cells.map(text).collect())
        })
        .collect::<Option<Vec<Vec<Option<String>>>>>()?;
    Some(Rows { columns, rows })
}

/// A cell as text: texts and whole numbers.
fn text(cell: &Value) -> Option<String> {
    match cell {
        Value::String(text) => Some(text.clone()),
        Value::Number(whole) if !whole.is_f64() => Some(whole.to_string()),
        _ => None,
    }
}

/// The innermost cause of an error: the outer ones repeat the URL.
pub(super) fn words(error: &reqwest::Error) -> Message {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match innermost.downcast_ref::<std::io::Error>() {
        Some(error) => crate::error::describe_io_error(error),
        None => Message::quoted(innermost.to_string()),
    }
}

#[cfg(test)]
mod tests;
