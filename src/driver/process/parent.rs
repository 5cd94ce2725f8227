//! Starts the driver's process, bounds it, and reads its facts.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::super::private_libraries;
use super::{DriverFact, DriverLogin, DriverOrder, DriverReply, DriverStage, DriverTask};
use crate::error::describe_io_error;
use crate::message::{Message, message};
use crate::probe::load::{LoadReport, TimedLoad};
use crate::probe::sql::Rows;

/// How often the facts file is looked at.
const PAUSE: Duration = Duration::from_millis(2);
/// The most bytes that are kept of what a driver prints.
const PRINTED: usize = 1024;
/// How long the end of what it printed is waited for, once it has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// The most bytes of one fact, and of all facts, that are read: a library may write there too.
const MOST_OF_ONE: usize = 2 * 1024 * 1024;
const MOST_OF_ALL: u64 = 16 * 1024 * 1024;
/// The variables that the driver's process gets, besides those of its task. What is not named may hold a secret: a cloud token,
/// a proxy's password, a connection string.
const VARIABLES: [&str; 44] = [
    // The loader, the C library, and the user's home.
    "PATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "LD_BIND_NOW",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "GLIBC_TUNABLES",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TZ",
    "TZDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LC_NUMERIC",
    "LC_TIME",
    // The resolver (resolver(3), hostname(7)).
    "LOCALDOMAIN",
    "RES_OPTIONS",
    "HOSTALIASES",
    // Windows.
    "SystemRoot",
    "SystemDrive",
    "windir",
    "ComSpec",
    "PATHEXT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
    // The driver's own settings.
    "TAOS_CONFIG_DIR",
    "TAOS_FIRST_EP",
    "TAOS_SECOND_EP",
    "TAOS_FQDN",
    "TAOS_TIMEZONE",
    "TAOS_DEBUG_FLAG",
    // The faults that the stand-in driver of the tests plays.
    "TAOS_SANDBOX_DRIVER_FAULT",
    "TAOS_SANDBOX_DRIVER_HANG_MS",
];

/// What the driver's process is started with.
#[derive(Clone, Debug)]
pub struct DriverSetting {
    /// The library to load.
    pub library: PathBuf,
    /// Variables to set: the loader's search path, `TAOS_CONFIG_DIR`.
    pub variables: Vec<(&'static str, OsString)>,
    /// `TAOS_LOG_DIR`; without one, a private folder that goes with the process.
    pub log_dir: Option<PathBuf>,
    /// The bound of every stage.
    pub limit: Duration,
}

/// The driver in its process. Dropping it ends the process and everything that it started.
#[derive(Debug)]
pub struct DriverProcess {
    child: Child,
    printed: Option<Receiver<Vec<u8>>>,
    facts: File,
    unread: Vec<u8>,
    taken: u64,
    stage: DriverStage,
    limit: Duration,
    ended: bool,
    _folder: TempDir,
}

impl DriverProcess {
    /// Starts the process. The error says what could not be done on this machine.
    pub fn start(setting: &DriverSetting) -> io::Result<Self> {
        let folder = private_folder()?;
        let path = folder.path().join("facts");
        File::create_new(&path)?;
        let facts = File::open(&path)?;
        let log_dir = match &setting.log_dir {
            Some(folder) => folder.clone(),
            None => {
                let log = folder.path().join("log");
                std::fs::create_dir(&log)?;
                log
            }
        };
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("native-probe")
            .env_clear()
            .envs(environment())
            .envs(setting.variables.iter().map(|(name, value)| (name, value)))
            .env("TAOS_LOG_DIR", log_dir)
            .stdin(Stdio::piped())
            // A driver may print: what it says first is kept, and the rest thrown away.
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn()?;
        let mut process = Self {
            child,
            printed: None,
            facts,
            unread: Vec::new(),
            taken: 0,
            stage: DriverStage::Load,
            limit: setting.limit,
            ended: false,
            _folder: folder,
        };
        process.printed = process.child.stdout.take().map(listen).transpose()?;
        process.tell(&DriverTask {
            library: setting.library.clone(),
            facts: path,
            private: private_libraries::needed_by(&setting.library),
        })?;
        Ok(process)
    }

    /// What the driver says its version is, once it is loaded and started.
    pub async fn ready(&mut self) -> DriverReply<String> {
        match self.next().await {
            DriverReply::Data(DriverFact::Ready { version }) => DriverReply::Data(version),
            other => self.other_fact(other),
        }
    }

    /// Lets the driver connect; what the server says about itself. Waits for `limit` at most.
    pub async fn connect(&mut self, dial: &DriverLogin) -> DriverReply<String> {
        // Fails only where the process has ended: how it ended is what the next look tells.
        let _ = self.tell(dial);
        match self.next().await {
            DriverReply::Data(DriverFact::Connected { server }) => DriverReply::Data(server),
            other => self.other_fact(other),
        }
    }

    /// Runs `sql` on the open connection and gives its rows; a statement that writes has none. Waits for the limit at most.
    pub async fn query(&mut self, sql: &str) -> DriverReply<Rows> {
        // Fails only where the process has ended: how it ended is what the next look tells.
        let _ = self.tell(&DriverOrder::Statement { sql: sql.into() });
        match self.next().await {
            DriverReply::Data(DriverFact::Rows { columns, rows }) => {
                DriverReply::Data(Rows { columns, rows })
            }
            other => self.other_fact(other),
        }
    }

    /// Runs `load` on connections of its own; its figures, and the driver's error number and words if a call failed. Waits for
    /// the load's time and the limit.
    pub async fn load(
        &mut self,
        load: &TimedLoad,
    ) -> DriverReply<(LoadReport, Option<(u32, String)>)> {
        let limit = self
            .limit
            .saturating_add(Duration::from_micros(load.micros));
        let usual = std::mem::replace(&mut self.limit, limit);
        // Fails only where the process has ended: how it ended is what the next look tells.
        let _ = self.tell(&DriverOrder::Load(load.clone()));
        let fact = self.next().await;
        self.limit = usual;
        match fact {
            DriverReply::Data(DriverFact::Loaded { report, failure }) => {
                DriverReply::Data((report, failure))
            }
            other => self.other_fact(other),
        }
    }

    /// Ends the process; what the driver printed on standard output, as far as it is kept. A driver should print nothing.
    pub fn printed(mut self) -> String {
        self.end();
        let printed = self.printed.take();
        // Whoever else holds the pipe is not waited for.
        let bytes = printed.and_then(|printed| printed.recv_timeout(LAST_WORDS).ok());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    }

    /// A fact other than the one that was waited for.
    fn other_fact<T>(&self, fact: DriverReply<DriverFact>) -> DriverReply<T> {
        match fact {
            DriverReply::Data(DriverFact::Failed { code, message, .. })
            | DriverReply::Refused { code, message } => DriverReply::Refused { code, message },
            DriverReply::Data(DriverFact::Unloadable { words })
            | DriverReply::Unloadable(words) => DriverReply::Unloadable(words),
            DriverReply::Data(DriverFact::Unstarted { errno }) => {
                let error = errno.map(io::Error::from_raw_os_error);
                let error = error.unwrap_or_else(|| io::ErrorKind::Other.into());
                DriverReply::Unstarted(describe_io_error(&error))
            }
            DriverReply::Unstarted(why) => DriverReply::Unstarted(why),
            DriverReply::Data(_) => DriverReply::Crashed {
                stage: self.stage,
                how: message!("driver-facts-invalid"),
            },
            DriverReply::Crashed { stage, how } => DriverReply::Crashed { stage, how },
            DriverReply::Hung { stage } => DriverReply::Hung { stage },
        }
    }

    /// Sends one line.
    fn tell(&mut self, message: &impl serde::Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        match &mut self.child.stdin {
            Some(stdin) => stdin.write_all(&line).and_then(|()| stdin.flush()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// The next fact that is not the beginning of a stage. The limit starts again with each stage.
    async fn next(&mut self) -> DriverReply<DriverFact> {
        let mut deadline = Instant::now() + self.limit;
        loop {
            // Asked before the facts are read: what the process wrote before it ended is not missed.
            let ended = self.child.try_wait();
            match self.line() {
                Ok(Some(DriverFact::Begins { stage })) => {
                    self.stage = stage;
                    deadline = Instant::now() + self.limit;
                    continue;
                }
                Ok(Some(fact)) => return DriverReply::Data(fact),
                Ok(None) => {}
                Err(error) => {
                    return self.crashed(message!(
                        "driver-facts-unreadable",
                        why = describe_io_error(&error)
                    ));
                }
            }
            match ended {
                Ok(Some(status)) => return self.crashed(how(status)),
                Ok(None) => {}
                Err(error) => {
                    return self.crashed(message!(
                        "driver-facts-unreadable",
                        why = describe_io_error(&error)
                    ));
                }
            }
            if Instant::now() >= deadline {
                return DriverReply::Hung { stage: self.stage };
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn crashed(&self, how: Message) -> DriverReply<DriverFact> {
        DriverReply::Crashed {
            stage: self.stage,
            how,
        }
    }

    /// The next line of the facts file, where it is whole.
    fn line(&mut self) -> io::Result<Option<DriverFact>> {
        if !self.unread.contains(&b'\n') {
            let space = MOST_OF_ONE.saturating_sub(self.unread.len()) as u64;
            let left = MOST_OF_ALL.saturating_sub(self.taken).min(space);
            if left == 0 {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let count = (&self.facts).take(left).read_to_end(&mut self.unread)?;
            self.taken += count as u64;
        }
        let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        let line: Vec<u8> = self.unread.drain(..=end).collect();
        Ok(Some(serde_json::from_slice(&line)?))
    }
}

impl DriverProcess {
    /// Ends the process and everything that it started.
    fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended by itself.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        self.end();
    }
}

/// The variables of this process that the driver's process gets.
fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    VARIABLES
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)))
}

/// Reads all that comes, so that the driver never waits on a full pipe, and gives its beginning at the end.
fn listen(mut pipe: ChildStdout) -> io::Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new().spawn(move || {
        let mut first = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut buffer) {
            let space = PRINTED.saturating_sub(first.len());
            first.extend(buffer.iter().take(count.min(space)));
        }
        // The process may have been dropped without a question.
        let _ = sender.send(first);
    })?;
    Ok(receiver)
}

/// A folder for the facts and the log: where temporary files belong, or, where that cannot be written, elsewhere.
fn private_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("taos-setup-probe-");
    builder.tempdir().or_else(|error| {
        let others = ["/tmp", "/dev/shm", "/var/tmp"].map(PathBuf::from);
        let home = std::env::home_dir();
        others
            .into_iter()
            .chain(home)
            .find_map(|folder| builder.tempdir_in(folder).ok())
            .ok_or(error)
    })
}

/// Describes how a process ended, behind "the driver's process".
fn how(status: ExitStatus) -> Message {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return message!(
            "driver-ended-by-signal",
            signal = signal,
            name = signal_name(signal)
        );
    }
    match status.code() {
        Some(code) => message!("driver-ended-with-code", code = code),
        None => message!("driver-ended"),
    }
}

/// The name of `signal` on Linux and macOS (signal(7)); empty for one that no library causes.
#[cfg(unix)]
const fn signal_name(signal: i32) -> &'static str {
    match signal {
        2 => "SIGINT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 | 10 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => "",
    }
}

/// Why the driver cannot write its log to `folder`; `None` where it can. Nothing is left behind.
pub fn log_dir_problem(folder: &Path) -> Option<Message> {
    let existing = folder
        .ancestors()
        .find(|ancestor| ancestor.exists())
        .unwrap_or(folder);
    if !existing.is_dir() {
        return Some(message!(
            "driver-not-a-directory",
            path = existing.display()
        ));
    }
    match tempfile::tempfile_in(existing) {
        Ok(_) => None,
        Err(error) => Some(describe_io_error(&error)),
    }
}
