//! The manifest of a mirror, `mirror.jsonl`: a line of JSON about the mirror, one for each file, sorted by path, and at the end the
//! digest of all lines before, so that damage to the manifest itself is found, too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256 as Hasher};

use super::entry_path::EntryPath;
use crate::message::{Message, message};
use crate::tdengine::digest::Sha256;

/// The name of the manifest in the mirror's directory.
pub const MANIFEST: &str = "mirror.jsonl";
/// The name of its signature.
pub const MANIFEST_SIGNATURE: &str = "mirror.jsonl.minisig";
/// The largest manifest, in bytes: it is held in memory.
pub const LARGEST_MANIFEST: u64 = 16 << 20;
/// The longest line, in bytes. The first names every part and gap.
const LONGEST_LINE: usize = 1 << 20;

/// A mirror's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorManifest {
    /// What is said of the mirror as a whole.
    pub head: MirrorHead,
    /// The files, by path.
    pub files: BTreeMap<EntryPath, MirrorFile>,
}

/// The first line of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MirrorHead {
    /// The form of the manifest: 1.
    pub schema: u32,
    /// The address that settings and indexes name, ending in `/`.
    pub base: String,
    /// The parts that were mirrored.
    pub parts: Vec<MirrorPart>,
    /// What could not be mirrored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<MirrorGap>,
}

/// The form of the manifest, whatever else its first line has.
#[derive(Deserialize)]
struct SchemaLine {
    schema: u32,
}

/// A client package, or all that a project needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MirrorPart {
    /// `client`, or the language as `init --lang` takes it.
    pub kind: String,
    /// Its name for people.
    pub name: String,
    /// The digest of all that decides what it contains.
    pub key: Sha256,
}

/// Something that a project needs and the mirror does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MirrorGap {
    /// The part that needs it, by its name.
    pub part: String,
    /// The reason, a word of [`GapReason`].
    pub reason: GapReason,
    /// The package or file.
    pub subject: String,
}

/// The reason why something cannot be mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// It comes from a git repository, which no registry has.
    GitSource,
    /// No built package exists for the platform and the version of the language.
    NoPackage,
    /// The dependencies are in a form that the language's client does not resolve here.
    Unresolved,
    /// It is a package of the system or is built by hand.
    SystemPackage,
}

impl GapReason {
    /// Describes the reason for people.
    pub fn describe(self) -> Message {
        match self {
            Self::GitSource => message!("mirror-gap-git"),
            Self::NoPackage => message!("mirror-gap-no-package"),
            Self::Unresolved => message!("mirror-gap-unresolved"),
            Self::SystemPackage => message!("mirror-gap-system"),
        }
    }

    /// The stable word for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GitSource => "git-source",
            Self::NoPackage => "no-package",
            Self::Unresolved => "unresolved",
            Self::SystemPackage => "system-package",
        }
    }
}

/// One file of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorFile {
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// Where it comes from.
    pub origin: FileOrigin,
    /// Its license, as its package states it.
    pub license: Option<String>,
    /// Whether it contains [`MirrorHead::base`], so that a server puts its own address there.
    pub has_base: bool,
}

/// The kind of place that a file comes from. Addresses are not recorded: they may be internal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileOrigin {
    /// The vendor's hosts.
    Vendor,
    /// A mirror of client packages.
    Mirror,
    /// The registry that the language's client is set up for.
    Registry,
    /// taos-setup wrote it.
    Generated,
}

/// A line about a file, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileLine {
    path: EntryPath,
    size: u64,
    sha256: Sha256,
    origin: FileOrigin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    has_base: bool,
}

/// The last line.
#[derive(Serialize)]
struct SealLine {
    manifest_sha256: Sha256,
}

/// The reason why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// Its bytes are not those that were written.
    Damaged,
    /// It was written in this way, and cannot be used: what is wrong with it.
    Unusable(Message),
}

impl Default for MirrorHead {
    fn default() -> Self {
        Self {
            schema: 1,
            base: super::settings::DEFAULT_BASE.to_owned(),
            parts: Vec::new(),
            gaps: Vec::new(),
        }
    }
}

impl MirrorManifest {
    /// Parses the bytes of a manifest. Only the form that [`Self::render`] writes is accepted, so that no byte is without meaning.
    ///
    /// # Errors
    /// The first fault that is found. Nothing is read of a damaged manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestFault> {
        if bytes.len() as u64 > LARGEST_MANIFEST {
            let why = message!("io-too-large-mib", most = LARGEST_MANIFEST >> 20);
            return Err(ManifestFault::Unusable(why));
        }
        let lines = bytes.strip_suffix(b"\n").ok_or(ManifestFault::Damaged)?;
        let start = lines.iter().rposition(|byte| *byte == b'\n');
        let (lines, last) = bytes.split_at(start.map_or(0, |at| at + 1));
        match last == seal_line(lines).as_bytes() {
            true => Self::parse_lines(lines).map_err(ManifestFault::Unusable),
            false => Err(ManifestFault::Damaged),
        }
    }

    /// Parses the lines before the last.
    fn parse_lines(bytes: &[u8]) -> Result<Self, Message> {
        let malformed = |line: usize| message!("mirror-manifest-line", line = line);
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head = lines.next().unwrap_or_default();
        if head.len() > LONGEST_LINE {
            return Err(malformed(1));
        }
        let SchemaLine { schema } = serde_json::from_slice(head).map_err(|_| malformed(1))?;
        if schema != 1 {
            return Err(message!("mirror-manifest-newer", schema = schema));
        }
        let head: MirrorHead = serde_json::from_slice(head).map_err(|_| malformed(1))?;
        let mut manifest = Self {
            head,
            files: BTreeMap::new(),
        };
        let other_form = || message!("mirror-manifest-form");
        let mut length = json_line(&manifest.head).len();
        if bytes.get(..length) != Some(json_line(&manifest.head).as_bytes()) {
            return Err(other_form());
        }
        for (at, text) in lines.enumerate() {
            if text.is_empty() {
                continue;
            }
            let number = at + 2;
            if text.len() > LONGEST_LINE {
                return Err(malformed(number));
            }
            let line: FileLine = serde_json::from_slice(text).map_err(|_| malformed(number))?;
            let written = json_line(&line);
            let follows = manifest.files.last_key_value();
            if written.as_bytes().strip_suffix(b"\n") != Some(text)
                || follows.is_some_and(|(before, _)| *before >= line.path)
            {
                return Err(other_form());
            }
            if line.path.as_str().starts_with(MANIFEST) {
                return Err(malformed(number));
            }
            length += written.len();
            manifest.files.insert(line.path.clone(), line.into_file());
        }
        match length == bytes.len() {
            true => Ok(manifest),
            false => Err(other_form()),
        }
    }

    /// Writes the manifest.
    pub fn render(&self) -> String {
        let mut text = json_line(&self.head);
        for (path, file) in &self.files {
            text.push_str(&json_line(&FileLine {
                path: path.clone(),
                size: file.size,
                sha256: file.sha256,
                origin: file.origin,
                license: file.license.clone(),
                has_base: file.has_base,
            }));
        }
        let seal = seal_line(text.as_bytes());
        text.push_str(&seal);
        text
    }

    /// The sum of the sizes of all files.
    pub fn bytes(&self) -> u64 {
        self.files
            .values()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

impl FileLine {
    fn into_file(self) -> MirrorFile {
        MirrorFile {
            size: self.size,
            sha256: self.sha256,
            origin: self.origin,
            license: self.license,
            has_base: self.has_base,
        }
    }
}

/// The last line of a manifest whose other lines are `lines`.
pub fn seal_line(lines: &[u8]) -> String {
    json_line(&SealLine {
        manifest_sha256: Sha256(Hasher::digest(lines).into()),
    })
}

/// `value` on a line. These types have only texts as keys and are always written.
fn json_line(value: &impl Serialize) -> String {
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

#[cfg(test)]
mod tests;
