//! The connectors that the project in a folder pins, read only. The files are other people's: they may be half written, huge or
//! hostile, and what cannot be read is a note, never a failure.

use std::borrow::Cow;
use std::path::Path;

use super::csproj;
use super::dotnet_solution::PROJECT_ENDINGS;
use super::edit::EditRefusal;
use super::lock_file::LockFormat;
use super::manifest::ManifestFormat;
use super::odbc_ini;
use super::rockspec::ROCKSPEC_ENDING;
use super::{files, jar_files, text};
use crate::catalog::connectors::numbers;
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::system::files::{UnfitFile, read_named};

/// The data sources of ODBC.
const ODBC: &str = "odbc.ini";
/// The files of an ending that are read.
const MOST_PROJECTS: usize = 20;
/// The most pins that are taken from one file.
const MOST_PINS: usize = 4096;

/// A package that a project pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The package, as its registry names it.
    pub package: String,
    /// The version as it is written; the lowest of a range.
    pub version: String,
    /// What is asked for, as it is written: the version, or a range.
    pub asked: String,
    /// Whether exactly this version is taken.
    pub exact: bool,
    /// The file that says so.
    pub file: Cow<'static, str>,
}

impl Pin {
    /// Returns the pin of exactly `version` of `package`.
    pub fn exact(package: &str, version: &str, file: &'static str) -> Self {
        Self {
            package: package.to_owned(),
            version: version.to_owned(),
            asked: version.to_owned(),
            exact: true,
            file: file.into(),
        }
    }

    /// Returns a pin of `package` in a version that is not known: `latest`, `*`, an address.
    pub fn open(package: &str, file: &'static str) -> Self {
        Self {
            package: package.to_owned(),
            version: String::new(),
            asked: String::new(),
            exact: false,
            file: file.into(),
        }
    }

    /// The file in which people change it: a lock file follows its manifest.
    pub fn manifest(&self) -> Cow<'static, str> {
        let manifest = match self.file.as_ref() {
            "Cargo.lock" => "Cargo.toml",
            "package-lock.json"
            | "npm-shrinkwrap.json"
            | "pnpm-lock.yaml"
            | "yarn.lock"
            | "bun.lock" => "package.json",
            "gradle.lockfile" => "build.gradle",
            "uv.lock" | "poetry.lock" | "pdm.lock" => "pyproject.toml",
            "Pipfile.lock" => "Pipfile",
            "composer.lock" => "composer.json",
            "packages.lock.json" => "*.csproj",
            "renv.lock" => "DESCRIPTION",
            _ => return self.file.clone(),
        };
        Cow::Borrowed(manifest)
    }

    /// The version's numbers; empty where it has none.
    pub fn numbers(&self) -> Vec<u32> {
        numbers(&self.version)
    }
}

/// The reader of one kind of file.
enum PinReader {
    Manifest(ManifestFormat),
    Lock(LockFormat),
}

/// Every kind of file that is read. A lock file comes before the manifest that it resolves: the first that names a package decides.
const FILES: &[(&str, PinReader)] = &[
    ("go.mod", PinReader::Manifest(ManifestFormat::GoMod)),
    ("Cargo.lock", PinReader::Lock(LockFormat::CargoLock)),
    ("Cargo.toml", PinReader::Manifest(ManifestFormat::CargoToml)),
    // npm prefers a shrinkwrap, which is published, to a package-lock.
    (
        "npm-shrinkwrap.json",
        PinReader::Lock(LockFormat::PackageLock),
    ),
    (
        "package-lock.json",
        PinReader::Lock(LockFormat::PackageLock),
    ),
    ("pnpm-lock.yaml", PinReader::Lock(LockFormat::PnpmLock)),
    ("yarn.lock", PinReader::Lock(LockFormat::YarnLock)),
    ("bun.lock", PinReader::Lock(LockFormat::BunLock)),
    (
        "package.json",
        PinReader::Manifest(ManifestFormat::PackageJson),
    ),
    ("composer.lock", PinReader::Lock(LockFormat::ComposerLock)),
    (
        "composer.json",
        PinReader::Manifest(ManifestFormat::ComposerJson),
    ),
    ("pom.xml", PinReader::Manifest(ManifestFormat::PomXml)),
    ("gradle.lockfile", PinReader::Lock(LockFormat::GradleLock)),
    ("build.gradle", PinReader::Manifest(ManifestFormat::Gradle)),
    (
        "build.gradle.kts",
        PinReader::Manifest(ManifestFormat::GradleKts),
    ),
    ("uv.lock", PinReader::Lock(LockFormat::PythonLock)),
    ("poetry.lock", PinReader::Lock(LockFormat::PythonLock)),
    ("pdm.lock", PinReader::Lock(LockFormat::PythonLock)),
    (
        "requirements.txt",
        PinReader::Manifest(ManifestFormat::RequirementsTxt),
    ),
    (
        "pyproject.toml",
        PinReader::Manifest(ManifestFormat::PyprojectToml),
    ),
    ("Pipfile.lock", PinReader::Lock(LockFormat::PipfileLock)),
    ("packages.lock.json", PinReader::Lock(LockFormat::NugetLock)),
    ("renv.lock", PinReader::Lock(LockFormat::RenvLock)),
    (
        "DESCRIPTION",
        PinReader::Manifest(ManifestFormat::DescriptionFile),
    ),
];

/// The reader of a file whose name its project chooses, or that other files complete: by its directory and its name.
type NamedReader = fn(&Path, &str) -> Result<Vec<Pin>, Message>;

/// Every kind of such files: names, and endings of names, which start with a dot.
const NAMED_BY_PROJECTS: &[(&[&str], NamedReader)] = &[
    (&[ROCKSPEC_ENDING], rockspec_pins),
    (&PROJECT_ENDINGS, dotnet_pins),
    (&[".cs"], csharp_file_pins),
    (&[ODBC], odbc_pins),
];

impl PinReader {
    fn pins(&self, text: &str, file: &'static str) -> Result<Vec<Pin>, EditRefusal> {
        match self {
            Self::Manifest(format) => format.reader().pins(text, file),
            Self::Lock(format) => format.reader().pins(text, file),
        }
    }

    /// The most bytes of a file.
    const fn most(&self) -> u64 {
        match self {
            Self::Manifest(_) => files::LARGEST,
            Self::Lock(_) => files::LARGEST_LOCK,
        }
    }
}

/// Returns what the files of `folder` pin, each package once, and notes about files that could not be read.
pub fn read(folder: &Path) -> (Vec<Pin>, Vec<Message>) {
    let (mut pins, mut notes): (Vec<Pin>, Vec<Message>) = (Vec::new(), Vec::new());
    for (name, reader) in FILES {
        let found = match read_text(&folder.join(name), reader.most()) {
            Ok(None) => continue,
            Ok(Some(text)) => reader
                .pins(&text, name)
                .map_err(|refusal| refusal.message()),
            Err(why) => Err(why),
        };
        match found {
            Ok(found) => add(&mut pins, found),
            Err(why) => notes.push(message!("project-skipped", name = name, why = why)),
        }
    }
    for (names, pins_of) in NAMED_BY_PROJECTS {
        for name in files_named(folder, names) {
            match pins_of(folder, &name) {
                Ok(found) => add(&mut pins, found),
                Err(why) => notes.push(message!("project-skipped", name = name, why = why)),
            }
        }
    }
    // Last: a manifest names the version that its build takes, whatever is next to it.
    add(&mut pins, jar_files::pin(folder).into_iter().collect());
    (pins, notes)
}

/// Adds those of `found` whose packages are not among `pins`.
fn add(pins: &mut Vec<Pin>, found: Vec<Pin>) {
    for pin in found.into_iter().take(MOST_PINS) {
        if !pins.iter().any(|known| known.package == pin.package) {
            pins.push(pin);
        }
    }
}

/// The files in `folder` that are one of `names`, sorted.
fn files_named(folder: &Path, names: &[&str]) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let there = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let is_meant = |name: &String| {
        names.iter().any(|it| match it.starts_with('.') {
            true => name.len() > it.len() && name.ends_with(it),
            false => name == it,
        })
    };
    let mut there: Vec<_> = there.filter(is_meant).collect();
    there.sort();
    there.truncate(MOST_PROJECTS);
    there
}

/// What the rockspec `name` in `folder` pins.
fn rockspec_pins(folder: &Path, name: &str) -> Result<Vec<Pin>, Message> {
    own_pins(ManifestFormat::Rockspec, folder, name)
}

/// What the C# file `name` in `folder` pins, if it is a project itself.
fn csharp_file_pins(folder: &Path, name: &str) -> Result<Vec<Pin>, Message> {
    own_pins(ManifestFormat::CsharpFile, folder, name)
}

/// What the manifest `name` in `folder` pins, which no other file completes.
fn own_pins(format: ManifestFormat, folder: &Path, name: &str) -> Result<Vec<Pin>, Message> {
    let Some(text) = read_text(&folder.join(name), files::LARGEST)? else {
        return Ok(Vec::new());
    };
    let pins = format.reader().pins(&text, "");
    let mut pins = pins.map_err(|refusal| refusal.message())?;
    for pin in &mut pins {
        pin.file = name.to_owned().into();
    }
    Ok(pins)
}

/// What the data sources of ODBC `name` in `folder` use, with the drivers next to them.
fn odbc_pins(folder: &Path, name: &str) -> Result<Vec<Pin>, Message> {
    let Some(text) = read_text(&folder.join(name), files::LARGEST)? else {
        return Ok(Vec::new());
    };
    let drivers = read_text(&folder.join(odbc_ini::DRIVERS_FILE), files::LARGEST);
    let drivers = drivers.ok().flatten();
    odbc_ini::pins(&text, drivers.as_deref(), ODBC).map_err(|refusal| refusal.message())
}

/// What the project of .NET `name` in `folder` pins, with the files above it that choose versions.
fn dotnet_pins(folder: &Path, name: &str) -> Result<Vec<Pin>, Message> {
    let Some(text) = read_text(&folder.join(name), files::LARGEST)? else {
        return Ok(Vec::new());
    };
    let mut others = Vec::new();
    for path in ManifestFormat::Csproj.reader().includes(&text) {
        if let Ok(Some(text)) = read_text(&folder.join(&path), files::LARGEST) {
            others.push((path, text));
        }
    }
    csproj::pins_of_build(name, &text, &others).map_err(|refusal| refusal.message())
}

/// The text of a regular file; `None` where there is none.
fn read_text(file: &Path, most: u64) -> Result<Option<String>, Message> {
    if !file.exists() {
        return Ok(None);
    }
    let bytes = read_named(file, most).map_err(|error| match UnfitFile::find(&error) {
        Some(UnfitFile::TooLarge(limit)) => message!("project-too-large", limit = limit >> 20),
        Some(UnfitFile::Special | UnfitFile::Directory) => message!("project-not-regular"),
        Some(_) | None => describe_io_error(&error),
    })?;
    if most == files::LARGEST && text::has_too_many_lines(&bytes) {
        return Err(message!("project-too-many-lines", most = text::MOST_LINES));
    }
    let text = String::from_utf8(bytes).map_err(|_| message!("project-not-utf8"))?;
    Ok(Some(text))
}

/// Returns a pin from a requirement such as `^3.1.0`, `==0.7.0`, `>=2.7,<3`: its lowest version. `None` where it names none. `exactly`
/// says whether a bare version means just that one.
pub fn ranged_pin(package: &str, range: &str, exactly: bool, file: &'static str) -> Option<Pin> {
    let asked = range.to_owned();
    let range = tight(range);
    let lowest = range
        .split([',', ' ', '|'])
        .find(|part| !part.is_empty() && !part.starts_with(['<', '!']))?;
    let version = lowest.trim_start_matches(['=', '^', '~', '>', '[', '(', 'v', ' ']);
    let plain = lowest == version || lowest.starts_with('=');
    let one = !range.contains([',', '|', '*', '>', '<']) && !range.contains(" - ");
    let bare = lowest == version && !lowest.starts_with('=');
    if numbers(version).is_empty() {
        return None;
    }
    Some(Pin {
        package: package.to_owned(),
        version: version.trim_end_matches([']', ')']).to_owned(),
        asked,
        exact: plain && one && (exactly || !bare),
        file: file.into(),
    })
}

/// A range without the blanks that may stand behind operators: `>= 0.6` is `>=0.6`.
fn tight(range: &str) -> String {
    let mut tight = String::with_capacity(range.len());
    for c in range.trim().chars() {
        let after_operator = tight.ends_with(['=', '^', '~', '>', '<', ',']);
        if !(c.is_whitespace() && after_operator) {
            tight.push(c);
        }
    }
    tight
}

#[cfg(test)]
mod tests;
