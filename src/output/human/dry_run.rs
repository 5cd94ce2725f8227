//! What `install --dry-run` would do.

use crate::install::examine::{ExaminedLibraries, PackageChecks, host_glibc};
use crate::install::plan::{InstallPlan, PlannedAction, PlannedTrust};
use crate::output::style::Style;
use crate::safety::printable::printable;
use crate::store::Parts;

/// The plan for stdout, and for stderr that nothing was done.
pub(super) fn dry_run(plan: &InstallPlan, style: Style) -> (String, String) {
    let client = &plan.client;
    let what = match &plan.action {
        PlannedAction::Install => "would install".to_owned(),
        PlannedAction::Reinstall(path) => {
            format!("would install again, because {path} is not as it was:")
        }
        PlannedAction::Extend(parts) => format!("would extend from {parts} to {}:", plan.parts),
        PlannedAction::Replace(other) => format!("would replace client {other} by"),
        PlannedAction::Keep(_) => "already installed:".to_owned(),
    };
    let mut stdout = format!(
        "{what} client {} ({}, {})\n  in        {}\n",
        style.strong(client.version),
        client.edition,
        client.platform,
        crate::safety::printable::printable_path(&client.prefix)
    );
    let mut line = |name: &str, text: String| stdout.push_str(&format!("  {name:<8}  {text}\n"));
    if plan.parts != Parts::All {
        line("parts", plan.parts.to_string());
    }
    for (number, place) in plan.from.iter().enumerate() {
        line(if number == 0 { "from" } else { "or" }, place.clone());
    }
    if let Some(size) = plan.size {
        line("size", format!("{size} bytes"));
    }
    line("trust", trust(&plan.trust));
    if let Some(digest) = &plan.digest {
        line("sha256", digest.to_string());
    }
    for (name, text) in checks(plan) {
        line(name, text);
    }
    if let Some(first_ep) = &plan.first_ep {
        line("firstEp", first_ep.clone());
    }
    line("current", current(plan));
    if let Some(system) = &plan.system {
        stdout.push_str(&super::system::preview(system.changes.as_deref()));
    }
    let stderr =
        "note: this is a dry run: nothing was downloaded and nothing was changed\n".to_owned();
    (stdout, stderr)
}

fn trust(trust: &PlannedTrust) -> String {
    match trust {
        PlannedTrust::Digests(verified, digests) => {
            let digests: Vec<String> = digests.iter().map(ToString::to_string).collect();
            format!("{verified}: sha256 {}", digests.join(" or "))
        }
        PlannedTrust::VendorList => "vendor-list: size and MD5".into(),
        PlannedTrust::FirstUse => {
            "nothing vouches for it; it would be taken, and its digest recorded".into()
        }
        PlannedTrust::Nothing => {
            "nothing vouches for it: it would be refused with its digest (exit 4)".into()
        }
    }
}

/// What was found of that which is checked before publication, else what will be looked at.
fn checks(plan: &InstallPlan) -> Vec<(&'static str, String)> {
    let client = &plan.client;
    match &plan.checks {
        PackageChecks::Done => Vec::new(),
        PackageChecks::Installer => vec![(
            "checks",
            "it is an installer: it would be verified and kept, and the command that runs it printed (exit 3)".into(),
        )],
        PackageChecks::Pending(libraries) => {
            let mut text = format!(
                "to come: {} for {}",
                libraries.join(", "),
                client.platform
            );
            if let Some(glibc) = host_glibc(client) {
                text.push_str(&format!("; the glibc they need (this machine has {glibc})"));
            }
            if client.is_for_this_machine() {
                text.push_str("; the driver's own word on its version");
            }
            vec![("checks", text)]
        }
        PackageChecks::Examined(found) => self::found(plan, found),
    }
}

fn found(plan: &InstallPlan, found: &ExaminedLibraries) -> Vec<(&'static str, String)> {
    let client = &plan.client;
    let whole = format!(
        "the driver is whole and for {}: {}",
        client.platform,
        printable(&found.libraries.join(", "))
    );
    let mut lines = vec![("checks", whole)];
    if let Some((glibc, file)) = &found.glibc {
        let mut text = format!("{glibc} is needed by {}", printable(file));
        if let Some(here) = host_glibc(client) {
            text.push_str(&format!("; this machine has {here}"));
        }
        lines.push(("glibc", text));
    }
    for file in &found.executable_stack {
        let text = format!(
            "{} asks for an executable one: the flag would be cleared in the copy",
            printable(file)
        );
        lines.push(("stack", text));
    }
    let asked = match found.could_be_asked {
        true => "the driver would be asked for it, in a process of its own",
        false => "the driver cannot be asked for it on this machine",
    };
    lines.push(("version", asked.into()));
    lines
}

fn current(plan: &InstallPlan) -> String {
    if !plan.client.is_in_store() {
        return "stays as it is: the prefix stands by itself".into();
    }
    match (&plan.current, plan.becomes_current) {
        (Some(current), true) if *current == plan.client => "it is the current client".into(),
        (Some(current), true) => format!("would change from {}", current.folder_name()),
        (None, true) => "would be the current client".into(),
        (Some(current), false) => format!("stays {}", current.folder_name()),
        (None, false) => "stays as it is: there is none".into(),
    }
}
