//! `manifests/findings.toml`: exit codes and texts of findings, by id.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;

use super::{Id, Severity};
use crate::error::{Error, ErrorId, Result};
use crate::system::locale::Locale;
use crate::system::shell;

const TEXT: &str = include_str!("../../manifests/findings.toml");

/// Every placeholder that a text may use. Those that a finding has no word for are empty.
pub const PLACEHOLDERS: &[&str] = &[
    "target",
    "host",
    "adapter_port",
    "native_port",
    "native_option",
    "bare_host",
    "variable",
    "user",
    "assumed",
    "limit",
    "address",
    "name",
    "port",
    "kind",
    "service",
    "database",
    "endpoint",
    "endpoint_host",
    "endpoint_port",
    "reached_port",
    "client_version",
    "server_version",
    "library",
    "missing",
    "folder",
    "found",
    "wanted",
    "stage",
    "stage_zh",
    "fqdn",
    "hosts",
    "aliases",
    "write_database",
    "shift",
    "other",
    "other_version",
    "edition",
    "client_edition",
    "config",
    "package",
    "pinned",
    "take",
    "file",
    "why",
    "why_zh",
    "manifest",
    "edit",
    "program",
    "alternative_name",
    "secure_url",
    "taken",
    "moved_to",
    "blank",
    "native_works",
    "prefix",
    "ws_and_rest",
    "rung",
    "took",
];

/// One finding's entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The exit code that it gives.
    pub exit: u8,
    /// How much it matters.
    pub severity: Severity,
    /// Where to read more; empty where there is nothing better than the texts.
    pub docs: String,
    /// English texts.
    pub en: Texts,
    /// Chinese texts.
    pub zh: Texts,
}

/// Templates in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The verdict.
    pub summary: String,
    /// Why this happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl Entry {
    /// The texts in `locale`.
    pub const fn texts(&self, locale: Locale) -> &Texts {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

/// The manifest, parsed.
#[derive(Clone, Debug)]
pub struct Manifest {
    entries: BTreeMap<String, Entry>,
}

impl Manifest {
    /// The manifest that is built in. A damaged one is a defect of this program; a test reads it.
    pub fn built_in() -> Result<Self> {
        let entries = toml::from_str(TEXT).map_err(|error| damaged(error.to_string()))?;
        Ok(Self { entries })
    }

    /// All entries, by id.
    pub fn into_entries(self) -> BTreeMap<String, Entry> {
        self.entries
    }

    /// The entry of `id`.
    pub fn entry(&self, id: Id) -> Result<&Entry> {
        self.entries
            .get(id.as_str())
            .ok_or_else(|| damaged(format!("it has no {}", id.as_str())))
    }
}

/// A template with `values` in the placeholders.
pub fn render(template: &str, values: &BTreeMap<&'static str, String>) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("sh", |word: String| shell::quoted(&word));
    environment.add_filter("dq", |text: String| shell::inside_double_quotes(&text));
    let words: BTreeMap<&str, String> = PLACEHOLDERS
        .iter()
        .map(|name| (*name, values.get(name).cloned().unwrap_or_default()))
        .collect();
    environment
        .render_str(template, words)
        .map_err(|error| damaged(error.to_string()))
}

fn damaged(why: String) -> Error {
    Error::new(
        ErrorId::Unexpected,
        "read the built-in manifests/findings.toml",
        why,
        "report this as a bug of taos-setup",
    )
}

#[cfg(test)]
mod tests;
