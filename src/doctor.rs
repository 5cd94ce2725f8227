//! The use case of `doctor`: checks of this machine, one file each. Nothing is loaded or changed, and every check has a time limit.

mod c_library;
mod certificates;
mod charset;
pub mod check_name;
pub mod check_report;
mod clock;
mod complete;
mod config_file;
mod connectors;
mod dependencies;
mod directories;
mod endpoints;
mod go;
mod headers;
mod java;
mod libraries;
mod machine;
mod machine_facts;
mod native_tls;
mod node;
mod permissions;
mod ports;
mod proxy;
mod python;
pub mod repair;
mod runtime;
mod store;
mod time_zone;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, join_all};
use url::Url;

use crate::diagnose::{
    Finding, FindingManifest, FindingPlace, FindingValue, Id, Judgement, Severity, Status, describe,
};
use crate::driver::copies::DriverCopy;
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::system::events::EventSink;
use crate::system::runtime as tasks;
pub use check_name::{CheckGroup, CheckName};
pub use check_report::CheckReport;
use machine_facts::MachineFacts;
use repair::{RepairMode, RepairResult};

/// The target of findings about this machine.
const TARGET: &str = "localhost";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct DoctorRequest {
    /// The checks to run; all if none is named.
    pub checks: Vec<CheckName>,
    /// Whether the digest of every installed file is checked.
    pub deep: bool,
    /// A web server whose time this machine's clock is compared with.
    pub time_from: Option<Url>,
    /// The limit of a question to a server or a program, and a tenth of that of a check.
    pub limit: Duration,
    /// The project's directory.
    pub directory: PathBuf,
}

/// One check and what it found.
#[derive(Debug)]
pub struct CheckOutcome {
    /// The check.
    pub check: CheckName,
    /// What it found.
    pub report: CheckReport,
    /// How long it took, in milliseconds.
    pub ms: u64,
}

/// What was found on this machine.
#[derive(Debug)]
pub struct DoctorOutcome {
    /// The checks that ran, in their order.
    pub checks: Vec<CheckOutcome>,
    /// Every copy of the driver.
    pub copies: Vec<DriverCopy>,
    /// What is wrong or worth knowing, in the order of the checks.
    pub findings: Vec<Finding>,
    /// The code of the first error; 0 if there is none.
    pub exit: u8,
    /// The repairs that were asked for.
    pub repairs: Vec<RepairResult>,
}

/// Runs the checks; then, if `mode` asks for it, the safe repairs of what they found, and the checks again.
///
/// # Errors
/// `interrupted`; `unexpected` if the system does not give what the checks need.
pub fn doctor(
    request: &DoctorRequest,
    mode: &RepairMode,
    events: &EventSink,
    locale: Locale,
) -> Result<DoctorOutcome> {
    let interrupted = || {
        Error::new(
            ErrorId::Interrupted,
            message!("doctor-finish"),
            message!("verify-interrupted"),
            Message::default(),
        )
    };
    let look = || {
        tasks::run(interrupted, async |interrupts| {
            interrupts.unless(run(request.clone())).await
        })
    };
    let (facts, checks) = look()?;
    let mut repairs = Vec::new();
    if let (RepairMode::Plan | RepairMode::Apply, Some(facts)) = (mode, &facts) {
        repairs = repair::run(facts, &checks, mode, events)?;
        if repairs.iter().any(RepairResult::is_done) {
            let (facts, checks) = look()?;
            return outcome(facts, checks, repairs, locale);
        }
    }
    outcome(facts, checks, repairs, locale)
}

/// The machine, unless it could not be looked at in time, and what the checks found.
type Looked = (Option<Arc<MachineFacts>>, Vec<CheckOutcome>);

async fn run(request: DoctorRequest) -> Looked {
    let limit = request.limit.saturating_mul(10);
    let wanted: Vec<CheckName> = match request.checks.is_empty() {
        true => CheckName::ALL.to_vec(),
        // In their own order, each once.
        false => {
            let all = CheckName::ALL.iter().copied();
            all.filter(|check| request.checks.contains(check)).collect()
        }
    };
    let facts = within(limit, in_thread(move || MachineFacts::collect(request))).await;
    let Some(facts) = facts.map(Arc::new) else {
        let outcomes = wanted.into_iter().map(|check| unfinished(check, limit));
        return (None, outcomes.collect());
    };
    let checks = wanted.into_iter().map(|check| {
        let facts = Arc::clone(&facts);
        async move {
            let begun = Instant::now();
            match within(limit, start(check, facts)).await {
                Some(report) => CheckOutcome {
                    check,
                    report: safe(report),
                    ms: begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
                },
                None => unfinished(check, limit),
            }
        }
    });
    let checks = join_all(checks).await;
    (Some(facts), checks)
}

/// Starts `check`. Those that wait for the disk have threads of their own.
fn start(check: CheckName, facts: Arc<MachineFacts>) -> BoxFuture<'static, Option<CheckReport>> {
    let blocking = |check: fn(&MachineFacts) -> CheckReport| -> BoxFuture<'static, _> {
        let facts = Arc::clone(&facts);
        Box::pin(in_thread(move || check(&facts)))
    };
    match check {
        CheckName::Libraries => blocking(libraries::check),
        CheckName::Complete => blocking(complete::check),
        CheckName::Headers => blocking(headers::check),
        CheckName::Store => blocking(store::check),
        CheckName::Machine => blocking(machine::check),
        CheckName::CLibrary => blocking(c_library::check),
        CheckName::Dependencies => blocking(dependencies::check),
        CheckName::Permissions => blocking(permissions::check),
        CheckName::TaosCfg => blocking(config_file::check),
        CheckName::Endpoints => Box::pin(async move { Some(endpoints::check(&facts).await) }),
        CheckName::Directories => blocking(directories::check),
        CheckName::Charset => blocking(charset::check),
        CheckName::TimeZone => blocking(time_zone::check),
        CheckName::NativeTls => blocking(native_tls::check),
        CheckName::Proxy => blocking(proxy::check),
        CheckName::Certificates => blocking(certificates::check),
        CheckName::Clock => Box::pin(async move { Some(clock::check(&facts).await) }),
        CheckName::Ports => blocking(ports::check),
        CheckName::Java => Box::pin(async move { Some(java::check(&facts).await) }),
        CheckName::Python => Box::pin(async move { Some(python::check(&facts).await) }),
        CheckName::Node => Box::pin(async move { Some(node::check(&facts).await) }),
        CheckName::Go => Box::pin(async move { Some(go::check(&facts).await) }),
        CheckName::Connectors => blocking(connectors::check),
    }
}

/// Waits for `work` until `limit`; `None` if it is not done then, or has none to give.
async fn within<T>(limit: Duration, work: impl Future<Output = Option<T>>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok().flatten()
}

/// Runs `work` on a thread of its own: a file system that does not answer keeps that thread alone. `None` if the system gives none.
async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("check".into());
    let started = thread.spawn(move || {
        // The caller may have given up waiting.
        let _ = sender.send(work());
    });
    started.ok()?;
    receiver.await.ok()
}

fn unfinished(check: CheckName, limit: Duration) -> CheckOutcome {
    let seconds = limit.as_secs();
    let judgement = Judgement::failed(
        Id::CheckUnfinished,
        message!("doctor-unfinished", seconds = seconds),
    )
    .expecting(message!("doctor-unfinished-expected", seconds = seconds))
    .with("check", check.as_str());
    CheckOutcome {
        check,
        report: CheckReport::default().with(judgement),
        ms: limit.as_millis().try_into().unwrap_or(u64::MAX),
    }
}

/// The same without control characters: names of files and what is in them may hold any.
fn safe(report: CheckReport) -> CheckReport {
    let judgements = report.judgements.into_iter();
    let shown = |text: &str| crate::safety::printable::printable(text);
    CheckReport {
        headline: report.headline.map_texts(&shown),
        details: report
            .details
            .into_iter()
            .map(|it| it.map_texts(&shown))
            .collect(),
        judgements: judgements.map(|it| it.made_safe(&[])).collect(),
        is_skipped: report.is_skipped,
    }
}

fn outcome(
    facts: Option<Arc<MachineFacts>>,
    checks: Vec<CheckOutcome>,
    repairs: Vec<RepairResult>,
    locale: Locale,
) -> Result<DoctorOutcome> {
    let manifest = FindingManifest::built_in()?;
    let values: BTreeMap<&'static str, FindingValue> = BTreeMap::new();
    let (mut findings, mut exit) = (Vec::new(), 0);
    for outcome in &checks {
        for judgement in &outcome.report.judgements {
            let Some(cause) = &judgement.cause else {
                continue;
            };
            let place = FindingPlace {
                target: TARGET,
                transports: Vec::new(),
                check: outcome.check.as_str(),
                values: &values,
            };
            let finding = describe(cause.id, place, &[judgement], manifest, locale)?;
            if finding.severity == Severity::Error && exit == 0 {
                exit = manifest.entry(cause.id)?.exit;
            }
            findings.push(finding);
        }
    }
    Ok(DoctorOutcome {
        checks,
        copies: facts.map_or_else(Vec::new, |facts| facts.copies.clone()),
        findings,
        exit,
        repairs,
    })
}

impl DoctorOutcome {
    /// The groups of which a check ran, each with the worst of its checks and the checks.
    pub fn groups(&self) -> Vec<(CheckGroup, Status, Vec<&CheckOutcome>)> {
        let of = |group| {
            self.checks
                .iter()
                .filter(move |it| it.check.group() == group)
        };
        let groups = CheckGroup::ALL.into_iter().map(|group| {
            let checks: Vec<&CheckOutcome> = of(group).collect();
            let any = |status| checks.iter().any(|it| it.report.status() == status);
            let worst = [Status::Failed, Status::Warning, Status::Ok];
            let worst = worst.into_iter().find(|status| any(*status));
            (group, worst.unwrap_or(Status::Skipped), checks)
        });
        groups.filter(|(_, _, checks)| !checks.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn check_that_hangs_is_a_finding() {
        let limit = Duration::from_millis(20);
        let (keep, hangs) = std::sync::mpsc::channel::<()>();
        let work = in_thread(move || hangs.recv().is_ok());
        assert_eq!(within(limit, work).await, None);
        drop(keep);
        let hung = unfinished(CheckName::Permissions, limit);
        let outcome = outcome(None, vec![hung], Vec::new(), Locale::En).unwrap();
        assert_eq!(outcome.exit, 8);
        assert_eq!(outcome.findings[0].id, Id::CheckUnfinished);
        assert_eq!(outcome.findings[0].check, "permissions");
    }
}
