//! `taos_print_row`: a row as text, values apart by a space.

use std::ffi::c_void;

/// One value as text; `None` if its type has no form here.
///
/// # Safety
/// `value` is null or comes from a row whose column has type `kind`.
pub(crate) unsafe fn value(value: *const c_void, kind: i8) -> Option<String> {
    if value.is_null() {
        return Some("NULL".to_owned());
    }
    // SAFETY: by the caller's word the pointer leads to a value of the type; values of a row are aligned to eight bytes, and
    // those of variable length have their length, a u16, right before them.
    unsafe {
        Some(match kind {
            1 => u8::from(value.cast::<u8>().read() != 0).to_string(),
            2 => value.cast::<i8>().read().to_string(),
            3 => value.cast::<i16>().read().to_string(),
            4 => value.cast::<i32>().read().to_string(),
            5 | 9 => value.cast::<i64>().read().to_string(),
            6 => format!("{:.6}", value.cast::<f32>().read()),
            7 => format!("{:.6}", value.cast::<f64>().read()),
            11 => value.cast::<u8>().read().to_string(),
            12 => value.cast::<u16>().read().to_string(),
            13 => value.cast::<u32>().read().to_string(),
            14 => value.cast::<u64>().read().to_string(),
            8 | 10 | 15 => {
                let length = value.cast::<u16>().sub(1).read();
                let bytes = std::slice::from_raw_parts(value.cast::<u8>(), usize::from(length));
                String::from_utf8_lossy(bytes).into_owned()
            }
            _ => return None,
        })
    }
}
