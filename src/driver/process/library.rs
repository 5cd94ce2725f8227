//! Calls the part of libtaos's C interface that a check needs; it is the same in 3.2.2.2 and 3.3.7.5.
#![allow(
    unsafe_code,
    reason = "a C library is called through raw pointers; every use says why it is sound"
)]

mod bulk;

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;

use libloading::Library;

/// The most rows and columns that are read, bytes of a cell, and bytes of all cells: what a check reads is in the first rows.
const MOST_ROWS: usize = 4096;
const MOST_COLUMNS: usize = 4096;
const MOST_OF_CELL: usize = 65_536;
const MOST_OF_ALL: usize = 256 * 1024;
/// The type of a varchar column, and of an nchar column, which the interface gives as UTF-8 too.
const TEXT_TYPES: [i8; 2] = [8, 10];
/// Types of whole numbers and instants, and their sizes in bytes.
const WHOLE_TYPES: [(i8, usize); 5] = [(2, 1), (3, 2), (4, 4), (5, 8), (9, 8)];

/// `Authentication failure`, `syntax error` and `Function was not loaded from the driver`, as the library numbers them: for a
/// NUL, which no server would accept, and for a function that it does not have.
const AUTHENTICATION: u32 = 0x8000_0357;
const SYNTAX: u32 = 0x8000_2600;
const NOT_IN_LIBRARY: u32 = 0x8000_010C;

/// `TAOS_FIELD`.
#[repr(C)]
struct LibraryField {
    name: [c_char; 65],
    kind: i8,
    bytes: i32,
}

/// A connection or a result of the library.
type LibraryHandle = *mut c_void;

/// The library's functions. It is never unloaded: it starts threads that run its code.
#[derive(Debug)]
pub struct ClientLibrary {
    init: unsafe extern "C" fn() -> c_int,
    client_info: unsafe extern "C" fn() -> *const c_char,
    connect: unsafe extern "C" fn(
        *const c_char,
        *const c_char,
        *const c_char,
        *const c_char,
        u16,
    ) -> LibraryHandle,
    /// From 3.4 on.
    connect_token: Option<
        unsafe extern "C" fn(*const c_char, *const c_char, *const c_char, u16) -> LibraryHandle,
    >,
    server_info: unsafe extern "C" fn(LibraryHandle) -> *const c_char,
    query: unsafe extern "C" fn(LibraryHandle, *const c_char) -> LibraryHandle,
    errno: unsafe extern "C" fn(LibraryHandle) -> c_int,
    errstr: unsafe extern "C" fn(LibraryHandle) -> *const c_char,
    num_fields: unsafe extern "C" fn(LibraryHandle) -> c_int,
    fetch_fields: unsafe extern "C" fn(LibraryHandle) -> *const LibraryField,
    fetch_row: unsafe extern "C" fn(LibraryHandle) -> *const *const c_void,
    fetch_lengths: unsafe extern "C" fn(LibraryHandle) -> *const c_int,
    free_result: unsafe extern "C" fn(LibraryHandle),
    close: unsafe extern "C" fn(LibraryHandle),
    /// A library may lack it.
    fetch_raw_block:
        Option<unsafe extern "C" fn(LibraryHandle, *mut c_int, *mut *const c_void) -> c_int>,
}

/// An error number with the top bit set, and the library's words.
pub type LibraryError = (u32, String);

/// An open connection.
#[derive(Debug)]
pub struct LibraryConnection<'a> {
    driver: &'a ClientLibrary,
    handle: LibraryHandle,
}

/// Column names and rows of texts.
pub type LibraryTable = (Vec<String>, Vec<Vec<Option<String>>>);

impl ClientLibrary {
    /// Loads the library. The error is the loader's own.
    pub fn load(file: &Path) -> Result<Self, String> {
        // SAFETY: loading runs the library's initialisers, which may do anything; this process exists to let them.
        let library = unsafe { Library::new(file) }.map_err(|error| loader_words(&error))?;
        let library: &'static Library = Box::leak(Box::new(library));
        macro_rules! function {
            ($name:literal) => {
                // SAFETY: the header of every version since 3.0 declares this function with the type of the field that it is
                // assigned to, and the library is never unloaded.
                *unsafe { library.get($name) }.map_err(|error| loader_words(&error))?
            };
        }
        Ok(Self {
            init: function!("taos_init"),
            client_info: function!("taos_get_client_info"),
            connect: function!("taos_connect"),
            // SAFETY: the header of every version since 3.4 declares this function with this type.
            connect_token: unsafe { library.get("taos_connect_token") }
                .ok()
                .map(|function| *function),
            server_info: function!("taos_get_server_info"),
            query: function!("taos_query"),
            errno: function!("taos_errno"),
            errstr: function!("taos_errstr"),
            num_fields: function!("taos_num_fields"),
            fetch_fields: function!("taos_fetch_fields"),
            fetch_row: function!("taos_fetch_row"),
            fetch_lengths: function!("taos_fetch_lengths"),
            free_result: function!("taos_free_result"),
            close: function!("taos_close"),
            // SAFETY: the header of every version since 3.0 declares this function with this type.
            fetch_raw_block: unsafe { library.get("taos_fetch_raw_block") }
                .ok()
                .map(|function| *function),
        })
    }

    /// Starts the library.
    pub fn init(&self) -> Result<(), LibraryError> {
        // SAFETY: takes no arguments; called once, before anything else.
        match unsafe { (self.init)() } {
            0 => Ok(()),
            _ => Err(self.refusal(std::ptr::null_mut())),
        }
    }

    /// The library's version, in its own words.
    pub fn client_info(&self) -> String {
        // SAFETY: takes no arguments and gives a static string or null.
        text(unsafe { (self.client_info)() })
    }

    /// Connects. A string with a NUL inside is refused as the library would refuse a wrong one.
    pub fn connect(
        &self,
        host: &str,
        port: u16,
        user: &str,
        password: &str,
        database: Option<&str>,
    ) -> Result<LibraryConnection<'_>, LibraryError> {
        let c = |text: &str| CString::new(text).map_err(|_| (AUTHENTICATION, String::new()));
        let (host, user, password) = (c(host)?, c(user)?, c(password)?);
        let database = database.map(c).transpose()?;
        let database = database
            .as_ref()
            .map_or(std::ptr::null(), |name| name.as_ptr());
        // SAFETY: the strings are NUL-terminated and live until the call returns; the library copies what it keeps. A null
        // database means none.
        let handle = unsafe {
            (self.connect)(
                host.as_ptr(),
                user.as_ptr(),
                password.as_ptr(),
                database,
                port,
            )
        };
        if handle.is_null() {
            return Err(self.refusal(handle));
        }
        Ok(LibraryConnection {
            driver: self,
            handle,
        })
    }

    /// Connects with a token instead of user and password.
    pub fn connect_with_token(
        &self,
        host: &str,
        port: u16,
        token: &str,
        database: Option<&str>,
    ) -> Result<LibraryConnection<'_>, LibraryError> {
        let Some(connect) = self.connect_token else {
            return Err((NOT_IN_LIBRARY, "taos_connect_token".to_owned()));
        };
        let c = |text: &str| CString::new(text).map_err(|_| (AUTHENTICATION, String::new()));
        let (host, token) = (c(host)?, c(token)?);
        let database = database.map(c).transpose()?;
        let database = database
            .as_ref()
            .map_or(std::ptr::null(), |name| name.as_ptr());
        // SAFETY: as for `connect`.
        let handle = unsafe { connect(host.as_ptr(), token.as_ptr(), database, port) };
        if handle.is_null() {
            return Err(self.refusal(handle));
        }
        Ok(LibraryConnection {
            driver: self,
            handle,
        })
    }

    /// What the library says about `result`, or about this thread's last call where that is null.
    fn refusal(&self, result: LibraryHandle) -> LibraryError {
        // SAFETY: both take a result of this library or null, and the string is the library's own.
        let (code, words) = unsafe { ((self.errno)(result), text((self.errstr)(result))) };
        (code.cast_unsigned(), words)
    }
}

impl LibraryConnection<'_> {
    /// What the server says about itself.
    pub fn server_info(&self) -> String {
        // SAFETY: the handle is an open connection; the string is the library's own.
        text(unsafe { (self.driver.server_info)(self.handle) })
    }

    /// Runs `statement` and reads its rows.
    pub fn query(&self, statement: &str) -> Result<LibraryTable, LibraryError> {
        let result = self.start(statement)?;
        let table = self.table(result);
        // The rows may have ended because taosd went away.
        // SAFETY: the result is this library's and not freed yet.
        let ended = match unsafe { (self.driver.errno)(result) } {
            0 => Ok(table),
            _ => Err(self.driver.refusal(result)),
        };
        // SAFETY: the result is this library's and is not used again.
        unsafe { (self.driver.free_result)(result) };
        ended
    }

    /// Runs `statement`; its result is to be freed.
    fn start(&self, statement: &str) -> Result<LibraryHandle, LibraryError> {
        let Ok(statement) = CString::new(statement) else {
            return Err((SYNTAX, String::new()));
        };
        // SAFETY: the handle is an open connection, the statement NUL-terminated.
        let result = unsafe { (self.driver.query)(self.handle, statement.as_ptr()) };
        // SAFETY: takes a result of this library or null.
        if unsafe { (self.driver.errno)(result) } != 0 || result.is_null() {
            let refusal = self.driver.refusal(result);
            // SAFETY: the result is this library's, or null, and is not used again.
            unsafe { (self.driver.free_result)(result) };
            return Err(refusal);
        }
        Ok(result)
    }

    /// Reads the rows of `result`, a successful result of this library.
    fn table(&self, result: LibraryHandle) -> LibraryTable {
        // SAFETY: `result` is a successful result.
        let count = unsafe { (self.driver.num_fields)(result) };
        let count = usize::try_from(count).unwrap_or(0).min(MOST_COLUMNS);
        // SAFETY: as above; the array has as many elements as `num_fields` says and lives as long as the result.
        let fields = unsafe { (self.driver.fetch_fields)(result) };
        if fields.is_null() || count == 0 {
            return (Vec::new(), Vec::new());
        }
        // SAFETY: see above; `LibraryField` has the layout of the header's TAOS_FIELD.
        let fields = unsafe { std::slice::from_raw_parts(fields, count) };
        let columns = fields.iter().map(|field| name(&field.name)).collect();
        let mut rows = Vec::new();
        let mut left = MOST_OF_ALL;
        while rows.len() < MOST_ROWS && left > 0 {
            // SAFETY: `result` is a successful result; null means that there are no more rows.
            let row = unsafe { (self.driver.fetch_row)(result) };
            if row.is_null() {
                break;
            }
            // SAFETY: asked for the row just fetched, as the interface wants it.
            let lengths = unsafe { (self.driver.fetch_lengths)(result) };
            if lengths.is_null() {
                break;
            }
            let cells = fields.iter().enumerate().map(|(at, field)| {
                // SAFETY: both arrays have one element a column.
                let (cell, length) = unsafe { (*row.add(at), *lengths.add(at)) };
                let length = usize::try_from(length)
                    .ok()
                    .filter(|length| *length <= MOST_OF_CELL)?;
                if cell.is_null() {
                    return None;
                }
                if let Some((_, size)) = WHOLE_TYPES.iter().find(|(kind, _)| *kind == field.kind) {
                    // SAFETY: a cell of such a column is a number of that many bytes, valid until the next row is fetched.
                    let bytes = unsafe { std::slice::from_raw_parts(cell.cast::<u8>(), *size) };
                    return whole(bytes);
                }
                if !TEXT_TYPES.contains(&field.kind) {
                    return None;
                }
                // SAFETY: a cell of a text column is `length` bytes, valid until the next row is fetched.
                let bytes = unsafe { std::slice::from_raw_parts(cell.cast::<u8>(), length) };
                Some(String::from_utf8_lossy(bytes).into_owned())
            });
            let row: Vec<Option<String>> = cells.collect();
            let taken = row
                .iter()
                .map(|cell| 1 + cell.as_ref().map_or(0, String::len));
            left = left.saturating_sub(taken.sum());
            rows.push(row);
        }
        (columns, rows)
    }
}

/// Loads a library that the driver needs under the name that it asks for, and keeps it. One that does not load is passed over:
/// the loading of the driver reports what is missing.
#[cfg(unix)]
pub fn preload(file: &Path) {
    use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
    // SAFETY: loading runs the library's initializers, which may do anything; this process exists to let them.
    if let Ok(library) = unsafe { Library::open(Some(file), RTLD_NOW | RTLD_GLOBAL) } {
        std::mem::forget(library);
    }
}

/// Only packages for Linux have such libraries.
#[cfg(not(unix))]
pub fn preload(_file: &Path) {}

/// The digits of a number in this machine's byte order.
fn whole(bytes: &[u8]) -> Option<String> {
    Some(match bytes.len() {
        1 => i8::from_ne_bytes(bytes.try_into().ok()?).to_string(),
        2 => i16::from_ne_bytes(bytes.try_into().ok()?).to_string(),
        4 => i32::from_ne_bytes(bytes.try_into().ok()?).to_string(),
        8 => i64::from_ne_bytes(bytes.try_into().ok()?).to_string(),
        _ => return None,
    })
}

/// A string of the library's.
fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the interface gives NUL-terminated strings that live at least until the next call.
    unsafe { CStr::from_ptr(pointer) }
        .to_string_lossy()
        .into_owned()
}

/// A column's name, up to its NUL or the end of the array.
fn name(bytes: &[c_char]) -> String {
    let bytes: Vec<u8> = bytes
        .iter()
        .map(|byte| byte.to_ne_bytes()[0])
        .take_while(|byte| *byte != 0)
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The loader's words.
fn loader_words(error: &libloading::Error) -> String {
    use std::error::Error;
    let words = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    words.trim().to_owned()
}
