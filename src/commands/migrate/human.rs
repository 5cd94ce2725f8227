//! `migrate` for people: each use with its place, then what is to be done.

use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::migrate::deprecated_use::{DeprecatedUse, Replacement};
use crate::migrate::{FileUses, MOST_USES, MigrateOutcome, ShownUse};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::safety::redaction::redact;

/// Renders the uses, or the diff of a dry run.
pub fn text(outcome: &MigrateOutcome, locale: Locale, style: Style) -> String {
    if let Some(diff) = &outcome.diff {
        return redact(diff);
    }
    let mut text = String::new();
    for file in &outcome.files {
        for (found, shown) in file.uses.iter().zip(&file.shown) {
            text.push_str(&describe_use(&file.path, found, shown, locale, style));
        }
    }
    text
}

fn describe_use(
    path: &str,
    found: &DeprecatedUse,
    shown: &ShownUse,
    locale: Locale,
    style: Style,
) -> String {
    let place = format!("{}:{}:{}", escape_controls(path), shown.line, shown.column);
    let change = match (&found.replacement, &shown.after) {
        (Replacement::Manual(reason), _) => message!(
            "migrate-manual",
            why = reason.text(),
            steps = found.kind.steps()
        )
        .text(locale),
        (Replacement::Automatic(_), Some(after)) => format!("-> {}", in_report(after)),
        (Replacement::Automatic(_), None) => "->".to_owned(),
    };
    format!(
        "{} {}\n    {}\n    {change}\n",
        style.strong(format_args!("{place}:")),
        found.kind.as_str(),
        in_report(&shown.before),
    )
}

/// Text of a file as it may be printed.
pub fn in_report(text: &str) -> String {
    escape_controls(&redact(text))
}

/// Renders counts, notes, and next steps, for stderr.
pub fn notes(outcome: &MigrateOutcome, locale: Locale, style: Style) -> String {
    let (automatic, manual) = outcome.counts();
    let total = automatic + manual;
    let deadline = outcome.deadline;
    let mut lines = Vec::new();
    let next = |message: Message| {
        let label = message!("output-next").text(locale);
        format!("{}{}", style.strong(label), message.text(locale))
    };
    if total == 0 {
        lines.push(message!("migrate-none", deadline = deadline, read = outcome.read).text(locale));
    } else {
        lines.push(
            message!(
                "migrate-found",
                total = total,
                deadline = deadline,
                automatic = automatic,
                manual = manual
            )
            .text(locale),
        );
    }
    if outcome.is_cut {
        lines.push(message!("migrate-cut", limit = MOST_USES).text(locale));
    }
    for (path, why) in &outcome.unread {
        let line = message!("migrate-not-read", path = escape_controls(path), why = why);
        lines.push(line.text(locale));
    }
    lines.extend(outcome.notes.iter().map(|note| note.text(locale)));
    if automatic > 0 && outcome.check {
        lines.push(next(message!("migrate-next-apply")));
    } else if automatic > 0 && outcome.diff.is_none() {
        let has_automatic = |file: &&FileUses| file.uses.iter().any(DeprecatedUse::is_automatic);
        let files = outcome.files.iter().filter(has_automatic).count();
        let done = message!(
            "migrate-changed",
            automatic = automatic,
            files = files,
            manual = manual
        );
        lines.push(format!("{} {}", style.good("ok"), done.text(locale)));
        lines.push(next(message!("migrate-next-build")));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
