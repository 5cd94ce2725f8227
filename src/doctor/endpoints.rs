//! The servers that taos.cfg names: whether their names resolve on this machine. Nothing is connected to.

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use crate::diagnose::judge;
use crate::driver::taos_cfg;
use crate::dsn::target::bracketed;
use crate::message::message;
use crate::probe::dns;

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    let mut report = CheckReport::default();
    for key in ["firstEp", "secondEp"] {
        let Some((host, port)) = facts.config.value(key).and_then(taos_cfg::endpoint) else {
            continue;
        };
        let judgement = judge::ground::dns(&host, &dns::resolve(&host, facts.request.limit).await);
        let shown = format!("{}:{port}", bracketed(&host));
        report.details.push(message!(
            "doctor-endpoint",
            key = key,
            endpoint = shown,
            addresses = judgement.observed
        ));
        if key == "firstEp" {
            report.headline = message!("doctor-first-ep", endpoint = shown);
        }
        report = report.with(judgement);
    }
    if report.details.is_empty() {
        return CheckReport::skipped(message!("doctor-no-first-ep"));
    }
    report
}
