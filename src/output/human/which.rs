//! Which client and library would be taken.

use crate::clients::which::{Taken, Which, Why};
use crate::output::style::Style;

/// The result for stdout: two lines a command.
pub fn which(which: &Which, style: Style) -> String {
    [("run", &which.run), ("verify", &which.verify)]
        .map(|(command, taken)| one(command, taken, which.variable, style))
        .concat()
}

fn one(command: &str, taken: &Taken, variable: &str, style: Style) -> String {
    let Some(library) = &taken.library else {
        return format!(
            "{command:6}  nothing\n        no client is chosen and the loader finds none\n"
        );
    };
    let client = match &taken.client {
        Some(client) => format!(
            "client {} ({}, {})",
            client.version, client.edition, client.platform
        ),
        None => "none of the store's clients".into(),
    };
    let why = match taken.why {
        Why::Asked => "asked for with --client".into(),
        Why::Current => "the current client".into(),
        Why::Environment => format!("{variable} names its folder"),
        Why::System => "the loader finds it in a folder of the system".into(),
        Why::Nothing => String::new(),
    };
    format!(
        "{command:6}  {}\n        {client}: {why}\n",
        style.strong(crate::safety::printable::printable_path(library))
    )
}
