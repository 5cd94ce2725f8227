//! `com.taosdata.jdbc.TSDBJNIConnector`: bound statements.

use std::ffi::{c_char, c_int};
use std::ptr;

use jni_sys::{JNIEnv, jbyteArray, jint, jlong, jobject, jstring};

use super::connection::java_functions;
use super::environment::Java;
use super::{CONNECTION_NULL, ENGINE_ERROR, SQL_NULL, number, pointer};
use crate::bound::MultiBind;
use crate::error::c_string;
use crate::interface::statements::{
    taos_stmt_add_batch, taos_stmt_bind_single_param_batch, taos_stmt_close, taos_stmt_errstr,
    taos_stmt_execute, taos_stmt_init, taos_stmt_prepare, taos_stmt_set_tbname,
    taos_stmt_set_tbname_tags,
};

/// The 32-bit numbers that Java put into an array of bytes.
fn numbers(bytes: &[u8]) -> Vec<i32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| i32::from_le_bytes(*word)).collect()
}

/// The values of each tag, which stand one behind the other.
struct Tags {
    values: Vec<u8>,
    kinds: Vec<u8>,
    lengths: Vec<i32>,
    nulls: Vec<u8>,
}

impl Tags {
    /// One bind for each tag; they are good as long as the tags are.
    fn binds(&mut self) -> Vec<MultiBind> {
        let mut at = 0;
        let tags = self
            .kinds
            .iter()
            .zip(&mut self.lengths)
            .zip(&mut self.nulls);
        tags.map_while(|((kind, length), null)| {
            let size = usize::try_from(*length).ok()?;
            let buffer = self.values.get_mut(at..at + size)?.as_mut_ptr().cast();
            at += size;
            Some(MultiBind {
                kind: c_int::from(*kind),
                buffer,
                stride: size,
                lengths: length,
                nulls: ptr::from_mut(null).cast::<c_char>(),
                rows: 1,
            })
        })
        .collect()
    }
}

java_functions! {
    /// A statement that is prepared.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_prepareStmtImp(java, sql: jbyteArray, connection: jlong) -> jlong {
        if connection == 0 {
            return CONNECTION_NULL.into();
        }
        if sql.is_null() {
            return SQL_NULL;
        }
        let sql = c_string(&String::from_utf8_lossy(&java.bytes(sql)));
        // SAFETY: by the caller's word.
        unsafe {
            let statement = taos_stmt_init(pointer(connection));
            if taos_stmt_prepare(statement, sql.as_ptr(), 0) == 0 {
                return number(statement);
            }
            taos_stmt_close(statement);
        }
        ENGINE_ERROR
    }

    /// Names the table that further rows are for.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_setBindTableNameImp(java, statement: jlong, name: jstring, _connection: jlong)
        -> jint {
        let name = java.text(name).unwrap_or_default();
        // SAFETY: by the caller's word.
        unsafe { taos_stmt_set_tbname(pointer(statement), name.as_ptr()) }
    }

    /// Names a table and binds its tags.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_setTableNameTagsImp(java, statement: jlong, name: jstring, _count: jint,
        values: jbyteArray, kinds: jbyteArray, lengths: jbyteArray, nulls: jbyteArray, _connection: jlong) -> jint {
        let name = java.text(name).unwrap_or_default();
        let mut tags = Tags {
            values: java.bytes(values),
            kinds: java.bytes(kinds),
            lengths: numbers(&java.bytes(lengths)),
            nulls: java.bytes(nulls),
        };
        let binds = tags.binds();
        // SAFETY: by the caller's word; the driver binds as many tags as there are.
        unsafe { taos_stmt_set_tbname_tags(pointer(statement), name.as_ptr(), binds.as_ptr()) }
    }

    /// Binds the rows of one column.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_bindColDataImp(java, statement: jlong, values: jbyteArray, lengths: jbyteArray,
        nulls: jbyteArray, kind: jint, bytes: jint, rows: jint, column: jint, _connection: jlong) -> jint {
        let (mut values, mut nulls) = (java.bytes(values), java.bytes(nulls));
        let mut lengths = numbers(&java.bytes(lengths));
        let bind = MultiBind {
            kind,
            buffer: values.as_mut_ptr().cast(),
            stride: usize::try_from(bytes).unwrap_or(0),
            lengths: lengths.as_mut_ptr(),
            nulls: nulls.as_mut_ptr().cast(),
            rows,
        };
        // SAFETY: by the caller's word; the driver makes its arrays as long as there are rows.
        unsafe { taos_stmt_bind_single_param_batch(pointer(statement), &raw const bind, column) }
    }

    /// Adds what was bound.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_addBatchImp(_java, statement: jlong, _connection: jlong) -> jint {
        // SAFETY: by the caller's word.
        unsafe { taos_stmt_add_batch(pointer(statement)) }
    }

    /// Executes with what was bound.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_executeBatchImp(_java, statement: jlong, _connection: jlong) -> jint {
        // SAFETY: by the caller's word.
        unsafe { taos_stmt_execute(pointer(statement)) }
    }

    /// Gives a statement back.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_closeStmt(_java, statement: jlong, _connection: jlong) -> jint {
        // SAFETY: by the caller's word.
        unsafe { taos_stmt_close(pointer(statement)) }
    }

    /// The text of a statement's error.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_stmtErrorMsgImp(java, statement: jlong, _connection: jlong) -> jstring {
        // SAFETY: by the caller's word.
        unsafe { java.string(taos_stmt_errstr(pointer(statement))) }
    }
}
