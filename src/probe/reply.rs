//! What a server said to a request, whatever carried it.

use super::answer_budget::{ANSWER_MEMORY, OverBudget};
use crate::message::{Message, message};

/// A whole number however JSON carries it: gateways and other implementations write `11`, `11.0` or `"11"`.
pub fn number(value: &serde_json::Value) -> Option<i64> {
    let whole =
        |number: f64| (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64);
    match value {
        serde_json::Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().and_then(whole))
        }
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An answer, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// Code 0, and the data that was asked for.
    Data(T),
    /// Code 0 without the data: no success (`transcripts/README.md`, "`code` 0 is not success").
    Empty,
    /// An error code (its low 16 bits) and the server's words.
    Refused {
        /// The low 16 bits of the error number.
        code: u16,
        /// The server's words.
        message: String,
    },
    /// Nothing within the limit.
    Unanswered,
    /// The connection broke; why, as far as known.
    Broken(Message),
    /// An answer that breaks the protocol, or a limit of this program; how.
    Malformed(Message),
    /// An answer that this program cannot read: an HTTP status, or the first bytes.
    Unreadable {
        /// The HTTP status, over REST.
        status: Option<u16>,
        /// The first characters.
        excerpt: String,
    },
}

impl<T> Reply<T> {
    /// The same reply with its data changed by `with`; data for which it gives `None` becomes [`Reply::Empty`].
    pub fn and_then<U>(self, with: impl FnOnce(T) -> Option<U>) -> Reply<U> {
        match self {
            Self::Data(data) => with(data).map_or(Reply::Empty, Reply::Data),
            Self::Empty => Reply::Empty,
            Self::Refused { code, message } => Reply::Refused { code, message },
            Self::Unanswered => Reply::Unanswered,
            Self::Broken(why) => Reply::Broken(why),
            Self::Malformed(how) => Reply::Malformed(how),
            Self::Unreadable { status, excerpt } => Reply::Unreadable { status, excerpt },
        }
    }

    /// The reply that stands for an answer over its budget.
    pub fn over(over: OverBudget) -> Self {
        match over {
            OverBudget::Time => Self::Unanswered,
            OverBudget::Memory => Self::Malformed(message!(
                "probe-answer-too-large",
                mib = ANSWER_MEMORY >> 20
            )),
        }
    }

    /// The data, if there are some.
    pub fn data(&self) -> Option<&T> {
        match self {
            Self::Data(data) => Some(data),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
