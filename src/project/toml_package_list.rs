//! Lock files in TOML: a list `[[package]]` of names and versions (Cargo, uv, Poetry, PDM).

use serde::Deserialize;

use super::edit::EditRefusal;
use super::lock_file::LockState;
use super::pins::Pin;
use super::requirements_txt::normalised;
use super::text::{check_values, line_of};
use crate::message::message;
use crate::safety::value_count::{MOST_GENERATED, count_toml};
use crate::tdengine::digest::Sha256;

/// A lock file of this form.
#[derive(Deserialize)]
pub struct TomlLock {
    /// Its packages.
    #[serde(default)]
    pub package: Vec<TomlPackage>,
}

/// One package of a lock file.
#[derive(Deserialize)]
pub struct TomlPackage {
    /// Its name.
    pub name: String,
    /// A project that uv locks with its members may have none.
    pub version: Option<String>,
    /// Where it comes from: uv says `{ virtual = "." }` or `{ editable = "." }` of a project, Cargo nothing.
    source: Option<toml::Value>,
    /// What it depends on itself, in the words of the tool: texts that start with a name, or tables with a `name`.
    #[serde(default)]
    dependencies: Option<toml::Value>,
    /// The SHA-256 of the package, in Cargo's.
    checksum: Option<String>,
    /// The package's files, each with a `hash`: `sdist` and `wheels` in uv's, `files` in Poetry's and PDM's.
    sdist: Option<toml::Value>,
    wheels: Option<toml::Value>,
    files: Option<toml::Value>,
}

impl TomlPackage {
    fn is_project(&self) -> bool {
        match &self.source {
            None => true,
            Some(source) => ["virtual", "editable", "directory"]
                .iter()
                .any(|kind| source.get(kind).is_some()),
        }
    }

    /// The digest of the package: its own, or one of all digests of its files.
    fn digest(&self) -> Option<String> {
        if let Some(checksum) = &self.checksum {
            return Some(format!("sha256:{checksum}"));
        }
        let lists = [&self.wheels, &self.files];
        let lists = lists
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_array);
        let files = lists.flatten().chain(&self.sdist);
        digest_of_files(files.filter_map(|file| file.get("hash")?.as_str()))
    }

    fn depends_on(&self, is_ours: impl Fn(&str) -> bool) -> bool {
        let all = self.dependencies.as_ref().and_then(toml::Value::as_array);
        let mut names = all.into_iter().flatten().filter_map(|dependency| {
            let text = dependency
                .as_str()
                .or_else(|| dependency.get("name")?.as_str());
            text?.split(' ').next()
        });
        names.any(is_ours)
    }
}

/// Returns one digest of the digests of a package's files, in any order; `None` if there are none.
pub fn digest_of_files<'a>(hashes: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut hashes: Vec<_> = hashes.collect();
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.is_empty() {
        return None;
    }
    let listed = hashes.join("\n");
    let digest = Sha256::of(listed.as_bytes()).ok()?;
    Some(format!("files-sha256:{digest}"))
}

impl TomlLock {
    /// Returns the digest of `version` of the package that `is_ours` recognizes.
    pub fn digest(&self, is_ours: impl Fn(&str) -> bool, version: &str) -> Option<String> {
        let mut packages = self.package.iter();
        let ours =
            packages.find(|it| is_ours(&it.name) && it.version.as_deref() == Some(version))?;
        ours.digest()
    }

    /// Reads `text`.
    ///
    /// # Errors
    /// The line that is not TOML, or not of this form.
    pub fn read(text: &str) -> Result<Self, EditRefusal> {
        check_values(count_toml(text.as_bytes()), MOST_GENERATED)?;
        toml::from_str(text).map_err(|error| EditRefusal::Unparsable {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            reason: message!("project-not-toml-lock"),
        })
    }

    /// Returns every package with a version, under the name that `rename` makes of its own.
    pub fn pins(&self, file: &'static str, rename: impl Fn(&str) -> String) -> Vec<Pin> {
        let pin = |package: &TomlPackage| {
            let version = package.version.as_ref()?;
            Some(Pin::exact(&rename(&package.name), version, file))
        };
        self.package.iter().filter_map(pin).collect()
    }

    /// Whether the project `own` depends on `package` itself; `None` where it is not listed, as by Poetry and PDM.
    pub fn dependence(&self, own: &str, package: &str) -> Option<bool> {
        let same = |a: &str, b: &str| normalised(a) == normalised(b);
        let mut projects = self.package.iter().filter(|it| it.is_project());
        let project = projects.find(|it| same(&it.name, own))?;
        Some(project.depends_on(|name| same(name, package)))
    }

    /// Whether a package that is ours is there in a version that is admitted.
    pub fn holds(
        &self,
        is_ours: impl Fn(&str) -> bool,
        admits: impl Fn(&str) -> bool,
    ) -> LockState {
        let mut ours = self.package.iter().filter(|it| is_ours(&it.name));
        ours.any(|it| it.version.as_deref().is_none_or(&admits))
            .into()
    }
}
