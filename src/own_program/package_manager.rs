//! Finds the package manager that installed the program: by the place of the program, and by what that manager recorded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::message::{Message, message};
use crate::safety::shell::quoted;
use crate::system::files::{self, TEXT_LIMIT};
use crate::system::test_machine::host_path;
use crate::system::{program_output, search_path};

/// The name of the package.
const PACKAGE: &str = "taos-setup";
/// The most entries of a directory that are looked at.
const MOST_ENTRIES: usize = 10_000;

/// A package manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackageManager {
    /// Its name.
    pub(super) name: &'static str,
    /// What updates the program: one command.
    pub(super) next: Message,
}

impl PackageManager {
    fn new(name: &'static str, command: impl Into<String>) -> Self {
        Self {
            name,
            next: Message::quoted(command),
        }
    }
}

/// Finds the package manager that installed `program`, an absolute path.
pub(super) fn find(program: &Path) -> Option<PackageManager> {
    by_place(program)
        .or_else(|| by_cargo(program))
        .or_else(|| by_python(program))
        .or_else(|| by_dpkg(program))
        .or_else(|| by_pacman(program))
        .or_else(|| by_rpm(program))
        .or_else(by_container)
}

/// Decides by the directories that the program is in.
fn by_place(program: &Path) -> Option<PackageManager> {
    let text = program.to_str()?;
    let names: Vec<&str> = text.split(['/', '\\']).collect();
    let directories = &names[..names.len() - 1];
    let has = |wanted: &[&str]| {
        directories.windows(wanted.len()).any(|found| {
            found
                .iter()
                .zip(wanted)
                .all(|(one, other)| one.eq_ignore_ascii_case(other))
        })
    };
    let after = |wanted: &[&str]| {
        let at = directories.windows(wanted.len()).position(|found| {
            found
                .iter()
                .zip(wanted)
                .all(|(one, other)| one.eq_ignore_ascii_case(other))
        })?;
        directories.get(at + wanted.len()).copied()
    };
    if text.starts_with("/nix/store/") {
        return Some(PackageManager::new("nix", "nix profile upgrade taos-setup"));
    }
    if has(&["Cellar", PACKAGE]) {
        return Some(PackageManager::new("Homebrew", "brew upgrade taos-setup"));
    }
    if has(&["scoop", "apps", PACKAGE]) {
        return Some(PackageManager::new("scoop", "scoop update taos-setup"));
    }
    if let Some(id) = after(&["WinGet", "Packages"]) {
        let id = id.split('_').next().unwrap_or(id);
        let command = format!("winget upgrade --id {}", quoted(id));
        return Some(PackageManager::new("winget", command));
    }
    if has(&["mise", "installs"]) {
        return Some(PackageManager::new("mise", "mise upgrade"));
    }
    if has(&["uv", "tools", PACKAGE]) {
        return Some(PackageManager::new("uv", "uv tool upgrade taos-setup"));
    }
    if directories.iter().any(|name| name.starts_with("archive-v")) && has(&["uv"]) {
        return Some(PackageManager::new("uv", "uvx taos-setup@latest"));
    }
    if has(&["pipx", "venvs", PACKAGE]) {
        return Some(PackageManager::new("pipx", "pipx upgrade taos-setup"));
    }
    if has(&["pipx"]) {
        let command = "pipx run --no-cache taos-setup";
        return Some(PackageManager::new("pipx", command));
    }
    let modules = directories
        .iter()
        .position(|name| *name == "node_modules")?;
    if has(&["_npx"]) {
        return Some(PackageManager::new("npm", "npx taos-setup@latest"));
    }
    if has(&[".pnpm"]) {
        return Some(PackageManager::new("pnpm", "pnpm add taos-setup@latest"));
    }
    let is_global = matches!(directories[..modules].last(), Some(&("lib" | "npm")));
    Some(PackageManager::new(
        "npm",
        match is_global {
            true => "npm install --global taos-setup@latest".to_owned(),
            false => {
                let separator = if text.contains('\\') { "\\" } else { "/" };
                let project = directories[..modules].join(separator);
                format!(
                    "npm install --prefix {} taos-setup@latest",
                    quoted(&project)
                )
            }
        },
    ))
}

/// Cargo and cargo-binstall record what they install next to `bin`.
fn by_cargo(program: &Path) -> Option<PackageManager> {
    let root = program.parent()?.parent()?;
    let text = files::read_named(&root.join(".crates.toml"), TEXT_LIMIT).ok()?;
    let record: toml::Table = files::record(text).ok()?.parse().ok()?;
    let packages = record.get("v1")?.as_table()?;
    let package = packages
        .keys()
        .find(|key| key.split(' ').next() == Some(PACKAGE))?;
    let source = package.split_once('(')?.1.strip_suffix(')')?;
    let (kind, address) = source.split_once('+')?;
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let binstall = files::read_named_text(&root.join("binstall/crates-v1.json"), TEXT_LIMIT);
    let is_binary = binstall.is_ok_and(|text| text.contains("\"taos-setup\""));
    let program = if is_binary {
        "cargo binstall"
    } else {
        "cargo install"
    };
    let command = match kind {
        "git" => format!("{program} --git {} {PACKAGE}", quoted(address)),
        "path" => {
            let path = address.strip_prefix("file://").unwrap_or(address);
            format!("{program} --path {}", quoted(path))
        }
        _ => format!("{program} {PACKAGE}"),
    };
    Some(PackageManager::new("cargo", command))
}

/// pip, and what installs as it does, leave a directory with metadata, which names the file.
fn by_python(program: &Path) -> Option<PackageManager> {
    let scripts = program.parent()?;
    let prefix = scripts.parent()?;
    let libraries = ["lib", "lib64", "Lib"].map(|name| prefix.join(name));
    let with_versions = libraries
        .iter()
        .flat_map(|library| entries(library, |name| name.starts_with("python3")));
    let packages = libraries.iter().cloned().chain(with_versions);
    let packages = packages
        .flat_map(|library| ["site-packages", "dist-packages"].map(|name| library.join(name)));
    let is_ours = |name: &str| name.starts_with("taos_setup-") && name.ends_with(".dist-info");
    // Environments of one tool each, by the records of what made them.
    if prefix.join("uv-receipt.toml").is_file() {
        return Some(PackageManager::new("uv", "uv tool upgrade taos-setup"));
    }
    if prefix.join("pipx_metadata.json").is_file() {
        return Some(PackageManager::new("pipx", "pipx upgrade taos-setup"));
    }
    let metadata = packages
        .flat_map(|packages| entries(&packages, is_ours))
        .find(|metadata| records(metadata, program))?;
    let installer = files::read_named_text(&metadata.join("INSTALLER"), 256);
    let is_environment = prefix.join("pyvenv.cfg").is_file();
    if installer.is_ok_and(|name| name.trim() == "uv") {
        let prefix = quoted(&prefix.to_string_lossy());
        let command = format!("uv pip install --python {prefix} --upgrade {PACKAGE}");
        return Some(PackageManager::new("uv", command));
    }
    let python = match cfg!(windows) {
        true => scripts.join("python.exe"),
        false => scripts.join("python"),
    };
    let command = match is_environment {
        true => format!(
            "{} -m pip install --upgrade {PACKAGE}",
            quoted(&python.to_string_lossy())
        ),
        false if prefix.ends_with(".local") => {
            format!("python3 -m pip install --user --upgrade {PACKAGE}")
        }
        false => format!("python3 -m pip install --upgrade {PACKAGE}"),
    };
    Some(PackageManager::new("pip", command))
}

/// Whether the list of installed files in `metadata` has `program`, whose path is relative to the packages.
fn records(metadata: &Path, program: &Path) -> bool {
    let Ok(list) = files::read_named_text(&metadata.join("RECORD"), TEXT_LIMIT) else {
        return false;
    };
    let wanted = [program.parent(), Some(program)]
        .map(|path| path.and_then(Path::file_name).unwrap_or_default());
    list.lines().any(|line| {
        let path = line.split(',').next().unwrap_or_default();
        let mut names = path.rsplit(['/', '\\']);
        let (name, folder) = (names.next(), names.next());
        [folder, name]
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| wanted.to_str() == *found)
    })
}

/// dpkg itself is asked: its database is its own.
fn by_dpkg(program: &Path) -> Option<PackageManager> {
    let owner = ask("dpkg-query", &["--search"], program)?;
    (owner.split(':').next() == Some(PACKAGE)).then(|| PackageManager {
        name: "dpkg",
        next: message!("self-apt-next", architecture = debian_architecture()),
    })
}

fn by_pacman(program: &Path) -> Option<PackageManager> {
    let database = host_path("/var/lib/pacman/local");
    let mut packages = entries(&database, |name| name.starts_with("taos-setup-")).into_iter();
    let is_listed = |package: &PathBuf| {
        let list = files::read_named_text(&package.join("files"), TEXT_LIMIT);
        list.is_ok_and(|list| {
            list.lines()
                .any(|line| host_path(format!("/{line}")) == program)
        })
    };
    packages.find(is_listed)?;
    Some(PackageManager {
        name: "pacman",
        next: message!("self-pacman-next"),
    })
}

/// rpm itself is asked: its database is not a text.
fn by_rpm(program: &Path) -> Option<PackageManager> {
    let words = ["--query", "--file", "--queryformat", "%{NAME}"];
    let owner = ask("rpm", &words, program)?;
    let tools = ["dnf", "zypper", "yum"];
    let tool = tools
        .into_iter()
        .find(|tool| search_path::find_executable(tool).is_some());
    (owner.trim() == PACKAGE).then(|| PackageManager {
        name: "rpm",
        next: message!(
            "self-rpm-next",
            tool = tool.unwrap_or("rpm"),
            architecture = std::env::consts::ARCH
        ),
    })
}

/// Asks `tool` for the owner of `program`, if it is where packages have programs.
fn ask(tool: &str, words: &[&str], program: &Path) -> Option<String> {
    let directory = Path::new("/usr/bin");
    if program.parent() != Some(&host_path(directory)) {
        return None;
    }
    let mut command = Command::new(search_path::find_executable(tool)?);
    command
        .args(words)
        .arg(directory.join(program.file_name()?));
    program_output::read(command).ok()
}

/// A container has its program from an image, which is not changed.
fn by_container() -> Option<PackageManager> {
    let marks = ["/.dockerenv", "/run/.containerenv"];
    marks
        .iter()
        .any(|mark| host_path(mark).exists())
        .then(|| PackageManager {
            name: "container image",
            next: message!("self-container-next"),
        })
}

/// The entries of `directory` whose names are wanted, sorted; none if it cannot be read.
fn entries(directory: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = read
        .take(MOST_ENTRIES)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_str().is_some_and(&is_wanted))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

fn debian_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

#[cfg(test)]
mod tests;
