//! The time that a web server says it is.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::DATE;
use rustls::ClientConfig;
use url::Url;

use super::rest::words;
use crate::message::{Message, message};
use crate::system::resolver::SystemResolver;
use crate::system::{clock, http_runtime};

/// The time of a server against this machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpDate {
    /// What the `Date` header says.
    pub date: Timestamp,
    /// How far it is ahead of this machine's clock; less than nothing if it is behind.
    pub ahead: SignedDuration,
}

/// Asks `url` for its head and reads the `Date`. Redirects are not followed, and nothing of the body is read.
///
/// # Errors
/// The reason why there is no time.
pub async fn ask(url: &Url, tls: ClientConfig, limit: Duration) -> Result<HttpDate, Message> {
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(SystemResolver)
        .timeout(limit)
        .build()
        .map_err(|error| words(&error))?;
    let begun = clock::now();
    let request = client.head(url.clone()).send();
    let answer = tokio::time::timeout(limit, http_runtime::run(request)).await;
    let answer = answer
        .map_err(|_| message!("doctor-time-unanswered"))?
        .map_err(|error| words(&error))?;
    let date = answer.headers().get(DATE).and_then(|it| it.to_str().ok());
    let date = date.and_then(|it| jiff::fmt::rfc2822::parse(it).ok());
    let date = date
        .ok_or_else(|| message!("doctor-time-missing"))?
        .timestamp();
    // The header has whole seconds, cut off, and was written between both moments.
    let ended = clock::now();
    let half = begun.duration_until(ended) / 2;
    let middle = begun.checked_add(half).unwrap_or(begun);
    let ahead = middle.duration_until(date) + SignedDuration::from_millis(500);
    Ok(HttpDate { date, ahead })
}
