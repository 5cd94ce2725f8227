//! What can be installed, as a table.

use crate::install::available::AvailableRelease;
use crate::message::locale::Locale;
use crate::message::message;
use crate::output::style::Style;
use crate::tdengine::platform::Platform;

/// The table for stdout, one line a release with the installed ones marked, and for stderr what the words mean.
pub fn available(
    releases: &[AvailableRelease],
    platform: Platform,
    mirror: Option<&str>,
    style: Style,
    locale: Locale,
) -> (String, String) {
    if releases.is_empty() {
        let none = match mirror {
            Some(place) => message!("list-mirror-none", place = place, platform = platform),
            None => message!("list-catalog-none", platform = platform),
        };
        return (String::new(), format!("{}\n", none.text(locale)));
    }
    let mut stdout = String::new();
    let line = |mark: &str, version: &str, edition: &str, platform: &str, trust: &str| {
        format!("{mark} {version:<11}  {edition:<10}  {platform:<11}  {trust}")
    };
    let header = line(" ", "VERSION", "EDITION", "PLATFORM", "TRUST");
    stdout.push_str(&style.faint(header));
    stdout.push('\n');
    for release in releases {
        let row = line(
            if release.installed { "*" } else { " " },
            &release.version.to_string(),
            &release.edition.to_string(),
            &release.platform.to_string(),
            &release.trust.to_string(),
        );
        stdout.push_str(&if release.installed {
            style.strong(row)
        } else {
            row
        });
        stdout.push('\n');
    }
    let mut stderr = format!("{}\n", message!("list-available-legend").text(locale));
    let unlisted: Vec<String> = releases
        .iter()
        .filter(|release| !release.known)
        .map(|release| release.version.to_string())
        .collect();
    if !unlisted.is_empty() {
        let note = message!("list-unlisted", versions = unlisted.join(", "));
        stderr.push_str(&format!("{}\n", note.text(locale)));
    }
    (stdout, stderr)
}
