//! Text form of `taos-setup list`.

use crate::clients::list::InstalledClients;
use crate::install::available::AvailableClients;
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::output::layout::{columns, next, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;

/// Renders a table of the installed clients, the current one marked, and the one for all users last.
pub(super) fn installed(installed: &InstalledClients, options: &HumanOptions) -> HumanText {
    if installed.clients.is_empty() && installed.system.is_none() {
        let home = printable_path(&installed.home);
        let none = message!("list-none", home = home).text(options.locale);
        let install = match installed.is_prefix {
            true => {
                let path = quoted(&installed.home.to_string_lossy());
                message!("prefix-find-next", path = path).text(options.locale)
            }
            false => "taos-setup install".to_owned(),
        };
        return HumanText {
            stdout: String::new(),
            stderr: format!("{none}\n{}", next(&[install], options)),
        };
    }
    let headings = [
        message!("list-version"),
        message!("list-edition"),
        message!("list-platform"),
        message!("list-parts"),
        message!("list-verified"),
        message!("list-directory"),
    ];
    let mut rows = vec![(false, heading_row(&headings, options.locale))];
    for (client, receipt) in &installed.clients {
        let row = vec![
            client.version.to_string(),
            client.edition.to_string(),
            client.platform.to_string(),
            receipt.parts.to_string(),
            receipt.verified.to_string(),
            printable_path(&client.prefix),
        ];
        rows.push((installed.current.as_ref() == Some(client), row));
    }
    if let Some(system) = &installed.system {
        let receipt = &system.receipt;
        let row = vec![
            receipt.version.to_string(),
            receipt.edition.to_string(),
            printable(&receipt.platform),
            receipt.parts.to_string(),
            receipt.verified.to_string(),
            message!("list-all-users").text(options.locale),
        ];
        rows.push((system.is_current, row));
    }
    HumanText {
        stdout: table(rows, options),
        stderr: String::new(),
    }
}

/// Renders a table of the releases that can be installed, the installed ones marked, with notes that explain it.
pub(super) fn available(available: &AvailableClients, options: &HumanOptions) -> HumanText {
    let AvailableClients {
        releases,
        platform,
        mirror,
    } = available;
    if releases.is_empty() {
        let none = match mirror {
            Some(place) => message!("list-mirror-none", place = place, platform = platform),
            None => message!("list-catalog-none", platform = platform),
        };
        return HumanText {
            stdout: String::new(),
            stderr: format!("{}\n", none.text(options.locale)),
        };
    }
    let headings = [
        message!("list-version"),
        message!("list-edition"),
        message!("list-platform"),
        message!("list-trust"),
    ];
    let mut rows = vec![(false, heading_row(&headings, options.locale))];
    for release in releases {
        let row = vec![
            release.version.to_string(),
            release.edition.to_string(),
            release.platform.to_string(),
            release.trust.to_string(),
        ];
        rows.push((release.installed, row));
    }
    let mut stderr = note(&message!("list-available-legend"), options);
    let unlisted: Vec<String> = releases
        .iter()
        .filter(|release| !release.known)
        .map(|release| release.version.to_string())
        .collect();
    if !unlisted.is_empty() {
        let unlisted = message!("list-unlisted", versions = unlisted.join(", "));
        stderr.push_str(&note(&unlisted, options));
    }
    HumanText {
        stdout: table(rows, options),
        stderr,
    }
}

fn heading_row(headings: &[Message], locale: Locale) -> Vec<String> {
    headings.iter().map(|it| it.text(locale)).collect()
}

/// Renders rows, each with whether it is marked; the first is the heading.
fn table(rows: Vec<(bool, Vec<String>)>, options: &HumanOptions) -> String {
    let (marks, cells): (Vec<bool>, Vec<Vec<String>>) = rows.into_iter().unzip();
    let lines = columns(&cells).into_iter().zip(marks).enumerate();
    lines
        .map(|(at, (line, is_marked))| {
            let mark = if is_marked { "*" } else { " " };
            let line = format!("{mark} {line}");
            let line = match (at, is_marked) {
                (0, _) => options.stdout.faint(line),
                (_, true) => options.stdout.strong(line),
                (_, false) => line,
            };
            format!("{line}\n")
        })
        .collect()
}
