//! The installed clients, as a table.

use std::path::Path;

use crate::output::style::Style;
use crate::safety::printable::printable;
use crate::store::{Client, Receipt, SystemReceipt};

/// The table for stdout, one line a client with the current one marked, `system`, the one for every user, last; and for stderr what to do where there is none.
pub fn list(
    home: &Path,
    clients: &[(Client, Receipt)],
    current: Option<&Client>,
    system: Option<(&SystemReceipt, bool)>,
    style: Style,
) -> (String, String) {
    if clients.is_empty() && system.is_none() {
        let stderr = format!(
            "no client is installed in {}\nnext: taos-setup install latest\n",
            crate::safety::printable::printable_path(home)
        );
        return (String::new(), stderr);
    }
    let mut rows = vec![
        [
            "VERSION", "EDITION", "PLATFORM", "PARTS", "VERIFIED", "FOLDER",
        ]
        .map(str::to_owned),
    ];
    rows.extend(clients.iter().map(|(client, receipt)| {
        [
            client.version.to_string(),
            client.edition.to_string(),
            client.platform.to_string(),
            receipt.parts.to_string(),
            receipt.verified.to_string(),
            crate::safety::printable::printable_path(&client.prefix),
        ]
    }));
    rows.extend(system.map(|(receipt, _)| {
        [
            receipt.version.to_string(),
            receipt.edition.to_string(),
            printable(&receipt.platform),
            receipt.parts.to_string(),
            receipt.verified.to_string(),
            "/usr/local (for all users)".to_owned(),
        ]
    }));
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    let mut stdout = String::new();
    for (number, [version, edition, platform, parts, verified, folder]) in rows.iter().enumerate() {
        let marked = number > 0
            && match clients.get(number - 1) {
                Some((client, _)) => current == Some(client),
                None => system.is_some_and(|(_, current)| current),
            };
        let mark = if marked { "*" } else { " " };
        let [a, b, c, p, d] = widths;
        let line = format!(
            "{mark} {version:a$}  {edition:b$}  {platform:c$}  {parts:p$}  {verified:d$}  {folder}"
        );
        stdout.push_str(&match (number, marked) {
            (0, _) => style.faint(line),
            (_, true) => style.strong(line),
            _ => line,
        });
        stdout.push('\n');
    }
    (stdout, String::new())
}
