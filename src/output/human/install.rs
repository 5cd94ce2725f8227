//! What `install` did.

use crate::install::installer::InstallerRun;
use crate::install::{InstallOutcome, Installation, SystemDriver};
use crate::output::style::Style;
use crate::safety::printable::printable;
use crate::safety::shell::quoted;
use crate::store::Parts;
use crate::tdengine::platform::Os;

/// The result for stdout, and what to do next for stderr.
pub fn install(outcome: &InstallOutcome, style: Style) -> (String, String) {
    match outcome {
        InstallOutcome::Stored(installation) => match &installation.placement {
            Some(placement) => super::system::placement(placement, style),
            None => stored(installation, style),
        },
        InstallOutcome::Planned(plan) => super::dry_run::dry_run(plan, style),
        InstallOutcome::System(driver) => system(driver, style),
        InstallOutcome::Ran(ran) => self::ran(ran, style),
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
    let mut stdout = format!(
        "{} {verb} client {} ({}, {})\n  in        {}\n  from      {}\n  sha256    {}\n  verified  {}\n",
        style.good("ok"),
        style.strong(client.version),
        client.edition,
        client.platform,
        crate::safety::printable::printable_path(&client.prefix),
        printable(&receipt.source),
        receipt.sha256,
        receipt.verified,
    );
    if receipt.parts != Parts::All {
        stdout.push_str(&format!("  parts     {}\n", receipt.parts));
    }
    let stderr = if !client.is_in_store() {
        in_prefix(installation)
    } else if installation.current {
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

/// What to do with a client in a prefix of its own: here, and where taos-setup is not.
fn in_prefix(installation: &Installation) -> String {
    let client = &installation.client;
    let prefix = quoted(&client.prefix.to_string_lossy());
    if !client.is_for_this_machine() {
        return format!(
            "note: this client is for {}; copy {prefix} to such a machine\n",
            client.platform
        );
    }
    let mut text = format!("next: taos-setup run --prefix {prefix} -- COMMAND\n");
    if client.platform.os == Os::Linux {
        let (lib, etc) = (client.lib_dir(), client.config_dir());
        text.push_str(&format!(
            "      ENV LD_LIBRARY_PATH={} TAOS_CONFIG_DIR={}    # in a Dockerfile, after COPY --from\n",
            quoted(&lib.to_string_lossy()),
            quoted(&etc.to_string_lossy())
        ));
        text.push_str("note: the client logs into /var/log/taos; where its user may not write there, set TAOS_LOG_DIR, too\n");
    }
    text
}

fn ran(ran: &InstallerRun, style: Style) -> (String, String) {
    let client = &ran.client;
    let stdout = format!(
        "{} the installer of client {} ({}, {}) has run\n  driver    {}\n",
        style.good("ok"),
        style.strong(client.version),
        client.edition,
        client.platform,
        crate::safety::printable::printable_path(&ran.library),
    );
    let stderr = "next: taos-setup use system\n".to_owned();
    (stdout, stderr)
}

fn system(driver: &SystemDriver, style: Style) -> (String, String) {
    let stdout = format!(
        "{} nothing to do: this machine has client {}, which fits {} ({})\n  driver    {}\n",
        style.good("ok"),
        style.strong(driver.version),
        driver.server.target,
        driver.server.version,
        crate::safety::printable::printable_path(&driver.file),
    );
    let mut stderr = String::new();
    if driver
        .server
        .edition
        .is_none_or(|edition| edition != crate::tdengine::version::Edition::Oss)
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
        crate::safety::shell::quoted(&driver.server.target),
        driver.version
    ));
    (stdout, stderr)
}
