//! A program that stops at each of its steps (`src/system/test_fault.rs`): a look at all that a kill could leave, in one run.
#![cfg(all(unix, debug_assertions))]

use std::io::Read;
use std::process::Stdio;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use crate::support::program::Program;

/// Runs `program` and calls `at_step` while it waits before each of its steps. It must succeed. Returns how many steps it has.
#[track_caller]
#[expect(clippy::zombie_processes, reason = "waitpid also tells of stops")]
pub fn stop_at_each_step(program: Program<'_>, mut at_step: impl FnMut()) -> usize {
    let mut command = program
        .env("TAOS_SETUP_TEST_FAULT", "stop@1+")
        .into_command();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = Pid::from_child(&child);
    let mut steps = 0;
    loop {
        let (_, status) = waitpid(Some(pid), WaitOptions::UNTRACED).unwrap().unwrap();
        if !status.stopped() {
            let mut errors = String::new();
            let stderr = child.stderr.as_mut().unwrap();
            stderr.read_to_string(&mut errors).unwrap();
            assert_eq!(status.exit_status(), Some(0), "step {steps}: {errors}");
            return steps;
        }
        steps += 1;
        at_step();
        kill_process(pid, Signal::CONT).unwrap();
    }
}
