//! `com.taosdata.jdbc.TSDBJNIConnector`: connections, queries, and their rows.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use jni_sys::{JNIEnv, jbyteArray, jint, jlong, jobject, jstring};

use super::environment::Java;
use super::{
    CONNECTION_NULL, FETCH_END, NO_FIELDS, RESULT_NULL, SQL_NULL, SUCCESS, missing, number, pointer,
};
use crate::error::c_string;
use crate::interface::{
    OPTION_CONFIG_FOLDER, taos_errstr, taos_fetch_fields, taos_free_result, taos_num_fields,
    taos_options, taos_query, taos_result_precision,
};
use crate::interface::{blocks, taos_affected_rows, taos_close, taos_connect, taos_errno};

const NCHAR: i8 = 10;

fn start_of(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(ptr::null(), |text| text.as_ptr())
}

/// Declares functions that Java calls: the name after the class's, and what each gives; `java` is the environment.
macro_rules! java_functions {
    ($($(#[$doc:meta])* fn $name:ident($java:ident $(, $arg:ident: $type:ty)*) -> $ret:ty $body:block)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// Java calls it, with handles that this library gave.
        #[unsafe(no_mangle)]
        #[allow(non_snake_case, reason = "Java finds the function by this name")]
        pub(crate) unsafe extern "system" fn $name(environment: *mut JNIEnv, _object: jobject $(, $arg: $type)*) -> $ret {
            // SAFETY: by the caller's word.
            let $java = unsafe { Java::new(environment) };
            $body
        }
    )*};
}
pub(super) use java_functions;

java_functions! {
    /// Chooses the configuration folder.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_initImp(java, folder: jstring) -> () {
        if let Some(folder) = java.text(folder) {
            // SAFETY: a C string.
            unsafe { taos_options(OPTION_CONFIG_FOLDER, folder.as_ptr().cast()) };
        }
    }

    /// Sets an option, unless it is null.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_setOptions(java, option: jint, value: jstring) -> jint {
        java.text(value).map_or(SUCCESS, |value| {
            // SAFETY: a C string.
            unsafe { taos_options(option, value.as_ptr().cast()) }
        })
    }

    /// The encoding of texts.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getTsCharset(java) -> jstring {
        // SAFETY: a C string.
        unsafe { java.string(c"UTF-8".as_ptr()) }
    }

    /// Takes nothing, and reports nothing: the configuration is that of the file.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_setConfigImp(_java, _config: jstring) -> jobject {
        ptr::null_mut()
    }

    /// Connects and logs in; 0 on failure.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_connectImp(java, host: jstring, port: jint, database: jstring, user: jstring,
        password: jstring) -> jlong {
        let [host, database, user, password] = [host, database, user, password].map(|text| java.text(text));
        let port = u16::try_from(port).unwrap_or(0);
        // SAFETY: C strings, or null.
        number(unsafe {
            taos_connect(start_of(&host), start_of(&user), start_of(&password), start_of(&database), port)
        })
    }

    /// Gives a connection back.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_closeConnectionImp(_java, connection: jlong) -> jint {
        if connection == 0 {
            return CONNECTION_NULL;
        }
        // SAFETY: by the caller's word.
        unsafe { taos_close(pointer(connection)) };
        SUCCESS
    }

    /// Runs a statement.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_executeQueryImp(java, sql: jbyteArray, connection: jlong) -> jlong {
        if connection == 0 {
            return CONNECTION_NULL.into();
        }
        if sql.is_null() {
            return SQL_NULL;
        }
        let sql = c_string(&String::from_utf8_lossy(&java.bytes(sql)));
        // SAFETY: by the caller's word.
        number(unsafe { taos_query(pointer(connection), sql.as_ptr()) })
    }

    /// A result's error.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getErrCodeImp(_java, connection: jlong, result: jlong) -> jint {
        // SAFETY: by the caller's word.
        missing(connection, result).unwrap_or_else(|| unsafe { taos_errno(pointer(result)) })
    }

    /// The text of a result's error, or of the last one for 0.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getErrMsgImp(java, result: jlong) -> jstring {
        // SAFETY: by the caller's word.
        unsafe { java.string(taos_errstr(pointer(result))) }
    }

    /// The result itself: it is not made anew.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getResultSetImp(_java, connection: jlong, result: jlong) -> jlong {
        missing(connection, result).map_or(result, jlong::from)
    }

    /// 1 if a statement changed something.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_isUpdateQueryImp(_java, connection: jlong, result: jlong) -> jlong {
        missing(connection, result).map_or_else(
            // SAFETY: by the caller's word.
            || unsafe { blocks::taos_is_update_query(pointer(result)) }.into(),
            jlong::from,
        )
    }

    /// Gives a result back.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_freeResultSetImp(_java, connection: jlong, result: jlong) -> jint {
        missing(connection, result).unwrap_or_else(|| {
            // SAFETY: by the caller's word.
            unsafe { taos_free_result(pointer(result)) };
            SUCCESS
        })
    }

    /// Rows that a statement changed.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getAffectedRowsImp(_java, connection: jlong, result: jlong) -> jint {
        // SAFETY: by the caller's word.
        missing(connection, result).unwrap_or_else(|| unsafe { taos_affected_rows(pointer(result)) })
    }

    /// The unit of a result's instants.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getResultTimePrecisionImp(_java, connection: jlong, result: jlong) -> jint {
        // SAFETY: by the caller's word.
        missing(connection, result).unwrap_or_else(|| unsafe { taos_result_precision(pointer(result)) })
    }

    /// Adds a `ColumnMetaData` to the list for each column.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_getSchemaMetaDataImp(java, connection: jlong, result: jlong, columns: jobject)
        -> jint {
        // SAFETY: by the caller's word.
        missing(connection, result).unwrap_or_else(|| unsafe { add_columns(java, pointer(result), columns) })
    }

    /// Gives the rows that are left to a `TSDBResultSetBlockData`.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_fetchBlockImp(java, connection: jlong, result: jlong, block: jobject) -> jint {
        // SAFETY: by the caller's word.
        missing(connection, result).unwrap_or_else(|| unsafe { fetch_block(java, pointer(result), block) })
    }
}

/// Adds the columns of a result to a list.
///
/// # Safety
/// `result` is a result, `columns` a `java.util.List`.
pub(super) unsafe fn add_columns(java: Java, result: *mut c_void, columns: jobject) -> c_int {
    // SAFETY: by the caller's word; the fields live as long as the result.
    let fields = unsafe {
        let fields = taos_fetch_fields(result);
        if fields.is_null() {
            return NO_FIELDS;
        }
        let count = usize::try_from(taos_num_fields(result)).unwrap_or(0);
        std::slice::from_raw_parts(fields, count)
    };
    for (at, field) in (0..).zip(fields) {
        let column = java.object(c"com/taosdata/jdbc/ColumnMetaData");
        if column.is_null() {
            return RESULT_NULL;
        }
        // SAFETY: the name is a C string.
        let name = unsafe { java.string(field.name.as_ptr()) };
        java.set_number(column, c"setColType", field.kind.into());
        java.set_number(column, c"setColSize", size(field.kind, field.bytes));
        java.set_number(column, c"setColIndex", at);
        java.set_object(column, c"setColName", c"(Ljava/lang/String;)V", name);
        java.add(columns, column);
    }
    SUCCESS
}

/// A column's size as the driver shows it: an nchar's in characters.
fn size(kind: i8, bytes: i32) -> i32 {
    if kind == NCHAR { bytes / 4 } else { bytes }
}

/// Gives the rows that are left to Java.
///
/// # Safety
/// `result` is a result, `block` a `TSDBResultSetBlockData`.
pub(super) unsafe fn fetch_block(java: Java, result: *mut c_void, block: jobject) -> c_int {
    let (mut rows, mut data) = (0, ptr::null_mut());
    // SAFETY: by the caller's word.
    let code = unsafe { blocks::taos_fetch_raw_block(result, &raw mut rows, &raw mut data) };
    if code != 0 || rows == 0 || data.is_null() {
        return FETCH_END;
    }
    // SAFETY: a block tells its length in its second word.
    let bytes = unsafe {
        let length = data.cast::<i32>().add(1).read_unaligned();
        std::slice::from_raw_parts(data.cast::<u8>(), usize::try_from(length).unwrap_or(0))
    };
    // SAFETY: by the caller's word.
    let columns = unsafe { taos_num_fields(result) };
    java.set_number(block, c"setNumOfRows", rows);
    // This empties it of the block before.
    java.set_number(block, c"setNumOfCols", columns);
    java.set_object(block, c"setByteArray", c"([B)V", java.array(bytes));
    SUCCESS
}
