//! Runs the real binary in an empty environment and gives exactly what it printed.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The beginning of the note on an old catalog, in each language. [`Program::run`] leaves it out.
pub const OLD_CATALOG: [&str; 2] = [
    "this program's list of releases is",
    "本程序内置的版本清单已有",
];

/// A machine's worth of folders for one test: an empty HOME, an empty TAOS_SETUP_HOME, a place to work in.
pub struct TestContext {
    root: TempDir,
}

impl TestContext {
    pub fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// A context in memory, if there is space: for tests that write to the disk a thousand times.
    #[cfg(unix)]
    pub fn in_memory() -> Self {
        let shared = Path::new("/dev/shm");
        let free = rustix::fs::statvfs(shared).map_or(0, |found| found.f_bavail * found.f_frsize);
        if free > 1 << 30 {
            Self::below(shared)
        } else {
            Self::new()
        }
    }

    fn below(folder: &Path) -> Self {
        let root = tempfile::Builder::new()
            .prefix("taos-setup-it-")
            .tempdir_in(folder)
            .unwrap();
        for folder in ["home", "work", "tmp"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root }
    }

    /// Where the program runs.
    pub fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// `TAOS_SETUP_HOME`, not created yet.
    pub fn taos_setup_home(&self) -> PathBuf {
        self.root.path().join("taos-setup")
    }

    /// The root of all of this test's folders.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The program with `args`, ready to run.
    pub fn program<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Program<'_> {
        self.start(env!("CARGO_BIN_EXE_taos-setup"), args)
    }

    /// Another `program` in the same environment: one that starts ours.
    pub fn start<S: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        args: impl IntoIterator<Item = S>,
    ) -> Program<'_> {
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root.path().join("home"))
            .env("TMPDIR", self.root.path().join("tmp"))
            .env("TAOS_SETUP_HOME", self.taos_setup_home())
            .env("LANG", "C")
            // What else runs on this machine, or is installed on it, is not looked at.
            .env("TAOS_SETUP_TEST_PORTS", "")
            .env("TAOS_SETUP_TEST_ROOT", self.root.path().join("machine"))
            .current_dir(self.work())
            .stdin(Stdio::null());
        for name in ["SystemRoot", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Program {
            context: self,
            command,
            replacements: Vec::new(),
        }
    }
}

/// One run to come.
pub struct Program<'a> {
    context: &'a TestContext,
    command: Command,
    replacements: Vec<(String, String)>,
}

impl Program<'_> {
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it through `words`, a program that starts another.
    #[cfg(target_os = "linux")]
    pub fn through(mut self, words: &[&str]) -> Self {
        let (first, rest) = words.split_first().expect("a program");
        let mut command = Command::new(first);
        command
            .args(rest)
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .env_clear()
            .stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        if let Some(directory) = self.command.get_current_dir() {
            command.current_dir(directory);
        }
        self.command = command;
        self
    }

    /// Shows every `text` of the output as `[name]`: ports, addresses, digests.
    pub fn showing(mut self, text: impl fmt::Display, name: &str) -> Self {
        self.replacements
            .push((text.to_string(), format!("[{name}]")));
        self
    }

    /// Runs it as `user` if this process is root's: limits do not hold for root.
    #[cfg(unix)]
    pub fn unprivileged(mut self, user: u32) -> Self {
        if rustix::process::getuid().is_root() {
            std::os::unix::process::CommandExt::uid(&mut self.command, user);
        }
        self
    }

    /// The command itself, for a test that signals it or feeds it.
    pub fn into_command(self) -> Command {
        self.command
    }

    pub fn run(mut self) -> Run {
        let output = self.command.output().unwrap();
        self.show(output)
    }

    /// Runs it, and measures the most memory that it had resident and the time that it took.
    #[cfg(target_os = "linux")]
    pub fn run_measured(mut self) -> (Run, Cost) {
        let begun = Instant::now();
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.command.spawn().unwrap();
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        // The kernel keeps the peak; what the last few milliseconds add to it is not seen.
        let watcher = std::thread::spawn(move || {
            let mut peak = 0;
            while let Ok(text) = std::fs::read_to_string(&status) {
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let Some(kib) = line.and_then(|line| line.split_whitespace().next()?.parse().ok())
                else {
                    break;
                };
                peak = u64::max(peak, kib);
                std::thread::sleep(Duration::from_millis(3));
            }
            peak * 1024
        });
        let output = child.wait_with_output().unwrap();
        let cost = Cost {
            time: begun.elapsed(),
            memory: watcher.join().unwrap(),
        };
        (self.show(output), cost)
    }

    fn show(self, output: Output) -> Run {
        let mut replacements = self.replacements;
        let root = self.context.root.path().to_path_buf();
        let real = root.canonicalize().unwrap();
        replacements.push((
            real.join("taos-setup").display().to_string(),
            "[STORE]".into(),
        ));
        replacements.push((
            root.join("taos-setup").display().to_string(),
            "[STORE]".into(),
        ));
        replacements.push((real.display().to_string(), "[ROOT]".into()));
        replacements.push((root.display().to_string(), "[ROOT]".into()));
        let show = |bytes: Vec<u8>| {
            let mut text = String::from_utf8(bytes).expect("output is UTF-8");
            for (from, to) in &replacements {
                text = text.replace(from, to);
            }
            text
        };
        // The day on which a test runs decides whether the catalog is old.
        let stderr = show(output.stderr)
            .split_inclusive('\n')
            .filter(|line| !OLD_CATALOG.iter().any(|words| line.contains(words)))
            .collect();
        Run {
            stdout: show(output.stdout),
            stderr,
            exit: output.status.code(),
        }
    }
}

/// The memory and time that a run took.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub time: Duration,
    /// In bytes.
    pub memory: u64,
}

#[cfg(target_os = "linux")]
impl Cost {
    /// Checks the memory that hostile input may cost, and that the run took at most `limits` and a second.
    #[track_caller]
    pub fn check(self, limits: Duration, name: &str) {
        assert!(self.memory < 128 << 20, "{name}: {} MiB", self.memory >> 20);
        assert!(
            self.time < limits + Duration::from_secs(1),
            "{name}: {self:?}"
        );
    }
}

/// What one run printed, with paths replaced, and how it ended.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub exit: Option<i32>,
}

impl Run {
    /// The JSON document on stdout.
    pub fn json(&self) -> serde_json::Value {
        let text = quoted_masks(&self.stdout);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }
}

/// JSON in which numbers were masked, `"port": [ADAPTER]`, with strings in their place.
pub fn quoted_masks(text: &str) -> String {
    let mut parts = text.split("\": [");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = part.find(']').unwrap_or_default();
        let is_mask = length > 0 && part[..length].bytes().all(|byte| byte.is_ascii_uppercase());
        out.push_str("\": ");
        match is_mask {
            true => out.push_str(&format!("\"[{}]\"{}", &part[..length], &part[length + 1..])),
            false => out.push_str(&format!("[{part}")),
        }
    }
    out
}

impl fmt::Display for Run {
    /// As snapshots show it; times are written `[ms]`, and versions of glibc `[GLIBC]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exit = self
            .exit
            .map_or_else(|| "killed".to_owned(), |code| code.to_string());
        writeln!(f, "exit {exit}")?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            writeln!(f, "--- {name}")?;
            write!(f, "{}", mask_glibc(&mask_times(text)))?;
        }
        Ok(())
    }
}

/// Writes the versions of glibc, which are this machine's and its compiler's, as `[GLIBC]`.
fn mask_glibc(text: &str) -> String {
    let mut masked = text.to_owned();
    for mark in ["\n  glibc     ", "needs glibc ", "this machine has "] {
        let mut parts = masked.split(mark);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            out.push_str(mark);
            out.push_str(if rest.len() < part.len() {
                "[GLIBC]"
            } else {
                ""
            });
            out.push_str(rest);
        }
        masked = out;
    }
    masked
}

/// Writes every `12 ms`, `1.2 s` and `"ms": 12` as `[ms]`.
fn mask_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let mut words = line.split(' ').peekable();
        let mut first = true;
        while let Some(word) = words.next() {
            if !first {
                out.push(' ');
            }
            first = false;
            // In Chinese a comma of full width is before the number.
            let digits = word.rsplit('，').next().unwrap_or(word);
            let digits = digits.trim_start_matches(['(', '"']);
            let number =
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let unit = words.peek().is_some_and(|next| {
                let unit = next.trim_end_matches(['\n', ')', ',', ';', '.']);
                unit == "ms" || unit == "s"
            });
            if number && unit {
                let lead = word.len() - digits.len();
                let next = words.next().unwrap_or_default();
                let tail = next.trim_start_matches(['m', 's']);
                out.push_str(&word[..lead]);
                out.push_str("[ms]");
                out.push_str(tail);
            } else if out.ends_with("\"ms\": ") && word.starts_with(|c: char| c.is_ascii_digit()) {
                out.push_str("[ms]");
                out.push_str(word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
            } else {
                out.push_str(word);
            }
        }
    }
    out
}

/// `PATH` with `folder` first.
pub fn path_with(folder: &Path) -> OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&rest)))
        .unwrap()
}

/// Sends `signal` to `child`, without the `kill` program, which small images lack.
#[cfg(unix)]
pub fn send(signal: rustix::process::Signal, child: &std::process::Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, signal).unwrap();
}
