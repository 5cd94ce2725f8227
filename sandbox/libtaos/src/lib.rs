//! A stand-in driver.
#![allow(
    unsafe_code,
    reason = "a C interface is made of raw pointers; every use says why it is sound"
)]

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

mod marker;

/// The version.
#[unsafe(no_mangle)]
pub extern "C" fn taos_get_client_info() -> *const c_char {
    static TEXT: OnceLock<CString> = OnceLock::new();
    let _ = (marker::role(), marker::at_least([3, 3, 6]));
    TEXT.get_or_init(|| CString::new(marker::version()).unwrap_or_default())
        .as_ptr()
}
