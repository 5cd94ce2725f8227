//! Rows by the block: what connectors for Python, Rust and Go take instead of a row at a time.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::outcome;
use crate::error::Error;
use crate::outcome::{FieldE, Outcome};

c_functions! {
    /// The rows that are left as columns; gives their number, 0 at the end or a negative error.
    fn taos_fetch_block(result: *mut c_void, rows: *mut *mut *mut c_void) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let Some(outcome) = (unsafe { outcome(result) }) else {
            return 0;
        };
        let count = outcome.fetch_columns();
        if let (Some(columns), false) = (outcome.columns(), rows.is_null()) {
            // SAFETY: by the C interface's contract `rows` leads to space for a pointer.
            unsafe { rows.write(columns.pointers()) };
        }
        count
    }

    /// As [`taos_fetch_block`], with the number apart from the error.
    fn taos_fetch_block_s(result: *mut c_void, count: *mut c_int, rows: *mut *mut *mut c_void)
        -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        let fetched = unsafe { taos_fetch_block(result, rows) };
        if !count.is_null() {
            // SAFETY: by the C interface's contract it leads to a number.
            unsafe { count.write(fetched.max(0)) };
        }
        fetched.min(0)
    }

    /// Where each row's value begins in a column of [`taos_fetch_block`], -1 for null.
    fn taos_get_column_data_offset(result: *mut c_void, column: c_int) -> *mut c_int, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }
            .and_then(Outcome::columns)
            .and_then(|columns| columns.offsets(usize::try_from(column).ok()?))
            .unwrap_or(ptr::null_mut())
    }

    /// Whether a value of [`taos_fetch_block`] is null; where there is none it is.
    fn taos_is_null(result: *mut c_void, row: c_int, column: c_int) -> bool, failing |_| true; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }
            .and_then(Outcome::columns)
            .and_then(|columns| columns.nulls(usize::try_from(column).ok()?))
            .and_then(|nulls| nulls.get(usize::try_from(row).ok()?))
            .copied()
            .unwrap_or(true)
    }

    /// Writes for up to `rows` rows whether a column's value is null, and their number into `rows`: 0, or -1.
    fn taos_is_null_by_column(result: *mut c_void, column: c_int, into: *mut bool, rows: *mut c_int) -> c_int, failing |_| -1; {
        // SAFETY: by the C interface's contract.
        let nulls = unsafe { outcome(result) }
            .and_then(Outcome::columns)
            .and_then(|columns| columns.nulls(usize::try_from(column).ok()?));
        let Some(nulls) = nulls.filter(|_| !into.is_null() && !rows.is_null()) else {
            return -1;
        };
        // SAFETY: by the C interface's contract `rows` leads to the number of truths that `into` can hold.
        unsafe {
            let count = nulls.len().min(usize::try_from(rows.read()).unwrap_or(0));
            ptr::copy_nonoverlapping(nulls.as_ptr(), into, count);
            rows.write(c_int::try_from(count).unwrap_or(0));
        }
        0
    }

    /// The rows that are left as one binary block, and their number: 0, or an error's number.
    fn taos_fetch_raw_block(result: *mut c_void, count: *mut c_int, block: *mut *mut c_void)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let Some(outcome) = (unsafe { outcome(result) }) else {
            return 0;
        };
        let fetched = outcome.fetch_raw();
        if !count.is_null() && !block.is_null() {
            // SAFETY: by the C interface's contract they lead to a number and a pointer.
            unsafe {
                count.write(fetched.max(0));
                block.write(outcome.raw());
            }
        }
        fetched.min(0)
    }

    /// The block that was fetched last; null if none was.
    fn taos_get_raw_block(result: *mut c_void) -> *const c_void, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.map_or(ptr::null(), |outcome| outcome.raw().cast_const())
    }

    /// Whether a result has no rows because its statement changes something.
    fn taos_is_update_query(result: *mut c_void) -> bool, failing |_| true; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.is_none_or(|outcome| outcome.fields().is_empty())
    }

    /// The columns with the digits of decimals; null without any.
    fn taos_fetch_fields_e(result: *mut c_void) -> *mut FieldE, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        match unsafe { outcome(result) }.map(Outcome::fields_e) {
            Some(fields) if !fields.is_empty() => fields.as_mut_ptr(),
            _ => ptr::null_mut(),
        }
    }
}
