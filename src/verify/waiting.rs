//! `--wait`: repeats the checks until a real query succeeds, as long as waiting can help.

use std::time::Duration;

use crate::diagnose::{CauseKind, Diagnosis, Finding, Id, Severity};

/// The wait after the first try; it doubles from one to the next.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(5);

/// Whether waiting can help: a server that is starting, a name that is being published, a path that is being set up.
fn can_pass(finding: &Finding) -> bool {
    let of_a_moment = matches!(
        finding.id,
        Id::DnsUnresolved
            | Id::TcpRefused
            | Id::TcpTimeout
            | Id::NoAnswer
            | Id::ClosedEarly
            | Id::ProxyInTheWay
            | Id::AdapterNotRunning
            | Id::AdapterBackendDown
            | Id::QueryFailed
            | Id::DnodeUnresolved
            | Id::DnodeUnreachable
            | Id::RateLimited
    );
    // No dnode takes a database yet.
    let of_a_start = finding.id == Id::WriteFailed && finding.kinds.contains(&CauseKind::Starting);
    // A login that a gateway itself requires does not come with time.
    (of_a_moment || of_a_start) && !finding.kinds.contains(&CauseKind::Login)
}

/// The wait before try number `tries` + 1, at least the second.
pub fn pause(tries: u32) -> Duration {
    FIRST
        .saturating_mul(1 << tries.saturating_sub(1).min(16))
        .min(LONGEST)
}

/// The first error, if waiting can help with all of them; `None` without an error, or if waiting cannot help.
pub fn hope(diagnosis: &Diagnosis) -> Option<&Finding> {
    let mut errors = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let first = errors.next().filter(|_| diagnosis.exit != 0)?;
    (can_pass(first) && errors.all(can_pass)).then_some(first)
}

#[cfg(test)]
mod tests;
