//! Lock files, which some tool makes from a manifest: whether one still says what the manifest asks for. They are read, never
//! written: their own tool does that.

mod go;
mod javascript;
mod package_list;

use serde::Deserialize;

/// How a lock file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
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
    /// Go's `vendor/modules.txt`.
    GoVendor,
    /// `Cargo.lock`.
    CargoLock,
    /// `uv.lock`, `poetry.lock` and `pdm.lock`.
    PythonLock,
}

/// How a lock file stands to what its manifest asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds a version that the manifest admits.
    Fresh,
    /// It does not hold the package, or another version.
    Stale,
    /// It cannot be read that far.
    Unknown,
}

/// The project whose manifest a lock file is compared with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Project<'a> {
    /// Its folder as seen from the lock file, with `/`; empty where they stand together.
    pub member: &'a str,
    /// Its name, where its manifest says one.
    pub name: Option<&'a str>,
}

impl From<bool> for State {
    fn from(fresh: bool) -> Self {
        if fresh { Self::Fresh } else { Self::Stale }
    }
}

impl Format {
    /// Whether it names what each project depends on itself, so that no change of a manifest's dependencies leaves it as it is,
    /// although it may hold the package for another one already.
    pub const fn names_dependents(self) -> bool {
        matches!(self, Self::CargoLock | Self::PythonLock)
    }

    /// How the lock file `text` stands to the manifest of `project` that asks `asked` of `package`, in the manifest's own words.
    pub fn state(self, text: &str, project: Project, package: &str, asked: &str) -> State {
        let Project { member, name } = project;
        match self {
            Self::PackageLock => javascript::package_lock(text, member, package, asked),
            Self::YarnLock => javascript::yarn_lock(text, member, package, asked).into(),
            Self::PnpmLock => javascript::pnpm_lock(text, member, package, asked).into(),
            Self::BunLock => javascript::bun_lock(text, member, package, asked).into(),
            Self::GoSum => go::sum(text, package, asked).into(),
            Self::GoVendor => go::vendor(text, package, asked).into(),
            Self::CargoLock => package_list::cargo_lock(text, name, package, asked),
            Self::PythonLock => package_list::python_lock(text, name, package, asked),
        }
    }
}

#[cfg(test)]
mod tests;
