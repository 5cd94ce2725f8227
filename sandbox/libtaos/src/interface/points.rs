//! Schemaless writes: `taos_schemaless_insert*`.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use serde_json::{Value, json};

use super::{connection, text};
use crate::error::Error;
use crate::outcome::{Outcome, Rows};

/// The names of `TSDB_SML_TIMESTAMP_*`, by number.
const PRECISIONS: [&str; 7] = ["", "h", "m", "s", "ms", "us", "ns"];

/// Writes points; gives the result, and the number of points.
///
/// # Safety
/// `taos` is null or came from `taos_connect` and was not closed.
unsafe fn written(
    taos: *mut c_void,
    data: &str,
    protocol: c_int,
    precision: c_int,
    key: &str,
) -> (Outcome, i32) {
    let precision = usize::try_from(precision)
        .ok()
        .and_then(|at| PRECISIONS.get(at))
        .unwrap_or(&"");
    let request =
        json!({"points": {"data": data, "protocol": protocol, "precision": precision, "key": key}});
    // SAFETY: by the caller's word.
    let answer = match unsafe { connection(taos) } {
        Some(connection) => connection.ask(&request),
        None => Err(Error::disconnected()),
    };
    let total = answer.as_ref().ok();
    let total = total.and_then(|answer| answer.get("total").and_then(Value::as_i64));
    let total = total
        .and_then(|total| i32::try_from(total).ok())
        .unwrap_or(0);
    (
        Outcome::from(answer.and_then(|answer| Rows::read(&answer))),
        total,
    )
}

/// The lines of an array, one text.
///
/// # Safety
/// `lines` is null or has `count` elements, each null or a C string.
unsafe fn joined(lines: *const *const c_char, count: c_int) -> String {
    if lines.is_null() {
        return String::new();
    }
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: by the caller's word.
    let lines = unsafe { std::slice::from_raw_parts(lines, count) };
    // SAFETY: the same.
    let lines = lines
        .iter()
        .map(|line| unsafe { text(*line) }.unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// So many bytes of a text.
///
/// # Safety
/// `lines` is null or has `length` bytes.
unsafe fn raw(lines: *const c_char, length: c_int) -> String {
    if lines.is_null() {
        return String::new();
    }
    let length = usize::try_from(length).unwrap_or(0);
    // SAFETY: by the caller's word.
    let bytes = unsafe { std::slice::from_raw_parts(lines.cast::<u8>(), length) };
    String::from_utf8_lossy(bytes).into_owned()
}

fn given((outcome, _): (Outcome, i32)) -> *mut c_void {
    Box::into_raw(Box::new(outcome)).cast()
}

/// Writes raw lines.
///
/// # Safety
/// As for [`written`] and [`raw`]; `rows` is null or leads to a number, `key` is null or a C string.
unsafe fn raw_written(
    taos: *mut c_void,
    lines: (*const c_char, c_int),
    rows: *mut i32,
    protocol: c_int,
    precision: c_int,
    key: *const c_char,
) -> *mut c_void {
    // SAFETY: by the caller's word.
    unsafe {
        let key = text(key).unwrap_or_default();
        let done = written(taos, &raw(lines.0, lines.1), protocol, precision, &key);
        if !rows.is_null() {
            rows.write(done.1);
        }
        given(done)
    }
}

c_functions! {
    /// Writes lines; JSON is one line.
    fn taos_schemaless_insert(taos: *mut c_void, lines: *const *const c_char, count: c_int, protocol: c_int, precision: c_int)
        -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { given(written(taos, &joined(lines, count), protocol, precision, "")) }
    }

    /// As [`taos_schemaless_insert`]; nothing expires here.
    fn taos_schemaless_insert_ttl(taos: *mut c_void, lines: *const *const c_char, count: c_int, protocol: c_int,
        precision: c_int, _ttl: i32) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { given(written(taos, &joined(lines, count), protocol, precision, "")) }
    }

    /// As [`taos_schemaless_insert`].
    fn taos_schemaless_insert_with_reqid(taos: *mut c_void, lines: *const *const c_char, count: c_int, protocol: c_int,
        precision: c_int, _reqid: i64) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { given(written(taos, &joined(lines, count), protocol, precision, "")) }
    }

    /// As [`taos_schemaless_insert`].
    fn taos_schemaless_insert_ttl_with_reqid(taos: *mut c_void, lines: *const *const c_char, count: c_int, protocol: c_int,
        precision: c_int, _ttl: i32, _reqid: i64) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { given(written(taos, &joined(lines, count), protocol, precision, "")) }
    }

    /// Writes the lines of one text, and their number into `rows`.
    fn taos_schemaless_insert_raw(taos: *mut c_void, lines: *const c_char, length: c_int, rows: *mut i32, protocol: c_int,
        precision: c_int) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { raw_written(taos, (lines, length), rows, protocol, precision, ptr::null()) }
    }

    /// As [`taos_schemaless_insert_raw`].
    fn taos_schemaless_insert_raw_ttl(taos: *mut c_void, lines: *const c_char, length: c_int, rows: *mut i32, protocol: c_int,
        precision: c_int, _ttl: i32) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { raw_written(taos, (lines, length), rows, protocol, precision, ptr::null()) }
    }

    /// As [`taos_schemaless_insert_raw`].
    fn taos_schemaless_insert_raw_with_reqid(taos: *mut c_void, lines: *const c_char, length: c_int, rows: *mut i32,
        protocol: c_int, precision: c_int, _reqid: i64) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { raw_written(taos, (lines, length), rows, protocol, precision, ptr::null()) }
    }

    /// As [`taos_schemaless_insert_raw`].
    fn taos_schemaless_insert_raw_ttl_with_reqid(taos: *mut c_void, lines: *const c_char, length: c_int, rows: *mut i32,
        protocol: c_int, precision: c_int, _ttl: i32, _reqid: i64) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { raw_written(taos, (lines, length), rows, protocol, precision, ptr::null()) }
    }

    /// As [`taos_schemaless_insert_raw`], with the tag that names the tables.
    fn taos_schemaless_insert_raw_ttl_with_reqid_tbname_key(taos: *mut c_void, lines: *const c_char, length: c_int,
        rows: *mut i32, protocol: c_int, precision: c_int, _ttl: i32, _reqid: i64, key: *const c_char)
        -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { raw_written(taos, (lines, length), rows, protocol, precision, key) }
    }
}
