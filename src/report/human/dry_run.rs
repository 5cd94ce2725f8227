//! What `install --dry-run` would do.

use crate::install::dry_run::{Action, Plan, Trust};
use crate::report::style::Style;

/// The plan for stdout, and for stderr that nothing was done.
pub(super) fn dry_run(plan: &Plan, style: Style) -> (String, String) {
    let client = &plan.client;
    let what = match &plan.action {
        Action::Install => "would install".to_owned(),
        Action::Reinstall(path) => format!("would install again, because {path} is not as it was:"),
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
    for (number, place) in plan.from.iter().enumerate() {
        line(if number == 0 { "from" } else { "or" }, place.clone());
    }
    if let Some(size) = plan.size {
        line("size", format!("{size} bytes"));
    }
    line("trust", trust(&plan.trust));
    if let Some(first_ep) = &plan.first_ep {
        line("firstEp", first_ep.clone());
    }
    line("current", current(plan));
    if let Some(system) = &plan.system {
        stdout.push_str(&super::system::preview(system.changes.as_deref()));
    }
    let stderr =
        "note: this is a dry run: nothing was downloaded and nothing was written\n".to_owned();
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

fn current(plan: &Plan) -> String {
    match (&plan.current, plan.becomes_current) {
        (Some(current), true) if *current == plan.client => "it is the current client".into(),
        (Some(current), true) => format!("would change from {}", current.folder_name()),
        (None, true) => "would be the current client".into(),
        (Some(current), false) => format!("stays {}", current.folder_name()),
        (None, false) => "stays as it is: there is none".into(),
    }
}
