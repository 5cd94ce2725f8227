//! Functions that a connector looks up when it is loaded or linked, and that nothing of ours calls: each answers that the
//! stand-in does not have it.

use std::ffi::{c_int, c_void};
use std::ptr;

use crate::error::{Error, keep};

/// Declares them. In the calling conventions of C the caller alone knows what it passed, so none of them takes anything.
macro_rules! absent {
    (-> $ret:ty = $failed:expr; $($name:ident)*) => {$(
        #[doc = concat!("`", stringify!($name), "` is not here.")]
        #[unsafe(no_mangle)]
        pub(crate) extern "C" fn $name() -> $ret {
            keep(&Error::new(0x0100, concat!("The stand-in driver has no ", stringify!($name))));
            $failed
        }
    )*};
}

absent! {
    -> c_int = -1;
    taos_stop_query
    taos_validate_sql
    taos_load_table_info
    taos_get_table_vgId
    taos_get_tables_vgId
    taos_set_conn_mode
    taos_get_current_db
    taos_reset_current_db
    taos_options_connection
    taos_write_raw_block
    taos_write_raw_block_with_reqid
    taos_write_raw_block_with_fields
    taos_write_raw_block_with_fields_with_reqid
    taos_set_notify_cb
    taos_fetch_whitelist_a
    taos_set_option
    tmq_free_json_meta
    tmq_write_raw
}

absent! {
    -> *mut c_void = ptr::null_mut();
    taos_connect_auth
    taos_connect_with
    tmq_get_json_meta
    tmq_get_connect
}

/// What `taos_set_config` gives.
#[repr(C)]
pub(crate) struct Configured {
    code: c_int,
    text: [std::ffi::c_char; 1024],
}

/// `taos_set_config` takes nothing: the configuration is that of the file.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn taos_set_config() -> Configured {
    Configured {
        code: -1,
        text: [0; 1024],
    }
}
