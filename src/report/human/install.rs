//! What `install` did.

use crate::install::{Installation, Outcome, SystemDriver};
use crate::printable::printable;
use crate::report::style::Style;

/// The result for stdout, and what to do next for stderr.
pub fn install(outcome: &Outcome, style: Style) -> (String, String) {
    match outcome {
        Outcome::Stored(installation) => match &installation.placement {
            Some(placement) => super::system::placement(placement, style),
            None => stored(installation, style),
        },
        Outcome::Planned(plan) => super::dry_run::dry_run(plan, style),
        Outcome::System(driver) => system(driver, style),
    }
}

fn stored(installation: &Installation, style: Style) -> (String, String) {
    let Installation {
        client,
        receipt,
        installed,
        ..
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
    let stderr = if installation.current {
        "next: taos-setup run -- taos -s \"show databases;\"\n      eval \"$(taos-setup env)\"\n"
            .to_owned()
    } else {
        format!(
            "note: this client is for {}; the current client of this machine stays as it is\n",
            client.platform
        )
    };
    (stdout, stderr)
}

fn system(driver: &SystemDriver, style: Style) -> (String, String) {
    let stdout = format!(
        "{} nothing to do: this machine has client {}, which fits {} ({})\n  driver    {}\n",
        style.good("ok"),
        style.strong(driver.version),
        driver.server.target,
        driver.server.version,
        driver.file.display(),
    );
    let mut stderr = String::new();
    if driver
        .server
        .edition
        .is_none_or(|edition| edition != crate::version::Edition::Oss)
    {
        stderr
            .push_str("note: its files do not tell its edition; the server's has to be the same\n");
    }
    if !driver.missing.is_empty() {
        stderr.push_str(&format!(
            "note: {} is not beside it: native connections work, the driver's WebSocket mode does not\n",
            driver.missing.join(", ")
        ));
    }
    stderr.push_str(&format!(
        "next: taos-setup verify {} --transport native\n      taos-setup install {}    # for a client of your own\n",
        crate::shell::quoted(&driver.server.target),
        driver.version
    ));
    (stdout, stderr)
}
