//! Runs a program together with everything that it starts: in a process group of its own, with limits in time and memory, and ended as a
//! whole.

mod captured;

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

pub use captured::Captured;

/// The variable by which processes are found that left their group.
const MARK: &str = "TAOS_SETUP_CHILD";
/// How long the end of the output is awaited after the program ended: a process that it left may hold the pipe open.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often it is reported that the program still runs.
const REPORT: Duration = Duration::from_secs(10);

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildEnd {
    /// By itself, with this exit code.
    Exited(i32),
    /// By a signal, or in another way without an exit code.
    Killed,
    /// At the limit.
    TimedOut,
}

/// A program that has ended.
#[derive(Clone, Debug)]
pub struct EndedChild {
    /// How.
    pub end: ChildEnd,
    /// What it printed on standard output, as far as it is kept.
    pub stdout: String,
    /// What it printed on standard error, as far as it is kept.
    pub stderr: String,
    /// Milliseconds that it ran.
    pub ms: u64,
}

impl EndedChild {
    /// Returns whether it ended with exit code 0.
    pub fn succeeded(&self) -> bool {
        self.end == ChildEnd::Exited(0)
    }
}

/// A program and its descendants. Dropping it ends them all.
struct ChildGroup {
    id: Option<u32>,
    mark: String,
}

impl ChildGroup {
    /// Ends every process of the group, and on Linux those that left it, too.
    fn end(&self) {
        if let Some(id) = self.id {
            end_group(id);
        }
        end_marked(&self.mark);
    }
}

impl Drop for ChildGroup {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs `command` without input until it ends, or is ended after `limit`; then nothing that it started is left. `still` is called every
/// 10 s with the time since the start, and what was printed last. Dropping the future ends the program, too.
///
/// # Errors
/// The program cannot be started.
pub async fn run(
    mut command: Command,
    limit: Duration,
    still: impl Fn(Duration, &str),
) -> io::Result<EndedChild> {
    let mark = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
    command
        .env(MARK, &mark)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut group = ChildGroup {
        id: child.id(),
        mark,
    };
    let stdout = Arc::new(Mutex::new(Captured::default()));
    let stderr = Arc::new(Mutex::new(Captured::default()));
    let out = child.stdout.take();
    let err = child.stderr.take();
    let reading = async {
        tokio::join!(copy(out, &stdout), copy(err, &stderr));
    };
    let mut reading = std::pin::pin!(reading);
    let mut is_read = false;
    let mut reports = tokio::time::interval(REPORT);
    reports.tick().await;
    let deadline = tokio::time::sleep(limit);
    let mut deadline = std::pin::pin!(deadline);
    let end = loop {
        tokio::select! {
            status = child.wait() => {
                // Reaped: the number may be another program's soon.
                if cfg!(target_os = "linux") {
                    group.id = None;
                }
                break match status?.code() {
                    Some(code) => ChildEnd::Exited(code),
                    None => ChildEnd::Killed,
                };
            }
            () = &mut deadline => break ChildEnd::TimedOut,
            () = &mut reading, if !is_read => is_read = true,
            _ = reports.tick() => {
                let last = last_line(&stderr).or_else(|| last_line(&stdout));
                still(begun.elapsed(), &last.unwrap_or_default());
            }
        }
    };
    if end == ChildEnd::TimedOut {
        group.end();
        let _ = child.wait().await;
        group.id = None;
    }
    if !is_read {
        let _ = tokio::time::timeout(PATIENCE, &mut reading).await;
    }
    group.end();
    let text = |from: &Mutex<Captured>| {
        from.lock()
            .map_or_else(|_| String::new(), |kept| kept.text())
    };
    Ok(EndedChild {
        end,
        stdout: text(&stdout),
        stderr: text(&stderr),
        ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

async fn copy(from: Option<impl AsyncRead + Unpin>, to: &Mutex<Captured>) {
    let Some(mut from) = from else { return };
    let mut chunk = vec![0; 8 << 10];
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        let Ok(mut to) = to.lock() else { return };
        to.add(&chunk[..count]);
    }
}

fn last_line(of: &Mutex<Captured>) -> Option<String> {
    of.lock().ok().and_then(|kept| kept.last_line())
}

#[cfg(unix)]
fn end_group(id: u32) {
    let group = i32::try_from(id)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // Fails if nothing of it runs any more.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// Windows has no process groups; `taskkill` ends a process with its descendants.
#[cfg(windows)]
fn end_group(id: u32) {
    let _ = std::process::Command::new("taskkill")
        .args(["/T", "/F", "/PID", &id.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Ends the processes whose environment has the mark: daemons start a session of their own.
#[cfg(target_os = "linux")]
fn end_marked(mark: &str) {
    /// Processes may start others meanwhile.
    const PASSES: usize = 3;
    let wanted = format!("{MARK}={mark}");
    for _ in 0..PASSES {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        let mut found = false;
        for number in numbers {
            let environment = std::fs::File::open(format!("/proc/{number}/environ"))
                .and_then(|file| super::files::read_capped(file, 4 << 20));
            let is_marked = environment.is_ok_and(|it| {
                it.split(|byte| *byte == 0)
                    .any(|variable| variable == wanted.as_bytes())
            });
            if let (true, Some(process)) = (is_marked, rustix::process::Pid::from_raw(number)) {
                found = true;
                let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
            }
        }
        if !found {
            return;
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn end_marked(_mark: &str) {}

#[cfg(test)]
#[cfg(unix)]
mod tests;
