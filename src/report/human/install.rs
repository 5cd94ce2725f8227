//! What `install` did.

use crate::install::Installation;
use crate::printable::printable;
use crate::report::style::Style;

/// The result for stdout, and what to do next for stderr.
pub fn install(installation: &Installation, style: Style) -> (String, String) {
    let Installation {
        client,
        receipt,
        installed,
    } = installation;
    let verb = if *installed {
        "installed"
    } else {
        "already installed:"
    };
    let stdout = format!(
        "{} {verb} client {} ({}, {})\n  in        {}\n  from      {}\n  sha256    {}\n  verified  {}\n",
        style.good("ok"),
        style.strong(client.version),
        client.edition,
        client.platform,
        client.prefix.display(),
        printable(&receipt.source),
        receipt.sha256,
        receipt.verified,
    );
    let stderr =
        "next: taos-setup run -- taos -s \"show databases;\"\n      eval \"$(taos-setup env)\"\n"
            .to_owned();
    (stdout, stderr)
}
