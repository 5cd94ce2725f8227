//! Text form of `taos-setup explain`.

use crate::explain::mentioned::ServerOrigin;
use crate::explain::{EntryKind, Explanation, Match};
use crate::message::locale::Locale;
use crate::output::style::Style;
use crate::safety::printable::escape_controls;

/// Labels of the parts of an entry.
struct ExplainLabels {
    cause: &'static str,
    fix: &'static str,
    sources: &'static str,
    others: &'static str,
}

const ENGLISH: ExplainLabels = ExplainLabels {
    cause: "cause: ",
    fix: "fix:   ",
    sources: "read:  ",
    others: "It may also be:",
};

const CHINESE: ExplainLabels = ExplainLabels {
    cause: "原因：",
    fix: "修复：",
    sources: "参考：",
    others: "也可能是：",
};

/// Returns the usage, which a run without a query prints.
pub const fn usage(locale: Locale) -> &'static str {
    match locale {
        Locale::En => {
            "\
Usage:
  taos-setup explain 0x80000357                            a code in any form: 0x357, 855, -2147482793, HTTP 503
  taos-setup explain tcp-refused                           the id of a finding
  taos-setup explain \"no taos in java.library.path\"        an error message
  my-program 2>&1 | taos-setup explain                     a whole log or stack trace
  taos-setup explain --list                                all entries
"
        }
        Locale::Zh => {
            "\
用法：
  taos-setup explain 0x80000357                            任意写法的错误码：0x357、855、-2147482793、HTTP 503
  taos-setup explain tcp-refused                           诊断结果的 ID
  taos-setup explain \"no taos in java.library.path\"        错误信息
  my-program 2>&1 | taos-setup explain                     完整的日志或堆栈
  taos-setup explain --list                                所有条目
"
        }
    }
}

/// Renders the answers in full and the other entries by name.
pub fn matches(explanation: &Explanation, locale: Locale, style: Style) -> String {
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

fn in_full(entry: &Match, words: &ExplainLabels, style: Style) -> String {
    let mut text = format!(
        "{} {}\n  {}{}\n  {}{}\n",
        style.strong(format_args!("{}:", escape_controls(&entry.id))),
        style.strong(escape_controls(&entry.title)),
        words.cause,
        escape_controls(&entry.cause),
        words.fix,
        style.code(escape_controls(&entry.fix)),
    );
    for source in &entry.sources {
        text.push_str(&format!(
            "  {}{}\n",
            words.sources,
            style.faint(escape_controls(source))
        ));
    }
    text
}

/// Renders a note on the server that fixes name, for stderr; empty if it was given or assumed.
pub fn server_note(explanation: &Explanation, locale: Locale) -> String {
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
