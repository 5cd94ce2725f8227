//! `com.taosdata.jdbc.TSDBJNIConnector`: schemaless writes.

use std::ffi::c_char;

use jni_sys::{JNIEnv, jint, jlong, jobject, jobjectArray};

use super::connection::java_functions;
use super::environment::Java;
use super::{CONNECTION_NULL, number, pointer};
use crate::interface::points::taos_schemaless_insert;

java_functions! {
    /// Writes lines. The ordinals of the driver's enumerations are the numbers of the C interface.
    fn Java_com_taosdata_jdbc_TSDBJNIConnector_schemalessInsertImp(java, lines: jobjectArray, connection: jlong, protocol: jint,
        precision: jint) -> jlong {
        if connection == 0 {
            return CONNECTION_NULL.into();
        }
        let lines = java.texts(lines);
        let starts: Vec<*const c_char> = lines.iter().map(|line| line.as_ptr()).collect();
        let count = jint::try_from(starts.len()).unwrap_or(0);
        // SAFETY: by the caller's word; the lines outlive the call.
        number(unsafe { taos_schemaless_insert(pointer(connection), starts.as_ptr(), count, protocol, precision) })
    }
}
