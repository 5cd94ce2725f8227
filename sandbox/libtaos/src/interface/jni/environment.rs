//! Values and calls across the border to Java.

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use jni_sys::{JNIEnv, jarray, jbyteArray, jint, jobject, jobjectArray, jsize, jstring, jvalue};

use crate::error::c_string;

/// The functions of the virtual machine, for the thread that called.
#[derive(Clone, Copy)]
pub(super) struct Java(*mut JNIEnv);

/// Calls a function of the table. All that are used have been there since Java 1.2.
macro_rules! call {
    ($java:expr, $name:ident($($argument:expr),*)) => {
        // SAFETY: by the word of `Java::new`, the table is that of this thread; references come from Java or from this table, and
        // lengths are those of the arrays.
        unsafe { ((**$java.0).v1_2.$name)($java.0 $(, $argument)*) }
    };
}

impl Java {
    /// # Safety
    /// `table` is what Java passed to the method that is running.
    pub(super) unsafe fn new(table: *mut JNIEnv) -> Self {
        Self(table)
    }

    /// A text; `None` if null.
    pub(super) fn text(self, text: jstring) -> Option<CString> {
        if text.is_null() {
            return None;
        }
        let length = call!(self, GetStringLength(text));
        let mut units = vec![0_u16; usize::try_from(length).unwrap_or(0)];
        call!(self, GetStringRegion(text, 0, length, units.as_mut_ptr()));
        Some(c_string(&String::from_utf16_lossy(&units)))
    }

    /// The bytes of an array; none if null.
    pub(super) fn bytes(self, array: jbyteArray) -> Vec<u8> {
        let length = self.length(array);
        let mut bytes = vec![0_u8; usize::try_from(length).unwrap_or(0)];
        if length > 0 {
            call!(
                self,
                GetByteArrayRegion(array, 0, length, bytes.as_mut_ptr().cast())
            );
        }
        bytes
    }

    /// The texts of an array; none if null.
    pub(super) fn texts(self, array: jobjectArray) -> Vec<CString> {
        let texts = (0..self.length(array)).map(|at| {
            let text = call!(self, GetObjectArrayElement(array, at));
            let read = self.text(text).unwrap_or_default();
            call!(self, DeleteLocalRef(text));
            read
        });
        texts.collect()
    }

    fn length(self, array: jarray) -> jsize {
        if array.is_null() {
            0
        } else {
            call!(self, GetArrayLength(array))
        }
    }

    /// A Java text; null for null.
    ///
    /// # Safety
    /// `text` is null or a C string.
    pub(super) unsafe fn string(self, text: *const c_char) -> jstring {
        if text.is_null() {
            return ptr::null_mut();
        }
        // SAFETY: by the caller's word.
        let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = jsize::try_from(units.len()).unwrap_or(0);
        call!(self, NewString(units.as_ptr(), length))
    }

    /// A Java array of bytes.
    pub(super) fn array(self, bytes: &[u8]) -> jbyteArray {
        let length = jsize::try_from(bytes.len()).unwrap_or(0);
        let array = call!(self, NewByteArray(length));
        if !array.is_null() {
            call!(
                self,
                SetByteArrayRegion(array, 0, length, bytes.as_ptr().cast())
            );
        }
        array
    }

    /// A new object of the class, made without arguments; null, with an exception pending, if that fails.
    pub(super) fn object(self, class: &CStr) -> jobject {
        let class = call!(self, FindClass(class.as_ptr()));
        if class.is_null() {
            return ptr::null_mut();
        }
        let constructor = call!(
            self,
            GetMethodID(class, c"<init>".as_ptr(), c"()V".as_ptr())
        );
        if constructor.is_null() {
            return ptr::null_mut();
        }
        call!(self, NewObjectA(class, constructor, ptr::null()))
    }

    /// Calls the object's method that takes one number.
    pub(super) fn set_number(self, object: jobject, method: &CStr, number: jint) {
        self.set(object, method, c"(I)V", jvalue { i: number });
    }

    /// Calls the object's method that takes one object, of the type in `signature`.
    pub(super) fn set_object(
        self,
        object: jobject,
        method: &CStr,
        signature: &CStr,
        value: jobject,
    ) {
        self.set(object, method, signature, jvalue { l: value });
        call!(self, DeleteLocalRef(value));
    }

    fn set(self, object: jobject, method: &CStr, signature: &CStr, value: jvalue) {
        let class = call!(self, GetObjectClass(object));
        let method = call!(
            self,
            GetMethodID(class, method.as_ptr(), signature.as_ptr())
        );
        call!(self, DeleteLocalRef(class));
        if !method.is_null() {
            call!(self, CallVoidMethodA(object, method, &raw const value));
        }
    }

    /// Adds an object to a `java.util.List`.
    pub(super) fn add(self, list: jobject, object: jobject) {
        let class = call!(self, GetObjectClass(list));
        let method = call!(
            self,
            GetMethodID(class, c"add".as_ptr(), c"(Ljava/lang/Object;)Z".as_ptr())
        );
        call!(self, DeleteLocalRef(class));
        if !method.is_null() {
            let value = jvalue { l: object };
            call!(self, CallBooleanMethodA(list, method, &raw const value));
        }
        call!(self, DeleteLocalRef(object));
    }
}
