//! What `uninstall` removed and kept.

use crate::output::style::Style;
use crate::safety::printable::escape_controls;
use crate::store::{Client, Kept, Removal};

/// More kept files than this are counted, not named.
const NAMED: usize = 20;

/// The result for stdout; for stderr what became of the current client, where it `moved`, and of what stayed.
pub fn uninstall(
    done: &[(Client, Removal)],
    current: Option<&Client>,
    moved: bool,
    style: Style,
) -> (String, String) {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for (client, removal) in done {
        stdout.push_str(&format!(
            "{} uninstalled client {} ({}, {}): {} files and links\n",
            style.good("ok"),
            style.strong(client.version),
            client.edition,
            client.platform,
            removal.removed,
        ));
        for (path, why) in removal.kept.iter().take(NAMED) {
            let why = match why {
                Kept::Added => "not from the package",
                Kept::Changed => "changed since",
            };
            stdout.push_str(&format!("  kept      {} ({why})\n", escape_controls(path)));
        }
        if let Some(more) = removal
            .kept
            .len()
            .checked_sub(NAMED)
            .filter(|more| *more > 0)
        {
            stdout.push_str(&format!("  kept      {more} more\n"));
        }
        if !removal.kept.is_empty() {
            stderr.push_str(&format!(
                "note: what was kept is in {}\n",
                crate::safety::printable::printable_path(&client.prefix)
            ));
        }
    }
    if moved {
        stderr.push_str(&match current {
            Some(current) => format!("note: the current client is {} now\n", current.version),
            None => "note: no client is current now\n".to_owned(),
        });
    }
    (stdout, stderr)
}
