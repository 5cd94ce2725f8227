//! `manifests/connection-strings.toml`: the transports of each language, and the form of its strings.

use serde::Deserialize;

use super::Transport;
use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};
use crate::message::locale::LocalizedText;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    language: Vec<Language>,
}

/// A language, or an interface that several share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// The word for it in options and JSON.
    pub id: String,
    /// The name in prose.
    pub title: String,
    /// Other words for it.
    pub aliases: Vec<String>,
    ws: Entry,
    rest: Entry,
    native: Entry,
}

/// What a language has for a transport.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// A string.
    Form(Form),
    /// Nothing.
    Refused(RefusalText),
}

/// The reason for a missing string, and the alternative.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusalText {
    pub(super) why: LocalizedText,
    pub(super) instead: LocalizedText,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) form: Family,
    pub(super) word: String,
    pub(super) tls: Option<String>,
    pub(super) hosts: Option<LocalizedText>,
    pub(super) ipv6: Option<LocalizedText>,
    pub(super) no_ipv6: Option<RefusalText>,
    #[serde(default)]
    pub(super) notes: Vec<LocalizedText>,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Family {
    Url,
    SqlalchemyRest,
    Endpoint,
    Jdbc,
    JdbcNative,
    Go,
    Ado,
    Odbc,
    CallC,
    CallPhp,
    CallLua,
}

impl Language {
    pub(super) const fn entry(&self, transport: Transport) -> &Entry {
        match transport {
            Transport::Ws => &self.ws,
            Transport::Rest => &self.rest,
            Transport::Native => &self.native,
        }
    }

    /// The transports that the language has a string for, in the order of preference.
    pub fn transports(&self) -> impl Iterator<Item = Transport> + '_ {
        Transport::ALL
            .into_iter()
            .filter(|transport| matches!(self.entry(*transport), Entry::Form(_)))
    }
}

/// Every language, in the order of the file.
pub fn languages() -> &'static [Language] {
    &FORMS.checked().language
}

static FORMS: BuiltIn<Forms> = BuiltIn::new("manifests/connection-strings.toml", || {
    parsed(toml::from_str(include_str!(
        "../../../manifests/connection-strings.toml"
    )))
});

/// Checks the built-in forms.
///
/// # Errors
/// `unexpected` if they are damaged.
pub fn check() -> Result<()> {
    FORMS.get().map(drop)
}

/// The language that `name` means, by its id or another word for it, in any case.
pub fn language(name: &str) -> Option<&'static Language> {
    languages().iter().find(|language| {
        language.id.eq_ignore_ascii_case(name)
            || language
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests;
