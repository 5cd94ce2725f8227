//! Text form of `taos-setup install`.

use super::{dry_run, system};
use crate::commands::client_texts::{self, success};
use crate::install::installer::InstallerRun;
use crate::install::{InstallOutcome, Installation, SystemDriver};
use crate::message::{Message, message};
use crate::output::layout::{fields, next, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{printable, printable_path};
use crate::safety::shell::quoted;
use crate::store::Parts;
use crate::tdengine::platform::Os;
use crate::tdengine::version::Edition;

/// Renders what was done, and the next commands.
pub(super) fn render(outcome: &InstallOutcome, options: &HumanOptions) -> HumanText {
    match outcome {
        InstallOutcome::Stored(installation) => match &installation.placement {
            Some(placement) => system::placement(placement, options),
            None => stored(installation, options),
        },
        InstallOutcome::Planned(plan) => dry_run::plan(plan, options),
        InstallOutcome::System(driver) => system_driver(driver, options),
        InstallOutcome::Ran(ran) => ran_installer(ran, options),
    }
}

fn stored(installation: &Installation, options: &HumanOptions) -> HumanText {
    let Installation {
        client,
        receipt,
        installed,
        ..
    } = installation;
    let named = client_texts::client(client, options);
    let text = match installed {
        true => message!("install-done", client = named),
        false => message!("install-present", client = named),
    };
    let mut lines = vec![
        (message!("output-label-in"), printable_path(&client.prefix)),
        (message!("install-label-from"), printable(&receipt.source)),
        (message!("install-label-sha256"), receipt.sha256.to_string()),
        (
            message!("install-label-verified"),
            receipt.verified.to_string(),
        ),
    ];
    if receipt.parts != Parts::All {
        lines.push((message!("install-label-parts"), receipt.parts.to_string()));
    }
    let stderr = if !client.is_in_store() {
        in_prefix(installation, options)
    } else if installation.current {
        next(
            &[
                "taos-setup run -- taos -s \"show databases;\"".into(),
                "eval \"$(taos-setup env)\"".into(),
            ],
            options,
        )
    } else {
        let platform = client.platform;
        note(&message!("install-foreign", platform = platform), options)
    };
    HumanText {
        stdout: success(&text, options) + &fields(&lines, options.locale),
        stderr,
    }
}

/// The next commands for a client in a prefix: on this machine, and in an image without taos-setup.
fn in_prefix(installation: &Installation, options: &HumanOptions) -> String {
    let client = &installation.client;
    let prefix = quoted(&client.prefix.to_string_lossy());
    if !client.is_for_this_machine() {
        let platform = client.platform;
        let text = message!(
            "install-prefix-foreign",
            platform = platform,
            prefix = prefix
        );
        return note(&text, options);
    }
    let mut commands = vec![format!("taos-setup run --prefix {prefix} -- COMMAND")];
    if client.platform.os != Os::Linux {
        return next(&commands, options);
    }
    let image = message!(
        "install-image-next",
        lib = quoted(&client.lib_dir().to_string_lossy()),
        etc = quoted(&client.config_dir().to_string_lossy())
    );
    commands.push(image.text(options.locale));
    next(&commands, options) + &note(&message!("install-image-log"), options)
}

fn ran_installer(ran: &InstallerRun, options: &HumanOptions) -> HumanText {
    let client = client_texts::client(&ran.client, options);
    let driver = (
        message!("install-label-driver"),
        printable_path(&ran.library),
    );
    HumanText {
        stdout: success(&message!("install-ran", client = client), options)
            + &fields(&[driver], options.locale),
        stderr: next(&["taos-setup use system".into()], options),
    }
}

fn system_driver(driver: &SystemDriver, options: &HumanOptions) -> HumanText {
    let server = &driver.server;
    let text = message!(
        "install-not-needed",
        client = options.stdout.strong(driver.version),
        server = server.target,
        version = server.version
    );
    let file = (
        message!("install-label-driver"),
        printable_path(&driver.file),
    );
    let mut notes: Vec<Message> = Vec::new();
    if server.edition != Some(Edition::Oss) {
        notes.push(message!("install-driver-edition"));
    }
    if !driver.missing.is_empty() {
        let missing = driver.missing.join(", ");
        notes.push(message!("install-driver-incomplete", missing = missing));
    }
    let own = message!("install-own-next", version = driver.version);
    let commands = [
        format!(
            "taos-setup verify {} --transport native",
            quoted(&server.target)
        ),
        own.text(options.locale),
    ];
    let notes: String = notes.iter().map(|it| note(it, options)).collect();
    HumanText {
        stdout: success(&text, options) + &fields(&[file], options.locale),
        stderr: notes + &next(&commands, options),
    }
}
