//! What one check's facts amount to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CauseKind, FindingValue, Id};
use crate::message::Message;
use crate::safety::printable::printable;
use crate::safety::secret::Secret;

/// How a check, or a whole transport, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// It works for this transport and may not for another.
    Warning,
    /// It does not work: the checks ends here.
    Failed,
    /// Not asked.
    Skipped,
}

/// Why a check is not as it should be: a finding's id, and the words for the placeholders of its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingCause {
    /// The finding.
    pub id: Id,
    /// The kind, if the texts tell several apart.
    pub kind: Option<CauseKind>,
    /// Placeholder to value.
    pub values: BTreeMap<&'static str, FindingValue>,
}

/// `text` from a server as it may be shown: without `secrets`, control characters escaped.
pub fn safe(text: &str, secrets: &[Secret]) -> String {
    let text = secrets
        .iter()
        .fold(text.to_owned(), |text, secret| secret.cut_from(&text));
    printable(&text)
}

/// A check's verdict. Its texts may hold what a server said: [`Judgement::made_safe`] before they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How the check ended.
    pub status: Status,
    /// What was seen.
    pub observed: Message,
    /// What a healthy server would have shown.
    pub expected: Message,
    /// Why it is not as it should be.
    pub cause: Option<FindingCause>,
}

impl Judgement {
    fn new(status: Status, observed: impl Into<Message>) -> Self {
        Self {
            status,
            observed: observed.into(),
            expected: Message::default(),
            cause: None,
        }
    }

    /// All is well.
    pub fn ok(observed: impl Into<Message>) -> Self {
        Self::new(Status::Ok, observed)
    }

    /// Not asked; why.
    pub fn skipped(observed: impl Into<Message>) -> Self {
        Self::new(Status::Skipped, observed)
    }

    /// Not as it should be: finding `id`.
    pub fn failed(id: Id, observed: impl Into<Message>) -> Self {
        Self {
            cause: Some(FindingCause {
                id,
                kind: None,
                values: BTreeMap::new(),
            }),
            ..Self::new(Status::Failed, observed)
        }
    }

    /// The same, with finding `id` worth knowing, where nothing is wrong.
    pub fn noted(mut self, id: Id) -> Self {
        self.cause = Some(FindingCause {
            id,
            kind: None,
            values: BTreeMap::new(),
        });
        self
    }

    /// The same, for a check on which a healthy server shows `expected`.
    pub fn expecting(mut self, expected: impl Into<Message>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same, with a word for a placeholder.
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        self.with_value(name, FindingValue::Text(value.to_string()))
    }

    /// The same, with a text in both languages for a placeholder.
    pub fn with_message(self, name: &'static str, value: impl Into<Message>) -> Self {
        self.with_value(name, FindingValue::Message(value.into()))
    }

    /// The same, with a flag for a placeholder.
    pub fn with_flag(self, name: &'static str, flag: bool) -> Self {
        self.with_value(name, FindingValue::Flag(flag))
    }

    fn with_value(mut self, name: &'static str, value: FindingValue) -> Self {
        if let Some(cause) = &mut self.cause {
            cause.values.insert(name, value);
        }
        self
    }

    /// The same, of this kind; unchanged without one.
    pub fn of_kind(mut self, kind: impl Into<Option<CauseKind>>) -> Self {
        if let (Some(cause), Some(kind)) = (&mut self.cause, kind.into()) {
            cause.kind = Some(kind);
        }
        self
    }

    /// The same, as no more than a warning: the transport does not depend on it.
    pub fn into_warning(mut self) -> Self {
        if self.status == Status::Failed {
            self.status = Status::Warning;
        }
        self
    }

    /// The same with `secrets` and control characters taken out of every text.
    pub fn made_safe(self, secrets: &[Secret]) -> Self {
        self.map_texts(&|text: &str| safe(text, secrets))
    }

    /// The same with every text from outside changed by `change`.
    pub fn map_texts(mut self, change: &impl Fn(&str) -> String) -> Self {
        self.observed = self.observed.map_texts(change);
        self.expected = self.expected.map_texts(change);
        for value in self
            .cause
            .iter_mut()
            .flat_map(|cause| cause.values.values_mut())
        {
            *value = std::mem::take(value).map_texts(change);
        }
        self
    }
}
