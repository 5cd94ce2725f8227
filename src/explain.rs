//! Explains a code, an id or a pasted text: meaning, cause, and fix. Works offline.
//!
//! A number is looked up in every family that assigns it, an id as it is. In any other text, one pass finds the codes, the facts
//! and the messages of `manifests/`, and the entries are ranked by them.

pub mod book;
pub mod findings;
pub mod mentioned;
pub mod normal;
pub mod number;
mod pattern;
pub mod plain;
mod rank;
pub mod scan;
mod similar;
#[cfg(test)]
mod tests;
mod versions;
pub mod words;

use serde::Serialize;

use crate::catalog::endings::Endings;
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::safety::redaction::{redact, redact_argument};
use crate::system::env_vars;
use crate::tdengine::platform::Os;
use book::{Book, in_locale};
use findings::Findings;
use mentioned::{NamedServer, ServerOrigin};
use number::Reading;
use plain::plain;
use rank::{EntryKey, Ranker, Ranking};
use similar::SimilarReports;
use words::Words;

/// The most bytes of a pasted text that are looked at.
pub const LIMIT: usize = 1 << 19;

/// The bytes of a text that are looked at for what is shown of it.
const SHOWN: usize = 1 << 13;

/// The most sources of a finding that are listed: it has those of every entry that leads to it.
const SOURCES: usize = 4;

/// A query.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    /// A code, an id or a text.
    pub query: String,
    /// The server to name in fixes, as `--host` gives it.
    pub host: Option<String>,
    /// The platform whose commands fixes consist of.
    pub os: Os,
    /// The language.
    pub locale: Locale,
}

/// The subject of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// An error number.
    Code,
    /// A finding of `verify`.
    Finding,
    /// A problem known by its messages.
    Problem,
}

/// An entry that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// Its subject.
    pub kind: EntryKind,
    /// Its stable id.
    pub id: String,
    /// The fault.
    pub title: String,
    /// The cause.
    pub cause: String,
    /// The remedy.
    pub fix: String,
    /// Links to the facts.
    pub sources: Vec<String>,
    /// The codes that belong to it.
    pub codes: Vec<String>,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The query, safe to show: without secrets and control characters, and cut.
    pub query: String,
    /// The server that fixes name.
    pub server: NamedServer,
    /// The entries that fit, the best first; never empty.
    pub matches: Vec<Match>,
    /// Notes: how sure the answer is, and connections that the query names and that the vendor ends.
    pub notes: Vec<Message>,
    /// How many of them answer the query; the others are merely plausible.
    pub answers: usize,
}

/// Explains the query of `request`.
///
/// # Errors
///
/// `nothing-known` if no entry fits; `usage` if `--host` is invalid.
pub fn explain(request: &ExplainRequest) -> Result<Explanation> {
    let (book, findings) = (Book::built_in()?, Findings::built_in()?);
    let ranker = Ranker::new(book, &findings, SimilarReports::built_in())?;
    answer(request, book, &findings, &ranker)
}

/// Answers `request` from `book` and `findings`.
fn answer(
    request: &ExplainRequest,
    book: &Book,
    findings: &Findings,
    ranker: &Ranker<'_>,
) -> Result<Explanation> {
    let query = beginning(&request.query, LIMIT);
    let shown = printable(&redact(beginning(query.trim(), SHOWN)));
    let query = &plain(query);
    let server = server_for(request, query)?;
    let words = Words::new(
        &server,
        mentioned::unresolved_name(query),
        request.os,
        request.locale,
    );
    let render = |keys: Vec<EntryKey>| -> Result<Vec<Match>> {
        keys.into_iter()
            .map(|key| render_entry(key, book, findings, &words, request))
            .collect()
    };
    match ranker.rank(query)? {
        Ranking::Known(keys, answers) => Ok(Explanation {
            query: shown,
            server,
            matches: render(keys)?,
            notes: endings_in(query),
            answers,
        }),
        Ranking::Similar(keys) => {
            let mut notes = vec![message!("explain-similar")];
            notes.extend(endings_in(query));
            Ok(Explanation {
                query: shown,
                server,
                matches: render(keys)?,
                notes,
                answers: 1,
            })
        }
        Ranking::Unknown(keys) => Err(unknown(query, &shown, &server, &render(keys)?)),
    }
}

fn endings_in(query: &str) -> Vec<Message> {
    let endings = Endings::built_in();
    endings
        .in_text(query)
        .map(|ending| endings.describe(ending))
        .collect()
}

/// Returns the first `limit` bytes of `text`, less a character that the limit divides.
fn beginning(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or(0)]
}

/// Returns all entries: codes, findings, problems.
///
/// # Errors
///
/// `usage` if `--host` is invalid.
pub fn all(request: &ExplainRequest) -> Result<Vec<Match>> {
    let book = Book::built_in()?;
    let findings = Findings::built_in()?;
    let words = Words::new(&server_for(request, "")?, None, request.os, request.locale);
    rank::all(book, &findings)
        .into_iter()
        .map(|key| render_entry(key, book, &findings, &words, request))
        .collect()
}

/// Returns the server to name: that of `--host`, else of the text, else of `TAOS_HOST`, else localhost.
fn server_for(request: &ExplainRequest, query: &str) -> Result<NamedServer> {
    if let Some(text) = &request.host {
        let target: crate::dsn::Target = text.parse().map_err(|complaint: Message| {
            Error::new(
                ErrorId::Usage,
                message!("explain-host", value = printable(&redact_argument(text))),
                complaint,
                Message::quoted("taos-setup explain --host HOST:PORT …"),
            )
        })?;
        return Ok(NamedServer {
            host: target.host,
            port: target.port,
            origin: ServerOrigin::Option,
        });
    }
    let default = || {
        let named = env_vars::TAOS_HOST
            .text()
            .and_then(|text| text.parse::<crate::dsn::Target>().ok());
        match named {
            Some(target) => NamedServer {
                host: target.host,
                port: target.port,
                origin: ServerOrigin::Variable,
            },
            None => NamedServer {
                host: "localhost".into(),
                port: None,
                origin: ServerOrigin::Default,
            },
        }
    };
    Ok(match mentioned::in_text(query) {
        Some(named) if named.host.is_empty() => NamedServer {
            port: named.port,
            ..default()
        },
        Some(named) => named,
        None => default(),
    })
}

/// Renders the entry of `key` in the requested language.
fn render_entry(
    key: EntryKey,
    book: &Book,
    findings: &Findings,
    words: &Words,
    request: &ExplainRequest,
) -> Result<Match> {
    let (locale, os) = (request.locale, request.os);
    match key {
        EntryKey::Code { cause, code } => {
            let entry = &book.causes[cause];
            let (text, message) = &entry.codes[code];
            let texts = in_locale(&entry.en, &entry.zh, locale);
            let title = words.render(&texts.title)?;
            let title = if message.is_empty() {
                title
            } else {
                message!("explain-code-title", message = message, title = title).text(locale)
            };
            let id = Reading::of_manifest(entry.family, text)
                .map_or_else(|| text.clone(), |reading| reading.id(entry.family));
            Ok(Match {
                kind: EntryKind::Code,
                codes: vec![id.clone()],
                id,
                title,
                cause: words.render(&texts.cause)?,
                fix: words.render(texts.fix(os))?,
                sources: entry.sources.clone(),
            })
        }
        EntryKey::Finding(at) => {
            let (id, entry) = findings.get(at);
            let texts = entry.texts(locale);
            let words = words.of_finding(id);
            let (mut sources, codes) = rank::related_to_finding(id, book);
            if !entry.docs.is_empty() {
                sources.retain(|source| *source != entry.docs);
                sources.insert(0, entry.docs.clone());
            }
            sources.truncate(SOURCES);
            if sources.is_empty() {
                sources.push("taos-setup verify".into());
            }
            Ok(Match {
                kind: EntryKind::Finding,
                id: id.to_owned(),
                title: words.render(&texts.summary)?,
                cause: words.render(&texts.cause)?,
                fix: words.render(&texts.fix)?,
                sources,
                codes,
            })
        }
        EntryKey::Problem(at) => {
            let entry = &book.problems[at];
            let texts = in_locale(&entry.en, &entry.zh, locale);
            Ok(Match {
                kind: EntryKind::Problem,
                id: entry.id.clone(),
                title: words.render(&texts.title)?,
                cause: words.render(&texts.cause)?,
                fix: words.render(texts.fix(os))?,
                sources: entry.sources.clone(),
                codes: rank::codes_of(&entry.findings, book),
            })
        }
    }
}

/// Returns the error for a text that no entry explains: the nearest entries, and what to paste in addition.
fn unknown(query: &str, shown: &str, server: &NamedServer, nearest: &[Match]) -> Error {
    let numbers = scan::alone(query).unwrap_or_else(|| {
        scan::within(&normal::normal(query))
            .into_iter()
            .filter(|code| code.sure)
            .map(|code| code.reading)
            .collect()
    });
    let mut observed = match numbers.first() {
        Some(reading) => message!("explain-unknown-number", number = reading.describe()),
        None => message!("explain-unknown-text"),
    };
    if !nearest.is_empty() {
        observed = observed.then(message!("explain-unknown-nearest"));
        for (at, entry) in nearest.iter().enumerate() {
            if at > 0 {
                observed = observed.then(message!("explain-unknown-comma"));
            }
            let (id, title) = (&entry.id, &entry.title);
            observed = observed.then(message!("explain-unknown-entry", id = id, title = title));
        }
    }
    let host = crate::dsn::target::bracketed(&server.host);
    let target = match server.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    Error::new(
        ErrorId::NothingKnown,
        message!("explain-text", text = shown),
        observed,
        message!("explain-unknown-next", target = target),
    )
}
