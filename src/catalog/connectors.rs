//! Connectors: which release of which package works with which server, over which transport (`manifests/connectors.toml`).

mod rules;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use semver::VersionReq;
use serde::{Deserialize, Serialize};

pub use rules::{ConnectorRule, VersionRules, VersionVerdict, numbers};

use crate::error::Result;
use crate::error::built_in::{BuiltIn, parsed};
use crate::message::locale::LocalizedText;
use crate::message::{Message, message};
use crate::tdengine::digest::Sha256;
pub use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

/// Every connector that is known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connectors {
    #[serde(default)]
    ability: Vec<Ability>,
    pub(super) connector: Vec<Connector>,
    #[serde(default)]
    stranger: Vec<Stranger>,
    #[serde(default)]
    community: Vec<CommunityPackage>,
}

/// A package for TDengine that others than the vendor maintain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityPackage {
    /// The language whose registry has it, as `--lang` names it.
    pub language: String,
    /// The package, as its registry names it.
    pub package: String,
    /// Where the facts were read.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub source: String,
    /// Its description: a noun phrase.
    pub what: LocalizedText,
}

/// A package that has the name of a connector's module, but is not a connector.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stranger {
    /// The language whose registry has it, as `--lang` names it.
    pub language: String,
    /// The package, as its registry names it.
    pub package: String,
    /// Where the facts were read.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub source: String,
    /// What it is, as a sentence without a full stop.
    pub why: LocalizedText,
}

/// What a connection may have to do besides running statements.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ability {
    /// The word that `--needs` takes.
    pub name: String,
    /// It in prose, as a plural.
    pub title: LocalizedText,
    /// The transports that have it.
    pub transports: Vec<Transport>,
}

/// A package of connectors for one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connector {
    /// The language, as `--lang` names it.
    pub language: String,
    /// The package, as its registry names it.
    pub package: String,
    /// Where the facts were read.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub source: String,
    /// The reason not to use it any more, and the alternative; such a package is never chosen.
    pub retired: Option<LocalizedText>,
    /// What to change in programs that use it, where it is retired: a sentence without a full stop.
    pub code: Option<LocalizedText>,
    /// Words of `--needs` that it does not have, although its transports do.
    #[serde(default)]
    pub cannot: Vec<String>,
    /// Whether it is a part of the language's own runtime, so that no manifest names it.
    #[serde(default)]
    pub built_in: bool,
    /// The package that manifests name instead, because it loads the connector.
    pub loader: Option<LoaderPackage>,
    /// What ranges of its versions cannot do with which servers.
    #[serde(default)]
    pub rule: Vec<ConnectorRule>,
    /// Its releases, oldest first.
    #[serde(default)]
    pub release: Vec<ConnectorRelease>,
}

/// One release of a package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorRelease {
    /// The version, as the language's manifests write it: `v3.7.8`, `0.7.0`.
    pub version: String,
    /// The oldest version of the language that it builds with.
    pub runtime: String,
    /// The version of the language from which on it refuses to be installed, where it names one.
    pub runtime_below: Option<String>,
    /// Servers that it was run on, each with the transport.
    #[serde(default)]
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub ran_on: Vec<String>,
    /// Every part of the package that can be chosen; empty where it has none, or they are not known.
    #[serde(default)]
    pub all_parts: Vec<String>,
    /// Libraries that it brings along and that frameworks manage, too: name and version.
    #[serde(default)]
    pub libraries: BTreeMap<String, String>,
    /// The jar that projects keep, if their language has no tool that fetches it.
    pub jar: Option<DriverJar>,
    ws: Option<Support>,
    rest: Option<Support>,
    native: Option<Support>,
}

/// A package that loads a connector, and that manifests name instead of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoaderPackage {
    /// The package, as its registry names it.
    pub package: String,
    /// The version that was run with the connector.
    pub version: String,
}

/// The published jar of a connector.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriverJar {
    /// The digest of the file in the registry.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub size: u64,
}

/// What a release needs over one transport.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// The oldest server that it works with.
    pub server: Version,
    /// What decides that.
    #[allow(dead_code, reason = "read by reviewers of the manifest and by tests")]
    pub why: String,
    /// What does not work.
    #[serde(default)]
    pub limits: Vec<LocalizedText>,
    /// Why it must not be chosen.
    pub broken: Option<String>,
    /// What it can do that others cannot, in words that the templates of its language know.
    #[serde(default)]
    pub features: Vec<String>,
    /// The parts of the package that are built, where it has parts that can be left out: Rust's features.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Parts that do as well as those.
    #[serde(default)]
    pub or_parts: Vec<String>,
    /// Other packages that the project needs beside it.
    #[serde(default)]
    pub companion: Vec<Companion>,
}

/// A package that a project needs beside its connector.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// The package.
    pub package: String,
    /// The versions that a new project asks for, as the language's manifests write it.
    pub version: String,
    /// The parts of it that the example needs.
    #[serde(default)]
    pub parts: Vec<String>,
    /// From which version on it does not work with the connector.
    pub below: Option<String>,
    /// What happens there, as a sentence without a full stop.
    #[serde(serialize_with = "serialize_english")]
    pub why: LocalizedText,
}

/// Serializes the English text, for comments in templates.
fn serialize_english<S: serde::Serializer>(
    text: &LocalizedText,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&text.en)
}

impl Companion {
    /// The versions that do not work with the connector: those from `below` on.
    pub fn breaks(&self) -> Option<VersionReq> {
        VersionReq::parse(&format!(">={}", self.below.as_ref()?)).ok()
    }
}

/// The release to use, and what was assumed.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The package.
    pub package: &'static str,
    /// The release's version, as the language's manifests write it.
    pub version: &'static str,
    /// The oldest version of the language that it builds with.
    pub runtime: &'static str,
    /// The version of the language from which on it refuses to be installed, where it names one.
    pub runtime_below: Option<&'static str>,
    /// Whether it is a part of the language's own runtime.
    pub built_in: bool,
    /// The package that manifests name instead, because it loads the connector.
    pub loader: Option<&'static LoaderPackage>,
    /// The jar that projects keep.
    pub jar: Option<&'static DriverJar>,
    /// Libraries that it brings along and that frameworks manage, too.
    pub libraries: &'static BTreeMap<String, String>,
    /// What it can do, in words that the templates of its language know.
    pub features: &'static [String],
    /// The parts of the package that are built.
    pub parts: &'static [String],
    /// Parts that do as well as those.
    pub or_parts: &'static [String],
    /// Every part that can be chosen; empty where they are not known.
    pub all_parts: &'static [String],
    /// Other packages that the project needs beside it.
    pub companions: &'static [Companion],
    /// Notes for the user: what was assumed, and what does not work.
    pub notes: Vec<Message>,
}

impl ConnectorRelease {
    /// What this release needs over `transport`; `None` where it does not speak it.
    pub const fn support(&self, transport: Transport) -> Option<&Support> {
        match transport {
            Transport::Ws => self.ws.as_ref(),
            Transport::Rest => self.rest.as_ref(),
            Transport::Native => self.native.as_ref(),
        }
    }
}

impl Choice {
    /// The package, as manifests name it; empty if none names it.
    pub fn manifest_package(&self) -> &'static str {
        match self.loader {
            _ if self.built_in => "",
            Some(loader) => &loader.package,
            None => self.package,
        }
    }

    /// The version of [`Self::manifest_package`].
    pub fn manifest_version(&self) -> &'static str {
        self.loader.map_or(self.version, |loader| &loader.version)
    }

    fn of(
        connector: &'static Connector,
        release: &'static ConnectorRelease,
        support: &'static Support,
        notes: Vec<Message>,
    ) -> Self {
        Self {
            package: &connector.package,
            version: &release.version,
            runtime: &release.runtime,
            runtime_below: release.runtime_below.as_deref(),
            built_in: connector.built_in,
            loader: connector.loader.as_ref(),
            jar: release.jar.as_ref(),
            libraries: &release.libraries,
            features: &support.features,
            parts: &support.parts,
            or_parts: &support.or_parts,
            all_parts: &release.all_parts,
            companions: &support.companion,
            notes,
        }
    }
}

static CONNECTORS: BuiltIn<Connectors> = BuiltIn::new("manifests/connectors.toml", || {
    parsed(toml::from_str(include_str!(
        "../../manifests/connectors.toml"
    )))
});

/// Checks the built-in catalog.
///
/// # Errors
/// `unexpected` if it is damaged.
pub fn check() -> Result<()> {
    CONNECTORS.get().map(drop)
}

impl Connectors {
    /// The catalog that this program carries.
    pub fn built_in() -> &'static Self {
        CONNECTORS.checked()
    }

    /// The connector that a registry calls `package`.
    pub fn named(&self, package: &str) -> Option<&Connector> {
        self.connector
            .iter()
            .find(|connector| connector.package == package)
    }

    /// The packages for `language`.
    pub fn packages(&self, language: &str) -> impl Iterator<Item = &str> {
        let of_language = self.connector.iter();
        let of_language = of_language.filter(move |it| it.language == language);
        of_language.map(|it| it.package.as_str())
    }

    /// Whether projects in `language` keep the connector's jar.
    pub fn has_jar(&self, language: &str) -> bool {
        let mut of_language = self.connector.iter().filter(|it| it.language == language);
        of_language.any(|it| it.release.iter().any(|release| release.jar.is_some()))
    }

    /// The transports that some usable release for `language` speaks, in the order of preference.
    pub fn transports(&self, language: &str) -> Vec<Transport> {
        Transport::ALL
            .into_iter()
            .filter(|transport| self.usable(language, *transport).next().is_some())
            .collect()
    }

    /// Returns the newest release for `language` over `transport` that works with `server`; if no server is known, the newest of all,
    /// and a note on the servers that it works with. `None` if no release fits.
    pub fn choose(
        &'static self,
        language: &str,
        transport: Transport,
        server: Option<Version>,
    ) -> Option<Choice> {
        self.choose_except(language, transport, server, &[])
    }

    /// Returns the release of [`Self::choose`], but none of `excluded`: packages and versions.
    pub fn choose_except(
        &'static self,
        language: &str,
        transport: Transport,
        server: Option<Version>,
        excluded: &[(String, String)],
    ) -> Option<Choice> {
        let is_excluded = |connector: &Connector, release: &ConnectorRelease| {
            excluded.iter().any(|(package, version)| {
                *package == connector.package && *version == release.version
            })
        };
        let (connector, release, support) = self
            .usable(language, transport)
            .filter(|(connector, release, _)| !is_excluded(connector, release))
            .filter(|(_, _, support)| server.is_none_or(|server| support.server <= server))
            .max_by_key(|(connector, release, _)| {
                // A project does not choose its client library: the program for the oldest one builds with all of them.
                let is_oldest_wanted = server.is_none() && connector.built_in;
                let version = numbers(&release.version);
                (
                    (!is_oldest_wanted).then_some(version.clone()),
                    Reverse(version),
                )
            })?;
        let mut notes = Vec::new();
        if server.is_none() && !connector.built_in {
            notes.push(self.assumption(language, transport, connector, release, support));
        }
        notes.extend(support.limits.iter().cloned().map(Message::from));
        Some(Choice::of(connector, release, support, notes))
    }

    /// Returns `choice`, or the older release whose program also runs with `version` of its package: the newest that is not newer.
    pub fn release_for_program(
        &'static self,
        choice: &Choice,
        language: &str,
        transport: Transport,
        version: &str,
    ) -> Option<Choice> {
        let asked = numbers(version);
        let ours = self.usable(language, transport);
        let ours = ours.filter(|(connector, ..)| connector.package == choice.package);
        let (connector, release, support) = ours
            .filter(|(_, release, _)| numbers(&release.version) <= asked)
            .max_by_key(|(_, release, _)| numbers(&release.version))?;
        Some(Choice {
            notes: choice.notes.clone(),
            ..Choice::of(connector, release, support, Vec::new())
        })
    }

    /// Returns `release` of `connector` over `transport`; `None` if it does not speak that.
    pub fn choose_release(
        &'static self,
        connector: &'static Connector,
        release: &'static ConnectorRelease,
        transport: Transport,
    ) -> Option<Choice> {
        let support = release.support(transport)?;
        Some(Choice::of(connector, release, support, Vec::new()))
    }

    /// Returns every release for `language` over `transport` of the package of `choice`.
    pub fn releases(
        &'static self,
        choice: &Choice,
        language: &str,
        transport: Transport,
    ) -> Vec<Choice> {
        let ours = self.usable(language, transport);
        let ours = ours.filter(|(connector, ..)| connector.package == choice.package);
        ours.map(|(connector, release, support)| {
            Choice::of(connector, release, support, Vec::new())
        })
        .collect()
    }

    /// Returns the release `version` of `package` for `language`, if it speaks `transport` and is not broken there.
    pub fn release(
        &'static self,
        language: &str,
        transport: Transport,
        package: &str,
        version: &str,
    ) -> Option<Choice> {
        let asked = numbers(version);
        let mut ours = self
            .usable(language, transport)
            .filter(|(it, ..)| it.package == package);
        let (connector, release, support) =
            ours.find(|(_, release, _)| numbers(&release.version) == asked)?;
        Some(Choice::of(connector, release, support, Vec::new()))
    }

    /// Returns the connector for `language` that its registry calls `package`.
    pub fn of_language(&self, language: &str, package: &str) -> Option<&Connector> {
        let mut connectors = self.connector.iter();
        connectors.find(|it| it.language == language && it.package == package)
    }

    /// The oldest server that some usable release for `language` works with over `transport`; `None` without a release.
    pub fn oldest_server(&self, language: &str, transport: Transport) -> Option<Version> {
        self.usable(language, transport)
            .map(|(_, _, support)| support.server)
            .min()
    }

    /// What a connection may have to do besides running statements.
    pub fn abilities(&self) -> &[Ability] {
        &self.ability
    }

    /// Whether a connection of `language` over `transport` has the ability called `name`.
    pub fn has(&self, language: &str, transport: Transport, name: &str) -> bool {
        let transport_has = self
            .ability
            .iter()
            .any(|ability| ability.name == name && ability.transports.contains(&transport));
        let connector_has = |(connector, _, _): (&Connector, &ConnectorRelease, &Support)| {
            !connector.cannot.iter().any(|word| word == name)
        };
        transport_has && self.usable(language, transport).any(connector_has)
    }

    /// What to change in programs of `language` that use the retired `package`.
    pub fn code_of_retired(&self, language: &str, package: &str) -> Option<&LocalizedText> {
        self.connector
            .iter()
            .find(|connector| connector.language == language && connector.package == package)
            .and_then(|connector| connector.code.as_ref())
    }

    /// The packages for `language` that should not be used any more.
    pub fn retired(&self, language: &str) -> Vec<&str> {
        self.connector
            .iter()
            .filter(|connector| connector.language == language)
            .filter(|connector| connector.retired.is_some())
            .map(|connector| connector.package.as_str())
            .collect()
    }

    /// The packages for `language` that others maintain, and that work.
    pub fn community(&self, language: &str) -> impl Iterator<Item = &CommunityPackage> {
        self.community
            .iter()
            .filter(move |package| package.language == language)
    }

    /// The packages for `language` that have the name of a connector, but are not one.
    pub fn strangers(&self, language: &str) -> impl Iterator<Item = &Stranger> {
        self.stranger
            .iter()
            .filter(move |stranger| stranger.language == language)
    }

    /// Every release for `language` that speaks `transport` and is not broken there.
    fn usable(
        &self,
        language: &str,
        transport: Transport,
    ) -> impl Iterator<Item = (&Connector, &ConnectorRelease, &Support)> {
        self.connector
            .iter()
            .filter(move |connector| connector.language == language && connector.retired.is_none())
            .flat_map(|connector| {
                connector
                    .release
                    .iter()
                    .map(move |release| (connector, release))
            })
            .filter_map(move |(connector, release)| {
                let support = release.support(transport)?;
                support
                    .broken
                    .is_none()
                    .then_some((connector, release, support))
            })
    }

    fn assumption(
        &self,
        language: &str,
        transport: Transport,
        connector: &Connector,
        release: &ConnectorRelease,
        support: &Support,
    ) -> Message {
        let for_older = self
            .usable(language, transport)
            .any(|(_, _, other)| other.server < support.server);
        message!(
            "connector-assumed",
            package = connector.package,
            version = release.version,
            server = support.server,
            for_older = for_older
        )
    }
}

#[cfg(test)]
mod tests;
