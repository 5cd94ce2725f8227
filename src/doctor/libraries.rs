//! Every copy of the driver on this machine: which one programs load, and which others it hides.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::judge;
use crate::driver::copies::{CopyUse, DriverCopy};
use crate::driver::{Machine, machine, search};
use crate::message::{Message, message};

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(platform) = facts.platform else {
        return CheckReport::skipped(message!("doctor-no-platform"));
    };
    let used = facts.used.as_ref();
    let mut details: Vec<Message> = facts.copies.iter().map(describe).collect();
    if details.is_empty() {
        details.push(message!("doctor-no-library"));
    }
    let headline = match used {
        Some(used) => message!(
            "doctor-library-headline",
            version = used.version.map(|it| it.to_string()).unwrap_or_default(),
            file = used.candidate.file.display()
        ),
        None => message!("doctor-no-library"),
    };
    let mut report = CheckReport::ok(details).titled(headline);
    if let (Some(unfound), None) = (&facts.located.unfound, &facts.located.chosen) {
        report = report.with(judge::native::missing(
            &platform.library_file("taos"),
            search::variable(platform.os),
            Some(unfound),
            None,
            true,
        ));
    }
    let loaded = used.filter(|_| facts.located.chosen.is_some());
    if let Some((used, version)) = loaded.and_then(|used| Some((used, used.version?))) {
        let hidden = facts.copies.iter().find_map(|copy| {
            let other = copy.version.filter(|other| *other != version)?;
            (copy.used == CopyUse::Shadowed).then_some((copy, other))
        });
        report = report.with(hidden.map(|(copy, other)| {
            judge::library::shadowed(&used.candidate.file, version, &copy.candidate.file, other)
                .with("variable", search::variable(platform.os))
        }));
    }
    report
}

/// A copy in one line.
fn describe(copy: &DriverCopy) -> Message {
    let used = match copy.used {
        CopyUse::Loaded => message!("doctor-copy-loaded"),
        CopyUse::PassedOver => message!("doctor-copy-passed-over"),
        CopyUse::Shadowed => message!("doctor-copy-shadowed"),
        CopyUse::Unsearched => message!("doctor-copy-unsearched"),
    };
    let machine = copy.machine.as_ref().map(Machine::to_string);
    message!(
        "doctor-copy",
        file = copy.candidate.file.display(),
        version = copy.version.map(|it| it.to_string()).unwrap_or_default(),
        machine = machine.unwrap_or_else(|_| machine::UNKNOWN.to_owned()),
        used = used
    )
}
