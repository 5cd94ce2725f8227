//! What is proven: the connectors that a project pins, or those that `init` would choose.

use std::path::Path;

use super::recipe::{self, ProbeRecipe};
use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::init;
use crate::message::{Message, message};
use crate::project::files::shown;
use crate::project::language::{self, ProjectLanguage};
use crate::project::pins::{self, Pin};
use crate::safety::printable::printable;
use crate::tdengine::version::Version;

/// The most characters of a version.
const LONGEST_VERSION: usize = 64;

/// A connector to prove.
#[derive(Clone, Debug)]
pub struct ProbeSubject {
    /// Its language.
    pub language: ProjectLanguage,
    /// How programs of the language are built and run.
    pub recipe: &'static ProbeRecipe,
    /// The pin; `None` for a connector that no manifest names.
    pub pin: Option<Pin>,
}

/// The release that a program is written for, and the version that it is built with.
#[derive(Clone, Debug)]
pub struct ProbeRelease {
    /// The known release whose program fits.
    pub choice: Choice,
    /// The version; empty for what has none.
    pub version: String,
    /// Whether exactly this version is pinned.
    pub is_exact: bool,
    /// What was assumed.
    pub note: Option<Message>,
    /// The server that it is for.
    pub server: Option<Version>,
}

impl ProbeSubject {
    fn of(id: &str, pin: Option<Pin>) -> Result<Self> {
        Ok(Self {
            language: language::load(id)?,
            recipe: recipe::of_language(id)?,
            pin,
        })
    }

    /// Returns the transports that the connector has, in the order of preference.
    pub fn transports(&self) -> Vec<Transport> {
        let catalog = Connectors::built_in();
        let all = catalog.transports(self.language.id);
        let has = |transport: &Transport| match &self.pin {
            None => true,
            Some(pin) => {
                let connector = catalog.of_language(self.language.id, &pin.package);
                let mut releases = connector.iter().flat_map(|it| &it.release);
                releases.any(|release| release.support(*transport).is_some())
            }
        };
        let mut transports: Vec<Transport> = all.into_iter().filter(has).collect();
        if let Some(preferred) = self.language.preferred {
            transports.sort_by_key(|transport| *transport != preferred);
        }
        transports
    }

    /// Returns the release to use over `transport` with `server`. `client` is the version of the installed client library, which decides
    /// for a connector that is that library.
    ///
    /// # Errors
    /// The reason why there is none.
    pub fn release(
        &self,
        transport: Transport,
        server: Option<Version>,
        client: Option<Version>,
    ) -> std::result::Result<ProbeRelease, Message> {
        let catalog = Connectors::built_in();
        let id = self.language.id;
        let newest = |server| catalog.choose(id, transport, server);
        let none = || message!("application-no-release", named = self.named());
        let Some(pin) = &self.pin else {
            let usual = newest(server).or_else(|| newest(None)).ok_or_else(none)?;
            let choice = match usual.built_in {
                true => newest(client.or(None)).unwrap_or(usual),
                false => usual,
            };
            let version = match choice.built_in {
                true => String::new(),
                false => choice.version.to_owned(),
            };
            return Ok(ProbeRelease {
                choice,
                version,
                is_exact: true,
                note: None,
                server,
            });
        };
        let connector = catalog.of_language(id, &pin.package).ok_or_else(none)?;
        let mut releases = connector.release.iter().rev();
        let newest = releases
            .find(|release| release.support(transport).is_some())
            .ok_or_else(none)?;
        let newest = catalog
            .choose_release(connector, newest, transport)
            .ok_or_else(none)?;
        if pin.version.is_empty() {
            let note = message!(
                "application-no-version",
                file = pin.file,
                package = pin.package,
                version = newest.version
            );
            let version = newest.version.to_owned();
            return Ok(ProbeRelease {
                choice: newest,
                version,
                is_exact: true,
                note: Some(note),
                server,
            });
        }
        let fits = catalog.release_for_program(&newest, id, transport, &pin.version);
        let oldest = || catalog.releases(&newest, id, transport).into_iter().next();
        let choice = fits.or_else(oldest).unwrap_or_else(|| newest.clone());
        let note = (!pin.exact).then(|| {
            message!(
                "application-lowest",
                file = pin.file,
                asked = printable(&pin.asked),
                package = pin.package,
                version = printable(&pin.version)
            )
        });
        Ok(ProbeRelease {
            choice,
            version: pin.version.clone(),
            is_exact: pin.exact,
            note,
            server,
        })
    }

    /// The names of the known connectors of its language.
    pub fn known_packages(&self) -> impl Iterator<Item = &'static str> {
        Connectors::built_in().packages(self.language.id)
    }

    /// The connector, as its registry names it; empty if no manifest names it.
    pub fn package(&self) -> &str {
        self.pin.as_ref().map_or("", |pin| &pin.package)
    }

    /// The version that is pinned; empty if none is.
    pub fn version(&self) -> &str {
        self.pin.as_ref().map_or("", |pin| &pin.version)
    }

    /// The file that pins it; empty if none does.
    pub fn file(&self) -> String {
        let file = self.pin.as_ref().map(|pin| pin.file.to_string());
        file.unwrap_or_default()
    }

    /// Returns the connector as people name it.
    pub fn named(&self) -> String {
        match &self.pin {
            Some(pin) => format!("{} {}", pin.package, pin.version)
                .trim_end()
                .to_owned(),
            None => self.language.title.clone(),
        }
    }
}

/// Whether `text` can be a version in every manifest that it is written into: nothing in it ends a value there.
pub fn is_version(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_');
    text.len() <= LONGEST_VERSION
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_part)
}

/// Returns what to prove: the connectors of the project in `directory`, only of `languages` if there are any, or without a project the
/// connector that `init` would choose for each of `languages`. Notes are about files that cannot be read.
///
/// # Errors
/// `usage` if nothing is found, and for unknown languages; `file-unreadable` if `directory` is not one.
pub fn subjects(
    directory: Option<&Path>,
    languages: &[String],
) -> Result<(Vec<ProbeSubject>, Vec<Message>)> {
    let mut wanted = Vec::new();
    for word in languages {
        let id = init::language_named(word).map_err(|error| unknown_language(word, error))?;
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let Some(directory) = directory else {
        let subjects = wanted.iter().map(|id| ProbeSubject::of(id, None));
        return Ok((subjects.collect::<Result<_>>()?, Vec::new()));
    };
    check_directory(directory)?;
    let (pins, notes) = pins::read(directory);
    let own = init::language_of(directory);
    let mut found: Vec<(String, Option<Pin>)> = Vec::new();
    for pin in pins {
        for id in languages_of(&pin, own.as_deref()) {
            found.push((id.to_owned(), Some(pin.clone())));
        }
    }
    let is_found = |found: &[(String, Option<Pin>)], id: &str| found.iter().any(|(it, _)| it == id);
    if let Some(own) = own
        && !is_found(&found, &own)
    {
        found.push((own, None));
    }
    for id in &wanted {
        if !is_found(&found, id) {
            found.push((id.clone(), None));
        }
    }
    found.retain(|(id, _)| wanted.is_empty() || wanted.contains(id));
    if found.is_empty() {
        return Err(Error::new(
            ErrorId::Usage,
            message!("application-verify", directory = shown(directory)),
            message!("application-nothing-found", directory = shown(directory)),
            message!("application-name-language", languages = "LANGUAGE"),
        ));
    }
    let subjects = found
        .into_iter()
        .map(|(id, pin)| ProbeSubject::of(&id, pin));
    Ok((subjects.collect::<Result<_>>()?, notes))
}

/// The error for a language that is not known, with those that are.
fn unknown_language(word: &str, error: Error) -> Error {
    let known = language::ids().map(|id| message!("application-name-language", languages = id));
    Error::new(
        error.id,
        message!("application-verify-language", word = printable(word)),
        error.observed,
        Message::joined(known, "\n"),
    )
}

fn check_directory(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    Err(Error::new(
        ErrorId::FileUnreadable,
        message!("application-verify", directory = shown(directory)),
        message!("application-not-a-directory"),
        message!("application-name-language", languages = "LANGUAGE"),
    ))
}

/// The languages whose connector `pin` is; a jar that a project keeps is R's, if R's is the language of the project, else Java's.
fn languages_of(pin: &Pin, own: Option<&str>) -> Vec<&'static str> {
    let catalog = Connectors::built_in();
    let is_usable = |id: &&str| {
        let connector = catalog.of_language(id, &pin.package);
        connector.is_some_and(|it| it.retired.is_none() && !it.release.is_empty())
    };
    let mut languages: Vec<&str> = language::ids().filter(is_usable).collect();
    if languages.len() > 1 {
        languages.retain(|id| match pin.file.ends_with(".jar") {
            true => (*id == "r") == (own == Some("r")),
            false => *id != "r",
        });
    }
    languages
}

#[cfg(test)]
mod tests;
