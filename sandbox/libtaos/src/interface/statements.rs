//! Prepared statements: `taos_stmt_*` and `taos_stmt2_*`.

use std::ffi::{c_char, c_int, c_ulong, c_void};
use std::ptr;
use std::thread;

use super::asynchronous::Shared;
use super::text;
use crate::bound::{Bind, Column, MultiBind, Table};
use crate::error::{Error, keep};
use crate::outcome::FieldE;
use crate::statement::{COLUMN, Callback, FieldAll, Statement, TAG};

/// Most tables that one call may bind.
const MOST_TABLES: usize = 100_000;

/// `TAOS_STMT2_OPTION`.
#[repr(C)]
pub(crate) struct Options {
    _request: i64,
    _single_supertable: bool,
    _single_table_bind_once: bool,
    function: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, c_int)>,
    argument: *mut c_void,
}

/// `TAOS_STMT2_BINDV`.
#[repr(C)]
pub(crate) struct BindV {
    count: c_int,
    names: *mut *mut c_char,
    tags: *mut *mut Bind,
    columns: *mut *mut Bind,
}

/// The statement behind a handle.
///
/// # Safety
/// `handle` is null or came from an init function, was not closed, and no other thread uses it.
unsafe fn statement<'a>(handle: *mut c_void) -> Option<&'a mut Statement> {
    // SAFETY: by the caller's word.
    unsafe { handle.cast::<Statement>().as_mut() }
}

fn without_statement() -> c_int {
    keep(&Error::new(0x022A, "Stmt API usage error"))
}

fn opened(taos: *mut c_void) -> *mut c_void {
    if taos.is_null() {
        keep(&Error::disconnected());
        return ptr::null_mut();
    }
    Box::into_raw(Box::new(Statement::new(taos))).cast()
}

/// A statement's SQL: so many bytes of it, or all up to the NUL for 0.
///
/// # Safety
/// `sql` is null or a C string, at least `length` bytes long.
unsafe fn statement_text(sql: *const c_char, length: c_ulong) -> String {
    // SAFETY: by the caller's word.
    let mut whole = unsafe { text(sql) }.unwrap_or_default();
    let length = usize::try_from(length).unwrap_or(0);
    if length > 0 && length < whole.len() && whole.is_char_boundary(length) {
        whole.truncate(length);
    }
    whole
}

/// Copies an array of binds of the older form.
///
/// # Safety
/// `binds` is null or has `count` elements.
unsafe fn multi(binds: *const MultiBind, count: usize) -> Vec<Column> {
    if binds.is_null() {
        return Vec::new();
    }
    // SAFETY: by the caller's word.
    let binds = unsafe { std::slice::from_raw_parts(binds, count) };
    // SAFETY: the same.
    binds
        .iter()
        .map(|bind| unsafe { Column::of_multi(bind) })
        .collect()
}

/// Copies an array of binds of the newer form, one of a table's.
///
/// # Safety
/// `arrays` is null or has more than `table` elements, each null or an array of `count`.
unsafe fn of_table(arrays: *const *mut Bind, table: usize, count: usize) -> Vec<Column> {
    if arrays.is_null() {
        return Vec::new();
    }
    // SAFETY: by the caller's word.
    let binds = unsafe { arrays.add(table).read() };
    if binds.is_null() {
        return Vec::new();
    }
    // SAFETY: the same.
    let binds = unsafe { std::slice::from_raw_parts(binds, count) };
    // SAFETY: the same.
    binds
        .iter()
        .map(|bind| unsafe { Column::of(bind) })
        .collect()
}

/// Writes a number where a caller wants it.
///
/// # Safety
/// `into` is null or leads to a number.
unsafe fn put(into: *mut c_int, number: c_int) {
    if !into.is_null() {
        // SAFETY: by the caller's word.
        unsafe { into.write(number) };
    }
}

/// The fields of a role, kept by the statement.
///
/// # Safety
/// As for [`statement`] and [`put`]; `fields` is null or leads to a pointer.
unsafe fn shown(
    handle: *mut c_void,
    role: u8,
    count: *mut c_int,
    fields: *mut *mut FieldE,
) -> c_int {
    // SAFETY: by the caller's word.
    let Some(statement) = (unsafe { statement(handle) }) else {
        return without_statement();
    };
    statement.shown = statement.of(role).map(FieldAll::shown).collect();
    // SAFETY: the same.
    unsafe {
        put(count, c_int::try_from(statement.shown.len()).unwrap_or(0));
        if !fields.is_null() {
            fields.write(statement.shown.as_mut_ptr());
        }
    }
    0
}

/// Executes on another thread, then calls back.
fn execute_in_thread(handle: *mut c_void, callback: Callback) -> c_int {
    let (handle, argument) = (Shared(handle), Shared(callback.argument));
    thread::spawn(move || {
        // SAFETY: by the C interface's contract the statement is not used elsewhere until the callback was called.
        if let Some(statement) = unsafe { statement(handle.pointer()) } {
            let (outcome, code) = statement.execute_for_callback();
            // SAFETY: the caller gave the function for this very call; the statement keeps the result.
            unsafe { (callback.function)(argument.pointer(), outcome.cast(), code) };
        }
    });
    0
}

c_functions! {
    /// A new statement of a connection.
    fn taos_stmt_init(taos: *mut c_void) -> *mut c_void, failing |_| ptr::null_mut(); { opened(taos) }

    /// A new statement of a connection; the request's number is not looked at.
    fn taos_stmt_init_with_reqid(taos: *mut c_void, _reqid: i64) -> *mut c_void, failing |_| ptr::null_mut(); { opened(taos) }

    /// A new statement of a connection, which may execute on another thread and call back.
    fn taos_stmt2_init(taos: *mut c_void, options: *const Options) -> *mut c_void, failing |_| ptr::null_mut(); {
        let handle = opened(taos);
        // SAFETY: by the C interface's contract; the handle is new.
        if let (Some(statement), Some(options)) = unsafe { (statement(handle), options.as_ref()) } {
            let argument = options.argument;
            statement.callback = options.function.map(|function| Callback { function, argument });
        }
        handle
    }

    /// Prepares a text.
    fn taos_stmt_prepare(handle: *mut c_void, sql: *const c_char, length: c_ulong) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (statement, sql) = unsafe { (statement(handle), statement_text(sql, length)) };
        statement.map_or_else(without_statement, |statement| {
            let prepared = statement.prepare(&sql);
            statement.ended(prepared)
        })
    }

    /// Prepares a text.
    fn taos_stmt2_prepare(handle: *mut c_void, sql: *const c_char, length: c_ulong) -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_prepare(handle, sql, length) }
    }

    /// Names the table that further rows are for.
    fn taos_stmt_set_tbname(handle: *mut c_void, name: *const c_char) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (statement, name) = unsafe { (statement(handle), text(name)) };
        statement.map_or_else(without_statement, |statement| {
            let set = statement.set_table(&name.unwrap_or_default());
            statement.ended(set)
        })
    }

    /// Names the table that further rows are for.
    fn taos_stmt_set_sub_tbname(handle: *mut c_void, name: *const c_char) -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_set_tbname(handle, name) }
    }

    /// Binds the tags of the table that was named.
    fn taos_stmt_set_tags(handle: *mut c_void, tags: *const MultiBind) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let Some(statement) = (unsafe { statement(handle) }) else {
            return without_statement();
        };
        let count = statement.of(TAG).count();
        // SAFETY: by the C interface's contract there is one bind for each tag.
        statement.pending.tags = unsafe { multi(tags, count) };
        0
    }

    /// Names a table and binds its tags.
    fn taos_stmt_set_tbname_tags(handle: *mut c_void, name: *const c_char, tags: *const MultiBind)
        -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe {
            match taos_stmt_set_tbname(handle, name) {
                0 => taos_stmt_set_tags(handle, tags),
                failed => failed,
            }
        }
    }

    /// Binds rows, a column after the other.
    fn taos_stmt_bind_param_batch(handle: *mut c_void, binds: *const MultiBind) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let Some(statement) = (unsafe { statement(handle) }) else {
            return without_statement();
        };
        let width = statement.width();
        // SAFETY: by the C interface's contract there is one bind for each column.
        statement.bind(unsafe { multi(binds, width) });
        0
    }

    /// Binds the rows of one column.
    fn taos_stmt_bind_single_param_batch(handle: *mut c_void, bind: *const MultiBind, column: c_int)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (statement, bind) = unsafe { (statement(handle), bind.as_ref()) };
        let (Some(statement), Some(bind), Ok(column)) = (statement, bind, usize::try_from(column)) else {
            return without_statement();
        };
        if column >= statement.width() {
            return without_statement();
        }
        // SAFETY: by the C interface's contract.
        statement.bind_column(column, unsafe { Column::of_multi(bind) });
        0
    }

    /// Binds one row.
    fn taos_stmt_bind_param(handle: *mut c_void, binds: *const MultiBind) -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_bind_param_batch(handle, binds) }
    }

    /// Adds what was bound.
    fn taos_stmt_add_batch(handle: *mut c_void) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }.map_or_else(without_statement, |statement| {
            statement.add();
            0
        })
    }

    /// Executes with what was bound.
    fn taos_stmt_execute(handle: *mut c_void) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }.map_or_else(without_statement, |statement| {
            let executed = statement.execute();
            statement.ended(executed)
        })
    }

    /// The rows that all executions wrote.
    fn taos_stmt_affected_rows(handle: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }.map_or(0, |statement| statement.affected)
    }

    /// The rows that the last execution wrote.
    fn taos_stmt_affected_rows_once(handle: *mut c_void) -> c_int, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }.map_or(0, |statement| statement.affected_once)
    }

    /// The result of a query; null if there is none.
    fn taos_stmt_use_result(handle: *mut c_void) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }
            .and_then(Statement::take_result)
            .map_or(ptr::null_mut(), |outcome| Box::into_raw(Box::new(outcome)).cast())
    }

    /// The result of a query; null if there is none.
    fn taos_stmt2_result(handle: *mut c_void) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_use_result(handle) }
    }

    /// Gives a statement back.
    fn taos_stmt_close(handle: *mut c_void) -> c_int, failing Error::number; {
        if handle.is_null() {
            return without_statement();
        }
        // SAFETY: a statement that is not null came from an init function and is given back once.
        drop(unsafe { Box::from_raw(handle.cast::<Statement>()) });
        0
    }

    /// Gives a statement back.
    fn taos_stmt2_close(handle: *mut c_void) -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_close(handle) }
    }

    /// The text of the last error.
    fn taos_stmt_errstr(handle: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        unsafe { statement(handle) }.map_or(c"Stmt API usage error".as_ptr(), |statement| statement.text().as_ptr())
    }

    /// The text of the last error.
    fn taos_stmt2_error(handle: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_errstr(handle) }
    }

    /// Whether a statement is an insert.
    fn taos_stmt_is_insert(handle: *mut c_void, insert: *mut c_int) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe {
            statement(handle).map_or_else(without_statement, |statement| {
                put(insert, statement.is_insert.into());
                0
            })
        }
    }

    /// Whether a statement is an insert.
    fn taos_stmt2_is_insert(handle: *mut c_void, insert: *mut c_int) -> c_int, failing Error::number; {
        // SAFETY: the contract is the same.
        unsafe { taos_stmt_is_insert(handle, insert) }
    }

    /// How many values a row has.
    fn taos_stmt_num_params(handle: *mut c_void, count: *mut c_int) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe {
            statement(handle).map_or_else(without_statement, |statement| {
                put(count, c_int::try_from(statement.width()).unwrap_or(0));
                0
            })
        }
    }

    /// The type and length of a row's value.
    fn taos_stmt_get_param(handle: *mut c_void, index: c_int, kind: *mut c_int, bytes: *mut c_int)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let statement = unsafe { statement(handle) };
        let field = statement.and_then(|statement| statement.of(COLUMN).nth(usize::try_from(index).ok()?));
        field.map_or_else(without_statement, |field| {
            let (its_kind, its_bytes) = field.kind_and_bytes();
            // SAFETY: by the C interface's contract.
            unsafe {
                put(kind, its_kind);
                put(bytes, its_bytes);
            }
            0
        })
    }

    /// The tags of an insert; good until the next such call.
    fn taos_stmt_get_tag_fields(handle: *mut c_void, count: *mut c_int, fields: *mut *mut FieldE)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe { shown(handle, TAG, count, fields) }
    }

    /// The columns of an insert; good until the next such call.
    fn taos_stmt_get_col_fields(handle: *mut c_void, count: *mut c_int, fields: *mut *mut FieldE)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        unsafe { shown(handle, COLUMN, count, fields) }
    }

    /// Fields belong to their statement, so nothing is given back.
    fn taos_stmt_reclaim_fields(_handle: *mut c_void, _fields: *mut FieldE) -> (), failing |_| (); {}

    /// What all the `?` stand for: an insert's fields, or the number of a query's.
    fn taos_stmt2_get_fields(handle: *mut c_void, count: *mut c_int, fields: *mut *mut FieldAll)
        -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let Some(statement) = (unsafe { statement(handle) }) else {
            return without_statement();
        };
        let known = c_int::try_from(statement.fields.len()).unwrap_or(0);
        // SAFETY: the same.
        unsafe {
            put(count, if statement.is_insert { known } else { statement.parameters });
            if !fields.is_null() {
                let none = statement.fields.is_empty();
                fields.write(if none { ptr::null_mut() } else { statement.fields.as_mut_ptr() });
            }
        }
        0
    }

    /// Fields belong to their statement, so nothing is given back.
    fn taos_stmt2_free_fields(_handle: *mut c_void, _fields: *mut FieldAll) -> (), failing |_| (); {}

    /// Binds the rows of many tables.
    fn taos_stmt2_bind_param(handle: *mut c_void, binds: *const BindV, _column: i32) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (Some(statement), Some(binds)) = (unsafe { (statement(handle), binds.as_ref()) }) else {
            return without_statement();
        };
        let (tags, width) = (statement.of(TAG).count(), statement.width());
        for table in 0..usize::try_from(binds.count).unwrap_or(0).min(MOST_TABLES) {
            // SAFETY: by the C interface's contract its arrays have an element for each table.
            let bound = unsafe {
                Table {
                    name: if binds.names.is_null() { None } else { text(binds.names.add(table).read()) },
                    tags: of_table(binds.tags, table, tags),
                    columns: of_table(binds.columns, table, width),
                }
            };
            statement.push(bound);
        }
        0
    }

    /// Executes with what was bound; on another thread if the statement has a function to call.
    fn taos_stmt2_exec(handle: *mut c_void, affected: *mut c_int) -> c_int, failing Error::number; {
        // SAFETY: by the C interface's contract.
        if let Some(callback) = unsafe { statement(handle) }.and_then(|statement| statement.callback) {
            return execute_in_thread(handle, callback);
        }
        // SAFETY: by the C interface's contract.
        unsafe {
            statement(handle).map_or_else(without_statement, |statement| {
                let executed = statement.execute();
                put(affected, statement.affected_once);
                statement.ended(executed)
            })
        }
    }
}
