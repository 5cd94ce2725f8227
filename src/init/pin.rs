//! The connector of one project of a `taos-setup.toml`: the release that a lock records, and the changes that bring the project to it.

use std::path::{Path, PathBuf};

use super::driver_jar::{JarRequest, JarUser, ProjectJar};
use super::java_names::JavaNames;
use super::parents;
use super::setup::{PlannedSetup, ProjectSetup};
use super::surroundings::Surroundings;
use super::{InitRequest, StaleLock, WantedConnection, connector, examples, manifest_choice};
use crate::catalog::connectors::{Choice, Connectors, VersionRules, VersionVerdict, numbers};
use crate::error::{Error, ErrorId, Result};
use crate::message::{Message, message};
use crate::project::files::{ProjectRoot, normal_path, read_lock, shown};
use crate::project::language::{self, ProjectLanguage};
use crate::project::pins::{self, Pin};
use crate::project::plan::FileChange;
use crate::project::requirement::DependencyList;
use crate::safety::shell::quoted;
use crate::system::events::EventSink;
use crate::tdengine::transport::Transport;
use crate::tdengine::version::Version;

/// A project of a `taos-setup.toml`.
#[derive(Clone, Copy, Debug)]
pub struct PinnedProject<'a> {
    /// The directory of `taos-setup.toml`.
    pub root: &'a Path,
    /// The project's directory, relative to it, with `/`.
    pub dir: &'a str,
    /// The language, as `--lang` takes it.
    pub lang: &'a str,
    /// The transport.
    pub transport: Transport,
    /// The manifest that names the connector, if the project has several.
    pub manifest: Option<&'a str>,
    /// The server's version, if it is known.
    pub server: Option<Version>,
}

/// The release of a project's connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRelease {
    /// The package.
    pub package: String,
    /// The version.
    pub version: String,
    /// The digest of that version in the project's own lock file, or of the file that is published; if one is known.
    pub digest: Option<String>,
}

/// What a project needs to have its locked release.
#[derive(Clone, Debug, Default)]
pub struct PlannedPin {
    /// The digest of that release in the project's own lock file, if it has one.
    pub digest: Option<String>,
    /// The other version that the project's own lock file holds, and that file.
    pub taken: Option<(String, String)>,
    /// The changes, with paths relative to the directory of `taos-setup.toml`.
    pub changes: Vec<FileChange>,
    /// Files that are missing, and were not fetched.
    pub missing: Vec<String>,
    /// The project's own lock files that do not match its manifest, with paths as the changes.
    pub stale_locks: Vec<StaleLock>,
}

/// A project that was opened.
struct OpenedProject<'a> {
    project: PinnedProject<'a>,
    path: PathBuf,
    directory: ProjectRoot,
    language: ProjectLanguage,
    java: JavaNames,
    /// The text of its manifest.
    text: String,
}

impl<'a> PinnedProject<'a> {
    /// Returns the release that the project has, unless it is known not to work or `upgrade` asks for another; else the newest that works
    /// with the server. `None` if no manifest of the language names a connector.
    ///
    /// # Errors
    /// `file-unreadable` if the project or its manifest does not exist; `transport-unsupported`.
    pub fn release(self, upgrade: bool) -> Result<Option<ProjectRelease>> {
        let opened = OpenedProject::open(self)?;
        let newest = opened.newest()?;
        if newest.built_in {
            return Ok(None);
        }
        let present = opened.present(newest.package).filter(|_| !upgrade);
        let version = present.map_or_else(|| newest.version.to_owned(), |pin| pin.version);
        let package = newest.package.to_owned();
        let parents = parents::of_project(&opened.path, &opened.language.manifest, &opened.text);
        let format = opened.language.manifest.format;
        let around = Surroundings::of(format, &opened.text, &parents);
        let setup = opened.setup(newest, None);
        let digest = own_digest(&setup, &around, &package, &version).or_else(|| {
            let release =
                Connectors::built_in().release(self.lang, self.transport, &package, &version)?;
            Some(format!("sha256:{}", release.jar?.sha256))
        });
        Ok(Some(ProjectRelease {
            package,
            version,
            digest,
        }))
    }

    /// Returns the digest of `version` of `package`, if the project's own lock file has it, or the file is published with one.
    ///
    /// # Errors
    /// As [`Self::release`].
    pub fn digest(self, package: &str, version: &str) -> Result<Option<String>> {
        let opened = OpenedProject::open(self)?;
        let newest = opened.newest()?;
        Ok(opened.digest(newest, package, version))
    }

    /// Plans the changes that bring the project to `release`. Nothing is written; the connector's jar is fetched if it is missing and
    /// `fetches`.
    ///
    /// # Errors
    /// `file-unreadable` if the project or its manifest does not exist; `version-conflict` if the release is not known, or the manifest
    /// cannot be brought to it; those of fetching the jar.
    pub fn plan(
        self,
        release: (&str, &str),
        jar: &JarRequest,
        fetches: bool,
        events: &EventSink,
    ) -> Result<PlannedPin> {
        let (package, version) = release;
        let opened = OpenedProject::open(self)?;
        let known = Connectors::built_in().release(self.lang, self.transport, package, version);
        let Some(choice) = known else {
            return opened.unlisted(package, version);
        };
        let user = JarUser {
            language: &opened.language,
            transport: self.transport,
            server: self.server,
            upgrade: true,
        };
        let own_jar = ProjectJar::find(user, &choice, jar, &opened.directory)?;
        let setup = opened.setup(choice, own_jar.as_ref());
        let PlannedSetup {
            mut plan, locked, ..
        } = setup.plan()?;
        let stale_locks = setup.stale_locks(&locked)?;
        let mut missing = Vec::new();
        if let Some(own_jar) = &own_jar {
            match own_jar.note_about_missing() {
                Some(_) if !fetches => missing.push(opened.in_root(&own_jar.path)?),
                Some(_) | None => plan.changes.extend(own_jar.obtain(jar, events)?),
            }
        }
        let mut changes = Vec::new();
        for change in plan.changes {
            changes.push(FileChange {
                path: opened.in_root(&change.path)?,
                ..change
            });
        }
        Ok(PlannedPin {
            digest: own_digest(&setup, &locked.around, package, version),
            taken: taken(&setup, &locked.around, package, version),
            changes,
            missing,
            stale_locks: stale_locks
                .into_iter()
                .map(|stale| StaleLock {
                    file: opened.in_root(&stale.file).unwrap_or(stale.file),
                    refresh: match self.dir {
                        "." => stale.refresh,
                        dir => format!("cd {} && {}", quoted(dir), stale.refresh),
                    },
                })
                .collect(),
        })
    }
}

impl<'a> OpenedProject<'a> {
    fn open(project: PinnedProject<'a>) -> Result<Self> {
        let path = match project.dir {
            "." => project.root.to_path_buf(),
            dir => project.root.join(dir),
        };
        let directory = ProjectRoot::open(&path)?;
        let language = language::load(project.lang)?;
        let language = manifest_choice::of_project(language, &directory, project.manifest)?;
        let java = JavaNames::of_project(&language, &InitRequest::default())?;
        let language = language.with_package(&java.package);
        let Some(text) = directory.read(&language.manifest.file)? else {
            let manifest = shown(&path.join(&language.manifest.file));
            return Err(Error::new(
                ErrorId::FileUnreadable,
                message!("io-read", path = manifest),
                message!("io-not-found"),
                Message::quoted(format!(
                    "taos-setup init --lang {} --transport {} --dir {}",
                    project.lang,
                    project.transport,
                    quoted(&shown(&path))
                )),
            ));
        };
        Ok(Self {
            project,
            path,
            directory,
            language,
            java,
            text: String::from_utf8_lossy(&text).into_owned(),
        })
    }

    /// The newest release that works with the server.
    fn newest(&self) -> Result<Choice> {
        let wanted = WantedConnection {
            language: &self.language,
            transport: self.project.transport,
            needs: &[],
            cloud: false,
        };
        wanted.check()?;
        let excluded = connector::excluded(&self.language, &self.directory)?;
        wanted.release(self.project.server, &excluded)
    }

    /// What the project's own files name of `package`, if that works as far as it is known.
    fn present(&self, package: &str) -> Option<Pin> {
        let PinnedProject {
            transport, server, ..
        } = self.project;
        let (pins, _) = pins::read(&self.path);
        let pin = pins
            .into_iter()
            .find(|pin| pin.package == package && is_word(&pin.version))?;
        let connector = Connectors::built_in().of_language(self.language.id, package);
        let rules = VersionRules::new(connector, transport, server);
        match rules.judge(&pin.version) {
            VersionVerdict::Works if pin.exact => Some(pin),
            // The lowest of a range may be no release.
            VersionVerdict::Works => {
                let catalog = Connectors::built_in();
                catalog
                    .release(self.language.id, transport, package, &pin.version)
                    .map(|_| pin)
            }
            VersionVerdict::Untested(_) => Some(pin),
            VersionVerdict::Fails(_) | VersionVerdict::Unknown => None,
        }
    }

    fn digest(&self, choice: Choice, package: &str, version: &str) -> Option<String> {
        let PinnedProject {
            lang, transport, ..
        } = self.project;
        let parents = parents::of_project(&self.path, &self.language.manifest, &self.text);
        let around = Surroundings::of(self.language.manifest.format, &self.text, &parents);
        let setup = self.setup(choice, None);
        own_digest(&setup, &around, package, version).or_else(|| {
            let release = Connectors::built_in().release(lang, transport, package, version)?;
            Some(format!("sha256:{}", release.jar?.sha256))
        })
    }

    /// The plan for a release that the catalog does not have: the project must have it already.
    fn unlisted(&self, package: &str, version: &str) -> Result<PlannedPin> {
        let (pins, _) = pins::read(&self.path);
        let mut pins = pins.into_iter();
        if pins.any(|pin| pin.package == package && numbers(&pin.version) == numbers(version)) {
            return Ok(PlannedPin::default());
        }
        Err(Error::new(
            ErrorId::VersionConflict,
            message!(
                "sync-pin-tried",
                package = package,
                version = version,
                dir = self.project.dir
            ),
            message!("sync-release-unknown"),
            message!("sync-release-unknown-next", dir = quoted(self.project.dir)),
        ))
    }

    fn setup<'s>(&'s self, choice: Choice, jar: Option<&'s ProjectJar>) -> ProjectSetup<'s> {
        ProjectSetup {
            language: &self.language,
            transport: self.project.transport,
            parts: examples::parts(&self.language, choice.parts, &[]),
            choice,
            jar,
            server: self.project.server,
            asked: None,
            classifier: None,
            location: None,
            cloud: false,
            upgrade: false,
            is_pinned: true,
            builds_module: false,
            example: false,
            extra_examples: &[],
            java: &self.java,
            list: DependencyList::Main,
            name: String::new(),
            named: Vec::new(),
            root: &self.path,
            directory: &self.directory,
        }
    }

    /// `path` of the project as a path of the directory of `taos-setup.toml`.
    ///
    /// # Errors
    /// `version-conflict` if it is outside of that.
    fn in_root(&self, path: &str) -> Result<String> {
        let joined = normal_path(&format!("{}/{path}", self.project.dir));
        if joined == ".." || joined.starts_with("../") {
            return Err(Error::new(
                ErrorId::VersionConflict,
                message!("project-write", path = shown(&self.path.join(path))),
                message!("sync-outside"),
                message!("sync-outside-next"),
            ));
        }
        Ok(joined)
    }
}

/// The digest of `version` of `package` in the project's own lock files.
fn own_digest(
    setup: &ProjectSetup,
    around: &Surroundings,
    package: &str,
    version: &str,
) -> Option<String> {
    setup.locks(around).iter().find_map(|found| {
        let reader = found.lock.format?.reader();
        let text = String::from_utf8(read_lock(&found.file).ok()??).ok()?;
        let digest = reader.digest(&text, package, version)?;
        // npm may list several, the strongest last.
        let last = digest.split_whitespace().next_back()?;
        is_word(last).then(|| last.to_owned())
    })
}

/// Whether `text`, of a project's own files, is a version or a digest as a lock can hold it.
fn is_word(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./+:=~".contains(c);
    (1..=200).contains(&text.len()) && !text.starts_with('-') && text.chars().all(allowed)
}

/// The version of `package` that the project's own lock files hold, and the file, if it is another than `version`.
fn taken(
    setup: &ProjectSetup,
    around: &Surroundings,
    package: &str,
    version: &str,
) -> Option<(String, String)> {
    setup.locks(around).iter().find_map(|found| {
        let reader = found.lock.format?.reader();
        let text = String::from_utf8(read_lock(&found.file).ok()??).ok()?;
        let pins = reader.pins(&text, "").ok()?;
        let ours: Vec<_> = pins
            .into_iter()
            .filter(|pin| pin.package == package)
            .collect();
        let is_locked = |pin: &Pin| numbers(&pin.version) == numbers(version);
        let other = ours.first()?;
        let differs = !ours.iter().any(is_locked);
        differs.then(|| (other.version.clone(), found.path.clone()))
    })
}
