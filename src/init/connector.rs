//! Which release of which connector a project gets, or why none.

use crate::catalog::connectors::{Choice, Connectors, Transport};
use crate::error::{Error, ErrorId, Result};
use crate::project::language::{self, ProjectLanguage};
use crate::tdengine::version::Version;

/// What REST cannot do (docs/facts.md).
pub(super) const PRICE_OF_REST: &str = "REST is the slowest transport, and has no subscriptions and no binary types; --transport ws has both";

/// What is asked of a connection of `language` over `transport`.
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
    /// Refuses what no release can do, whatever the server is, and says what works instead.
    pub(super) fn check(&self) -> Result<()> {
        let Self {
            language,
            transport,
            ..
        } = *self;
        if let Some(reason) = language.refused.get(transport.as_str()) {
            return Err(self.refuse("", reason.clone(), self.offered()));
        }
        if !self.offered().contains(&transport) {
            return Err(self.refuse(
                "",
                format!(
                    "init has no {} example for that transport yet; it needs the client library, too (taos-setup install)",
                    language.title
                ),
                self.offered(),
            ));
        }
        if self.cloud && transport == Transport::Native {
            let others = self.offered().into_iter().filter(|it| *it != transport);
            return Err(self.refuse(
                " to TDengine Cloud",
                "the Cloud has no native connection".into(),
                others.collect(),
            ));
        }
        if let Some(reason) = self.language.without_cloud.as_ref().filter(|_| self.cloud) {
            return Err(Error {
                next: format!(
                    "choose another language: {}",
                    languages_with(|it| it.without_cloud.is_none())
                )
                .into(),
                ..self.refuse(" to TDengine Cloud", reason.clone(), Vec::new())
            });
        }
        let catalog = Connectors::built_in();
        let lacks = |transport, need: &str| !catalog.has(language.id, transport, need);
        let missing: Vec<_> = catalog
            .abilities()
            .iter()
            .filter(|it| self.needs.contains(&it.name) && lacks(transport, &it.name))
            .map(|it| it.title.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut others = self.offered();
        others.retain(|other| self.needs.iter().all(|need| !lacks(*other, need)));
        let missing = missing.join(" and no ");
        let observed = format!(
            "{} connections of {} have no {missing}",
            short(transport),
            language.title
        );
        Err(self.refuse("", observed, others))
    }

    /// The newest release that works with `server`, or with all where it is not known.
    pub(super) fn release(&self, server: Option<Version>) -> Result<Choice> {
        let catalog = Connectors::built_in();
        let choose = |transport| catalog.choose(self.language.id, transport, server);
        if let Some(choice) = choose(self.transport) {
            return Ok(choice);
        }
        let Some(server) = server else {
            return Err(self.refuse(
                "",
                "no release of its connector fits".into(),
                self.offered(),
            ));
        };
        let oldest = catalog
            .oldest_server(self.language.id, self.transport)
            .unwrap_or(server);
        let observed = format!(
            "its connectors need a server of {oldest} or later for that, and this one is {server}"
        );
        let mut others = self.offered();
        others.retain(|it| {
            choose(*it).is_some()
                && self
                    .needs
                    .iter()
                    .all(|need| catalog.has(self.language.id, *it, need))
        });
        let mut error = self.refuse(&format!(" with server {server}"), observed, others.clone());
        if others.is_empty() {
            error.next = format!("upgrade the server to {oldest} or later").into();
        }
        Err(error)
    }

    /// The transports that the language has an example for.
    fn offered(&self) -> Vec<Transport> {
        let mut known = Connectors::built_in().transports(self.language.id);
        known.retain(|it| self.language.uses.contains_key(it.as_str()));
        known
    }

    fn refuse(&self, what: &str, observed: String, others: Vec<Transport>) -> Error {
        let words: Vec<_> = others
            .iter()
            .map(|it| format!("--transport {it}"))
            .collect();
        let next = if words.is_empty() {
            "no other transport of that language does".to_owned()
        } else {
            format!("say {}", words.join(" or "))
        };
        Error::new(
            ErrorId::TransportUnsupported,
            format!(
                "set up {} over {}{what}",
                self.language.title,
                self.transport.title()
            ),
            observed,
            next,
        )
    }
}

const fn short(transport: Transport) -> &'static str {
    match transport {
        Transport::Ws => "WebSocket",
        Transport::Rest => "REST",
        Transport::Native => "native",
    }
}

/// What `--dist` asks the registry for.
pub(super) fn classifier(language: &ProjectLanguage) -> Result<&str> {
    language.dist.as_deref().ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            format!("take the {} connector as one file", language.title),
            format!(
                "--dist is for --lang {}",
                languages_with(|it| it.dist.is_some())
            ),
            "leave --dist out",
        )
    })
}

/// Where `source` takes the chosen package from, as pip writes it, and what the user should know.
pub(super) fn location(
    language: &ProjectLanguage,
    choice: &Choice,
    source: &PackageSource,
) -> Result<(String, String)> {
    let git = language.git.get(choice.package).ok_or_else(|| {
        Error::new(
            ErrorId::Usage,
            format!("take the {} connector from its repository", language.title),
            format!(
                "--source git is for --lang {}",
                languages_with(|it| !it.git.is_empty())
            ),
            "leave --source out",
        )
    })?;
    let revision = source.revision.as_ref();
    let revision = revision.map_or_else(String::new, |revision| format!("@{revision}"));
    let folder = git.subdirectory.as_ref();
    let folder = folder.map_or_else(String::new, |folder| format!("#subdirectory={folder}"));
    let note = if source.revision.is_some() {
        git.needs.clone()
    } else {
        format!(
            "{}; what it builds changes with the repository: --source git@REV names a tag or a commit",
            git.needs
        )
    };
    Ok((format!("git+{}{revision}{folder}", git.url), note))
}

fn languages_with(is: impl Fn(&ProjectLanguage) -> bool) -> String {
    let ids = language::ids().filter(|id| language::load(id).is_ok_and(|language| is(&language)));
    ids.collect::<Vec<_>>().join(" or ")
}
