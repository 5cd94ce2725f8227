//! Errors as the C interface tells them: a code and a text, kept per thread until the next one.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};

/// A code (the low 16 bits, or 32 for a system error) and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    code: u32,
    text: String,
}

impl Error {
    /// An error of the client or the server; `code` is the low 16 bits.
    pub(crate) fn new(code: u16, text: impl Into<String>) -> Self {
        Self {
            code: 0x8000_0000 | u32::from(code),
            text: text.into(),
        }
    }

    /// An error of the operating system: 0x80FF0000 and its number.
    pub(crate) fn system(error: &std::io::Error) -> Self {
        let number = error
            .raw_os_error()
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(0);
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        Self {
            code: 0x80FF_0000 | (number & 0xffff),
            text: text.to_owned(),
        }
    }

    /// A closed port, an unknown host, a server that cannot be understood.
    pub(crate) fn unreachable() -> Self {
        Self::new(0x000B, "Unable to establish connection")
    }

    /// A handle without a connection.
    pub(crate) fn disconnected() -> Self {
        Self::new(0x0213, "Disconnected from server")
    }

    /// What `taos_errno` gives: negative.
    pub(crate) fn number(&self) -> i32 {
        self.code.cast_signed()
    }

    /// What `taos_errstr` gives.
    pub(crate) fn c_text(&self) -> CString {
        c_string(&self.text)
    }
}

/// A C string; a NUL inside ends it.
pub(crate) fn c_string(text: &str) -> CString {
    CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default()
}

thread_local! {
    /// The last error of this thread.
    static LAST: RefCell<(i32, CString)> = RefCell::new((0, c"success".to_owned()));
}

/// Keeps an error for `taos_errno(NULL)`; gives its number.
pub(crate) fn keep(error: &Error) -> i32 {
    LAST.with(|last| *last.borrow_mut() = (error.number(), error.c_text()));
    error.number()
}

/// `taos_errno(NULL)`: the last error of this thread, 0 if there was none.
pub(crate) fn last_number() -> i32 {
    LAST.with(|last| last.borrow().0)
}

/// `taos_errstr(NULL)`; good until this thread's next error.
pub(crate) fn last_text() -> *const c_char {
    LAST.with(|last| CStr::as_ptr(&last.borrow().1))
}
