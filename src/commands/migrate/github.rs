//! `migrate` as annotations of GitHub Actions: one workflow command a use.
//!
//! Form: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::human::in_report;
use crate::message::locale::Locale;
use crate::message::message;
use crate::migrate::MigrateOutcome;
use crate::migrate::deprecated_use::Replacement;
use crate::output::workflow_command::{data, property};

/// Renders one `::warning` a use.
pub fn annotations(outcome: &MigrateOutcome, locale: Locale) -> String {
    let mut text = String::new();
    for file in &outcome.files {
        for (found, shown) in file.uses.iter().zip(&file.shown) {
            let (language, transport) = found.kind.connection();
            let ends = message!(
                "migrate-ends",
                language = language,
                transport = transport.as_str(),
                deadline = outcome.deadline
            );
            let what = match (&found.replacement, &shown.after) {
                (Replacement::Manual(reason), _) => message!(
                    "migrate-manual",
                    why = reason.text(),
                    steps = found.kind.steps()
                )
                .text(locale),
                (Replacement::Automatic(_), after) => format!(
                    "{} -> {}",
                    in_report(&shown.before),
                    in_report(after.as_deref().unwrap_or_default())
                ),
            };
            text.push_str(&format!(
                "::warning file={},line={},col={},title={}::{}\n",
                property(&file.path),
                shown.line,
                shown.column,
                property(&format!("taos-setup {}", found.kind.as_str())),
                data(&format!("{}\n{what}", ends.text(locale))),
            ));
        }
    }
    text
}
