//! `taos-setup.lock`: one entry a line, sorted, so that changes in different entries merge. It is read in any order, as a merge may
//! leave it.

mod merge;
mod render;

use std::path::Path;

use super::toml_table::{self, TomlFault, TomlTable};
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::{Message, message};
use crate::safety::printable::{is_deceptive, printable_path};
use crate::store::Verified;
use crate::system::files;
use crate::tdengine::digest::Sha256;
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::{Edition, Version};

/// The form that this program reads and writes.
const SCHEMA: u64 = 1;
/// The largest lock that is read, in bytes: thousands of projects.
pub(super) const LARGEST: u64 = 4 << 20;
/// The longest name, version, or directory.
const LONGEST: usize = 255;

/// What was resolved for a `taos-setup.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockFile {
    /// The server that it was resolved for, if one is named.
    pub server: Option<LockedServer>,
    /// The client's packages, sorted; one platform may have several, under several names or with several digests.
    pub packages: Vec<LockedPackage>,
    /// The connectors, sorted, one for each project of `taos-setup.toml`.
    pub connectors: Vec<LockedConnector>,
}

/// The server that a lock was resolved for, without its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedServer {
    /// Its version.
    pub version: Version,
    /// Its edition, if it was seen.
    pub edition: Option<Edition>,
}

/// A package of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedPackage {
    /// The platform.
    pub platform: Platform,
    /// The version; platforms may differ in its fourth part.
    pub version: Version,
    /// Community or Enterprise.
    pub edition: Edition,
    /// The name of the file, as the vendor gives it.
    pub file: String,
    /// Its size in bytes, if the file was seen.
    pub size: Option<u64>,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// How that digest is known. Never [`Verified::LockFile`].
    pub known: Verified,
}

/// The connector of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedConnector {
    /// The project's directory, relative to the lock's, with `/`; `.` for the lock's own.
    pub dir: String,
    /// The language, as `--lang` takes it.
    pub lang: String,
    /// The transport.
    pub transport: Transport,
    /// The package, as its registry names it.
    pub package: String,
    /// The version, as the language's manifests write it.
    pub version: String,
    /// The digest that the project's own lock file has for that version, in that file's form.
    pub digest: Option<String>,
}

impl LockFile {
    /// Reads the lock at `path`.
    ///
    /// # Errors
    /// `file-unreadable`; `file-unparsable` if a merge left conflict markers, a newer taos-setup wrote it, or it is damaged.
    pub fn read(path: &Path) -> Result<Self> {
        let text = files::read_named_text(path, LARGEST).map_err(|error| {
            Error::new(
                ErrorId::FileUnreadable,
                message!("io-read", path = printable_path(path)),
                describe_io_error(&error),
                message!("lock-unreadable-next"),
            )
        })?;
        Self::parse(&text, path)
    }

    /// Reads `text`, the lock at `path`. Errors: `file-unparsable`, as [`Self::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        Self::parsed(text).map_err(|fault| {
            Error::new(
                ErrorId::FileUnparsable,
                message!("lock-read-tried", path = printable_path(path)),
                message!("lock-fault", line = fault.line, why = fault.why),
                fault.next,
            )
        })
    }

    fn parsed(text: &str) -> std::result::Result<Self, LockFault> {
        if let Some(line) = merge::conflict_line(text) {
            return Err(LockFault {
                line,
                why: message!("lock-conflict"),
                next: Message::quoted("taos-setup lock"),
            });
        }
        let document = toml_table::parse(text)?;
        let root = TomlTable::root(text, &document);
        match root.number("schema")? {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => {
                return Err(LockFault {
                    next: message!("lock-newer-schema-next"),
                    ..root
                        .fault_of("schema", message!("lock-newer-schema", schema = newer))
                        .into()
                });
            }
            Some(_) | None => return Err(root.fault(message!("lock-no-schema")).into()),
        }
        root.check_keys(&["schema", "server", "package", "connector"])?;
        let mut lock = Self::default();
        for table in root.tables("server")? {
            lock.add_server(&table)?;
        }
        for table in root.tables("package")? {
            lock.add_package(&table)?;
        }
        for table in root.tables("connector")? {
            lock.add_connector(&table)?;
        }
        lock.sort();
        Ok(lock)
    }

    /// The packages for `platform`.
    pub fn packages_for(&self, platform: Platform) -> impl Iterator<Item = &LockedPackage> {
        self.packages
            .iter()
            .filter(move |package| package.platform == platform)
    }

    /// The connector of the project in `dir`, which is written in `lang` and connects over `transport`.
    pub fn connector(
        &self,
        dir: &str,
        lang: &str,
        transport: Transport,
    ) -> Option<&LockedConnector> {
        self.connectors
            .iter()
            .find(|it| it.is_of(dir, lang, transport))
    }

    /// Puts the entries in the order in which they are written, each once.
    pub fn sort(&mut self) {
        self.packages.sort_by(|a, b| a.order().cmp(&b.order()));
        self.packages.dedup();
        self.connectors.sort();
        self.connectors.dedup();
    }

    fn add_server(&mut self, table: &TomlTable) -> std::result::Result<(), LockFault> {
        table.check_keys(&["version", "edition"])?;
        let server = LockedServer {
            version: table.required("version")?,
            edition: table.parsed("edition")?,
        };
        match &self.server {
            Some(other) if *other != server => {
                Err(contradiction(table, message!("lock-two-servers")))
            }
            Some(_) | None => {
                self.server = Some(server);
                Ok(())
            }
        }
    }

    fn add_package(&mut self, table: &TomlTable) -> std::result::Result<(), LockFault> {
        table.check_keys(&[
            "platform", "version", "edition", "file", "size", "sha256", "known",
        ])?;
        let package = LockedPackage {
            platform: table.required("platform")?,
            version: table.required("version")?,
            edition: table.required("edition")?,
            file: file_name(table)?,
            size: table.number("size")?,
            sha256: table.required("sha256")?,
            known: known(table)?,
        };
        let differs = |other: &&LockedPackage| {
            (other.version, other.edition) != (package.version, package.edition)
                || (other.file == package.file
                    && other.sha256 == package.sha256
                    && **other != package)
        };
        if self.packages_for(package.platform).any(|it| differs(&it)) {
            let platform = package.platform;
            return Err(contradiction(
                table,
                message!("lock-two-packages", platform = platform),
            ));
        }
        self.packages.push(package);
        Ok(())
    }

    fn add_connector(&mut self, table: &TomlTable) -> std::result::Result<(), LockFault> {
        table.check_keys(&["dir", "lang", "transport", "package", "version", "digest"])?;
        let connector = LockedConnector {
            dir: project_directory(table)?,
            lang: plain(table, "lang")?.to_owned(),
            transport: table.required("transport")?,
            package: plain(table, "package")?.to_owned(),
            version: plain(table, "version")?.to_owned(),
            digest: match table.text("digest")? {
                Some(_) => Some(plain(table, "digest")?.to_owned()),
                None => None,
            },
        };
        let (dir, lang) = (connector.dir.as_str(), connector.lang.as_str());
        if let Some(other) = self.connector(dir, lang, connector.transport)
            && *other != connector
        {
            let dir = &connector.dir;
            return Err(contradiction(
                table,
                message!("lock-two-connectors", dir = dir, lang = lang),
            ));
        }
        self.connectors.push(connector);
        Ok(())
    }
}

impl LockedPackage {
    fn order(&self) -> (String, &str, Sha256) {
        (self.platform.to_string(), &self.file, self.sha256)
    }
}

impl LockedConnector {
    /// Whether it is the connector of that project.
    pub fn is_of(&self, dir: &str, lang: &str, transport: Transport) -> bool {
        self.dir == dir && self.lang == lang && self.transport == transport
    }
}

/// Why a lock cannot be used.
struct LockFault {
    line: usize,
    why: Message,
    next: Message,
}

impl From<TomlFault> for LockFault {
    fn from(fault: TomlFault) -> Self {
        Self {
            line: fault.line,
            why: fault.why,
            next: message!("lock-damaged-next"),
        }
    }
}

/// The fault of two entries that cannot both hold, which only a merge leaves.
fn contradiction(table: &TomlTable, why: Message) -> LockFault {
    LockFault {
        line: table.line(),
        why,
        next: Message::quoted("taos-setup lock"),
    }
}

fn known(table: &TomlTable) -> std::result::Result<Verified, TomlFault> {
    let word = table.required_text("known")?;
    let all = [
        Verified::Catalog,
        Verified::Given,
        Verified::SignedList,
        Verified::VendorList,
        Verified::FirstUse,
    ];
    let found = all.into_iter().find(|it| it.to_string() == word);
    found.ok_or_else(|| {
        let known = all.map(|it| it.to_string()).join(", ");
        table.fault_of("known", message!("lock-not-known", known = known))
    })
}

/// The text at `key`: one word of printable characters that no shell and no path gives a meaning of its own.
fn plain<'a>(table: &TomlTable<'a>, key: &str) -> std::result::Result<&'a str, TomlFault> {
    let text = table.required_text(key)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./@+:=~^*".contains(c);
    let is_plain = (1..=LONGEST).contains(&text.len()) && text.chars().all(allowed);
    // A lock has no address: whoever reads it would use the place that another machine knows.
    if is_plain && !text.starts_with('-') && !text.contains("://") {
        return Ok(text);
    }
    Err(table.fault_of(key, message!("lock-not-plain", key = key)))
}

/// The name of a file, which is no path.
fn file_name(table: &TomlTable) -> std::result::Result<String, TomlFault> {
    let name = plain(table, "file")?;
    if name.starts_with('.') || name.contains(['/', ':']) {
        return Err(table.fault_of("file", message!("lock-not-a-file-name")));
    }
    Ok(name.to_owned())
}

/// The directory of a project: below the file, so that what is written stays there.
pub(super) fn project_directory(table: &TomlTable) -> std::result::Result<String, TomlFault> {
    let text = table.required_text("dir")?;
    let trimmed = text.trim_end_matches('/');
    let path = trimmed.strip_prefix("./").unwrap_or(trimmed);
    let is_part = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.eq_ignore_ascii_case(".git")
    };
    let is_plain = !path.contains(['\\', ':'])
        && !path.chars().any(|c| c.is_control() || is_deceptive(c))
        && path.len() <= LONGEST;
    if path == "." || (is_plain && path.split('/').all(is_part)) {
        return Ok(path.to_owned());
    }
    Err(table.fault_of("dir", message!("lock-dir-outside")))
}

#[cfg(test)]
mod tests;
