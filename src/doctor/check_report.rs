//! What a check reports.

use crate::diagnose::{Judgement, Status};
use crate::message::Message;

/// The result of one check.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// What was found, one phrase for the line of its group; empty if there is nothing to say.
    pub headline: Message,
    /// Everything that was found, a line each.
    pub details: Vec<Message>,
    /// What is wrong or worth knowing.
    pub judgements: Vec<Judgement>,
    /// Whether there was nothing to check.
    pub is_skipped: bool,
}

impl CheckReport {
    /// All is well; what was found.
    pub fn ok(details: impl IntoIterator<Item = Message>) -> Self {
        Self {
            details: details.into_iter().collect(),
            ..Self::default()
        }
    }

    /// There is nothing to check; why.
    pub fn skipped(why: Message) -> Self {
        Self {
            details: vec![why],
            is_skipped: true,
            ..Self::default()
        }
    }

    /// The same, with a phrase for the line of its group.
    pub fn titled(mut self, headline: Message) -> Self {
        self.headline = headline;
        self
    }

    /// The same, with a judgement, if it is one of a fault.
    pub fn with(mut self, judgement: impl Into<Option<Judgement>>) -> Self {
        let judgement = judgement.into();
        self.judgements
            .extend(judgement.filter(|it| it.cause.is_some()));
        self
    }

    /// How it ended.
    pub fn status(&self) -> Status {
        let any = |status| self.judgements.iter().any(|it| it.status == status);
        if any(Status::Failed) {
            Status::Failed
        } else if any(Status::Warning) {
            Status::Warning
        } else if self.is_skipped {
            Status::Skipped
        } else {
            Status::Ok
        }
    }
}
