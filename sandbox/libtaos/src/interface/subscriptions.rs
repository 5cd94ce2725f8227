//! Subscriptions: `tmq_*`.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use serde_json::Value;

use super::{outcome, text};
use crate::consumer::{Consumer, Settings, Topics};
use crate::error::{Error, keep, last_text};
use crate::outcome::Outcome;

/// `tmq_conf_set`: taken, and not known.
const TAKEN: c_int = 0;
const UNKNOWN: c_int = -2;
/// `tmq_get_res_type` of rows, and of other results.
const DATA: c_int = 1;
const INVALID: c_int = -1;
/// `raw_type` of rows.
const ROWS: u16 = 1;

/// What is called when a commit has ended.
type Callback = unsafe extern "C" fn(*mut c_void, i32, *mut c_void);

/// `tmq_topic_assignment`.
#[repr(C)]
pub(crate) struct Assignment {
    vgroup: i32,
    current: i64,
    begin: i64,
    end: i64,
}

/// `tmq_raw_data`.
#[repr(C)]
pub(crate) struct RawData {
    raw: *mut c_void,
    length: u32,
    kind: u16,
}

/// What stands behind a handle.
///
/// # Safety
/// `handle` is null or came from the function that gives `T`, and no other thread uses it.
unsafe fn behind<'a, T>(handle: *mut c_void) -> Option<&'a mut T> {
    // SAFETY: by the caller's word.
    unsafe { handle.cast::<T>().as_mut() }
}

fn without_consumer() -> Error {
    Error::new(0x0200, "Invalid parameters")
}

/// 0, or the error's number.
fn ended<T>(result: Result<T, Error>) -> c_int {
    result.map_or_else(|error| keep(&error), |_| 0)
}

/// Asks a consumer about offsets.
///
/// # Safety
/// `tmq` is null or a consumer, `topic` null or a C string.
unsafe fn asked(
    tmq: *mut c_void,
    act: &str,
    topic: *const c_char,
    vgroup: i32,
    offset: i64,
) -> Result<Value, Error> {
    // SAFETY: by the caller's word.
    let (consumer, topic) = unsafe { (behind::<Consumer>(tmq), text(topic)) };
    let consumer = consumer.ok_or_else(without_consumer)?;
    consumer.offsets(act, &topic.unwrap_or_default(), vgroup, offset)
}

/// An offset, or the error's number.
fn offset_of(answer: Result<Value, Error>) -> i64 {
    match answer {
        Ok(answer) => answer.get("offset").and_then(Value::as_i64).unwrap_or(0),
        Err(error) => keep(&error).into(),
    }
}

c_functions! {
    /// Settings, none set.
    fn tmq_conf_new() -> *mut c_void, failing |_| ptr::null_mut(); {
        Box::into_raw(Box::<Settings>::default()).cast()
    }

    /// Sets one: 0, or -2 for one that is not known.
    fn tmq_conf_set(conf: *mut c_void, key: *const c_char, value: *const c_char) -> c_int, failing |_| UNKNOWN; {
        // SAFETY: by the C interface's contract.
        let (settings, key, value) = unsafe { (behind::<Settings>(conf), text(key), text(value)) };
        match (settings, key, value) {
            (Some(settings), Some(key), Some(value)) => {
                if settings.set(&key, &value) { TAKEN } else { UNKNOWN }
            }
            _ => UNKNOWN,
        }
    }

    /// Gives settings back.
    fn tmq_conf_destroy(conf: *mut c_void) -> (), failing |_| (); {
        if !conf.is_null() {
            // SAFETY: settings that are not null came from `tmq_conf_new` and are given back once.
            drop(unsafe { Box::from_raw(conf.cast::<Settings>()) });
        }
    }

    /// Automatic commits are not reported.
    fn tmq_conf_set_auto_commit_cb(_conf: *mut c_void, _callback: Option<Callback>, _param: *mut c_void) -> (), failing |_| (); {}

    /// A list of topics, empty.
    fn tmq_list_new() -> *mut c_void, failing |_| ptr::null_mut(); {
        Box::into_raw(Box::<Topics>::default()).cast()
    }

    /// Adds a topic.
    fn tmq_list_append(list: *mut c_void, topic: *const c_char) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        match unsafe { (behind::<Topics>(list), text(topic)) } {
            (Some(topics), Some(topic)) => {
                topics.push(&topic);
                0
            }
            _ => keep(&without_consumer()),
        }
    }

    /// Gives a list back.
    fn tmq_list_destroy(list: *mut c_void) -> (), failing |_| (); {
        if !list.is_null() {
            // SAFETY: a list that is not null came from this library and is given back once.
            drop(unsafe { Box::from_raw(list.cast::<Topics>()) });
        }
    }

    /// How many topics there are.
    fn tmq_list_get_size(list: *mut c_void) -> i32, failing |_| 0; {
        // SAFETY: by the C interface's contract.
        unsafe { behind::<Topics>(list) }.map_or(0, |topics| i32::try_from(topics.len()).unwrap_or(0))
    }

    /// The topics' names.
    fn tmq_list_to_c_array(list: *mut c_void) -> *mut *mut c_char, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        unsafe { behind::<Topics>(list) }.map_or(ptr::null_mut(), Topics::pointers)
    }

    /// Connects; null with the reason in `reason` on failure.
    fn tmq_consumer_new(conf: *mut c_void, reason: *mut c_char, size: i32) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        let opened = match unsafe { behind::<Settings>(conf) } {
            Some(settings) => Consumer::open(settings),
            None => Err(without_consumer()),
        };
        match opened {
            Ok(consumer) => Box::into_raw(Box::new(consumer)).cast(),
            Err(error) => {
                keep(&error);
                let text = error.c_text();
                let bytes = text.as_bytes();
                let space = usize::try_from(size).unwrap_or(0);
                if !reason.is_null() && space > 0 {
                    let length = bytes.len().min(space - 1);
                    // SAFETY: by the C interface's contract `reason` holds `size` bytes.
                    unsafe {
                        ptr::copy_nonoverlapping(bytes.as_ptr().cast(), reason, length);
                        reason.add(length).write(0);
                    }
                }
                ptr::null_mut()
            }
        }
    }

    /// Subscribes.
    fn tmq_subscribe(tmq: *mut c_void, topics: *mut c_void) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        match unsafe { (behind::<Consumer>(tmq), behind::<Topics>(topics)) } {
            (Some(consumer), Some(topics)) => ended(consumer.subscribe(topics)),
            _ => keep(&without_consumer()),
        }
    }

    /// Ends the subscription.
    fn tmq_unsubscribe(tmq: *mut c_void) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        match unsafe { behind::<Consumer>(tmq) } {
            Some(consumer) => ended(consumer.unsubscribe()),
            None => keep(&without_consumer()),
        }
    }

    /// The topics that are subscribed to, added to a list that is there or a new one.
    fn tmq_subscription(tmq: *mut c_void, topics: *mut *mut c_void) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let consumer = unsafe { behind::<Consumer>(tmq) };
        let Some(consumer) = consumer.filter(|_| !topics.is_null()) else {
            return keep(&without_consumer());
        };
        // SAFETY: by the C interface's contract it leads to a list or null.
        unsafe {
            if topics.read().is_null() {
                topics.write(Box::into_raw(Box::<Topics>::default()).cast());
            }
            if let Some(list) = behind::<Topics>(topics.read()) {
                consumer.topics.texts().iter().for_each(|name| list.push(name));
            }
        }
        0
    }

    /// Ends a consumer.
    fn tmq_consumer_close(tmq: *mut c_void) -> i32, failing Error::number; {
        if tmq.is_null() {
            return keep(&without_consumer());
        }
        // SAFETY: a consumer that is not null came from `tmq_consumer_new` and is given back once.
        drop(unsafe { Box::from_raw(tmq.cast::<Consumer>()) });
        0
    }

    /// The next message; null if there is none in that time.
    fn tmq_consumer_poll(tmq: *mut c_void, milliseconds: i64) -> *mut c_void, failing |_| ptr::null_mut(); {
        // SAFETY: by the C interface's contract.
        let polled = unsafe { behind::<Consumer>(tmq) }
            .ok_or_else(without_consumer)
            .and_then(|consumer| consumer.poll(milliseconds));
        match polled {
            Ok(Some(message)) => Box::into_raw(Box::new(message)).cast(),
            Ok(None) => ptr::null_mut(),
            Err(error) => {
                keep(&error);
                ptr::null_mut()
            }
        }
    }

    /// Commits all that was polled.
    fn tmq_commit_sync(tmq: *mut c_void, _message: *mut c_void) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        ended(unsafe { asked(tmq, "commit", ptr::null(), 0, 0) })
    }

    /// Commits all that was polled, and calls back at once.
    fn tmq_commit_async(tmq: *mut c_void, message: *mut c_void, callback: Option<Callback>, param: *mut c_void)
        -> (), failing |_| (); {
        // SAFETY: by the C interface's contract.
        unsafe {
            let code = tmq_commit_sync(tmq, message);
            if let Some(callback) = callback {
                callback(tmq, code, param);
            }
        }
    }

    /// Commits an offset.
    fn tmq_commit_offset_sync(tmq: *mut c_void, topic: *const c_char, vgroup: i32, offset: i64) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        ended(unsafe { asked(tmq, "commit_offset", topic, vgroup, offset) })
    }

    /// Commits an offset, and calls back at once.
    fn tmq_commit_offset_async(tmq: *mut c_void, topic: *const c_char, vgroup: i32, offset: i64, callback: Option<Callback>,
        param: *mut c_void) -> (), failing |_| (); {
        // SAFETY: by the C interface's contract.
        unsafe {
            let code = tmq_commit_offset_sync(tmq, topic, vgroup, offset);
            if let Some(callback) = callback {
                callback(tmq, code, param);
            }
        }
    }

    /// Moves to an offset.
    fn tmq_offset_seek(tmq: *mut c_void, topic: *const c_char, vgroup: i32, offset: i64) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        ended(unsafe { asked(tmq, "seek", topic, vgroup, offset) })
    }

    /// Where the next message will be asked for, or a negative error.
    fn tmq_position(tmq: *mut c_void, topic: *const c_char, vgroup: i32) -> i64, failing |error| error.number().into(); {
        // SAFETY: by the C interface's contract.
        offset_of(unsafe { asked(tmq, "position", topic, vgroup, 0) })
    }

    /// What was committed, or a negative error.
    fn tmq_committed(tmq: *mut c_void, topic: *const c_char, vgroup: i32) -> i64, failing |error| error.number().into(); {
        // SAFETY: by the C interface's contract.
        offset_of(unsafe { asked(tmq, "committed", topic, vgroup, 0) })
    }

    /// The vgroups of a topic and the offsets in them; to be given back with `tmq_free_assignment`.
    fn tmq_get_topic_assignment(tmq: *mut c_void, topic: *const c_char, list: *mut *mut Assignment, count: *mut i32)
        -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let answer = match unsafe { asked(tmq, "assignment", topic, 0, 0) } {
            Ok(answer) => answer,
            Err(error) => return keep(&error),
        };
        let parts = answer.get("assignment").and_then(Value::as_array);
        let assigned: Vec<Assignment> = parts.into_iter().flatten().map(|part| {
            let number = |at: usize| part.get(at).and_then(Value::as_i64).unwrap_or(0);
            Assignment {
                vgroup: i32::try_from(number(0)).unwrap_or(0),
                current: number(1),
                begin: number(2),
                end: number(3),
            }
        }).collect();
        if list.is_null() || count.is_null() {
            return keep(&without_consumer());
        }
        // SAFETY: by the C interface's contract they lead to a pointer and a number.
        unsafe {
            count.write(i32::try_from(assigned.len()).unwrap_or(0));
            list.write(assigned.leak().as_mut_ptr());
        }
        0
    }

    /// Assignments are small, and stay until the program ends: their number is not known here.
    fn tmq_free_assignment(_list: *mut Assignment) -> (), failing |_| (); {}

    /// 1 for rows.
    fn tmq_get_res_type(result: *mut c_void) -> c_int, failing |_| INVALID; {
        // SAFETY: by the C interface's contract.
        match unsafe { outcome(result) }.and_then(Outcome::polled) {
            Some(_) => DATA,
            None => INVALID,
        }
    }

    /// A message's topic.
    fn tmq_get_topic_name(result: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.and_then(Outcome::polled).map_or(ptr::null(), |polled| polled.topic.as_ptr())
    }

    /// A message's database.
    fn tmq_get_db_name(result: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.and_then(Outcome::polled).map_or(ptr::null(), |polled| polled.database.as_ptr())
    }

    /// The table of the current rows; null where the topic is a query.
    fn tmq_get_table_name(result: *mut c_void) -> *const c_char, failing |_| ptr::null(); {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }
            .and_then(Outcome::polled)
            .and_then(|polled| polled.table.as_ref())
            .map_or(ptr::null(), |table| table.as_ptr())
    }

    /// A message's vgroup.
    fn tmq_get_vgroup_id(result: *mut c_void) -> i32, failing |_| -1; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.and_then(Outcome::polled).map_or(-1, |polled| polled.vgroup)
    }

    /// The offset from which a message was asked for.
    fn tmq_get_vgroup_offset(result: *mut c_void) -> i64, failing |_| -1; {
        // SAFETY: by the C interface's contract.
        unsafe { outcome(result) }.and_then(Outcome::polled).map_or(-1, |polled| polled.offset)
    }

    /// The whole message, which stays the message's; its kind is that of rows, as in a real library.
    fn tmq_get_raw(result: *mut c_void, raw: *mut RawData) -> i32, failing Error::number; {
        // SAFETY: by the C interface's contract.
        let (polled, raw) = unsafe { (outcome(result).and_then(Outcome::polled), raw.as_mut()) };
        let (Some(polled), Some(raw)) = (polled, raw) else {
            return keep(&without_consumer());
        };
        *raw = RawData {
            raw: polled.raw.as_ptr().cast_mut().cast(),
            length: u32::try_from(polled.raw.len()).unwrap_or(u32::MAX),
            kind: ROWS,
        };
        0
    }

    /// Messages own their bytes, so nothing is given back.
    fn tmq_free_raw(_raw: RawData) -> (), failing |_| (); {}

    /// The text of a code that a function of this file gave last.
    fn tmq_err2str(code: i32) -> *const c_char, failing |_| last_text(); {
        if code == 0 { c"success".as_ptr() } else { last_text() }
    }
}
