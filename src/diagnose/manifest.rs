//! `manifests/findings.toml`: exit codes and texts of findings, by id.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;

use super::{Id, Severity};
use crate::error::built_in::{self, BuiltIn, parsed};
use crate::error::{Error, Result};
use crate::message::locale::Locale;
use crate::safety::shell;

const NAME: &str = "manifests/findings.toml";
/// The file as `build.rs` converts it: TOML takes too long to parse at every start.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/findings.json"));

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
    "transport",
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
    "check",
    "took",
    "gateway",
    "elsewhere",
    "redirect_host",
    "answering_adapter",
    "answering_native",
    "own_name",
    "language",
    "command",
    "explained",
    "remedy",
];

/// One finding's entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingEntry {
    /// The exit code that it gives.
    pub exit: u8,
    /// How much it matters.
    pub severity: Severity,
    /// Where to read more; empty where there is nothing better than the texts.
    pub docs: String,
    /// English texts.
    pub en: FindingTexts,
    /// Chinese texts.
    pub zh: FindingTexts,
}

/// Templates in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingTexts {
    /// The verdict.
    pub summary: String,
    /// Why this happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
}

impl FindingEntry {
    /// The texts in `locale`.
    pub const fn texts(&self, locale: Locale) -> &FindingTexts {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

/// The manifest, parsed.
#[derive(Clone, Debug, Default)]
pub struct FindingManifest {
    entries: BTreeMap<String, FindingEntry>,
}

/// The manifest that is built in.
static BUILT_IN: BuiltIn<FindingManifest> = BuiltIn::new(NAME, || {
    parsed(serde_json::from_str(TEXT).map(|entries| FindingManifest { entries }))
});

impl FindingManifest {
    /// The manifest that is built in.
    ///
    /// # Errors
    /// `unexpected` if it is damaged, which is a defect of this program; a test reads it.
    pub fn built_in() -> Result<&'static Self> {
        BUILT_IN.get()
    }

    /// All entries, by id.
    pub const fn entries(&self) -> &BTreeMap<String, FindingEntry> {
        &self.entries
    }

    /// The entry of `id`.
    pub fn entry(&self, id: Id) -> Result<&FindingEntry> {
        self.entries
            .get(id.as_str())
            .ok_or_else(|| damaged(&format!("it has no {}", id.as_str())))
    }
}

/// A template with `values` in the placeholders.
///
/// # Errors
/// `unexpected` if the template is damaged.
pub fn render<V>(template: &str, values: &BTreeMap<&'static str, V>) -> Result<String>
where
    V: Clone + Default + Into<minijinja::Value>,
{
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("sh", |word: String| shell::quoted(&word));
    environment.add_filter("ps", |word: String| shell::powershell::quoted(&word));
    environment.add_filter("dq", |text: String| shell::inside_double_quotes(&text));
    let words: BTreeMap<&str, minijinja::Value> = PLACEHOLDERS
        .iter()
        .map(|name| (*name, values.get(name).cloned().unwrap_or_default().into()))
        .collect();
    environment
        .render_str(template, words)
        .map_err(|error| damaged(&error.to_string()))
}

fn damaged(why: &str) -> Error {
    built_in::damaged(NAME, why)
}

#[cfg(test)]
mod tests;
