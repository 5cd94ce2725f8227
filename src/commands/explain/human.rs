//! Text form of `taos-setup explain`.

use unicode_width::UnicodeWidthStr;

use crate::explain::mentioned::ServerOrigin;
use crate::explain::{EntryKind, Explanation, Match};
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::HumanOptions;
use crate::output::layout::note;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;

/// Returns the usage, which a run without a query prints.
pub fn usage(locale: Locale) -> String {
    format!("{}\n", message!("explain-usage").text(locale))
}

/// Renders the answers in full and the other entries by name.
pub fn matches(explanation: &Explanation, locale: Locale, style: Style) -> String {
    let (answers, others) = explanation
        .matches
        .split_at(explanation.answers.min(explanation.matches.len()));
    let mut text = answers
        .iter()
        .map(|entry| in_full(entry, locale, style))
        .collect::<Vec<_>>()
        .join("\n");
    if !others.is_empty() {
        let heading = message!("explain-label-others").text(locale);
        text.push_str(&format!("\n{heading}\n"));
        for entry in others {
            text.push_str(&format!(
                "  {}    # {}\n",
                style.code(format_args!(
                    "taos-setup explain {}",
                    escape_controls(&entry.id)
                )),
                escape_controls(&entry.title)
            ));
        }
    }
    text
}

fn in_full(entry: &Match, locale: Locale, style: Style) -> String {
    let cause = message!("explain-label-cause").text(locale);
    let mut text = format!(
        "{} {}\n  {}{}\n  {}{}\n",
        style.strong(format_args!("{}:", escape_controls(&entry.id))),
        style.strong(escape_controls(&entry.title)),
        &cause,
        style.prose(cause.width() + 2, 4, escape_controls(&entry.cause)),
        message!("explain-label-fix").text(locale),
        style.code(escape_controls(&entry.fix)),
    );
    for source in &entry.sources {
        text.push_str(&format!(
            "  {}{}\n",
            message!("explain-label-source").text(locale),
            style.faint(escape_controls(source))
        ));
    }
    text
}

/// Renders the notes that go with the answer: the server, how sure it is, and connections that end.
pub fn notes(explanation: &Explanation, options: &HumanOptions) -> String {
    let lines = explanation.notes.iter().map(|text| note(text, options));
    lines.fold(server_note(explanation, options.locale), |all, line| {
        all + &line
    })
}

/// Renders a note on the server that fixes name, for stderr; empty if it was given or assumed.
fn server_note(explanation: &Explanation, locale: Locale) -> String {
    let named = &explanation.server;
    let host = crate::dsn::target::bracketed(&named.host);
    let server = match named.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    let text = match named.origin {
        ServerOrigin::Option | ServerOrigin::Default => return String::new(),
        ServerOrigin::Text => message!("explain-server-text", server = server),
        ServerOrigin::Variable => message!("explain-server-variable", server = server),
    };
    format!("{}\n", text.text(locale))
}

/// Renders all entries, one per line: kind, id, title.
pub fn list(entries: &[Match]) -> String {
    let width = entries
        .iter()
        .map(|entry| entry.id.len())
        .max()
        .unwrap_or(0);
    entries
        .iter()
        .map(|entry| {
            let kind = match entry.kind {
                EntryKind::Code => "code",
                EntryKind::Finding => "finding",
                EntryKind::Problem => "problem",
            };
            format!(
                "{kind:8} {:width$}  {}\n",
                entry.id,
                escape_controls(&entry.title)
            )
        })
        .collect()
}
