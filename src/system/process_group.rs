//! A program with all the processes that it starts: make, and the compilers below it, end with the script that called them.

use std::io;
use std::process::{Child, Command, ExitStatus};

/// A running program, which leads a process group of its own on Unix. It is ended when the value is dropped.
#[derive(Debug)]
pub struct ProcessGroup {
    child: Child,
    is_ended: bool,
}

impl ProcessGroup {
    /// Starts `command` in a new group. The terminal's Ctrl-C does not reach it: the caller ends it.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self {
            child: command.spawn()?,
            is_ended: false,
        })
    }

    /// The result of the program, if it has ended. Processes that it left behind may run on.
    ///
    /// # Errors
    /// Why the system does not say.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        // Until it is waited for, its number, which is that of the group, is not given to another process.
        self.child.try_wait()
    }

    /// Ends the program and the processes that it started, and returns the program's result.
    ///
    /// # Errors
    /// Why it cannot be ended.
    pub fn end(&mut self) -> io::Result<ExitStatus> {
        self.is_ended = true;
        kill(&mut self.child)?;
        self.child.wait()
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if !self.is_ended && matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.end();
        }
    }
}

#[cfg(unix)]
fn kill(child: &mut Child) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    match group.map(|group| kill_process_group(group, Signal::KILL)) {
        Some(Ok(())) => Ok(()),
        Some(Err(_)) | None => child.kill(),
    }
}

#[cfg(not(unix))]
fn kill(child: &mut Child) -> io::Result<()> {
    child.kill()
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
