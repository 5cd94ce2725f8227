//! Languages that `init` does not set up yet (`manifests/other-languages.toml`).

use serde::Deserialize;

use crate::error::built_in::{BuiltIn, parsed};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::language;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherLanguages {
    language: Vec<OtherLanguage>,
}

/// A language without templates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherLanguage {
    id: String,
    aliases: Vec<String>,
    title: String,
    /// Endings of files that show a project in it.
    files: Vec<String>,
    /// The language whose connector it uses.
    like: Option<String>,
    /// The command that adds the connector.
    command: Option<String>,
    /// The word for `taos-setup url --lang`.
    url: Option<String>,
}

static OTHER_LANGUAGES: BuiltIn<OtherLanguages> =
    BuiltIn::new("manifests/other-languages.toml", || {
        parsed(toml::from_str(include_str!(
            "../../manifests/other-languages.toml"
        )))
    });

/// Checks the data that is built in.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check() -> Result<()> {
    OTHER_LANGUAGES.get().map(|_| ())
}

fn all() -> impl Iterator<Item = &'static OtherLanguage> {
    OTHER_LANGUAGES.checked().language.iter()
}

/// Returns the language that `word` names, by its id or another word for it.
///
/// # Errors
/// `usage` if `init` does not set it up, with what does.
pub(super) fn named(word: &str) -> Result<String> {
    let word = word.to_ascii_lowercase();
    for id in language::ids() {
        if id == word || language::load(id)?.aliases.contains(&word) {
            return Ok(id.to_owned());
        }
    }
    let known = all().find(|it| it.id == word || it.aliases.contains(&word));
    Err(match known {
        Some(known) => refusal(known),
        None => Error::new(
            ErrorId::Usage,
            message!("init-set-up"),
            message!("init-unknown-language", word = word),
            Message::joined(
                language::ids().map(|id| Message::quoted(format!("taos-setup init --lang {id}"))),
                "\n",
            ),
        ),
    })
}

/// Returns the refusal if the files `there` show a project in one of these languages.
pub(super) fn refusal_for(there: &[String]) -> Option<Error> {
    let known = all().find(|it| {
        let mut endings = it.files.iter();
        endings.any(|ending| there.iter().any(|file| file.ends_with(ending)))
    })?;
    Some(refusal(known))
}

/// Returns whether `file` shows a project in one of these languages.
pub(super) fn shows_project(file: &str) -> bool {
    let mut endings = all().flat_map(|it| &it.files);
    endings.any(|ending| file.ends_with(ending.as_str()))
}

fn refusal(known: &OtherLanguage) -> Error {
    let mut next: Vec<Message> = known.command.iter().map(Message::quoted).collect();
    next.extend(known.like.iter().map(|id| message!("init-like", id = id)));
    next.extend(known.url.iter().map(|id| message!("init-url", id = id)));
    if next.is_empty() {
        next.push(message!("init-rest-api"));
    }
    Error::new(
        ErrorId::Usage,
        message!("init-set-up-language", language = known.title),
        message!("init-language-later", language = known.title),
        Message::joined(next, "\n"),
    )
}

#[cfg(test)]
mod tests;
