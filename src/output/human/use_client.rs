//! Which client is current now.

use crate::output::style::Style;
use crate::store::Client;

/// The result for stdout, and what to do next for stderr.
pub fn use_client(client: &Client, style: Style) -> (String, String) {
    let stdout = format!(
        "{} the current client is {} ({}, {})\n  in        {}\n",
        style.good("ok"),
        style.strong(client.version),
        client.edition,
        client.platform,
        crate::safety::printable::printable_path(&client.prefix),
    );
    let stderr = "next: eval \"$(taos-setup env)\"\n";
    (stdout, stderr.to_owned())
}

/// The result of `use system` for stdout, and what to do next for stderr.
pub fn use_system(style: Style) -> (String, String) {
    let stdout = format!(
        "{} the machine's own driver is used; no client is current\n",
        style.good("ok")
    );
    let stderr = "next: taos-setup which\n";
    (stdout, stderr.to_owned())
}
