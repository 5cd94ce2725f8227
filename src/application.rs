//! Proves the connector of a project: builds the smallest program that uses it, in a cache folder, with the project's own tools and settings,
//! runs it against the server that `verify` met, and reads its result.

mod command;
mod failure;
mod node_runtime;
mod proof;
mod recipe;
mod settings;
mod subject;
mod usage;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use crate::diagnose::{
    self, FailedCheck, FindingManifest, FindingSubject, FindingValue, Neighbors,
};
use crate::error::{Error, ErrorId, Result};
use crate::message::locale::Locale;
use crate::message::{Message, message};
use crate::probe::Check;
use crate::safety::aliases::Aliases;
use crate::store::Store;
use crate::system::events::{Event, EventSink};
use crate::system::runtime;
use crate::verify::{TargetOutcome, VerifyOutcome};
use proof::ConnectorProof;
use subject::ProbeSubject;

/// The connectors that are to be proven.
#[derive(Clone, Debug, Default)]
pub struct ApplicationRequest {
    /// The project's directory; without one, the connectors are those that `init` would choose.
    pub project: Option<PathBuf>,
    /// The languages, as `--lang` takes them; empty: all of the project.
    pub languages: Vec<String>,
    /// Whether rows are written, too.
    pub writes: bool,
    /// The database to write into, for users who may not create one.
    pub database: Option<String>,
    /// The bound of the run of a program, in addition to what its runtime takes to start.
    pub limit: Duration,
    /// The bound of a build.
    pub build_limit: Duration,
    /// A file of certificates that are trusted besides.
    pub ca_cert: Option<PathBuf>,
}

/// The connectors of a request.
#[derive(Debug)]
pub struct ApplicationPlan {
    request: ApplicationRequest,
    subjects: Vec<ProbeSubject>,
}

impl ApplicationPlan {
    /// Finds the connectors that `request` names; notes about files that cannot be read go to `events`.
    ///
    /// # Errors
    /// `usage` for languages that are not known, or if none is found; `file-unreadable`.
    pub fn of(request: ApplicationRequest, events: &EventSink) -> Result<Self> {
        let (subjects, notes) = subject::subjects(request.project.as_deref(), &request.languages)?;
        for note in notes {
            events.emit(Event::note(note));
        }
        Ok(Self { request, subjects })
    }

    /// Runs the connectors against every target of `outcome`, and adds what was seen to it, with `aliases` if there are any.
    ///
    /// # Errors
    /// `file-unreadable`, `file-unwritable`, if the cache folder cannot be used; `interrupted`.
    pub fn prove(
        &self,
        outcome: &mut VerifyOutcome,
        aliases: Option<&Aliases>,
        events: &EventSink,
        locale: Locale,
    ) -> Result<()> {
        if let Some(aliases) = aliases {
            for subject in &self.subjects {
                subject
                    .known_packages()
                    .for_each(|package| aliases.add_public(package));
            }
        }
        let hide = |text: &str| match aliases {
            Some(aliases) => aliases.hide(text),
            None => text.to_owned(),
        };
        prove(
            &self.request,
            &self.subjects,
            outcome,
            &hide,
            events,
            locale,
        )
    }
}

fn prove(
    request: &ApplicationRequest,
    subjects: &[ProbeSubject],
    outcome: &mut VerifyOutcome,
    hide: &impl Fn(&str) -> String,
    events: &EventSink,
    locale: Locale,
) -> Result<()> {
    let store = Store::from_environment()?;
    let proof = ConnectorProof::new(request, &store, events, locale)?;
    let interrupted = || {
        Error::new(
            ErrorId::Interrupted,
            message!("verify-finish"),
            message!("verify-interrupted"),
            Message::default(),
        )
    };
    runtime::run(interrupted, async |interrupts| {
        for target in &mut outcome.targets {
            for subject in subjects {
                let mut checks = interrupts.unless(proof.check(subject, target)).await??;
                checks.map_texts(hide);
                target.connectors.push(checks);
            }
        }
        Ok(())
    })?;
    for target in &outcome.targets {
        let diagnosis = diagnose_target(target, hide, locale)?;
        outcome.findings.extend(diagnosis.findings);
        if outcome.exit == 0 {
            outcome.exit = diagnosis.exit;
        }
    }
    Ok(())
}

/// The findings about the connectors that were run against `target`.
fn diagnose_target(
    target: &TargetOutcome,
    hide: &impl Fn(&str) -> String,
    locale: Locale,
) -> Result<diagnose::Diagnosis> {
    let failed: Vec<FailedCheck> = target
        .connectors
        .iter()
        .filter(|checks| checks.cause().is_some())
        .filter_map(|checks| {
            Some(FailedCheck {
                transport: checks.transport?,
                check: Check::Connector,
                judgement: checks.result.judgement.clone(),
            })
        })
        .collect();
    if failed.is_empty() {
        return Ok(diagnose::Diagnosis::default());
    }
    let access = &target.access;
    let host = hide(&crate::safety::printable::printable(&access.host));
    let values = [
        ("target", target.target.clone()),
        ("host", host),
        ("adapter_port", access.adapter_port.to_string()),
        ("native_port", access.native_port.to_string()),
    ];
    let subject = FindingSubject {
        target: target.target.clone(),
        values: values
            .into_iter()
            .map(|(name, value)| (name, FindingValue::Text(value)))
            .collect(),
        native_answers: None,
        neighbors: Neighbors::default(),
        adapter_answers: true,
    };
    diagnose::diagnose(&subject, failed, FindingManifest::built_in()?, locale)
}
