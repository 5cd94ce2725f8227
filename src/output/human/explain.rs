//! What a code, an id or a text means.

use crate::explain::mentioned::ServerOrigin;
use crate::explain::{EntryKind, Explanation, Match};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::system::locale::Locale;

/// The words that stand before the parts of an entry.
struct Words {
    cause: &'static str,
    fix: &'static str,
    sources: &'static str,
    others: &'static str,
}

const ENGLISH: Words = Words {
    cause: "cause:",
    fix: "fix:  ",
    sources: "read: ",
    others: "It may also be:",
};

const CHINESE: Words = Words {
    cause: "原因：",
    fix: "修复：",
    sources: "参考：",
    others: "也可能是：",
};

/// The answers in full, and the other entries by name.
pub fn explain(explanation: &Explanation, locale: Locale, style: Style) -> String {
    let words = match locale {
        Locale::En => &ENGLISH,
        Locale::Zh => &CHINESE,
    };
    let (answers, others) = explanation
        .matches
        .split_at(explanation.answers.min(explanation.matches.len()));
    let mut text = answers
        .iter()
        .map(|entry| in_full(entry, words, style))
        .collect::<Vec<_>>()
        .join("\n");
    if !others.is_empty() {
        text.push_str(&format!("\n{}\n", words.others));
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

fn in_full(entry: &Match, words: &Words, style: Style) -> String {
    let mut text = format!(
        "{} {}\n  {} {}\n  {} {}\n",
        style.strong(format_args!("{}:", escape_controls(&entry.id))),
        style.strong(escape_controls(&entry.title)),
        words.cause,
        escape_controls(&entry.cause),
        words.fix,
        style.code(escape_controls(&entry.fix)),
    );
    for source in &entry.sources {
        text.push_str(&format!(
            "  {} {}\n",
            words.sources,
            style.faint(escape_controls(source))
        ));
    }
    text
}

/// Which server the fixes name, and why, for stderr.
pub fn explain_place(explanation: &Explanation, locale: Locale) -> String {
    let named = &explanation.server;
    let host = crate::dsn::target::bracketed(&named.host);
    let server = match named.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    };
    let why = match (named.origin, locale) {
        (ServerOrigin::Option | ServerOrigin::Default, _) => return String::new(),
        (ServerOrigin::Text, Locale::En) => "which the text names",
        (ServerOrigin::Text, Locale::Zh) => "取自文本",
        (ServerOrigin::Variable, Locale::En) => "which TAOS_HOST names",
        (ServerOrigin::Variable, Locale::Zh) => "取自 TAOS_HOST",
    };
    match locale {
        Locale::En => format!("fixes are for {server}, {why}; --host names another\n"),
        Locale::Zh => format!("修复命令针对 {server}（{why}）；用 --host 指定其他服务器\n"),
    }
}

/// Every entry, one a line: kind, id, title.
pub fn explain_list(entries: &[Match]) -> String {
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
