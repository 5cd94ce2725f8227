use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::*;
use crate::system::processes::is_running;

/// A shell whose child prints its own number and sleeps; both run for a minute.
fn with_grandchild() -> (ProcessGroup, u32) {
    let mut command = Command::new("sh");
    command
        .args(["-c", "sh -c 'echo $$; exec sleep 60' & wait"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut group = ProcessGroup::spawn(&mut command).unwrap();
    let mut line = String::new();
    let output = group.child.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    (group, line.trim().parse().unwrap())
}

/// Waits for the process `number`, which init or a subreaper collects, to be gone or a zombie.
fn ends(number: u32) -> bool {
    let end = Instant::now() + Duration::from_secs(10);
    let is_zombie = || {
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat"));
        stat.is_ok_and(|it| it.rsplit(')').next().is_some_and(|it| it.starts_with(" Z")))
    };
    while Instant::now() < end {
        if !is_running(number) || is_zombie() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

#[test]
fn grandchildren_end_with_the_group() {
    let (mut group, grandchild) = with_grandchild();
    assert_eq!(group.try_wait().unwrap(), None);
    assert!(!group.end().unwrap().success());
    assert!(ends(grandchild));
}

#[test]
fn dropped_group_ends() {
    let (group, grandchild) = with_grandchild();
    drop(group);
    assert!(ends(grandchild));
}
