//! An error as people read it.

use unicode_width::UnicodeWidthStr;

use super::style::Style;
use crate::error::Error;
use crate::message::locale::Locale;
use crate::message::message;
use crate::safety::printable::escape_controls;

/// Renders `error`: what was tried, what was observed, and one line for each next action.
pub(super) fn error_text(error: &Error, style: Style, locale: Locale) -> String {
    let heading = message!("output-error-heading", id = error.id.as_str()).text(locale);
    let tried = message!("output-could-not", tried = error.tried).text(locale);
    let observed = error.observed.text(locale);
    let mut text = format!(
        "{}{}\n  {}\n",
        style.bad(&heading),
        style.prose(heading.width(), 2, escape_controls(&tried)),
        style.prose(2, 2, escape_controls(&observed)),
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
