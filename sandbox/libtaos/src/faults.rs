//! Faults on request, to prove that a probe survives its driver.

use std::env;
use std::io::Write;
use std::time::Duration;

/// What `TAOS_SANDBOX_DRIVER_FAULT` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    CrashOnLoad,
    HangOnLoad,
    Crash,
    Segfault,
    Exit,
    Hang,
    Noise,
}

/// Runs when the loader has mapped the library.
#[cfg(unix)]
#[used]
#[cfg_attr(
    target_vendor = "apple",
    unsafe(link_section = "__DATA,__mod_init_func")
)]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static ON_LOAD: extern "C" fn() = on_load;

/// The loader's call.
#[cfg(unix)]
extern "C" fn on_load() {
    match fault() {
        Fault::CrashOnLoad => std::process::abort(),
        Fault::HangOnLoad => hang(),
        Fault::Noise => say("the stand-in driver was loaded"),
        _ => {}
    }
}

/// Called at the start of every connect.
pub(crate) fn on_connect() {
    match fault() {
        // Where no loader calls, the first connect is the nearest thing.
        Fault::Crash => std::process::abort(),
        Fault::CrashOnLoad if cfg!(not(unix)) => std::process::abort(),
        Fault::Segfault => segfault(),
        // As a library that takes an error for the end of its program.
        Fault::Exit => std::process::exit(0),
        Fault::Hang => hang(),
        Fault::Noise => say("the stand-in driver connects"),
        _ => {}
    }
}

/// Never comes back.
fn hang() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

/// Writes where nothing may be written.
fn segfault() {
    // SAFETY: it is not sound, and is not meant to be: the address is mapped in no process, so the processor ends this one.
    unsafe { std::ptr::write_volatile(std::ptr::without_provenance_mut::<u8>(8), 1) };
}

/// How long something takes, in milliseconds, unless the environment says otherwise.
pub(crate) fn duration(variable: &str, default: u64) -> Duration {
    let set = env::var(variable).ok().and_then(|text| text.parse().ok());
    Duration::from_millis(set.unwrap_or(default))
}

/// Writes a line to standard output, where a library should not write.
pub(crate) fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    // Without a reader there is nothing to report.
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// The fault in effect.
fn fault() -> Fault {
    match env::var("TAOS_SANDBOX_DRIVER_FAULT").as_deref() {
        Ok("crash-on-load") => Fault::CrashOnLoad,
        Ok("hang-on-load") => Fault::HangOnLoad,
        Ok("crash") => Fault::Crash,
        Ok("segfault") => Fault::Segfault,
        Ok("exit") => Fault::Exit,
        Ok("hang") => Fault::Hang,
        Ok("noise") => Fault::Noise,
        _ => Fault::None,
    }
}
