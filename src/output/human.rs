//! Results as people read them: one file a kind of result, each a function from a result to text.

mod available;
mod dry_run;
mod env;
mod gc;
mod install;
mod list;
mod system;
mod uninstall;
mod use_client;
mod which;

pub use available::available;
pub use env::{EnvForm, env};
pub use gc::gc;
pub use install::install;
pub use list::list;
pub use system::uninstall_system;
pub use uninstall::uninstall;
pub use use_client::{use_client, use_system};
pub use which::which;

use super::style::Style;
use crate::error::Error;
use crate::message::locale::Locale;
use crate::message::message;
use crate::safety::printable::escape_controls;

/// An error in three lines: what was tried, what was observed, and what to do next.
pub fn error(error: &Error, style: Style, locale: Locale) -> String {
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
