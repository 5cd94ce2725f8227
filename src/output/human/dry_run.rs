//! What `install --dry-run` would do.

use crate::install::dry_run::{Action, Checks, Found, Plan, Trust, host_glibc};
use crate::output::style::Style;
use crate::safety::printable::printable;
use crate::store::Parts;

/// The plan for stdout, and for stderr that nothing was done.
pub(super) fn dry_run(plan: &Plan, style: Style) -> (String, String) {
    let client = &plan.client;
    let what = match &plan.action {
        Action::Install => "would install".to_owned(),
        Action::Reinstall(path) => format!("would install again, because {path} is not as it was:"),
        Action::Extend(parts) => format!("would extend from {parts} to {}:", plan.parts),
        Action::Replace(other) => format!("would replace client {other} by"),
        Action::Nothing => "already installed:".to_owned(),
    };
    let mut stdout = format!(
        "{what} client {} ({}, {})\n  in        {}\n",
        style.strong(client.version),
        client.edition,
        client.platform,
        client.prefix.display()
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

fn trust(trust: &Trust) -> String {
    match trust {
        Trust::Digests(verified, digests) => {
            let digests: Vec<String> = digests.iter().map(ToString::to_string).collect();
            format!("{verified}: sha256 {}", digests.join(" or "))
        }
        Trust::VendorList => "vendor-list: size and MD5".into(),
        Trust::FirstUse => {
            "nothing vouches for it; it would be taken, and its digest recorded".into()
        }
        Trust::Nothing => {
            "nothing vouches for it: it would be refused with its digest (exit 4)".into()
        }
    }
}

/// What was found of that which is checked before publication, else what will be looked at.
fn checks(plan: &Plan) -> Vec<(&'static str, String)> {
    let client = &plan.client;
    match &plan.checks {
        Checks::Done => Vec::new(),
        Checks::Installer => vec![(
            "checks",
            "it is an installer: it would be verified and kept, and the command that runs it printed (exit 3)".into(),
        )],
        Checks::ToCome(libraries) => {
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
        Checks::Found(found) => self::found(plan, found),
    }
}

fn found(plan: &Plan, found: &Found) -> Vec<(&'static str, String)> {
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

fn current(plan: &Plan) -> String {
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
