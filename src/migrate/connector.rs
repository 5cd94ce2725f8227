//! Releases of the Java connector: WebSocket connections under their own names need a newer one than many projects have.

use super::deprecated_use::{DeprecatedUse, ManualReason, UseKind};
use super::file_kind::Migrations;
use super::segment::Segment;
use crate::catalog::connectors::{Choice, Connectors, VersionRules, numbers};
use crate::message::Message;
use crate::project::edit::Splice;
use crate::project::manifest::ManifestFormat;
use crate::project::requirement::{DependencyList, Requirement};
use crate::project::text;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

const PACKAGE: &str = "com.taosdata.jdbc:taos-jdbcdriver";
const MAVEN: &str = "pom.xml";

/// The release that projects move to.
pub struct NewConnector {
    choice: Choice,
    server: Option<Version>,
}

impl NewConnector {
    /// The newest release with WebSocket connections for `server`; `None` if there is none.
    pub fn for_server(server: Option<Version>) -> Option<Self> {
        let choice = Connectors::built_in().choose("java", Transport::Ws, server)?;
        Some(Self { choice, server })
    }

    /// What the user should know about the release.
    pub fn notes(&self) -> &[Message] {
        &self.choice.notes
    }

    /// Finds the connector in the manifest `name` with the content `bytes`, if it is too old.
    pub fn find(
        &self,
        name: &str,
        bytes: &[u8],
        segments: &[Segment],
        uses: &mut Vec<DeprecatedUse>,
    ) {
        if name == MAVEN {
            uses.extend(self.find_in_pom(bytes));
        } else {
            self.find_in_coordinates(segments, uses);
        }
    }

    fn find_in_pom(&self, bytes: &[u8]) -> Option<DeprecatedUse> {
        let decoded = text::decode(bytes).ok()?;
        let reader = ManifestFormat::PomXml.reader();
        let pins = reader.pins(decoded, MAVEN).ok()?;
        let pin = pins.iter().find(|pin| pin.package == PACKAGE)?;
        if !is_too_old(&pin.version) {
            return None;
        }
        let at = decoded.find("taos-jdbcdriver")?;
        let span = (at, at + "taos-jdbcdriver".len());
        let connector = Connectors::built_in().of_language("java", self.choice.package);
        let edit = reader.edit(
            decoded,
            Requirement {
                file: MAVEN,
                package: self.choice.package,
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
                location: None,
                locked: &[],
                rules: VersionRules::new(connector, Transport::Ws, self.server),
                list: DependencyList::Main,
            },
        );
        let splices = match edit {
            Ok(edit) if !edit.replacements.is_empty() && edit.insertion.is_none() => {
                Ok(edit.replacements)
            }
            Ok(_) | Err(_) => Err(ManualReason::OtherCode),
        };
        Some(DeprecatedUse::new(UseKind::JavaConnector, span, splices))
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
            if !is_too_old(text) {
                continue;
            }
            let at = segment.start + prefix.len();
            uses.push(DeprecatedUse::new(
                UseKind::JavaConnector,
                (segment.start, segment.end),
                Ok(vec![Splice {
                    at,
                    removes: length,
                    text: self.choice.version.to_owned(),
                }]),
            ));
        }
    }
}

/// Whether `version` is a release before the first with the connection.
fn is_too_old(version: &str) -> bool {
    let first = Migrations::built_in().first_release.get(PACKAGE);
    let found = numbers(version);
    !found.is_empty() && first.is_some_and(|first| found < numbers(first))
}

#[cfg(test)]
mod tests;
