//! Text form of `taos-setup which`.

use crate::clients::which::{ChosenLibrary, LibraryChoice, LibraryReason};
use crate::message::{Message, message};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::printable_path;

/// Renders two lines for each command: the library, and the client with the reason.
pub(super) fn render(choice: &LibraryChoice, options: &HumanOptions) -> HumanText {
    let stdout = [("run", &choice.run), ("verify", &choice.verify)]
        .map(|(command, chosen)| one(command, chosen, choice.variable, options))
        .concat();
    HumanText {
        stdout,
        stderr: String::new(),
    }
}

fn one(command: &str, chosen: &ChosenLibrary, variable: &str, options: &HumanOptions) -> String {
    let locale = options.locale;
    let Some(library) = &chosen.library else {
        let nothing = message!("which-nothing").text(locale);
        let why = message!("which-nothing-why").text(locale);
        return format!("{command:6}  {nothing}\n        {why}\n");
    };
    let client = match &chosen.client {
        Some(client) => message!(
            "output-client",
            version = client.version,
            edition = client.edition,
            platform = client.platform
        ),
        None => message!("which-foreign"),
    };
    let why = match chosen.why {
        LibraryReason::Requested => message!("which-requested"),
        LibraryReason::Current => message!("which-current"),
        LibraryReason::Environment => message!("which-environment", variable = variable),
        LibraryReason::System => message!("which-system"),
        LibraryReason::Missing => Message::default(),
    };
    format!(
        "{command:6}  {}\n        {}\n",
        options.stdout.strong(printable_path(library)),
        message!("which-line", client = client, why = why).text(locale)
    )
}
