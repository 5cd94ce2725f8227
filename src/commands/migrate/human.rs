//! `migrate` for people: each use with its place, then what is to be done.

use crate::message::locale::Locale;
use crate::message::message;
use crate::migrate::deprecated_use::{DeprecatedUse, Replacement};
use crate::migrate::{FileUses, MOST_USES, MigrateOutcome, ShownUse};
use crate::output::HumanOptions;
use crate::output::layout::{next, note};
use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::safety::redaction::redact;
use crate::safety::shell;

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
pub fn notes(outcome: &MigrateOutcome, options: &HumanOptions) -> String {
    let (automatic, manual) = outcome.counts();
    let total = automatic + manual;
    let deadline = outcome.deadline;
    let found = if total == 0 {
        message!("migrate-none", deadline = deadline, read = outcome.read)
    } else {
        message!(
            "migrate-found",
            total = total,
            deadline = deadline,
            automatic = automatic,
            manual = manual
        )
    };
    let mut text = format!("{}\n", found.text(options.locale));
    if outcome.is_cut {
        text.push_str(&note(&message!("migrate-cut", limit = MOST_USES), options));
    }
    for (path, why) in &outcome.unread {
        let line = message!("migrate-not-read", path = path, why = why);
        text.push_str(&note(&line, options));
    }
    for line in &outcome.notes {
        text.push_str(&note(line, options));
    }
    if automatic == 0 || outcome.diff.is_some() {
        return text;
    }
    if outcome.check {
        let dir = match outcome.dir.to_str() {
            Some(".") | None => String::new(),
            Some(dir) => format!(" {}", shell::quoted(dir)),
        };
        let commands = [
            format!("taos-setup migrate{dir} --dry-run"),
            format!("taos-setup migrate{dir}"),
        ];
        text.push_str(&next(&commands, options));
        return text;
    }
    let has_automatic = |file: &&FileUses| file.uses.iter().any(DeprecatedUse::is_automatic);
    let files = outcome.files.iter().filter(has_automatic).count();
    let done = message!(
        "migrate-changed",
        automatic = automatic,
        files = files,
        manual = manual
    );
    let ok = options.stderr.good("ok");
    text.push_str(&format!("{ok} {}\n", done.text(options.locale)));
    let build = message!("migrate-next-build").text(options.locale);
    text.push_str(&next(&[build], options));
    text
}
