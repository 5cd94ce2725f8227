//! Directories in which projects keep jars, and the jars in them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::catalog::connectors::numbers;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::message::message;
use crate::project::files::ProjectRoot;

/// The directories of a project in which jars are looked for. A new project gets the first; an R package the second, which R installs with
/// it, and from which rJava's `.jpackage` loads.
const USUAL: [&str; 5] = ["java", "inst/java", "lib", "jars", ""];

/// A directory for jars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JarDirectory {
    /// One in the project: its path with `/`, empty for the project's own.
    InProject(String),
    /// One elsewhere.
    Elsewhere(PathBuf),
}

/// A driver's jar, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedJar {
    pub(super) directory: JarDirectory,
    pub(super) file: String,
    /// The version in its name.
    pub(super) version: String,
}

impl JarDirectory {
    /// The directory for a jar of the project in `root`.
    pub(super) fn usual(root: &ProjectRoot) -> Self {
        // An R package has its code there.
        let is_package = root.names().iter().any(|name| name == "NAMESPACE");
        Self::InProject(USUAL[usize::from(is_package)].to_owned())
    }

    /// The directories of a project in which one is looked for.
    pub(super) fn all() -> Vec<Self> {
        let usual = USUAL.map(str::to_owned);
        usual.map(Self::InProject).into()
    }

    /// The directory `path`, as seen from the project in `root`.
    pub(super) fn named(path: &Path, root: &Path) -> Result<Self> {
        let absolute = |path: &Path| {
            std::path::absolute(path).map_err(|error| {
                Error::new(
                    ErrorId::FileUnreadable,
                    message!("project-read", path = path.display()),
                    describe_io_error(&error),
                    message!("project-make-readable"),
                )
            })
        };
        let (path, root) = (absolute(path)?, absolute(root)?);
        let Ok(inside) = path.strip_prefix(&root) else {
            return Ok(Self::Elsewhere(path));
        };
        let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
        Ok(match parts {
            Some(parts) if !parts.contains(&"..") => Self::InProject(parts.join("/")),
            Some(_) | None => Self::Elsewhere(path),
        })
    }

    /// The path of `file` in it, as programs of the project name it.
    pub(super) fn shown(&self, file: &str) -> String {
        match self {
            Self::InProject(directory) if directory.is_empty() => file.to_owned(),
            Self::InProject(directory) => format!("{directory}/{file}"),
            Self::Elsewhere(directory) => {
                let path = directory.join(file).display().to_string();
                if cfg!(windows) {
                    path.replace('\\', "/")
                } else {
                    path
                }
            }
        }
    }

    /// It, with the project in `root`.
    pub(super) fn place(&self, root: &Path) -> PathBuf {
        match self {
            Self::InProject(directory) => root.join(directory),
            Self::Elsewhere(directory) => directory.clone(),
        }
    }

    fn names(&self, root: &ProjectRoot) -> Vec<String> {
        match self {
            Self::InProject(directory) => root.names_in(directory),
            Self::Elsewhere(directory) => {
                let entries = fs::read_dir(directory).into_iter().flatten().flatten();
                let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
                names.collect()
            }
        }
    }
}

/// Returns the jars of `package` in `places`.
pub(super) fn jars(places: &[JarDirectory], root: &ProjectRoot, package: &str) -> Vec<NamedJar> {
    let mut jars = Vec::new();
    for directory in places {
        for file in directory.names(root) {
            if let Some(version) = version_in(&file, package) {
                jars.push(NamedJar {
                    directory: directory.clone(),
                    version: version.to_owned(),
                    file,
                });
            }
        }
    }
    jars
}

/// Returns the newest of `jars`; of one version, the first.
pub(super) fn newest(jars: Vec<NamedJar>) -> Option<NamedJar> {
    jars.into_iter()
        .rev()
        .max_by_key(|jar| numbers(&jar.version))
}

/// The version in the name of a jar of `package` that holds all that it needs; `None` for another file.
fn version_in<'f>(file: &'f str, package: &str) -> Option<&'f str> {
    let name = super::file_name(package, "/");
    let (before, after) = name.split_once('/')?;
    let version = file.strip_prefix(before)?.strip_suffix(after)?;
    (!numbers(version).is_empty()).then_some(version)
}

/// Writes `bytes` as `file` into `directory`, which is created: all of it or nothing.
///
/// # Errors
/// `file-unwritable`.
pub(super) fn write(directory: &Path, file: &str, bytes: &[u8]) -> Result<()> {
    let path = directory.join(file);
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(directory)?;
        let mut staged = tempfile::NamedTempFile::new_in(directory)?;
        staged.write_all(bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o644);
            staged.as_file().set_permissions(mode)?;
        }
        staged
            .persist_noclobber(&path)
            .map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| {
        Error::new(
            ErrorId::FileUnwritable,
            message!("project-write", path = path.display()),
            describe_io_error(&error),
            message!("project-make-writable"),
        )
    })
}
