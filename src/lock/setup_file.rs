//! `taos-setup.toml`: the server, the client, and the projects of a directory, as people write them.

use std::path::{Path, PathBuf};

use super::LOCK_FILE;
use super::lock_file::project_directory;
use super::toml_table::{self, TomlFault, TomlTable};
use crate::dsn::Target;
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::language;
use crate::safety::printable::{printable, printable_path};
use crate::store::Parts;
use crate::tdengine::platform::Platform;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::{Edition, Request, Version};

/// The most projects of a file.
const MOST_PROJECTS: usize = 1000;

/// A `taos-setup.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupFile {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// `[server]`.
    pub server: ServerSettings,
    /// `[client]`; without it, no client is locked or installed by `sync`.
    pub client: Option<WantedClientSettings>,
    /// `[[project]]`.
    pub projects: Vec<ProjectSettings>,
}

/// The server of all projects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerSettings {
    /// Its version, four parts or a prefix.
    pub version: Option<Request>,
    /// Where it is: a host, a host and port, or a URL, without a login.
    pub host: Option<String>,
}

/// The client that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedClientSettings {
    /// Its version; without it, the one that matches the server.
    pub version: Option<Request>,
    /// The server to match, as [`ServerSettings::host`].
    pub server: Option<String>,
    /// Its edition.
    pub edition: Option<Edition>,
    /// The platforms that are locked; without it, all that exist.
    pub platforms: Option<Vec<Platform>>,
    /// The parts that are installed.
    pub parts: Option<Parts>,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectSettings {
    /// Its directory, relative to the file's, with `/`; `.` for the file's own.
    pub dir: String,
    /// Its language, as `--lang` takes it.
    pub lang: String,
    /// How it connects; without it, as `init` chooses.
    pub transport: Option<Transport>,
    /// The manifest that names the connector, if the project has several.
    pub manifest: Option<String>,
}

impl SetupFile {
    /// Reads `text`, the file at `path`.
    ///
    /// # Errors
    /// `file-unparsable`, with the line.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let parsed = Self::parsed(text).map_err(|fault| {
            Error::new(
                ErrorId::FileUnparsable,
                message!("lock-read-tried", path = printable_path(path)),
                message!("lock-fault", line = fault.line, why = fault.why),
                message!("lock-setup-next", path = printable_path(path)),
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            ..parsed
        })
    }

    fn parsed(text: &str) -> std::result::Result<Self, TomlFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = toml_table::parse(text)?;
        let root = TomlTable::root(text, &document);
        root.check_keys(&["server", "client", "project"])?;
        let server = root.table("server")?;
        let client = root.table("client")?;
        let setup = Self {
            server: server
                .as_ref()
                .map(read_server)
                .transpose()?
                .unwrap_or_default(),
            client: client.as_ref().map(read_client).transpose()?,
            projects: read_projects(&root)?,
            ..Self::default()
        };
        if let (Some(table), Some(client)) = (&client, &setup.client)
            && client.server.is_some()
        {
            let why = if client.version.is_some() {
                message!("lock-version-and-match")
            } else if setup.server.host.is_some() && setup.server.host != client.server {
                message!("lock-two-hosts")
            } else {
                return Ok(setup);
            };
            return Err(table.fault_of("match", why));
        }
        Ok(setup)
    }

    /// The directory that it is in.
    pub fn directory(&self) -> &Path {
        let parent = self.path.parent();
        parent
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
    }

    /// The path of the lock that belongs to it.
    pub fn lock_path(&self) -> PathBuf {
        self.path.with_file_name(LOCK_FILE)
    }

    /// The server that it names, as a target.
    pub fn server_target(&self) -> Option<&str> {
        let client = self.client.as_ref();
        let host = self.server.host.as_deref();
        host.or(client.and_then(|client| client.server.as_deref()))
    }

    /// The oldest version that `server.version` stands for: `3.3` is 3.3.0.0.
    pub fn server_version(&self) -> Option<Version> {
        match self.server.version.as_ref()? {
            Request::Exact(version) => Some(*version),
            Request::Prefix(parts) => {
                let mut padded = [0; 4];
                for (padded, part) in padded.iter_mut().zip(parts) {
                    *padded = *part;
                }
                Some(Version(padded))
            }
            Request::Latest => None,
        }
    }

    /// The project in `directory`, a path of this machine, if it is listed.
    pub fn project_in(&self, directory: &Path) -> Option<&ProjectSettings> {
        let relative = self.relative(directory)?;
        self.projects.iter().find(|it| it.dir == relative)
    }

    /// `directory`, relative to the file's, with `/`; `None` if it is not below that.
    pub fn relative(&self, directory: &Path) -> Option<String> {
        let own = self.directory().canonicalize().ok()?;
        let directory = match directory.as_os_str().is_empty() {
            true => Path::new("."),
            false => directory,
        };
        let below = resolve(directory)?.strip_prefix(own).ok()?.to_owned();
        let parts = below.components().map(|it| it.as_os_str().to_str());
        let parts = parts.collect::<Option<Vec<_>>>()?;
        Some(match parts.is_empty() {
            true => ".".to_owned(),
            false => parts.join("/"),
        })
    }
}

/// `path` without links, of which the last parts may not exist.
fn resolve(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let existing = path.ancestors().find(|it| it.exists())?;
    let rest = path.strip_prefix(existing).ok()?;
    Some(existing.canonicalize().ok()?.join(rest))
}

fn read_server(table: &TomlTable) -> std::result::Result<ServerSettings, TomlFault> {
    table.check_keys(&["version", "host"])?;
    let version = table.parsed::<Request>("version")?;
    if version == Some(Request::Latest) {
        return Err(table.fault_of("version", message!("lock-server-latest")));
    }
    Ok(ServerSettings {
        version,
        host: read_host(table, "host")?,
    })
}

fn read_client(table: &TomlTable) -> std::result::Result<WantedClientSettings, TomlFault> {
    table.check_keys(&["version", "match", "edition", "platforms", "parts"])?;
    let platforms = table.list::<Platform>("platforms")?;
    if platforms.as_ref().is_some_and(Vec::is_empty) {
        return Err(table.fault_of("platforms", message!("lock-no-platforms")));
    }
    Ok(WantedClientSettings {
        version: table.parsed("version")?,
        server: read_host(table, "match")?,
        edition: table.parsed("edition")?,
        platforms,
        parts: table.parsed("parts")?,
    })
}

/// The server at `key`: no connection string, which may hold a login.
fn read_host(table: &TomlTable, key: &str) -> std::result::Result<Option<String>, TomlFault> {
    let Some(text) = table.text(key)? else {
        return Ok(None);
    };
    let target: Target = text
        .parse()
        .map_err(|why: Message| table.fault_of(key, why))?;
    let has_login = target.user.is_some()
        || target.password.is_some()
        || target.token.is_some()
        || target.bearer.is_some()
        || text.contains(['@', '?']);
    if has_login {
        return Err(table.fault_of(key, message!("lock-host-with-login", key = key)));
    }
    Ok(Some(text.to_owned()))
}

fn read_projects(root: &TomlTable) -> std::result::Result<Vec<ProjectSettings>, TomlFault> {
    let tables = root.tables("project")?;
    if let Some(table) = tables.get(MOST_PROJECTS) {
        return Err(table.fault(message!("lock-too-many-projects", most = MOST_PROJECTS)));
    }
    let mut projects: Vec<ProjectSettings> = Vec::with_capacity(tables.len());
    for table in &tables {
        table.check_keys(&["dir", "lang", "transport", "manifest"])?;
        let project = ProjectSettings {
            dir: project_directory(table)?,
            lang: read_language(table)?,
            transport: table.parsed("transport")?,
            manifest: read_manifest(table)?,
        };
        let is_same = |other: &ProjectSettings| {
            (&other.dir, &other.lang, other.transport)
                == (&project.dir, &project.lang, project.transport)
        };
        if projects.iter().any(is_same) {
            let why = message!("lock-project-twice", dir = project.dir, lang = project.lang);
            return Err(table.fault_of("dir", why));
        }
        projects.push(project);
    }
    Ok(projects)
}

fn read_language(table: &TomlTable) -> std::result::Result<String, TomlFault> {
    let text = table.required_text("lang")?;
    if language::ids().any(|id| id == text) {
        return Ok(text.to_owned());
    }
    let known: Vec<_> = language::ids().collect();
    let why = message!(
        "lock-unknown-language",
        lang = printable(text),
        known = known.join(", ")
    );
    Err(table.fault_of("lang", why))
}

/// The name of a manifest in the project's directory, or below it.
fn read_manifest(table: &TomlTable) -> std::result::Result<Option<String>, TomlFault> {
    let Some(text) = table.text("manifest")? else {
        return Ok(None);
    };
    let is_part = |part: &str| !part.is_empty() && part != "." && part != "..";
    if text.split('/').all(is_part) && !text.contains(['\\', ':']) {
        return Ok(Some(text.to_owned()));
    }
    Err(table.fault_of("manifest", message!("lock-not-a-manifest")))
}

#[cfg(test)]
mod tests;
