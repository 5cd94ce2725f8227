//! The jar of a connector whose language has no tool that fetches it: where a project has it, and whether it stays.

mod place;
mod source;

use std::path::Path;

use crate::catalog::connectors::{
    Choice, Connectors, Transport, VersionRules, VersionVerdict, numbers,
};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::language::{self, ProjectLanguage};
use crate::project::plan::{Action, FileChange};
use crate::system::events::EventSink;
use crate::tdengine::digest::Sha256;
use crate::tdengine::version::Version;
use place::{JarDirectory, NamedJar};
pub use source::JarRequest;
use source::{JarOrigin, JarQuery};

/// The jar that a project has, or gets.
#[derive(Debug)]
pub(super) struct ProjectJar {
    /// Its path, as programs name it, with `/`.
    pub(super) path: String,
    /// Its version.
    pub(super) version: String,
    directory: JarDirectory,
    query: JarQuery,
    /// The file or address that the user names.
    named: Option<JarOrigin>,
    is_there: bool,
    /// The path of the jar that it replaces.
    pub(super) replaced: Option<String>,
    pub(super) notes: Vec<Message>,
}

/// A connection whose program loads the jar.
#[derive(Clone, Copy, Debug)]
pub(super) struct JarUser<'a> {
    pub(super) language: &'a ProjectLanguage,
    pub(super) transport: Transport,
    pub(super) server: Option<Version>,
    pub(super) upgrade: bool,
}

impl ProjectJar {
    /// Looks for the jar of `choice` in the project in `root`; `None` if its language has none. Nothing is fetched.
    ///
    /// # Errors
    /// `usage` for an option about the jar of a language without one; `version-conflict` if the jar that is there does not work;
    /// `digest-mismatch` if it is not the one that was published.
    pub(super) fn find(
        user: JarUser,
        choice: &Choice,
        request: &JarRequest,
        root: &ProjectRoot,
    ) -> Result<Option<Self>> {
        let Some(jar) = choice.jar else {
            return refuse_options(user.language, request).map(|()| None);
        };
        let (named, asked) = request.place(root.path())?;
        let query = JarQuery::new(choice, jar, &request.sha256);
        let own = asked.is_some();
        let directory = asked.unwrap_or_else(|| JarDirectory::usual(root));
        let places = if own {
            vec![directory.clone()]
        } else {
            JarDirectory::all()
        };
        let jars = place::jars(&places, root, choice.package);
        let is_wanted = |jar: &&NamedJar| numbers(&jar.version) == numbers(choice.version);
        // A directory of several projects may have jars of other versions.
        let there = match jars.iter().find(is_wanted) {
            None if own => None,
            None => place::newest(jars),
            Some(wanted) => Some(wanted.clone()),
        };
        let mut found = Self {
            path: directory.shown(&query.file),
            version: choice.version.to_owned(),
            directory,
            query,
            named,
            is_there: false,
            replaced: None,
            notes: Vec::new(),
        };
        let Some(there) = there else {
            return Ok(Some(found));
        };
        if numbers(&there.version) == numbers(choice.version) {
            found.path = there.directory.shown(&there.file);
            found.check_digest(&there, root.path())?;
            found.directory = there.directory;
            found.is_there = true;
        } else if found.named.is_none() && found.keeps(&there, user, choice)? {
            found.path = there.directory.shown(&there.file);
            found.version = there.version;
            found.directory = there.directory;
            found.query.file = there.file;
            found.is_there = true;
        } else {
            let path = there.directory.shown(&there.file);
            found.notes.push(message!("init-jar-older", path = path));
            found.replaced = Some(path);
        }
        Ok(Some(found))
    }

    /// Whether the jar `there`, of another version than `choice`, stays.
    fn keeps(&mut self, there: &NamedJar, user: JarUser, choice: &Choice) -> Result<bool> {
        let connector = Connectors::built_in().of_language(user.language.id, choice.package);
        let rules = VersionRules::new(connector, user.transport, user.server);
        let path = there.directory.shown(&there.file);
        let is_older = numbers(&there.version) < numbers(choice.version);
        match rules.judge(&there.version) {
            VersionVerdict::Fails(_) if user.upgrade => Ok(false),
            VersionVerdict::Fails(why) => Err(Error::new(
                ErrorId::VersionConflict,
                message!("init-set-up-language", language = user.language.title),
                message!(
                    "init-jar-fails",
                    path = path,
                    why = Message::from(why.clone())
                ),
                message!("init-jar-fails-next", version = choice.version),
            )),
            VersionVerdict::Works | VersionVerdict::Untested(_) | VersionVerdict::Unknown
                if is_older && user.upgrade =>
            {
                Ok(false)
            }
            VersionVerdict::Works | VersionVerdict::Untested(_) | VersionVerdict::Unknown => {
                let version = choice.version;
                self.notes.push(if is_older {
                    message!("init-jar-stays", path = path, version = version)
                } else {
                    message!("init-jar-untested", path = path, version = version)
                });
                Ok(true)
            }
        }
    }

    /// Refuses the file `there` if it has the name of the wanted jar, and other bytes.
    fn check_digest(&self, there: &NamedJar, root: &Path) -> Result<()> {
        let path = there.directory.place(root).join(&there.file);
        let tried = || message!("init-jar-request", file = self.query.file);
        let found = source::digest_of(&path).map_err(|observed| {
            Error::new(
                ErrorId::FileUnreadable,
                tried(),
                observed,
                message!("init-jar-there-next", path = self.path),
            )
        })?;
        if self.query.accepts(&found.sha256) {
            return Ok(());
        }
        Err(Error::new(
            ErrorId::DigestMismatch,
            tried(),
            self.query.mismatch(&found, &self.path),
            message!("init-jar-there-next", path = self.path),
        ))
    }

    /// The release whose program loads this jar: `choice`, or an older one.
    pub(super) fn release(&self, choice: Choice, user: JarUser) -> Choice {
        if self.version == choice.version {
            return choice;
        }
        let catalog = Connectors::built_in();
        let (language, transport) = (user.language.id, user.transport);
        let older = catalog.release_for_program(&choice, language, transport, &self.version);
        older.unwrap_or(choice)
    }

    /// What happens to it.
    pub(super) const fn action(&self) -> Action {
        if self.is_there {
            Action::None
        } else {
            Action::Create
        }
    }

    /// A note about a jar that is missing, and that nothing fetches because nothing is to be written.
    pub(super) fn note_about_missing(&self) -> Option<Message> {
        let sha256 = self.query.digests();
        (!self.is_there).then(|| message!("init-jar-would", path = self.path, sha256 = sha256))
    }

    /// Fetches the jar if it is missing. One that belongs into the project is returned as a file to create; one that belongs elsewhere is
    /// written there.
    ///
    /// # Errors
    /// `digest-mismatch`, `package-not-found`, those of a download, and `file-unwritable`.
    pub(super) fn obtain(
        &self,
        request: &JarRequest,
        events: &EventSink,
    ) -> Result<Option<FileChange>> {
        if self.is_there {
            return Ok(None);
        }
        let bytes = source::fetch(&self.query, self.named.as_ref(), request, events)?;
        match &self.directory {
            JarDirectory::InProject(_) => Ok(Some(FileChange {
                path: self.path.clone(),
                before: None,
                after: bytes,
            })),
            JarDirectory::Elsewhere(directory) => {
                place::write(directory, &self.query.file, &bytes).map(|()| None)
            }
        }
    }
}

/// Refuses the options about the jar for a language that has none.
fn refuse_options(language: &ProjectLanguage, request: &JarRequest) -> Result<()> {
    let Some(option) = request.options().next() else {
        return Ok(());
    };
    let has_jar = |id: &&str| Connectors::built_in().has_jar(id);
    let languages: Vec<_> = language::ids().filter(has_jar).collect();
    Err(Error::new(
        ErrorId::Usage,
        message!("init-set-up-language", language = language.title),
        message!(
            "init-option-for",
            option = option,
            languages = languages.join(", ")
        ),
        message!("init-omit", option = option),
    ))
}

/// The name of the published jar of `version` of the Maven package `package`, with all that it needs in it.
fn file_name(package: &str, version: &str) -> String {
    let artifact = package.rsplit(':').next().unwrap_or(package);
    format!("{artifact}-{version}-{CLASSIFIER}.jar")
}

/// Maven's classifier of the jar that holds all that it needs.
const CLASSIFIER: &str = "dist";

/// The size and the digest of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MeasuredFile {
    size: u64,
    sha256: Sha256,
}

#[cfg(test)]
mod tests;
