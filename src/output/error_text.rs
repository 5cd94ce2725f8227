//! An error as people read it.

use super::style::Style;
use crate::error::Error;
use crate::message::locale::Locale;
use crate::message::message;
use crate::safety::printable::escape_controls;

/// Renders `error`: what was tried, what was observed, and one line for each next action.
pub(super) fn error_text(error: &Error, style: Style, locale: Locale) -> String {
    let mut text = format!(
        "{}{}\n  {}\n",
        style.bad(message!("output-error-heading", id = error.id.as_str()).text(locale)),
        escape_controls(&message!("output-could-not", tried = error.tried).text(locale)),
        escape_controls(&error.observed.text(locale)),
    );
    let label = message!("output-next").text(locale);
    for line in error.next.text(locale).lines() {
        text.push_str(&format!(
            "  {}{}\n",
            style.strong(&label),
            escape_controls(line)
        ));
    }
    text
}
