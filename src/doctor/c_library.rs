//! The C library that the driver needs, glibc in some version, against this machine's; whether the driver wants an executable stack; and
//! on Windows the Visual C++ runtime.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::judge;
use crate::driver::needs::{self, Glibc};
use crate::driver::vc_runtime;
use crate::message::message;
use crate::tdengine::platform::{Os, Platform};

/// Runs the check.
pub fn check(facts: &MachineFacts) -> CheckReport {
    let platform = match facts.platform {
        Some(platform) if platform.os == Os::Linux => platform,
        Some(platform) if platform.os == Os::Windows => return visual_c(facts, platform),
        Some(_) | None => return CheckReport::skipped(message!("doctor-only-linux")),
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

/// The runtime of Visual C++ that the driver needs, against the one that is installed.
fn visual_c(facts: &MachineFacts, platform: Platform) -> CheckReport {
    let here = vc_runtime::installed(platform);
    let headline = match here {
        Some(here) => message!("doctor-vc-runtime", here = here),
        None => message!("doctor-vc-runtime-unknown"),
    };
    let mut report = CheckReport::ok([headline.clone()]).titled(headline);
    let files = facts.used.as_ref().map(|used| used.files(platform));
    let Some((file, needed)) = vc_runtime::newest_needed(&files.unwrap_or_default()) else {
        return report;
    };
    report.details.push(message!(
        "doctor-needs-vc-runtime",
        file = file.display(),
        needed = needed
    ));
    let is_there = vc_runtime::is_there();
    report.with(judge::library::vc_runtime(&file, needed, is_there, here))
}
