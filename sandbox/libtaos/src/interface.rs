//! The C interface: pointers checked and turned into values, calls forwarded or answered, no panic let out.
//!
//! Every function takes null wherever the C interface has a pointer. As in C, other pointers must be what they say they are:
//! strings end in NUL, handles come from this library and were not given back.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::OnceLock;

use crate::connection::{Connection, Login, server_status};
use crate::dispatch::{self, Driver, Target};
use crate::error::{Error, c_string, keep, last_number, last_text};
use crate::outcome::{Field, Outcome};
use crate::{config, log_folder, marker, print};

/// Option 3 of `taos_options`.
const OPTION_CONFIG_FOLDER: c_int = 3;
/// Option 6 of `taos_options`.
const OPTION_DRIVER: c_int = 6;

mod absent;
mod asynchronous;
mod blocks;
mod jni;
mod points;
mod statements;
mod subscriptions;

c_functions! {
    /// Starts the library: 0, or an error's number.
    fn taos_init() -> c_int, failing Error::number; {
        log_folder::check().map_or_else(|error| keep(&error), |()| 0)
    }

    /// Ends the library.
    fn taos_cleanup() -> (), failing |_| (); {}

    /// Connects and logs in; null on failure.
    fn taos_connect(host: *const c_char, user: *const c_char, password: *const c_char, db: *const c_char, port: u16)
        -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract these are null or C strings.
        let (host, user, password, db) = unsafe { (text(host), text(user), text(password), text(db)) };
        let login = Login {
            host: host.as_deref().unwrap_or_default(),
            port,
            user: user.as_deref(),
            password: password.as_deref(),
            db: db.as_deref().unwrap_or_default(),
            token: None,
        };
        opened(&login)
    }

    /// Connects with a token, from 3.4 on.
    fn taos_connect_token(host: *const c_char, token: *const c_char, db: *const c_char, port: u16)
        -> *mut c_void, failing |_| ptr::null_mut(); {
        if !marker::at_least([3, 4, 0]) {
            // A real library of that version does not have the function.
            keep(&Error::new(0x010C, "Function was not loaded from the driver"));
            return ptr::null_mut();
        }
        // SAFETY: by the C interface's contract these are null or C strings.
        let (host, token, db) = unsafe { (text(host), text(token), text(db)) };
        opened(&Login {
            host: host.as_deref().unwrap_or_default(),
            port,
            user: None,
            password: None,
            db: db.as_deref().unwrap_or_default(),
            token: Some(token.as_deref().unwrap_or_default()),
        })
    }

    /// Gives a connection back.
    fn taos_close(taos: *mut c_void) -> (), failing |_| (); {
        if !taos.is_null() {
            // SAFETY: a connection that is not null came from `taos_connect` and is given back once.
            drop(unsafe { Box::from_raw(taos.cast::<Connection>()) });
        }
    }

    /// The version of this library; null if the thin one has nothing to ask.
    fn taos_get_client_info() -> *const c_char, failing |_| ptr::null(); {
        static VERSION: OnceLock<CString> = OnceLock::new();
        VERSION.get_or_init(|| c_string(&marker::version())).as_ptr()
    }

    /// `ver:…`, `build:…` and `gitinfo:…` of the server, on three lines; null without a connection.
    fn taos_get_server_info(taos: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        match unsafe { connection(taos) } {
            Some(connection) => connection.server_info().as_ptr(),
            None => {
                keep(&Error::disconnected());
                ptr::null()
            }
        }
    }

    /// Changes the database: 0, or an error's number.
    fn taos_select_db(taos: *mut c_void, db: *const c_char) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (connection, db) = unsafe { (connection(taos), text(db)) };
        match (connection, db) {
            (Some(connection), Some(db)) => {
                let outcome = connection.query(&format!("use `{}`", db.replace('`', "``")));
                outcome.error().map(keep);
                outcome.code()
            }
            (None, _) => keep(&Error::disconnected()),
            (_, None) => keep(&Error::new(0x0217, "Invalid database name")),
        }
    }

    /// 0 if no server answers, 2 if one of this version does; `details` is left empty.
    fn taos_check_server_status(fqdn: *const c_char, port: c_int, details: *mut c_char, size: c_int)
        -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract `details` holds `size` bytes, so one if that is positive.
        let fqdn = unsafe {
            if !details.is_null() && size > 0 {
                details.write(0);
            }
            text(fqdn)
        };
        server_status(fqdn.as_deref().unwrap_or_default(), u16::try_from(port).unwrap_or(0))
    }

    /// Runs a statement; the result is never null but where the thin library has nothing to ask.
    fn taos_query(taos: *mut c_void, sql: *const c_char) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        let (connection, sql) = unsafe { (connection(taos), text(sql)) };
        Box::into_raw(Box::new(queried(connection, sql.as_deref()))).cast()
    }

    /// Rows that a statement changed.
    fn taos_affected_rows(result: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.map_or(0, |outcome| outcome.affected())
    }

    /// The number of columns.
    fn taos_num_fields(result: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { field_count(result) }
    }

    /// The number of columns, by its other name.
    fn taos_field_count(result: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { field_count(result) }
    }

    /// The columns; null without any.
    fn taos_fetch_fields(result: *mut c_void) -> *mut Field, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        match unsafe { outcome(result) }.map(Outcome::fields) {
            Some(fields) if !fields.is_empty() => fields.as_mut_ptr(),
            _ => ptr::null_mut(),
        }
    }

    /// 0 milliseconds, 1 microseconds, 2 nanoseconds.
    fn taos_result_precision(result: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.map_or(0, |outcome| outcome.precision())
    }

    /// The next row, null at the end.
    fn taos_fetch_row(result: *mut c_void) -> *mut *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }
            .and_then(Outcome::fetch)
            .map_or(ptr::null_mut(), <[_]>::as_mut_ptr)
    }

    /// The lengths of the current row's values, in bytes.
    fn taos_fetch_lengths(result: *mut c_void) -> *mut c_int, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        match unsafe { outcome(result) }.map(Outcome::lengths) {
            Some(lengths) if !lengths.is_empty() => lengths.as_mut_ptr(),
            _ => ptr::null_mut(),
        }
    }

    /// Writes a row as text, with a NUL at the end; gives its length.
    fn taos_print_row(str: *mut c_char, row: *mut *mut c_void, fields: *mut Field, count: c_int)
        -> c_int, failing |_| 0; {
        if str.is_null() || row.is_null() || fields.is_null() {
            return 0;
        }
        let count = usize::try_from(count).unwrap_or(0);
        // SAFETY: by the C interface's contract both arrays have `count` elements, and each value its field's type.
        let text = unsafe {
            let values = std::slice::from_raw_parts(row, count).iter();
            let fields = std::slice::from_raw_parts(fields, count).iter();
            values
                .zip(fields)
                .map(|(value, field)| print::value(*value, field.kind).unwrap_or_default())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let text = c_string(&text);
        // SAFETY: by the C interface's contract the caller provides space for the whole row; the two do not overlap.
        unsafe { ptr::copy_nonoverlapping(text.as_ptr(), str, text.as_bytes_with_nul().len()) };
        c_int::try_from(text.as_bytes().len()).unwrap_or(c_int::MAX)
    }

    /// Gives a result back.
    fn taos_free_result(result: *mut c_void) -> (), failing |_| (); {
        if !result.is_null() {
            // SAFETY: a result that is not null came from `taos_query` and is given back once.
            drop(unsafe { Box::from_raw(result.cast::<Outcome>()) });
        }
    }
}

/// Sets an option: 0, or -1. Variadic in C; on the systems that we run the named arguments are passed in the same places.
///
/// # Safety
/// `arg` is null or a C string.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn taos_options(option: c_int, arg: *const c_void) -> c_int {
    let call = || {
        // SAFETY: by the C interface's contract.
        let value = unsafe { text(arg.cast()) }.unwrap_or_default();
        if option == OPTION_DRIVER {
            let driver = match value.as_str() {
                "native" => Driver::Native,
                "websocket" => Driver::WebSocket,
                _ => return -1,
            };
            let taken = match marker::role() {
                marker::Role::Thin => dispatch::choose(driver).is_ok(),
                // Before 3.3.6 there is no such option; after it a library that does the work itself is what it is.
                _ => marker::at_least([3, 3, 6]) && driver == Driver::Native,
            };
            return if taken { 0 } else { -1 };
        }
        match dispatch::target() {
            Ok(Target::Here) => {
                if option == OPTION_CONFIG_FOLDER {
                    config::set_folder(value.into());
                }
                if (0..OPTION_DRIVER).contains(&option) {
                    0
                } else {
                    -1
                }
            }
            Ok(Target::Loaded(library)) => {
                type Function = unsafe extern "C" fn(c_int, *const c_void) -> c_int;
                // SAFETY: the other library is a copy of this one.
                unsafe {
                    dispatch::function::<Function>(library, "taos_options")
                        .map(|function| function(option, arg))
                }
                .unwrap_or(-1)
            }
            Err(error) => {
                keep(&error);
                -1
            }
        }
    };
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(-1)
}

/// A result's error number; with null that of the thread's last error. Never loads a library.
///
/// # Safety
/// `result` is null or came from `taos_query`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn taos_errno(result: *mut c_void) -> c_int {
    type Function = unsafe extern "C" fn(*mut c_void) -> c_int;
    match dispatch::loaded() {
        // SAFETY: the other library is a copy of this one.
        Some(Target::Loaded(library)) => unsafe {
            dispatch::function::<Function>(library, "taos_errno")
                .map_or(-1, |function| function(result))
        },
        Some(Target::Here) => {
            // SAFETY: by the C interface's contract.
            unsafe { outcome(result) }.map_or_else(last_number, |outcome| outcome.code())
        }
        None => last_number(),
    }
}

/// A result's error text; with null that of the thread's last error. Never null, and never loads a library.
///
/// # Safety
/// `result` is null or came from `taos_query`.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn taos_errstr(result: *mut c_void) -> *const c_char {
    type Function = unsafe extern "C" fn(*mut c_void) -> *const c_char;
    match dispatch::loaded() {
        // SAFETY: the other library is a copy of this one.
        Some(Target::Loaded(library)) => unsafe {
            dispatch::function::<Function>(library, "taos_errstr")
                .map_or_else(|_| last_text(), |function| function(result))
        },
        Some(Target::Here) => {
            // SAFETY: by the C interface's contract.
            unsafe { outcome(result) }.map_or_else(last_text, |outcome| outcome.text().as_ptr())
        }
        None => last_text(),
    }
}

/// What `sql` gives on `connection`; an error is kept as the thread's last one.
fn queried(connection: Option<&Connection>, sql: Option<&str>) -> Outcome {
    let outcome = match (connection, sql) {
        (Some(connection), Some(sql)) => connection.query(sql),
        (None, _) => Outcome::from(Err(Error::disconnected())),
        (_, None) => Outcome::from(Err(Error::new(0x0216, "Syntax error in SQL"))),
    };
    outcome.error().map(keep);
    outcome
}

/// A C string as text, `None` if null; what is not UTF-8 is replaced.
///
/// # Safety
/// `pointer` is null or a C string.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: by the caller's word; the string is copied before anybody can change it.
    Some(
        unsafe { CStr::from_ptr(pointer) }
            .to_string_lossy()
            .into_owned(),
    )
}

/// A new connection's handle; null with the error kept if there is none.
fn opened(login: &Login<'_>) -> *mut c_void {
    match Connection::open(login) {
        Ok(connection) => Box::into_raw(Box::new(connection)).cast(),
        Err(error) => {
            keep(&error);
            ptr::null_mut()
        }
    }
}

/// The connection behind a handle.
///
/// # Safety
/// `taos` is null or came from `taos_connect` and was not closed.
unsafe fn connection<'a>(taos: *mut c_void) -> Option<&'a Connection> {
    // SAFETY: by the caller's word. Only shared references are made, and the connection guards itself.
    unsafe { taos.cast::<Connection>().as_ref() }
}

/// The result behind a handle.
///
/// # Safety
/// `result` is null or came from `taos_query`, was not freed, and no other thread uses it.
unsafe fn outcome<'a>(result: *mut c_void) -> Option<&'a mut Outcome> {
    // SAFETY: by the caller's word.
    unsafe { result.cast::<Outcome>().as_mut() }
}

/// The number of a result's columns.
///
/// # Safety
/// As for [`outcome`].
unsafe fn field_count(result: *mut c_void) -> c_int {
    // SAFETY: by the caller's word.
    unsafe { outcome(result) }.map_or(0, |outcome| {
        c_int::try_from(outcome.fields().len()).unwrap_or(0)
    })
}
