//! The texts of one finding, from the judgements that share its cause.

use std::collections::BTreeMap;

use super::judgement::FindingCause;
use super::manifest::render;
use super::{CauseKind, Finding, FindingManifest, FindingValue, Id, Judgement, Severity, Status};
use crate::dsn::Transport;
use crate::error::Result;
use crate::message::locale::Locale;

/// Where a finding was made, and the words for the placeholders that every text may use.
pub struct FindingPlace<'a> {
    /// The target, as the user named it.
    pub target: &'a str,
    /// The transports that share it.
    pub transports: Vec<Transport>,
    /// The name of the check.
    pub check: &'static str,
    /// Placeholder to value.
    pub values: &'a BTreeMap<&'static str, FindingValue>,
}

/// Renders one finding for `judgements`, which share the cause `id`.
///
/// # Errors
/// `unexpected` if the manifest is damaged.
pub fn describe(
    id: Id,
    place: FindingPlace<'_>,
    judgements: &[&Judgement],
    manifest: &FindingManifest,
    locale: Locale,
) -> Result<Finding> {
    let entry = manifest.entry(id)?;
    let mut values = place.values.clone();
    let causes: Vec<&FindingCause> = judgements
        .iter()
        .filter_map(|judgement| judgement.cause.as_ref())
        .collect();
    let mut texts_of: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (name, value) in causes.iter().flat_map(|cause| &cause.values) {
        match value.in_locale(locale) {
            FindingValue::Text(text) => {
                let seen = texts_of.entry(name).or_default();
                if !text.is_empty() && !seen.contains(&text) {
                    seen.push(text);
                }
            }
            other @ (FindingValue::Flag(_) | FindingValue::Message(_)) => {
                values.insert(name, other);
            }
        }
    }
    for (name, seen) in texts_of {
        // Statements are separated as SQL has them.
        let separator = if name == "write_database" { "; " } else { ", " };
        values.insert(name, seen.join(separator).into());
    }
    let mut kinds: Vec<CauseKind> = Vec::new();
    for kind in causes.iter().filter_map(|cause| cause.kind) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    values.insert("kind", words.join(", ").into());
    let has = |status| {
        judgements
            .iter()
            .any(|judgement| judgement.status == status)
    };
    let severity = if has(Status::Failed) {
        entry.severity
    } else if has(Status::Warning) {
        entry.severity.min(Severity::Warning)
    } else {
        Severity::Note
    };
    let texts = entry.texts(locale);
    Ok(Finding {
        id,
        severity,
        target: place.target.to_owned(),
        transports: place.transports,
        check: place.check,
        kinds,
        summary: render(&texts.summary, &values)?,
        observed: each_once(
            judgements
                .iter()
                .map(|judgement| judgement.observed.text(locale)),
        )
        .join("; "),
        expected: judgements
            .first()
            .map(|judgement| judgement.expected.text(locale))
            .unwrap_or_default(),
        cause: render(&texts.cause, &values)?,
        fix: render(&texts.fix, &values)?,
        docs: entry.docs.clone(),
    })
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}
