//! What the vendor's JDBC driver looks for in libtaos: functions that Java calls, named after its classes and methods, over the C
//! interface. They are those that our Java programs need; Java reports the others as missing when they are called.

mod connection;
mod consumer;
mod environment;
mod points;
mod statements;

use std::ffi::{c_int, c_void};
use std::ptr;

/// Numbers of the driver's class `TSDBConstants`.
const SUCCESS: c_int = 0;
const ENGINE_ERROR: i64 = -1;
const CONNECTION_NULL: c_int = -2;
const RESULT_NULL: c_int = -3;
const NO_FIELDS: c_int = -4;
const SQL_NULL: i64 = -5;
const FETCH_END: c_int = -6;
const CONF_NULL: i64 = -100;
const CONF_KEY_NULL: c_int = -101;
const CONF_VALUE_NULL: c_int = -102;
const TOPIC_NULL: c_int = -110;
const TOPIC_NAME_NULL: c_int = -111;
const CONSUMER_NULL: c_int = -120;
const CONSUMER_CREATE_ERROR: i64 = -121;

/// The handle that Java keeps as a number.
fn pointer(number: i64) -> *mut c_void {
    usize::try_from(number).map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
}

/// The number by which Java keeps a handle.
fn number(pointer: *mut c_void) -> i64 {
    i64::try_from(pointer.expose_provenance()).unwrap_or(0)
}

/// What is wrong with the handles of a connection and its result; `None` if nothing is.
fn missing(connection: i64, result: i64) -> Option<c_int> {
    match (connection, result) {
        (0, _) => Some(CONNECTION_NULL),
        (_, 0) => Some(RESULT_NULL),
        _ => None,
    }
}
