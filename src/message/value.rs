//! Values of placeholders. `message!` picks the conversion by the value's type: [`ViaType`] for messages, numbers and `bool`,
//! which stay what they are in templates, [`ViaDisplay`] for everything else. A method of a type is found before one of a
//! reference to it, so that the first wins where both apply.

use std::fmt::Display;

use super::Message;
use crate::message::locale::Locale;
use crate::safety::redaction::redact;

/// The value of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageValue {
    /// Text, the same in every language.
    Text(String),
    /// A number, for plurals.
    Number(i128),
    /// A condition.
    Flag(bool),
    /// A text of its own, rendered in the language of the whole.
    Nested(Message),
}

impl MessageValue {
    pub(super) fn in_template(&self, locale: Locale) -> minijinja::Value {
        match self {
            Self::Text(text) => redact(text).into(),
            Self::Number(number) => minijinja::Value::from(*number),
            Self::Flag(flag) => (*flag).into(),
            Self::Nested(message) => message.text(locale).into(),
        }
    }
}

/// A borrowed value on its way into a message.
#[derive(Clone, Copy, Debug)]
pub struct Valued<'a, T: ?Sized>(pub &'a T);

/// Conversion of the types that keep their meaning in templates.
pub trait ViaType {
    /// The value of the placeholder.
    fn to_value(&self) -> MessageValue;
}

/// Conversion of everything that can be printed.
#[allow(dead_code, reason = "used through autoref in message!")]
pub trait ViaDisplay {
    /// The value of the placeholder.
    fn to_value(&self) -> MessageValue;
}

impl<T: Display + ?Sized> ViaDisplay for &Valued<'_, T> {
    fn to_value(&self) -> MessageValue {
        MessageValue::Text(self.0.to_string())
    }
}

macro_rules! via_type {
    ($($type:ty: $value:ident => $converted:expr;)*) => {$(
        impl ViaType for Valued<'_, $type> {
            fn to_value(&self) -> MessageValue {
                let $value = self.0;
                $converted
            }
        }

        impl ViaType for Valued<'_, &$type> {
            fn to_value(&self) -> MessageValue {
                let $value = *self.0;
                $converted
            }
        }
    )*};
}

via_type! {
    Message: message => MessageValue::Nested(message.clone());
    bool: flag => MessageValue::Flag(*flag);
    u8: number => MessageValue::Number((*number).into());
    u16: number => MessageValue::Number((*number).into());
    u32: number => MessageValue::Number((*number).into());
    u64: number => MessageValue::Number((*number).into());
    i32: number => MessageValue::Number((*number).into());
    i64: number => MessageValue::Number((*number).into());
    u128: number => MessageValue::Number(i128::try_from(*number).unwrap_or(i128::MAX));
    usize: number => MessageValue::Number(i128::try_from(*number).unwrap_or(i128::MAX));
}
