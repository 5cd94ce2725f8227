//! The use case: a code, an id or a pasted text to what it means, why it happens and what to do. Whole and offline.
//!
//! A number is looked up in every family that may have given it. An id is looked up as it is. Anything else is a text: the
//! codes in it, and the phrases of `manifests/problems.toml` and the servers' own words, are weighed against each other.

pub mod book;
pub mod findings;
pub mod normal;
pub mod number;
pub mod phrases;
pub mod place;
pub mod scan;
pub mod secrets;
#[cfg(test)]
mod tests;
mod weigh;
pub mod words;

use serde::Serialize;

use crate::error::{Error, ErrorId, Result};
use crate::safety::printable::printable;
use crate::system::env_vars;
use crate::system::locale::Locale;
use crate::tdengine::platform::Os;
use book::{Book, in_locale};
use findings::Findings;
use number::Reading;
use place::{Place, Source};
use weigh::{Item, Scale};
use words::Words;

/// The most bytes of a pasted text that are looked at.
pub const LIMIT: usize = 1 << 20;

/// How many sources of a finding are named: it has those of every entry that leads to it.
const SOURCES: usize = 4;

/// What to explain.
#[derive(Clone, Debug)]
pub struct Request {
    /// A code, an id or a text.
    pub query: String,
    /// The server to name in fixes, as `--host` gives it.
    pub host: Option<String>,
    /// Whose commands fixes are made of.
    pub os: Os,
    /// The language.
    pub locale: Locale,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An error number.
    Code,
    /// A finding of `verify`.
    Finding,
    /// A problem known by its words.
    Problem,
}

/// An entry that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    /// What it is about.
    pub kind: Kind,
    /// Its stable id.
    pub id: String,
    /// What is wrong.
    pub title: String,
    /// Why.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// Where the facts come from.
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
    pub place: Place,
    /// The entries that fit, the best first; never empty.
    pub matches: Vec<Match>,
    /// How many of them answer the query; the others are merely plausible.
    pub answers: usize,
}

/// Explains `request`'s query. Nothing known fits: `nothing-known` (exit 3).
pub fn explain(request: &Request) -> Result<Explanation> {
    let (book, findings) = (Book::built_in()?, Findings::built_in()?);
    answer(request, &book, &findings, &Scale::new(&book, &findings)?)
}

/// The answer to `request` from what is known.
fn answer(
    request: &Request,
    book: &Book,
    findings: &Findings,
    scale: &Scale<'_>,
) -> Result<Explanation> {
    let mut query = request.query.as_str();
    if query.len() > LIMIT {
        let cut = (0..=LIMIT).rev().find(|at| query.is_char_boundary(*at));
        query = &query[..cut.unwrap_or(0)];
    }
    let place = place_of(request, query)?;
    let shown = printable(&secrets::redacted(query.trim()));
    let (items, answers) = scale.weigh(query);
    if items.is_empty() {
        return Err(unknown(query, &shown, &place));
    }
    let words = Words::new(&place, request.os, request.locale);
    let matches = items
        .into_iter()
        .map(|item| told(item, book, findings, &words, request))
        .collect::<Result<_>>()?;
    Ok(Explanation {
        query: shown,
        place,
        matches,
        answers,
    })
}

/// Every entry there is: codes, findings, problems.
pub fn all(request: &Request) -> Result<Vec<Match>> {
    let book = Book::built_in()?;
    let findings = Findings::built_in()?;
    let words = Words::new(&place_of(request, "")?, request.os, request.locale);
    weigh::all(&book, &findings)
        .into_iter()
        .map(|item| told(item, &book, &findings, &words, request))
        .collect()
}

/// The server to name: `--host`, else the text's, else `TAOS_HOST`, else localhost.
fn place_of(request: &Request, query: &str) -> Result<Place> {
    if let Some(text) = &request.host {
        let target: crate::dsn::Target = text.parse().map_err(|complaint: String| {
            Error::new(
                ErrorId::Usage,
                format!("read --host {}", printable(&secrets::redacted(text))),
                complaint,
                "taos-setup explain --host HOST:PORT …",
            )
        })?;
        return Ok(Place {
            host: target.host,
            port: target.port,
            source: Source::Option,
        });
    }
    let default = || {
        let named = env_vars::TAOS_HOST
            .text()
            .and_then(|text| text.parse::<crate::dsn::Target>().ok());
        match named {
            Some(target) => Place {
                host: target.host,
                port: target.port,
                source: Source::Variable,
            },
            None => Place {
                host: "localhost".into(),
                port: None,
                source: Source::Default,
            },
        }
    };
    Ok(match place::in_text(query) {
        Some(place) if place.host.is_empty() => Place {
            port: place.port,
            ..default()
        },
        Some(place) => place,
        None => default(),
    })
}

/// The entry of `item` in words.
fn told(
    item: Item,
    book: &Book,
    findings: &Findings,
    words: &Words,
    request: &Request,
) -> Result<Match> {
    let (locale, os) = (request.locale, request.os);
    match item {
        Item::Code { cause, code } => {
            let entry = &book.causes[cause];
            let (text, says) = &entry.codes[code];
            let texts = in_locale(&entry.en, &entry.zh, locale);
            let title = words.render(&texts.title)?;
            let title = match (says.is_empty(), locale) {
                (true, _) => title,
                (false, Locale::En) => format!("{says}: {title}"),
                (false, Locale::Zh) => format!("{says}：{title}"),
            };
            let id = Reading::of_manifest(entry.family, text)
                .map_or_else(|| text.clone(), |reading| reading.id(entry.family));
            Ok(Match {
                kind: Kind::Code,
                codes: vec![id.clone()],
                id,
                title,
                cause: words.render(&texts.cause)?,
                fix: words.render(texts.fix(os))?,
                sources: entry.sources.clone(),
            })
        }
        Item::Finding(at) => {
            let (id, entry) = findings.get(at);
            let texts = entry.texts(locale);
            let words = words.of_finding(id);
            let (mut sources, codes) = weigh::around_finding(id, book);
            if !entry.docs.is_empty() {
                sources.retain(|source| *source != entry.docs);
                sources.insert(0, entry.docs.clone());
            }
            sources.truncate(SOURCES);
            if sources.is_empty() {
                sources.push("taos-setup verify".into());
            }
            Ok(Match {
                kind: Kind::Finding,
                id: id.to_owned(),
                title: words.render(&texts.summary)?,
                cause: words.render(&texts.cause)?,
                fix: words.render(&texts.fix)?,
                sources,
                codes,
            })
        }
        Item::Problem(at) => {
            let entry = &book.problems[at];
            let texts = in_locale(&entry.en, &entry.zh, locale);
            Ok(Match {
                kind: Kind::Problem,
                id: entry.id.clone(),
                title: words.render(&texts.title)?,
                cause: words.render(&texts.cause)?,
                fix: words.render(texts.fix(os))?,
                sources: entry.sources.clone(),
                codes: weigh::codes_of(&entry.findings, book),
            })
        }
    }
}

/// What to say where nothing fits: what was understood, and what to do.
fn unknown(query: &str, shown: &str, place: &Place) -> Error {
    let numbers = scan::alone(query).unwrap_or_else(|| scan::within(query));
    let understood = match numbers.first() {
        Some(reading) => format!(
            "it reads as {}, and no entry is about that",
            reading.words()
        ),
        None => "no code, id or known message is in it".into(),
    };
    let host = crate::dsn::target::bracketed(&place.host);
    let target = match place.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    Error::new(
        ErrorId::NothingKnown,
        format!("explain {shown:?}"),
        understood,
        format!(
            "taos-setup verify {}    # tries the connection itself; taos-setup explain --list shows what is known",
            crate::system::shell::quoted(&target)
        ),
    )
}
