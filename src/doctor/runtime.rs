//! The runtime of a language: where it is, its version, and the processor that it is for. Files that it brings tell its version; it is
//! run only if they do not.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::check_report::CheckReport;
use super::in_thread;
use super::machine_facts::MachineFacts;
use crate::diagnose::{Id, Judgement};
use crate::driver::{Machine, machine, machine_of};
use crate::error::describe_io_error;
use crate::message::message;
use crate::safety::printable::printable;
use crate::system::{files, program_output, search_path};

/// The largest file that tells a version, in bytes.
const MOST_BYTES: u64 = 64 * 1024;
/// The most characters of a version that are shown.
const MOST_SHOWN: usize = 40;

/// How a runtime is found and asked.
pub struct RuntimeKind {
    /// Its name for people.
    pub title: &'static str,
    /// The program's names, the one that is looked for first.
    pub programs: &'static [&'static str],
    /// The arguments with which it prints its version.
    pub arguments: &'static [&'static str],
    /// Reads the version from what it brings, with the program's real file.
    pub of_files: fn(&Path) -> Option<String>,
    /// Finds the version in what it prints.
    pub of_answer: fn(&str) -> Option<&str>,
}

/// A runtime that was found.
pub struct FoundRuntime {
    /// The program's name.
    pub program: &'static str,
    /// Its file.
    pub file: PathBuf,
    /// What it is made for, if it is no script.
    pub machine: Option<Machine>,
}

impl RuntimeKind {
    /// Finds the program in `home`, a directory that a variable names, else on the search path.
    pub fn find(&self, home: Option<PathBuf>) -> Option<FoundRuntime> {
        let path = std::env::var_os("PATH");
        let in_home = home.and_then(|home| {
            let named = home.join("bin").into_os_string();
            self.programs.iter().find_map(|program| {
                Some((*program, search_path::find_program(Some(&named), program)?))
            })
        });
        let (program, file) = in_home.or_else(|| {
            self.programs.iter().find_map(|program| {
                let file = search_path::find_program(path.as_deref(), program)?;
                Some((*program, file))
            })
        })?;
        Some(FoundRuntime {
            program,
            machine: machine_of(&file).ok(),
            file,
        })
    }

    /// Reports `found`: its version, and whether it is for the driver's processor.
    pub async fn report(&self, found: &FoundRuntime, facts: &MachineFacts) -> CheckReport {
        let real = found.file.canonicalize();
        let real = real.as_deref().unwrap_or(&found.file);
        let version = match (self.of_files)(real) {
            Some(version) => Ok(version),
            None => {
                let limit = facts.request.limit;
                let mut command = Command::new(&found.file);
                command.args(self.arguments);
                let asked = in_thread(move || program_output::read_both(command, limit)).await;
                let answer = asked.unwrap_or_else(|| Err(io::ErrorKind::OutOfMemory.into()));
                answer.map(|text| {
                    let first = text.trim_start().lines().next().unwrap_or_default();
                    (self.of_answer)(&text).unwrap_or(first).to_owned()
                })
            }
        };
        let built_for = found.machine.as_ref().map(Machine::to_string);
        let shown = version.as_ref().map(|text| shown(text)).unwrap_or_default();
        let detail = message!(
            "doctor-runtime",
            title = self.title,
            version = shown,
            file = found.file.display(),
            machine = built_for.unwrap_or_default()
        );
        let report = CheckReport::ok([detail]);
        let report = match version {
            Ok(_) => report.titled(message!(
                "doctor-runtime-title",
                title = self.title,
                version = shown
            )),
            Err(error) => report.with(
                Judgement::failed(
                    Id::RuntimeUnusable,
                    message!(
                        "doctor-runtime-words",
                        file = found.file.display(),
                        words = describe_io_error(&error)
                    ),
                )
                .into_warning()
                .expecting(message!("doctor-runtime-expected"))
                .with("program", found.program)
                .with("file", found.file.display())
                .with("missing", self.arguments.join(" ")),
            ),
        };
        report.with(
            found
                .machine
                .as_ref()
                .and_then(|it| against_driver(found.program, it, facts)),
        )
    }

    /// Nothing is installed.
    pub fn absent(&self) -> CheckReport {
        CheckReport::skipped(message!("doctor-runtime-absent", title = self.title))
    }
}

/// A runtime or target for another processor than the driver's.
pub fn against_driver(program: &str, machine: &Machine, facts: &MachineFacts) -> Option<Judgement> {
    let used = facts.used.as_ref()?;
    let driver = machine_of(&used.candidate.file).ok()?;
    let serves =
        machine.os != driver.os || machine.archs.iter().any(|it| driver.archs.contains(it));
    (!serves).then(|| {
        Judgement::failed(
            Id::RuntimeWrongArch,
            message!("doctor-runtime-for", program = program, machine = machine),
        )
        .into_warning()
        .expecting(message!("doctor-runtime-for-expected", machine = driver))
        .with("program", program)
        .with("found", machine.to_string())
        .with("wanted", driver.to_string())
    })
}

/// Reads a small text that a runtime brings.
pub fn read_text(file: &Path) -> Option<String> {
    files::read_named_text(file, MOST_BYTES).ok()
}

/// The words of a processor in Go and in Java as libraries have them.
pub fn arch_word(word: &str) -> &str {
    match word {
        "amd64" | "x86_64" => "x64",
        "aarch64" => "arm64",
        "386" | "i386" | "i686" => "x86",
        other => other,
    }
}

/// The machine of this program's system with the processor `word`.
pub fn machine_for(word: &str, facts: &MachineFacts) -> Option<Machine> {
    let here = facts.platform.map(machine::words)?;
    let os = ["linux", "macos", "windows"]
        .into_iter()
        .find(|os| here.starts_with(os))?;
    Some(Machine {
        os,
        archs: vec![arch_word(word).to_owned()],
    })
}

fn shown(version: &str) -> String {
    let short: String = version.chars().take(MOST_SHOWN).collect();
    printable(&short)
}
