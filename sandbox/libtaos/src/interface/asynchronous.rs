//! Calls that return at once and answer through a function of the caller's, on a thread of the driver's.

use std::ffi::{c_char, c_int, c_void};
use std::thread;

use super::{connection, outcome, queried, text};
use crate::outcome::Outcome;

/// What is called with `param`, the result, and its error or number of rows.
type Callback = unsafe extern "C" fn(*mut c_void, *mut c_void, c_int);

/// A pointer that another thread may use.
#[derive(Clone, Copy)]
pub(super) struct Shared(pub(super) *mut c_void);

// SAFETY: the C interface lets connections be used by several threads, gives results to one at a time, and never looks behind
// the caller's own pointers.
unsafe impl Send for Shared {}

impl Shared {
    /// The pointer; as a call, so that a closure takes the whole.
    pub(super) fn pointer(self) -> *mut c_void {
        self.0
    }
}

c_functions! {
    /// Runs a statement and calls back with its result, which the callback then owns.
    fn taos_query_a(taos: *mut c_void, sql: *const c_char, callback: Option<Callback>, param: *mut c_void) -> (), failing |_| (); {
        let (taos, param) = (Shared(taos), Shared(param));
        // SAFETY: by the C interface's contract; the text is copied before this returns.
        let sql = unsafe { text(sql) };
        thread::spawn(move || {
            // SAFETY: by the C interface's contract the connection stays open until the callback was called.
            let outcome = queried(unsafe { connection(taos.pointer()) }, sql.as_deref());
            let code = outcome.code();
            let result = Box::into_raw(Box::new(outcome)).cast();
            if let Some(callback) = callback {
                // SAFETY: the caller gave the function for this very call.
                unsafe { callback(param.pointer(), result, code) };
            }
        });
    }

    /// As [`taos_query_a`]; the number of the request means nothing here.
    fn taos_query_a_with_reqid(taos: *mut c_void, sql: *const c_char, callback: Option<Callback>, param: *mut c_void, _request: i64)
        -> (), failing |_| (); {
        // SAFETY: the contract is the same.
        unsafe { taos_query_a(taos, sql, callback, param) }
    }

    /// As `taos_query`; the number of the request means nothing here.
    fn taos_query_with_reqid(taos: *mut c_void, sql: *const c_char, _request: i64)
        -> *mut c_void, failing |_| std::ptr::null_mut(); {
        // SAFETY: the contract is the same.
        unsafe { super::taos_query(taos, sql) }
    }

    /// Fetches the rows that are left as columns, and calls back with their number.
    fn taos_fetch_rows_a(result: *mut c_void, callback: Option<Callback>, param: *mut c_void) -> (), failing |_| (); {
        fetch_in_thread(result, callback, param, Outcome::fetch_columns);
    }

    /// Fetches the rows that are left as one binary block, and calls back with their number.
    fn taos_fetch_raw_block_a(result: *mut c_void, callback: Option<Callback>, param: *mut c_void) -> (), failing |_| (); {
        fetch_in_thread(result, callback, param, Outcome::fetch_raw);
    }
}

/// Calls `fetch` on another thread, then `callback` with what it gave.
fn fetch_in_thread(
    result: *mut c_void,
    callback: Option<Callback>,
    param: *mut c_void,
    fetch: fn(&mut Outcome) -> c_int,
) {
    let (result, param) = (Shared(result), Shared(param));
    thread::spawn(move || {
        // SAFETY: by the C interface's contract the result is not used elsewhere until the callback was called.
        let count = unsafe { outcome(result.pointer()) }.map_or(0, fetch);
        if let Some(callback) = callback {
            // SAFETY: the caller gave the function for this very call.
            unsafe { callback(param.pointer(), result.pointer(), count) };
        }
    });
}
