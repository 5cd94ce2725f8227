//! Lock files, which some tool makes from a manifest: whether one still holds what the manifest asks for, and what it pins. They are
//! read, never written: their own tool does that. One module a format, one trait for all of them.

use serde::Deserialize;

use super::bun_lock::BunLock;
use super::cargo_lock::CargoLock;
use super::composer_lock::ComposerLock;
use super::edit::EditRefusal;
use super::go_sum::GoSum;
use super::gradle_lock::{GradleLock, GradleVerification};
use super::nuget_lock::NugetLock;
use super::package_lock::PackageLock;
use super::pins::Pin;
use super::pipfile_lock::PipfileLock;
use super::pnpm_lock::PnpmLock;
use super::python_lock::PythonLock;
use super::renv_lock::RenvLock;
use super::vendor_modules::VendorModules;
use super::yarn_lock::YarnLock;

/// The formats of lock files, as `templates/LANGUAGE/template.toml` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockFormat {
    /// npm's `package-lock.json` and `npm-shrinkwrap.json`.
    PackageLock,
    /// `yarn.lock`, of yarn 1 and later.
    YarnLock,
    /// `pnpm-lock.yaml`.
    PnpmLock,
    /// `bun.lock`.
    BunLock,
    /// `go.sum`.
    GoSum,
    /// `gradle.lockfile`.
    GradleLock,
    /// `gradle/verification-metadata.xml`.
    GradleVerification,
    /// NuGet's `packages.lock.json`.
    NugetLock,
    /// Go's `vendor/modules.txt`.
    GoVendor,
    /// `Cargo.lock`.
    CargoLock,
    /// `composer.lock`.
    ComposerLock,
    /// `uv.lock`, `poetry.lock` and `pdm.lock`.
    PythonLock,
    /// `Pipfile.lock`.
    PipfileLock,
    /// `renv.lock`.
    RenvLock,
}

impl LockFormat {
    /// The reader of the format.
    pub const fn reader(self) -> &'static dyn LockReader {
        match self {
            Self::PackageLock => &PackageLock,
            Self::YarnLock => &YarnLock,
            Self::PnpmLock => &PnpmLock,
            Self::BunLock => &BunLock,
            Self::GoSum => &GoSum,
            Self::GradleLock => &GradleLock,
            Self::GradleVerification => &GradleVerification,
            Self::NugetLock => &NugetLock,
            Self::GoVendor => &VendorModules,
            Self::CargoLock => &CargoLock,
            Self::ComposerLock => &ComposerLock,
            Self::PythonLock => &PythonLock,
            Self::PipfileLock => &PipfileLock,
            Self::RenvLock => &RenvLock,
        }
    }
}

/// One format of lock files.
pub trait LockReader: Sync {
    /// Returns how the lock file `text` compares with the manifest of `project` that asks `asked` of `package`, in the manifest's own
    /// words.
    fn state(&self, text: &str, project: LockedProject, package: &str, asked: &str) -> LockState;

    /// Returns whether it names what each project depends on directly: any change of a manifest's dependencies then makes it stale, even
    /// if it holds the package for another project already.
    fn names_dependents(&self) -> bool {
        false
    }

    /// Returns the packages that `text` pins, if the format says which; pins carry `file` as the file that names them.
    ///
    /// # Errors
    /// Why the lock file cannot be read.
    fn pins(&self, _text: &str, _file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        Ok(Vec::new())
    }

    /// Returns the digest that `text` has for `version` of `package`, in the format's own form; `None` if it has none, or cannot be read.
    fn digest(&self, _text: &str, _package: &str, _version: &str) -> Option<String> {
        None
    }
}

/// How a lock file compares with what its manifest asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// It holds a version that the manifest admits.
    Fresh,
    /// It does not hold the package, or holds another version.
    Stale,
    /// It cannot be read that far.
    Unknown,
}

/// The project whose manifest a lock file is compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct LockedProject<'a> {
    /// Its directory as seen from the lock file, with `/`; empty if they are in the same directory.
    pub member: &'a str,
    /// Its name, if its manifest has one.
    pub name: Option<&'a str>,
}

impl From<bool> for LockState {
    fn from(fresh: bool) -> Self {
        if fresh { Self::Fresh } else { Self::Stale }
    }
}

#[cfg(test)]
mod tests;
