//! Subscriptions: consumers of topics, and the messages that they poll.

mod consumer;
mod raw;

pub(crate) use consumer::{Consumer, Message, Part, Subscription};
pub(crate) use raw::encode;
