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
    taos_stmt_prepare
    taos_stmt_set_tbname_tags
    taos_stmt_set_tbname
    taos_stmt_set_tags
    taos_stmt_set_sub_tbname
    taos_stmt_is_insert
    taos_stmt_num_params
    taos_stmt_get_param
    taos_stmt_bind_param
    taos_stmt_bind_param_batch
    taos_stmt_add_batch
    taos_stmt_execute
    taos_stmt_close
    taos_stmt_affected_rows
    taos_stmt_affected_rows_once
    taos_stmt_get_tag_fields
    taos_stmt_get_col_fields
    taos_stmt_reclaim_fields
    taos_stmt2_prepare
    taos_stmt2_bind_param
    taos_stmt2_exec
    taos_stmt2_close
    taos_stmt2_is_insert
    taos_stmt2_get_fields
    taos_stmt2_free_fields
    tmq_get_res_type
    tmq_free_json_meta
    tmq_get_vgroup_id
    tmq_get_vgroup_offset
    tmq_get_raw
    tmq_free_raw
    tmq_write_raw
    tmq_conf_destroy
    tmq_conf_set
    tmq_conf_set_auto_commit_cb
    tmq_list_append
    tmq_list_destroy
    tmq_list_get_size
    tmq_subscribe
    tmq_unsubscribe
    tmq_subscription
    tmq_consumer_close
    tmq_commit_sync
    tmq_commit_async
    tmq_commit_offset_sync
    tmq_commit_offset_async
    tmq_committed
    tmq_position
    tmq_offset_seek
    tmq_get_topic_assignment
    tmq_free_assignment
}

absent! {
    -> *mut c_void = ptr::null_mut();
    taos_connect_auth
    taos_stmt_init
    taos_stmt_init_with_reqid
    taos_stmt_use_result
    taos_stmt_errstr
    taos_stmt2_init
    taos_stmt2_error
    taos_schemaless_insert
    taos_schemaless_insert_ttl
    taos_schemaless_insert_with_reqid
    taos_schemaless_insert_ttl_with_reqid
    taos_schemaless_insert_raw
    taos_schemaless_insert_raw_ttl
    taos_schemaless_insert_raw_with_reqid
    taos_schemaless_insert_raw_ttl_with_reqid
    taos_schemaless_insert_raw_ttl_with_reqid_tbname_key
    tmq_get_table_name
    tmq_get_db_name
    tmq_get_json_meta
    tmq_get_topic_name
    tmq_conf_new
    tmq_consumer_new
    tmq_consumer_poll
    tmq_list_new
    tmq_list_to_c_array
    tmq_err2str
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
