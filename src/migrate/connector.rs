//! Releases of the connectors of Java and Go: WebSocket connections under their own names need a newer one than some projects have.

use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::file_kind::Migrations;
use super::segment::Segment;
use crate::catalog::connectors::{Choice, Connectors, VersionRules, numbers};
use crate::message::{Message, message};
use crate::project::edit::Splice;
use crate::project::manifest::ManifestFormat;
use crate::project::requirement::{DependencyList, Requirement};
use crate::project::text;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

const PACKAGE: &str = "com.taosdata.jdbc:taos-jdbcdriver";
const MAVEN: &str = "pom.xml";
const GO: &str = "go.mod";

/// The releases that projects move to.
pub struct NewConnector {
    java: NewRelease,
    go: NewRelease,
}

/// The release of one language's connector.
struct NewRelease {
    kind: UseKind,
    format: ManifestFormat,
    choice: Choice,
    server: Option<Version>,
}

impl NewConnector {
    /// The newest releases with WebSocket connections for `server`; `None` if there are none.
    pub fn for_server(server: Option<Version>) -> Option<Self> {
        let choose = |language| Connectors::built_in().choose(language, Transport::Ws, server);
        Some(Self {
            java: NewRelease {
                kind: UseKind::JavaConnector,
                format: ManifestFormat::PomXml,
                choice: choose("java")?,
                server,
            },
            go: NewRelease {
                kind: UseKind::GoConnector,
                format: ManifestFormat::GoMod,
                choice: choose("go")?,
                server,
            },
        })
    }

    /// What the user should know about the releases, if uses of `kinds` move to them.
    pub fn notes(&self, kinds: &[UseKind]) -> Vec<Message> {
        let mut notes = Vec::new();
        for release in [&self.java, &self.go] {
            if kinds.contains(&release.kind) {
                notes.extend(release.choice.notes.iter().cloned());
            }
        }
        if kinds.contains(&UseKind::GoConnector) {
            notes.push(message!("migrate-go-tidy"));
        }
        notes
    }

    /// Finds the connector in the manifest `name` with the content `bytes`, if it is too old.
    pub fn find(
        &self,
        name: &str,
        bytes: &[u8],
        segments: &[Segment],
        uses: &mut Vec<DeprecatedUse>,
    ) {
        match name {
            MAVEN => uses.extend(self.java.find_in_manifest(MAVEN, bytes)),
            GO => uses.extend(self.go.find_in_manifest(GO, bytes)),
            _ => self.find_in_coordinates(segments, uses),
        }
    }

    /// Gradle, sbt, scripts: `group:name:version` in one string.
    fn find_in_coordinates(&self, segments: &[Segment], uses: &mut Vec<DeprecatedUse>) {
        let prefix = format!("{PACKAGE}:");
        for segment in segments {
            let Some(version) = segment.content().strip_prefix(prefix.as_bytes()) else {
                continue;
            };
            let length = version
                .iter()
                .position(|byte| b":@".contains(byte))
                .unwrap_or(version.len());
            let Ok(text) = std::str::from_utf8(&version[..length]) else {
                continue;
            };
            if !is_too_old(PACKAGE, text) {
                continue;
            }
            let at = segment.start + prefix.len();
            uses.push(DeprecatedUse::new(
                UseKind::JavaConnector,
                (segment.start, segment.end),
                Ok(vec![Splice {
                    at,
                    removes: length,
                    text: self.java.choice.version.to_owned(),
                }]),
            ));
        }
    }
}

impl NewRelease {
    /// Finds the connector in the manifest `file`, which the format reads.
    fn find_in_manifest(&self, file: &'static str, bytes: &[u8]) -> Option<DeprecatedUse> {
        let decoded = text::decode(bytes).ok()?;
        let reader = self.format.reader();
        let package = self.choice.package;
        let pins = reader.pins(decoded, file).ok()?;
        let pin = pins.iter().find(|pin| pin.package == package)?;
        if !is_too_old(package, &pin.version) {
            return None;
        }
        let name = package.rsplit(':').next().unwrap_or(package);
        let at = decoded.find(name)?;
        let (language, _) = self.kind.connection();
        let connector = Connectors::built_in().of_language(language, package);
        let edit = reader.edit(
            decoded,
            Requirement {
                file,
                package,
                version: self.choice.version,
                runtime: self.choice.runtime,
                runtime_below: self.choice.runtime_below,
                classifier: None,
                parts: self.choice.parts,
                or_parts: self.choice.or_parts,
                all_parts: self.choice.all_parts,
                companions: self.choice.companions,
                retired: &[],
                parents: &[],
                upgrade: true,
                is_pinned: false,
                location: None,
                locked: &[],
                rules: VersionRules::new(connector, Transport::Ws, self.server),
                list: DependencyList::Main,
                sections: &[],
            },
        );
        let splices = match edit {
            Ok(edit) if !edit.replacements.is_empty() && edit.insertion.is_none() => {
                Ok(edit.replacements)
            }
            Ok(_) | Err(_) => Err(ManualReason::OtherCode),
        };
        Some(DeprecatedUse::new(
            self.kind,
            (at, at + name.len()),
            splices,
        ))
    }
}

/// Whether `version` of Java's driver is a release before the first with WebSocket connections under their own name.
pub fn is_driver_too_old(version: &str) -> bool {
    is_too_old(PACKAGE, version)
}

/// Whether `version` of `package` is a release before the first with the connection.
fn is_too_old(package: &str, version: &str) -> bool {
    let first = Migrations::built_in().first_release.get(package);
    let found = numbers(version);
    !found.is_empty() && first.is_some_and(|first| found < numbers(first))
}

#[cfg(test)]
mod tests;
