//! What the files and commands of a program may name.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::settings::RegistrySettings;
use super::subject::{ProbeRelease, ProbeSubject};
use crate::catalog::connectors::Transport;
use crate::error::Result;
use crate::project::example::BASIC;
use crate::project::template::{AddressValues, ConnectorValues, Values, render};
use crate::system::env_vars;
use crate::system::search_path::find_executable;
use crate::tdengine::ports::NATIVE_PORT;

/// The name of the program.
const NAME: &str = "taos-probe";
/// The jar of the driver that a project keeps, in the program's directory.
pub const JAR: &str = "taos-jdbcdriver.jar";
/// The directories in which Python projects have their environment.
const ENVIRONMENTS: [&str; 3] = [".venv", "venv", "env"];
/// The most characters of a Python version that a project names.
const LONGEST_PYTHON: usize = 16;

/// The values of templates: those of `init`, and those of the project.
#[derive(Clone, Debug, Serialize)]
pub struct ProbeValues {
    #[serde(flatten)]
    values: Values,
    /// Parts of the project's files.
    excerpts: BTreeMap<String, String>,
    /// The files of the project that are copied.
    copied: Vec<String>,
    /// Whether nothing needs to be installed.
    built_in: bool,
    /// The interpreter of Python.
    #[serde(rename = "interpreter")]
    python: String,
    /// The launcher of Java.
    java: String,
    /// R's library of the project; or nothing.
    r_library: String,
    /// Whether the project keeps the driver's jar.
    has_jar: bool,
    /// The server's version; or nothing.
    server: String,
    /// The program's directory.
    directory: String,
}

impl ProbeValues {
    /// Returns the values for a program of `subject` with `release` over `transport`, which is in `directory`.
    pub fn new(
        subject: &ProbeSubject,
        release: &ProbeRelease,
        transport: Transport,
        writes: bool,
        settings: &RegistrySettings,
        project: Option<&Path>,
    ) -> Self {
        let choice = &release.choice;
        let example = if writes { BASIC } else { "probe" };
        Self {
            values: Values {
                name: NAME.into(),
                program: NAME.into(),
                package: "taosprobe".into(),
                group_id: "taos.probe".into(),
                example: example.into(),
                examples: Vec::new(),
                manifest: String::new(),
                existing: true,
                cloud: false,
                dist: String::new(),
                program_title: "This program".into(),
                transport: transport.as_str(),
                transport_title: transport.title(),
                port: match transport {
                    Transport::Native => NATIVE_PORT,
                    Transport::Ws | Transport::Rest => subject.language.default_port,
                },
                address: AddressValues {
                    host: "localhost".into(),
                    port: subject.language.default_port,
                    tls: false,
                    prefix: String::new(),
                },
                connector: ConnectorValues {
                    package: choice.package,
                    version: match release.version.is_empty() {
                        true => choice.version.into(),
                        false => release.version.clone().into(),
                    },
                    asked: if release.is_exact { "==" } else { ">=" }.into(),
                    location: String::new(),
                    built_in: choice.built_in,
                    jar: jar(subject, release),
                    features: choice.features,
                    parts: choice.parts.to_vec(),
                    companions: choice.companions,
                },
                build: Vec::new(),
                run: Vec::new(),
                environment: "none",
                group: String::new(),
                extra: String::new(),
                python: "python3",
                reactor: String::new(),
                module: String::new(),
                has_native_module: false,
                windows: cfg!(windows),
                macos: cfg!(target_os = "macos"),
            },
            excerpts: settings.excerpts.clone(),
            copied: settings.files.keys().cloned().collect(),
            built_in: choice.built_in,
            python: python(project, settings),
            java: java(),
            r_library: project.and_then(renv_library).unwrap_or_default(),
            has_jar: subject.pin.is_some(),
            server: release.server.map(|it| it.to_string()).unwrap_or_default(),
            directory: String::new(),
        }
    }

    /// The values for a program in `directory`.
    #[must_use]
    pub fn in_directory(mut self, directory: &Path) -> Self {
        self.directory = directory.to_string_lossy().into_owned();
        self
    }

    /// Returns the words of `command` with the values in place; empty ones are left out. Empty if the first one is empty.
    ///
    /// # Errors
    /// `unexpected` if a template is damaged.
    pub fn command(&self, command: &[String]) -> Result<Vec<String>> {
        let rendered: Vec<String> = command
            .iter()
            .map(|word| self.word(word))
            .collect::<Result<_>>()?;
        if rendered.first().is_none_or(String::is_empty) {
            return Ok(Vec::new());
        }
        Ok(rendered.into_iter().filter(|it| !it.is_empty()).collect())
    }

    /// Returns `word` with the values in place.
    ///
    /// # Errors
    /// `unexpected` if the template is damaged.
    pub fn word(&self, word: &str) -> Result<String> {
        render("a command of probe.toml", word, self)
    }
}

/// The jar of the driver: a copy of the project's, or the one that `init` gets.
fn jar(subject: &ProbeSubject, release: &ProbeRelease) -> String {
    match subject.pin {
        Some(_) => JAR.to_owned(),
        None => format!("driver/java/taos-jdbcdriver-{}-dist.jar", release.version),
    }
}

/// The interpreter of the project's environment, of the active one, that of `.python-version`, or the usual one.
fn python(project: Option<&Path>, settings: &RegistrySettings) -> String {
    let inner = if cfg!(windows) {
        "Scripts\\python.exe"
    } else {
        "bin/python"
    };
    let own = project.into_iter().flat_map(|project| {
        ENVIRONMENTS
            .iter()
            .map(|name| project.join(name).join(inner))
    });
    let active = [env_vars::VIRTUAL_ENV, env_vars::CONDA_PREFIX];
    let active = active
        .into_iter()
        .filter_map(|it| it.get())
        .map(|it| Path::new(&it).join(inner));
    let mut found = own.chain(active).filter(|it| it.is_file());
    if let Some(found) = found.next().and_then(|it| std::path::absolute(it).ok()) {
        return found.to_string_lossy().into_owned();
    }
    let asked = settings.files.get(".python-version");
    let asked = asked.map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    if let Some(version) = asked.filter(|it| it.len() <= LONGEST_PYTHON) {
        let is_number = |it: &&str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
        let numbers: Vec<&str> = version.split('.').take(2).filter(is_number).collect();
        let name = format!("python{}", numbers.join("."));
        if numbers.len() == 2 && find_executable(&name).is_some() {
            return name;
        }
    }
    if cfg!(windows) { "py" } else { "python3" }.to_owned()
}

/// The launcher that Maven and Gradle use, too.
fn java() -> String {
    let inner = if cfg!(windows) { "java.exe" } else { "java" };
    let home = std::env::var_os("JAVA_HOME").filter(|it| !it.is_empty());
    let named = home.map(|home| Path::new(&home).join("bin").join(inner));
    match named.filter(|it| it.is_file()) {
        Some(found) => found.to_string_lossy().into_owned(),
        None => "java".into(),
    }
}

/// The library that renv keeps in the project: `renv/library/…/R-4.4/x86_64-pc-linux-gnu`.
fn renv_library(project: &Path) -> Option<String> {
    /// The directories between `library` and the packages.
    const DEEPEST: usize = 4;
    let mut here = project.join("renv").join("library");
    for _ in 0..DEEPEST {
        if here.join("RJDBC").is_dir() {
            let found = std::path::absolute(here).ok()?;
            return Some(found.to_string_lossy().into_owned());
        }
        let mut inner = std::fs::read_dir(&here).ok()?.flatten();
        here = inner.find(|it| it.path().is_dir())?.path();
    }
    None
}

#[cfg(test)]
mod tests;
