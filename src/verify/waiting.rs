//! `--wait`: again and again until a real query works, as long as waiting can help.

use std::time::Duration;

use crate::diagnose::{Diagnosis, Finding, Severity};

/// The wait after the first try; it doubles from one to the next.
const FIRST: Duration = Duration::from_millis(200);
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(5);

/// Findings that time alone can mend: a server that is starting, a name that is being published, a path that is being set up.
const MENDED_BY_TIME: [&str; 12] = [
    "dns-unresolved",
    "tcp-refused",
    "tcp-timeout",
    "no-answer",
    "closed-early",
    "proxy-in-the-way",
    "adapter-not-running",
    "adapter-backend-down",
    "query-failed",
    "dnode-unresolved",
    "dnode-unreachable",
    "rate-limited",
];

/// The wait before try number `tries` + 1, at least the second.
pub fn pause(tries: u32) -> Duration {
    FIRST
        .saturating_mul(1 << tries.saturating_sub(1).min(16))
        .min(LONGEST)
}

/// What is waited for: the first error, where time can mend all of them. `None` where all is well, or waiting is in vain.
pub fn hope(diagnosis: &Diagnosis) -> Option<&Finding> {
    let mut errors = diagnosis
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let first = errors.next().filter(|_| diagnosis.exit != 0)?;
    let mends = |finding: &Finding| {
        MENDED_BY_TIME.contains(&finding.id.as_str())
            // A login that a gateway itself asks for does not come with time.
            && !finding.observed.contains("HTTP 407")
            && !finding.observed.contains("HTTP 401")
    };
    (mends(first) && errors.all(mends)).then_some(first)
}

#[cfg(test)]
mod tests;
