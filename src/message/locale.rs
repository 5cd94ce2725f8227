//! The language of findings: English or Chinese.

use serde::Deserialize;

/// The variable that selects the language of texts.
pub const LANGUAGE_VARIABLE: &str = "TAOS_SETUP_LANG";

/// A language that findings are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// English, also what any other locale gets.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// A text of a manifest in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalizedText {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Locale {
    /// What the environment asks for: `TAOS_SETUP_LANG`, else the first non-empty of `LC_ALL`, `LC_MESSAGES`, `LANG`
    /// (POSIX, Environment Variables, 8.2).
    pub fn from_environment() -> Self {
        [LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .map_or(Self::En, |value| Self::from_tag(&value))
    }

    /// The language of a locale name such as `zh_CN.UTF-8`, `zh-Hans` or `C`.
    pub fn from_tag(tag: &str) -> Self {
        let language = tag.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }
}

#[cfg(test)]
mod tests;
