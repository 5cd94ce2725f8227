//! One verdict: causes that several transports share become one finding that names them.

use std::collections::BTreeMap;

use super::description::{FindingPlace, describe};
use super::{CauseKind, Finding, FindingManifest, FindingValue, Id, Judgement, Status};
use crate::dsn::Transport;
use crate::error::Result;
use crate::message::locale::Locale;
use crate::probe::Check;

/// A check that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCheck {
    /// On whose checks.
    pub transport: Transport,
    /// Which check.
    pub check: Check,
    /// Its verdict, made safe.
    pub judgement: Judgement,
}

impl FailedCheck {
    fn id(&self) -> Option<Id> {
        self.judgement.cause.as_ref().map(|cause| cause.id)
    }

    /// What makes two stops one finding: its id and, where it is about one, the package.
    fn key(&self) -> Option<(Id, Option<&FindingValue>)> {
        let cause = self.judgement.cause.as_ref()?;
        Some((cause.id, cause.values.get("package")))
    }
}

/// What the findings are about.
#[derive(Clone, Debug)]
pub struct FindingSubject {
    /// The target as the user named it.
    pub target: String,
    /// Words for the placeholders that every text may use.
    pub values: BTreeMap<&'static str, FindingValue>,
    /// Whether the native port answers as taosd does; `None` if this was not checked.
    pub native_answers: Option<bool>,
    /// The ports that answer instead of those that refuse.
    pub neighbors: Neighbors,
    /// Whether taosAdapter has answered ws or rest.
    pub adapter_answers: bool,
}

impl FindingSubject {
    /// The same with every text from outside changed by `change`.
    #[must_use]
    pub fn map_texts(mut self, change: &impl Fn(&str) -> String) -> Self {
        self.target = change(&self.target);
        for value in self.values.values_mut() {
            *value = std::mem::take(value).map_texts(change);
        }
        self
    }
}

/// Ports of the same host that answer, where the ones that were asked refuse connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbors {
    /// taosAdapter answers here.
    pub adapter: Option<u16>,
    /// taosd answers here.
    pub native: Option<u16>,
}

/// Findings, and the exit code that they amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// In the order of the transports that they stop.
    pub findings: Vec<Finding>,
    /// The code of the first transport that fails, in the order ws, rest, native; 0 where none fails.
    pub exit: u8,
}

/// The findings that `stops` amount to.
pub fn diagnose(
    subject: &FindingSubject,
    mut stops: Vec<FailedCheck>,
    manifest: &FindingManifest,
    locale: Locale,
) -> Result<Diagnosis> {
    stops.sort_by_key(|stop| (stop.transport, stop.check));
    across_transports(&mut stops, subject);
    let mut diagnosis = Diagnosis::default();
    if let Some(first) = stops
        .iter()
        .find(|stop| stop.judgement.status == Status::Failed)
        && let Some(id) = first.id()
    {
        diagnosis.exit = manifest.entry(id)?.exit;
    }
    let mut left = stops;
    while let Some(first) = left.first().cloned()
        && let Some(id) = first.id()
    {
        let (same, others): (Vec<FailedCheck>, Vec<FailedCheck>) =
            left.into_iter().partition(|stop| stop.key() == first.key());
        left = others;
        diagnosis
            .findings
            .push(finding(id, &first, &same, subject, manifest, locale)?);
    }
    diagnosis
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(diagnosis)
}

/// What only several transports together tell.
fn across_transports(stops: &mut Vec<FailedCheck>, subject: &FindingSubject) {
    let any = |id: Id| stops.iter().any(|stop| stop.id() == Some(id));
    let backend_down = any(Id::AdapterBackendDown);
    let large_lost = any(Id::LargeAnswersLost);
    for stop in stops.iter_mut() {
        let native = stop.transport == Transport::Native;
        let Some(cause) = &mut stop.judgement.cause else {
            continue;
        };
        match cause.id {
            // Another port of the host answers.
            Id::TcpRefused if !native && subject.neighbors.adapter.is_some() => {
                cause.id = Id::WrongPort;
                cause.kind = Some(CauseKind::Neighbor);
            }
            Id::TcpRefused if native && subject.neighbors.native.is_some() => {
                cause.id = Id::WrongPort;
                cause.kind = Some(CauseKind::Neighbor);
            }
            // taosd answers, and nothing listens on the adapter's port.
            Id::TcpRefused if !native && subject.native_answers == Some(true) => {
                cause.id = Id::AdapterNotRunning;
            }
            // What taosAdapter answers at length is lost on the same way.
            Id::NoAnswer if native && large_lost && cause.kind == Some(CauseKind::Query) => {
                cause.id = Id::LargeAnswersLost;
                cause.kind = None;
            }
            // taosAdapter is there for the other transport: something between keeps this one from it.
            Id::NotTdengine if !native && subject.adapter_answers => {
                cause.id = Id::ProxyInTheWay;
            }
            // taosAdapter says that taosd is away, and taosd's own port says so too.
            Id::TcpRefused | Id::TcpTimeout | Id::NoAnswer | Id::ClosedEarly
                if native && backend_down =>
            {
                cause.id = Id::AdapterBackendDown;
            }
            _ => {}
        }
    }
    // The native port itself, as a dnode advertises it, is not a second finding if native already stopped at it.
    let port_is_shut = stops
        .iter()
        .any(|stop| stop.transport == Transport::Native && stop.check == Check::Tcp);
    let is_own = |stop: &FailedCheck| {
        let cause = stop.judgement.cause.as_ref();
        cause.is_some_and(|cause| {
            cause.id == Id::DnodeUnreachable
                && cause.values.get("own") == Some(&FindingValue::Flag(true))
        })
    };
    stops
        .retain(|stop| !(port_is_shut && stop.judgement.status == Status::Warning && is_own(stop)));
    // An endpoint that fails native is one finding, not a warning for the others besides.
    let fatal: Vec<FailedCheck> = stops
        .iter()
        .filter(|stop| stop.judgement.status == Status::Failed)
        .cloned()
        .collect();
    stops.retain(|stop| {
        stop.judgement.status == Status::Failed
            || stop.key().is_some() && !fatal.iter().any(|other| other.key() == stop.key())
    });
}

/// One finding for stops that share `id`.
fn finding(
    id: Id,
    first: &FailedCheck,
    stops: &[FailedCheck],
    subject: &FindingSubject,
    manifest: &FindingManifest,
    locale: Locale,
) -> Result<Finding> {
    let place = FindingPlace {
        target: &subject.target,
        transports: transports(stops),
        check: first.check.as_str(),
        values: &subject.values,
    };
    let judgements: Vec<&Judgement> = stops.iter().map(|stop| &stop.judgement).collect();
    describe(id, place, &judgements, manifest, locale)
}

fn transports(stops: &[FailedCheck]) -> Vec<Transport> {
    let mut transports: Vec<Transport> = stops.iter().map(|stop| stop.transport).collect();
    transports.dedup();
    transports
}

#[cfg(test)]
mod tests;
