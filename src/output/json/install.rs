//! What `install` did.

use serde_json::{Value, json};

use crate::install::{InstallOutcome, ServerMatch};
use crate::verify::Server;

/// `data` of `install`.
pub fn install(outcome: &InstallOutcome) -> Value {
    match outcome {
        InstallOutcome::Stored(installation) => {
            let mut data = json!({
                "installed": installation.installed,
                "client": super::list::client(&installation.client, &installation.receipt, installation.current),
                "package": {"file": installation.receipt.source, "size": installation.receipt.size},
            });
            if let Some(matched) = &installation.matched {
                data["match"] = self::matched(matched);
            }
            if let Some(placement) = &installation.placement {
                data["placement"] = super::system::placement(placement);
            }
            data
        }
        InstallOutcome::Planned(plan) => super::dry_run::dry_run(plan),
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

/// Why this client was chosen.
pub(super) fn matched(matched: &ServerMatch) -> Value {
    let mut value = server(&matched.server);
    value["edition_assumed"] = matched.assumed.into();
    value["why"] = matched.why.to_string().into();
    value
}
