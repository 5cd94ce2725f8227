//! The release of the connector for a project, or the reason why there is none.

use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::ProjectRoot;
use crate::project::language::{self, ProjectLanguage};
use crate::tdengine::version::Version;

/// The connection that is asked for: of `language` over `transport`.
pub(super) struct WantedConnection<'a> {
    pub(super) language: &'a ProjectLanguage,
    pub(super) transport: Transport,
    /// Words of `--needs`.
    pub(super) needs: &'a [String],
    /// Whether it is for TDengine Cloud.
    pub(super) cloud: bool,
}

/// A package's repository instead of its registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSource {
    /// A branch, tag or commit; the repository's own choice without one.
    pub revision: Option<String>,
}

impl WantedConnection<'_> {
    /// Refuses a connection that no release supports, whatever the server is, and names the alternatives.
    pub(super) fn check(&self) -> Result<()> {
        let Self {
            language,
            transport,
            ..
        } = *self;
        if let Some(reason) = language.refused.get(transport.as_str()) {
            return Err(self.refuse(self.tried(), reason.clone().into(), &self.offered()));
        }
        if !self.offered().contains(&transport) {
            let observed = message!("init-no-example", language = language.title);
            return Err(self.refuse(self.tried(), observed, &self.offered()));
        }
        if self.cloud && transport == Transport::Native {
            let mut others = self.offered();
            others.retain(|it| *it != transport);
            return Err(self.refuse(
                self.tried_cloud(),
                message!("init-cloud-no-native"),
                &others,
            ));
        }
        if let Some(reason) = self.language.without_cloud.as_ref().filter(|_| self.cloud) {
            return Err(Error {
                next: message!(
                    "init-other-language",
                    languages = languages_with(|it| it.without_cloud.is_none())
                ),
                ..self.refuse(self.tried_cloud(), reason.clone().into(), &[])
            });
        }
        let catalog = Connectors::built_in();
        let lacks = |transport, need: &str| !catalog.has(language.id, transport, need);
        let missing: Vec<_> = catalog
            .abilities()
            .iter()
            .filter(|it| self.needs.contains(&it.name) && lacks(transport, &it.name))
            .map(|it| Message::from(it.title.clone()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut others = self.offered();
        others.retain(|other| self.needs.iter().all(|need| !lacks(*other, need)));
        let observed = message!(
            "init-lacks",
            language = language.title,
            transport = transport.localized_title(),
            missing = Message::joined(missing, ", ")
        );
        Err(self.refuse(self.tried(), observed, &others))
    }

    /// The newest release that works with `server`, or the newest of all if it is not known; none of `excluded`, packages and versions.
    pub(super) fn release(
        &self,
        server: Option<Version>,
        excluded: &[(String, String)],
    ) -> Result<Choice> {
        let catalog = Connectors::built_in();
        let id = self.language.id;
        let choose = |transport| catalog.choose_except(id, transport, server, excluded);
        if let Some(choice) = choose(self.transport) {
            return Ok(choice);
        }
        if catalog.choose(id, self.transport, server).is_some() {
            let file = &self.language.manifest.file;
            return Err(Error::new(
                ErrorId::VersionConflict,
                self.tried(),
                message!("init-all-excluded", file = file),
                message!("init-all-excluded-next", file = file),
            ));
        }
        let Some(server) = server else {
            let observed = message!("init-no-release");
            return Err(self.refuse(self.tried(), observed, &self.offered()));
        };
        let oldest = catalog
            .oldest_server(self.language.id, self.transport)
            .unwrap_or(server);
        let observed = message!("init-server-too-old", oldest = oldest, server = server);
        let mut others = self.offered();
        others.retain(|it| {
            choose(*it).is_some()
                && self
                    .needs
                    .iter()
                    .all(|need| catalog.has(self.language.id, *it, need))
        });
        let tried = message!(
            "init-set-up-with-server",
            language = self.language.title,
            transport = self.transport.localized_title(),
            server = server
        );
        let mut error = self.refuse(tried, observed, &others);
        if others.is_empty() {
            error.next = message!("init-upgrade-server", oldest = oldest);
        }
        Err(error)
    }

    /// The transports that the language has an example for.
    fn offered(&self) -> Vec<Transport> {
        offered(self.language)
    }

    fn tried(&self) -> Message {
        message!(
            "init-set-up-over",
            language = self.language.title,
            transport = self.transport.localized_title()
        )
    }

    fn tried_cloud(&self) -> Message {
        message!(
            "init-set-up-cloud",
            language = self.language.title,
            transport = self.transport.localized_title()
        )
    }

    fn refuse(&self, tried: Message, observed: Message, others: &[Transport]) -> Error {
        let lang = self.language.id;
        let lines = others
            .iter()
            .map(|it| Message::quoted(format!("taos-setup init --lang {lang} --transport {it}")));
        let next = if others.is_empty() {
            message!("init-no-other-transport")
        } else {
            Message::joined(lines, "\n")
        };
        Error::new(ErrorId::TransportUnsupported, tried, observed, next)
    }
}

/// The transports that `language` has an example for, in the order of preference.
fn offered(language: &ProjectLanguage) -> Vec<Transport> {
    let mut known = Connectors::built_in().transports(language.id);
    known.retain(|it| language.uses.contains_key(it.as_str()));
    known
}

/// The transport of a project in `language` if none is asked for: the one that the language prefers, else the first that it has.
pub fn preferred_transport(language: &ProjectLanguage) -> Transport {
    let first = || offered(language).first().copied();
    language.preferred.or_else(first).unwrap_or(Transport::Ws)
}

/// The releases of connectors that the manifest of the project in `directory` forbids: packages and versions.
pub fn excluded(
    language: &ProjectLanguage,
    directory: &ProjectRoot,
) -> Result<Vec<(String, String)>> {
    let Some(bytes) = directory.read(&language.manifest.file)? else {
        return Ok(Vec::new());
    };
    let text = String::from_utf8_lossy(&bytes);
    let reader = language.manifest.format.reader();
    let packages = Connectors::built_in().packages(language.id);
    let excluded = packages.flat_map(|package| {
        let versions = reader.excluded_versions(&text, package).into_iter();
        versions.map(|version| (package.to_owned(), version))
    });
    Ok(excluded.collect())
}

/// The classifier that `--dist` asks the registry for.
///
/// # Errors
/// `usage` if the language has none.
pub(super) fn classifier(language: &ProjectLanguage) -> Result<&str> {
    language.dist.as_deref().ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("init-one-file", language = language.title),
            message!(
                "init-option-for",
                option = "--dist",
                languages = languages_with(|it| it.dist.is_some())
            ),
            message!("init-omit", option = "--dist"),
        )
    })
}

/// The place from which `source` takes the chosen package, as pip writes it, and a note about it.
///
/// # Errors
/// `usage` if the package has no public repository.
pub(super) fn location(
    language: &ProjectLanguage,
    choice: &Choice,
    source: &PackageSource,
) -> Result<(String, Message)> {
    let git = language.git.get(choice.package).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            message!("init-from-repository", language = language.title),
            message!(
                "init-option-for",
                option = "--source git",
                languages = languages_with(|it| !it.git.is_empty())
            ),
            message!("init-omit", option = "--source"),
        )
    })?;
    let revision = source.revision.as_ref();
    let revision = revision.map_or_else(String::new, |revision| format!("@{revision}"));
    let folder = git.subdirectory.as_ref();
    let folder = folder.map_or_else(String::new, |folder| format!("#subdirectory={folder}"));
    let needs = Message::from(git.needs.clone());
    let note = if source.revision.is_some() {
        needs
    } else {
        message!("init-repository-changes", needs = needs)
    };
    Ok((format!("git+{}{revision}{folder}", git.url), note))
}

fn languages_with(is: impl Fn(&ProjectLanguage) -> bool) -> String {
    let ids = language::ids().filter(|id| language::load(id).is_ok_and(|language| is(&language)));
    ids.collect::<Vec<_>>().join(", ")
}
