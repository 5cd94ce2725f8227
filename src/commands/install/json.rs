//! JSON form of `taos-setup install`.

use serde_json::{Value, json};

use super::{dry_run_json, system_json};
use crate::commands::client_values::client;
use crate::install::{InstallOutcome, ServerMatch};
use crate::message::locale::Locale;
use crate::verify::Server;

/// Returns `data`; texts in it are in `locale`.
pub(super) fn data(outcome: &InstallOutcome, locale: Locale) -> Value {
    match outcome {
        InstallOutcome::Stored(installation) => {
            let mut data = json!({
                "installed": installation.installed,
                "client": client(&installation.client, &installation.receipt, installation.current),
                "package": {"file": installation.receipt.source, "size": installation.receipt.size},
            });
            if let Some(matched) = &installation.matched {
                data["match"] = self::matched(matched, locale);
            }
            if let Some(placement) = &installation.placement {
                data["placement"] = system_json::placement(placement, locale);
            }
            data
        }
        InstallOutcome::Planned(plan) => dry_run_json::data(plan, locale),
        InstallOutcome::Ran(ran) => json!({
            "installed": true,
            "client": null,
            "ran_installer": {
                "version": ran.client.version,
                "edition": ran.client.edition,
                "platform": ran.client.platform.to_string(),
                "library": ran.library.to_string_lossy(),
            },
        }),
        InstallOutcome::System(driver) => json!({
            "installed": false,
            "client": null,
            "system": {
                "file": driver.file.to_string_lossy(),
                "version": driver.version,
                "missing": driver.missing,
            },
            "match": server(&driver.server),
        }),
    }
}

fn server(server: &Server) -> Value {
    json!({
        "server": server.target,
        "version": server.version,
        "edition": server.edition,
    })
}

/// The server that the client was chosen for, and the reason.
pub(super) fn matched(matched: &ServerMatch, locale: Locale) -> Value {
    let mut value = server(&matched.server);
    value["edition_assumed"] = matched.assumed.into();
    value["why"] = matched.why.text(locale).into();
    value
}
