//! JSON form of `taos-setup install --dry-run`.

use serde_json::{Value, json};

use super::{json as install_json, system_json};
use crate::install::ClientDamage;
use crate::install::examination::PackageChecks;
use crate::install::plan::{InstallPlan, PlannedAction, PlannedTrust};
use crate::message::locale::Locale;
use crate::store::Client;

/// Returns `data`; texts in it are in `locale`.
pub(super) fn data(plan: &InstallPlan, locale: Locale) -> Value {
    let (action, changed) = match &plan.action {
        PlannedAction::Install => ("install", None),
        PlannedAction::Reinstall(ClientDamage::Changed(path)) => ("reinstall", Some(path.clone())),
        PlannedAction::Reinstall(ClientDamage::Unreadable(why)) => {
            ("reinstall", Some(why.text(locale)))
        }
        PlannedAction::Extend(_) => ("extend", None),
        PlannedAction::Replace(_) => ("replace", None),
        PlannedAction::Keep(_) => ("none", None),
    };
    let (kind, sha256) = match &plan.trust {
        PlannedTrust::Digests(verified, digests) => (json!(verified), digests.clone()),
        PlannedTrust::VendorList => (json!("vendor-list"), Vec::new()),
        PlannedTrust::FirstUse => (json!("first-use"), Vec::new()),
        PlannedTrust::Nothing => (json!("none"), Vec::new()),
    };
    let now = plan.current.as_ref().map(Client::folder_name);
    let then = if plan.becomes_current {
        Some(plan.client.folder_name())
    } else {
        now.clone()
    };
    let mut data = json!({
        "dry_run": true,
        "installed": false,
        "action": action,
        "changed": changed,
        "client": {
            "version": plan.client.version,
            "edition": plan.client.edition,
            "platform": plan.client.platform.to_string(),
            "prefix": plan.client.prefix.to_string_lossy(),
            "parts": plan.parts,
        },
        "from": plan.from,
        "size": plan.size,
        "trust": {"kind": kind, "sha256": sha256},
        "sha256": plan.digest,
        "checks": checks(plan),
        "first_ep": plan.first_ep,
        "current": {"now": now, "then": then},
    });
    if let Some(system) = &plan.system {
        let changes = system.changes.as_deref().map(system_json::changes);
        data["placement"] = json!({"changes": changes});
    }
    if let Some(matched) = &plan.matched {
        data["match"] = install_json::matched(matched, locale);
    }
    data
}

/// The checks before publication: `state` is `done`, `to-come`, `installer`, or `found`.
fn checks(plan: &InstallPlan) -> Value {
    match &plan.checks {
        PackageChecks::Done => json!({"state": "done"}),
        PackageChecks::Installer => json!({"state": "installer"}),
        PackageChecks::Pending { libraries, .. } => {
            json!({"state": "to-come", "libraries": libraries})
        }
        PackageChecks::Examined(found) => json!({
            "state": "found",
            "libraries": found.libraries,
            "glibc": found.glibc.as_ref().map(|(glibc, file)| json!({
                "needed": glibc.to_string(),
                "by": file,
                "here": found.host_glibc.map(|glibc| glibc.to_string()),
            })),
            "executable_stack": found.executable_stack,
            "version_could_be_asked": found.could_be_asked,
        }),
    }
}
