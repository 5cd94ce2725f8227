//! Other processes of this machine.

/// Returns whether the process `number` runs; true if that cannot be found out.
#[cfg(unix)]
pub fn is_running(number: u32) -> bool {
    let process = i32::try_from(number)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    process.is_none_or(|process| {
        rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
    })
}

/// Returns true: elsewhere it is not looked at.
#[cfg(not(unix))]
pub fn is_running(_number: u32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests;
