//! A value for a placeholder of a finding's texts.

use crate::message::Message;
use crate::message::locale::Locale;

/// What a template is given under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingValue {
    /// A text; of a server, made safe before it is shown.
    Text(String),
    /// A text in both languages.
    Message(Message),
    /// Whether something is so.
    Flag(bool),
}

impl Default for FindingValue {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<bool> for FindingValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<String> for FindingValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for FindingValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl FindingValue {
    /// The value as `locale` shows it.
    pub fn in_locale(&self, locale: Locale) -> Self {
        match self {
            Self::Message(message) => Self::Text(message.text(locale)),
            other @ (Self::Text(_) | Self::Flag(_)) => other.clone(),
        }
    }

    /// The same with every text in it changed by `change`.
    pub fn map_texts(self, change: &impl Fn(&str) -> String) -> Self {
        match self {
            Self::Text(text) => Self::Text(change(&text)),
            Self::Message(message) => Self::Message(message.map_texts(change)),
            flag @ Self::Flag(_) => flag,
        }
    }
}

impl From<FindingValue> for minijinja::Value {
    fn from(value: FindingValue) -> Self {
        match value {
            FindingValue::Text(text) => text.into(),
            FindingValue::Message(message) => message.to_string().into(),
            FindingValue::Flag(flag) => flag.into(),
        }
    }
}
