//! The user's own Maven, which copies the jar from the repository that its settings name.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;
use tokio::time::timeout;

use super::JarQuery;
use crate::error::{Error, ErrorId, Result, describe_io_error};
use crate::fetch::FetchOptions;
use crate::message::{Message, message};
use crate::safety::printable::printable;
use crate::safety::redaction::redact;
use crate::system::events::{Event, EventSink};
use crate::system::interrupts::Interrupts;

/// The goal that copies a file, in the version that Java projects get (`templates/java/template.toml`).
const GOAL: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/// The program.
const MAVEN: &str = if cfg!(windows) { "mvn.cmd" } else { "mvn" };

/// The most bytes of its output that an error shows: the last ones.
const MOST_SHOWN: u64 = 600;

/// The command that a user would type.
pub(super) fn command_line(query: &JarQuery) -> String {
    format!(
        "mvn -q {GOAL} -Dartifact={} -DoutputDirectory=.",
        query.artifact
    )
}

/// Copies the jar into `directory`.
///
/// # Errors
/// `package-not-found` if Maven cannot be started, fails, or does not end in time.
pub(super) async fn copy(
    query: &JarQuery,
    directory: &Path,
    options: &FetchOptions,
    stop: &mut Interrupts,
    events: &EventSink,
) -> Result<()> {
    let refuse = |observed: Message| {
        Error::new(
            ErrorId::PackageNotFound,
            message!("init-jar-request", file = query.file),
            observed,
            message!("init-jar-next", command = command_line(query)),
        )
    };
    let no_maven = |error: std::io::Error| {
        let reason = describe_io_error(&error);
        refuse(message!("init-jar-no-maven", reason = reason))
    };
    let mut log = tempfile::tempfile().map_err(no_maven)?;
    let mut command = Command::new(MAVEN);
    command
        .args(["-q", "-B", GOAL])
        .arg(format!("-Dartifact={}", query.artifact))
        .arg(format!("-DoutputDirectory={}", directory.display()))
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(no_maven)?)
        .stderr(log.try_clone().map_err(no_maven)?)
        .kill_on_drop(true);
    if options.offline {
        command.arg("-o");
    }
    events.emit(Event::note(message!("init-jar-running", file = query.file)));
    let mut child = command.spawn().map_err(no_maven)?;
    let ended = stop
        .unless(timeout(options.limits.total, child.wait()))
        .await?;
    let reason = match ended {
        Ok(Ok(status)) if status.success() => return Ok(()),
        Ok(Ok(status)) => match status.code() {
            Some(code) => message!("init-exit-code", code = code),
            None => message!("init-killed"),
        },
        Ok(Err(error)) => describe_io_error(&error),
        Err(_) => {
            let seconds = options.limits.total.as_secs();
            message!("init-jar-maven-time", seconds = seconds.to_string())
        }
    };
    let output = last_words(&mut log);
    Err(refuse(message!(
        "init-jar-maven-failed",
        reason = reason,
        output = output
    )))
}

/// The end of what it printed, in one line.
fn last_words(log: &mut File) -> String {
    let mut bytes = Vec::new();
    let size = log.metadata().map_or(0, |it| it.len());
    let start = SeekFrom::Start(size.saturating_sub(MOST_SHOWN));
    let read = log
        .seek(start)
        .and_then(|_| log.take(MOST_SHOWN).read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    let words: Vec<_> = text.split_whitespace().collect();
    redact(&printable(&words.join(" ")))
}
