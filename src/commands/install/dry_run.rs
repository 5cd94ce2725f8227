//! Text form of `taos-setup install --dry-run`.

use super::system;
use crate::commands::client_texts;
use crate::install::examination::{ExaminedLibraries, PackageChecks};
use crate::install::plan::{InstallPlan, PlannedAction, PlannedTrust};
use crate::message::{Message, message};
use crate::output::layout::{fields, note};
use crate::output::{HumanOptions, HumanText};
use crate::safety::printable::{printable, printable_path};
use crate::store::Parts;

/// Renders the plan, and a note that nothing was done.
pub(super) fn plan(plan: &InstallPlan, options: &HumanOptions) -> HumanText {
    let client = client_texts::client(&plan.client, options);
    let text = match &plan.action {
        PlannedAction::Install => message!("install-would-install", client = client),
        PlannedAction::Reinstall(damage) => message!(
            "install-would-reinstall",
            client = client,
            damage = damage.describe()
        ),
        PlannedAction::Extend(parts) => message!(
            "install-would-extend",
            client = client,
            before = parts,
            after = plan.parts
        ),
        PlannedAction::Replace(other) => {
            message!("install-would-replace", client = client, other = other)
        }
        PlannedAction::Keep(_) => message!("install-present", client = client),
    };
    let mut lines = vec![(
        message!("output-label-in"),
        printable_path(&plan.client.prefix),
    )];
    let text_of = |message: Message| message.text(options.locale);
    if plan.parts != Parts::All {
        lines.push((message!("install-label-parts"), plan.parts.to_string()));
    }
    for (number, place) in plan.from.iter().enumerate() {
        let label = match number {
            0 => message!("install-label-from"),
            _ => message!("install-label-or"),
        };
        lines.push((label, place.clone()));
    }
    if let Some(size) = plan.size {
        let size = message!("install-bytes", size = size);
        lines.push((message!("install-label-size"), text_of(size)));
    }
    lines.push((message!("install-label-trust"), text_of(trust(&plan.trust))));
    if let Some(digest) = &plan.digest {
        lines.push((message!("install-label-sha256"), digest.to_string()));
    }
    for (label, text) in checks(plan) {
        lines.push((label, text_of(text)));
    }
    if let Some(first_ep) = &plan.first_ep {
        lines.push((message!("install-label-first-ep"), first_ep.clone()));
    }
    lines.push((message!("install-label-current"), text_of(current(plan))));
    if let Some(preview) = &plan.system {
        lines.extend(system::preview(preview, options.locale));
    }
    HumanText {
        stdout: format!("{}\n{}", text_of(text), fields(&lines, options.locale)),
        stderr: note(&message!("install-dry-run"), options),
    }
}

fn trust(trust: &PlannedTrust) -> Message {
    match trust {
        PlannedTrust::Digests(verified, digests) => {
            let digests: Vec<String> = digests.iter().map(ToString::to_string).collect();
            let digests = digests.into_iter().map(Message::quoted);
            Message::quoted(format!("{verified}: sha256 ")).then(Message::joined(digests, ", "))
        }
        PlannedTrust::VendorList => message!("install-trust-vendor-list"),
        PlannedTrust::FirstUse => message!("install-trust-first-use"),
        PlannedTrust::Nothing => message!("install-trust-nothing"),
    }
}

/// The checks before publication: their results, or what will be checked.
fn checks(plan: &InstallPlan) -> Vec<(Message, Message)> {
    let client = &plan.client;
    let label = message!("install-label-checks");
    match &plan.checks {
        PackageChecks::Done => Vec::new(),
        PackageChecks::Installer => vec![(label, message!("install-checks-installer"))],
        PackageChecks::Pending {
            libraries,
            host_glibc,
        } => {
            let mut text = message!(
                "install-checks-pending",
                libraries = libraries.join(", "),
                platform = client.platform
            );
            if let Some(glibc) = host_glibc {
                text = text.then(message!("install-checks-pending-glibc", glibc = glibc));
            }
            if client.is_for_this_machine() {
                text = text.then(message!("install-checks-pending-version"));
            }
            vec![(label, text)]
        }
        PackageChecks::Examined(found) => examined(plan, found),
    }
}

fn examined(plan: &InstallPlan, found: &ExaminedLibraries) -> Vec<(Message, Message)> {
    let complete = message!(
        "install-checks-complete",
        platform = plan.client.platform,
        libraries = printable(&found.libraries.join(", "))
    );
    let mut lines = vec![(message!("install-label-checks"), complete)];
    if let Some((glibc, file)) = &found.glibc {
        let file = printable(file);
        let mut text = message!("install-checks-glibc", glibc = glibc, file = file);
        if let Some(host) = found.host_glibc {
            text = text.then(message!("install-checks-glibc-here", glibc = host));
        }
        lines.push((message!("install-label-glibc"), text));
    }
    for file in &found.executable_stack {
        let text = message!("install-checks-stack", file = printable(file));
        lines.push((message!("install-label-stack"), text));
    }
    let version = match found.could_be_asked {
        true => message!("install-checks-version"),
        false => message!("install-checks-version-elsewhere"),
    };
    lines.push((message!("install-label-version"), version));
    lines
}

fn current(plan: &InstallPlan) -> Message {
    if !plan.client.is_in_store() {
        return message!("install-current-prefix");
    }
    match (&plan.current, plan.becomes_current) {
        (Some(current), true) if *current == plan.client => message!("install-current-same"),
        (Some(current), true) => {
            message!("install-current-changes", folder = current.folder_name())
        }
        (None, true) => message!("install-current-becomes"),
        (Some(current), false) => {
            message!("install-current-stays", folder = current.folder_name())
        }
        (None, false) => message!("install-current-none"),
    }
}
