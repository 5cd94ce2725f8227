//! What can be installed, as a table.

use crate::install::available::Release;
use crate::output::style::Style;
use crate::tdengine::platform::Platform;

/// The table for stdout, one line a release with the installed ones marked, and for stderr what the words mean.
pub fn available(releases: &[Release], platform: Platform, style: Style) -> (String, String) {
    if releases.is_empty() {
        let stderr = format!("no client for {platform} is known to be published\n");
        return (String::new(), stderr);
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
    let stderr = "note: * is installed; trust: digest, the catalog has its SHA-256; vendor-list, the vendor publishes size and MD5; none, \
                  it takes --sha256 or --trust-on-first-use\n"
        .to_owned();
    (stdout, stderr)
}
