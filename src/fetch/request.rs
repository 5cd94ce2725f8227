//! One request. Redirects are followed here, one by one, so that none leads from https to http or carries a password along.

use reqwest::{Method, Response, StatusCode, header};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::address::{check_scheme, shown};
use super::backoff::retry_after;
use super::client::{HttpClients, describe, is_proxy_login, proxy_variable, tls_fault};
use super::content_range::ContentRange;
use super::limits::DownloadLimits;
use super::sidecar::Validator;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::system::http_runtime;

/// As many redirects as browsers allow are never needed.
const REDIRECTS: usize = 10;

/// Why an address gave nothing.
#[derive(Debug)]
pub(super) enum Missing {
    /// The server says that there is no such file.
    NotFound(Url),
    /// It may pass, or another server may have it. `wait` is what the server asks for.
    Passing {
        error: Error,
        wait: Option<Duration>,
    },
    /// The server does not give it to us. Object stores answer so for a file that is not there, if listing is not allowed.
    Withheld(Error),
    /// Trying elsewhere would hide this.
    Fatal(Error),
    /// The time for the whole download is over.
    Late,
}

/// The part of a file that is missing.
#[derive(Clone, Debug)]
pub(super) struct MissingPart {
    /// The first byte that is missing, counted from 0.
    pub(super) start: u64,
    /// The size of the whole file.
    pub(super) total: u64,
    /// What the file had when its first part came.
    pub(super) validator: Validator,
}

/// A server's answer with a file, or the rest of one.
#[derive(Debug)]
pub(super) struct FileReply {
    pub(super) response: Response,
    /// Where it comes from, safe to show.
    pub(super) place: String,
    /// The part that it holds; `None` for the whole file.
    pub(super) part: Option<MissingPart>,
}

/// Asks servers within limits.
#[derive(Debug)]
pub(super) struct Requests {
    clients: HttpClients,
    limits: DownloadLimits,
    insecure_http: bool,
    deadline: Instant,
}

impl Requests {
    /// Requests whose time begins now.
    pub(super) fn new(limits: DownloadLimits, insecure_http: bool) -> Self {
        Self {
            clients: HttpClients::default(),
            deadline: Instant::now() + limits.total,
            limits,
            insecure_http,
        }
    }

    /// When the time for everything is over.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Asks for the file at `url`: for `part`, where one is given and the server still has the same file, else for all of it.
    pub(super) async fn file(
        &mut self,
        url: &Url,
        part: Option<&MissingPart>,
    ) -> std::result::Result<FileReply, Missing> {
        if let Some(part) = part {
            let (response, place) = self.ask(Method::GET, url, Some(part)).await?;
            match response.status() {
                StatusCode::PARTIAL_CONTENT if fits(&response, part) => {
                    return Ok(FileReply {
                        response,
                        place,
                        part: Some(part.clone()),
                    });
                }
                StatusCode::OK => {
                    return Ok(FileReply {
                        response,
                        place,
                        part: None,
                    });
                }
                // Another part than the one asked for, or none: the file has changed. Once more for all of it.
                StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {}
                _ => return Err(status_fault(&response, &place)),
            }
        }
        let (response, place) = self.ask(Method::GET, url, None).await?;
        match response.status() {
            StatusCode::OK => Ok(FileReply {
                response,
                place,
                part: None,
            }),
            _ => Err(status_fault(&response, &place)),
        }
    }

    /// Whether the server has a file at `url`. Servers that do not know HEAD are asked with GET, whose body is not read.
    pub(super) async fn has(&mut self, url: &Url) -> std::result::Result<bool, Missing> {
        for method in [Method::HEAD, Method::GET] {
            let may_repeat = method == Method::HEAD;
            let (response, place) = self.ask(method, url, None).await?;
            match response.status() {
                StatusCode::OK => return Ok(true),
                StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED if may_repeat => {}
                _ => return Err(status_fault(&response, &place)),
            }
        }
        Ok(false)
    }

    /// The first answer that is not a redirect.
    async fn ask(
        &mut self,
        method: Method,
        asked: &Url,
        part: Option<&MissingPart>,
    ) -> std::result::Result<(Response, String), Missing> {
        check_scheme(asked, self.insecure_http).map_err(Missing::Fatal)?;
        let mut url = asked.clone();
        for _ in 0..=REDIRECTS {
            let place = shown(&url);
            let response = self.send(&method, &url, &place, part).await?;
            let status = response.status();
            if status == StatusCode::NOT_FOUND {
                return Err(Missing::NotFound(url));
            }
            if !status.is_redirection() {
                return Ok((response, place));
            }
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            url = redirected(&url, location, self.insecure_http).map_err(Missing::Fatal)?;
        }
        let observed = message!("fetch-redirects", most = REDIRECTS.to_string());
        Err(Missing::Fatal(refused(&shown(asked), observed)))
    }

    async fn send(
        &mut self,
        method: &Method,
        url: &Url,
        place: &str,
        part: Option<&MissingPart>,
    ) -> std::result::Result<Response, Missing> {
        let client = self.clients.of(url, &self.limits).map_err(Missing::Fatal)?;
        let mut request = client
            .request(method.clone(), url.clone())
            .header(header::ACCEPT_ENCODING, "identity");
        if let Some(part) = part {
            request = request
                .header(header::RANGE, format!("bytes={}-", part.start))
                .header(header::IF_RANGE, part.validator.as_str());
        }
        let sent = timeout_at(self.deadline, http_runtime::run(request.send())).await;
        sent.map_err(|_| Missing::Late)?.map_err(|error| {
            if let Some((observed, next)) = tls_fault(&error) {
                let tried = message!("fetch-download", place = place);
                return Missing::Fatal(Error::new(ErrorId::DownloadFailed, tried, observed, next));
            }
            let observed = describe(&error, &self.limits);
            let for_good = error.is_builder() || is_proxy_login(&error);
            let fault = unreached(
                place,
                observed,
                match error.is_connect() {
                    true => proxy_variable(url),
                    false => None,
                },
            );
            if for_good {
                Missing::Fatal(fault)
            } else {
                Missing::Passing {
                    error: fault,
                    wait: None,
                }
            }
        })
    }
}

/// A server that was not reached. `proxy` is the variable that names the proxy in front of it: then it was the proxy that
/// failed, whatever the server does.
fn unreached(place: &str, observed: Message, proxy: Option<&str>) -> Error {
    let (observed, next) = match proxy {
        Some(variable) => (
            message!(
                "fetch-through-proxy",
                observed = observed,
                variable = variable
            ),
            message!("fetch-through-proxy-next", variable = variable),
        ),
        None => (observed, message!("fetch-unreached-next")),
    };
    Error::new(
        ErrorId::DownloadFailed,
        message!("fetch-download", place = place),
        observed,
        next,
    )
}

/// Whether an answer with a part is the part that was asked for, of the same file.
fn fits(response: &Response, part: &MissingPart) -> bool {
    let headers = response.headers();
    let range = headers
        .get(header::CONTENT_RANGE)
        .and_then(|value| value.to_str().ok())
        .and_then(ContentRange::parse);
    let Some(range) = range else { return false };
    range.first == part.start
        && range.last < part.total
        && range.total.is_none_or(|total| total == part.total)
        && response
            .content_length()
            .is_none_or(|length| length == range.length())
        && part.validator.agrees(headers)
}

/// What a status without a file means.
fn status_fault(response: &Response, place: &str) -> Missing {
    let status = response.status();
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        && let Some(proxy) = proxy_variable(response.url())
    {
        return Missing::Fatal(unreached(place, message!("fetch-proxy-login"), Some(proxy)));
    }
    let wait = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| retry_after(text, crate::system::clock::now()));
    let observed = message!(
        "fetch-status",
        status = status,
        wait = wait.is_some(),
        seconds = wait.map_or(0, |wait| wait.as_secs())
    );
    let error = refused(place, observed);
    if status == StatusCode::FORBIDDEN {
        Missing::Withheld(error)
    } else if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
        Missing::Passing { error, wait }
    } else {
        Missing::Fatal(error)
    }
}

/// Where a redirect from `from` leads that names `location`. It may not fall back from https to http, not even to this
/// machine's. User and password are sent only to the same server.
fn redirected(from: &Url, location: Option<&str>, insecure_http: bool) -> Result<Url> {
    let mut to = location
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| refused(&shown(from), message!("fetch-redirect-nowhere")))?;
    let falls_back = from.scheme() == "https" && to.scheme() != "https";
    if falls_back || check_scheme(&to, insecure_http).is_err() {
        let observed = message!("fetch-redirect-unsafe", place = shown(&to));
        return Err(refused(&shown(from), observed));
    }
    let same = from.origin() == to.origin();
    let (user, password) = if same {
        (from.username(), from.password())
    } else {
        ("", None)
    };
    let _ = to.set_username(user);
    let _ = to.set_password(password);
    Ok(to)
}

/// An answer that is not the file.
pub(super) fn refused(place: &str, observed: Message) -> Error {
    Error::new(
        ErrorId::DownloadRefused,
        message!("fetch-download", place = place),
        observed,
        message!("fetch-refused-next"),
    )
}

#[cfg(test)]
mod tests;
