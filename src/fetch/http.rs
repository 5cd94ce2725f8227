//! A download. Bytes are returned as they arrive and kept in a partial file, so that an interrupted download resumes, in this run or
//! the next.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::address::{shown, without_secrets};
use super::backoff::{self, Tally};
use super::incoming::Incoming;
use super::partial::Partial;
use super::request::{FileReply, Missing, MissingPart, Requests, refused};
use super::sidecar::{Sidecar, Validator};
use super::{Body, CHUNK, FetchOptions, OpenedPackage, ReadProgress};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::system::events::{Event, EventSink};
use crate::system::http_runtime;
use crate::tdengine::digest::Sha256;

/// New bytes, kept and continued from, after which the retries are counted from zero again.
const PROGRESS: u64 = 1 << 20;

/// A file on its way from a server.
pub(super) struct Download {
    hosts: Vec<Vec<Url>>,
    hint: Message,
    options: FetchOptions,
    events: EventSink,
    requests: Requests,
    tally: Tally,
    state: Option<Incoming>,
    /// Failures in a row, without [`PROGRESS`] between them.
    failures: u32,
    /// How often this host made the file start from its first byte again.
    restarts: u32,
    /// The largest `position` at a failure. Bytes below it, which came before, do not count as progress.
    furthest: u64,
}

/// Opens the first file that is there. `hosts` are lists of addresses, each list on one host.
pub(super) async fn first_of(
    hosts: Vec<Vec<Url>>,
    hint: &Message,
    options: &FetchOptions,
    events: &EventSink,
) -> Result<OpenedPackage> {
    let mut download = Download {
        requests: Requests::new(options.limits.clone(), options.insecure_http),
        hosts,
        hint: hint.clone(),
        options: options.clone(),
        events: events.clone(),
        tally: Tally::default(),
        state: None,
        failures: 0,
        restarts: 0,
        furthest: 0,
    };
    let hosts = download.hosts.clone();
    let state = download.find(hosts).await?;
    let opened = (state.total, file_name(&state.url), state.place.clone());
    let is_resumed = state.on_disk > 0;
    download.state = Some(state);
    let (size, file, place) = opened;
    Ok(OpenedPackage {
        body: Body::Http(Box::new(download)),
        size,
        file,
        place,
        cached: None,
        is_resumed,
    })
}

/// Reads the page at `url`, and no more than `most` bytes of it.
pub(super) async fn read_page(url: &Url, most: usize, options: &FetchOptions) -> Result<Vec<u8>> {
    let mut requests = Requests::new(options.limits.clone(), options.insecure_http);
    let reply = match requests.file(url, None).await {
        Ok(reply) => reply,
        Err(Missing::NotFound(url)) => {
            return Err(refused(&shown(&url), message!("fetch-404")));
        }
        Err(Missing::Withheld(error) | Missing::Passing { error, .. } | Missing::Fatal(error)) => {
            return Err(error);
        }
        Err(Missing::Late) => {
            return Err(refused(&shown(url), message!("fetch-no-answer-in-time")));
        }
    };
    let mut response = reply.response;
    let mut page = Vec::new();
    while page.len() < most {
        let chunk = http_runtime::run(response.chunk());
        match timeout_at(requests.deadline(), chunk).await {
            Ok(Ok(Some(chunk))) => page.extend_from_slice(&chunk),
            Ok(Ok(None)) => break,
            Ok(Err(_)) => {
                return Err(refused(&reply.place, message!("fetch-interrupted-answer")));
            }
            Err(_) => return Err(refused(&reply.place, message!("fetch-no-answer-in-time"))),
        }
    }
    page.truncate(most);
    Ok(page)
}

/// The path of the first of `places` that its server has.
pub(super) async fn first_present(
    places: Vec<(String, Url)>,
    options: &FetchOptions,
) -> Result<Option<String>> {
    let mut requests = Requests::new(options.limits.clone(), options.insecure_http);
    for (path, url) in places {
        match requests.has(&url).await {
            Ok(true) => return Ok(Some(path)),
            Ok(false) => {}
            Err(Missing::NotFound(_) | Missing::Withheld(_)) => {}
            Err(Missing::Passing { error, .. } | Missing::Fatal(error)) => return Err(error),
            Err(Missing::Late) => {
                return Err(refused(&shown(&url), message!("fetch-no-answer-in-time")));
            }
        }
    }
    Ok(None)
}

/// The file name that an address ends in.
pub(super) fn file_name(url: &Url) -> String {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(last)
        .decode_utf8_lossy()
        .into_owned()
}

impl Download {
    /// Asks `hosts` in order, and again while what failed may pass.
    async fn find(&mut self, mut hosts: Vec<Vec<Url>>) -> Result<Incoming> {
        let (mut absent, mut withheld) = (Vec::new(), None);
        let mut round = 0;
        loop {
            let mut passing = None;
            for host in &mut hosts {
                while let Some(url) = host.first().cloned() {
                    self.detail(message!("fetch-trying", place = shown(&url)));
                    match self.open(&url).await {
                        Ok(state) => return Ok(state),
                        Err(Missing::NotFound(url)) => {
                            absent.push(shown(&url));
                            host.remove(0);
                        }
                        Err(Missing::Withheld(error)) => {
                            self.detail(message!(
                                "fetch-failed",
                                tried = error.tried,
                                observed = error.observed
                            ));
                            withheld.get_or_insert(error);
                            host.remove(0);
                        }
                        Err(Missing::Passing { error, wait }) => {
                            self.detail(message!(
                                "fetch-failed",
                                tried = error.tried,
                                observed = error.observed
                            ));
                            self.tally.failed(&shown(&url), error.clone());
                            passing = Some((error, wait.max(passing.and_then(|(_, wait)| wait))));
                            break;
                        }
                        Err(Missing::Fatal(error)) => return Err(error),
                        Err(Missing::Late) => return Err(self.late(&shown(&url))),
                    }
                }
            }
            let Some((error, wait)) = passing else { break };
            if round == self.options.limits.retries {
                break;
            }
            self.wait(round, &error, wait).await?;
            round += 1;
        }
        let tally = std::mem::take(&mut self.tally);
        Err(tally.into_error().or(withheld).unwrap_or_else(|| {
            Error::new(
                ErrorId::PackageNotFound,
                message!("fetch-download-package"),
                message!("fetch-not-found-at", places = absent.join(", ")),
                self.hint.clone(),
            )
        }))
    }

    /// Waits before retry number `retry`. An error where the time for everything would be over by then.
    async fn wait(&mut self, retry: u32, error: &Error, asked: Option<Duration>) -> Result<()> {
        let limits = &self.options.limits;
        let wait = backoff::wait(retry, limits.delay, backoff::jitter(), asked);
        let until = Instant::now().checked_add(wait);
        if until.is_none_or(|until| until >= self.requests.deadline()) {
            let tally = std::mem::take(&mut self.tally);
            return Err(tally.into_error().unwrap_or_else(|| error.clone()));
        }
        self.events.emit(Event::note(message!(
            "fetch-retry-note",
            observed = error.observed,
            seconds = format!("{:.1}", wait.as_secs_f64()),
            retry = retry + 1,
            retries = limits.retries
        )));
        sleep(wait).await;
        Ok(())
    }

    /// Asks one address, for the rest alone where its first part is there from another run.
    async fn open(&mut self, url: &Url) -> std::result::Result<Incoming, Missing> {
        let cache = self.options.cache.folder().to_path_buf();
        let existing = Partial::existing(&cache, &without_secrets(url));
        let (partial, part) = match existing {
            Some((partial, Some(sidecar))) => {
                // The last byte is asked for again, so that the server always has something to say.
                let start = partial.length().min(sidecar.total - 1);
                let part = (start > 0).then_some(MissingPart {
                    start,
                    total: sidecar.total,
                    validator: sidecar.validator,
                });
                (Some(partial), part)
            }
            Some((partial, None)) => (Some(partial), None),
            None => (None, None),
        };
        let reply = self.requests.file(url, part.as_ref()).await?;
        self.begin(url, reply, partial).await
    }

    /// The state after an answer with a file; judges its size, its type and its first bytes.
    async fn begin(
        &self,
        url: &Url,
        reply: FileReply,
        partial: Option<Partial>,
    ) -> std::result::Result<Incoming, Missing> {
        let headers = reply.response.headers();
        let validator = Validator::of(headers);
        let html = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                let value = value.trim_start().to_ascii_lowercase();
                value.starts_with("text/html")
            });
        let total = match &reply.part {
            Some(part) => Some(part.total),
            None => reply.response.content_length(),
        };
        let mut state = Incoming {
            url: url.clone(),
            place: reply.place,
            response: reply.response,
            first: None,
            position: 0,
            on_disk: 0,
            total,
            validator,
            partial,
        };
        state.check_size()?;
        let Some(part) = reply.part else {
            let deadline = self.requests.deadline();
            state.begin(html, &self.options.limits, deadline).await?;
            self.keep_from_the_start(&mut state);
            return Ok(state);
        };
        let cut = state.partial.as_mut().map(|it| it.cut(part.start));
        if !matches!(cut, Some(Ok(()))) {
            // Gone with it, the next try asks for everything.
            state.discard();
            return Err(state.interrupted(message!("fetch-kept-unusable")));
        }
        self.detail(message!(
            "fetch-resuming-of",
            start = part.start,
            total = part.total
        ));
        state.on_disk = part.start;
        state.validator = Some(part.validator);
        Ok(state)
    }

    /// Makes the partial file ready for a file from its first byte on. Without one the download continues unkept.
    fn keep_from_the_start(&self, state: &mut Incoming) {
        let address = without_secrets(&state.url);
        let cache = self.options.cache.folder();
        let partial = state.partial.take();
        let partial = partial.or_else(|| Partial::create(cache, &address));
        let sidecar = match (&state.validator, state.total) {
            (Some(validator), Some(total)) if total > 0 => {
                Some(Sidecar::new(address, validator.clone(), total))
            }
            _ => None,
        };
        state.partial = partial.and_then(|mut partial| match partial.begin(sidecar.as_ref()) {
            Ok(()) => Some(partial),
            Err(error) => {
                self.not_kept(&error);
                partial.discard();
                None
            }
        });
    }

    /// Appends the next bytes to `buffer`, which is empty, about [`CHUNK`] of them.
    pub(super) async fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<ReadProgress> {
        let Some(mut state) = self.state.take() else {
            return Ok(ReadProgress::End);
        };
        if state.position < state.on_disk {
            return self.replay(state, buffer).await;
        }
        let (limits, deadline) = (&self.options.limits, self.requests.deadline());
        let result = state.fill(limits, deadline, buffer).await;
        if let Err(error) = state.keep(buffer) {
            self.not_kept(&error);
        }
        match result {
            Ok(more) => {
                self.state = Some(state);
                Ok(if more {
                    ReadProgress::More
                } else {
                    ReadProgress::End
                })
            }
            Err(missing) => {
                if let Missing::Fatal(_) = missing {
                    // Bytes beyond the end: nothing of it can be trusted.
                    state.discard();
                }
                self.recover(state, missing).await
            }
        }
    }

    /// Hands on what the partial file has. Where it cannot be read, everything starts again.
    async fn replay(&mut self, mut state: Incoming, buffer: &mut Vec<u8>) -> Result<ReadProgress> {
        let most = (state.on_disk - state.position).min(CHUNK as u64);
        let read = match &mut state.partial {
            Some(partial) => partial.read(state.position, most, buffer),
            None => Ok(0),
        };
        match read {
            Ok(read) if read == most => {
                state.position += read;
                self.furthest = self.furthest.max(state.position);
                self.state = Some(state);
                Ok(ReadProgress::More)
            }
            _ => {
                state.discard();
                let missing = state.interrupted(message!("fetch-kept-unreadable"));
                state.validator = None;
                self.recover(state, missing).await
            }
        }
    }

    fn not_kept(&self, error: &std::io::Error) {
        let folder = self.options.cache.folder().display();
        self.detail(message!(
            "fetch-not-kept",
            directory = folder,
            reason = describe_io_error(error)
        ));
    }

    /// Asks the same address for the rest after a failure that may pass, then the other hosts for everything.
    async fn recover(&mut self, mut state: Incoming, mut missing: Missing) -> Result<ReadProgress> {
        let retries = self.options.limits.retries;
        loop {
            let (error, asked) = match missing {
                Missing::Passing { error, wait } => (error, wait),
                Missing::Withheld(error) | Missing::Fatal(error) => return Err(error),
                Missing::Late => return Err(self.late(&state.place)),
                Missing::NotFound(url) => {
                    let observed = message!("fetch-gone");
                    return Err(refused(&shown(&url), observed));
                }
            };
            let before = self.furthest;
            self.furthest = before.max(state.position);
            self.detail(message!(
                "fetch-failed",
                tried = error.tried,
                observed = error.observed
            ));
            self.tally.failed(&shown(&state.url), error.clone());
            if self.failures >= retries || self.restarts >= retries {
                return self.elsewhere(&state.url).await;
            }
            self.wait(self.failures, &error, asked).await?;
            self.failures += 1;
            let url = state.url.clone();
            let part = state.missing_part();
            missing = match self.requests.file(&url, part.as_ref()).await {
                Ok(reply) if reply.part.is_some() => {
                    // The server continues from these bytes, so that they are not asked for again.
                    if state.position >= before + PROGRESS {
                        self.failures = 0;
                    }
                    self.detail(message!("fetch-resuming", start = state.position));
                    state.response = reply.response;
                    self.state = Some(state);
                    return Ok(ReadProgress::More);
                }
                Ok(reply) => match self.begin(&url, reply, state.partial.take()).await {
                    Ok(begun) => {
                        self.restarts += 1;
                        self.state = Some(begun);
                        return Ok(ReadProgress::StartOver);
                    }
                    Err(missing) => missing,
                },
                Err(missing) => missing,
            };
        }
    }

    /// Asks the hosts after the one that `url` is on, for the file from its first byte on.
    async fn elsewhere(&mut self, url: &Url) -> Result<ReadProgress> {
        let current = self.hosts.iter().position(|host| host.contains(url));
        let others = self
            .hosts
            .split_off(current.map_or(0, |current| current + 1));
        let state = self.find(others).await?;
        (self.failures, self.restarts, self.furthest) = (0, 0, 0);
        self.state = Some(state);
        Ok(ReadProgress::StartOver)
    }

    fn late(&mut self, place: &str) -> Error {
        let tally = std::mem::take(&mut self.tally);
        backoff::time_is_over(place, self.options.limits.total, tally)
    }

    /// Moves the complete file into the cache as `name`, and gives its path there.
    pub(super) fn publish(&mut self, sha256: &Sha256, name: &str) -> Option<PathBuf> {
        let partial = self.state.as_mut().and_then(|state| state.partial.take());
        let place = self.options.cache.place(sha256, name);
        match partial?.publish(&place) {
            Ok(()) => Some(place),
            Err(error) => {
                self.not_kept(&error);
                None
            }
        }
    }

    /// Removes what was kept of the file.
    pub(super) fn discard(&mut self) {
        if let Some(state) = &mut self.state {
            state.discard();
        }
    }

    /// Where the bytes come from by now, the file's name, and how many there are.
    pub(super) fn source(&self) -> Option<(String, String, Option<u64>)> {
        let state = self.state.as_ref()?;
        Some((state.place.clone(), file_name(&state.url), state.total))
    }

    fn detail(&self, text: Message) {
        self.events.emit(Event::detail(text));
    }
}

#[cfg(test)]
mod tests;
