//! `com.taosdata.jdbc.tmq.TMQConnector`: subscriptions.

use std::ffi::c_char;
use std::ptr;

use jni_sys::{JNIEnv, jint, jlong, jobject, jstring};

use super::connection::{add_columns, fetch_block, java_functions};
use super::environment::Java;
use super::{
    CONF_KEY_NULL, CONF_NULL, CONF_VALUE_NULL, CONSUMER_CREATE_ERROR, CONSUMER_NULL, SUCCESS,
    TOPIC_NAME_NULL, TOPIC_NULL, missing, number, pointer,
};
use crate::interface::subscriptions::{
    tmq_commit_sync, tmq_conf_destroy, tmq_conf_new, tmq_conf_set, tmq_consumer_close,
    tmq_consumer_new, tmq_consumer_poll, tmq_err2str, tmq_get_db_name, tmq_get_table_name,
    tmq_get_topic_name, tmq_get_vgroup_id, tmq_get_vgroup_offset, tmq_list_append,
    tmq_list_destroy, tmq_list_new, tmq_subscribe, tmq_unsubscribe,
};

/// Room for the reason why there is no consumer.
const REASON: usize = 1024;

java_functions! {
    /// Settings, none set.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConfNewImp(_java) -> jlong {
        // SAFETY: it takes nothing.
        number(unsafe { tmq_conf_new() })
    }

    /// Sets one.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConfSetImp(java, settings: jlong, key: jstring, value: jstring) -> jint {
        let Some(key) = java.text(key) else {
            return CONF_KEY_NULL;
        };
        let Some(value) = java.text(value) else {
            return CONF_VALUE_NULL;
        };
        // SAFETY: by the caller's word.
        unsafe { tmq_conf_set(pointer(settings), key.as_ptr(), value.as_ptr()) }
    }

    /// Gives settings back.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConfDestroyImp(_java, settings: jlong) -> () {
        // SAFETY: by the caller's word.
        unsafe { tmq_conf_destroy(pointer(settings)) };
    }

    /// Connects; on failure a negative number, and the reason for the connector.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConsumerNewImp(java, settings: jlong, connector: jobject) -> jlong {
        if settings == 0 {
            return CONF_NULL;
        }
        let mut reason: [c_char; REASON] = [0; REASON];
        let size = jint::try_from(REASON).unwrap_or(0);
        // SAFETY: by the caller's word; the reason ends in NUL.
        unsafe {
            let consumer = tmq_consumer_new(pointer(settings), reason.as_mut_ptr(), size);
            if !consumer.is_null() {
                return number(consumer);
            }
            let reason = java.string(reason.as_ptr());
            java.set_object(connector, c"setCreateConsumerErrorMsg", c"(Ljava/lang/String;)V", reason);
        }
        CONSUMER_CREATE_ERROR
    }

    /// A list of topics, empty.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqTopicNewImp(_java, consumer: jlong) -> jlong {
        if consumer == 0 {
            return CONSUMER_NULL.into();
        }
        // SAFETY: it takes nothing.
        number(unsafe { tmq_list_new() })
    }

    /// Adds a topic.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqTopicAppendImp(java, topics: jlong, name: jstring) -> jint {
        if topics == 0 {
            return TOPIC_NULL;
        }
        java.text(name).map_or(TOPIC_NAME_NULL, |name| {
            // SAFETY: by the caller's word.
            unsafe { tmq_list_append(pointer(topics), name.as_ptr()) }
        })
    }

    /// Gives a list back.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqTopicDestroyImp(_java, topics: jlong) -> () {
        // SAFETY: by the caller's word.
        unsafe { tmq_list_destroy(pointer(topics)) };
    }

    /// Subscribes.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqSubscribeImp(_java, consumer: jlong, topics: jlong) -> jint {
        match (consumer, topics) {
            (0, _) => CONSUMER_NULL,
            (_, 0) => TOPIC_NULL,
            // SAFETY: by the caller's word.
            (consumer, topics) => unsafe { tmq_subscribe(pointer(consumer), pointer(topics)) },
        }
    }

    /// Ends the subscription.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqUnsubscribeImp(_java, consumer: jlong) -> jint {
        match consumer {
            0 => CONSUMER_NULL,
            // SAFETY: by the caller's word.
            consumer => unsafe { tmq_unsubscribe(pointer(consumer)) },
        }
    }

    /// Ends a consumer.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConsumerCloseImp(_java, consumer: jlong) -> jint {
        match consumer {
            0 => CONSUMER_NULL,
            // SAFETY: by the caller's word.
            consumer => unsafe { tmq_consumer_close(pointer(consumer)) },
        }
    }

    /// Commits all that was polled.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqCommitAllSync(_java, consumer: jlong) -> jint {
        match consumer {
            0 => CONSUMER_NULL,
            // SAFETY: by the caller's word.
            consumer => unsafe { tmq_commit_sync(pointer(consumer), ptr::null_mut()) },
        }
    }

    /// The text of a code.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_getErrMsgImp(java, code: jint) -> jstring {
        // SAFETY: it gives a C string.
        unsafe { java.string(tmq_err2str(code)) }
    }

    /// The next message; 0 if there is none in that time.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqConsumerPoll(_java, consumer: jlong, milliseconds: jlong) -> jlong {
        match consumer {
            0 => CONSUMER_NULL.into(),
            // SAFETY: by the caller's word.
            consumer => number(unsafe { tmq_consumer_poll(pointer(consumer), milliseconds) }),
        }
    }

    /// A message's topic.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqGetTopicName(java, message: jlong) -> jstring {
        // SAFETY: by the caller's word.
        unsafe { java.string(tmq_get_topic_name(pointer(message))) }
    }

    /// A message's database.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqGetDbName(java, message: jlong) -> jstring {
        // SAFETY: by the caller's word.
        unsafe { java.string(tmq_get_db_name(pointer(message))) }
    }

    /// The table of the current rows.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqGetTableName(java, message: jlong) -> jstring {
        // SAFETY: by the caller's word.
        unsafe { java.string(tmq_get_table_name(pointer(message))) }
    }

    /// A message's vgroup.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqGetVgroupId(_java, message: jlong) -> jint {
        // SAFETY: by the caller's word.
        unsafe { tmq_get_vgroup_id(pointer(message)) }
    }

    /// The offset from which a message was asked for.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_tmqGetOffset(_java, message: jlong) -> jlong {
        // SAFETY: by the caller's word.
        unsafe { tmq_get_vgroup_offset(pointer(message)) }
    }

    /// Gives the rows of a message's next block to a `TSDBResultSetBlockData`, and its columns to the list.
    fn Java_com_taosdata_jdbc_tmq_TMQConnector_fetchRawBlockImp(java, consumer: jlong, message: jlong, block: jobject,
        columns: jobject) -> jint {
        if let Some(number) = missing(consumer, message) {
            return number;
        }
        let message = pointer(message);
        // SAFETY: by the caller's word.
        unsafe {
            match fetch_block(java, message, block) {
                SUCCESS => add_columns(java, message, columns),
                ended => ended,
            }
        }
    }
}
