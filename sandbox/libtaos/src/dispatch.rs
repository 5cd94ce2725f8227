//! The thin `libtaos` of 3.3.6 and later: it does nothing itself, but loads one of two libraries and forwards every call.

use std::env;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use libloading::{Library, Symbol};

use crate::error::Error;
use crate::faults;
use crate::marker::{Role, role};

/// Which library to load.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Driver {
    /// `libtaosnative`
    Native,
    /// `libtaosws`
    WebSocket,
}

/// Where a call goes.
pub(crate) enum Target {
    /// To the code in this file.
    Here,
    /// To the library that was loaded.
    Loaded(&'static Library),
}

/// What `taos_options` chose.
static CHOSEN: Mutex<Driver> = Mutex::new(Driver::Native);
/// The library, once loaded.
static LOADED: OnceLock<Library> = OnceLock::new();
/// Held while loading, so that two threads do not.
static LOADING: Mutex<()> = Mutex::new(());

/// Chooses the library (option 6); fails once one is loaded.
pub(crate) fn choose(driver: Driver) -> Result<(), Error> {
    if LOADED.get().is_some() {
        return Err(Error::new(0x0100, "The driver is loaded already"));
    }
    *CHOSEN.lock().unwrap_or_else(PoisonError::into_inner) = driver;
    Ok(())
}

/// Where calls go; loads the library if this is the thin one and none is loaded yet.
pub(crate) fn target() -> Result<Target, Error> {
    if role() != Role::Thin {
        return Ok(Target::Here);
    }
    let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if LOADED.get().is_none() {
        let library = load(*CHOSEN.lock().unwrap_or_else(PoisonError::into_inner))?;
        return Ok(Target::Loaded(LOADED.get_or_init(|| library)));
    }
    loaded().ok_or_else(not_loaded)
}

/// Where calls that must not load anything go; `None` if that is nowhere yet.
pub(crate) fn loaded() -> Option<Target> {
    if role() == Role::Thin {
        LOADED.get().map(Target::Loaded)
    } else {
        Some(Target::Here)
    }
}

/// A function of the loaded library.
///
/// # Safety
/// `T` is the type of the function pointer that the C interface gives `name`.
pub(crate) unsafe fn function<T>(
    library: &'static Library,
    name: &str,
) -> Result<Symbol<'static, T>, Error> {
    // SAFETY: by the caller's word the type is right.
    unsafe { library.get(name) }.map_err(|_| Error::new(0x010C, "Function was not loaded"))
}

/// Loads a library by its unversioned name: from `../lib` beside the running program first, then wherever the loader looks.
fn load(driver: Driver) -> Result<Library, Error> {
    let name = match (driver, env::consts::OS) {
        (Driver::Native, "windows") => "taosnative.dll",
        (Driver::WebSocket, "windows") => "taosws.dll",
        (Driver::Native, "macos") => "libtaosnative.dylib",
        (Driver::WebSocket, "macos") => "libtaosws.dylib",
        (Driver::Native, _) => "libtaosnative.so",
        (Driver::WebSocket, _) => "libtaosws.so",
    };
    let beside = env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.parent()?.join("lib").join(name)))
        .filter(|path| path.exists());
    for path in beside.into_iter().chain([PathBuf::from(name)]) {
        // SAFETY: the library is another copy of this one, whose code at loading only reads the environment.
        if let Ok(library) = unsafe { Library::new(path) } {
            return Ok(library);
        }
    }
    // The real library says this, and says it on standard output.
    faults::say(&format!(
        "failed to load {name} since No such file or directory [0x80FF0002]"
    ));
    Err(not_loaded())
}

/// The answer to every call until a library is loaded.
fn not_loaded() -> Error {
    Error::new(0x010B, "Driver was not loaded")
}
