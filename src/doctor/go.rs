//! Go against the driver, and the C compiler of cgo for a project that uses the native connector.

use std::path::Path;

use super::check_report::CheckReport;
use super::machine_facts::MachineFacts;
use super::runtime::{RuntimeKind, against_driver, machine_for, read_text};
use crate::diagnose::{Id, Judgement};
use crate::message::message;
use crate::system::search_path;

const GO: RuntimeKind = RuntimeKind {
    title: "Go",
    programs: &["go"],
    arguments: &["version"],
    of_files,
    of_answer: |text| text.split_whitespace().nth(2)?.strip_prefix("go"),
};
/// The packages of driver-go that use cgo.
const NATIVE: [&str; 3] = [
    "/taosSql\"",
    "/driver-go/v3/af\"",
    "/driver-go/v3/wrapper\"",
];
/// The most files of Go that are read.
const MOST_FILES: usize = 100;

/// Runs the check.
pub async fn check(facts: &MachineFacts) -> CheckReport {
    let Some(found) = GO.find(None) else {
        return GO.absent();
    };
    let mut report = GO.report(&found, facts).await;
    if let Some(target) = std::env::var("GOARCH").ok().filter(|it| !it.is_empty()) {
        let machine = machine_for(&target, facts);
        report = report.with(machine.and_then(|it| against_driver("GOARCH", &it, facts)));
    }
    let compiler = std::env::var("CC").unwrap_or_default();
    let compiler = compiler
        .split_whitespace()
        .next()
        .unwrap_or("gcc")
        .to_owned();
    let path = std::env::var_os("PATH");
    let is_there =
        Path::new(&compiler).is_file() || search_path::has_program(path.as_deref(), &compiler);
    report.details.push(message!(
        "doctor-compiler",
        program = compiler,
        there = is_there
    ));
    let is_off = std::env::var("CGO_ENABLED").is_ok_and(|it| it == "0");
    if is_there || is_off || !uses_cgo(&facts.request.directory) {
        return report;
    }
    report.with(
        Judgement::failed(
            Id::CompilerMissing,
            message!("doctor-compiler", program = compiler, there = false),
        )
        .into_warning()
        .expecting(message!("doctor-compiler-expected"))
        .with("program", compiler),
    )
}

/// The version in the file `VERSION` of Go's own directory.
fn of_files(program: &Path) -> Option<String> {
    let text = read_text(&program.parent()?.parent()?.join("VERSION"))?;
    Some(text.lines().next()?.strip_prefix("go")?.to_owned())
}

/// Whether a file of Go in `folder` imports the native connector.
fn uses_cgo(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    let mut files = files
        .filter(|file| file.extension().is_some_and(|it| it == "go"))
        .take(MOST_FILES);
    files.any(|file| {
        let text = read_text(&file).unwrap_or_default();
        NATIVE.iter().any(|import| text.contains(import))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_imports_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("main.go");
        std::fs::write(
            &file,
            "import _ \"github.com/taosdata/driver-go/v3/taosWS\"\n",
        )
        .unwrap();
        assert!(!uses_cgo(folder.path()));
        std::fs::write(
            &file,
            "import _ \"github.com/taosdata/driver-go/v3/taosSql\"\n",
        )
        .unwrap();
        assert!(uses_cgo(folder.path()));
        assert_eq!(
            (GO.of_answer)("go version go1.22.1 linux/amd64"),
            Some("1.22.1")
        );
    }
}
