//! The C library that the driver needs, glibc in some version, against this machine's; whether the driver wants an executable stack; and
//! on Windows the Visual C++ runtime.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::judge;
use crate::driver::needs::{self, Glibc};
use crate::message::message;
use crate::tdengine::platform::Os;

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let Some(platform) = facts.platform.filter(|it| it.os == Os::Linux) else {
        let used = facts.used.as_ref();
        let missing = used.and_then(|used| judge::library::vc_runtime(&used.candidate.file));
        return CheckReport::skipped(message!("doctor-only-linux")).with(missing);
    };
    let host = needs::host_glibc().map(|(glibc, _)| glibc);
    let musl = host.is_none() && needs::host_is_musl();
    let headline = match host {
        Some(glibc) => message!("doctor-glibc", glibc = glibc),
        None if musl => message!("doctor-musl"),
        None => message!("doctor-no-glibc"),
    };
    let report = CheckReport::ok([headline.clone()]).titled(headline);
    let Some(used) = &facts.used else {
        return report;
    };
    let mut report = report;
    let mut judgement = None;
    for file in used.files(platform) {
        let Ok(needed) = needs::of(&file) else {
            continue;
        };
        report.details.push(message!(
            "doctor-needs",
            file = file.display(),
            glibc = needed
                .glibc
                .map(|it: Glibc| it.to_string())
                .unwrap_or_default(),
            stack = needed.executable_stack.is_some()
        ));
        judgement = judgement.or_else(|| judge::library::needs(&file, needed, host, musl));
    }
    report.with(judgement)
}
