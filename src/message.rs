//! Texts for people: an id and typed values. The wording of every id is in `manifests/messages/`, in English and Chinese;
//! `build.rs` compiles it in and refuses an id that lacks a language or whose languages use different placeholders.
//!
//! Secrets in values and in words from outside are `***` in every text.

pub mod locale;
mod value;

use std::collections::BTreeMap;
use std::fmt;

use minijinja::{Environment, UndefinedBehavior};

use crate::message::locale::{Locale, LocalizedText};
use crate::safety::redaction::redact;
use crate::safety::shell;
pub use value::{MessageValue, Valued, ViaDisplay, ViaType};

/// Every text: id, English, Chinese; sorted by id.
const TEXTS: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A text for people that is rendered when its language is known. The default is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Words of a server, a file or the system, as they came.
    Quoted(String),
    /// A text of another manifest.
    Localized(LocalizedText),
    /// An id of `manifests/messages/` and the values of its placeholders.
    Known(&'static str, Vec<(&'static str, MessageValue)>),
}

/// Builds a [`Message`] from an id of `manifests/messages/` and a value for each of its placeholders: anything that implements
/// `Display`, a number, a `bool`, or another message, which is rendered in the same language.
macro_rules! message {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        #[allow(unused_imports, reason = "which of the two applies depends on the value's type")]
        use $crate::message::{ViaDisplay as _, ViaType as _};
        $crate::message::Message::known(
            $id,
            vec![$((stringify!($name), (&$crate::message::Valued(&$value)).to_value())),*],
        )
    }};
}
pub(crate) use message;

impl Message {
    /// The message `id` with `values`; called by [`message!`].
    pub fn known(id: &'static str, values: Vec<(&'static str, MessageValue)>) -> Self {
        Self(vec![Part::Known(id, values)])
    }

    /// Words of a server, a file or the system, as they came.
    pub fn quoted(text: impl Into<String>) -> Self {
        Self(vec![Part::Quoted(text.into())])
    }

    /// Returns the id of its first text; `None` for quoted words.
    pub fn id(&self) -> Option<&'static str> {
        match self.0.first()? {
            Part::Known(id, _) => Some(id),
            Part::Quoted(_) | Part::Localized(_) => None,
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Quoted(text) => text.is_empty(),
            Part::Localized(_) | Part::Known(..) => false,
        })
    }

    /// The text in `locale`.
    pub fn text(&self, locale: Locale) -> String {
        self.0.iter().map(|part| part.text(locale)).collect()
    }

    /// The same message with every text in it, quoted or a value, changed by `change`.
    #[must_use]
    pub fn map_texts(self, change: &impl Fn(&str) -> String) -> Self {
        let value = |value| match value {
            MessageValue::Text(text) => MessageValue::Text(change(&text)),
            MessageValue::Nested(message) => MessageValue::Nested(message.map_texts(change)),
            other @ (MessageValue::Number(_) | MessageValue::Flag(_)) => other,
        };
        let part = |part| match part {
            Part::Quoted(text) => Part::Quoted(change(&text)),
            Part::Localized(LocalizedText { en, zh }) => Part::Localized(LocalizedText {
                en: change(&en),
                zh: change(&zh),
            }),
            Part::Known(id, values) => {
                let values = values.into_iter().map(|(name, it)| (name, value(it)));
                Part::Known(id, values.collect())
            }
        };
        Self(self.0.into_iter().map(part).collect())
    }

    /// This text, and `other` right behind it.
    #[must_use]
    pub fn then(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// `messages` with `separator` between them.
    pub fn joined(messages: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let mut joined = Self::default();
        for (at, message) in messages.into_iter().enumerate() {
            if at > 0 {
                joined.0.push(Part::Quoted(separator.to_owned()));
            }
            joined.0.extend(message.0);
        }
        joined
    }
}

impl Part {
    fn text(&self, locale: Locale) -> String {
        let (id, values) = match self {
            Self::Quoted(text) => return redact(text),
            Self::Localized(text) if locale == Locale::Zh => return text.zh.clone(),
            Self::Localized(text) => return text.en.clone(),
            Self::Known(id, values) => (id, values),
        };
        let Ok(at) = TEXTS.binary_search_by_key(id, |(id, ..)| id) else {
            // A test looks up every id in the sources.
            return (*id).to_owned();
        };
        let (_, en, zh) = TEXTS[at];
        let template = match locale {
            Locale::En => en,
            Locale::Zh => zh,
        };
        // A map: collecting pairs into a value directly gives a list.
        let context: BTreeMap<String, minijinja::Value> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.in_template(locale)))
            .collect();
        environment()
            .render_str(template, context)
            .unwrap_or_else(|_| (*id).to_owned())
    }
}

/// The template engine with the filters that texts use: `sh` quotes a word for a POSIX shell, `dq` text inside double quotes.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("sh", |word: String| shell::quoted(&word));
    environment.add_filter("dq", |text: String| shell::inside_double_quotes(&text));
    environment
}

/// In English, for logs and tests.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Locale::En))
    }
}

/// Whether the English text is `other`, for tests.
#[cfg(test)]
impl PartialEq<&str> for Message {
    fn eq(&self, other: &&str) -> bool {
        self.text(Locale::En) == **other
    }
}

impl From<LocalizedText> for Message {
    fn from(text: LocalizedText) -> Self {
        Self(vec![Part::Localized(text)])
    }
}

/// Quoted words, for tests only: elsewhere [`Message::quoted`] names what is not translated.
#[cfg(test)]
impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::quoted(text)
    }
}

/// Quoted words, for tests only.
#[cfg(test)]
impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::quoted(text)
    }
}

#[cfg(test)]
mod tests;
