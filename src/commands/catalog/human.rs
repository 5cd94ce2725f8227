//! Text form of `taos-setup catalog`.

use crate::commands::client_texts::success;
use crate::message::message;
use crate::output::layout::{next, note};
use crate::output::{HumanOptions, HumanText};
use crate::own_catalog::add::OwnCatalogEntry;
use crate::own_catalog::check::CatalogCheck;
use crate::own_catalog::update::OwnCatalogVersion;
use crate::safety::printable::{escape_controls, printable_path};
use crate::safety::shell::quoted;

/// Renders the entry, or the file that has it.
pub(super) fn entry(entry: &OwnCatalogEntry, options: &HumanOptions) -> HumanText {
    let mut stderr = String::new();
    if entry.is_known {
        stderr.push_str(&note(&message!("own-catalog-known"), options));
    }
    let facts = message!(
        "own-catalog-facts",
        size = entry.size,
        sha256 = entry.sha256,
        md5 = entry.md5
    );
    stderr.push_str(&note(&facts, options));
    let stdout = match &entry.written {
        None => entry.text.clone(),
        Some((path, is_new)) => {
            let sign = format!(
                "taos-setup catalog sign {}",
                quoted(&path.to_string_lossy())
            );
            stderr.push_str(&next(&[sign], options));
            let text = message!(
                "own-catalog-added",
                file = entry.file,
                path = printable_path(path),
                is_new = is_new
            );
            success(&text, options)
        }
    };
    HumanText { stdout, stderr }
}

/// Renders the signature.
pub(super) fn signed(signed: &OwnCatalogVersion, options: &HumanOptions) -> HumanText {
    let text = message!(
        "own-catalog-signed",
        place = signed.place,
        version = signed.version.to_string(),
        expires = signed.expires
    );
    HumanText {
        stdout: success(&text, options),
        stderr: String::new(),
    }
}

/// Renders the catalog that is used from then on.
pub(super) fn updated(updated: &OwnCatalogVersion, options: &HumanOptions) -> HumanText {
    let text = message!(
        "own-catalog-updated",
        is_new = updated.is_new,
        version = updated.version.to_string(),
        expires = updated.expires,
        releases = updated.releases,
        packages = updated.packages
    );
    HumanText {
        stdout: success(&text, options),
        stderr: String::new(),
    }
}

/// Renders the differences.
pub(super) fn check(check: &CatalogCheck, options: &HumanOptions) -> HumanText {
    let locale = options.locale;
    let mut stdout = String::new();
    let lists = [
        (message!("own-catalog-unknown"), &check.unknown),
        (message!("own-catalog-unlisted"), &check.unlisted),
    ];
    for (word, files) in lists {
        let word = word.text(locale);
        for file in files {
            stdout.push_str(&format!("  {word}  {}\n", escape_controls(file)));
        }
    }
    let text = message!(
        "own-catalog-checked",
        listed = check.listed,
        unknown = check.unknown.len(),
        without = check.without_digest.len()
    );
    stdout.push_str(&format!("{}\n", text.text(locale)));
    HumanText {
        stdout,
        stderr: String::new(),
    }
}
